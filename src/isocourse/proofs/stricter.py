"""Whether one edition is no laxer than another: whoever keeps to the first keeps to the second, point by point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import z3
from msgspec import Struct

from isocourse.decisions.amounts import inside
from isocourse.decisions.tables import Duty, Edition, Moment, Point, Row, Shape, Status, Step
from isocourse.proofs.lowering import Formula, Lowered
from isocourse.proofs.pairs import fires, narrower
from isocourse.proofs.question import Asker, Found
from isocourse.proofs.theorems import Outcome


class Demand(Struct, frozen=True):
    """Something that the label demands, and whether the other edition demands at least as much."""

    point: Point
    position: str
    row: str
    outcome: Outcome
    why: str = ""
    where: Formula | None = None
    """For a failure: whom the edition is laxer for."""


def no_laxer(asker: Asker, edition: Edition, than: Edition, points: Sequence[Point]) -> Iterator[Demand]:
    """Everything that `than` demands, and whether `edition` demands at least as much of every patient.

    Choice and range: whenever `than` speaks, `edition` speaks too, and each of its positions is narrower or safer. Findings and
    schedules: for every row of `than` that applies, a row of `edition` about the same thing applies and asks no less.
    """
    for point in points:
        cell, other = than.cell(point.name), edition.cell(point.name)
        if cell.status is not Status.ANSWERED:
            continue
        for position in cell.positions:
            for row, ways in _ways(asker.lowered, point, position.acting.rows, edition):
                if other.status is not Status.ANSWERED:
                    said = (
                        "says nothing on this point" if other.status is Status.SILENT else "was not read on this point"
                    )
                    yield Demand(point, position.name, row.name, Outcome.FAILS, f"{edition.key} {said}")
                    continue
                where = z3.And(asker.lowered.node(point.applies), ways)
                found = asker.exists(where)
                outcome = {Found.NOBODY: Outcome.PROVED, Found.SOME: Outcome.FAILS}.get(found, Outcome.UNDECIDED)
                yield Demand(point, position.name, row.name, outcome, "", where if found is Found.SOME else None)


def _ways(lowered: Lowered, point: Point, rows: Sequence[Row], edition: Edition) -> Iterator[tuple[Row, Formula]]:
    """For each row of the label, whom the edition asks less of."""
    positions = edition.cell(point.name).positions
    if point.shape in (Shape.CHOICE, Shape.RANGE):
        for row, formula in fires(lowered, tuple(rows)):
            if row.force == "none":
                continue
            laxer = [z3.Not(_kept(lowered, point, row, position.acting.rows)) for position in positions]
            yield row, z3.And(formula, z3.Or(laxer))
        return
    mine = [other for position in positions for other in position.acting.rows]
    for row in rows:
        if row.force in ("must", "should"):
            yield (
                row,
                z3.And(lowered.node(row.when), z3.Not(z3.Or([_asks(lowered, point, row, other) for other in mine]))),
            )


def _kept(lowered: Lowered, point: Point, row: Row, others: tuple[Row, ...]) -> Formula:
    """Whom a table says something narrower or safer to."""
    return z3.Or([formula for other, formula in fires(lowered, others) if narrower(point, other, row)])


def _asks(lowered: Lowered, point: Point, row: Row, other: Row) -> Formula:
    """Whom another row asks at least as much of, about the same thing."""
    if row.steps or other.steps:
        return lowered.node(other.when) if steps_demand(other, row) else z3.BoolVal(False)
    if row.duty is None or other.duty is None:
        same = row.find == other.find and narrower_options(point, other.take, row.take)
        return lowered.node(other.when) if same else z3.BoolVal(False)
    if not demands(other.duty, row.duty):
        return z3.BoolVal(False)
    shown = z3.BoolVal(True)
    if row.duty.met >= 0 and other.duty.met >= 0:
        shown = z3.Implies(lowered.node(other.duty.met), lowered.node(row.duty.met))
    return z3.And(lowered.node(other.when), shown)


def steps_demand(one: Row, other: Row) -> bool:
    """Whether one row's steps are another's, each within the other's range and with no condition that the other lacks."""
    return len(one.steps) == len(other.steps) and all(
        _step_demands(mine, theirs) for mine, theirs in zip(one.steps, other.steps, strict=True)
    )


def _step_demands(one: Step, other: Step) -> bool:
    timed = [(each.verb, each.what, each.begin, each.then, each.until, each.length) for each in (one, other)]
    if timed[0] != timed[1] or one.when not in (-1, other.when):
        return False
    if not other.low:
        return True
    return bool(one.low) and inside(one, other)


def narrower_options(point: Point, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether everything in `one` is in `other`, or safer than all of it."""
    return set(one) <= set(other) or all(
        mine == theirs or point.safer(mine, theirs) for mine in one for theirs in other
    )


def demands(one: Duty, other: Duty) -> bool:
    """Whether one duty asks at least as much as another: the same thing, over a time at least as long, in a window at most as wide."""
    if (one.verb, one.what) != (other.verb, other.what):
        return False
    if one.verb == "do":
        return (
            one.at == other.at
            and one.every == other.every
            and (
                one.window == other.window
                or (one.window is not None and other.window is not None and _inside(one, other))
            )
        )
    return _no_later(one.begin, other.begin) and _no_later(other.until, one.until)


def _inside(one: Duty, other: Duty) -> bool:
    assert one.window is not None
    assert other.window is not None
    return (
        one.window.unit == other.window.unit
        and other.window.low <= one.window.low
        and one.window.high <= other.window.high
    )


def _no_later(one: Moment | None, other: Moment | None) -> bool:
    """Whether a moment is certainly not after another; months are 28 to 31 days."""
    if one is None or other is None:
        return one is other
    return (one.anchor == other.anchor and _days(one)[1] <= _days(other)[0]) or one == other


def _days(moment: Moment) -> tuple[int, int]:
    if moment.unit == "months":
        ends = moment.offset * 28, moment.offset * 31
        return min(ends), max(ends)
    size = moment.offset * (7 if moment.unit == "weeks" else 1)
    return size, size
