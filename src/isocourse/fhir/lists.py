"""Conditions, allergies and procedures as list entries; what is refuted, resolved or not done is read as such."""

from __future__ import annotations

import re

from isocourse.facts.days import FIRST_DAY, Span, show
from isocourse.facts.problem import Problem
from isocourse.facts.record import Event, Unjudged
from isocourse.facts.streams import Catalogue, Item
from isocourse.fhir.elements import Resource, called, codings, has_code, items_of, maps, origin, when, words_of
from isocourse.fhir.observations import Read
from isocourse.logic.truth import Truth

CONDITION_LISTS = ("conditions", "symptoms", "procedures", "methods", "allergies")
PROCEDURE_LISTS = ("procedures", "methods")
DENIED = re.compile(
    r"^\s*(no|not|denies|without|negative for|nil)\b|\b(family history|fh of|risk of|rule out|exclude[ds]?|unlikely|ruled out)\b",
    re.IGNORECASE,
)
UNSURE = ("provisional", "differential", "unconfirmed")
PAST = ("inactive", "resolved", "remission")


def read_condition(resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    """A Condition."""
    name, where = called(resource.get("code")), origin(resource)
    if has_code(resource.get("verificationStatus"), "entered-in-error"):
        return Read(unjudged=(Unjudged("condition", name, where, "entered in error"),))
    truth = (
        Truth.NO
        if has_code(resource.get("verificationStatus"), "refuted")
        else Truth.UNKNOWN
        if has_code(resource.get("verificationStatus"), *UNSURE)
        else Truth.YES
    )
    ended = has_code(resource.get("clinicalStatus"), *PAST)
    return _entries(
        resource,
        resource.get("code"),
        CONDITION_LISTS,
        "condition",
        truth,
        catalogue,
        as_of,
        ended=ended,
        dates=("onsetDateTime", "onsetPeriod", "recordedDate"),
    )


def read_procedure(resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    """A Procedure: done, not done, or not yet."""
    name, where, status = called(resource.get("code")), origin(resource), str(resource.get("status", ""))
    if status in ("entered-in-error", "preparation", "in-progress", "on-hold", "stopped", "unknown", ""):
        return Read(unjudged=(Unjudged("procedure", name, where, status.replace("-", " ") or "no status"),))
    truth = Truth.NO if status == "not-done" else Truth.YES
    return _entries(
        resource,
        resource.get("code"),
        PROCEDURE_LISTS,
        "procedure",
        truth,
        catalogue,
        as_of,
        dates=("performedDateTime", "performedPeriod"),
    )


def read_allergy(resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    """An AllergyIntolerance, or the statement that there is none."""
    name, where = called(resource.get("code")), origin(resource)
    if has_code(resource.get("verificationStatus"), "entered-in-error"):
        return Read(unjudged=(Unjudged("allergy", name, where, "entered in error"),))
    if has_code(resource.get("clinicalStatus"), "inactive", "resolved"):
        return Read(unjudged=(Unjudged("allergy", name, where, "resolved or inactive"),))
    truth = (
        Truth.NO
        if has_code(resource.get("verificationStatus"), "refuted")
        else Truth.UNKNOWN
        if has_code(resource.get("verificationStatus"), "unconfirmed", "presumed")
        else Truth.YES
    )
    concepts = [
        resource.get("code"),
        *(each.get("substance") for each in maps(resource.get("reaction")) if each.get("substance")),
    ]
    reads = [
        _entries(
            resource,
            concept,
            ("allergies",),
            "allergy",
            truth,
            catalogue,
            as_of,
            dates=("onsetDateTime", "recordedDate"),
        )
        for concept in concepts
        if concept
    ]
    anaphylaxis = [event for event in (_anaphylaxis(resource, where, as_of),) if event and truth is Truth.YES]
    return Read(
        (*(event for read in reads for event in read.events), *anaphylaxis),
        tuple(each for read in reads for each in read.unjudged),
        tuple(each for read in reads for each in read.problems),
    )


def _anaphylaxis(resource: Resource, where: str, as_of: int) -> Event | None:
    shown = [
        word
        for reaction in maps(resource.get("reaction"))
        for each in maps(reaction.get("manifestation"))
        for word in (*words_of(each), *(code for _, code, _ in codings(each)))
    ]
    if any("anaphyla" in word.lower() or word == "39579001" for word in shown):
        return Event("allergy_anaphylaxis_history", Truth.YES, Span(FIRST_DAY, as_of), None, where, "anaphylaxis")
    return None


def _entries(
    resource: Resource,
    concept: object,
    lists: tuple[str, ...],
    kind: str,
    truth: Truth,
    catalogue: Catalogue,
    as_of: int,
    *,
    ended: bool = False,
    dates: tuple[str, ...],
) -> Read:
    where, name = origin(resource), called(concept)
    try:
        happened, until = when(resource, *dates), when(resource, "abatementDateTime", "abatementPeriod")
    except ValueError as problem:
        return Read(
            problems=(Problem(where, str(problem), "a FHIR date", "correct the date", f"{name} was left out."),)
        )
    if happened is not None and happened.first > as_of:
        return Read(
            problems=(
                Problem(
                    where,
                    f"{name} is dated after {show(as_of)}",
                    "a day up to then",
                    "check the date",
                    "It was left out.",
                ),
            )
        )
    state = "ended" if ended or (until is not None and until.last < as_of) else "current"
    day = happened or Span(FIRST_DAY, as_of)
    made = [
        Event(
            each,
            denied or truth,
            Span(day.first, min(day.last, as_of)),
            None,
            where,
            _shown(name, truth),
            item,
            until,
            state,
        )
        for each, item, denied in _found(concept, lists, catalogue)
    ]
    if made:
        return Read(tuple(made))
    why = (
        "the words say no, or speak of somebody else"
        if any(DENIED.search(word) for word in words_of(concept))
        else "no rule here reads it"
    )
    return Read(unjudged=(Unjudged(kind, name, where, why),))


def _shown(name: str, truth: Truth) -> str:
    return f"not {name}" if truth is Truth.NO else name


def _found(concept: object, lists: tuple[str, ...], catalogue: Catalogue) -> list[tuple[str, str, Truth | None]]:
    """(list, item, NO if the code itself denies): by code first, then by words that deny nothing."""
    found: list[tuple[str, str, Truth | None]] = []
    own = [(system, code) for system, code, _ in codings(concept) if system]
    for name in lists:
        vocabulary = catalogue.vocabulary(name)
        found.extend(
            (name, kind, Truth.NO)
            for kind, denials in vocabulary.negations
            for each in denials
            if (each.system, each.code) in own
        )
        found.extend((name, item.name, None) for item, _ in items_of(catalogue, name, concept))
    if found:
        return list(dict.fromkeys(found))
    words = [word for word in words_of(concept) if not DENIED.search(word)]
    by_words: list[tuple[str, Item]] = [
        (name, item) for name in lists for word in words if (item := catalogue.item_of_text(name, word))
    ]
    return list(dict.fromkeys((name, item.name, None) for name, item in by_words))
