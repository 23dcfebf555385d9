"""A quick sum without a patient: a dose as capsules, per kilogram, and what it comes to; nothing is judged and nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from msgspec import Struct

from isocourse.course.capsules import NoFit, Pattern, patterns, why_none
from isocourse.course.capsules import words as pattern_words

DAYS_A_WEEK = 7


class Sum(Struct, frozen=True):
    """What is to be worked out."""

    weight_kg: Fraction
    dose: Fraction
    """mg/day, or mg/kg/day with `per_kg`."""
    per_kg: bool
    strengths: tuple[Fraction, ...]
    times_a_day: int = 1
    weeks: int | None = None
    """How long, for a total; None where it is not asked."""
    target: Fraction | None = None
    """mg/kg in all, for the days it takes; None where it is not asked."""


class Way(Struct, frozen=True):
    """One way to take about the dose, and what it comes to."""

    pattern: Pattern
    words: str
    per_kg: Fraction
    """mg/kg/day in the mean."""
    off: Fraction
    """mg/day in the mean above the dose that was asked for; below it where negative."""
    total_mg: Fraction | None
    total_per_kg: Fraction | None
    days_to_target: int | None
    """Days until the target is reached or passed, if no day is missed and the weight stays."""
    capsules: tuple[tuple[Fraction, int], ...]
    """For the weeks asked for, how many of each strength."""


class Sums(Struct, frozen=True):
    """What came out."""

    dose_mg: Fraction
    """mg/day before it is rounded to capsules."""
    per_kg: Fraction
    ways: tuple[Way, ...]
    none: NoFit | None
    """Why no capsules give the dose, where none do."""


def calculate(asked: Sum) -> Sums:
    """Every way that is worth showing, the best first."""
    dose = asked.dose * asked.weight_kg if asked.per_kg else asked.dose
    found = patterns(dose, asked.strengths, times_a_day=asked.times_a_day, ceiling=None, floor=None)
    none = why_none(dose, asked.strengths, times_a_day=asked.times_a_day, ceiling=None, floor=None)
    return Sums(
        dose, dose / asked.weight_kg, tuple(_way(asked, dose, each) for each in found), none if not found else None
    )


def _way(asked: Sum, dose: Fraction, pattern: Pattern) -> Way:
    days = None if asked.weeks is None else asked.weeks * DAYS_A_WEEK
    taken = [pattern.on(place) for place in range(days or 0)]
    total = None if days is None else sum((day.mg for day in taken), Fraction(0))
    return Way(
        pattern,
        pattern_words(pattern),
        pattern.mean_mg / asked.weight_kg,
        pattern.mean_mg - dose,
        total,
        None if total is None else total / asked.weight_kg,
        None if asked.target is None else _days_to(asked.target * asked.weight_kg, pattern),
        tuple((strength, sum(day.counted[strength] for day in taken)) for strength in pattern.strengths)
        if days
        else (),
    )


def _days_to(goal: Fraction, pattern: Pattern) -> int:
    """The first day by whose end the goal is reached."""
    cycle = sum((day.mg for day in pattern.days), Fraction(0))
    whole = max(0, ceil(goal / cycle) - 1)
    days, taken = whole * len(pattern.days), whole * cycle
    while taken < goal:
        taken += pattern.on(days).mg
        days += 1
    return days


def strengths_of(texts: Sequence[str]) -> tuple[Fraction, ...]:
    """Capsule strengths as products name them."""
    return tuple(Fraction(text) for text in texts)
