"""Patients and capsules at the gate of handing out, open, closed and not known: the same for every door, in the browser and at the terminal."""

from __future__ import annotations

RECORD = """isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: female}
jurisdiction: EU
product: eu-conventional
course: {first_dose: '2026-09-21'}
orders: [{state: active, day: '2026-11-20', dose: 20 mg, times_a_day: '2', reason: acne}]
events:
  - {stream: weight, value: 58 kg, day: '2026-11-20'}
  - {stream: alt, value: 20 U/L, day: '2026-09-14', upper_limit: 40 U/L}
"""
"""A woman in the third month of a course."""
READY = (
    RECORD.replace("events:\n", "events:\n  - {stream: pregnancy_test, value: negative, day: '2026-11-20'}\n")
    + "lists: [{list: methods, item: user_independent, is: yes, from: '2026-05-01'}]\n"
)
"""The same woman with a negative test of the day of her prescription."""
OLD_TEST = READY.replace("value: negative, day: '2026-11-20'", "value: negative, day: '2026-10-01'")
NO_ORDER = """isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: male}
jurisdiction: EU
product: eu-conventional
events:
  - {stream: weight, value: 70 kg, day: '2026-11-20'}
"""
"""A man of whom no order is on file."""

DAY = "2026-11-24"
CAPSULES = {"dispensed": DAY, "strength": "20 mg", "capsules": "60", "days": "30"}
"""What is handed out on the day of these tests."""
NEW_TEST = {
    "events": [{"stream": "pregnancy_test", "value": "negative", "day": "2026-11-22"}],
    "orders": [{"state": "active", "day": "2026-11-22", "dose": "20 mg"}],
}
POSITIVE = {"events": [{"stream": "pregnancy_test", "value": "positive", "day": DAY}]}

RECORDS = {"open": READY, "closed": RECORD, "cannot_tell": NO_ORDER}
"""By how the gate stands for capsules of that day."""
WHY = "seen on paper"
KEPT = {"closed": f"handing out was closed: {WHY}", "cannot_tell": f"handing out was not known to be open: {WHY}"}
"""What the history says of capsules that were handed out all the same."""
NO_DAYS = [("2026-11", "write the whole day"), ("2026-11-25", "this day lies ahead")]
"""Days on which nothing can have been handed out, and what is said of them."""
