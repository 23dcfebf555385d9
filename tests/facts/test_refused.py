"""A result that cannot be used still says that an older one is not the latest."""

import pytest

from isocourse.facts.days import FIRST_DAY, Span
from isocourse.facts.record import Event, Quantity
from isocourse.facts.refused import Refused, anything, overshadow
from isocourse.logic.truth import Truth
from tests.fhir.catalogue import CATALOGUE

OLD = Event("alt", Quantity(2000, 2000, "U/L"), Span.of(100_000), None, "lab 1", "20 U/L")


def refused(first: int, last: int, stream: str = "alt") -> Refused:
    return Refused(stream, Span(first, last), None, "lab 2", "900")


@pytest.mark.parametrize(
    ("later", "newest_is_open"),
    [
        pytest.param(refused(100_001, 100_001), True, id="a-newer-one-that-cannot-be-used"),
        pytest.param(refused(FIRST_DAY, 100_001), True, id="one-without-a-day-may-be-newer"),
        pytest.param(refused(100_000, 100_000), False, id="one-of-the-same-day-is-not-newer"),
        pytest.param(refused(99_999, 99_999), False, id="an-older-one"),
        pytest.param(refused(100_001, 100_001, "triglycerides"), False, id="of-another-kind"),
    ],
)
def test_last_years_value_does_not_pass_for_the_latest(later: Refused, newest_is_open: bool) -> None:
    found = overshadow([OLD], [later], CATALOGUE)
    assert [event.value for event in found] == ([Quantity(100, 2_000_000, "U/L")] if newest_is_open else [])


def test_with_nothing_older_on_file_there_is_nothing_to_overshadow() -> None:
    assert overshadow([], [refused(100_001, 100_001)], CATALOGUE) == ()


def test_anything_is_every_value_that_a_stream_may_have() -> None:
    assert anything(CATALOGUE.by_name["pregnancy_test"]) == ("negative", "positive", "unclear")
    assert anything(CATALOGUE.by_name["very_severe"]) is Truth.UNKNOWN
