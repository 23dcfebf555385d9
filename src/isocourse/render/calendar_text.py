"""The calendar of a course for a terminal: the governing duties by day, with how the source counts; the others beside them."""

from __future__ import annotations

from collections.abc import Sequence

from isocourse.course.calendar import Entry, Happening
from isocourse.course.heading import held_up
from isocourse.course.plan import Plan
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.logic.truth import Truth
from isocourse.render.page import Page
from isocourse.render.plan_frames import FIXED
from isocourse.render.plan_words import (
    NO_DAY,
    applies_words,
    bare_duty,
    duty_what,
    entry_notes,
    live,
    state_words,
    who,
    window_words,
)
from isocourse.render.words import short


def calendar_page(plan: Plan, width: int, *, full: bool = False) -> str:
    """The calendar by itself, headed by what holds the course up."""
    out, w = Page(width), plan.assessment.words
    if head := held_up(plan):
        out.put(f"! {w(head)}")
    out.put(w(FIXED["calendar.as_of"], day=w.day(plan.assessment.asked.as_of)))
    put_calendar(out, plan, full=full)
    return out.text()


def put_calendar(out: Page, plan: Plan, *, full: bool) -> None:
    """The days that duties hang on, the governing duties, and the duties of the others, folded unless all is asked for."""
    entries, w = live(plan.calendar), plan.assessment.words
    out.head(w(FIXED["calendar.hang"]))
    for happening in plan.happenings:
        out.put(happening_words(happening, w), 2)
    own = [entry for entry in entries if entry.governs]
    out.head(w(FIXED["calendar.governs" if plan.governs else "calendar.nobody"]))
    if not plan.governs:
        out.put(w(FIXED["calendar.nobody_why"]), 2)
    for entry in own:
        _put(out, plan, entry)
    if plan.governs and not own:
        out.put(w(FIXED["calendar.no_duty"]), 2)
    others = [entry for entry in entries if not entry.governs]
    if not others:
        return
    out.head(w(FIXED["calendar.others"]))
    if full or not plan.governs:
        for entry in others:
            _put(out, plan, entry)
    else:
        for line in folded(others, w):
            out.put(line, 2)
        out.put(w(FIXED["calendar.full"]), 2)


def happening_words(happening: Happening, w: Wording = ENGLISH) -> str:
    """One planned day, whether the file shows it, and why it is ours where nobody gave it."""
    day = w.day(happening.day) if happening.day is not None else w(NO_DAY)
    how = w(FIXED["calendar.on_file" if happening.done else "calendar.planned"])
    if happening.assumed and not happening.done:
        how = w(FIXED["calendar.assumed"], why=w(happening.assumed))
    return w(FIXED["calendar.happening"], handle=happening.handle, what=w(happening.words), day=day, how=how)


def _put(out: Page, plan: Plan, entry: Entry) -> None:
    w = plan.assessment.words
    state = state_words(entry, plan.assessment.asked.as_of, w)
    out.put(f"{window_words(entry, w)} [{state}]: {duty_by(plan, entry)}", 2)
    if notes := entry_notes(entry, w):
        out.put(notes, 6)


def duty_by(plan: Plan, entry: Entry) -> str:
    """A duty, and who asks for it."""
    w = plan.assessment.words
    return w(FIXED["calendar.by"], duty=duty_what(entry, w), who=who(plan, entry.edition.key, entry.position))


def folded(entries: Sequence[Entry], w: Wording = ENGLISH) -> list[str]:
    """What other protocols ask, duty by duty: how many times, and who."""
    gathered: dict[str, dict[str, int]] = {}
    for entry in entries:
        if entry.applies is Truth.NO:
            continue
        said = bare_duty(entry, w)
        if sure := applies_words(entry, w):
            said = w(FIXED["calendar.if"], duty=said, sure=sure)
        about, name = gathered.setdefault(said, {}), short(entry.edition, w)
        about[name] = about.get(name, 0) + 1
    return [
        f"{said}: {', '.join(f'{name} x {count}' if count > 1 else name for name, count in sorted(by.items()))}"
        for said, by in sorted(gathered.items())
    ]
