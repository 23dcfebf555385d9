"""The solver says what the reference says: of patients fully known, and in three values of patients who are not."""

from __future__ import annotations

from random import Random

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.logic.compiled import compile_program
from isocourse.logic.reference import evaluate
from isocourse.logic.tree import Program, State
from isocourse.logic.truth import Truth
from isocourse.proofs.lowering import Lowered, Planes, state_of
from tests.agree.programs import random_program
from tests.agree.states import Patients


def whole(program: Program, state: State, rng: Random) -> tuple[int, ...]:
    """One patient fully known who fits a state."""
    return tuple(
        1 << rng.choice([bit for bit in range(len(slot.values)) if low >> bit & 1])
        if slot.coded
        else rng.choice((low, high))
        for slot, low, high in zip(program.slots, state.low, state.high, strict=True)
    )


def differ_when_known(program: Program, values: tuple[int, ...]) -> int:
    """How many nodes the solver answers otherwise than the reference, for a patient fully known."""
    lowered, solver = Lowered(program), z3.SolverFor("QF_LIA")
    solver.add(*(lowered.is_value(index, value) for index, value in enumerate(values)))
    solver.add(*(lowered.recorded(index) for index in range(len(values))))
    nodes = [lowered.node(index) for index in range(len(program.nodes))]
    assert solver.check() == z3.sat
    model = solver.model()
    reference = evaluate(program, state_of(program, values))
    said = [z3.is_true(model.eval(node, model_completion=True)) for node in nodes]
    return sum((truth is Truth.YES) != one for truth, one in zip(reference, said, strict=True))


def differ_in_three_values(program: Program, state: State) -> int:
    """How many nodes the planes answer otherwise than the compiled rules, for a patient of whom some is not known."""
    planes, solver = Planes(program), z3.SolverFor("QF_LIA")
    for index, slot in enumerate(program.slots):
        if slot.coded:
            for bit, code in enumerate(planes.codes(index)):
                solver.add(code if state.low[index] >> bit & 1 else z3.Not(code))
        else:
            low, high = planes.ends(index)
            solver.add(low == state.low[index], high == state.high[index])
        told = planes.recorded(index)
        solver.add(told if state.recorded[index] == Truth.YES else z3.Not(told))
    nodes = [planes.node(index) for index in range(len(program.nodes))]
    assert solver.check() == z3.sat
    model = solver.model()
    said = [
        (2 if z3.is_true(model.eval(yes, model_completion=True)) else 0)
        | (1 if z3.is_true(model.eval(no, model_completion=True)) else 0)
        for yes, no in nodes
    ]
    return sum(one != other for one, other in zip(said, compile_program(program)(state), strict=True))


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_any_tree_and_any_patient_fully_known(seed: int) -> None:
    rng = Random(seed)
    program = random_program(rng, slots=6, atoms=12, joints=14, top=60)
    state = Patients(program, rng, unknown=0.3).next()
    assert differ_when_known(program, whole(program, state, rng)) == 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_any_tree_in_three_values(seed: int) -> None:
    rng = Random(seed)
    program = random_program(rng, slots=6, atoms=12, joints=14, top=60)
    assert differ_in_three_values(program, Patients(program, rng, unknown=0.4).next()) == 0


def test_the_real_knowledge(library_program: Program) -> None:
    rng = Random(7)
    patients = Patients(library_program, rng, unknown=0.3)
    for _ in range(6):
        state = patients.next()
        assert differ_when_known(library_program, whole(library_program, state, rng)) == 0
        assert differ_in_three_values(library_program, state) == 0


def test_a_moved_threshold_would_be_noticed(library_program: Program) -> None:
    program = library_program
    place = next(place for place, node in enumerate(program.nodes) if node.op == "at_least")
    slot, number = program.nodes[place].args[0], program.nodes[place].numbers[0]
    values = list(State.blank(program).low)
    for index, each in enumerate(program.slots):
        values[index] = 1 if each.coded else values[index]
    values[slot] = number
    moved = replace(program.nodes[place], numbers=(number + 1,))
    other = Program(program.slots, (*program.nodes[:place], moved, *program.nodes[place + 1 :]), program.axioms)
    assert evaluate(program, state_of(program, values))[place] is Truth.YES
    assert evaluate(other, state_of(other, values))[place] is Truth.NO


@pytest.fixture(scope="module")
def library_program() -> Program:
    from isocourse.app.knowledge import load_library

    return load_library().program
