"""Dose steps laid on the days of a course: each in its own unit of time, split where a weight changes, the taper at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.course.frames import FIXED
from isocourse.course.wanted import PER_KG, Break, WantedStep
from isocourse.course.weights import Weighed, weight_on
from isocourse.decisions.dates import moved
from isocourse.decisions.sentence import sentence


class Laid(Struct, frozen=True):
    """One step on its days, at one weight."""

    name: str
    step: WantedStep
    first: int
    last: int
    open: bool
    """Whether it goes on until the course ends."""
    weight: Weighed | None

    @property
    def target_mg(self) -> Fraction | None:
        """mg/day; None for mg/kg without a weight. Of a weight known in part the lower end counts: the smaller dose."""
        if self.step.unit != PER_KG:
            return self.step.amount
        return None if self.weight is None else self.step.amount * self.weight.kg.low


class Days(Struct, frozen=True):
    """Where the steps go."""

    begin: int
    end: int
    weights: tuple[Weighed, ...]


def lay(steps: Sequence[WantedStep], taper: Sequence[WantedStep], days: Days) -> tuple[Laid, ...]:
    """The steps one after the other from the first day, and the taper so that it ends on the last day.

    A step that would begin after the last day before the taper is left out.
    """
    tail = _length(taper, days.end)
    main_end = days.end - tail
    found = [*_row("step", steps, days.begin, main_end, days.weights)]
    if taper:
        found += _row("taper", taper, max(days.begin, main_end + 1), days.end, days.weights)
    return tuple(found)


def _row(name: str, steps: Sequence[WantedStep], first: int, end: int, weights: Sequence[Weighed]) -> Iterator[Laid]:
    for number, step in enumerate(steps, 1):
        if first > end:
            return
        newest = number == len(steps)
        last = end if step.count is None or newest else min(end, moved(first, step.count, step.length_unit) - 1)
        named = sentence(FIXED[f"name.{name}"], number=str(number))
        yield from _by_weight(named, step, first, last, newest, weights)
        first = last + 1


def _by_weight(
    name: str, step: WantedStep, first: int, last: int, open_: bool, weights: Sequence[Weighed]
) -> Iterator[Laid]:
    """The step, cut where a newer weight changes what an amount per kg means, and what a ceiling per kg lets a day hold."""
    cuts = [each.day for each in weights if first < each.day <= last]
    begins = [first, *dict.fromkeys(cuts)]
    for begin, following in zip(begins, [*begins[1:], last + 1], strict=True):
        yield Laid(name, step, begin, following - 1, open_ and following > last, weight_on(weights, begin))


def _length(taper: Sequence[WantedStep], end: int) -> int:
    """Days of the taper, counted back from the last day in the units asked."""
    day = end + 1
    for step in reversed(taper):
        day = moved(day, -(step.count or 0), step.length_unit)
    return end + 1 - day


def due_days(first: int, last: int, breaks: Sequence[Break], missed: Collection[int]) -> Iterator[int]:
    """The days from one to another on which capsules are due: none in a break, none on a day that was missed."""
    for day in range(first, last + 1):
        if day not in missed and not any(each.first <= day <= each.last for each in breaks):
            yield day
