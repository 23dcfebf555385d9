"""Conditions, allergies and procedures as list entries; what is refuted, resolved or not done is read as such."""

from __future__ import annotations

import re

from msgspec import Struct

from isocourse.decisions.sentence import of_day
from isocourse.facts.days import FIRST_DAY, Span, reason_of
from isocourse.facts.frames import said
from isocourse.facts.problem import Problem
from isocourse.facts.record import Event, Unjudged
from isocourse.facts.streams import Catalogue
from isocourse.fhir.elements import Resource, called, codings, has_code, items_of, maps, origin, text, when, words_of
from isocourse.fhir.gathered import Read, together
from isocourse.logic.truth import Truth

CONDITION_LISTS = ("conditions", "symptoms", "procedures", "methods", "allergies")
PROCEDURE_LISTS = ("procedures", "methods")

DENIED = re.compile(
    r"\b(no|not|non|never|nil|denies|denied|without|negative|absence|family history|fh|risk|rule out|ruled out|r/o|exclude[ds]?|unlikely)\b",
    re.IGNORECASE,
)
"""Words beside which a name in plain text does not say that the patient has it."""

GIVEN_UP = re.compile(
    r"\b(stop(s|ped|ping)?|discontinu\w+|cease[ds]?|declin\w+|refus\w+|remov\w+|former(ly)?|previous(ly)?|past|plan(s|ned)?|consider\w*|wants?|"
    r"request\w*|advised|counsel\w+|отмен\w*|прекра\w*|отказ\w*|удал\w*|планиру\w*)\b",
    re.IGNORECASE,
)
"""Words beside which a contraceptive method in plain text is not one that is used now."""

UNSURE = ("provisional", "differential", "unconfirmed", "presumed")
PAST = ("inactive", "resolved", "remission")
NOT_DONE_YET = ("preparation", "in-progress", "on-hold", "stopped", "unknown", "")


class _Entry(Struct, frozen=True):
    """What one resource says, before it is known of what."""

    resource: Resource
    kind: str
    truth: Truth
    ended: bool = False
    dates: tuple[str, ...] = ()


def read_condition(resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    """A Condition."""
    verified = resource.get("verificationStatus")
    if has_code(verified, "entered-in-error"):
        return _aside(resource, "condition", "entered in error")
    ended = has_code(resource.get("clinicalStatus"), *PAST)
    dates = ("onsetDateTime", "onsetPeriod", "recordedDate")
    return _listed(
        _Entry(resource, "condition", _truth(verified), ended, dates),
        resource.get("code"),
        CONDITION_LISTS,
        catalogue,
        as_of,
    )


def read_procedure(resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    """A Procedure: done, not done, or not yet."""
    status = text(resource.get("status"))
    if status in NOT_DONE_YET or status == "entered-in-error":
        return _aside(resource, "procedure", status.replace("-", " ") or "no status")
    truth = Truth.NO if status == "not-done" else Truth.YES
    entry = _Entry(resource, "procedure", truth, dates=("performedDateTime", "performedPeriod"))
    return _listed(entry, resource.get("code"), PROCEDURE_LISTS, catalogue, as_of)


def read_allergy(resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    """An AllergyIntolerance, or the statement that there is none. A reaction may name the substance more closely."""
    verified = resource.get("verificationStatus")
    if has_code(verified, "entered-in-error"):
        return _aside(resource, "allergy", "entered in error")
    if has_code(resource.get("clinicalStatus"), "inactive", "resolved"):
        return _aside(resource, "allergy", "resolved or inactive")
    entry = _Entry(resource, "allergy", _truth(verified), dates=("onsetDateTime", "recordedDate"))
    substances = [each["substance"] for each in maps(resource.get("reaction")) if each.get("substance")]
    reads = [
        _listed(entry, concept, ("allergies",), catalogue, as_of)
        for concept in (resource.get("code"), *substances)
        if concept
    ]
    if not reads:
        return _aside(resource, "allergies", "it names no substance")
    return together([*reads, Read(_anaphylaxis(resource, catalogue, as_of) if entry.truth is Truth.YES else ())])


def _truth(verified: object) -> Truth:
    if has_code(verified, "refuted"):
        return Truth.NO
    return Truth.UNKNOWN if has_code(verified, *UNSURE) else Truth.YES


def _aside(resource: Resource, kind: str, why: str) -> Read:
    return Read(unjudged=(Unjudged(kind, called(resource.get("code")), origin(resource), why),))


def _anaphylaxis(resource: Resource, catalogue: Catalogue, as_of: int) -> tuple[Event, ...]:
    shown = [each for reaction in maps(resource.get("reaction")) for each in maps(reaction.get("manifestation"))]
    named = any("anaphyla" in word.lower() for each in shown for word in words_of(each) if not DENIED.search(word))
    coded = any(item.name == "anaphylaxis" for each in shown for item, _ in items_of(catalogue, "symptoms", each))
    if not named and not coded:
        return ()
    return (
        Event("allergy_anaphylaxis_history", Truth.YES, Span(FIRST_DAY, as_of), None, origin(resource), "anaphylaxis"),
    )


# entries ---------------------------------------------------------------------------------------------------------------
def _listed(entry: _Entry, concept: object, lists: tuple[str, ...], catalogue: Catalogue, as_of: int) -> Read:
    where, name = origin(entry.resource), called(concept)
    problems: list[Problem] = []
    happened = _date(entry, name, problems, *entry.dates)
    until = _date(entry, name, problems, "abatementDateTime", "abatementPeriod")
    if happened is not None and happened.first > as_of:
        late, now = (
            said("date.dated_after", name=name, day=of_day(as_of)),
            "It counts as being so, its day as not known.",
        )
        problems.append(Problem(where, late, "a day up to then", "check the date", now))
        happened = None
    found = _found(concept, lists, entry.truth, catalogue)
    if not found:
        return Read(unjudged=(_unknown(entry, concept, lists[0], where),), problems=tuple(problems))
    state = "ended" if entry.ended or (until is not None and until.last < as_of) else "current"
    day = Span(FIRST_DAY, as_of) if happened is None else Span(happened.first, min(happened.last, as_of))
    events = tuple(
        Event(
            each,
            truth,
            day,
            None,
            where,
            f"not {name}" if truth is Truth.NO and item != "*" else name,
            item,
            until,
            state,
        )
        for each, item, truth in found
    )
    return Read(events, problems=tuple(problems))


def _date(entry: _Entry, name: str, problems: list[Problem], *keys: str) -> Span | None:
    try:
        return when(entry.resource, *keys)
    except ValueError as problem:
        wrong = said("date.of", name=name, what=reason_of(problem))
        problems.append(
            Problem(origin(entry.resource), wrong, "a FHIR date", "correct the date", "Its day counts as not known.")
        )
        return None


def _unknown(entry: _Entry, concept: object, list_name: str, where: str) -> Unjudged:
    """An entry of no kind that is known here leaves its list open, unless it is over or denied."""
    if any(DENIED.search(word) for word in words_of(concept)):
        return Unjudged(list_name, called(concept), where, "the words say no, or speak of a risk or of somebody else")
    live = entry.truth is not Truth.NO and not entry.ended
    return Unjudged(list_name if live else entry.kind, called(concept), where, "no rule here reads it")


def _found(concept: object, lists: tuple[str, ...], truth: Truth, catalogue: Catalogue) -> list[tuple[str, str, Truth]]:
    """(list, item, whether it is so): by code first, then by words that deny nothing."""
    found: list[tuple[str, str, Truth]] = []
    own = [(system, code) for system, code, _ in codings(concept) if system]
    for name in lists:
        if truth is Truth.YES:
            denied = [
                kind
                for kind, denials in catalogue.vocabulary(name).negations
                for each in denials
                if (each.system, each.code) in own
            ]
            found.extend((name, kind, Truth.NO) for kind in denied)
        found.extend((name, item.name, truth) for item, _ in items_of(catalogue, name, concept))
    if found:
        return list(dict.fromkeys(found))
    words = [word for word in words_of(concept) if not DENIED.search(word)]
    hits = [
        (name, item.name, truth)
        for name in lists
        for word in words
        if _may_name(name, word, lists)
        for item in catalogue.items_of_text(name, word)
    ]
    return list(dict.fromkeys(hits))


def _may_name(list_name: str, word: str, lists: tuple[str, ...]) -> bool:
    """Whether plain words may stand for an entry.

    `peanut` in a condition is an allergy only if the words say so; a method that was given up, or is only thought of, protects nobody.
    """
    if list_name == "methods" and GIVEN_UP.search(word):
        return False
    return list_name != "allergies" or len(lists) == 1 or "allerg" in word.lower()
