"""Exact sets hold exactly the rows that some patient reaches: brute force over every patient agrees."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.logic.exact import NONE_FIRED, reachable_rows, reachable_truths
from isocourse.logic.tree import Builder, Group, Op, Program, Slot, State
from isocourse.logic.truth import Truth
from tests.agree.brute_force import rows_by_brute_force
from tests.agree.programs import random_program
from tests.agree.states import Patients


def table(seed: int) -> tuple[Program, State, tuple[int, ...]]:
    """A small random table, a patient of whom little is known, and the table's rows."""
    rng = Random(seed)
    program = random_program(rng, slots=rng.randint(2, 5), atoms=rng.randint(3, 8), joints=rng.randint(2, 8), top=7)
    state = Patients(program, rng, rng.choice([0.3, 0.6, 1.0])).next()
    rows = tuple(rng.sample(range(len(program.nodes)), min(len(program.nodes), rng.randint(1, 4))))
    axioms = rng.sample(range(len(program.nodes)), min(len(program.nodes), rng.choice([0, 0, 1, 2])))
    program = replace(program, axioms=tuple(axioms))
    return program, with_groups(rng, program, state), rows


def with_groups(rng: Random, program: Program, state: State) -> State:
    """Sometimes two slots are parts of one of several events."""
    if rng.random() < 0.5 or len(program.slots) < 2:
        return state
    slots = tuple(rng.sample(range(len(program.slots)), 2))
    rows = tuple(tuple(_part(rng, program.slots[slot]) for slot in slots) for _ in range(rng.randint(1, 3)))
    low, high = list(state.low), list(state.high)
    for column, slot in enumerate(slots):
        parts = [row[column] for row in rows]
        if program.slots[slot].coded:
            low[slot] = 0
            for bits, _ in parts:
                low[slot] |= bits
        else:
            low[slot], high[slot] = min(least for least, _ in parts), max(most for _, most in parts)
    return State(low, high, state.recorded, (Group(slots, rows),))


def _part(rng: Random, slot: Slot) -> tuple[int, int]:
    if slot.coded:
        return rng.randint(1, (1 << len(slot.values)) - 1), 0
    ends = sorted((rng.randint(slot.low, slot.high), rng.randint(slot.low, slot.high)))
    return ends[0], ends[1] if rng.random() < 0.5 else ends[0]


def exact(program: Program, state: State, rows: tuple[int, ...]) -> bool:
    """Whether the search finds what brute force finds; a file that breaks an axiom is answered as if there were none."""
    by_force = rows_by_brute_force(program, state, rows)
    found = reachable_rows(program, state, rows)
    return found == by_force if by_force else found >= rows_by_brute_force(replace(program, axioms=()), state, rows)


@pytest.mark.parametrize("block", range(8))
def test_random_tables_reach_exactly_what_brute_force_reaches(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        program, state, rows = table(seed)
        assert exact(program, state, rows), seed


@pytest.mark.slow
def test_ten_thousand_random_tables_reach_exactly_what_brute_force_reaches() -> None:
    for seed in range(10_000, 20_000):
        program, state, rows = table(seed)
        assert exact(program, state, rows), seed


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=10**6, max_value=10**9))
def test_any_table_reaches_exactly_what_brute_force_reaches(seed: int) -> None:
    program, state, rows = table(seed)
    assert exact(program, state, rows)


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=10**6, max_value=10**9))
def test_one_condition_is_decided_exactly(seed: int) -> None:
    program, state, rows = table(seed)
    by_force = rows_by_brute_force(program, state, rows[:1])
    if not by_force:  # everybody breaks an axiom
        return
    assert reachable_truths(program, state, rows[0]) == (2 if 0 in by_force else 0) | (
        1 if NONE_FIRED in by_force else 0
    )


def two_slots(high: int) -> tuple[Builder, int, int]:
    builder = Builder()
    return builder, builder.slot(Slot("one", 1, high)), builder.slot(Slot("other", 1, high))


@pytest.mark.parametrize("high", [6, 150, 800_000, 10**12], ids=["days", "months", "dates", "fine-steps"])
def test_after_and_not_after_leave_nothing_between_however_wide_the_range(high: int) -> None:
    builder, one, other = two_slots(high)
    after = builder.node(Op.GAP, (one, other), (1,))
    not_after = builder.node(Op.GAP, (other, one), (0,))
    program = builder.program()
    assert reachable_rows(program, State.blank(program), (after, not_after)) == {0, 1}


@pytest.mark.parametrize("high", [40, 10**6, 10**12], ids=["small", "large", "fine-steps"])
def test_three_times_or_more_and_three_times_or_less_leave_nothing_between(high: int) -> None:
    builder, one, other = two_slots(high)
    at_least = builder.node(Op.RATIO, (one, other), (1, 3))
    at_most = builder.node(Op.RATIO, (other, one), (3, 1))
    program = builder.program()
    assert reachable_rows(program, State.blank(program), (at_least, at_most)) == {0, 1}


@pytest.mark.parametrize("high", [40, 10**12], ids=["small", "fine-steps"])
def test_a_circle_of_three_dates_cannot_close(high: int) -> None:
    builder, one, other = two_slots(high)
    third = builder.slot(Slot("third", 1, high))
    pairs = ((one, other), (other, third), (third, one))
    circle = builder.node(Op.AND, tuple(builder.node(Op.GAP, pair, (1,)) for pair in pairs))
    program = builder.program()
    assert reachable_truths(program, State.blank(program), circle) == Truth.NO


@pytest.mark.parametrize("high", [60, 10**12], ids=["small", "fine-steps"])
def test_a_ratio_and_a_gap_that_exclude_each_other_are_seen(high: int) -> None:
    builder, one, other = two_slots(high)
    both = builder.node(
        Op.AND, (builder.node(Op.RATIO, (one, other), (1, 1)), builder.node(Op.GAP, (other, one), (1,)))
    )
    program = builder.program()
    assert reachable_truths(program, State.blank(program), both) == Truth.NO
