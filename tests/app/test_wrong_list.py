"""An illness typed into the wrong list is understood, or its writer is told the right one; it never passes for nothing."""

from __future__ import annotations

import pytest

from isocourse.library import Assessment, Library
from tests.app.test_let_through import red, seen


def entered(library: Library, name: str, item: str, is_: str = "yes") -> Assessment:
    return seen(library, "", f"lists: [{{list: {name}, item: {item}, is: {is_}, from: '2026-11-20'}}]\n")


@pytest.mark.parametrize(
    ("name", "item", "line"),
    [
        pytest.param("symptoms", "liver_failure", "liver_failure", id="a-condition-among-the-signs"),
        pytest.param("conditions", "pancreatitis_symptoms", "pancreatitis", id="a-sign-among-the-conditions"),
        pytest.param("conditions", "suicidal_thoughts", "suicidality", id="thoughts-among-the-conditions"),
    ],
)
def test_a_sign_and_a_condition_are_understood_in_each_others_list(
    library: Library, name: str, item: str, line: str
) -> None:
    found = entered(library, name, item)
    assert line in red(found)
    assert any("correct the list. It was read as if it stood in" in problem.line() for problem in found.record.problems)


@pytest.mark.parametrize(
    ("name", "item", "right"),
    [
        pytest.param("allergies", "liver_failure", "conditions", id="a-condition-among-the-allergies"),
        pytest.param("drugs", "pancreatitis_symptoms", "symptoms", id="a-sign-among-the-drugs"),
        pytest.param("conditions", "doxycycline", "drugs", id="a-drug-among-the-conditions"),
    ],
)
def test_in_any_other_list_the_right_one_is_named(library: Library, name: str, item: str, right: str) -> None:
    found = entered(library, name, item)
    assert any(f"expected list: {right}" in problem.line() for problem in found.record.problems)
    assert found.exit_code in (3, 10)
    assert [each.what for each in found.record.unjudged] == [item]


def test_a_no_in_the_wrong_list_is_no_answer(library: Library) -> None:
    found = entered(library, "symptoms", "liver_failure", "no")
    assert any("left out" in problem.line() for problem in found.record.problems)
    assert not [event for event in found.record.events if event.item == "liver_failure"]


def test_an_allergy_to_a_tetracycline_is_no_tetracycline_taken(library: Library) -> None:
    assert "tetracycline_together" not in red(entered(library, "allergies", "doxycycline"))
