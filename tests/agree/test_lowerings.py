"""Every lowering gives the same answer in every cell: random rule trees and the real knowledge, at the borders, with gaps."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.app.knowledge import load_library
from isocourse.logic.compiled import compile_program, source
from isocourse.logic.reference import evaluate
from isocourse.logic.tree import Op, Program
from isocourse.logic.truth import Truth
from tests.agree.programs import random_program
from tests.agree.states import Patients, differing

BORDER_SHARE = 0.4
Compared = tuple[int, int, Patients]


def compare(program: Program, seed: int, cells: int) -> Compared:
    """Cells compared, cells that differ, and the patients used."""
    patients = Patients(program, Random(seed))
    run = compile_program(program)
    compared = differ = 0
    while compared < cells:
        state = patients.next()
        answers = run(state)
        differ += differing(evaluate(program, state), answers)
        compared += len(answers)
    return compared, differ, patients


def random_trees(seed: int, cells: int) -> tuple[int, int, float]:
    compared = differ = amounts = on_border = tree = 0
    while compared < cells:
        program = random_program(Random(seed + tree), slots=12, atoms=40, joints=60)
        done, wrong, patients = compare(program, seed + tree, 5_000)
        compared, differ, tree = compared + done, differ + wrong, tree + 1
        amounts, on_border = amounts + patients.amounts, on_border + patients.on_border
    return compared, differ, on_border / amounts


@pytest.fixture(scope="module")
def program() -> Program:
    return load_library().program


def test_the_real_knowledge_says_the_same_in_both_lowerings(program: Program) -> None:
    compared, differ, patients = compare(program, seed=1, cells=60_000)
    assert compared >= 60_000
    assert differ == 0
    assert patients.border_share >= BORDER_SHARE


def test_random_trees_say_the_same_in_both_lowerings() -> None:
    compared, differ, border_share = random_trees(seed=1_000, cells=50_000)
    assert compared >= 50_000
    assert differ == 0
    assert border_share >= BORDER_SHARE


@pytest.mark.slow
def test_a_million_cells_of_the_real_knowledge_and_a_million_of_random_trees(
    program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    compared, differ, patients = compare(program, seed=2, cells=1_000_000)
    trees, trees_differ, trees_share = random_trees(seed=2_000, cells=1_000_000)
    shares = patients.border_share, trees_share
    with capsys.disabled():
        sys.stdout.write(
            f"\nreal knowledge: {compared:,} cells, {differ} differ, {shares[0]:.0%} of amounts on a border\n"
        )
        sys.stdout.write(
            f"random trees: {trees:,} cells, {trees_differ} differ, {shares[1]:.0%} of amounts on a border\n"
        )
    assert (differ, trees_differ) == (0, 0)
    assert min(compared, trees) >= 1_000_000
    assert min(patients.border_share, trees_share) >= BORDER_SHARE


@settings(max_examples=150, deadline=None)
@given(tree=st.integers(0, 10**9), patient=st.integers(0, 10**9), unknown=st.sampled_from([0.0, 0.3, 0.9, 1.0]))
def test_any_tree_and_any_patient(tree: int, patient: int, unknown: float) -> None:
    program = random_program(Random(tree), slots=6, atoms=10, joints=12, top=50)
    state = Patients(program, Random(patient), unknown).next()
    assert [int(answer) for answer in evaluate(program, state)] == compile_program(program)(state)


def test_random_trees_use_every_operator() -> None:
    used = {node.op for seed in range(20) for node in random_program(Random(seed), slots=9, atoms=20, joints=20).nodes}
    assert used == set(Op)


def test_learning_never_turns_a_settled_answer_round(program: Program) -> None:
    rng = Random(3)
    patients, run = Patients(program, rng, unknown=0.6), compile_program(program)
    for _ in range(100):
        state = patients.next()
        before = run(state)
        for place, slot in enumerate(program.slots):
            if not slot.coded and state.low[place] < state.high[place] and rng.random() < 0.5:
                known = rng.randint(state.low[place], state.high[place])
                state.low[place] = state.high[place] = known  # type: ignore[index]  # the generator's own lists
        assert all(new & old == new for old, new in zip(before, run(state), strict=True))


def test_the_compiled_text_holds_integers_and_our_own_names_only(program: Program) -> None:
    words = set(re.findall(r"[A-Za-z_]\w*", source(program)))
    assert {word.rstrip("0123456789") for word in words} <= {
        "def",
        "run",
        "return",
        "if",
        "else",
        "or",
        "not",
        *"LHRlht",
    }


def test_an_answer_is_always_one_of_three(program: Program) -> None:
    state = Patients(program, Random(4)).next()
    assert set(compile_program(program)(state)) <= {int(truth) for truth in Truth}


@pytest.mark.parametrize(
    ("op", "shift"),
    [
        pytest.param(Op.AT_LEAST, lambda steps: steps + 1, id="one-step-more"),
        pytest.param(Op.GAP, lambda days: days + 1, id="one-day-more"),
        pytest.param(Op.RATIO, lambda times: times + times // 20 + 1, id="one-twentieth-more"),
        pytest.param(Op.ONE_OF, lambda codes: codes ^ 1, id="one-code-other"),
    ],
)
def test_a_moved_threshold_is_noticed(program: Program, op: Op, shift: Callable[[int], int]) -> None:
    patients, noticed = Patients(program, Random(5)), 0
    places = [place for place, node in enumerate(program.nodes) if node.op is op and node.numbers[-1]]
    states = [patients.next() for _ in range(1_200)]
    for place in places:
        node = program.nodes[place]
        moved = replace(node, numbers=(shift(node.numbers[0]), *node.numbers[1:]))
        other = Program(program.slots, (*program.nodes[:place], moved, *program.nodes[place + 1 :]))
        run = compile_program(other)
        noticed += any(differing(evaluate(program, state), run(state)) for state in states)
    assert noticed == len(places)
