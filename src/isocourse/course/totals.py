"""Running totals in mg/kg, by the latest weight and by the weight of each period, against each protocol's target and against none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from msgspec import Struct

from isocourse.course.amounts import Amount, total
from isocourse.course.exposure import BASES, Period, part_of, periods_of
from isocourse.course.weights import Weighed, weight_on
from isocourse.decisions.answers import Answer
from isocourse.decisions.tables import Row
from isocourse.library import Assessment
from isocourse.logic.units import exact

__all__ = ["BASES", "Period", "Progress", "Running", "periods_of", "progress", "running"]


class Running(Struct, frozen=True):
    """The total up to the end of a day, for one formulation and basis."""

    day: int
    formulation: str
    basis: str
    mg: Amount
    by_latest: Amount | None
    """mg/kg by the latest weight; None without a weight."""
    by_period: Amount | None
    """mg/kg, each day by the weight of its time."""


class Progress(Struct, frozen=True):
    """How a total stands against one position's target, or against "no target"."""

    edition: str
    position: str
    governs: bool
    says: str
    """`range`, `no_target`, or the status of a cell that gives neither."""
    low: Fraction | None
    high: Fraction | None
    """mg/kg."""
    formulation: str
    """The formulation whose milligrams the target counts; `any` if it names none."""
    by_latest: str
    by_period: str
    """`below`, `within`, `above`, `cannot_tell`, or `other_formulation`; empty where there is nothing to compare with."""
    claims: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    """The facts that decide whether the target is for this patient; empty if it surely is."""


def running(periods: Iterable[Period], weights: Sequence[Weighed], days: Iterable[int]) -> tuple[Running, ...]:
    """The totals up to the end of each day, one for each formulation and basis; none is added to another.

    By the latest weight means by the last one up to that day; by period means each day's milligrams by the weight of that day.
    """
    listed = sorted(periods, key=_kind)
    found = []
    for day in sorted(set(days)):
        for (formulation, basis), group in groupby(listed, key=_kind):
            past = [part_of(each, each.first, min(each.last, day)) for each in group if each.first <= day]
            found.append(_running(day, formulation, basis, past, weights))
    return tuple(found)


def _kind(period: Period) -> tuple[str, str]:
    return period.formulation, period.basis


def _running(day: int, formulation: str, basis: str, past: Sequence[Period], weights: Sequence[Weighed]) -> Running:
    mg = total(_mg(each) for each in past)
    newest = weight_on(weights, day)
    if newest is None:
        return Running(day, formulation, basis, mg, None, None)
    by_period = total(_per_kg(each, weights) for each in past)
    return Running(day, formulation, basis, mg, mg.over(newest.kg), by_period)


def _mg(period: Period) -> Amount:
    return period.daily_mg.times(period.taken).times(Amount.of(period.last - period.first + 1))


def _per_kg(period: Period, weights: Sequence[Weighed]) -> Amount:
    """mg/kg of a period, each day by the weight of its time.

    Where only a share of the days was taken and it is not known which, the least total has them in the heaviest days and
    the most in the lightest.
    """
    stretches = list(_stretches(period, weights))
    days = period.last - period.first + 1
    low = _filled(period.taken.low * days, sorted((1 / kg.high, count) for count, kg in stretches))
    high = _filled(period.taken.high * days, sorted(((1 / kg.low, count) for count, kg in stretches), reverse=True))
    return period.daily_mg.times(Amount(low, high))


def _stretches(period: Period, weights: Sequence[Weighed]) -> Iterator[tuple[int, Amount]]:
    """How many days of a period had which weight."""
    begins = [period.first, *(each.day for each in weights if period.first < each.day <= period.last)]
    for begin, following in zip(begins, [*begins[1:], period.last + 1], strict=True):
        weight = weight_on(weights, begin)
        assert weight is not None
        yield following - begin, weight.kg


def _filled(days: Fraction, stretches: Iterable[tuple[Fraction, int]]) -> Fraction:
    """So many days laid into stretches in their order, each day counted by its stretch's factor."""
    whole = Fraction(0)
    for factor, count in stretches:
        here = min(days, Fraction(count))
        whole += here * factor
        days -= here
    return whole


# against the targets -----------------------------------------------------------------------------------------------------
def progress(assessment: Assessment, totals: Sequence[Running]) -> tuple[Progress, ...]:
    """How the totals of one day and one basis stand against every position's target, the governing ones first.

    Raises:
        ValueError: the totals are of several days or bases, which are never added up.
    """
    if len({(each.day, each.basis) for each in totals}) > 1:
        raise ValueError("progress is of one day and one basis")
    governs = {edition.key for edition in assessment.governs}
    answers = [answer for answer in assessment.answers if answer.point.name == "cumulative_target"]
    answers.sort(key=lambda answer: answer.edition.key not in governs)
    return tuple(each for answer in answers for each in _against(answer, totals, governs=answer.edition.key in governs))


def _against(answer: Answer, totals: Sequence[Running], *, governs: bool) -> Iterator[Progress]:
    """One line for each stance that is still reachable; a cell without stances says its status."""
    key, name = answer.edition.key, answer.position
    if not answer.stances:
        yield Progress(key, name, governs, answer.status.value, None, None, "", "", "", answer.claims)
    depends_on = answer.missing if len(answer.stances) > 1 else ()
    for stance in answer.stances:
        row = stance.row
        if row is None or row.of == "none":
            says = "silent_here" if row is None else "no_target"
            claims = answer.claims if row is None else row.claims
            yield Progress(key, name, governs, says, None, None, "", "", "", claims, depends_on)
        else:
            yield _of_range(key, name, governs, row, totals, depends_on)


def _of_range(
    key: str, name: str, governs: bool, row: Row, totals: Sequence[Running], depends_on: tuple[str, ...]
) -> Progress:
    low, high = exact(row.low), exact(row.high)
    by_latest = _stands(low, high, row.of, [(each.formulation, each.by_latest) for each in totals])
    by_period = _stands(low, high, row.of, [(each.formulation, each.by_period) for each in totals])
    return Progress(key, name, governs, "range", low, high, row.of, by_latest, by_period, row.claims, depends_on)


def _stands(low: Fraction, high: Fraction, of: str, totals: Sequence[tuple[str, Amount | None]]) -> str:
    """Below, within or above where that is so for every amount that it may be.

    Milligrams of another formulation are no part of the total, and without a claim nobody can say how much they are: beside
    them only "above" can be told. A target that names no formulation counts all milligrams, or those of the largest total.
    """
    kinds = {formulation for formulation, _ in totals}
    if of != "any" and kinds and not kinds & {of, ""}:
        return "other_formulation"
    known = [amount for formulation, amount in totals if amount is not None and (of == "any" or formulation == of)]
    if not known:
        return "cannot_tell"
    least = max(amount.low for amount in known)
    if least > high:
        return "above"
    if len(known) < len(totals):
        return "cannot_tell"
    most = sum((amount.high for amount in known), Fraction(0))
    if most < low:
        return "below"
    return "within" if low <= least and most <= high else "cannot_tell"
