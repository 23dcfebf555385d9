"""A daily dose as capsules: the same every day or alternating, with least deviation, then fewest capsules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.course.amounts import rounded
from isocourse.course.capsule_sums import Scale, fewest_capsules, laid_out, nearest_cycles, worth_showing

SHOWN = 5
"""How many patterns are offered at most: our choice, a handful that fits on one screen."""

MOST_TIMES = 6
"""The most intakes a day that are laid out."""


FINEST = 10
"""A strength is a whole number of tenths of a milligram, so that the search stays small; no capsule is finer."""


class Day(Struct, frozen=True):
    """The capsules of one day of the cycle: for each intake the strengths in mg, the largest first."""

    intakes: tuple[tuple[Fraction, ...], ...]
    """None of them empty; no intake at all on a drug-free day."""

    @property
    def mg(self) -> Fraction:
        """mg on this day."""
        return sum((strength for intake in self.intakes for strength in intake), Fraction(0))

    @property
    def capsules(self) -> int:
        """How many capsules on this day."""
        return sum(len(intake) for intake in self.intakes)

    @property
    def unlike(self) -> Fraction:
        """mg by which the largest intake exceeds the smallest."""
        amounts = [sum(intake, Fraction(0)) for intake in self.intakes]
        return max(amounts) - min(amounts) if amounts else Fraction(0)

    @property
    def counted(self) -> Counter[Fraction]:
        """How many capsules of each strength on this day."""
        return Counter(strength for intake in self.intakes for strength in intake)


class Pattern(Struct, frozen=True):
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

    @property
    def drug_free_days(self) -> int:
        """How many days of the cycle have no capsule."""
        return sum(not day.intakes for day in self.days)

    @property
    def strengths(self) -> tuple[Fraction, ...]:
        """The strengths it needs, the largest first."""
        return tuple(sorted({strength for day in self.days for strength in day.counted}, reverse=True))

    def on(self, place: int) -> Day:
        """The day at a place counted from 0 on the first day of the step."""
        return self.days[place % len(self.days)]


class NoFit(Struct, frozen=True):
    """Why no pattern lies within the bounds, and what comes nearest."""

    because: tuple[str, ...]
    """`times_a_day`: once a day there would be one; `ceiling`: a mean would fit, but one of its days lies above the ceiling;
    `strengths`: the capsules are too large, or the range lies between two of their sums."""
    below_mg: Fraction | None
    """The mean nearest to the target from below that the capsules give with these times a day, whatever the bounds; None if none."""
    above_mg: Fraction | None
    """The nearest from above."""
    words: str


def patterns(
    target: Fraction,
    strengths: Sequence[Fraction],
    *,
    times_a_day: int,
    ceiling: Fraction | None,
    floor: Fraction | None,
    drug_free_days: bool = False,
    longest_cycle: int = 2,
) -> tuple[Pattern, ...]:
    """The patterns nearest to a dose, the best first; none if no day of capsules stays up to the ceiling.

    Best is, in this order: the mean up from the floor; the mean nearest to the target; the day that strays furthest
    from the target straying least; fewest capsules; fewest strengths; daily before alternating; intakes most alike;
    the lower mean. No day lies above the ceiling. Every intake holds a capsule, and there is no day without one unless
    asked.

    A pattern is not offered where a better one has the same mean and no more capsules.

    Of intakes that cannot be alike the largest comes first: what is forgotten later in a day is then the smaller part.
    Of two days the smaller comes first: the running total is then never ahead of the mean.

    Args:
        target: mg/day.
        strengths: mg of the capsules at hand.
        times_a_day: intakes of every day with capsules.
        ceiling: mg that no day may exceed.
        floor: mg/day that the mean should reach.
        drug_free_days: whether one of two days may be without capsules.
        longest_cycle: 1 for daily patterns only, 2 for alternating ones too.

    Raises:
        ValueError: a strength, the times a day or the cycle is none that there can be.

    >>> words(patterns(Fraction(30), [Fraction(10), Fraction(20)], times_a_day=2, ceiling=None, floor=None)[0])
    'one 20 mg capsule in the morning, one 10 mg capsule in the evening'
    """
    _checked(strengths, times_a_day, longest_cycle)
    if target <= 0 or not strengths:
        return ()
    scale = Scale(target, strengths, ceiling, floor)
    fewest = fewest_capsules(scale, times_a_day, longest_cycle)
    near = nearest_cycles(scale, fewest, longest_cycle, drug_free_days)
    made = [
        Pattern(tuple(map(Day, laid_out(cycle, fewest, scale, times_a_day))))
        for cycle in worth_showing(scale, fewest, near, SHOWN)
    ]
    return tuple(sorted(made, key=lambda each: order(each, target, floor))[:SHOWN])


def order(pattern: Pattern, target: Fraction, floor: Fraction | None) -> tuple[Fraction | int | bool, ...]:
    """What patterns are put in order by: the least is the best."""
    mean = pattern.mean_mg
    return (
        floor is not None and mean < floor,
        abs(mean - target),
        max(abs(day.mg - target) for day in pattern.days),
        Fraction(sum(day.capsules for day in pattern.days), len(pattern.days)),
        len(pattern.strengths),
        len(pattern.days),
        sum(day.unlike for day in pattern.days),
        mean,
        *(-strength for day in pattern.days for intake in day.intakes for strength in intake),
    )


def fits(pattern: Pattern, floor: Fraction | None, ceiling: Fraction | None) -> bool:
    """Whether the mean reaches the floor and no day exceeds the ceiling."""
    return (floor is None or pattern.mean_mg >= floor) and (ceiling is None or pattern.highest_mg <= ceiling)


def why_none(
    target: Fraction,
    strengths: Sequence[Fraction],
    *,
    times_a_day: int,
    ceiling: Fraction | None,
    floor: Fraction | None,
    drug_free_days: bool = False,
) -> NoFit | None:
    """Why no pattern lies within floor and ceiling, or None if one does.

    >>> why_none(Fraction(16), [Fraction(16)], times_a_day=2, ceiling=Fraction(20), floor=None).because
    ('times_a_day',)
    """
    if _one_within(target, strengths, times_a_day, ceiling, floor, drug_free_days):
        return None
    means = _means(target, strengths, times_a_day, floor, drug_free_days)
    reasons = []
    if times_a_day > 1 and _one_within(target, strengths, 1, ceiling, floor, drug_free_days):
        reasons.append("times_a_day")
    if ceiling is not None and any((floor or 0) <= mean <= ceiling for mean in means):
        reasons.append("ceiling")
    because = tuple(reasons or ["strengths"])
    below = max((mean for mean in means if mean <= target), default=None)
    above = min((mean for mean in means if mean >= target), default=None)
    return NoFit(because, below, above, _no_fit_words(because, strengths, times_a_day, ceiling, below, above))


def _one_within(
    target: Fraction,
    strengths: Sequence[Fraction],
    times: int,
    ceiling: Fraction | None,
    floor: Fraction | None,
    free: bool,
) -> bool:
    found = patterns(target, strengths, times_a_day=times, ceiling=ceiling, floor=floor, drug_free_days=free)
    return bool(found) and fits(found[0], floor, ceiling)


def _means(
    target: Fraction, strengths: Sequence[Fraction], times: int, floor: Fraction | None, free: bool
) -> set[Fraction]:
    """The means around a target, whatever the ceiling."""
    if target <= 0 or not strengths:
        return set()
    scale = Scale(target, strengths, None, floor)
    near = nearest_cycles(scale, fewest_capsules(scale, times, 2), 2, free)
    return {Fraction(sum(cycle), len(cycle)) * scale.unit for cycle in near}


def _checked(strengths: Sequence[Fraction], times_a_day: int, longest_cycle: int) -> None:
    if any(strength <= 0 for strength in strengths):
        raise ValueError("a strength is above 0 mg")
    if any(FINEST % strength.denominator for strength in strengths):
        raise ValueError(f"a strength has at most {FINEST} parts in a milligram")
    if not 1 <= times_a_day <= MOST_TIMES:
        raise ValueError(f"times a day from 1 to {MOST_TIMES}, not {times_a_day}")
    if longest_cycle not in (1, 2):
        raise ValueError(f"a cycle is 1 day or 2 days, not {longest_cycle}")


# words -----------------------------------------------------------------------------------------------------------------
TIMES_OF_DAY = {
    1: ("",),
    2: ("in the morning", "in the evening"),
    3: ("in the morning", "at midday", "in the evening"),
    4: ("in the morning", "at midday", "in the evening", "at bedtime"),
}
"""How the intakes of a day are called; which meal goes with them is said elsewhere."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def words(pattern: Pattern) -> str:
    """A pattern in plain words, for page and patient sheet.

    >>> words(Pattern((Day(((Fraction(20),),)), Day(((Fraction(20), Fraction(20)),)))))
    'day 1: one 20 mg capsule; day 2: two 20 mg capsules; and so on in turn'
    """
    if len(pattern.days) == 1:
        said = _day_words(pattern.days[0])
        return f"{said} a day" if len(pattern.days[0].intakes) == 1 else said
    days = [f"day {place}: {_day_words(day)}" for place, day in enumerate(pattern.days, 1)]
    return "; ".join((*days, "and so on in turn"))


def _day_words(day: Day) -> str:
    if not day.intakes:
        return "no capsule"
    times = TIMES_OF_DAY.get(len(day.intakes)) or [f"at intake {place}" for place in range(1, len(day.intakes) + 1)]
    return ", ".join(f"{_intake_words(intake)} {at}".strip() for intake, at in zip(day.intakes, times, strict=True))


def _intake_words(intake: Sequence[Fraction]) -> str:
    return _listed(capsule_words(strength, count) for strength, count in sorted(Counter(intake).items(), reverse=True))


def capsule_words(strength: Fraction, count: int) -> str:
    """So many capsules of a strength: a count that is not one word is set apart from the milligrams.

    >>> capsule_words(Fraction(20), 2), capsule_words(Fraction(5), 20)
    ('two 20 mg capsules', '20 capsules of 5 mg')
    """
    if count >= len(_NUMBERS):
        return f"{count} capsules of {rounded(strength, 2)} mg"
    return f"{_NUMBERS[count]} {rounded(strength, 2)} mg capsule{'' if count == 1 else 's'}"


def _listed(parts: Iterable[str]) -> str:
    each = list(parts)
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"


def _no_fit_words(
    because: Sequence[str],
    strengths: Sequence[Fraction],
    times_a_day: int,
    ceiling: Fraction | None,
    below: Fraction | None,
    above: Fraction | None,
) -> str:
    if not strengths:
        return "no capsule strengths are known"
    at_hand = ", ".join(rounded(each, 2) for each in sorted(set(strengths)))
    near = " and ".join(f"{rounded(each, 2)} mg/day" for each in dict.fromkeys((below, above)) if each is not None)
    why = {
        "times_a_day": f"taken {times_a_day} times a day, every intake needs a capsule; once a day there is a pattern",
        "ceiling": f"the mean would do, but one of its days lies above the ceiling of {rounded(ceiling or Fraction(0), 2)} mg",
        "strengths": "no number of them lies within the range",
    }
    nearest = f"; the nearest that they give is {near}" if near else ""
    return f"capsules of {at_hand} mg do not give this dose: {'; '.join(why[each] for each in because)}{nearest}"
