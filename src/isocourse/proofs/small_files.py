"""Every small file of a fact: two entries or fewer, on the days and with the values where a fold can turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product

from isocourse.facts.days import FIRST_DAY, Span
from isocourse.facts.declare import Anchor, Fact, Fold
from isocourse.facts.fold import CURRENT_NO, LASTING_NO
from isocourse.facts.record import Coverage, Event, Part, Quantity, Record
from isocourse.facts.streams import Catalogue, Stream
from isocourse.logic.truth import Truth

COURSE_BEGAN, COURSE_ENDS = 100, 0
"""Days before today on which the course of a small file began and ended."""


def small_files(fact: Fact, catalogue: Catalogue, as_of: int) -> Iterator[Record]:
    """Every file of at most two entries that a fold of one stream can tell apart from another.

    The days are today, both sides of every end of a window and of every age at which a value expires, and no day at all; the values
    are two of the stream, or yes, no and unknown of the item asked for, of another one and of the whole list. The record is said to
    be complete or not, the course to have begun or not.
    """
    fold = fact.fold
    assert fold is not None
    entries = [event for day in _days(fact, fold, as_of) for event in _entries(fold, catalogue, day, as_of)]
    courses = _courses(fold, as_of)
    coverages = ((), (Coverage(fold.stream, FIRST_DAY, as_of, "nobody"),))
    pairs = [(), *((each,) for each in entries), *combinations_with_replacement(entries, 2)]
    for chosen, course, coverage in product(pairs, courses, coverages):
        if len({event.origin for event in chosen}) == len(chosen):
            yield Record(events=(*course, *chosen), coverage=coverage)


def _days(fact: Fact, fold: Fold, as_of: int) -> list[Span]:
    days = {as_of, as_of - 2}
    if fact.stale_after:
        days |= {as_of - fact.stale_after + by for by in (-2, -1, 0, 1)}
    if fold.how == "any":
        days |= {as_of - age for age in (CURRENT_NO, CURRENT_NO + 1, LASTING_NO, LASTING_NO + 1)}
    for anchor in (fold.first, fold.last):
        if anchor is not None:
            days |= {_anchored(anchor, as_of) + by for by in (-2, -1, 0, 1, 2)}
    return [Span.of(day) for day in sorted(days) if day <= as_of] + [Span(FIRST_DAY, as_of)]


def _anchored(anchor: Anchor, as_of: int) -> int:
    began = {"first_dose": COURSE_BEGAN, "last_dose": COURSE_ENDS}.get(anchor.fact, 0)
    return as_of - began + anchor.days


def _courses(fold: Fold, as_of: int) -> Sequence[tuple[Event, ...]]:
    anchors = {anchor.fact for anchor in (fold.first, fold.last) if anchor is not None}
    began = {"first_dose": COURSE_BEGAN, "last_dose": COURSE_ENDS}
    days = {name: as_of - began[name] for name in began if name in anchors}
    course = tuple(Event(name, Span.of(day), Span.of(day), None, name, name) for name, day in days.items())
    return ((), course) if course else ((),)


def _entries(fold: Fold, catalogue: Catalogue, day: Span, as_of: int) -> Iterator[Event]:
    stream = catalogue.by_name.get(fold.stream)
    if stream is not None:
        for value in _values(stream):
            yield Event(fold.stream, value, day, None, f"{value} {day}", _written(stream, value))
        return
    for item in _items(fold, catalogue):
        for value, state in (
            (Truth.YES, "current"),
            (Truth.YES, "ended"),
            (Truth.NO, "current"),
            (Truth.UNKNOWN, "current"),
        ):
            if item != "*" or value is Truth.NO:
                written = f"{item}: {value.word}{', ended' if state == 'ended' else ''}"
                yield Event(fold.stream, value, day, None, f"{written} {day}", written, item, None, state)


def _values(stream: Stream) -> tuple[Part, ...]:
    if stream.kind == "quantity":
        return Quantity(stream.low, stream.low), Quantity(stream.high, stream.high)
    if stream.values:
        return (stream.values[0],), (stream.values[-1],)
    if stream.kind == "date":
        return Span.of(FIRST_DAY + 1), Span.of(FIRST_DAY + 2)
    return Truth.NO, Truth.YES


def _written(stream: Stream, value: Part) -> str:
    """A value in the words of a survivor."""
    if isinstance(value, Truth):
        return f"{stream.name}: {value.word}"
    if isinstance(value, Quantity):
        return f"{stream.name}: the {'lowest' if value.low == stream.low else 'highest'} there is"
    return f"{stream.name}: {value[0] if isinstance(value, tuple) else 'a day'}"


def _items(fold: Fold, catalogue: Catalogue) -> list[str]:
    """The kind asked for, something of that kind, something of another, and the whole list."""
    kinds = {value for test in fold.where if test.part == "kind" for value in test.values}
    items = catalogue.vocabulary(fold.stream).items
    inside = [item.name for item in items if kinds.intersection(item.kinds)]
    outside = [item.name for item in items if not kinds.intersection(item.kinds)]
    return list(dict.fromkeys([*kinds, *inside[:2], *(outside or inside)[:1], "*"]))
