"""What must hold for every patient: the safety rules of the design as questions that the solver must answer with "nobody"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

import z3
from msgspec import Struct

from isocourse.decisions.gate import TERM, qualifies
from isocourse.decisions.tables import Edition, Point, Position, RedLine, Row, Shape, Status
from isocourse.logic.tree import ATOMS, Op, Program
from isocourse.proofs.lowering import Formula, Lowered, Planes
from isocourse.proofs.pairs import fires
from isocourse.proofs.question import LIMIT_MS, Asker, Found


class Outcome(StrEnum):
    """How a theorem fared on one thing it speaks of."""

    PROVED = "proved"
    FAILS = "fails"
    EXCEPTED = "excepted"
    UNDECIDED = "undecided"


class Proof(Struct, frozen=True):
    """One theorem on one edition, table or condition."""

    theorem: str
    about: str
    outcome: Outcome
    why: str = ""
    where: Formula | None = None
    """For a failure: whom it fails for, where that is one patient fully known."""


class Worse(Struct, frozen=True):
    """A fact that gets worse in one direction, and the points whose answers it must never relax."""

    slot: int
    higher: bool
    points: tuple[str, ...]


class RedMatch(Struct, frozen=True):
    """A red line, and the findings that speak of the same thing."""

    line: RedLine
    findings: tuple[tuple[str, str], ...]
    """(point, find)."""


Exceptions = dict[tuple[str, str], str]
"""(theorem, what it is about) -> the reason why it does not hold there."""


# rule 1 --------------------------------------------------------------------------------------------------------------
def no_go_on_unknown(asker: Asker, editions: Sequence[Edition], needs: int, excepted: Exceptions) -> Iterator[Proof]:
    """Whoever an edition calls able to become pregnant, and whose start and supply it leaves open, has what rule 1 needs.

    An answer for a patient not fully known is free only if it is free for every patient she may be, so what is proved of
    patients fully known holds of the others.

    Args:
        asker: the solver.
        editions: those loaded.
        needs: the node of what rule 1 asks for: a negative last test, taken for or near this prescription.
        excepted: where the theorem is known not to hold, with the reason.
    """
    lowered = asker.lowered
    for edition in editions:
        definition = edition.definition(TERM)
        if definition is None or definition.status is not Status.ANSWERED:
            continue
        free = gate_open(lowered, edition)
        if free is None:
            yield Proof("no_go_on_unknown", edition.key, Outcome.PROVED, "no duty of it can open the gate")
            continue
        where = z3.And(lowered.node(definition.node), free, z3.Not(lowered.node(needs)))
        yield _proof(asker, "no_go_on_unknown", edition.key, where, excepted)


def gate_open(lowered: Lowered, edition: Edition) -> Formula | None:
    """Whom an edition leaves free to start or be supplied because of a test; None if no duty of it says what must be shown."""
    tests = [row for row in _duties(edition, "pregnancy_tests") if not _after(row)]
    qualifying = [row for row in tests if qualifies(row)]
    if not qualifying:
        return None
    supplies = [
        row for point in ("supply_window", "contraception") for row in _duties(edition, point) if row.force == "must"
    ]
    shown = [z3.Implies(lowered.node(row.when), lowered.node(row.duty.met)) for row in (*tests, *supplies) if row.duty]
    slot = lowered.program.slot_named("last_pregnancy_test")
    assert slot is not None
    negative = lowered.is_value(slot, 1 << lowered.program.slots[slot].values.index("negative"))
    return z3.And(negative, z3.Or([lowered.node(row.when) for row in qualifying]), *shown)


def _duties(edition: Edition, point: str) -> list[Row]:
    return [
        row
        for position in edition.cell(point).positions
        for row in position.acting.rows
        if row.duty and row.duty.met >= 0
    ]


def _after(row: Row) -> bool:
    return row.duty is not None and row.duty.at is not None and row.duty.at.anchor == "last_dose"


# rule 2 --------------------------------------------------------------------------------------------------------------
def red_lines_are_never_allowed(
    asker: Asker, editions: Sequence[Edition], points: Sequence[Point], red: Sequence[RedMatch], excepted: Exceptions
) -> Iterator[Proof]:
    """While a red line holds, no protocol allows by name what the line forbids."""
    lowered, by_name = asker.lowered, {point.name: point for point in points}
    for match in red:
        line = lowered.node(match.line.node)
        for edition in editions:
            for name, find in match.findings:
                allowing = [
                    row
                    for position in edition.cell(name).positions
                    for row in position.acting.rows
                    if row.find == find and _allows(by_name[name], row)
                ]
                if allowing:
                    where = z3.And(line, z3.Or([lowered.node(row.when) for row in allowing]))
                    about = f"{match.line.name}: {edition.key} {name} {find}"
                    yield _proof(asker, "red_lines_are_never_allowed", about, where, excepted)


def _allows(point: Point, row: Row) -> bool:
    return {point.option(name).stand for name in row.take} == {"allows"}


# rule 3 and 5 --------------------------------------------------------------------------------------------------------
def learning_never_turns_an_answer(program: Program, roots: Sequence[tuple[str, int]]) -> Iterator[Proof]:
    """What is yes, or no, of a patient of whom little is known stays so whatever is learnt: no missing fact acts as a no.

    Proved of every condition for any patient with any facts missing: `before` knows less, `after` more. Whether the file holds a
    fact is read off the file and does not change by learning; but where a condition reads the fact's value too, the one may not
    stand in for the other, and what is learnt may come to stand in the file.

    Args:
        program: the rule tree.
        roots: the conditions, each with its name.
    """
    for about, root in roots:
        slots = program.slots_under((root,))
        told = _told_and_read(program, root)
        before, after = Planes(program, " before", told), Planes(program, " after", told)
        solver = z3.SolverFor("QF_LIA")
        solver.set("timeout", LIMIT_MS)
        solver.add(*before.bounds(slots), *after.bounds(slots), *after.learnt_from(before, slots))
        (yes, no), (still_yes, still_no) = before.node(root), after.node(root)
        solver.add(
            z3.Or(z3.And(still_yes, z3.Not(yes)), z3.And(still_no, z3.Not(no)), z3.Not(z3.Or(still_yes, still_no)))
        )
        result = solver.check()
        outcome = Outcome.PROVED if result == z3.unsat else Outcome.FAILS if result == z3.sat else Outcome.UNDECIDED
        yield Proof("learning_never_turns_an_answer", about, outcome)


def _told_and_read(program: Program, root: int) -> frozenset[int]:
    """The slots of which a condition asks both whether the file holds them and what they are."""
    nodes = [program.nodes[place] for place in program.under((root,))]
    told = {node.args[0] for node in nodes if node.op is Op.RECORDED}
    return frozenset(told.intersection(slot for node in nodes if node.op in ATOMS for slot in node.args))


def conditions(editions: Sequence[Edition], points: Sequence[Point], red: Sequence[RedLine]) -> dict[int, str]:
    """Every condition that an answer rests on, once, with the first place that it is found at."""
    found: dict[int, str] = {}
    for point in points:
        found.setdefault(point.applies, f"{point.name} applies")
        for option in point.options:
            if option.broken_if >= 0:
                found.setdefault(option.broken_if, f"{point.name} {option.name} broken_if")
    for line in red:
        found.setdefault(line.node, f"red {line.name}")
    for edition in editions:
        for definition in edition.definitions:
            if definition.node >= 0:
                found.setdefault(definition.node, f"{edition.key} {definition.name}")
        for cell in edition.cells:
            for position in cell.positions:
                for reading in position.readings:
                    for row in reading.rows:
                        found.setdefault(row.when, row.where)
                        for name, node in row.asides:
                            found.setdefault(node, f"{row.where} {name}")
    return found


def a_missing_paper_never_helps(
    asker: Asker, editions: Sequence[Edition], papers: Sequence[int], excepted: Exceptions
) -> Iterator[Proof]:
    """A duty that the file shows as kept without a paper is kept with it too, whatever else is known."""
    here, there = asker.lowered, Lowered(asker.program, " with the paper")
    for edition in editions:
        for cell in edition.cells:
            for position in cell.positions:
                for row in position.acting.rows:
                    met = row.duty.met if row.duty else -1
                    if met < 0:
                        continue
                    for paper in set(papers).intersection(asker.program.slots_under((met,))):
                        slots = asker.program.slots_under((met,))
                        where = z3.And(
                            *here.same(there, (slot for slot in slots if slot != paper)),
                            here.is_value(paper, 1),
                            there.is_value(paper, 2),
                            here.node(met),
                            z3.Not(there.node(met)),
                        )
                        about = (
                            f"{edition.key} {cell.point} {position.name} {row.name}: {asker.program.slots[paper].name}"
                        )
                        yield _proof(asker, "a_missing_paper_never_helps", about, where, excepted)


# rule 5, the listed pairs --------------------------------------------------------------------------------------------
def worse_never_relaxes(
    asker: Asker, editions: Sequence[Edition], points: Sequence[Point], pairs: Sequence[Worse], excepted: Exceptions
) -> Iterator[Proof]:
    """Of two patients alike but for one fact, the one in whom it is worse is never told less."""
    by_name = {point.name: point for point in points}
    here, there = asker.lowered, Lowered(asker.program, " worse")
    for pair in pairs:
        name = asker.program.slots[pair.slot].name
        for edition in editions:
            for point in (by_name[each] for each in pair.points):
                for position in edition.cell(point.name).positions:
                    relaxed = list(_relaxed(here, there, point, position, pair.slot))
                    if not relaxed:
                        continue
                    slots = asker.program.slots_under(row.when for row in position.acting.rows)
                    where = z3.And(
                        *here.same(there, (slot for slot in slots if slot != pair.slot)),
                        *there.bounds(slots),
                        *_gets_worse(here, there, pair),
                        z3.Or(relaxed),
                    )
                    about = f"{name}: {edition.key} {point.name} {position.name}"
                    yield _proof(asker, "worse_never_relaxes", about, where, excepted)


def _gets_worse(here: Lowered, there: Lowered, pair: Worse) -> list[Formula]:
    if here.is_truth(pair.slot):
        return [here.is_value(pair.slot, 1 if pair.higher else 2), there.is_value(pair.slot, 2 if pair.higher else 1)]
    one, other = here.number(pair.slot), there.number(pair.slot)
    return [other > one if pair.higher else other < one]


def _relaxed(here: Lowered, there: Lowered, point: Point, position: Position, slot: int) -> Iterator[Formula]:
    """The ways in which the second patient is told less than the first."""
    rows = position.acting.rows
    if slot not in here.program.slots_under(row.when for row in rows):
        return
    if point.shape is Shape.CHOICE:
        mine, theirs = fires(here, rows), fires(there, rows)
        nothing = z3.Not(z3.Or([there.node(row.when) for row in rows]))
        for row, formula in mine:
            for other, then in theirs:
                if milder(point, other.take, row.take):
                    yield z3.And(formula, then)
            if forbids(point, row.take):
                yield z3.And(formula, nothing)
    elif point.shape is Shape.FINDINGS:
        for row in rows:
            stays = z3.Or([there.node(other.when) for other in rows if not milder(point, other.take, row.take)])
            if forbids(point, row.take):
                yield z3.And(here.node(row.when), z3.Not(stays))


def milder(point: Point, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether everything in `other` is safer than everything in `one`."""
    return all(point.safer(theirs, mine) for mine in one for theirs in other)


def forbids(point: Point, take: tuple[str, ...]) -> bool:
    """Whether an answer forbids by name what the point is about."""
    return {point.option(name).stand for name in take} == {"forbids"}


# readings ------------------------------------------------------------------------------------------------------------
def the_acting_reading_is_not_milder(
    asker: Asker, editions: Sequence[Edition], points: Sequence[Point], excepted: Exceptions
) -> Iterator[Proof]:
    """Where a sentence can be taken in two ways, no patient is told less by the reading that acts than by another."""
    by_name = {point.name: point for point in points}
    lowered = asker.lowered
    for edition in editions:
        for cell in edition.cells:
            point = by_name[cell.point]
            for position in cell.positions:
                for reading in position.readings:
                    if reading.acts or point.shape not in (Shape.CHOICE, Shape.FINDINGS):
                        continue
                    if point.shape is Shape.CHOICE:
                        ways = [
                            z3.And(f, g)
                            for a, f in fires(lowered, position.acting.rows)
                            for b, g in fires(lowered, reading.rows)
                            if milder(point, a.take, b.take)
                        ]
                    else:
                        ways = [
                            z3.And(
                                lowered.node(b.when),
                                z3.Not(
                                    z3.Or(
                                        [
                                            lowered.node(a.when)
                                            for a in position.acting.rows
                                            if a.find == b.find and not milder(point, a.take, b.take)
                                        ]
                                    )
                                ),
                            )
                            for b in reading.rows
                            if forbids(point, b.take)
                        ]
                    about = f"{edition.key} {cell.point} {position.name}: {reading.name}"
                    if ways:
                        yield _proof(asker, "the_acting_reading_is_not_milder", about, z3.Or(ways), excepted)
                    else:
                        yield Proof("the_acting_reading_is_not_milder", about, Outcome.PROVED, "no row of it is milder")


def _proof(asker: Asker, theorem: str, about: str, where: Formula, excepted: Exceptions) -> Proof:
    """Nobody may fit `where`."""
    found = asker.exists(where)
    if found is Found.NOBODY:
        return Proof(theorem, about, Outcome.PROVED)
    if found is Found.UNDECIDED:
        return Proof(theorem, about, Outcome.UNDECIDED, "the solver gave up in time")
    if why := excepted.get((theorem, about), ""):
        return Proof(theorem, about, Outcome.EXCEPTED, why, where)
    return Proof(theorem, about, Outcome.FAILS, "", where)
