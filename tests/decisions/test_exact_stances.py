"""Learning a fact takes stances away and never adds one, for every table of the real knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest

from isocourse.app.knowledge import load_library
from isocourse.decisions.answers import Answer, judge
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Origin, Snapshot
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.exact import NONE_FIRED, reachable_rows, reachable_truths
from isocourse.logic.tree import Op, Program, State
from isocourse.logic.truth import Truth
from tests.agree.states import Patients, known_about, learnt, plausible


@dataclass(frozen=True)
class Table:
    """The conditions of one reading's rows."""

    name: str
    rows: tuple[int, ...]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def tables(library: Library) -> list[Table]:
    return [
        Table(f"{edition.key} {cell.point} {position.name} {reading.name}", tuple(row.when for row in reading.rows))
        for edition in library.editions
        for cell in edition.cells
        for position in cell.positions
        for reading in position.readings
    ]


def narrowed(program: Program, state: State, rng: Random, share: float) -> State:
    """The same patient, of whom more is known: single values, or a smaller interval."""
    low, high = list(state.low), list(state.high)
    for place, slot in enumerate(program.slots):
        if rng.random() >= share:
            continue
        if slot.coded:
            low[place] = rng.choice([1 << bit for bit in range(len(slot.values)) if low[place] >> bit & 1])
        else:
            ends = sorted(rng.randint(low[place], high[place]) for _ in range(2))
            low[place], high[place] = ends[0], ends[rng.randint(0, 1)]
    return State(low, high, state.recorded)


@pytest.mark.parametrize("seed", range(12))
def test_learning_never_adds_a_row(library: Library, tables: list[Table], seed: int) -> None:
    rng = Random(seed)
    whole = plausible(library.program, rng)
    state = known_about(library.program, whole, rng, rng.choice([0.4, 0.7, 0.95]))
    more = learnt(library.program, state, whole, rng, rng.choice([0.1, 0.5]))
    for table in tables:
        before = reachable_rows(library.program, state, table.rows)
        after = reachable_rows(library.program, more, table.rows)
        assert after
        assert after <= before, table.name


@pytest.mark.parametrize("seed", range(6))
def test_learning_one_fact_at_a_time_never_adds_a_row(library: Library, tables: list[Table], seed: int) -> None:
    rng = Random(1_000 + seed)
    table = rng.choice([each for each in tables if len(library.program.slots_under(each.rows)) > 2])
    whole = plausible(library.program, rng)
    state = State.blank(library.program)
    found = reachable_rows(library.program, state, table.rows)
    for place in rng.sample(library.program.slots_under(table.rows), len(library.program.slots_under(table.rows))):
        low, high = list(state.low), list(state.high)
        low[place] = whole[place]
        high[place] = high[place] if library.program.slots[place].coded else whole[place]
        state = State(low, high, state.recorded)
        now = reachable_rows(library.program, state, table.rows)
        assert now <= found, (table.name, library.program.slots[place].name)
        found = now
    assert len(found) == 1, "a patient fully known has one answer"


def test_a_patient_fully_known_has_one_answer_which_is_the_row_pass(library: Library, tables: list[Table]) -> None:
    run, rng = compile_program(library.program), Random(5)
    for _ in range(20):
        low = narrowed(library.program, State.blank(library.program), rng, 1.0).low
        state = State(low, low, [int(Truth.YES)] * len(low))
        answers = run(state)
        for table in tables:
            first = next((place for place, row in enumerate(table.rows) if answers[row] == Truth.YES), NONE_FIRED)
            assert reachable_rows(library.program, state, table.rows) == {first}, table.name


def test_exact_sets_lie_within_the_first_look(library: Library, tables: list[Table]) -> None:
    patients, run = Patients(library.program, Random(6), 0.7), compile_program(library.program)
    for _ in range(40):
        state = patients.next()
        answers = run(state)
        for table in tables:
            for place in reachable_rows(library.program, state, table.rows):
                before = table.rows[: place if place != NONE_FIRED else len(table.rows)]
                assert all(answers[row] != Truth.YES for row in before), table.name
                assert place == NONE_FIRED or answers[table.rows[place]] != Truth.NO, table.name


def test_an_exact_truth_never_contradicts_the_first_look(library: Library) -> None:
    patients, run = Patients(library.program, Random(7), 0.7), compile_program(library.program)
    for _ in range(10):
        state = patients.next()
        for root, bits in enumerate(run(state)):
            exact = reachable_truths(library.program, state, root)
            assert exact
            assert exact & bits == exact, library.program.nodes[root].text


def answers_of(library: Library, state: State) -> dict[tuple[str, str, str], Answer]:
    values = compile_program(library.program)(state)
    snapshot = Snapshot(state, (Origin(),) * len(library.program.slots), 739_944, Record())
    return {
        (edition.key, point.name, answer.position): answer
        for point in library.points
        for edition in library.editions
        for answer in judge(library.program, values, snapshot, edition, point, outside=False)
    }


@pytest.mark.parametrize("seed", range(8))
def test_learning_a_clinical_fact_never_adds_an_option(library: Library, seed: int) -> None:
    rng = Random(2_000 + seed)
    whole = plausible(library.program, rng)
    state = known_about(library.program, whole, rng, 0.8)
    before = answers_of(library, state)
    after = answers_of(library, learnt(library.program, state, whole, rng, 0.3))
    for key, answer in after.items():
        if key not in before:
            continue  # not asked of this patient any more, or no longer open whether it is
        old = before[key]
        assert {stance.meaning for stance in answer.stances} <= {stance.meaning for stance in old.stances}, key
        for new_verdict, old_verdict in zip(answer.verdicts, old.verdicts, strict=True):
            assert new_verdict.applies & old_verdict.applies == new_verdict.applies, (key, new_verdict.row.name)


def test_only_tables_that_read_the_file_hold_recorded(library: Library) -> None:
    for point in library.points:
        if point.shape.value not in ("choice", "range"):
            continue
        for edition in library.editions:
            roots = [
                row.when
                for position in edition.cell(point.name).positions
                for reading in position.readings
                for row in reading.rows
            ]
            assert all(library.program.nodes[node].op is not Op.RECORDED for node in library.program.under(roots)), (
                edition.key
            )
