"""Each theorem holds of the knowledge that ships, and bites on a knowledge in which one thing is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from isocourse.app.prove import Shown, prove
from isocourse.decisions.tables import Cell, Edition, Position, Reading, Row
from isocourse.library import Library
from isocourse.logic.tree import Node, Op, Program
from isocourse.proofs.question import Asker, Found
from isocourse.proofs.theorems import Outcome

Change = Callable[[Row], Row]


def with_row(library: Library, key: str, point: str, name: str, change: Change) -> Library:
    """The library in which one row is another."""

    def rows(reading: Reading) -> Reading:
        return replace(reading, rows=tuple(change(row) if row.name == name else row for row in reading.rows))

    def position(each: Position) -> Position:
        return replace(each, readings=tuple(rows(reading) for reading in each.readings))

    def cell(each: Cell) -> Cell:
        return replace(each, positions=tuple(map(position, each.positions))) if each.point == point else each

    def edition(each: Edition) -> Edition:
        return replace(each, cells=tuple(map(cell, each.cells))) if each.key == key else each

    editions = tuple(map(edition, library.editions))
    assert editions != library.editions, "the row to change is not there any more"
    return replace(library, editions=editions)


def grown(library: Library, *nodes: Node) -> tuple[Library, int]:
    """The library with nodes at the end of its program, and the place of the last."""
    program = library.program
    larger = Program(program.slots, (*program.nodes, *nodes), program.axioms)
    return replace(library, program=larger), len(larger.nodes) - 1


def failures(library: Library, theorem: str) -> list[Shown]:
    return [each for each in prove(library) if each.proof.theorem == theorem and each.proof.outcome is Outcome.FAILS]


def test_everything_is_proved_or_excepted_with_a_reason(library: Library) -> None:
    shown = list(prove(library))
    assert {each.proof.outcome for each in shown} <= {Outcome.PROVED, Outcome.EXCEPTED}
    assert all(each.proof.why for each in shown if each.proof.outcome is Outcome.EXCEPTED)
    assert {each.proof.theorem for each in shown} == {name for name, _ in library.theorems.say}


def test_a_gate_that_asks_for_no_test_is_noticed(library: Library) -> None:
    world, always = grown(library, Node(Op.TRUE))

    def lax(row: Row) -> Row:
        assert row.duty is not None
        return replace(row, duty=replace(row.duty, met=always))

    for edition in library.editions:
        cell = edition.cell("pregnancy_tests")
        asks = [row.name for each in cell.positions for row in each.acting.rows if row.duty and row.duty.met >= 0]
        for name in dict.fromkeys(asks):  # two positions may call their rows alike, and both are changed at once
            world = with_row(world, edition.key, "pregnancy_tests", name, lax)
    found = failures(world, "no_go_on_unknown")
    assert "eu-label/2018" in {each.proof.about for each in found}
    assert all(each.patient for each in found)


def test_a_protocol_that_allows_a_tetracycline_is_noticed(library: Library) -> None:
    world = with_row(
        library, "eu-label/2018", "contraindications", "tetracycline", lambda row: replace(row, take=("may_give",))
    )
    found = failures(world, "red_lines_are_never_allowed")
    assert [each.proof.about for each in found] == [
        "tetracycline_together: eu-label/2018 contraindications tetracycline"
    ]
    assert dict(found[0].patient)["any(drugs, kind = tetracycline, current)"] == "yes"


def test_a_missing_fact_that_acts_as_a_no_is_noticed(library: Library) -> None:
    slot = library.program.slot_named("pregnant")
    assert slot is not None
    told, asked = Node(Op.RECORDED, (slot,)), Node(Op.ONE_OF, (slot,), (2,))
    base = len(library.program.nodes)
    world, both = grown(library, told, asked, Node(Op.AND, (base, base + 1)))
    world = with_row(world, "eu-label/2018", "stop_now", "pregnancy", lambda row: replace(row, when=both))
    assert len(failures(world, "learning_never_turns_an_answer")) == 1


def test_a_value_that_relaxes_when_it_gets_worse_is_noticed(library: Library) -> None:
    slot = library.program.slot_named("alt_now")
    assert slot is not None
    at_least = Node(Op.AT_LEAST, (slot,), (6_000,))
    base = len(library.program.nodes)
    world, below = grown(library, at_least, Node(Op.NOT, (base,)))
    world = with_row(world, "seed-review/2025", "lab_stop", "row1", lambda row: replace(row, when=below))
    found = [each.proof.about for each in failures(world, "worse_never_relaxes")]
    assert "alt_now: seed-review/2025 lab_stop body" in found


def test_a_paper_that_helps_by_being_missing_is_noticed(library: Library) -> None:
    name = next(
        fact.name for fact in library.facts if fact.kind == "documentary" and library.program.slot_named(fact.name)
    )
    slot = library.program.slot_named(name)
    assert slot is not None
    world, without = grown(library, Node(Op.ONE_OF, (slot,), (1,)))

    def odd(row: Row) -> Row:
        assert row.duty is not None
        return replace(row, duty=replace(row.duty, met=without))

    world = with_row(world, "eu-label/2018", "contraception", "method", odd)
    assert len(failures(world, "a_missing_paper_never_helps")) == 1


def test_a_milder_reading_that_acts_is_noticed(library: Library) -> None:
    def swapped(each: Position) -> Position:
        readings = tuple(replace(reading, acts=reading.name == "trebled_first_value") for reading in each.readings)
        return replace(each, readings=readings) if each.name == "conclusion" else each

    editions = tuple(
        replace(
            edition,
            cells=tuple(
                replace(cell, positions=tuple(map(swapped, cell.positions))) if cell.point == "lab_stop" else cell
                for cell in edition.cells
            ),
        )
        if edition.key == "seed-review/2025"
        else edition
        for edition in library.editions
    )
    assert failures(replace(library, editions=editions), "the_acting_reading_is_not_milder")


def test_an_exception_that_excepts_nothing_is_a_mistake(library: Library) -> None:
    old = library.theorems.exempt[0]
    stale = replace(
        library, theorems=replace(library.theorems, exempt=(*library.theorems.exempt, replace(old, about="nobody")))
    )
    assert [each.proof.about for each in prove(stale) if each.proof.outcome is Outcome.FAILS] == ["nobody"]


@pytest.mark.parametrize("limit_ms", [pytest.param(1, id="a-millisecond")])
def test_a_solver_that_runs_out_of_time_has_proved_nothing(limit_ms: int) -> None:
    program, place = _hard()
    found = Asker(program, limit_ms).exists(Asker(program, limit_ms).lowered.node(place))
    assert found in (Found.UNDECIDED, Found.SOME)


def _hard() -> tuple[Program, int]:
    """A question that has an answer, and takes longer than a millisecond: many amounts tied in circles."""
    from random import Random

    from tests.agree.programs import random_program

    program = random_program(Random(5), slots=120, atoms=900, joints=900, top=10**6)
    return program, len(program.nodes) - 1
