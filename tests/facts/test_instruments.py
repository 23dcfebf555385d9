"""A questionnaire with blank items gives an interval, never a total that treats a blank as nought."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.facts.instruments import Scale, score_interval
from isocourse.facts.problem import Problem

PHQ9 = Scale(0, 3, (1,) * 9)
GAGS = Scale(0, 4, (2, 2, 2, 1, 1, 3))


@pytest.mark.parametrize(
    ("scale", "answers", "expected"),
    [
        pytest.param(PHQ9, [1] * 9, (9, 9), id="all-answered"),
        pytest.param(PHQ9, [1] * 8 + [None], (8, 11), id="item-9-left-blank"),
        pytest.param(PHQ9, [None] * 9, (0, 27), id="nothing-answered"),
        pytest.param(GAGS, [4, 4, 4, 4, 4, 4], (44, 44), id="nodules-everywhere"),
        pytest.param(GAGS, [4, 4, 4, 4, 2, 3], (39, 39), id="the-score-without-a-band"),
        pytest.param(GAGS, [0, 0, 0, 0, 0, None], (0, 12), id="the-trunk-not-seen-counts-threefold"),
    ],
)
def test_a_blank_item_may_have_been_any_answer(
    scale: Scale, answers: list[int | None], expected: tuple[int, int]
) -> None:
    assert score_interval(scale, answers) == expected


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        pytest.param([1] * 8, "8 items answered or left blank; expected 9 items", id="one-item-too-few"),
        pytest.param([1] * 10, "10 items", id="one-item-too-many"),
        pytest.param([], "0 items", id="no-sheet"),
        pytest.param([4] + [0] * 8, "item 1 is 4; expected 0 to 3, or a blank", id="one-above-the-highest-answer"),
        pytest.param([0] * 8 + [-1], "item 9 is -1", id="one-below-the-lowest-answer"),
    ],
)
def test_a_sheet_that_does_not_fit_gives_no_total(answers: list[int | None], said: str) -> None:
    found = score_interval(PHQ9, answers)
    assert isinstance(found, Problem)
    assert said in found.line()
    assert "counts as not known" in found.line()


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9), st.sets(st.integers(0, 8)))
def test_the_true_total_lies_in_the_interval_whatever_is_left_blank(true: list[int], blank: set[int]) -> None:
    found = score_interval(PHQ9, [None if number in blank else answer for number, answer in enumerate(true)])
    assert not isinstance(found, Problem)
    low, high = found
    assert low <= sum(true) <= high
    assert high - low == 3 * len(blank)
