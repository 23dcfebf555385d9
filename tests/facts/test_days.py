"""Dates and how far they are known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.facts.days import (
    FIRST_DAY,
    LAST_DAY,
    Span,
    add_months,
    completed_years,
    day_number,
    iso,
    parse_span,
    show,
    show_span,
    whole_day,
)

DAYS = st.dates(date(1890, 1, 1), date(2200, 12, 31))


@given(DAYS)
def test_a_whole_date_is_one_day(day: date) -> None:
    assert parse_span(day.isoformat()) == Span.of(day.toordinal())
    assert iso(day.toordinal()) == day.isoformat()


@given(DAYS)
def test_a_day_that_is_counted_here_has_a_number(day: date) -> None:
    assert whole_day(day.isoformat()) == day.toordinal()


@pytest.mark.parametrize(
    "text",
    ["1889-12-31", "2201-01-01", "9999-12-31", "0001-01-01", "2026-02-30", "2026-11", "20261124", "2026-W48-2", ""],
)
def test_a_day_that_is_not_counted_here_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        whole_day(text)


@given(DAYS)
def test_a_month_and_a_year_hold_each_of_their_days(day: date) -> None:
    for text in (day.isoformat()[:7], day.isoformat()[:4]):
        span = parse_span(text)
        assert span.first <= day.toordinal() <= span.last


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-40",
        "2026-02-29",
        "2026-00",
        "0000-01-01",
        "1889",
        "2201",
        "26-01-01",
        "2026-1-1",
        "",
        "tomorrow",
        "2026-03-02T25:00:00Z",
        "2026-03-02T10:61:00Z",
        "2026-03-02 10:00",
        "2026-03-02T",
        "٢٠٢٦",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        pytest.param("2026-03-02T23:30:00-08:00", 0, 0, id="an-offset-is-the-clinics-own-day"),
        pytest.param("2026-03-02T23:30:00", 0, 0, id="no-offset-is-the-clinics-own-day"),
        pytest.param("2026-03-02T05:00:00Z", 1, 0, id="early-in-utc-may-be-the-day-before"),
        pytest.param("2026-03-02T23:30:00Z", 0, 1, id="late-in-utc-may-be-the-day-after"),
    ],
)
def test_an_instant_is_every_day_it_may_be_at_the_clinic(text: str, before: int, after: int) -> None:
    day = day_number(2026, 3, 2)
    assert parse_span(text) == Span(day - before, day + after)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        pytest.param("2026-01-31", 1, "2026-02-28", id="the-months-last-day"),
        pytest.param("2028-01-31", 1, "2028-02-29", id="in-a-leap-year"),
        pytest.param("2026-11-15", 2, "2027-01-15", id="over-the-year"),
        pytest.param("2026-03-31", -1, "2026-02-28", id="backwards"),
    ],
)
def test_months_later_is_the_same_day_number_or_the_months_last_day(start: str, months: int, end: str) -> None:
    assert iso(add_months(parse_span(start).first, months)) == end


def test_a_birthday_counts_from_its_own_day() -> None:
    birth = day_number(2014, 11, 24)
    assert completed_years(birth, day_number(2026, 11, 23)) == 11
    assert completed_years(birth, day_number(2026, 11, 24)) == 12


def test_days_are_shown_as_people_read_them() -> None:
    day = day_number(2026, 2, 2)
    assert show(day) == "2 Feb 2026"
    assert show_span(Span.of(day)) == "2 Feb 2026"
    assert show_span(Span(FIRST_DAY, day)) == "some day up to 2 Feb 2026"
    assert show_span(Span(day, LAST_DAY)) == "some day from 2 Feb 2026"
    assert show_span(Span(day, day + 1)) == "some day from 2 Feb 2026 to 3 Feb 2026"


def test_a_leapling_turns_on_the_first_of_march_of_a_common_year() -> None:
    leapling = day_number(2008, 2, 29)
    assert completed_years(leapling, day_number(2026, 2, 28)) == 17
    assert completed_years(leapling, day_number(2026, 3, 1)) == 18
    assert completed_years(leapling, day_number(2028, 2, 29)) == 20


def test_a_day_that_never_was_is_named_in_the_refusal() -> None:
    for text in ("2026-13-40", "2026-02-29", "2026-00"):
        with pytest.raises(ValueError, match=text):
            parse_span(text)


@given(DAYS, st.integers(0, 23), st.integers(0, 59))
def test_the_day_written_in_a_utc_stamp_is_always_among_those_it_may_be(day: date, hour: int, minute: int) -> None:
    span = parse_span(f"{day.isoformat()}T{hour:02}:{minute:02}:00Z")
    assert span.first <= day.toordinal() <= span.last
    assert span.last - span.first <= 2
