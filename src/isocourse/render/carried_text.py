"""What a later day does to what is known: facts gathered by whether they hold, move, expire, become unknown, or are planned."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from isocourse.course.project import Carried, Future
from isocourse.decisions.tables import words
from isocourse.facts.days import iso, show
from isocourse.library import Library
from isocourse.render.page import Page

HEADS = {
    Future.UNKNOWN: "MAY HAVE CHANGED BY THEN: ASK OR MEASURE AGAIN",
    Future.EXPIRES: "COUNTS UNTIL A DAY",
    Future.HOLDS: "HOLDS",
    Future.MOVES: "MOVES WITH THE CALENDAR",
    Future.PLANNED: "FOLLOWS FROM THE PLAN",
    Future.NOT_KNOWN_NOW: "NOT KNOWN TODAY EITHER",
}
"""In the order that matters to whoever prepares the next visit."""


class JsonCarried(msgspec.Struct, frozen=True):
    """One fact carried to a later day."""

    fact: str
    called: str
    future: str
    until: str | None


def carried_page(library: Library, found: Sequence[Carried], today: int, day: int, width: int) -> str:
    """The facts that rules read, by what the day does to them."""
    out = Page(width)
    called = {fact.name: words(fact.say) or fact.name for fact in library.facts}
    out.put(f"From {show(today)} to {show(day)}")
    for future, head in HEADS.items():
        here = [each for each in found if each.future is future]
        out.head(f"{head} ({len(here)})")
        for each in here if future is Future.EXPIRES else ():
            over = each.until is not None and each.until < day
            last = f"until {show(each.until)}" if each.until is not None else ""
            out.put(f"{called[each.fact]}: {last}{', so no longer then' if over else ''}", 2)
        if here and future is not Future.EXPIRES:
            out.put("; ".join(called[each.fact] for each in here), 2)
        if not here:
            out.put("None.", 2)
    return out.text()


def carried_json(library: Library, found: Sequence[Carried]) -> bytes:
    """The same as data."""
    called = {fact.name: words(fact.say) or fact.name for fact in library.facts}
    data = [
        JsonCarried(
            each.fact, called[each.fact], each.future.value, iso(each.until) if each.until is not None else None
        )
        for each in found
    ]
    return msgspec.json.format(msgspec.json.encode(data), indent=2)
