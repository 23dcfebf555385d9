"""Body weight along a course: what was weighed, and which weight counts on a day."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.course.amounts import Amount
from isocourse.course.wanted import Wanted
from isocourse.facts.record import Quantity, Record

STEPS = 10**8
"""Steps of the weight stream in one kg (knowledge/streams/patient.yaml)."""


class Weighed(Struct, frozen=True):
    """A body weight in kg and the day it was taken."""

    day: int
    kg: Amount
    asked: bool = False
    """Whether it was given for the plan rather than found on file."""


def weight_on(weights: Sequence[Weighed], day: int) -> Weighed | None:
    """The last weight up to a day; before the first one, the first one; None if there is none.

    `weights` are in order of their days, as `weights_of` gives them.
    """
    before = [each for each in weights if each.day <= day]
    if before:
        return before[-1]
    return weights[0] if weights else None


def latest(weights: Sequence[Weighed]) -> Weighed | None:
    """The newest weight."""
    return weights[-1] if weights else None


def weights_of(record: Record, wanted: Wanted, today: int | None = None) -> tuple[Weighed, ...]:
    """The weights on file and those given for the plan, in order of their days.

    A weight on file without a day of its own is not used. Of several on one day, any may be right: the interval that holds
    them all. One given for the plan takes the place of those on file on its day; without a day it is of `today`, or of the
    day of the latest weight on file where no `today` is told.
    """
    by_day: dict[int, Weighed] = {}
    for event in record.events:
        if event.stream == "weight" and event.dated and isinstance(event.value, Quantity):
            day, kg = event.happened.first, Amount(Fraction(event.value.low, STEPS), Fraction(event.value.high, STEPS))
            by_day[day] = Weighed(day, _either(by_day[day].kg, kg) if day in by_day else kg)
    newest = max(by_day, default=wanted.start or 1)
    for told, kg_told in wanted.weights:
        day = told if told is not None else today if today is not None else newest
        by_day[day] = Weighed(day, Amount.of(kg_told), asked=True)
    return tuple(by_day[day] for day in sorted(by_day))


def _either(one: Amount, other: Amount) -> Amount:
    return Amount(min(one.low, other.low), max(one.high, other.high))
