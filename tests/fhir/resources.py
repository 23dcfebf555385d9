"""FHIR resources as a clinic sends them, and reading them the way the command does."""

import json
from typing import Any

from isocourse.facts.days import day_number
from isocourse.facts.record import Record
from isocourse.facts.streams import Catalogue
from isocourse.fhir import parse_json, record_of

TODAY = day_number(2026, 11, 24)
LOINC, RXNORM, SNOMED = "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"
ICD10CM, ATC, UCUM = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.whocc.no/atc", "http://unitsofmeasure.org"
CDC_RACE = "urn:oid:2.16.840.1.113883.6.238"

Resource = dict[str, Any]


def concept(system: str, code: str, display: str = "") -> Resource:
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]}


def status(code: str) -> Resource:
    return {"coding": [{"code": code}]}


def alt(value: object = 62, **parts: object) -> Resource:
    quantity = {"value": value, "unit": "U/L", "system": UCUM, "code": "U/L"}
    return {
        "resourceType": "Observation",
        "id": "alt",
        "status": "final",
        "code": concept(LOINC, "1742-6", "ALT"),
        "effectiveDateTime": "2026-11-16",
        "valueQuantity": quantity,
    } | parts


def pregnancy_test(**parts: object) -> Resource:
    return {
        "resourceType": "Observation",
        "id": "test",
        "status": "final",
        "code": concept(LOINC, "2106-3"),
        "effectiveDateTime": "2026-11-16",
        "valueCodeableConcept": concept(LOINC, "LA6577-6"),
    } | parts


def condition(code: object = None, **parts: object) -> Resource:
    return {
        "resourceType": "Condition",
        "id": "condition",
        "code": code or concept(SNOMED, "77386006", "Pregnancy"),
        "onsetDateTime": "2026-11-01",
        "clinicalStatus": status("active"),
        "verificationStatus": status("confirmed"),
    } | parts


def procedure(**parts: object) -> Resource:
    return {
        "resourceType": "Procedure",
        "id": "procedure",
        "status": "completed",
        "code": concept(SNOMED, "236886002", "Hysterectomy"),
        "performedDateTime": "2026-11-01",
    } | parts


def allergy(**parts: object) -> Resource:
    return {
        "resourceType": "AllergyIntolerance",
        "id": "allergy",
        "code": concept(SNOMED, "91935009", "Allergy to peanut"),
        "clinicalStatus": status("active"),
        "verificationStatus": status("confirmed"),
        "recordedDate": "2026-01-01",
    } | parts


def statement(code: object = None, **parts: object) -> Resource:
    return {
        "resourceType": "MedicationStatement",
        "id": "statement",
        "status": "active",
        "effectiveDateTime": "2026-11-01",
        "medicationCodeableConcept": code or concept(RXNORM, "3640", "doxycycline"),
    } | parts


def order(code: object = None, **parts: object) -> Resource:
    """Isotretinoin, one 20 mg capsule twice daily, 60 capsules."""
    return {
        "resourceType": "MedicationRequest",
        "id": "order",
        "status": "active",
        "intent": "order",
        "authoredOn": "2026-11-16",
        "medicationCodeableConcept": code or concept(RXNORM, "197844", "isotretinoin 20 MG Oral Capsule"),
        "dosageInstruction": [twice_daily({"value": 20, "unit": "mg", "code": "mg"})],
        "dispenseRequest": {"quantity": {"value": 60}, "numberOfRepeatsAllowed": 0},
    } | parts


def twice_daily(dose: Resource) -> Resource:
    return {
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": dose}],
    }


def bundle(*resources: object, kind: str = "collection") -> Resource:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": each} for each in resources]}


def read(catalogue: Catalogue, *resources: object) -> Record:
    """The record of a bundle that holds the resources."""
    return read_document(catalogue, bundle(*resources))


def read_document(catalogue: Catalogue, document: object) -> Record:
    """The record of a whole document, through its text."""
    return record_of(parse_json(json.dumps(document), "sent.json"), "sent.json", catalogue, TODAY)


def kept(record: Record) -> list[str]:
    """What was read as a usable event, by stream or item, the patient's own data apart."""
    return [
        event.item or event.stream for event in record.events if event.stream not in ("recorded_gender", "sex_at_birth")
    ]


def lines(record: Record) -> str:
    """Every problem, a line each."""
    return "\n".join(problem.line() for problem in record.problems)
