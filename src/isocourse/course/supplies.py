"""Supplies: a run of dose steps cut into stretches of at most so many days, with the capsules that each of them needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from isocourse.course.amounts import Amount
from isocourse.course.capsules import Day
from isocourse.course.exposure import ALL, Period
from isocourse.course.lay import due_days
from isocourse.course.plan import DoseStep, Supply
from isocourse.course.wanted import Break


class Dosed(Struct, frozen=True):
    """One day with capsules, as its step's pattern lays them."""

    day: int
    step: DoseStep
    capsules: Day


def dosed_days(steps: Iterable[DoseStep], breaks: Sequence[Break] = (), missed: Iterable[int] = ()) -> Iterator[Dosed]:
    """Every day on which capsules are taken, in order.

    A pattern goes on by the calendar through breaks and missed days: the day after them is the one it would have been anyway,
    so a capsule that was missed is not made up. A drug-free day of a pattern has none; a step that could not be laid out in
    capsules has its days all the same, so that its supplies keep their dates.
    """
    without = frozenset(missed)
    for step in steps:
        for day in due_days(step.first, step.last, breaks, without):
            laid = step.pattern.on(day - step.first) if step.pattern else Day(())
            if laid.intakes or step.pattern is None:
                yield Dosed(day, step, laid)


def supplies(
    steps: Iterable[DoseStep],
    *,
    days: int,
    breaks: Sequence[Break] = (),
    missed: Iterable[int] = (),
    given_on: Mapping[int, int | None] | None = None,
    pack: int | None = None,
) -> tuple[Supply, ...]:
    """The supplies of a course, each for at most `days` days counted from the day of supply, that day being day 1.

    A supply holds the capsules of one product: where the product changes a new supply begins, so that capsules of one
    strength and two formulations are never counted together. Days of a break need none; a supply begins on the first
    day with capsules after the one before it, and ends with the last day that needs some.

    Args:
        steps: the dose steps, one after another.
        days: the most days that one supply may cover.
        breaks: days without capsules.
        missed: single days without capsules; what was handed out for them is left over.
        given_on: for the number of a supply, another day on which it is handed out. On an earlier day its days are counted from
            then; on a later day the days before it stay without a supply (`uncovered` names them). None: it is missed, and all
            its days stay without.
        pack: capsules in one pack, if it is known; never assumed.

    Raises:
        ValueError: a supply covers at least one day, a pack holds at least one capsule.
    """
    if days < 1 or (pack is not None and pack < 1):
        raise ValueError(f"a supply of {days} days in packs of {pack}")
    moved = given_on or {}
    waiting = list(dosed_days(steps, breaks, missed))
    found: list[Supply] = []
    for number in count(1):
        if not waiting:
            break
        given = moved.get(number, waiting[0].day)
        if given is None:
            waiting = waiting[len(_held(waiting, waiting[0].day, days)) :]
            continue
        waiting = [each for each in waiting if each.day >= given]
        held = _held(waiting, given, days)
        if not held:
            given = waiting[0].day if waiting else given
            held = _held(waiting, given, days)
        if held:
            found.append(_supply(number, given, held, pack))
            waiting = waiting[len(held) :]
    return tuple(found)


def uncovered(
    steps: Iterable[DoseStep],
    found: Iterable[Supply],
    breaks: Sequence[Break] = (),
    missed: Iterable[int] = (),
) -> tuple[int, ...]:
    """The days with a dose that no supply covers, as when one is handed out too late."""
    covered = {day for supply in found for day in range(supply.first, supply.last + 1)}
    return tuple(each.day for each in dosed_days(steps, breaks, missed) if each.day not in covered)


def planned_periods(
    steps: Iterable[DoseStep],
    breaks: Sequence[Break] = (),
    missed: Iterable[int] = (),
    without_capsules: Iterable[int] = (),
) -> tuple[Period, ...]:
    """The days of a plan with what its capsules hold, as periods of the basis "planned"; a step without capsules counts as asked."""
    gone = frozenset(missed) | frozenset(without_capsules)
    found: list[Period] = []
    for step in steps:
        for day in due_days(step.first, step.last, breaks, gone):
            mg = step.pattern.on(day - step.first).mg if step.pattern else step.target_mg
            if mg == 0:
                continue
            newest = found[-1] if found else None
            if newest and (newest.last, newest.daily_mg.low, newest.formulation) == (day - 1, mg, step.formulation):
                found[-1] = replace(newest, last=day)
            else:
                found.append(Period(day, day, Amount.of(mg), step.formulation, "planned", ALL, step.name))
    return tuple(found)


def counted(days: Iterable[Dosed]) -> tuple[tuple[Fraction, int], ...]:
    """How many capsules of each strength some days need, the largest strength first."""
    whole: Counter[Fraction] = Counter()
    for each in days:
        whole += each.capsules.counted
    return tuple(sorted(whole.items(), reverse=True))


def _held(waiting: Sequence[Dosed], given: int, days: int) -> list[Dosed]:
    """The days that a supply handed out on a day covers, up to its limit: of one product, and all with capsules laid out or none."""
    held: list[Dosed] = []
    for each in waiting:
        if each.day >= given + days or (held and _product(each.step) != _product(held[0].step)):
            break
        held.append(each)
    return held


def _product(step: DoseStep) -> tuple[str, str, bool]:
    """What capsules of one supply share; a supply never covers days in words for which it holds no capsules."""
    return (step.product.name if step.product else "", step.formulation, step.pattern is not None)


def _supply(number: int, given: int, held: Sequence[Dosed], pack: int | None) -> Supply:
    capsules = counted(held)
    packs = () if pack is None else tuple((strength, -(-count // pack)) for strength, count in capsules)
    return Supply(number, given, held[0].day, held[-1].day, capsules, packs)
