"""A duty that comes again is dated by its next day, not by the day it came first."""

from __future__ import annotations

from datetime import date

import pytest

from isocourse.decisions.dates import coming
from isocourse.decisions.tables import Duty, Moment, Window
from isocourse.facts.days import Span

START = date(2026, 8, 31).toordinal()


@pytest.mark.parametrize(
    ("duty", "today", "expected"),
    [
        pytest.param(Duty("do", "test", Moment("start"), every="1 month"), "2026-11-24", "2026-11-30", id="month-ends"),
        pytest.param(Duty("do", "test", Moment("start"), every="1 month"), "2026-11-30", "2026-11-30", id="due-today"),
        pytest.param(
            Duty("do", "test", Moment("start"), every="1 month"), "2026-12-01", "2026-12-31", id="the-day-after"
        ),
        pytest.param(
            Duty("do", "test", Moment("start"), every="28 days"), "2026-11-24", "2026-12-21", id="days-keep-theirs"
        ),
        pytest.param(Duty("do", "test", Moment("start"), every="4 weeks"), "2026-09-28", "2026-09-28", id="weeks"),
        pytest.param(Duty("do", "test", Moment("start"), every="3 months"), "2026-08-31", None, id="first-time-today"),
        pytest.param(
            Duty("do", "test", Moment("start"), Window(0, 3, "months"), every="4 weeks"),
            "2026-11-24",
            None,
            id="window-over",
        ),
        pytest.param(
            Duty("do", "test", Moment("start"), Window(0, 3, "months"), every="4 weeks"),
            "2026-11-01",
            "2026-11-23",
            id="inside-its-window",
        ),
        pytest.param(
            Duty("do", "test", Moment("start"), Window(1, 1, "months"), every="3 months"),
            "2026-11-24",
            "2026-12-30",
            id="counted-from-the-first-of-them",
        ),
        pytest.param(Duty("do", "test", Moment("start")), "2026-11-24", None, id="once-only"),
        pytest.param(Duty("do", "test", Moment("last_dose"), every="1 month"), "2026-11-24", None, id="anchor-unknown"),
    ],
)
def test_a_duty_that_comes_again_falls_due_next(duty: Duty, today: str, expected: str | None) -> None:
    found = coming(
        duty, lambda anchor: Span.of(START) if anchor == "start" else None, date.fromisoformat(today).toordinal()
    )
    assert (date.fromordinal(found).isoformat() if found else None) == expected
