"""The value of a slot, for people."""

from __future__ import annotations

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
