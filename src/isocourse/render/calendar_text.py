"""The calendar of a course for a terminal: the governing duties by day, with how the source counts; the others beside them."""

from __future__ import annotations

from collections.abc import Sequence

from isocourse.course.calendar import Entry, Happening
from isocourse.course.heading import held_up
from isocourse.course.plan import Plan
from isocourse.facts.days import show
from isocourse.logic.truth import Truth
from isocourse.render.page import Page
from isocourse.render.plan_words import applies_words, duty_what, entry_notes, live, state_words, who, window_words
from isocourse.render.words import short


def calendar_page(plan: Plan, width: int, *, full: bool = False) -> str:
    """The calendar by itself, headed by what holds the course up."""
    out = Page(width)
    if head := held_up(plan):
        out.put(f"! {head}")
    out.put(f"Calendar as of {show(plan.assessment.asked.as_of)}")
    put_calendar(out, plan, full=full)
    return out.text()


def put_calendar(out: Page, plan: Plan, *, full: bool) -> None:
    """The days that duties hang on, the governing duties, and the duties of the others, folded unless all is asked for."""
    entries = live(plan.calendar)
    out.head("WHAT THE DATES HANG ON")
    for happening in plan.happenings:
        out.put(happening_words(happening), 2)
    own = [entry for entry in entries if entry.governs]
    out.head("CALENDAR UNDER WHAT GOVERNS" if plan.governs else "CALENDAR: NO GOVERNING PROTOCOL")
    if not plan.governs:
        out.put("No protocol is known to govern here, so none comes first: every duty stands beside the others.", 2)
    for entry in own:
        _put(out, plan, entry)
    if plan.governs and not own:
        out.put("It sets no duty with a day for this patient, or we have not read one.", 2)
    others = [entry for entry in entries if not entry.governs]
    if not others:
        return
    out.head("THE SAME UNDER OTHER PROTOCOLS")
    if full or not plan.governs:
        for entry in others:
            _put(out, plan, entry)
    else:
        for line in folded(others):
            out.put(line, 2)
        out.put("--full writes out every duty with its days.", 2)


def happening_words(happening: Happening) -> str:
    """One planned day, whether the file shows it, and why it is ours where nobody gave it."""
    day = show(happening.day) if happening.day is not None else "no day yet"
    how = "on file" if happening.done else f"assumed: {happening.assumed}" if happening.assumed else "planned"
    return f"{happening.handle}: {happening.words}, {day} ({how})"


def _put(out: Page, plan: Plan, entry: Entry) -> None:
    state = state_words(entry, plan.assessment.asked.as_of)
    out.put(f"{window_words(entry)} [{state}]: {duty_what(entry)}, {who(plan, entry.edition.key, entry.position)}", 2)
    if notes := entry_notes(entry):
        out.put(notes, 6)


def folded(entries: Sequence[Entry]) -> list[str]:
    """What other protocols ask, duty by duty: how many times, and who."""
    gathered: dict[str, dict[str, int]] = {}
    for entry in entries:
        if entry.applies is Truth.NO:
            continue
        sure = applies_words(entry)
        said = duty_what(entry).partition(": ")[2] + (f" ({sure})" if sure else "")
        about = gathered.setdefault(said, {})
        about[short(entry.edition)] = about.get(short(entry.edition), 0) + 1
    return [
        f"{said}: {', '.join(f'{name} x {count}' if count > 1 else name for name, count in sorted(by.items()))}"
        for said, by in sorted(gathered.items())
    ]
