"""Sums of capsules in whole numbers: which day totals the strengths give, in how few capsules, and how these are laid out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm

Capsules = tuple[int, ...]
"""The capsules of one day in units of the scale, the largest first."""
Laid = tuple[Capsules, ...]
"""The capsules of one day, intake by intake."""
NEAR = 3
"""How many day totals on each side of the wanted one are looked at; one would do for the best, the others are alternatives."""


class Scale:
    """All amounts as whole numbers of one unit, so that sums and comparisons are exact and fast."""

    def __init__(
        self, target: Fraction, strengths: Sequence[Fraction], ceiling: Fraction | None, floor: Fraction | None
    ) -> None:
        parts = lcm(*(each.denominator for each in strengths))
        wholes = sorted({int(each * parts) for each in strengths})
        self.unit = Fraction(gcd(*wholes), parts)
        """mg; every strength is a whole number of it."""
        self.strengths = tuple(int(each / (self.unit * parts)) for each in wholes)
        self.target = target / self.unit
        self.top = None if ceiling is None else int(ceiling / self.unit // 1)
        self.floor = Fraction(0) if floor is None else floor / self.unit
        self.finer = lcm(self.target.denominator, self.floor.denominator)
        self._twice_target = int(2 * self.finer * self.target)
        self._twice_floor = int(2 * self.finer * self.floor)

    def rank(self, cycle: tuple[int, ...]) -> tuple[bool, int, int]:
        """The first three of the things that patterns are put in order by, twice and in still smaller units."""
        mean = self.finer * (cycle[0] + cycle[-1])
        low, high = 2 * self.finer * cycle[0], 2 * self.finer * cycle[-1]
        aim = self._twice_target
        return mean < self._twice_floor, abs(mean - aim), max(abs(low - aim), abs(high - aim))


def fewest_capsules(scale: Scale, least: int, longest_cycle: int) -> dict[int, int]:
    """For every total of a day that the capsules give, the fewest capsules that give it, with `least` or more of them.

    Totals further away are no part of a better cycle: the sum of the best one lies within one smallest capsule a day of
    the target's, or is that of the smallest day over and over.
    """
    low = scale.strengths[0]
    aim = max(scale.target, scale.floor, Fraction(least * low))
    most = int(longest_cycle * (aim + low)) + scale.strengths[-1]
    most = most if scale.top is None else min(most, scale.top)
    if most < low:
        return {}
    mask = (1 << (most + 1)) - 1
    fewest: dict[int, int] = {}
    reached = 1
    for count in range(1, most // low + 1):
        wider = 0
        for strength in scale.strengths:
            wider |= reached << strength
        reached = wider & mask
        if count >= least:
            for total in _bits(reached):
                fewest.setdefault(total, count)
    return fewest


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def nearest_cycles(scale: Scale, fewest: dict[int, int], longest: int, drug_free_days: bool) -> set[tuple[int, ...]]:
    """The totals of one day or of two whose mean lies nearest to the target, or to the floor, from below and from above."""
    totals = sorted([*([0] if drug_free_days else []), *fewest])
    found: set[tuple[int, ...]] = {
        (total,) for aim in (scale.target, scale.floor) for total in _around(totals, aim) if total
    }
    if longest > 1:
        for aim in (2 * scale.target, 2 * scale.floor):
            found |= {(low, high) for low in totals for high in _around(totals, aim - low) if low < high}
    return found


def _around(totals: Sequence[int], aim: Fraction) -> Sequence[int]:
    place = bisect_left(totals, aim)
    return totals[max(place - NEAR, 0) : place + NEAR]


def worth_showing(
    scale: Scale, fewest: dict[int, int], cycles: Iterable[tuple[int, ...]], shown: int
) -> Iterator[tuple[int, ...]]:
    """The best few, and all as good as the last of them; not one whose mean a better one has with no more capsules."""
    ranked = sorted(
        (scale.rank(cycle), _twice_mean([fewest.get(each, 0) for each in cycle]), cycle) for cycle in cycles
    )
    least: dict[int, int] = {}
    last = None
    for rank, capsules, cycle in ranked:
        if len(least) >= shown and rank != last:
            return
        mean = _twice_mean(cycle)
        if mean not in least or capsules < least[mean]:
            least[mean], last = capsules, rank
            yield cycle


def _twice_mean(amounts: Sequence[int]) -> int:
    """Twice the mean of one day, or of two."""
    return amounts[0] + amounts[-1]


def laid_out(
    cycle: tuple[int, ...], fewest: dict[int, int], scale: Scale, times: int
) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    """The best pattern with these totals: each day in as few capsules as can be, then in fewest strengths between them."""
    found: list[tuple[Laid, ...]] = []
    for size in range(1, len(scale.strengths) + 1):
        for some in combinations(scale.strengths[::-1], size):
            days = [[_split(day, times) for day in _made(total, fewest.get(total, 0), some)] for total in cycle]
            if all(days):
                found.append(tuple(min(day, key=_liking) for day in days))
        if found:
            break
    whole = min(found, key=lambda days: (sum(_liking(day)[0] for day in days), [_liking(day)[1:] for day in days]))
    return tuple(tuple(tuple(each * scale.unit for each in intake) for intake in day) for day in whole)


def _liking(day: Laid) -> tuple[int, ...]:
    """Intakes most alike first, then those of the largest capsules."""
    unlike = sum(day[0]) - sum(day[-1]) if day else 0
    return (unlike, *(-each for intake in day for each in intake))


def _made(total: int, count: int, strengths: tuple[int, ...]) -> Iterator[Capsules]:
    """Every way to make up a total of exactly so many capsules of these strengths, the largest first."""
    if not count:
        if not total:
            yield ()
        return
    if not strengths or not count * strengths[-1] <= total <= count * strengths[0]:
        return
    for rest in _made(total - strengths[0], count - 1, strengths):
        yield (strengths[0], *rest)
    yield from _made(total, count, strengths[1:])


def _split(capsules: Capsules, times: int) -> Laid:
    """The capsules in so many intakes, the largest intake as small as can be, then the smallest as large as can be."""
    if not capsules:
        return ()
    dealt = _dealt(capsules, times)
    sums = [sum(intake) for intake in dealt]
    if sums[0] - sums[-1] <= gcd(*capsules):
        return dealt
    states: dict[tuple[int, ...], Laid] = {(0,) * times: ((),) * times}
    for capsule in capsules:
        further: dict[tuple[int, ...], Laid] = {}
        for intakes in states.values():
            for laid in _with(capsule, intakes, sums[0]):
                further.setdefault(tuple(map(sum, laid)), laid)
        states = further
    return states[min(states, key=lambda each: (each[0], -each[-1], each))]


def _with(capsule: int, intakes: Laid, bound: int) -> Iterator[Laid]:
    """The intakes with one capsule more in any of them, up to a bound on what an intake may hold."""
    for place, intake in enumerate(intakes):
        if sum(intake) + capsule <= bound:
            yield _in_order([*intakes[:place], (*intake, capsule), *intakes[place + 1 :]])


def _dealt(capsules: Capsules, times: int) -> Laid:
    """The capsules dealt out one by one, the largest first, each to the smallest intake: good, but not always best."""
    intakes: list[Capsules] = [()] * times
    for capsule in capsules:
        place = min(range(times), key=lambda each: sum(intakes[each]))
        intakes[place] = (*intakes[place], capsule)
    return _in_order(intakes)


def _in_order(intakes: Iterable[Capsules]) -> Laid:
    return tuple(sorted(intakes, key=lambda intake: (sum(intake), intake), reverse=True))
