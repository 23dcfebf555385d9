"""A plan as a calendar file (iCalendar): the duties of one protocol, the supplies and the dose steps, as days in any calendar program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vText
from msgspec import Struct

from isocourse.course.calendar import Entry
from isocourse.course.capsules import words as capsule_pattern
from isocourse.course.heading import held_up, of_supply
from isocourse.course.plan import DoseStep, Plan, Supply
from isocourse.decisions.tables import Edition
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.logic.truth import Truth
from isocourse.render.frames import DRAFT
from isocourse.render.plan_frames import FIXED
from isocourse.render.plan_words import (
    applies_words,
    duty_what,
    entry_notes,
    live,
    mean_words,
    supply_words,
    window_words,
)
from isocourse.render.words import short

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""Revisions are counted in seconds from here, so that a file made later moves the events of an earlier one."""


def ics(plan: Plan, key: str, stamp: datetime) -> bytes:
    """The calendar file of one protocol.

    Args:
        plan: the plan.
        key: the protocol, or one edition of it as protocol/edition; each event names the edition it comes from.
        stamp: when the file is made, with its offset from UTC; it dates the events and orders the revisions of one event.

    Raises:
        ValueError: nothing of this protocol is in the plan, or the stamp has no offset.
    """
    if stamp.tzinfo is None:
        raise ValueError("the stamp of a calendar needs an offset from UTC")
    editions = chosen(plan, key)
    out = Calendar()
    w = plan.assessment.words
    title = w(FIXED["ics.title"], who=", ".join(named(edition, w) for edition in editions))
    told = _about(plan, key)
    out.add("prodid", "-//isocourse//course calendar//EN")
    out.add("version", "2.0")
    out.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        out.add(name, vText(title))
    for name in ("description", "x-wr-caldesc"):
        out.add(name, vText(told))
    for each in _events(plan, key, editions):
        out.add_component(_event(each, plan, stamp))
    return bytes(out.to_ical())


def chosen(plan: Plan, key: str) -> list[Edition]:
    """The editions of one protocol that the plan holds duties of, or the one named.

    Raises:
        ValueError: none is in force for this course.
    """
    there = dict.fromkeys((*plan.assessment.editions, *(entry.edition for entry in plan.calendar)))
    asked = [edition for edition in there if key in (edition.protocol, edition.key)]
    if not asked:
        known = sorted({edition.protocol for edition in there})
        raise ValueError(f'no protocol "{key}" in this plan; known: {", ".join(known)}')
    used = {entry.edition.key for entry in plan.calendar}
    return [edition for edition in asked if edition.key in used] or asked[:1]


def named(edition: Edition, w: Wording = ENGLISH) -> str:
    """A protocol and its edition in a few words."""
    told = short(edition, w)
    return told if edition.edition in told else w(FIXED["ics.edition"], who=told, edition=edition.edition)


def left_out(plan: Plan, key: str) -> list[str]:
    """The duties of the protocol that are not in the file, each with why: no day, not as things stand, or a red line."""
    told, w = [], plan.assessment.words
    for entry in _of(plan, key):
        duty, window = duty_what(entry, w), window_words(entry, w)
        if not _dated(entry):
            told.append(f"{duty}: {window}")
        elif entry.as_stands is Truth.NO:
            told.append(f"{duty}, {window}: {applies_words(entry, w)}")
        elif plan.withheld and of_supply(entry):
            told.append(w(FIXED["ics.red"], duty=duty))
    return list(dict.fromkeys(told))


# what goes in --------------------------------------------------------------------------------------------------------------------
class _Dated(Struct, frozen=True):
    """One event: its identifier, days, title and text; `doses` where capsules are taken or handed out."""

    uid: str
    first: int
    last: int
    summary: str
    text: tuple[str, ...]
    doses: bool = False


def _events(plan: Plan, key: str, editions: list[Edition]) -> Iterator[_Dated]:
    w = plan.assessment.words
    under = ", ".join(named(edition, w) for edition in editions)
    if not plan.withheld:
        yield from (_supply(plan, supply, under) for supply in plan.supplies)
        names = [step.name for step in plan.steps]
        for place, step in enumerate(plan.steps):
            yield _step(plan, step, names[:place].count(step.name) + 1, under)
    met: set[str] = set()
    for entry in _of(plan, key):
        if _dated(entry) and entry.as_stands is not Truth.NO and not (plan.withheld and of_supply(entry)):
            uid = entry.uid if entry.uid not in met else f"{entry.uid}.{entry.edition.edition}"
            met.add(uid)
            yield _duty(entry, uid, w)


def _of(plan: Plan, key: str) -> list[Entry]:
    return [entry for entry in live(plan.calendar) if key in (entry.edition.protocol, entry.edition.key)]


def _dated(entry: Entry) -> bool:
    return entry.first is not None or entry.last is not None


def _duty(entry: Entry, uid: str, w: Wording) -> _Dated:
    """A duty on the days of its window; one end that is not known leaves a single day, said to be a beginning or an end."""
    first, last = entry.first, entry.last
    what = duty_what(entry, w)
    if first is None or last is None:
        what = w(FIXED["ics.from" if last is None else "ics.until"], what=what)
        first = last = first if first is not None else last
    assert first is not None
    assert last is not None
    sure = applies_words(entry, w)
    summary = f"{what}{f' ({sure})' if sure else ''} [{named(entry.edition, w)}]"
    text = (
        w(FIXED["ics.protocol"], title=w(entry.edition.title), key=entry.edition.key),
        w(FIXED["ics.days"], window=window_words(entry, w)),
        entry_notes(entry, w),
    )
    return _Dated(uid, first, last, summary, text)


def _supply(plan: Plan, supply: Supply, under: str) -> _Dated:
    w = plan.assessment.words
    summary = w(FIXED["ics.supply"], number=str(supply.number), capsules=supply_words(supply, w), who=under)
    text = (w(FIXED["ics.covers"], first=w.day(supply.first), last=w.day(supply.last)),)
    return _Dated(f"{plan.key}-supply-{supply.number}", supply.day, supply.day, summary, text, doses=True)


def _step(plan: Plan, step: DoseStep, stretch: int, under: str) -> _Dated:
    """The first day of a dose step; its last day stands in the text, as an open step has none.

    A step that a newer weight cuts has several stretches, each an event of its own.
    """
    w = plan.assessment.words
    capsules = w(capsule_pattern(step.pattern)) if step.pattern else w(FIXED["ics.not_settled"])
    summary = w(FIXED["ics.step"], step=w(step.name), capsules=capsules, who=under)
    told = {"dose": w(step.wanted), "mean": mean_words(step, w)}
    ends = w(FIXED["ics.open"], **told) if step.open else w(FIXED["ics.closed"], **told, day=w.day(step.last))
    text = (ends, *(w(note) for note in step.notes))
    uid = f"{plan.key}-{step.name.replace(' ', '-')}" + (f"-{stretch}" if stretch > 1 else "")
    return _Dated(uid, step.first, step.first, summary, text, doses=True)


# how it is written ---------------------------------------------------------------------------------------------------------------
def _event(each: _Dated, plan: Plan, stamp: datetime) -> Event:
    head = plan.assessment.words(held_up(plan))
    parts = (head, each.summary) if each.doses else (each.summary, head)
    out = Event()
    out.add("uid", f"{each.uid}@isocourse")
    out.add("dtstamp", stamp.astimezone(UTC))
    out.add("sequence", max(0, int((stamp - EPOCH).total_seconds())))
    out.add("dtstart", date.fromordinal(each.first))
    out.add("dtend", date.fromordinal(each.last) + timedelta(days=1))
    out.add("summary", " - ".join(part for part in parts if part))
    out.add("description", "\n".join(part for part in (head, *each.text) if part))
    out.add("transp", "TRANSPARENT")
    out.add("class", "PRIVATE")
    out.add("categories", ["isotretinoin"])
    return out


def _about(plan: Plan, key: str) -> str:
    """What the calendar is, what holds the course up, and the duties that have no place in it."""
    w = plan.assessment.words
    parts = [w(held_up(plan)), w(FIXED["ics.only"]), *_not_in(plan, key), *([w(DRAFT)] if w.draft else [])]
    return "\n".join(part for part in parts if part)


def _not_in(plan: Plan, key: str) -> list[str]:
    told = left_out(plan, key)
    return [plan.assessment.words(FIXED["ics.left_out"], what="; ".join(told))] if told else []
