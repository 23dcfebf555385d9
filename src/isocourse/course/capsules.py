"""A daily dose as capsules: the same every day or alternating, with least deviation, then fewest capsules."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Day:
    """The capsules of one day of the cycle: for each intake the strengths in mg, the largest first."""

    intakes: tuple[tuple[Fraction, ...], ...]

    @property
    def mg(self) -> Fraction:
        """mg on this day."""
        return sum((strength for intake in self.intakes for strength in intake), Fraction(0))

    @property
    def capsules(self) -> int:
        """How many capsules on this day."""
        return sum(len(intake) for intake in self.intakes)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is taken on each day of a cycle, over and over: one day for a daily pattern, two for an alternating one."""

    days: tuple[Day, ...]

    @property
    def mean_mg(self) -> Fraction:
        """mg/day in the mean of the cycle."""
        return sum((day.mg for day in self.days), Fraction(0)) / len(self.days)

    @property
    def highest_mg(self) -> Fraction:
        """mg on the day with the most."""
        return max(day.mg for day in self.days)

    def on(self, place: int) -> Day:
        """The day at a place counted from 0 on the first day of the step."""
        return self.days[place % len(self.days)]
