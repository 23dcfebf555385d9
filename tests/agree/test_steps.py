"""Steps are judged alike by every lowering, and two courses are opposed for exactly whom the solver says."""

from __future__ import annotations

from itertools import count
from random import Random

import pytest
import z3

from isocourse.decisions.answers import Answer, judge, staged
from isocourse.decisions.dates import days_of
from isocourse.decisions.kept import Kept
from isocourse.decisions.opposed import clashes
from isocourse.decisions.tables import Edition, Point, Shape
from isocourse.facts.days import day_number
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Origin, Snapshot
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.reference import evaluate
from isocourse.logic.tree import State
from isocourse.logic.truth import Truth
from isocourse.proofs.lowering import Lowered, state_of
from isocourse.proofs.pairs import Relation, held, pairs
from isocourse.proofs.question import Asker
from tests.agree.states import Patients, plausible

PATIENTS = 250
"""How many are judged at least: as many more as it takes until every kind of finding was met."""


def step_points(library: Library) -> list[Point]:
    return [point for point in library.points if point.shape is Shape.STEPS]


def step_answers(library: Library, values: list[int], state: State) -> list[Answer]:
    snapshot = Snapshot(state, (Origin(),) * len(state.low), 0, Record())
    return [
        answer
        for point in step_points(library)
        for edition in library.editions
        for answer in judge(library.program, values, snapshot, edition, point, outside=False)
    ]


def test_every_document_answers_the_points_of_steps(library: Library) -> None:
    assert {point.name for point in step_points(library)} == {"titration", "overlap"}
    assert all(edition.cell(point.name) for edition in library.editions for point in step_points(library))


def test_the_reference_and_the_compiled_rules_judge_steps_alike(library: Library) -> None:
    patients, run = Patients(library.program, Random(11), unknown=0.25), compile_program(library.program)
    shown: set[Kept] = set()
    for number in count():
        if number >= PATIENTS and shown == set(Kept):
            break
        assert number < 10 * PATIENTS, shown
        state = patients.next()
        one = step_answers(library, [int(truth) for truth in evaluate(library.program, state)], state)
        other = step_answers(library, run(state), state)
        day_of = days_of(library.program, Snapshot(state, (), 0, Record()))
        for mine, theirs in zip(one, other, strict=True):
            assert mine.verdicts == theirs.verdicts
            assert staged(mine, day_of) == staged(theirs, day_of)
            shown |= {verdict.kept for verdict in mine.verdicts}


def in_the_first_weeks(library: Library, state: State, rng: Random) -> State:
    """The same patient, in the first weeks of a course: what is ordered a day is roughly known."""
    low, high = list(state.low), list(state.high)
    place = {slot.name: index for index, slot in enumerate(library.program.slots)}
    today = day_number(2026, 3, 1)
    begun, dose = today - rng.randint(0, 40), rng.randint(1_500, 9_000)
    wide = {"first_dose": (begun, begun + rng.randint(0, 3)), "ordered_daily_dose": (dose, dose + rng.randint(0, 300))}
    steps = library.program.slots[place["weight"]]
    kilos = steps.low * 4 + rng.randint(0, steps.low)
    for name, ends in {"today": (today, today), "weight": (kilos, kilos), **wide}.items():
        low[place[name]], high[place[name]] = ends
    low[place["finished"]] = int(Truth.NO)
    return State(low, high, state.recorded)


@pytest.mark.parametrize("seed", range(3))
def test_learning_never_turns_a_step_that_is_judged(library: Library, seed: int) -> None:
    """What the file shows broken or kept with little known stays so when more is."""
    rng = Random(seed)
    run, checked = compile_program(library.program), 0
    for _ in range(40):
        loose = in_the_first_weeks(library, Patients(library.program, rng, unknown=0.3).next(), rng)
        known = tuple(
            (low & -low) if slot.coded else rng.randint(low, high)
            for slot, low, high in zip(library.program.slots, loose.low, loose.high, strict=True)
        )
        tight = state_of(library.program, known)
        before, after = (
            {
                (answer.edition.key, answer.position, answer.point.name, verdict.row.name): verdict
                for answer in step_answers(library, run(state), state)
                for verdict in answer.verdicts
            }
            for state in (loose, tight)
        )
        for key, verdict in before.items():
            if verdict.kept in (Kept.BROKEN, Kept.KEPT) and key in after:
                checked += 1
                assert after[key].kept is verdict.kept, key
    assert checked > 20


def test_two_courses_are_opposed_for_exactly_whom_the_solver_says(library: Library) -> None:
    asker, rng = Asker(library.program), Random(5)
    found = list(pairs(asker, library.editions, tuple(step_points(library))))
    opposed = [pair for pair in found if pair.relation is Relation.OPPOSED]
    assert opposed, "no two courses are opposed; this test asserts nothing"
    assert not [pair for pair in found if pair.relation is Relation.UNDECIDED]
    lowered = Lowered(library.program)
    for _ in range(12):
        whole = plausible(library.program, rng)
        state = state_of(library.program, whole)
        answers = step_answers(library, compile_program(library.program)(state), state)
        clashing = {
            frozenset((clash.one.edition.key + clash.one.position, clash.other.edition.key + clash.other.position))
            for clash in clashes(answers, lambda _: None)
            if clash.kind == "opposed"
        }
        solver = z3.SolverFor("QF_LIA")
        solver.add(*(lowered.is_value(index, value) for index, value in enumerate(whole)))
        assert solver.check() == z3.sat
        model = solver.model()
        for pair in opposed:
            assert pair.where is not None
            key = frozenset(each.edition.key + each.position.name for each in (pair.one, pair.other))
            assert z3.is_true(model.eval(pair.where, model_completion=True)) == (key in clashing)


def positions_of(library: Library, edition: Edition) -> int:
    return sum(len(list(held((edition,), point))) for point in step_points(library))


def test_a_condition_of_a_step_that_is_not_known_leaves_the_step_open(library: Library) -> None:
    state = State.blank(library.program)
    values = compile_program(library.program)(state)
    edition = library.edition("pediatric/2013")
    (answer,) = [each for each in step_answers(library, values, state) if each.edition is edition and each.verdicts]
    assert positions_of(library, edition) == 1
    assert [verdict.holds for verdict in answer.verdicts] == [(Truth.YES, Truth.UNKNOWN)]
