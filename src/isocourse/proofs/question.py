"""Asks the solver whether some plausible patient fits a formula, and finds the one who differs least from a reference patient."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import z3

from isocourse.logic.reference import evaluate
from isocourse.logic.tree import Program
from isocourse.logic.truth import Truth
from isocourse.proofs.lowering import Formula, Lowered, state_of
from isocourse.proofs.reference import Reference

LIMIT_MS = 5_000
"""How long one question may take; after that it is undecided, never proved."""


class Found(StrEnum):
    """What the solver found."""

    SOME = "some"
    NOBODY = "nobody"
    UNDECIDED = "undecided"


class Asker:
    """Questions about patients fully known, none of whom breaks an axiom."""

    def __init__(self, program: Program, limit_ms: int = LIMIT_MS) -> None:
        self.program = program
        self.lowered = Lowered(program)
        self.asked = 0
        self._solver = z3.SolverFor("QF_LIA")
        self._solver.set("timeout", limit_ms)
        self._solver.add(*self.lowered.bounds(range(len(program.slots))), *self.lowered.axioms())
        self._tied = _tied(program)
        self._amiss: tuple[Reference, frozenset[int]] | None = None

    def exists(self, *formulas: Formula) -> Found:
        """Whether some patient fits all the formulas."""
        self.asked += 1
        self._solver.push()
        try:
            self._solver.add(*formulas)
            return _found(self._solver.check())
        finally:
            self._solver.pop()

    def nearest(self, reference: Reference, *formulas: Formula) -> tuple[int, ...] | None:
        """A patient who fits, differing from the reference in as few facts as can be, with round amounts near its own.

        A fact that cannot keep its reference value is put on the clinical grid, then as near to the reference as it goes. None
        where nobody fits or the solver gave up.
        """
        solver = self._solver
        solver.push()
        try:
            solver.add(*formulas)
            if solver.check() != z3.sat:
                return None
            wishes = self._wishes(reference, formulas)
            self._as_few_as_can_be(wishes)
            moved = self._given_up(wishes)
            if moved is None:
                return None
            solver.add(*(wish for index, wish in wishes.items() if index not in moved))
            for index in moved:
                self._near(index, reference)
            return self._values(reference, moved)
        finally:
            solver.pop()

    def _wishes(self, reference: Reference, formulas: Sequence[Formula]) -> dict[int, Formula]:
        """That a slot keeps its reference value, for each that the question can move; most wanted first: the day, what is steady.

        A question moves no slots but its own and those that axioms tie to them, unless the reference itself is not plausible.
        """
        if self._amiss is None or self._amiss[0] is not reference:
            self._amiss = reference, _amiss(self.program, reference.values)
        today = self.program.slot_named("today")
        asked = self.lowered.slots_in(formulas) | self._amiss[1]
        movable = frozenset().union(*(self._tied.get(index, {index}) for index in asked))
        order = sorted(movable, key=lambda index: (index in reference.last, index != today, index))
        return {index: self.lowered.is_value(index, reference.values[index]) for index in order}

    def _as_few_as_can_be(self, wishes: dict[int, Formula]) -> None:
        """Tells the solver how many wishes must be had: as many as can be."""
        for most in range(len(wishes), 0, -1):
            had = z3.PbGe([(wish, 1) for wish in wishes.values()], most)
            found = self._solver.check(had)
            if found == z3.sat:
                self._solver.add(had)
            if found != z3.unsat:
                return

    def _given_up(self, wishes: dict[int, Formula]) -> list[int] | None:
        """The slots whose wishes cannot be had, most wanted first; None if the solver gave up.

        Each wish is had if it can be had beside those wanted more, so that it is not left to the solver which of them goes.
        """
        solver, kept, moved = self._solver, list[Formula](), list[int]()
        if solver.check() != z3.sat:
            return None
        model = solver.model()
        for index, wish in wishes.items():
            if not z3.is_true(model.eval(wish, model_completion=True)):
                found = solver.check(*kept, wish)
                if found == z3.unsat:
                    moved.append(index)
                    continue
                if found != z3.sat:
                    return None
                model = solver.model()
            kept.append(wish)
        return moved

    def _values(self, reference: Reference, moved: Sequence[int]) -> tuple[int, ...]:
        """The reference's values, but for what was moved."""
        values = list(reference.values)
        if moved:
            self._solver.check()
            model = self._solver.model()
            for index in moved:
                values[index] = self.lowered.value(model, index)
        return tuple(values)

    def _near(self, index: int, reference: Reference) -> None:
        """Puts a slot on the grid, as near to the reference as it goes."""
        slot, home = self.program.slots[index], reference.values[index]
        solver, lowered = self._solver, self.lowered
        if slot.coded:
            solver.add(self._code_near(index, home))
            return
        variable, grid = lowered.number(index), reference.grid[index]
        for size in (grid, 1):
            multiple = z3.Int(f"grid of {slot.name} by {size}")
            on_grid = variable == multiple * size
            if solver.check(on_grid) == z3.sat:
                solver.add(on_grid)
                break
        solver.check()
        far = abs(lowered.value(solver.model(), index) - home)
        near = _how_near(solver, variable, home, far, size)
        solver.add(variable == (home - near if solver.check(variable == home - near) == z3.sat else home + near))

    def _code_near(self, index: int, home: int) -> Formula:
        """That a slot has the code that can be had nearest to its reference, of two as near the one named first."""
        codes = [1 << place for place in range(len(self.program.slots[index].values))]
        by_distance = sorted(codes, key=lambda code: abs(code.bit_length() - home.bit_length()))
        wishes = (self.lowered.is_value(index, code) for code in by_distance)
        return next((wish for wish in wishes if self._solver.check(wish) == z3.sat), z3.BoolVal(val=True))


def _tied(program: Program) -> dict[int, frozenset[int]]:
    """For each slot that an axiom speaks of, those that it may pull along: its own axioms', and theirs in turn."""
    tied: dict[int, frozenset[int]] = {}
    for axiom in program.axioms:
        slots = program.slots_under((axiom,))
        together = frozenset(slots).union(*(tied.get(index, ()) for index in slots))
        tied.update(dict.fromkeys(together, together))
    return tied


def _amiss(program: Program, values: Sequence[int]) -> frozenset[int]:
    """The slots for which some values are not plausible."""
    truths = evaluate(program, state_of(program, values))
    broken = [axiom for axiom in program.axioms if truths[axiom] is not Truth.YES]
    outside = [
        index
        for index, (slot, value) in enumerate(zip(program.slots, values, strict=True))
        if not slot.coded and not slot.low <= value <= slot.high
    ]
    return frozenset(outside).union(program.slots_under(broken))


def _how_near(solver: z3.Solver, variable: z3.ArithRef, home: int, far: int, step: int) -> int:
    """How near to `home` a value can lie that lies at most `far` from it, by halving."""
    best, low, high = far, 0, -(-far // step)
    while low < high:
        middle = (low + high) // 2
        reach = middle * step
        if solver.check(variable >= home - reach, variable <= home + reach) == z3.sat:
            best = abs(solver.model().eval(variable, model_completion=True).as_long() - home)
            high = min(middle, -(-best // step))
        else:
            low = middle + 1
    return best


def _found(result: z3.CheckSatResult) -> Found:
    return Found.SOME if result == z3.sat else Found.NOBODY if result == z3.unsat else Found.UNDECIDED
