"""A plan as a regimen for the kinetics: every planned intake, and before it what is known to have been taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from isocourse.course.exposure import Period
from isocourse.course.lay import due_days
from isocourse.course.plan import DoseStep, Plan
from isocourse.kinetics.regimen import HOURS, Dose, Regimen


class NoRegimenError(Exception):
    """The plan gives no intakes; the message says why."""


def regimen_of(plan: Plan, before: Sequence[Period] = (), food: str = "meal") -> Regimen:
    """The intakes of a plan at equal intervals from hour 0 of each day; days without capsules have none.

    Args:
        plan: the plan; a step that could not be laid out in capsules counts with its dose as asked.
        before: what was taken before the plan takes over, as periods of one known daily dose without a gap, or nothing.
        food: with what food every intake is taken.

    Raises:
        NoRegimenError: the plan is withheld, has no dose, or names no formulation.
    """
    if plan.withheld:
        raise NoRegimenError("a red line holds, so there is no plan to simulate")
    if not plan.steps or any(not step.formulation for step in plan.steps):
        raise NoRegimenError("the plan has no dose, or no product; give --dose and --product")
    origin = min([plan.steps[0].first, *(each.first for each in before)])
    doses = [*_before(before, plan.steps[0], origin, food), *_planned(plan, origin, food)]
    if not doses:
        raise NoRegimenError("no capsule is taken in the plan")
    return Regimen(tuple(doses), plan.steps[-1].last - origin + 1, "the plan")


def _planned(plan: Plan, origin: int, food: str) -> Iterator[Dose]:
    gone = {*plan.wanted.missed, *plan.without_capsules}
    for step in plan.steps:
        for day in due_days(step.first, step.last, plan.breaks, gone):
            yield from _day(day - origin, _intakes(step, day), step.formulation, food)


def _intakes(step: DoseStep, day: int) -> list[Fraction]:
    """mg of each intake of one day."""
    if step.pattern is None:
        return [step.target_mg / step.times_a_day] * step.times_a_day
    return [sum(intake, Fraction(0)) for intake in step.pattern.on(day - step.first).intakes]


def _before(before: Sequence[Period], step: DoseStep, origin: int, food: str) -> Iterator[Dose]:
    """Earlier days at their daily dose, in as many intakes as the plan has."""
    for period in before:
        for day in range(period.first, min(period.last, step.first - 1) + 1):
            intakes = [period.daily_mg.low / step.times_a_day] * step.times_a_day
            yield from _day(day - origin, intakes, period.formulation, food)


def _day(place: int, intakes: Sequence[Fraction], formulation: str, food: str) -> Iterator[Dose]:
    for number, mg in enumerate(intakes):
        yield Dose(place * HOURS + number * HOURS / len(intakes), float(mg), formulation, food)
