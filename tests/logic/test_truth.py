"""Three-valued truth, every operator, every combination."""

from itertools import product

import pytest

from isocourse.logic.truth import Truth, all_of, any_of, at_least, negate

N, Y, U = Truth.NO, Truth.YES, Truth.UNKNOWN


def possible(answer: Truth) -> list[bool]:
    return [value for value, bit in ((False, 1), (True, 2)) if answer & bit]


def all_ways(answers: tuple[Truth, ...]) -> list[tuple[bool, ...]]:
    return list(product(*(possible(answer) for answer in answers)))


def merged(results: list[bool]) -> Truth:
    return Truth((2 if True in results else 0) | (1 if False in results else 0))


@pytest.mark.parametrize(("answer", "opposite"), [(N, Y), (Y, N), (U, U)])
def test_the_opposite_of_not_known_is_not_known(answer: Truth, opposite: Truth) -> None:
    assert negate(answer) is opposite


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (N, N, N, N),
        (N, U, N, U),
        (N, Y, N, Y),
        (U, N, N, U),
        (U, U, U, U),
        (U, Y, U, Y),
        (Y, N, N, Y),
        (Y, U, U, Y),
        (Y, Y, Y, Y),
    ],
)
def test_and_or_follow_the_strong_three_valued_tables(one: Truth, other: Truth, both: Truth, either: Truth) -> None:
    assert all_of([one, other]) is both
    assert any_of([one, other]) is either


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4])
def test_each_operator_says_what_all_completions_say(size: int) -> None:
    for answers in product((N, Y, U), repeat=size):
        ways = all_ways(answers)
        assert all_of(answers) is merged([all(way) for way in ways])
        assert any_of(answers) is merged([any(way) for way in ways])
        for k in range(size + 2):
            assert at_least(k, answers) is merged([sum(way) >= k for way in ways]), (k, answers)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([Y, Y, U], Y, id="two-are-enough-whatever-the-third"),
        pytest.param([Y, U, N], U, id="the-missing-one-decides"),
        pytest.param([U, N, N], N, id="even-a-yes-would-not-do"),
    ],
)
def test_two_raised_markers_are_needed(answers: list[Truth], expected: Truth) -> None:
    assert at_least(2, answers) is expected


def test_truth_has_words_for_people() -> None:
    assert [answer.word for answer in (N, Y, U)] == ["no", "yes", "unknown"]
    assert (Truth.of(True), Truth.of(False)) == (Y, N)
