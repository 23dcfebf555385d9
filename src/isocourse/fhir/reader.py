"""From FHIR resources to a record. Whatever no rule reads is counted and named; nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from typing import Any

from isocourse.facts.contradictions import contradictions
from isocourse.facts.frames import said
from isocourse.facts.problem import Problem
from isocourse.facts.record import Order, Record, Unjudged
from isocourse.facts.refused import overshadow
from isocourse.facts.streams import Catalogue
from isocourse.fhir.documents import Met, hook_patient, resources
from isocourse.fhir.doses import added_up
from isocourse.fhir.elements import Resource, called, maps, origin, reference_of, text
from isocourse.fhir.gathered import Read, together
from isocourse.fhir.lists import read_allergy, read_condition, read_procedure
from isocourse.fhir.medications import KINDS, read_medication
from isocourse.fhir.observations import read_observation
from isocourse.fhir.patients import birth_of, died, of_one_patient, sexes

READERS = {
    "Observation": read_observation,
    "Condition": read_condition,
    "AllergyIntolerance": read_allergy,
    "Procedure": read_procedure,
}


def record_of(document: Any, path: str, catalogue: Catalogue, as_of: int) -> Record:  # noqa: ANN401 - parsed JSON
    """The record in a parsed FHIR document or CDS Hooks request.

    Raises:
        ReadError: nothing in it is FHIR, or it speaks of several patients.
    """
    met, source, problems = resources(document, path)
    counts = Counter(text(each.resource.get("resourceType")) for each in met)
    patient, met = of_one_patient(met, path, hook_patient(document), problems)
    person = sexes(patient, as_of, problems)
    birth = birth_of(patient, as_of, problems)
    index = {origin(each.resource): each.resource for each in met} | {
        each.full_url: each.resource for each in met if each.full_url
    }
    read = _without_echoes(together(_read(each, index, catalogue, as_of) for each in met), met)
    events = (*person, *read.events)
    return Record(
        birth,
        died(patient),
        (*events, *overshadow(events, read.refused, catalogue)),
        read.orders,
        (),
        (*read.unjudged, *_unused(met)),
        (*problems, *read.problems, *contradictions(events, catalogue)),
        "",
        "",
        source,
        dict(counts),
        doses=added_up(read.doses),
    )


def _read(met: Met, index: dict[str, Resource], catalogue: Catalogue, as_of: int) -> Read:
    resource, kind = met.resource, text(met.resource.get("resourceType"))
    if resource.get("modifierExtension"):
        return Read(problems=(_modified(resource),))
    if kind in KINDS:
        return read_medication(resource, index, catalogue, as_of, draft=met.draft)
    if kind in READERS:
        return READERS[kind](resource, catalogue, as_of)
    if kind in ("Patient", "Medication"):
        return Read()
    why = (
        "about the family, not the patient"
        if kind == "FamilyMemberHistory"
        else "no rule here reads this kind of resource"
    )
    return Read(unjudged=(Unjudged(kind, origin(resource), origin(resource), why),))


def _modified(resource: Resource) -> Problem:
    """FHIR forbids reading a resource whose modifier extension one does not know: it may turn the meaning round."""
    named = ", ".join(text(each.get("url"))[:80] for each in maps(resource["modifierExtension"]))
    found = said("fhir.extension", named=named) if named else said("fhir.extension_unnamed")
    return Problem(origin(resource), found, "none", "read this entry by eye", "It was left out.")


def _without_echoes(read: Read, met: list[Met]) -> Read:
    """Leaves out statements of the same dose as an order: what is ordered and said to be taken is one course, not two."""
    ordered = {
        order.daily_dose
        for order in read.orders
        if order.origin.startswith("MedicationRequest/") and order.state != "ended"
    }
    kept: list[Order] = []
    echoes: list[Unjudged] = []
    for order in read.orders:
        if (
            ordered
            and order.origin.startswith("MedicationStatement/")
            and (order.daily_dose is None or order.daily_dose in ordered)
        ):
            echoes.append(
                Unjudged("drug", order.written, order.origin, "says again what is ordered; the order is judged")
            )
        else:
            kept.append(order)
    return Read(read.events, (*read.unjudged, *echoes), read.problems, tuple(kept), read.refused, read.doses)


def _unused(met: list[Met]) -> list[Unjudged]:
    """Medications that no order or statement refers to."""
    named = {reference_of(each.resource.get("medicationReference")) for each in met} - {""}
    return [
        Unjudged(
            "Medication",
            called(each.resource.get("code")),
            origin(each.resource),
            "nothing says that it is ordered or taken",
        )
        for each in met
        if each.resource.get("resourceType") == "Medication" and not named & {origin(each.resource), each.full_url}
    ]
