"""Different values of one stream on one day: both stay, the worse reading is kept, and the file's reader is told."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from isocourse.facts.believe import name_of
from isocourse.facts.days import FIRST_DAY
from isocourse.facts.frames import said
from isocourse.facts.problem import Problem
from isocourse.facts.record import Event, Part, Quantity
from isocourse.facts.streams import Catalogue, Stream


def contradictions(events: Iterable[Event], catalogue: Catalogue) -> list[Problem]:
    """A Problem for each stream and day that holds more than one value; nothing is left out."""
    days: dict[tuple[str, int], dict[object, Event]] = {}
    for event in events:
        if event.dated and not event.item and event.happened.first > FIRST_DAY:
            days.setdefault((event.stream, event.happened.first), {})[_bare(event.value)] = event
    return [
        _both(catalogue.by_name[stream], list(values.values()))
        for (stream, _), values in days.items()
        if len(values) > 1
    ]


def _both(stream: Stream, events: list[Event]) -> Problem:
    where = ", ".join(event.origin for event in events)
    values = reduce(lambda one, other: said("value.and", one=one, other=other), (event.written for event in events))
    found = said("value.two_on_a_day", name=name_of(stream), values=values)
    return Problem(where, found, "one value", "ask which one holds", "The worse reading is kept.", left_out=False)


def _bare(value: Part) -> object:
    """A value without how finely it was printed: 62 and 62.0 are one."""
    return (value.low, value.high) if isinstance(value, Quantity) else value
