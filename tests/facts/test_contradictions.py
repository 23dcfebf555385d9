"""Two values of one day are named and neither is lost."""

from isocourse.facts.contradictions import contradictions
from isocourse.facts.days import FIRST_DAY, Span, day_number
from isocourse.facts.record import Event, Quantity
from isocourse.facts.streams import Catalogue, Stream
from isocourse.logic.truth import Truth

CATALOGUE = Catalogue((Stream("alt", "quantity"), Stream("ast", "quantity")), ())
TODAY = day_number(2026, 11, 24)


def alt(value: int, happened: Span, origin: str) -> Event:
    return Event("alt", Quantity(value, value, "U/L"), happened, None, origin, f"{value} U/L")


def test_two_values_of_one_day_are_named_with_both_places_and_nothing_is_left_out() -> None:
    [found] = contradictions([alt(20, Span.of(TODAY), "first"), alt(900, Span.of(TODAY), "second")], CATALOGUE)
    assert found.where == "first, second"
    assert "20 U/L and 900 U/L" in found.line()
    assert not found.left_out


def test_the_same_value_twice_is_no_contradiction() -> None:
    assert contradictions([alt(20, Span.of(TODAY), "first"), alt(20, Span.of(TODAY), "second")], CATALOGUE) == []


def test_values_of_two_days_are_no_contradiction() -> None:
    assert contradictions([alt(20, Span.of(TODAY - 1), "first"), alt(900, Span.of(TODAY), "second")], CATALOGUE) == []


def test_values_without_a_day_are_no_contradiction() -> None:
    undated = Span(FIRST_DAY, TODAY)
    assert contradictions([alt(20, undated, "first"), alt(900, undated, "second")], CATALOGUE) == []


def test_two_drugs_begun_on_one_day_are_no_contradiction() -> None:
    drugs = [
        Event("drugs", Truth.YES, Span.of(TODAY), None, name, name, name) for name in ("doxycycline", "carbamazepine")
    ]
    assert contradictions(drugs, CATALOGUE) == []
