"""A running course whose order does not say how long it lasts: the plan takes over today, and nothing of the capsules in hand is counted twice."""

from datetime import date

from isocourse.app.plan import plan
from isocourse.app.record import record_of_text
from isocourse.course.wanted import Wanted
from isocourse.library import Asked, Library

DAY = date(2026, 11, 24).toordinal()
RECORD = """isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: male}
jurisdiction: EU
product: eu-conventional
course: {first_dose: '2026-09-21'}
orders: [{state: active, day: '2026-11-20', dose: 20 mg, times_a_day: '2', reason: acne}]
events: [{stream: weight, value: 58 kg, day: '2026-11-20'}]
"""


def test_an_order_without_an_end_is_no_reason_to_fail(library: Library) -> None:
    made = plan(library, record_of_text(RECORD, "record", library.catalogue, DAY), Asked(DAY), Wanted())
    assert made.running
    assert made.steps
    assert made.steps[0].first >= DAY
    for total in made.totals:
        assert total.mg.low <= total.mg.high
