"""The value of a slot, for people."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from isocourse.facts.believe import shown
from isocourse.facts.days import Span, show_span
from isocourse.facts.record import Quantity
from isocourse.facts.snapshot import Snapshot, holds_days
from isocourse.library import Library
from isocourse.logic.tree import Slot


def shown_value(library: Library, snapshot: Snapshot, place: int) -> str:
    """What is known of a slot, for people."""
    slot = library.program.slots[place]
    low, high = snapshot.state.low[place], snapshot.state.high[place]
    if slot.coded:
        possible = [value for bit, value in enumerate(slot.values) if low >> bit & 1]
        return "not known" if len(possible) == len(slot.values) else " or ".join(possible)
    if (low, high) == (slot.low, slot.high):
        return "not known"
    if holds_days(slot):
        return show_span(Span(low, high))
    return _shown_amount(library, slot, low, high)


def _shown_amount(library: Library, slot: Slot, low: int, high: int) -> str:
    fact, rules = library.measured(slot)
    if rules:
        return shown(Quantity(low, high), rules[0].unit, rules[0].steps)
    if low > slot.low and high == slot.high:
        return f"at least {low}"
    per = int(1 / Fraction(fact.step)) if fact else 1
    return shown(Quantity(low, high), fact.unit if fact else "", per)


def given_text(library: Library, place: int, value: int) -> tuple[str, str]:
    """A slot's value as it is given: the name of the fact, and the text that gives exactly this value."""
    slot = library.program.slots[place]
    fact, rules = library.measured(slot)
    name = f"{slot.name}.value" if fact is not None and fact.kind == "event" and slot.name == fact.name else slot.name
    if slot.coded:
        return name, " | ".join(code for bit, code in enumerate(slot.values) if value >> bit & 1)
    if holds_days(slot):
        return name, date.fromordinal(value).isoformat()
    steps = Fraction(rules[0].steps) if rules else 1 / Fraction(fact.step) if fact else Fraction(1)
    unit = rules[0].unit if rules else fact.unit if fact else ""
    return name, f"{_digits(value / steps)} {unit}".strip()


def _digits(number: Fraction) -> str:
    """All decimal digits of a number that has finitely many.

    >>> _digits(Fraction(1129, 100000))
    '0.01129'
    """
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    whole = abs(number * 10**places).numerator
    text = str(whole).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{text[:-places]}.{text[-places:]}" if places else f"{sign}{text}"
