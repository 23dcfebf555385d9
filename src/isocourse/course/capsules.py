"""A daily dose as capsules: the same every day or alternating, with least deviation, then fewest capsules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from isocourse.course.amounts import rounded
from isocourse.course.capsule_sums import Scale, fewest_capsules, laid_out, nearest_cycles, worth_showing
from isocourse.course.frames import FIXED
from isocourse.decisions.sentence import Sentence, joined, of_digits, of_text, sentence

SHOWN = 5
"""How many patterns are offered at most: our choice, a handful that fits on one screen."""

MOST_TIMES = 6
"""The most intakes a day that are laid out."""


FINEST = 10
"""A strength is a whole number of tenths of a milligram, so that the search stays small; no capsule is finer."""


class Day(Struct, frozen=True, dict=True):
    """The capsules of one day of the cycle: for each intake the strengths in mg, the largest first."""

    intakes: tuple[tuple[Fraction, ...], ...]
    """None of them empty; no intake at all on a drug-free day."""

    @cached_property
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
TIMES_OF_DAY: Mapping[int, tuple[str, ...]] = {
    1: ("",),
    2: ("morning", "evening"),
    3: ("morning", "midday", "evening"),
    4: ("morning", "midday", "evening", "bedtime"),
}
"""How the intakes of a day are called; which meal goes with them is said elsewhere."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def words(pattern: Pattern) -> Sentence:
    """A pattern in plain words, for page and patient sheet.

    >>> words(Pattern((Day(((Fraction(20),),)), Day(((Fraction(20), Fraction(20)),)))))
    'day 1: one 20 mg capsule; day 2: two 20 mg capsules; and so on in turn'
    """
    if len(pattern.days) == 1:
        said = day_words(pattern.days[0])
        return sentence(FIXED["capsule.a_day"], what=said) if len(pattern.days[0].intakes) == 1 else said
    days = [
        sentence(FIXED["capsule.day"], place=str(place), what=day_words(day))
        for place, day in enumerate(pattern.days, 1)
    ]
    return joined((*days, of_text(FIXED["capsule.turn"])), "; ")


def day_words(day: Day) -> Sentence:
    """The capsules of one day, intake by intake."""
    if not day.intakes:
        return of_text(FIXED["capsule.none"])
    named = TIMES_OF_DAY.get(len(day.intakes), ())
    return joined(_intake_words(intake, _time(named, place)) for place, intake in enumerate(day.intakes))


def _time(named: Sequence[str], place: int) -> Sentence | None:
    """When an intake is; nothing for the only one of a day."""
    if not named:
        return sentence(FIXED["capsule.intake"], place=str(place + 1))
    return of_text(FIXED[f"capsule.{named[place]}"]) if named[place] else None


def _intake_words(intake: Sequence[Fraction], time: Sentence | None) -> Sentence:
    counted = sorted(Counter(intake).items(), reverse=True)
    what = _listed([capsule_words(strength, count) for strength, count in counted])
    return what if time is None else sentence(FIXED["capsule.at"], what=what, time=time)


def capsule_words(strength: Fraction, count: int) -> Sentence:
    """So many capsules of a strength: a count that is not one word is set apart from the milligrams.

    >>> capsule_words(Fraction(20), 2), capsule_words(Fraction(5), 20)
    ('two 20 mg capsules', '20 capsules of 5 mg')
    """
    told = sentence(FIXED["capsule.count"], n=count, mg=of_digits(rounded(strength, 2)))
    if count >= len(_NUMBERS):
        return told
    spelt = f"{_NUMBERS[count]} {rounded(strength, 2)} mg capsule{'' if count == 1 else 's'}"
    return Sentence(spelt, told.told)


def _listed(parts: Sequence[Sentence]) -> Sentence:
    if len(parts) == 1:
        return parts[0]
    return sentence(FIXED["capsule.and"], one=joined(parts[:-1]), other=parts[-1])


def _no_fit_words(
    because: Sequence[str],
    strengths: Sequence[Fraction],
    times_a_day: int,
    ceiling: Fraction | None,
    below: Fraction | None,
    above: Fraction | None,
) -> Sentence:
    if not strengths:
        return of_text(FIXED["no_fit.unknown"])
    at_hand = joined(of_digits(rounded(each, 2)) for each in sorted(set(strengths)))
    ends = [mg_a_day(each) for each in dict.fromkeys((below, above)) if each is not None]
    near = sentence(FIXED["no_fit.nearest"], near=_listed(ends)) if ends else ""
    why = {
        "times_a_day": sentence(FIXED["no_fit.times"], times=str(times_a_day)),
        "ceiling": sentence(FIXED["no_fit.ceiling"], mg=of_digits(rounded(ceiling or Fraction(0), 2))),
        "strengths": of_text(FIXED["no_fit.strengths"]),
    }
    said = joined((why[each] for each in because), "; ")
    return sentence(FIXED["no_fit.said"], at_hand=at_hand, why=said, nearest=near)


def mg_a_day(mg: Fraction) -> Sentence:
    """A daily dose: "30 mg/day"."""
    return sentence(FIXED["dose.mg_a_day"], mg=of_digits(rounded(mg, 2)))
