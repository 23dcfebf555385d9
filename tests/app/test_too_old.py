"""A value past its time no longer counts, but what was dangerous when it was measured never vanishes in silence."""

from __future__ import annotations

import pytest

from isocourse.decisions.lapsed import Lapsed
from isocourse.library import Assessment, Library
from isocourse.render.terminal import verdict
from isocourse.render.today import held_lines
from tests.app.test_let_through import red, seen


def lapsed(found: Assessment) -> list[Lapsed]:
    return [each for each in found.today.not_today if isinstance(each, Lapsed)]


def triglycerides(value: str, day: str) -> str:
    return f"  - {{stream: triglycerides, value: {value}, day: '{day}'}}\n"


def test_old_critical_triglycerides_hold_up_a_supply_until_they_are_measured_again(library: Library) -> None:
    found = seen(library, triglycerides("15 mmol/L", "2026-08-20"))
    assert "very_high_triglycerides" not in red(found)
    (held,) = lapsed(found)
    lines = held_lines(found, held)
    assert lines[0].startswith("- Triglycerides above 9 mmol/L: so it stood on file, too old to count today")
    assert "15 mmol/L on 20 Aug 2026" in lines[1]
    assert "Something against it was found" in verdict(found)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(triglycerides("2 mmol/L", "2026-11-01"), id="measured-again-and-low"),
        pytest.param(triglycerides("15 mmol/L", "2026-11-01"), id="measured-again-and-red"),
        pytest.param(triglycerides("2 mmol/L", "2026-08-25"), id="low-since-then-and-old-too"),
    ],
)
def test_a_newer_value_takes_the_place_of_the_old_one(library: Library, more: str) -> None:
    assert lapsed(seen(library, triglycerides("15 mmol/L", "2026-08-20") + more)) == []


def test_an_old_answer_to_item_9_is_still_asked_about(library: Library) -> None:
    found = seen(library, "  - {stream: phq9_item9, value: 2 points, day: '2026-09-01'}\n")
    assert [each.line.name for each in lapsed(found) if each.line] == ["suicidality"]


def test_an_old_value_that_was_not_red_is_no_news(library: Library) -> None:
    assert lapsed(seen(library, triglycerides("9 mmol/L", "2026-08-20"))) == []
