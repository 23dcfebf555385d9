"""The explainer shows the branch that decided, and nothing else."""

from __future__ import annotations

import pytest

from isocourse.logic.compiled import compile_program
from isocourse.logic.explain import explain
from isocourse.logic.reference import evaluate
from isocourse.logic.truth import Truth
from tests.logic.small_book import Asked, ask


def leaves(asked: Asked, **known: int | tuple[int, int] | str) -> list[tuple[str, str]]:
    answers = compile_program(asked.program)(asked.state(**known))
    return [(leaf.node.text, leaf.truth.word) for leaf in explain(asked.program, answers, asked.root).leaves()]


@pytest.mark.parametrize(
    ("text", "known", "decided"),
    [
        pytest.param(
            "pregnant and sterilised",
            {"pregnant": "yes", "sterilised": "no"},
            [("sterilised", "no")],
            id="one-no-settles-an-and",
        ),
        pytest.param("pregnant and sterilised", {"sterilised": "no"}, [("sterilised", "no")], id="whatever-is-missing"),
        pytest.param(
            "pregnant and sterilised",
            {"pregnant": "yes", "sterilised": "yes"},
            [("pregnant", "yes"), ("sterilised", "yes")],
            id="a-yes-needs-all-of-an-and",
        ),
        pytest.param(
            "pregnant or sterilised", {"sterilised": "yes"}, [("sterilised", "yes")], id="one-yes-settles-an-or"
        ),
        pytest.param(
            "pregnant or sterilised",
            {"pregnant": "no", "sterilised": "no"},
            [("pregnant", "no"), ("sterilised", "no")],
            id="a-no-needs-all-of-an-or",
        ),
        pytest.param("pregnant or sterilised", {"pregnant": "no"}, [("sterilised", "unknown")], id="only-what-is-open"),
        pytest.param("not(pregnant)", {"pregnant": "yes"}, [("pregnant", "yes")], id="behind-a-not"),
        pytest.param(
            "at least 2 of (pregnant, sterilised, on_tetracycline)",
            {"pregnant": "yes", "sterilised": "no", "on_tetracycline": "yes"},
            [("pregnant", "yes"), ("on_tetracycline", "yes")],
            id="the-ones-that-count",
        ),
        pytest.param(
            "at least 2 of (pregnant, sterilised, on_tetracycline)",
            {"pregnant": "no", "sterilised": "no"},
            [("pregnant", "no"), ("sterilised", "no")],
            id="the-ones-that-rule-it-out",
        ),
        pytest.param(
            "(pregnant or sterilised) and not(adult)",
            {"pregnant": "yes", "age": 20},
            [("age >= 18 years", "yes")],
            id="through-named-conditions",
        ),
    ],
)
def test_only_the_deciding_branch_is_shown(
    text: str, known: dict[str, int | str], decided: list[tuple[str, str]]
) -> None:
    assert leaves(ask(text), **known) == decided


def test_what_is_open_is_shown_in_reading_order() -> None:
    asked = ask("(alt_rise >= 3 or pregnant) and (pregnant or age >= 18 years)")
    assert leaves(asked, age=20) == [("alt_rise >= 3", "unknown"), ("pregnant", "unknown")]


def test_a_comparison_of_two_dates_names_both() -> None:
    asked = ask("today >= first_dose + 30 days")
    assert asked.program.nodes[asked.root].names == ("today", "first_dose")


def test_one_explainer_reads_every_lowering() -> None:
    asked = ask("at least 1 of (pregnant and adult, sterilised)")
    state = asked.state(pregnant="yes")
    compiled, reference = compile_program(asked.program)(state), evaluate(asked.program, state)
    assert explain(asked.program, compiled, asked.root) == explain(asked.program, reference, asked.root)
    assert explain(asked.program, compiled, asked.root).truth is Truth.UNKNOWN
