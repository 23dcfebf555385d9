"""Axioms: what must hold of every patient, for the solver, the exact sets, random patients and the record reader alike."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from isocourse.app.assess import assess
from isocourse.app.given import given_snapshot
from isocourse.facts.axioms import broken
from isocourse.library import Asked, Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.exact import reachable_truths
from isocourse.logic.reference import evaluate
from isocourse.logic.truth import Truth
from isocourse.proofs.lowering import state_of
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from tests.agree.states import plausible

TODAY = date(2026, 11, 24).toordinal()


def problems(library: Library, facts: str) -> list[str]:
    text = f"isocourse: '1'\npatient: {{}}\nfacts: {facts}\n"
    record = record_of(load_text(text, "record"), "record", library.catalogue, TODAY)
    return [problem.line() for problem in assess(library, record, Asked(TODAY)).record.problems]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        pytest.param("{on_treatment: yes, finished: yes}", "a course is running or over", id="running-and-over"),
        pytest.param(
            "{first_dose: '2026-03-01', last_dose: '2026-02-01'}", "first dose is not after the last", id="doses"
        ),
        pytest.param("{pregnant: yes, female_organs: no}", "a pregnancy speaks for an anatomy", id="pregnant-without"),
        pytest.param(
            "{'any(symptoms, kind = sudden_vision_loss, current)': yes, 'any(symptoms, kind = visual_disturbance, current)': no}",
            "is part of",
            id="a-kind-without-its-kind",
        ),
    ],
)
def test_a_record_that_does_not_fit_together_is_told_so(library: Library, facts: str, said: str) -> None:
    found = problems(library, facts)
    assert any("it does not fit together" in line and said in line for line in found), found


def test_a_record_that_fits_together_is_not_scolded(library: Library) -> None:
    assert (
        problems(library, "{on_treatment: yes, finished: no, first_dose: '2026-03-01', last_dose: '2026-12-01'}") == []
    )


def test_nothing_is_left_out_for_it(library: Library) -> None:
    snapshot = given_snapshot(library, {"on_treatment": "yes", "finished": "yes"})
    values = compile_program(library.program)(snapshot.state)
    found = list(broken(library.axioms, values))
    assert found
    assert not any(problem.left_out for problem in found)


@pytest.mark.parametrize("seed", range(4))
def test_random_patients_break_none(library: Library, seed: int) -> None:
    truths = evaluate(library.program, state_of(library.program, plausible(library.program, Random(seed))))
    assert all(truths[axiom.node] is Truth.YES for axiom in library.axioms)


def test_an_axiom_settles_what_no_file_says(library: Library) -> None:
    snapshot = given_snapshot(library, {"first_dose": "2026-10-01", "today": "2026-09-01"})
    on_treatment = next(
        place for place, node in enumerate(library.program.nodes) if node.text == "on_treatment" and node.op == "one_of"
    )
    slots = set(library.program.slots_under((on_treatment,)))
    tied = [axiom for axiom in library.axioms if set(library.program.slots_under((axiom.node,))) <= slots]
    assert tied == [], "an axiom over more slots than the question reads is not looked at"
    assert Truth(reachable_truths(library.program, snapshot.state, on_treatment)) is Truth.UNKNOWN


def test_months_are_28_to_31_days(library: Library) -> None:
    names = [axiom.name for axiom in library.axioms if "months_since_last_dose" in axiom.name]
    assert names
    found = problems(library, "{months_since_last_dose: 3 months, last_dose: '2026-11-01', today: '2026-11-24'}")
    assert any("84 to 93 days" in line for line in found), found
