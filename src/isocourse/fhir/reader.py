"""From FHIR resources to a record. Whatever no rule reads is counted and named; nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from typing import Any

from isocourse.facts.contradictions import contradictions
from isocourse.facts.days import FIRST_DAY, Span
from isocourse.facts.problem import Problem, ReadError
from isocourse.facts.record import Event, Order, Record, Unjudged
from isocourse.facts.streams import Catalogue
from isocourse.fhir.documents import Met, resources
from isocourse.fhir.elements import Resource, maps, one, origin, span_of, text
from isocourse.fhir.lists import read_allergy, read_condition, read_procedure
from isocourse.fhir.medications import read_medication
from isocourse.fhir.observations import Read, read_observation

BACKGROUND = ("Patient", "Medication", "Bundle")
"""Read through the resources that refer to them."""

GENDERS = ("male", "female", "other")


def record_of(document: Any, path: str, catalogue: Catalogue, as_of: int) -> Record:  # noqa: ANN401 - parsed JSON
    """The record in a parsed FHIR document or CDS Hooks request.

    Raises:
        ReadError: nothing in it is FHIR, or it speaks of several patients.
    """
    met, source, problems = resources(document, path)
    counts = Counter(text(each.resource.get("resourceType")) for each in met)
    patient, met = _of_one_patient(met, path, problems)
    index = {origin(each.resource): each.resource for each in met}
    events: list[Event] = list(_person(patient, problems))
    orders: list[Order] = []
    unjudged: list[Unjudged] = []
    for each in met:
        kind = text(each.resource.get("resourceType"))
        if kind in ("MedicationRequest", "MedicationStatement"):
            drug = read_medication(each.resource, index, catalogue, as_of, draft=each.draft)
            events.extend(drug.events)
            orders.extend(drug.orders)
            unjudged.extend(drug.unjudged)
            problems.extend(drug.problems)
        elif kind not in BACKGROUND:
            read = _read(kind, each.resource, catalogue, as_of)
            events.extend(read.events)
            unjudged.extend(read.unjudged)
            problems.extend(read.problems)
    problems.extend(contradictions(events))
    return Record(
        _birth(patient, problems),
        patient.get("deceasedBoolean") is True or "deceasedDateTime" in patient,
        tuple(events),
        tuple(orders),
        (),
        tuple(unjudged),
        tuple(problems),
        "",
        "",
        source,
        dict(counts),
    )


def _read(kind: str, resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    if kind == "Observation":
        return read_observation(resource, catalogue, as_of)
    if kind == "Condition":
        return read_condition(resource, catalogue, as_of)
    if kind == "AllergyIntolerance":
        return read_allergy(resource, catalogue, as_of)
    if kind == "Procedure":
        return read_procedure(resource, catalogue, as_of)
    why = (
        "about the family, not the patient"
        if kind == "FamilyMemberHistory"
        else "no rule here reads this kind of resource"
    )
    return Read(unjudged=(Unjudged(kind or "resource without a type", origin(resource), origin(resource), why),))


# the patient ---------------------------------------------------------------------------------------------------------------
def _of_one_patient(met: list[Met], path: str, problems: list[Problem]) -> tuple[Resource, list[Met]]:
    """The patient, and the resources that are about her or about nobody named."""
    patients = {origin(each.resource): each.resource for each in met if each.resource.get("resourceType") == "Patient"}
    subjects = Counter(subject for each in met if (subject := _subject(each.resource)))
    known = [subject for subject in subjects if subject in patients] or list(patients)
    if len(set(known)) > 1:
        raise ReadError(
            path,
            0,
            0,
            f"it speaks of {len(set(known))} patients ({', '.join(sorted(set(known))[:4])}); split it by patient",
        )
    chosen = known[0] if known else next(iter(subjects), "")
    if not patients and len(subjects) > 1:
        raise ReadError(
            path,
            0,
            0,
            f"it speaks of {len(subjects)} patients ({', '.join(sorted(subjects)[:4])}); split it by patient",
        )
    kept = []
    for each in met:
        subject = _subject(each.resource)
        if chosen and subject and subject != chosen:
            problems.append(
                Problem(
                    origin(each.resource),
                    f"it is about {subject}",
                    chosen,
                    "send one patient's record",
                    "It was left out.",
                )
            )
        elif each.resource.get("resourceType") == "Patient" and origin(each.resource) != chosen and chosen:
            problems.append(
                Problem(
                    origin(each.resource),
                    "another patient, of whom nothing else is here",
                    chosen,
                    "",
                    "It was left out.",
                )
            )
        else:
            kept.append(each)
    return patients.get(chosen, {}), kept


def _subject(resource: Resource) -> str:
    reference = text(one(resource.get("subject")).get("reference")) or text(
        one(resource.get("patient")).get("reference")
    )
    return "/".join(reference.split("/")[-2:]) if "Patient" in reference else ""


def _birth(patient: Resource, problems: list[Problem]) -> Span | None:
    if patient.get("birthDate") is None:
        return None
    try:
        return span_of(patient["birthDate"])
    except ValueError as problem:
        problems.append(
            Problem(origin(patient), str(problem), "a birth date", "correct it", "The age counts as not known.")
        )
        return None


def _person(patient: Resource, problems: list[Problem]) -> list[Event]:
    found = []
    gender = patient.get("gender")
    if text(gender) in GENDERS:
        found.append(
            Event("recorded_gender", (text(gender),), Span(FIRST_DAY, FIRST_DAY), None, origin(patient), text(gender))
        )
    elif gender not in (None, "unknown"):
        problems.append(
            Problem(
                origin(patient),
                f"gender {str(gender)[:20]}",
                "male, female, other or unknown",
                "correct it",
                "It counts as not known.",
            )
        )
    for extension in maps(patient.get("extension")):
        born = {"F": "female", "M": "male"}.get(text(extension.get("valueCode")))
        if text(extension.get("url")).endswith("us-core-birthsex") and born:
            found.append(Event("sex_at_birth", (born,), Span(FIRST_DAY, FIRST_DAY), None, origin(patient), born))
    return found
