"""The bare bones of a planned course, and the record as it would read on a later day if all goes as planned."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from isocourse.facts.days import Span, show
from isocourse.facts.orders import DOSE_STEPS
from isocourse.facts.record import Event, Order, Part, Quantity, Record
from isocourse.logic.truth import Truth

PLANNED = "plan"
"""The origin of what is planned and not on file."""


class PlannedSupply(Struct, frozen=True):
    """One supply of the plan as an order would have it."""

    day: int
    last: int
    """The last day it covers."""
    daily_mg: Fraction
    times_a_day: int
    formulation: str
    product: str


class Outline(Struct, frozen=True):
    """A planned course without its capsules."""

    start: int | None
    end: int | None
    """The last dose, if it is on file or was asked for."""
    supplies: tuple[PlannedSupply, ...] = ()
    tests: tuple[int, ...] = ()
    """Days on which a pregnancy test is planned; its result is not known."""


def as_planned(record: Record, outline: Outline, day: int) -> Record:
    """The record as it would read on a day: planned orders written by then, planned tests taken, first and last dose as planned."""
    due = [supply for supply in outline.supplies if supply.day <= day]
    orders = _orders(record.orders, due, outline, day)
    events = [*record.events, *_doses(record, outline), *(_test(test) for test in outline.tests if test <= day)]
    events += [_handed_out(supply.day) for supply in due if supply.day < day]
    return replace(record, events=tuple(events), orders=orders)


def _orders(on_file: Sequence[Order], due: Sequence[PlannedSupply], outline: Outline, day: int) -> tuple[Order, ...]:
    """Orders on file end where the first planned one is written; a planned one is a draft on its own day."""
    if not due:
        return tuple(order for order in on_file if order.state != "draft")
    kept = tuple(replace(order, state="ended", supply_ended=None) for order in on_file if order.state != "draft")
    return (*kept, *(_order(supply, place == len(due) - 1, outline, day) for place, supply in enumerate(due)))


def _order(supply: PlannedSupply, newest: bool, outline: Outline, day: int) -> Order:
    over = outline.end is not None and outline.end < day
    state = "ended" if over or not newest else "draft" if supply.day == day else "current"
    if state == "current" and supply.last < day:
        state = "supply_ended"
    mg = supply.daily_mg * DOSE_STEPS
    return Order(
        PLANNED,
        f"planned for {show(supply.day)}",
        Span.of(supply.day),
        state,
        Span.of(supply.last) if state == "supply_ended" else None,
        Quantity(mg.__floor__(), mg.__ceil__(), "mg/day"),
        Quantity(supply.times_a_day, supply.times_a_day),
        Quantity(supply.last - supply.day + 1, supply.last - supply.day + 1, "days"),
        Quantity(0, 0),
        "acne",
        Truth.YES,
        (supply.formulation,) if supply.formulation else (),
        supply.product,
    )


def _doses(record: Record, outline: Outline) -> list[Event]:
    told = {event.stream: event for event in record.events if event.stream in ("first_dose", "last_dose")}
    found = []
    for stream, day in (("first_dose", outline.start), ("last_dose", outline.end)):
        if day is not None and not _says(told.get(stream), day):
            found.append(_planned(stream, Span.of(day), Span.of(day)))
    return found


def _says(event: Event | None, day: int) -> bool:
    return event is not None and event.value == Span.of(day)


def _test(day: int) -> Event:
    return _planned("pregnancy_test", ("negative", "positive", "unclear"), Span.of(day))


def _handed_out(day: int) -> Event:
    return _planned("dispensed_on", Span.of(day), Span.of(day))


def _planned(stream: str, value: Part, happened: Span) -> Event:
    return Event(stream, value, happened, None, PLANNED, f"planned for {show(happened.first)}")
