"""Small parts of FHIR resources, read defensively: whatever has the wrong type counts as absent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isocourse.facts.days import FIRST_DAY, Span, parse_span
from isocourse.facts.streams import Catalogue, Item
from isocourse.fhir.strict_json import Digits

Resource = dict[str, Any]

SYSTEMS = {
    "http://loinc.org": "loinc", "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm", "http://snomed.info/sct": "snomed",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm", "http://hl7.org/fhir/sid/icd-10": "icd10", "http://www.whocc.no/atc": "atc",
    "http://hl7.org/fhir/sid/ndc": "ndc", "urn:oid:2.16.840.1.113883.6.1": "loinc", "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.96": "snomed", "urn:oid:2.16.840.1.113883.6.90": "icd10cm", "urn:oid:2.16.840.1.113883.6.3": "icd10",
}
"""Our short names for code systems; any other system matches nothing, whatever its code."""


def maps(value: Any) -> list[Resource]:  # noqa: ANN401 - parsed JSON
    """The objects of a list, or one object, or nothing."""
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def one(value: Any) -> Resource:  # noqa: ANN401 - parsed JSON
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:  # noqa: ANN401 - parsed JSON
    """A string, or nothing; a number is not a string."""
    return value if isinstance(value, str) and not isinstance(value, Digits) else ""


def codings(concept: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - parsed JSON
    """(system, code, display) of a concept, with our short names of systems."""
    for coding in maps(one(concept).get("coding")):
        yield SYSTEMS.get(text(coding.get("system")).rstrip("/"), ""), text(coding.get("code")), text(coding.get("display"))


def has_code(concept: Any, *codes: str) -> bool:  # noqa: ANN401 - parsed JSON
    """Whether a concept of a status value set has one of the codes, or says it as its text."""
    found = {text(coding.get("code")) for coding in maps(one(concept).get("coding"))} | {text(one(concept).get("text")).lower()}
    return bool(found & set(codes))


def called(concept: Any) -> str:  # noqa: ANN401 - parsed JSON
    """What a concept is called, for people."""
    shown = [display or code for _, code, display in codings(concept)]
    return text(one(concept).get("text")) or next((each for each in shown if each), "") or "without a name"


def origin(resource: Resource) -> str:
    """Type/id."""
    return f"{text(resource.get('resourceType'))}/{text(resource.get('id')) or '(no id)'}"


def span_of(value: Any) -> Span:  # noqa: ANN401 - parsed JSON
    """The days of a FHIR date, dateTime or instant.

    Raises:
        ValueError: it is not one.
    """
    if not text(value):
        raise ValueError(f"{str(value)[:40]!r} is not a date")
    return parse_span(text(value))


def when(resource: Resource, *keys: str) -> Span | None:
    """The first of several date elements; a Period spans from its start to its end.

    Raises:
        ValueError: an element is there but is no date.
    """
    for key in keys:
        value = resource.get(key)
        if isinstance(value, dict):
            begin = span_of(value["start"]) if value.get("start") is not None else None
            end = span_of(value["end"]) if value.get("end") is not None else None
            if begin or end:
                return Span(begin.first if begin else FIRST_DAY, end.last if end else (begin.last if begin else FIRST_DAY))
        elif value is not None:
            return span_of(value)
    return None


def items_of(catalogue: Catalogue, vocabulary: str, concept: Any) -> list[tuple[Item, str]]:  # noqa: ANN401 - parsed JSON
    """The items that a concept's codes stand for, each with the display beside its code."""
    found = []
    for system, code, display in codings(concept):
        found.extend((item, display) for item in catalogue.items_of_code(vocabulary, system, code) if system and code)
    return found


def words_of(concept: Any) -> list[str]:  # noqa: ANN401 - parsed JSON
    """Every text by which a concept is called."""
    return [each for each in (text(one(concept).get("text")), *(display for _, _, display in codings(concept))) if each]
