"""Judges a record as if capsules were handed out on a day, for whoever is about to hand them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from msgspec.structs import replace

from isocourse.app.assess import assess
from isocourse.course.dispensing import Dispensing, dispensing
from isocourse.facts.days import Span, whole_day
from isocourse.facts.record import Event, Record
from isocourse.library import Asked, Library
from isocourse.logic.tree import State

HANDED_OUT = "dispensed_on"
"""The stream, and the date of a course, that says on which day capsules were handed out; forms call their field the same."""
AS_IF = "as if"
"""Where the handing out that is thought of stands, since it stands in no file."""


class NoDay(Enum):
    """Why a day is none on which capsules can have been handed out."""

    UNCLEAR = "unclear"
    """It is not one whole day."""
    AHEAD = "ahead"
    """It lies ahead."""


def if_handed_out(
    library: Library, record: Record, day: int, run: Callable[[State], Sequence[int]] | None = None
) -> Dispensing:
    """What the rules say of handing out capsules on that day; the record itself stays as it is."""
    whole = Span.of(day)
    as_if = Event(HANDED_OUT, whole, whole, None, AS_IF, AS_IF)
    return dispensing(assess(library, replace(record, events=(*record.events, as_if)), Asked(day), run=run))


def day_handed_out(text: str, today: int) -> int | NoDay:
    """The day, or why it is none."""
    try:
        day = whole_day(text)
    except ValueError:
        return NoDay.UNCLEAR
    return NoDay.AHEAD if day > today else day
