"""The value of a slot, for people."""

from __future__ import annotations

from fractions import Fraction

from isocourse.facts.believe import shown
from isocourse.facts.days import Span, show_span
from isocourse.facts.record import Quantity
from isocourse.facts.snapshot import Snapshot
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
    if slot.low > 600000 and slot.high < 900000:
        return show_span(Span(low, high))
    return _shown_amount(library, slot, low, high)


def _shown_amount(library: Library, slot: Slot, low: int, high: int) -> str:
    base, _, part = slot.name.partition(".")
    fact = next((fact for fact in library.facts if fact.name == base), None)
    stream = library.catalogue.by_name.get(fact.fold.stream) if fact and fact.fold else None
    attribute = stream.attribute(part) if stream and part else None
    rules = attribute.units if attribute else stream.units if stream else ()
    if rules:
        return shown(Quantity(low, high), rules[0].unit, rules[0].steps)
    if low > slot.low and high == slot.high:
        return f"at least {low}"
    per = int(1 / Fraction(fact.step)) if fact else 1
    return shown(Quantity(low, high), fact.unit if fact else "", per)
