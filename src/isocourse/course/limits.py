"""What the documents in force set for doses and supplies of one patient: ranges at a weight, times a day, the longest supply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from isocourse.course.plan import Bounds
from isocourse.course.project import thresholds
from isocourse.course.weights import Weighed
from isocourse.decisions.answers import Answer
from isocourse.decisions.notes import Notes
from isocourse.decisions.tables import Edition, Row
from isocourse.library import Assessment
from isocourse.logic.reference import evaluate
from isocourse.logic.tree import State
from isocourse.logic.truth import Truth
from isocourse.logic.units import exact

BINDING = ("must", "should")
"""Forces that set a ceiling; what is left to the prescriber, or said in passing, does not."""


def answers_on(assessment: Assessment, point: str) -> Iterator[Answer]:
    """Every answer on a point, the governing ones first."""
    governs = {edition.key for edition in assessment.governs}
    found = [answer for answer in assessment.answers if answer.point.name == point and answer.speaks]
    yield from sorted(found, key=lambda answer: answer.edition.key not in governs)


def governing_answers(assessment: Assessment, point: str) -> tuple[Answer, ...]:
    """The answers of the governing editions on a point."""
    governs = {edition.key for edition in assessment.governs}
    return tuple(answer for answer in answers_on(assessment, point) if answer.edition.key in governs)


def ranges(assessment: Assessment, point: str, weight: Weighed | None, formulation: str) -> tuple[Bounds, ...]:
    """Every range of a daily dose that is still reachable, in mg/day at the weight; those in mg/kg are left out without one.

    `fits` is empty for a range of this formulation: it is filled in once the capsules are known.
    """
    rows = [
        (answer.edition, answer.position, row) for answer in answers_on(assessment, point) for row in _reachable(answer)
    ]
    rows += _of_others(assessment, point, formulation, rows)
    found = []
    for edition, position, row in rows:
        scale = _scale(row.unit, weight)
        if scale is not None:
            low, high = exact(row.low) * scale, exact(row.high) * scale
            fits = "" if row.of in ("any", formulation) else "other_formulation"
            found.append(Bounds(edition.key, position, row, low, high, edition in assessment.governs, fits))
    return tuple(found)


def _reachable(answer: Answer) -> list[Row]:
    rows = [stance.row for stance in answer.stances]
    return [row for row in rows if row is not None and row.of != "none" and row.low]


Placed = tuple[Edition, str, Row]
"""A row, with its edition and position."""


def _of_others(assessment: Assessment, point: str, formulation: str, rows: Sequence[Placed]) -> Iterator[Placed]:
    """What a governing text sets for capsules that the patient's answers do not speak of, as where a step changes to another product.

    The answers are those of the product in hand. Of the rows for the other one none is known not to apply, so each of them counts.
    """
    for edition in assessment.governs if formulation else ():
        spoken = {row.of for each, _, row in rows if each == edition}
        if spoken and not spoken & {"any", formulation}:
            for position in edition.cell(point).positions:
                yield from (
                    (edition, position.name, row) for row in position.acting.rows if row.of == formulation and row.low
                )


def _scale(unit: str, weight: Weighed | None) -> Fraction | None:
    """mg/day in one of the unit. Of a weight known in part the lower end counts: the lower ceiling."""
    if unit == "mg/day":
        return Fraction(1)
    return weight.kg.low if unit == "mg/kg/day" and weight is not None else None


def ceiling(bounds: Iterable[Bounds]) -> Fraction | None:
    """The highest mg/day that every governing document with force allows; of ranges that depend on a missing fact the lower counts."""
    tops = [each.most for each in bounds if _binds(each)]
    return min(tops, default=None)


def highest(bounds: Iterable[Bounds]) -> Fraction | None:
    """The highest mg/day in any document's range for these capsules; None where none is known."""
    return max((each.most for each in bounds if each.fits != "other_formulation"), default=None)


def counts_others_only(bounds: Sequence[Bounds]) -> tuple[str, ...]:
    """The governing documents whose ranges with force all count milligrams of other capsules; none where one of them speaks of these."""
    forced = [each for each in bounds if each.governs and each.row.force in BINDING]
    if any(_binds(each) for each in forced):
        return ()
    return tuple(dict.fromkeys(each.edition for each in forced))


def floor(bounds: Iterable[Bounds]) -> Fraction | None:
    """The lowest lower end of the governing ranges."""
    ends = [each.low for each in bounds if _binds(each)]
    return min(ends, default=None)


def _binds(each: Bounds) -> bool:
    return each.governs and each.fits != "other_formulation" and each.row.force in BINDING


def judged(bounds: Sequence[Bounds], mean: Fraction, highest: Fraction) -> tuple[Bounds, ...]:
    """The ranges with how the capsules lie in them: the ceiling by the highest day, the floor by the mean."""
    return tuple(
        each
        if each.fits
        else replace(each, fits="above" if highest > each.most else "below" if mean < each.low else "within")
        for each in bounds
    )


def times_allowed(assessment: Assessment) -> tuple[frozenset[int], tuple[Answer, ...]]:
    """How often a day the governing documents let it be taken, and who says so; empty if none says."""
    said = governing_answers(assessment, "times_a_day")
    counts = {"once": 1, "twice": 2}
    allowed = [{counts[take] for stance in answer.stances for take in stance.take if take in counts} for answer in said]
    kept = [each for each in allowed if each]
    return (frozenset(set.intersection(*kept)) if kept else frozenset()), said


def longest_supply(assessment: Assessment, asked: int) -> tuple[int, tuple[str, ...]]:
    """The longest supply up to the days asked for that no governing document forbids, and which ones forbid more.

    A document whose condition is not settled for this patient forbids too.
    """
    forbidding: dict[str, None] = {}
    days = asked
    for limit, edition in _limits(assessment, asked):
        if limit < days:
            days = limit
        forbidding[edition] = None
    return days, tuple(forbidding)


def _limits(assessment: Assessment, asked: int) -> Iterator[tuple[int, str]]:
    library = assessment.library
    slot = library.program.slot_named("order_days_supply")
    if slot is None:
        return
    state = assessment.snapshot.state
    low, high = list(state.low), list(state.high)
    low[slot] = high[slot] = asked
    there = State(low, high, state.recorded, state.groups)
    notes = Notes(library.program, evaluate(library.program, there), replace(assessment.snapshot, state=there))
    point = library.point("supply_limit")
    for edition in assessment.governs:
        for position in edition.cell(point.name).positions:
            for row in position.acting.rows:
                forbids = row.force == "must" and all(point.option(name).stand == "forbids" for name in row.take)
                turning = thresholds(library, (row.when,), "order_days_supply")
                if forbids and turning and notes.truth(row.when) is not Truth.NO:
                    yield min(turning) - 1, edition.key
