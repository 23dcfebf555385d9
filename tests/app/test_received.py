"""A FHIR document that the register keeps beside its own entries: nothing of it is lost, and nothing is counted once for two."""

import json

from isocourse.app.register import record_of
from isocourse.facts.record import Record
from isocourse.fhir import parse_json
from isocourse.fhir import record_of as fhir_record_of
from isocourse.library import Library
from isocourse.register.document import Dossier, Received
from tests.fhir.resources import RXNORM, TODAY, Resource, alt, concept, order

EMPTY = {"isocourse": "1", "patient": {}}


def handed_out(day: str) -> Resource:
    return {
        "resourceType": "MedicationDispense",
        "id": f"handed-out-{day}",
        "status": "completed",
        "medicationCodeableConcept": concept(RXNORM, "197844"),
        "whenHandedOver": day,
        "quantity": {"value": 60},
        "daysSupply": {"value": 30, "code": "d"},
    }


def bundle(*resources: Resource) -> str:
    entries = [{"resource": each} for each in ({"resourceType": "Patient", "birthDate": "1999-04-17"}, *resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def kept(library: Library, *texts: str) -> Record:
    received = tuple(Received(place, f"{place}.json", text) for place, text in enumerate(texts))
    return record_of(Dossier(EMPTY, received), "course", library, TODAY)


def test_nothing_of_a_document_is_lost_on_its_way_through_the_register(library: Library) -> None:
    text = bundle(alt(), order(), handed_out("2026-09-01"), handed_out("2026-10-01"))
    alone = fhir_record_of(parse_json(text, "0.json"), "0.json", library.catalogue, TODAY)
    assert len(alone.doses) == 2
    beside = kept(library, text)
    for part in Record.__struct_fields__:
        assert getattr(beside, part) == getattr(alone, part), part


def test_what_two_documents_hold_is_counted_together(library: Library) -> None:
    found = kept(library, bundle(alt(), handed_out("2026-09-01")), bundle(handed_out("2026-10-01")))
    assert found.counts == {"Patient": 2, "Observation": 1, "MedicationDispense": 2}
    assert len(found.doses) == 2
