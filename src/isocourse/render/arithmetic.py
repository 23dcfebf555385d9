"""Sums that a clinician can check by hand, printed beside an answer."""

from __future__ import annotations

from fractions import Fraction

from isocourse.decisions.tables import Edition, Row, words
from isocourse.facts.courses import work_out
from isocourse.facts.record import Quantity
from isocourse.library import Assessment
from isocourse.logic.units import decimal, exact


def weight_needed(seen: Assessment) -> list[str]:
    """The body weight that an ordered dose would need under the highest ceiling of any protocol here."""
    dose = work_out("highest_ordered_dose", seen.record, seen.asked.as_of).value
    top = highest_ceiling(seen)
    if not isinstance(dose, Quantity) or top is None:
        return []
    edition, row = top
    needed = Fraction(dose.low, 100) / exact(row.high)
    weight = seen.snapshot.written(seen.library.program.slot_named("weight"))
    known = f"body weight on file: {weight}" if weight else "body weight is not known"
    return [
        f"Under the highest ceiling here ({row.high} {row.unit}, {words(edition.short)}) it would take "
        f"a body weight of {decimal(needed)} kg; {known}."
    ]


def highest_ceiling(seen: Assessment) -> tuple[Edition, Row] | None:
    """The row with the highest daily dose for the body weight, of any protocol in force."""
    rows = [
        (exact(row.high), edition, row)
        for edition in seen.editions
        for cell in edition.cells
        if cell.point == "dose_range"
        for position in cell.positions
        for row in position.acting.rows
        if row.unit == "mg/kg/day"
    ]
    if not rows:
        return None
    _, edition, row = max(rows, key=lambda each: each[0])
    return edition, row
