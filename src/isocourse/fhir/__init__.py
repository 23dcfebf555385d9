"""FHIR R4 and CDS Hooks requests into records."""

from isocourse.fhir.documents import folder_document, looks_like_fhir
from isocourse.fhir.reader import record_of
from isocourse.fhir.strict_json import parse_json

__all__ = ["folder_document", "looks_like_fhir", "parse_json", "record_of"]
