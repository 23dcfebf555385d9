"""What a later day does to what is known: facts gathered by whether they hold, move, expire, become unknown, or are planned."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from isocourse.course.project import Carried, Future
from isocourse.decisions.tables import words
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import iso
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


FIXED = {
    **{f"carried.{future.value}": head for future, head in HEADS.items()},
    "carried.from_to": "From {first} to {last}",
    "carried.head": "{head} ({n})",
    "carried.until": "{fact}: until {day}",
    "carried.over": "{fact}: until {day}, so no longer then",
    "carried.none": "None.",
}
"""The frames of the page, each under its key."""


def carried_page(
    library: Library, found: Sequence[Carried], today: int, day: int, width: int, w: Wording = ENGLISH
) -> str:
    """The facts that rules read, by what the day does to them."""
    out = Page(width)
    called = {fact.name: w(fact.say) if fact.say else fact.name for fact in library.facts}
    out.put(w(FIXED["carried.from_to"], first=w.day(today), last=w.day(day)))
    for future, head in HEADS.items():
        here = [each for each in found if each.future is future]
        out.head(w(FIXED["carried.head"], head=w(head), n=len(here)))
        for each in here if future is Future.EXPIRES else ():
            out.put(_until(called[each.fact], each.until, day, w), 2)
        if here and future is not Future.EXPIRES:
            out.put("; ".join(called[each.fact] for each in here), 2)
        if not here:
            out.put(w(FIXED["carried.none"]), 2)
    return out.text()


def _until(fact: str, until: int | None, day: int, w: Wording) -> str:
    if until is None:
        return fact
    return w(FIXED["carried.over" if until < day else "carried.until"], fact=fact, day=w.day(until))


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
