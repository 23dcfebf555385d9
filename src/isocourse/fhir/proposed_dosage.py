"""The dosage of one strength of a supply as FHIR instructions: daily or every so many days from a named day, never an average.

What a reader finds in them is a sentence, which can still be told in another language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from isocourse.course.plan import Plan, Supply
from isocourse.course.proposal_frames import FIXED
from isocourse.course.supplies import dosed_days
from isocourse.decisions.sentence import of_day, of_digits
from isocourse.facts.days import iso
from isocourse.facts.sentence import Sentence, sentence

Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
CAPSULE = "{capsule}"

Held = tuple[int, ...]
"""Capsules of the strength at each intake of a day."""


def dosages(plan: Plan, supply: Supply, strength: str) -> list[Json]:
    """The instructions for one strength, each for one kind of day of the pattern, in order of their first day."""
    found = sorted(_runs(plan, supply, Fraction(strength)), key=lambda run: run[0])
    lines = [line for first, last, every, held in found for line in _lines(first, last, every, held, strength)]
    return [{"sequence": number} | line for number, line in enumerate(lines, 1)]


def _runs(plan: Plan, supply: Supply, strength: Fraction) -> Iterator[tuple[int, int, int, Held]]:
    """Days with the same capsules of the strength, each so many days after the one before: first, last, every, capsules by intake."""
    alike: dict[tuple[str, int, int, Held], list[int]] = {}
    for each in dosed_days(plan.steps, plan.breaks, plan.wanted.missed):
        held = tuple(intake.count(strength) for intake in each.capsules.intakes)
        if supply.first <= each.day <= supply.last and any(held) and each.step.pattern is not None:
            cycle = len(each.step.pattern.days)
            place = (each.day - each.step.first) % cycle
            alike.setdefault((each.step.name, cycle, place, held), []).append(each.day)
    for (_, cycle, _, held), days in alike.items():
        for first, last in _stretches(days, cycle):
            yield first, last, cycle, held


def _stretches(days: Iterable[int], every: int) -> Iterator[tuple[int, int]]:
    """Days cut where one is missing, as in a break."""
    first = last = None
    for day in days:
        if first is None or last is None:
            first = day
        elif day != last + every:
            yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


def _lines(first: int, last: int, every: int, held: Held, strength: str) -> Iterator[Json]:
    """One instruction where every intake holds the same number; otherwise one for each intake."""
    if len(set(held)) == 1:
        yield _line(first, last, every, held[0], len(held), _taken(held[0], strength, len(held)))
        return
    for place, count in enumerate(held, 1):
        if count:
            taken = _told("intake", what=_taken(count, strength, 1), place=str(place), all=str(len(held)))
            yield _line(first, last, every, count, 1, taken)


def _taken(count: int, strength: str, times: int) -> Sentence:
    said = _told("capsule" if count == 1 else "capsules", n=count, mg=of_digits(strength))
    return said if times == 1 else _told("times", what=said, n=times)


def _line(first: int, last: int, every: int, count: int, times: int, taken: Sentence) -> Json:
    return {
        "text": _when(first, last, every, taken),
        "timing": {
            "event": [iso(first)],
            "repeat": {
                "boundsPeriod": {"start": iso(first), "end": iso(last)},
                "frequency": times,
                "period": every,
                "periodUnit": "d",
            },
        },
        "route": {"text": _told("by_mouth")},
        "doseAndRate": [{"doseQuantity": {"value": count, "unit": "capsule", "system": UCUM, "code": CAPSULE}}],
    }


def _when(first: int, last: int, every: int, taken: Sentence) -> Sentence:
    if first == last:
        return _told("on_day", what=taken, day=of_day(first))
    days = {"what": taken, "first": of_day(first), "last": of_day(last)}
    return _told("every_day", **days) if every == 1 else _told("every_days", **days, n=every)


def _told(name: str, /, **parts: str | int) -> Sentence:
    return sentence(FIXED[f"proposal.{name}"], **parts)
