"""Breaks every rule in every small way and sees whether a case, a claim or a theorem notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import z3
from msgspec import Struct
from msgspec.structs import replace

from isocourse.app.check import Prepared, days_out_of_line, forces_out_of_line, prepared, run_case
from isocourse.decisions.tables import Edition, Position, Row, Shape
from isocourse.library import Library
from isocourse.proofs.lowering import Formula, Lowered
from isocourse.proofs.mutants import Mutant, mutants
from isocourse.proofs.pairs import fires
from isocourse.proofs.theorems import Outcome, learning_never_turns_an_answer


class Tried(Struct, frozen=True):
    """A mutant and what became of it: `killed`, `equivalent` (nobody is answered otherwise) or `survived`."""

    mutant: Mutant
    fate: str
    by: str = ""


def try_mutants(
    library: Library, editions: tuple[Edition, ...], seen: Callable[[int], None] | None = None
) -> Iterator[Tried]:
    """Every single change of the editions' rows, and what became of it."""
    for edition in editions:
        told: str | None = None
        cases: dict[str, list[Prepared]] = {}
        for case in library.cases:
            if case.edition == edition.key:
                cases.setdefault(case.point, []).append(prepared(library, case))
        for mutant in mutants(library.program, edition):
            yield _try(library, edition, mutant, cases.get(mutant.point, []))
            here = f"{mutant.point} {mutant.position} {mutant.row}"
            if seen and here != told:
                seen(1)
            told = here


class Fated(Protocol):
    """Anything that was tried, with what became of it."""

    @property
    def fate(self) -> str:
        """`killed`, `equivalent` or `survived`."""


def share_killed(tried: Sequence[Fated]) -> float:
    """The share of those that change an answer which something notices."""
    real = [each for each in tried if each.fate != "equivalent"]
    return sum(each.fate == "killed" for each in real) / len(real) if real else 1.0


def _try(library: Library, edition: Edition, mutant: Mutant, cases: list[Prepared]) -> Tried:
    changed = tuple(mutant.edition if each is edition else each for each in library.editions)
    world = replace(library, program=mutant.program, editions=changed)
    if mutant.kind == "date":
        told = next(days_out_of_line(mutant.edition), "")
        return Tried(mutant, "killed" if told else "survived", told)
    if mutant.kind == "force":
        told = next(forces_out_of_line(world, mutant.edition, mutant.point), "")
        return Tried(mutant, "killed" if told else "survived", told)
    for case in cases:
        told = next(run_case(world, case), "")
        if told:
            return Tried(mutant, "killed", told)
    if mutant.kind == "row" and not _rows(mutant):
        return Tried(mutant, "killed", "a position needs at least one row")
    if mutant.kind == "unknown_as_no" and _turns(mutant):
        return Tried(mutant, "killed", "learning_never_turns_an_answer")
    return Tried(mutant, "equivalent" if _equivalent(library, edition, mutant) else "survived")


def _definition(edition: Edition, mutant: Mutant) -> int:
    """The node of the definition that a mutant changed; -1 if it changed a row."""
    if not mutant.point.startswith("definition:"):
        return -1
    return next(each.node for each in edition.definitions if each.name == mutant.row)


def _turns(mutant: Mutant) -> bool:
    """Whether the theorem on missing facts fails for the changed row or definition."""
    if (node := _definition(mutant.edition, mutant)) >= 0:
        proofs = learning_never_turns_an_answer(mutant.program, [(mutant.row, node)])
        return any(proof.outcome is Outcome.FAILS for proof in proofs)
    row = next(row for row in _rows(mutant) if row.name == mutant.row)
    roots = [row.when, *(node for _, node in row.asides)]
    proofs = learning_never_turns_an_answer(mutant.program, [(mutant.row, root) for root in roots])
    return any(proof.outcome is Outcome.FAILS for proof in proofs)


def _rows(mutant: Mutant) -> tuple[Row, ...]:
    return _position(mutant.edition, mutant).acting.rows


def _position(edition: Edition, mutant: Mutant) -> Position:
    return next(each for each in edition.cell(mutant.point).positions if each.name == mutant.position)


def _equivalent(library: Library, edition: Edition, mutant: Mutant) -> bool:
    """Whether nobody at all is answered otherwise by the changed table."""
    lowered = Lowered(mutant.program)
    if (node := _definition(mutant.edition, mutant)) >= 0:
        solver = z3.SolverFor("QF_LIA")
        solver.add(*lowered.bounds(range(len(mutant.program.slots))), *lowered.axioms())
        solver.add(z3.Xor(lowered.node(_definition(edition, mutant)), lowered.node(node)))
        return solver.check() == z3.unsat
    point = library.point(mutant.point)
    before, after = _position(edition, mutant).acting.rows, _rows(mutant)
    solver = z3.SolverFor("QF_LIA")
    solver.set("timeout", 2_000)
    solver.add(*lowered.bounds(range(len(mutant.program.slots))), *lowered.axioms(), lowered.node(point.applies))
    if point.shape in (Shape.CHOICE, Shape.RANGE):
        said = [_by_meaning(lowered, rows) for rows in (before, after)]
        other = [
            z3.Xor(said[0].get(key, z3.BoolVal(False)), said[1].get(key, z3.BoolVal(False)))
            for key in dict.fromkeys((*said[0], *said[1]))
        ]
    else:
        other = list(_row_by_row(lowered, before, after))
    solver.add(z3.Or(other))
    return solver.check() == z3.unsat


def _by_meaning(lowered: Lowered, rows: tuple[Row, ...]) -> dict[tuple[object, ...], Formula]:
    found: dict[tuple[object, ...], list[Formula]] = {}
    for row, formula in fires(lowered, rows):
        found.setdefault((*row.meaning, row.force), []).append(formula)
    return {key: z3.Or(formulas) for key, formulas in found.items()}


def _row_by_row(lowered: Lowered, before: tuple[Row, ...], after: tuple[Row, ...]) -> Iterator[Formula]:
    later = {row.name: row for row in after}
    for row in before:
        other = later.get(row.name)
        if other is None:
            yield lowered.node(row.when)
            continue
        yield z3.Xor(lowered.node(row.when), lowered.node(other.when))
        if row.duty and other.duty and row.duty.met >= 0:
            yield z3.And(lowered.node(row.when), z3.Xor(lowered.node(row.duty.met), lowered.node(other.duty.met)))
        for step, changed in zip(row.steps, other.steps, strict=True):
            if step.when >= 0:
                yield z3.And(lowered.node(row.when), z3.Xor(lowered.node(step.when), lowered.node(changed.when)))
