"""What slips when a date slips, for a terminal: what would be broken first, then what moves, then the duties that move with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isocourse.course.calendar import Entry
from isocourse.course.heading import held_up
from isocourse.course.slip import Broken, Moved, Shifted, Slip
from isocourse.decisions.tables import words
from isocourse.facts.days import show
from isocourse.logic.truth import Truth
from isocourse.render.page import Page
from isocourse.render.plan_words import duty_what, who, window_words
from isocourse.render.rows import row_words


def slip_page(found: Slip, width: int, *, full: bool = False) -> str:
    """The cascade of one date, what is broken at its head."""
    out = Page(width)
    if head := held_up(found.after):
        out.put(f"! {head}")
    to = (
        f"moves from {show(found.old)} to {show(found.new)}"
        if found.new is not None
        else f"of {show(found.old)} is missed"
    )
    out.put(f"If {found.handle} {to}")
    _broken(out, found, full)
    _capsules(out, found)
    out.head("WHAT MOVES")
    for moved in found.happenings:
        out.put(f"- {moved_words(moved)}", 2)
    if not found.happenings:
        out.put("Nothing else.", 2)
    _duties(out, found, full)
    return out.text()


def _broken(out: Page, found: Slip, full: bool) -> None:
    out.head("WOULD NOT BE MET THEN")
    own = [each for each in found.broken if full or each.governs or not found.after.governs]
    for each in own:
        mark = "! " if each.governs else ""
        out.put(f"{mark}{broken_words(found, each)}", 2)
    if not own:
        out.put("No duty that was met, or could be, is known to fail by it. What is not on file may still.", 2)
    if others := len(found.broken) - len(own):
        out.put(f"and {others} under other protocols; --full lists them", 2)


def broken_words(found: Slip, each: Broken) -> str:
    """One duty that fails on the new day, and under whose rules."""
    said = row_words(each.point, each.row)
    was = "it was met" if each.was is Truth.YES else "it was open"
    rules = who(found.after, each.edition.key, each.position)
    sure = "" if each.applies is Truth.YES else " (if it applies: not known today)"
    return f"on {show(each.day)} ({each.handle}): {words(each.point.title)}: {said}{sure} [{rules}; {was} before]"


def _capsules(out: Page, found: Slip) -> None:
    if not found.without_capsules:
        return
    out.head("WITHOUT CAPSULES")
    spans = ", ".join(
        show(first) if first == last else f"{show(first)} to {show(last)}"
        for first, last in spans_of(found.without_capsules)
    )
    out.put(f"{len(found.without_capsules)} days of the course have none in hand: {spans}.", 2)


def spans_of(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Days in order as stretches without a gap.

    >>> list(spans_of([3, 4, 5, 9]))
    [(3, 5), (9, 9)]
    """
    begin = 0
    for place, day in enumerate(days):
        if place + 1 == len(days) or days[place + 1] != day + 1:
            yield days[begin], day
            begin = place + 1


def moved_words(moved: Moved) -> str:
    """A happening with its old and its new day."""
    here = moved.after or moved.before
    assert here is not None
    old, new = (_day(each.day if each else None) for each in (moved.before, moved.after))
    if moved.after is None:
        return f"{here.handle}: no longer planned (was {old})"
    return f"{here.handle}: {new} (new)" if moved.before is None else f"{here.handle}: {old} -> {new}"


def _day(day: int | None) -> str:
    return show(day) if day is not None else "no day yet"


def _duties(out: Page, found: Slip, full: bool) -> None:
    shifted = [each for each in found.duties if full or _governs(each)]
    out.head("DUTIES THAT MOVE WITH IT")
    for each in shifted:
        out.put(f"- {shifted_words(found, each)}", 2)
    others = len(found.duties) - len(shifted)
    if not shifted:
        out.put(
            "None under what governs." if found.after.governs else "No protocol governs; --full lists every duty.", 2
        )
    if others:
        out.put(f"and {others} duties of other protocols; --full lists them", 2)


def _governs(each: Shifted) -> bool:
    here = each.after or each.before
    return here is not None and here.governs


def shifted_words(found: Slip, each: Shifted) -> str:
    """A duty with its old and its new window."""
    here = each.after or each.before
    assert here is not None
    rules = who(found.after, here.edition.key, here.position)
    old, new = (_window(side) for side in (each.before, each.after))
    if each.after is None:
        return f"{duty_what(here)} [{rules}]: falls away (was {old})"
    if each.before is None:
        return f"{duty_what(here)} [{rules}]: {new} (new)"
    return f"{duty_what(here)} [{rules}]: {old} -> {new}"


def _window(entry: Entry | None) -> str:
    return window_words(entry) if entry is not None else ""
