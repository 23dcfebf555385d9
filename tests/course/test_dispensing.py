"""What closes the handing out of capsules on a day, what leaves it open, and what is not known."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from isocourse.app.dispensing import if_handed_out
from isocourse.app.knowledge import load_library
from isocourse.app.record import record_of_text
from isocourse.course.dispensing import CANNOT_TELL, CLOSED, OPEN, Dispensing
from isocourse.library import Library
from isocourse.logic.truth import Truth

WOMAN = "{birth: '1999-04-17', recorded_gender: female}"
MAN = "{birth: '1999-04-17', recorded_gender: male}"
TESTED = """events: [{stream: pregnancy_test, value: negative, day: '%s'}]
lists: [{list: methods, item: user_independent, is: yes, from: '2026-05-01'}]
"""


@cache
def library() -> Library:
    """The knowledge that ships."""
    return load_library()


def day(text: str) -> int:
    """A day as a number."""
    return date.fromisoformat(text).toordinal()


def found(
    on: str, order: str = "2026-11-20", tested: str = "2026-11-20", who: str = WOMAN, more: str = "", place: str = "EU"
) -> Dispensing:
    """What is said of handing out on a day to somebody with an order and a negative test."""
    dated = f", day: '{order}'" if order else ""
    orders = (
        f"orders: [{{state: active{dated}, dose: 20 mg, times_a_day: '2', days: '30', reason: acne}}]\n"
        if order != "none"
        else ""
    )
    text = f"isocourse: '1'\npatient: {who}\njurisdiction: {place}\nproduct: eu-conventional\ncourse: {{first_dose: '2026-09-21'}}\n{orders}"
    text += TESTED % tested if tested else ""
    return if_handed_out(library(), record_of_text(text + more, "a record", library().catalogue, day(on)), day(on))


@pytest.mark.parametrize(
    ("on", "gate", "inside"),
    [
        pytest.param("2026-11-20", OPEN, Truth.YES, id="on-the-day-of-the-prescription"),
        pytest.param("2026-11-26", OPEN, Truth.YES, id="on-the-last-day-that-the-shorter-count-gives"),
        pytest.param("2026-11-27", CLOSED, Truth.NO, id="a-day-too-late"),
    ],
)
def test_the_european_window_is_counted_from_the_day_of_the_prescription(on: str, gate: str, inside: Truth) -> None:
    told = found(on)
    assert (told.gate, [each.inside for each in told.windows]) == (gate, [inside])
    assert [each.answer.edition.protocol for each in told.windows] == ["eu-label"]


def test_last_months_handing_out_does_not_close_the_window_of_a_new_prescription() -> None:
    before = "doses: [{dispensed: '2026-10-21', strength: 20 mg, capsules: '60', days: '30'}]\n"
    assert found("2026-11-24", more=before).gate == OPEN


def test_without_a_negative_test_it_is_closed_however_fresh_the_prescription() -> None:
    told = found("2026-11-20", tested="")
    assert told.gate == CLOSED
    assert told.closing != ()


def test_a_supply_that_is_over_asks_for_a_new_test() -> None:
    assert found("2026-12-24", order="2026-11-20", tested="2026-11-20").gate == CLOSED


def test_a_red_line_closes_it() -> None:
    told = found(
        "2026-11-24",
        who=MAN,
        tested="",
        more="lists: [{list: drugs, item: doxycycline, is: yes, from: '2026-11-18'}]\n",
    )
    assert told.seen.today.stop_now != ()
    assert told.gate == CLOSED


def test_for_a_man_no_window_applies_and_what_else_is_broken_does_not_close_it() -> None:
    told = found("2026-11-30", who=MAN, tested="")
    assert (told.gate, told.windows) == (OPEN, ())
    assert told.besides != ()


@pytest.mark.parametrize("order", [pytest.param("", id="an-order-without-a-day"), pytest.param("none", id="no-order")])
def test_a_prescription_whose_day_nobody_knows_opens_nothing(order: str) -> None:
    told = found("2026-11-24", order=order, tested="2026-11-24")
    assert told.prescribed is None
    assert told.gate in (CANNOT_TELL, CLOSED)
    assert [each.inside for each in told.windows] == [Truth.UNKNOWN]


def test_a_draft_is_no_prescription_also_for_a_man() -> None:
    for who in (WOMAN, MAN):
        draft = "orders: [{state: draft, dose: 20 mg, times_a_day: '2', reason: acne}]\n"
        told = found("2026-11-24", order="none", tested="2026-11-24", who=who, more=draft)
        assert (told.order, told.prescribed, told.gate == OPEN) == ("draft", None, False)


def test_an_order_whose_supply_is_over_is_no_prescription_for_more() -> None:
    told = found("2027-01-24", who=MAN, tested="")
    assert (told.order, told.gate) == ("supply_ended", CANNOT_TELL)


def test_the_record_itself_is_not_touched() -> None:
    text = "isocourse: '1'\npatient: {birth: '1999'}\n"
    record = record_of_text(text, "a record", library().catalogue, day("2026-11-24"))
    if_handed_out(library(), record, day("2026-11-24"))
    assert [each for each in record.events if each.stream == "dispensed_on"] == []
