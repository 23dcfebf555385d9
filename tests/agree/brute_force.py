"""The oracle for exact sets: every patient there could be, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from isocourse.logic.exact import NONE_FIRED
from isocourse.logic.reference import evaluate
from isocourse.logic.tree import Program, State
from isocourse.logic.truth import Truth


def rows_by_brute_force(program: Program, state: State, rows: Sequence[int]) -> frozenset[int]:
    """The rows that are the first to hold for some patient fully known, or `NONE_FIRED`; nobody who breaks an axiom counts.

    Only the axioms that tie slots of the table are looked at. Where everybody breaks one, nothing is found.
    """
    found: set[int] = set()
    read = set(program.slots_under(rows))
    axioms = [axiom for axiom in program.axioms if read.issuperset(program.slots_under((axiom,)))]
    for whole in completions(program, state):
        answers = evaluate(program, whole)
        if any(answers[axiom] is Truth.NO for axiom in axioms):
            continue
        assert all(answers[row] is not Truth.UNKNOWN for row in rows)
        found.add(next((place for place, row in enumerate(rows) if answers[row] is Truth.YES), NONE_FIRED))
    return frozenset(found)


def completions(program: Program, state: State) -> Iterator[State]:
    """Every patient fully known who fits the state; parts of one event come from the same event."""
    for choice in product(*(group.rows for group in state.groups)):
        low, high = list(state.low), list(state.high)
        for group, row in zip(state.groups, choice, strict=True):
            for slot, (least, most) in zip(group.slots, row, strict=True):
                low[slot], high[slot] = least, most
        ranges = [
            [1 << bit for bit in range(len(slot.values)) if least >> bit & 1] if slot.coded else range(least, most + 1)
            for slot, least, most in zip(program.slots, low, high, strict=True)
        ]
        for values in product(*ranges):
            yield State(values, values, state.recorded)
