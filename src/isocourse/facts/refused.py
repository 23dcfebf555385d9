"""A value that could not be used still says that an older one is not the latest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from isocourse.facts.days import Span
from isocourse.facts.frames import said
from isocourse.facts.record import Event, Part, Quantity
from isocourse.facts.streams import Catalogue, Stream
from isocourse.logic.truth import Truth


class Refused(Struct, frozen=True):
    """A result that is on file but was refused, or is not final."""

    stream: str
    happened: Span
    known: Span | None
    origin: str
    written: str


def anything(stream: Stream) -> Part:
    """Every value that a stream may have."""
    if stream.kind == "quantity":
        return Quantity(stream.low, stream.high, stream.unit)
    return stream.values if stream.kind == "coded" else Truth.UNKNOWN


def overshadow(events: Sequence[Event], refused: Iterable[Refused], catalogue: Catalogue) -> tuple[Event, ...]:
    """The refused results that may be newer than every usable one, as events that may have any value.

    Without them a result of last year would pass for the latest, only because yesterday's lacks its unit.
    """
    by_stream: dict[str, list[Event]] = {}
    for event in events:
        by_stream.setdefault(event.stream, []).append(event)
    return tuple(
        Event(
            each.stream,
            anything(catalogue.by_name[each.stream]),
            each.happened,
            each.known,
            each.origin,
            said("value.not_usable", written=each.written),
        )
        for each in refused
        if _may_be_newest(each, by_stream.get(each.stream, ()))
    )


def _may_be_newest(refused: Refused, usable: Sequence[Event]) -> bool:
    """Whether it may be the latest. With nothing older to hide it says nothing, but for a pregnancy test, which tells of anatomy."""
    matters = bool(usable) or refused.stream == "pregnancy_test"
    return matters and not any(event.happened.first >= refused.happened.last for event in usable)
