"""What is asked about at the gate: the capsules of a day and that day, with everything else that is written beside them on file."""

from __future__ import annotations

from datetime import date

import pytest

from isocourse.app.dispensing import HANDED_OUT, NoDay, day_handed_out
from isocourse.app.register_gate import _besides, hands_out

TODAY = date(2026, 11, 24).toordinal()
TAKEN = {"from": "2026-09-21", "daily_dose": "40 mg", "basis": "reported"}


def test_capsules_and_their_day_are_what_is_asked_about_and_nothing_else_is_left_out() -> None:
    record = {
        "doses": [{"dispensed": "2026-11-24"}, {"dispensed": "2026-10-25"}, TAKEN],
        "events": [{}],
        "facts": {"severe": "yes"},
        "course": {HANDED_OUT: "2026-11-24", "last_dose": "2026-11-20"},
    }
    assert _besides(record, ["2026-10-25"]) == {
        "doses": [{"dispensed": "2026-10-25"}, TAKEN],
        "events": [{}],
        "facts": {"severe": "yes"},
        "course": {"last_dose": "2026-11-20"},
    }


@pytest.mark.parametrize(
    ("record", "told"),
    [
        pytest.param({"doses": [TAKEN, {"dispensed": "2026-11-24"}]}, True, id="capsules"),
        pytest.param({"doses": [{"dispensed": ""}]}, True, id="capsules-without-a-day"),
        pytest.param({"course": {HANDED_OUT: "2026-11-24"}}, True, id="the-day-alone"),
        pytest.param({"course": {HANDED_OUT: None}}, False, id="the-day-taken-back"),
        pytest.param({"doses": [TAKEN], "course": {"first_dose": "2026-11-24"}}, False, id="what-was-taken"),
    ],
)
def test_what_was_handed_out_is_told_from_what_was_taken(record: dict[str, object], told: bool) -> None:
    assert hands_out(record) is told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("2026-11-24", TODAY, id="today"),
        pytest.param("2026-11-23", TODAY - 1, id="yesterday"),
        pytest.param("2026-11-25", NoDay.AHEAD, id="tomorrow"),
        pytest.param("2026-11", NoDay.UNCLEAR, id="a-month"),
        pytest.param("20261124", NoDay.UNCLEAR, id="written-otherwise"),
        pytest.param("2026-W48-2", NoDay.UNCLEAR, id="a-week"),
        pytest.param("", NoDay.UNCLEAR, id="nothing"),
    ],
)
def test_only_a_whole_day_that_has_come_is_one(text: str, found: object) -> None:
    assert day_handed_out(text, TODAY) == found
