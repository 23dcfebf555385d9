"""Asks the solver whether some plausible patient fits a formula, and finds the one who differs least from a reference patient."""

from __future__ import annotations

from enum import StrEnum

import z3

from isocourse.logic.tree import Program
from isocourse.proofs.lowering import Formula, Lowered
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
        """A patient who fits, differing from the reference in as few facts as could be found, with round amounts near its own.

        Every fact is first tried at its reference value; a fact that cannot keep it is put on the clinical grid, then as near
        to the reference as it goes. None where nobody fits or the solver gave up.
        """
        solver, lowered = self._solver, self.lowered
        solver.push()
        try:
            solver.add(*formulas)
            if solver.check() != z3.sat:
                return None
            moved = self._keep(reference)
            for index in moved:
                self._near(index, reference)
            solver.check()
            model = solver.model()
            return tuple(lowered.value(model, index) for index in range(len(self.program.slots)))
        finally:
            solver.pop()

    def _keep(self, reference: Reference) -> list[int]:
        """Fixes as many slots as possible at their reference values, the day and what is steady first; the others are returned."""
        changing = [index for index in range(len(reference.values)) if index in reference.last]
        steady = [index for index in range(len(reference.values)) if index not in reference.last]
        today = self.program.slot_named("today")
        first = [today] if today is not None else []
        steady = [index for index in steady if index not in first]
        return [*self._fix(first, reference), *self._fix(steady, reference), *self._fix(changing, reference)]

    def _fix(self, slots: list[int], reference: Reference) -> list[int]:
        """Fixes at once what can be fixed at once, and tries the rest one by one."""
        solver = self._solver
        wanted = {index: self.lowered.is_value(index, reference.values[index]) for index in slots}
        if solver.check(*wanted.values()) == z3.sat:
            solver.add(*wanted.values())
            return []
        tied = {_name(each) for each in solver.unsat_core()}
        loose = [index for index in slots if _name(wanted[index]) not in tied]
        moved = []
        for index in (*loose, *(each for each in slots if each not in loose)):
            if solver.check(wanted[index]) == z3.sat:
                solver.add(wanted[index])
            else:
                moved.append(index)
        return moved

    def _near(self, index: int, reference: Reference) -> None:
        """Puts a slot on the grid, as near to the reference as it goes."""
        slot = self.program.slots[index]
        solver, lowered = self._solver, self.lowered
        if slot.coded:
            solver.check()
            solver.add(lowered.is_value(index, lowered.value(solver.model(), index)))
            return
        variable, grid, home = lowered.number(index), reference.grid[index], reference.values[index]
        for size in (grid, 1):
            multiple = z3.Int(f"grid of {slot.name} by {size}")
            on_grid = variable == multiple * size
            if solver.check(on_grid) == z3.sat:
                solver.add(on_grid)
                break
        solver.check()
        here = lowered.value(solver.model(), index)
        near = _nearest(solver, variable, here, home, size)
        solver.add(variable == near)


def _name(formula: Formula) -> int:
    """What tells a formula from every other that is alive; printing it would tell too, and takes longer than the solver."""
    number: int = formula.get_id()  # type: ignore[attr-defined]  # the stubs leave it out
    return number


def _nearest(solver: z3.Solver, variable: z3.ArithRef, here: int, home: int, step: int) -> int:
    """The value nearest to `home` on the side of `here`, by halving."""
    best, low, high = here, 0, -(-abs(here - home) // step)
    while low < high:
        middle = (low + high) // 2
        reach = middle * step
        closer = z3.And(variable >= home - reach, variable <= home + reach)
        if solver.check(closer) == z3.sat:
            found = solver.model().eval(variable, model_completion=True).as_long()
            best, high = found, min(middle, -(-abs(found - home) // step))
        else:
            low = middle + 1
    return best


def _found(result: z3.CheckSatResult) -> Found:
    return Found.SOME if result == z3.sat else Found.NOBODY if result == z3.unsat else Found.UNDECIDED
