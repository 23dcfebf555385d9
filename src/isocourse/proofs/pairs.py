"""Every pair of positions on a point: opposed for some patient, stricter, different, or never apart."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations

import z3
from msgspec import Struct

from isocourse.decisions.amounts import inside
from isocourse.decisions.opposed import rows_opposed, windows_meet
from isocourse.decisions.steps_apart import rows_steps_opposed
from isocourse.decisions.tables import Edition, Point, Position, Row, Shape
from isocourse.proofs.lowering import Formula, Lowered
from isocourse.proofs.question import Asker, Found


class Relation(StrEnum):
    """How two positions stand to each other over all patients."""

    OPPOSED = "opposed"
    """Some patient cannot satisfy both."""
    STRICTER = "stricter"
    """Where both speak, who satisfies the first satisfies the second, and not the other way round."""
    DIFFERENT = "different"
    """They say different things of some patient, and can always both be satisfied."""
    ALIKE = "alike"
    """Wherever both speak they say the same."""
    APART = "apart"
    """They never speak of the same patient."""
    UNDECIDED = "undecided"


class Held(Struct, frozen=True):
    """A position and who holds it."""

    edition: Edition
    point: Point
    position: Position

    @property
    def key(self) -> str:
        """protocol/edition/position."""
        return f"{self.edition.key}/{self.position.name}"


class Pair(Struct, frozen=True):
    """Two positions on one point, and how they stand to each other; `stricter` lies with `one`."""

    one: Held
    other: Held
    relation: Relation
    about: tuple[str, ...] = ()
    """For findings and duties: the kinds on which they are opposed."""
    where: Formula | None = None
    """Whom they are opposed for."""
    why: str = ""
    """For an undecided pair: what was tried."""


def held(editions: tuple[Edition, ...], point: Point) -> Iterator[Held]:
    """All positions on a point."""
    for edition in editions:
        for position in edition.cell(point.name).positions:
            yield Held(edition, point, position)


def pairs(
    asker: Asker, editions: tuple[Edition, ...], points: tuple[Point, ...], wanted: tuple[str, ...] = ()
) -> Iterator[Pair]:
    """All pairs of positions on all points, or those in which one of the wanted protocols or editions takes part."""
    for point in points:
        for one, other in combinations(held(editions, point), 2):
            if not wanted or any(
                name in wanted for each in (one, other) for name in (each.edition.protocol, each.edition.key)
            ):
                yield pair(asker, one, other)


def pair(asker: Asker, one: Held, other: Held) -> Pair:
    """How two positions on one point stand to each other."""
    compare = {
        Shape.CHOICE: _choice,
        Shape.RANGE: _choice,
        Shape.FINDINGS: _findings,
        Shape.SCHEDULE: _schedule,
        Shape.STEPS: _schedule,
    }
    return compare[one.point.shape](asker, one, other)


# choice and range ----------------------------------------------------------------------------------------------------
def fires(lowered: Lowered, rows: tuple[Row, ...]) -> list[tuple[Row, Formula]]:
    """For each row of a table that is read from the top, whom it is the first to hold for."""
    found: list[tuple[Row, Formula]] = []
    before: list[Formula] = []
    for row in rows:
        when = lowered.node(row.when)
        found.append((row, z3.And([when, *(z3.Not(each) for each in before)])))
        before.append(when)
    return found


def _choice(asker: Asker, one: Held, other: Held) -> Pair:
    lowered, point = asker.lowered, one.point
    applies = lowered.node(point.applies)
    mine, theirs = fires(lowered, one.position.acting.rows), fires(lowered, other.position.acting.rows)
    both = [(a, b, z3.And(f, g)) for a, f in mine for b, g in theirs]
    against = [formula for a, b, formula in both if rows_opposed(point, a, b)]
    if against:
        where = z3.And(applies, z3.Or(against))
        found = asker.exists(where)
        if found is not Found.NOBODY:
            return _with(one, other, found, Relation.OPPOSED, where)
    unlike = [(a, b, formula) for a, b, formula in both if a.meaning != b.meaning]
    found = asker.exists(applies, z3.Or([formula for _, _, formula in unlike])) if unlike else Found.NOBODY
    if found is Found.UNDECIDED:
        return Pair(one, other, Relation.UNDECIDED, why="whether they differ")
    if found is Found.NOBODY:
        speak = asker.exists(applies, z3.Or([formula for _, _, formula in both]))
        return Pair(one, other, Relation.ALIKE if speak is Found.SOME else Relation.APART)
    for first, second, order in ((one, other, 1), (other, one, -1)):
        loose = [f for a, b, f in unlike if not narrower(point, *((a, b) if order == 1 else (b, a)))]
        if not loose or asker.exists(applies, z3.Or(loose)) is Found.NOBODY:
            return Pair(first, second, Relation.STRICTER)
    return Pair(one, other, Relation.DIFFERENT)


def _with(
    one: Held, other: Held, found: Found, relation: Relation, where: Formula, about: tuple[str, ...] = ()
) -> Pair:
    if found is Found.UNDECIDED:
        return Pair(one, other, Relation.UNDECIDED, about, where, "whether a patient exists for whom they are opposed")
    return Pair(one, other, relation, about, where)


def narrower(point: Point, one: Row, other: Row) -> bool:
    """Whether satisfying `one` always satisfies `other`, or is safer in the point's order."""
    if point.shape is Shape.CHOICE:
        return set(one.take) <= set(other.take) or all(
            point.safer(mine, theirs) or mine == theirs for mine in one.take for theirs in other.take
        )
    if "none" in (one.of, other.of):
        return other.of == "none"
    return inside(one, other)


# findings ------------------------------------------------------------------------------------------------------------
def _findings(asker: Asker, one: Held, other: Held) -> Pair:
    lowered, point = asker.lowered, one.point
    applies = lowered.node(point.applies)
    mine, theirs = one.position.acting.rows, other.position.acting.rows
    shared = [(a, b) for a in mine for b in theirs if a.find == b.find]
    against = [
        (a.find, z3.And(lowered.node(a.when), lowered.node(b.when))) for a, b in shared if findings_opposed(point, a, b)
    ]
    for_some: list[str] = []
    undecided: list[str] = []
    for find in dict.fromkeys(find for find, _ in against):
        found = asker.exists(applies, z3.Or([formula for name, formula in against if name == find]))
        (for_some if found is Found.SOME else undecided if found is Found.UNDECIDED else []).append(find)
    if for_some:
        where = z3.And(applies, z3.Or([formula for name, formula in against if name in for_some]))
        return Pair(one, other, Relation.OPPOSED, tuple(for_some), where)
    if undecided:
        return Pair(
            one, other, Relation.UNDECIDED, tuple(undecided), why="whether a patient exists for whom they are opposed"
        )
    return _rows_compared(asker, one, other, {row.find for row in mine}, {row.find for row in theirs}, applies)


def findings_opposed(point: Point, one: Row, other: Row) -> bool:
    """Whether one row forbids what the other allows by name."""
    stands = [{point.option(name).stand for name in row.take} for row in (one, other)]
    return (point.states or "none" not in (one.force, other.force)) and stands in (
        [{"forbids"}, {"allows"}],
        [{"allows"}, {"forbids"}],
    )


def _rows_compared(asker: Asker, one: Held, other: Held, mine: set[str], theirs: set[str], applies: Formula) -> Pair:
    """Whether two sets of rows always say the same, one more than the other, or different things."""
    if not mine & theirs:
        return Pair(one, other, Relation.APART if not (mine and theirs) else Relation.DIFFERENT)
    lowered = asker.lowered
    more, less = [], []
    for a in one.position.acting.rows:
        for b in other.position.acting.rows:
            if _kind(a) != _kind(b):
                continue
            here, there = lowered.node(a.when), lowered.node(b.when)
            if _said(a) != _said(b):
                if asker.exists(applies, here, there) is Found.SOME:
                    more.append(a)
                    less.append(b)
                continue
            if asker.exists(applies, here, z3.Not(there)) is not Found.NOBODY:
                more.append(a)
            if asker.exists(applies, there, z3.Not(here)) is not Found.NOBODY:
                less.append(b)
    if not more and not less and mine == theirs:
        return Pair(one, other, Relation.ALIKE)
    if not less and theirs <= mine:
        return Pair(one, other, Relation.STRICTER)
    if not more and mine <= theirs:
        return Pair(other, one, Relation.STRICTER)
    return Pair(one, other, Relation.DIFFERENT)


def _kind(row: Row) -> str:
    return f"{row.duty.verb} {row.duty.what}" if row.duty else " and ".join(row.subjects)


def _said(row: Row) -> tuple[object, ...]:
    if row.duty is None:
        return (*row.take, *(step.said for step in row.steps))
    duty = row.duty
    return (duty.verb, duty.at, duty.window, duty.begin, duty.until, duty.every)


# schedules and steps -----------------------------------------------------------------------------------------------------------
def _schedule(asker: Asker, one: Held, other: Held) -> Pair:
    lowered = asker.lowered
    applies = lowered.node(one.point.applies)
    mine, theirs = (tuple(row for row in each.position.acting.rows if row.force != "none") for each in (one, other))
    about, formulas, undecided = [], [], []
    for what, formula in (
        *_avoided(lowered, mine, theirs),
        *_missed(lowered, mine, theirs),
        *_steps_apart(lowered, one.position.acting.rows, other.position.acting.rows),
    ):
        found = asker.exists(applies, formula)
        if found is Found.SOME:
            about.append(what)
            formulas.append(formula)
        elif found is Found.UNDECIDED:
            undecided.append(what)
    if about:
        return Pair(one, other, Relation.OPPOSED, tuple(dict.fromkeys(about)), z3.And(applies, z3.Or(formulas)))
    if undecided:
        return Pair(
            one, other, Relation.UNDECIDED, tuple(undecided), why="whether a patient exists for whom they are opposed"
        )
    return _rows_compared(asker, one, other, {_kind(row) for row in mine}, {_kind(row) for row in theirs}, applies)


def _avoided(lowered: Lowered, mine: tuple[Row, ...], theirs: tuple[Row, ...]) -> Iterator[tuple[str, Formula]]:
    """Duties that one asks for and the other tells to avoid."""
    for a in mine:
        for b in theirs:
            if (
                a.duty
                and b.duty
                and a.duty.what == b.duty.what
                and (a.duty.verb == "avoid") != (b.duty.verb == "avoid")
            ):
                yield a.duty.what, z3.And(lowered.node(a.when), lowered.node(b.when))


def _missed(lowered: Lowered, mine: tuple[Row, ...], theirs: tuple[Row, ...]) -> Iterator[tuple[str, Formula]]:
    """Duties of both around one anchor, none of whose windows meet."""
    anchored = {
        (row.duty.what, row.duty.at.anchor) for row in mine if row.duty and row.duty.verb == "do" and row.duty.at
    }
    for what, anchor in sorted(anchored):
        here, there = ([row for row in rows if _around(row, what, anchor)] for rows in (mine, theirs))
        if not here or not there:
            continue
        meet = [
            z3.Not(z3.And(lowered.node(a.when), lowered.node(b.when)))
            for a in here
            for b in there
            if a.duty and b.duty and windows_meet(a.duty, b.duty)
        ]
        if len(meet) == len(here) * len(there):
            continue
        some = [z3.Or([lowered.node(row.when) for row in rows]) for rows in (here, there)]
        yield what, z3.And([*some, *meet])


def _steps_apart(lowered: Lowered, mine: tuple[Row, ...], theirs: tuple[Row, ...]) -> Iterator[tuple[str, Formula]]:
    """Drugs of which both ask for steps that cannot both be taken, and whom they ask."""
    for a in mine:
        for b in theirs:
            for place, where in rows_steps_opposed(a, b):
                steps = (a.steps[place], b.steps[where])
                whens = [lowered.node(each.when) for each in steps if each.when >= 0]
                yield steps[0].what, z3.And(lowered.node(a.when), lowered.node(b.when), *whens)


def _around(row: Row, what: str, anchor: str) -> bool:
    duty = row.duty
    return (
        duty is not None
        and duty.verb == "do"
        and duty.what == what
        and duty.at is not None
        and duty.at.anchor == anchor
    )
