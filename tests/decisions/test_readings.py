"""Where a sentence can be taken in two ways, the reading that acts is never the milder one."""

from __future__ import annotations

import random

import pytest

from isocourse.decisions.dates import moved
from isocourse.decisions.tables import Point, Position, Reading, Row, Shape
from isocourse.facts.days import day_number
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.tree import Op, Program, State
from isocourse.logic.truth import Truth

ANCHOR = day_number(2026, 1, 31)


def positions(library: Library, *shapes: Shape) -> list[tuple[str, Point, Position]]:
    """Every position that can be taken in more than one way."""
    return [
        (f"{edition.key} {cell.point} {position.name}", library.point(cell.point), position)
        for edition in library.editions
        for cell in edition.cells
        if library.point(cell.point).shape in shapes
        for position in cell.positions
        if len(position.readings) > 1
    ]


def known_patient(program: Program, chance: random.Random) -> State:
    """Someone of whom everything is known, most amounts near a ratio or threshold that a row asks about."""
    low = []
    for slot in program.slots:
        low.append(
            1 << chance.randrange(len(slot.values))
            if slot.coded
            else chance.randint(slot.low, min(slot.high, slot.low + 10**6))
        )
    for node in program.nodes:
        if node.op is Op.RATIO and chance.random() < 0.7:
            over, under = node.args
            p, q = node.numbers
            wanted = low[under] * q // max(p, 1) + chance.choice([-1, 0, 1])
            low[over] = min(max(wanted, program.slots[over].low), program.slots[over].high)
    high = [0 if slot.coded else value for slot, value in zip(program.slots, low, strict=True)]
    return State(low, high, [int(Truth.YES)] * len(low))


def first(reading: Reading, values: list[int]) -> Row | None:
    return next((row for row in reading.rows if values[row.when] == Truth.YES), None)


def milder(point: Point, one: Row | None, other: Row | None) -> bool:
    """Whether every option of `one` is less safe than some option of `other`; silence is milder than a stop that leaves no other way."""
    if other is None or one is other:
        return False
    theirs = other.take
    if one is None:
        return all(point.option(name).stand == "forbids" for name in theirs)
    return all(any(point.safer(their, mine) for their in theirs) for mine in one.take)


def test_the_acting_reading_of_a_choice_is_never_milder(library: Library) -> None:
    found = positions(library, Shape.CHOICE)
    assert found, "no choice has two readings; this test asserts nothing"
    run, chance, apart = compile_program(library.program), random.Random(20261124), 0
    for _ in range(3000):
        values = run(known_patient(library.program, chance))
        for name, point, position in found:
            acting = first(position.acting, values)
            for reading in position.readings:
                other = first(reading, values)
                apart += other is not acting and (other is None or acting is None or other.take != acting.take)
                assert not milder(point, acting, other), (name, reading.name)
    assert apart > 50, "the readings never differed; the patients are not near the thresholds"


def test_the_acting_reading_of_a_window_lies_inside_every_other_one(library: Library) -> None:
    found = positions(library, Shape.SCHEDULE)
    assert found, "no schedule has two readings; this test asserts nothing"
    for name, _, position in found:
        for reading in position.readings:
            for mine, theirs in zip(position.acting.rows, reading.rows, strict=True):
                if mine.duty and theirs.duty and mine.duty.window and theirs.duty.window:
                    inner, outer = mine.duty.window, theirs.duty.window
                    begin = moved(ANCHOR, inner.low, inner.unit) >= moved(ANCHOR, outer.low, outer.unit)
                    end = moved(ANCHOR, inner.high, inner.unit) <= moved(ANCHOR, outer.high, outer.unit)
                    assert begin and end, (name, reading.name, mine.name)  # noqa: PT018 - one statement: it lies inside


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_acting_reading_of_findings_forbids_whatever_another_one_forbids(library: Library, seed: int) -> None:
    found = positions(library, Shape.FINDINGS)
    assert found, "no findings have two readings; this test asserts nothing"
    run, chance = compile_program(library.program), random.Random(seed)
    for _ in range(500):
        values = run(known_patient(library.program, chance))
        for name, point, position in found:
            barred = {place for place, row in enumerate(position.acting.rows) if holds(point, row, values)}
            for reading in position.readings:
                others = {place for place, row in enumerate(reading.rows) if holds(point, row, values)}
                assert others <= barred, (name, reading.name)


def holds(point: Point, row: Row, values: list[int]) -> bool:
    return values[row.when] == Truth.YES and all(point.option(name).stand == "forbids" for name in row.take)
