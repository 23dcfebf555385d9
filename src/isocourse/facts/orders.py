"""What can be worked out from an order: the daily dose, how long a supply lasts, and whether an active order can still be running."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from isocourse.facts.days import Span
from isocourse.facts.record import DoseEntry, Order, Quantity
from isocourse.logic.truth import Truth

Amounts = tuple[Fraction, Fraction]
"""From the least to the most."""

DOSE_STEPS = 100
"""Steps in one mg/day."""


class Script(Struct, frozen=True):
    """An order as a reader found it, before anything is worked out."""

    origin: str
    written: str
    day: Span | None
    state: str
    """draft, active or ended."""
    dose_mg: Amounts | None = None
    """One dose in mg."""
    dose_capsules: Amounts | None = None
    """One dose in capsules, where it is not given in mg."""
    daily_mg: Amounts | None = None
    """A whole day in mg, where it is given so."""
    times_a_day: Amounts | None = None
    strengths: tuple[Fraction, ...] = ()
    """The strengths that the capsules may have."""
    capsules: int | None = None
    repeats: int | None = None
    days: int | None = None
    """Days of one supply, where the order says so itself."""
    reason: str = ""
    reason_acne: Truth = Truth.UNKNOWN
    formulation: tuple[str, ...] = ()
    product: str = ""


def order_of(script: Script, as_of: int) -> Order:
    """The order with what follows from it, as of a day; a draft is dated by the call."""
    daily = daily_dose(script)
    lasts = days_of_supply(script, daily)
    ended = _supply_ended(script, lasts) if script.state == "active" else None
    state = {"draft": "draft", "ended": "ended"}.get(script.state, "current")
    if state == "current" and ended is not None and ended.last < as_of:
        state = "supply_ended"
    times = None if script.times_a_day is None else _quantity(script.times_a_day, 1, "")
    return Order(
        script.origin,
        script.written,
        Span.of(as_of) if script.state == "draft" else script.day,
        state,
        ended if state == "supply_ended" else None,
        _quantity(daily, DOSE_STEPS, "mg/day") if daily else None,
        times,
        _quantity(lasts, 1, "days") if lasts else None,
        None if script.repeats is None else Quantity(script.repeats, script.repeats),
        script.reason,
        script.reason_acne,
        script.formulation,
        script.product,
    )


def daily_dose(script: Script) -> Amounts | None:
    """mg a day, from the day as ordered, or one dose times how often."""
    dose = script.dose_mg
    if dose is None and script.dose_capsules and script.strengths:
        dose = (script.dose_capsules[0] * min(script.strengths), script.dose_capsules[1] * max(script.strengths))
    if dose is None or script.times_a_day is None:
        return script.daily_mg
    return _either(script.daily_mg, (dose[0] * script.times_a_day[0], dose[1] * script.times_a_day[1]))


def _either(one: Amounts | None, other: Amounts) -> Amounts:
    """What two statements of one thing leave possible, where they may disagree."""
    return other if one is None else (min(one[0], other[0]), max(one[1], other[1]))


def days_of_supply(script: Script, daily: Amounts | None) -> Amounts | None:
    """Days that one supply lasts: as ordered, or capsules over capsules a day; a strength not known leaves a range."""
    said = None if script.days is None else (Fraction(script.days), Fraction(script.days))
    if script.capsules is None:
        return said
    if script.dose_capsules and script.times_a_day:
        a_day = (script.dose_capsules[0] * script.times_a_day[0], script.dose_capsules[1] * script.times_a_day[1])
    elif daily and script.strengths:
        a_day = (daily[0] / max(script.strengths), daily[1] / min(script.strengths))
    else:
        return said
    if a_day[0] <= 0:
        return said
    return _either(said, (script.capsules / a_day[1], script.capsules / a_day[0]))


def _supply_ended(script: Script, lasts: Amounts | None) -> Span | None:
    """The last day of the last repeat, if every repeat was taken at once after the other."""
    if lasts is None or script.day is None:
        return None
    supplies = 1 + (script.repeats or 0)
    first = script.day.first + (lasts[0] * supplies).__floor__() - 1
    last = script.day.last + (lasts[1] * supplies).__ceil__() - 1
    return Span(max(first, script.day.first), max(last, script.day.last))


def handed_out(
    origin: str,
    written: str,
    day: Span,
    mg: Amounts,
    days: int | None,
    formulation: tuple[str, ...],
    product: str = "",
) -> DoseEntry:
    """What was handed out on a day: spread over the days that it is said to last, or whole on its own day where that is not told.

    Args:
        origin: where it stands in the file.
        written: as written there.
        day: the day it was handed out.
        mg: all its capsules together.
        days: how long it lasts, if that is told; at least 1.
        formulation: the formulations that it may be.
        product: its product, where that is named.
    """
    count = days or 1
    last = Span(day.first + count - 1, day.last + count - 1)
    daily = (mg[0] / count, mg[1] / count)
    return DoseEntry(origin, written, "dispensed", day, last, daily, formulation=formulation, product=product)


def _quantity(amounts: Amounts, steps: int, unit: str) -> Quantity:
    return Quantity((amounts[0] * steps).__floor__(), (amounts[1] * steps).__ceil__(), unit)
