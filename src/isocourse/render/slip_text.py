"""What slips when a date slips, for a terminal: what would be broken first, then what moves, then the duties that move with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isocourse.course.calendar import Entry
from isocourse.course.heading import held_up
from isocourse.course.slip import Broken, Moved, Shifted, Slip
from isocourse.decisions.dates import SPAN
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.logic.truth import Truth
from isocourse.render.page import Page
from isocourse.render.plan_frames import APPLIES, FIXED
from isocourse.render.plan_words import NO_DAY, duty_what, who, window_words
from isocourse.render.rows import row_words


def slip_page(found: Slip, width: int, *, full: bool = False) -> str:
    """The cascade of one date, what is broken at its head."""
    out, w = Page(width), found.after.assessment.words
    if head := held_up(found.after):
        out.put(f"! {w(head)}")
    if found.new is not None:
        out.put(w(FIXED["slip.moves"], handle=found.handle, old=w.day(found.old), new=w.day(found.new)))
    else:
        out.put(w(FIXED["slip.missed"], handle=found.handle, old=w.day(found.old)))
    _broken(out, found, full)
    _capsules(out, found)
    out.head(w(FIXED["slip.head_moves"]))
    for moved in found.happenings:
        out.put(f"- {moved_words(moved, w)}", 2)
    if not found.happenings:
        out.put(w(FIXED["slip.nothing"]), 2)
    _duties(out, found, full)
    return out.text()


def _broken(out: Page, found: Slip, full: bool) -> None:
    w = found.after.assessment.words
    out.head(w(FIXED["slip.head_broken"]))
    shown = [each for each in found.broken if full or each.governs or not found.after.governs]
    own = sorted(shown, key=lambda each: not each.governs)
    for each in own:
        mark = "! " if each.governs else ""
        out.put(f"{mark}{broken_words(found, each)}", 2)
    if not own:
        out.put(w(FIXED["slip.none_broken"]), 2)
    if others := len(found.broken) - len(own):
        out.put(w(FIXED["slip.others_broken"], n=others), 2)


def broken_words(found: Slip, each: Broken) -> str:
    """One duty that fails on the new day, and under whose rules."""
    w = found.after.assessment.words
    said = row_words(each.point, each.row, w)
    if each.applies is not Truth.YES:
        said = w(FIXED["calendar.if"], duty=said, sure=w(APPLIES[Truth.UNKNOWN]))
    return w(
        FIXED["slip.broken"],
        day=w.day(each.day),
        handle=each.handle,
        title=w(each.point.title),
        duty=said,
        who=who(found.after, each.edition.key, each.position),
        was=w(FIXED["slip.was_met" if each.was is Truth.YES else "slip.was_open"]),
    )


def _capsules(out: Page, found: Slip) -> None:
    if not found.without_capsules:
        return
    w = found.after.assessment.words
    out.head(w(FIXED["slip.head_capsules"]))
    spans = ", ".join(
        w.day(first) if first == last else w(SPAN, first=w.day(first), last=w.day(last))
        for first, last in spans_of(found.without_capsules)
    )
    out.put(w(FIXED["slip.capsules"], n=len(found.without_capsules), spans=spans), 2)


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


def moved_words(moved: Moved, w: Wording = ENGLISH) -> str:
    """A happening with its old and its new day."""
    here = moved.after or moved.before
    assert here is not None
    old, new = (_day(each.day if each else None, w) for each in (moved.before, moved.after))
    if moved.after is None:
        return w(FIXED["slip.gone"], handle=here.handle, old=old)
    if moved.before is None:
        return w(FIXED["slip.new"], handle=here.handle, new=new)
    return w(FIXED["slip.moved"], handle=here.handle, old=old, new=new)


def _day(day: int | None, w: Wording) -> str:
    return w.day(day) if day is not None else w(NO_DAY)


def _duties(out: Page, found: Slip, full: bool) -> None:
    shifted = [each for each in found.duties if full or _governs(each)]
    w = found.after.assessment.words
    out.head(w(FIXED["slip.head_duties"]))
    for each in shifted:
        out.put(f"- {shifted_words(found, each)}", 2)
    others = len(found.duties) - len(shifted)
    if not shifted:
        out.put(w(FIXED["slip.no_duties" if found.after.governs else "slip.nobody"]), 2)
    if others:
        out.put(w(FIXED["slip.other_duties"], n=others), 2)


def _governs(each: Shifted) -> bool:
    here = each.after or each.before
    return here is not None and here.governs


def shifted_words(found: Slip, each: Shifted) -> str:
    """A duty with its old and its new window."""
    here = each.after or each.before
    assert here is not None
    w = found.after.assessment.words
    old, new = (_window(side, w) for side in (each.before, each.after))
    parts = {"duty": duty_what(here, w), "who": who(found.after, here.edition.key, here.position)}
    if each.after is None:
        return w(FIXED["slip.falls_away"], **parts, old=old)
    if each.before is None:
        return w(FIXED["slip.new_duty"], **parts, new=new)
    return w(FIXED["slip.moved_duty"], **parts, old=old, new=new)


def _window(entry: Entry | None, w: Wording) -> str:
    return window_words(entry, w) if entry is not None else ""
