"""When a duty falls due: anchors, offsets and windows as days, or what they depend on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from msgspec import Struct

from isocourse.decisions.tables import Duty, Moment, Window
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, add_months
from isocourse.facts.snapshot import Snapshot
from isocourse.logic.tree import Program

ANCHORS = {
    "each_prescription": "prescription_day",
    "each_visit": "today",
    "each_supply": "prescription_day",
    "start": "first_dose",
    "last_dose": "last_dose",
    "each_test": "last_pregnancy_test.day",
    "peak_dose": "peak_dose",
    "steroid": "steroid_since",
}
"""The date fact behind each anchor."""

ANCHOR_WORDS = {
    "each_prescription": "the prescription",
    "each_visit": "the visit",
    "each_supply": "the supply",
    "start": "the first dose",
    "last_dose": "the last dose",
    "each_test": "the collection of the pregnancy test",
    "peak_dose": "the peak dose",
    "steroid": "the first dose of the steroid",
}

DayOf = Callable[[str], Span | None]
"""The days that an anchor may be, or None if it is not known."""


def days_of(program: Program, snapshot: Snapshot) -> DayOf:
    """The days that an anchor may be, of one patient; each is looked for once."""

    @cache
    def day_of(anchor: str) -> Span | None:
        slot = program.slot_named(ANCHORS.get(anchor, ""))
        if slot is None:
            return None
        low, high = snapshot.state.low[slot], snapshot.state.high[slot]
        return None if (low, high) == (FIRST_DAY, LAST_DAY) else Span(low, high)

    return day_of


class Due(Struct, frozen=True):
    """From which day to which day, where known; otherwise what it depends on."""

    first: int | None
    last: int | None
    depends_on: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether both ends are days."""
        return self.first is not None and self.last is not None


def due(duty: Duty, day_of: DayOf) -> Due:
    """The days of a duty, both ends included."""
    if duty.at is not None:
        window = duty.window or Window(0, 0)
        here = _known(duty.at.anchor, day_of)
        if here is None:
            return Due(None, None, (ANCHOR_WORDS[duty.at.anchor],))
        start = moved(here, duty.at.offset, duty.at.unit)
        return Due(moved(start, window.low, window.unit), moved(start, window.high, window.unit))
    first, last = _edge(duty.begin, day_of), _edge(duty.until, day_of)
    missing = tuple(
        ANCHOR_WORDS[moment.anchor]
        for moment, day in ((duty.begin, first), (duty.until, last))
        if moment and day is None
    )
    return Due(first, last, missing)


def coming(duty: Duty, day_of: DayOf, today: int) -> int | None:
    """For a duty that comes again and has begun: the day it next falls due, counted from the first; None where there is none.

    A window of more than one day is the time within which the duty comes again.
    """
    found, step = due(duty, day_of), _EVERY.fullmatch(duty.every)
    if step is None or duty.at is None or found.first is None or found.last is None or found.first >= today:
        return None
    count, unit = int(step[1]), f"{step[2]}s"
    size = count * {"days": 1, "weeks": 7, "months": 28}[unit]
    days = (moved(found.first, count * times, unit) for times in range((today - found.first) // size + 2))
    day = next((day for day in days if day >= today), None)
    return None if day is None or (found.first < found.last < day) else day


_EVERY = re.compile(r"([1-9]\d*) (day|week|month)s?")


def _edge(moment: Moment | None, day_of: DayOf) -> int | None:
    here = _known(moment.anchor, day_of) if moment else None
    return None if here is None or moment is None else moved(here, moment.offset, moment.unit)


def _known(anchor: str, day_of: DayOf) -> int | None:
    span = day_of(anchor)
    return span.first if span is not None and span.known and FIRST_DAY < span.first < LAST_DAY else None


def moved(day: int, count: int, unit: str) -> int:
    """A day moved by days, weeks or calendar months."""
    if unit == "months":
        return add_months(day, count)
    return day + count * (7 if unit == "weeks" else 1)


def covers_until(duty: Duty, day_of: DayOf) -> int | None:
    """For "done at most so long before each prescription": the last day that what was done on the anchor's own test covers."""
    if duty.at is None or duty.window is None or duty.at.anchor != "each_prescription" or duty.window.low >= 0:
        return None
    tested = _known("each_test", day_of)
    return None if tested is None else moved(tested, -duty.window.low, duty.window.unit)


def words(duty: Duty, w: Wording = ENGLISH) -> str:
    """A duty's time in words, in the source's own units."""
    if duty.unstated:
        return w(NO_PERIOD)
    if duty.at is not None:
        when = _window_words(duty.window, duty.at, w)
        return w(EVERY, when=when, period=_period(duty.every, w)) if duty.every else when
    begin = edge_words(duty.begin, FROM, FROM_ANCHOR, w) if duty.begin else ""
    until = edge_words(duty.until, UNTIL, UNTIL_ANCHOR, w) if duty.until else ""
    return " ".join(part for part in (begin, until) if part)


NO_PERIOD, EVERY = "no period stated", "{when}, every {period}"
FROM, FROM_ANCHOR, FROM_DAY = "from {when}", "from {anchor}", "from {day}"
UNTIL, UNTIL_ANCHOR, UNTIL_DAY = "until {when}", "until {anchor}", "until {day}"
BEFORE, AFTER, AT = "{count} before {anchor}", "{count} after {anchor}", "at {anchor}"
WITHIN, FOLLOWING = "within {count} before {anchor}", "from {anchor} to {count} after"
AROUND = "{low} to {count} from {anchor}"
SPAN, DEPENDS, BOTH = "{first} to {last}", "depends on {what}", "{one} and {other}"
COUNTS = {
    "days": ("{n} day", "{n} days"),
    "weeks": ("{n} week", "{n} weeks"),
    "months": ("{n} month", "{n} months"),
    "hours": ("{n} hour", "{n} hours"),
    "years": ("{n} year", "{n} years"),
}
"""A count of each unit: of one, and of several."""


def edge_words(moment: Moment, moved_from: str, plain: str, w: Wording = ENGLISH) -> str:
    """From or until a moment: one frame for an anchor moved by a count, and one for the anchor itself."""
    if not moment.offset:
        return w(plain, anchor=w(ANCHOR_WORDS[moment.anchor]))
    return w(moved_from, when=moment_words(moment, w))


def moment_words(moment: Moment, w: Wording = ENGLISH) -> str:
    """A moment in words: an anchor, or so long before or after it."""
    name = w(ANCHOR_WORDS[moment.anchor])
    if not moment.offset:
        return name
    return w(BEFORE if moment.offset < 0 else AFTER, count=counted(abs(moment.offset), moment.unit, w), anchor=name)


def _window_words(window: Window | None, at: Moment, w: Wording) -> str:
    name = w(ANCHOR_WORDS[at.anchor])
    if at.offset:
        return moment_words(at, w)
    if window is None or window.low == window.high == 0:
        return w(AT, anchor=name)
    if window.low == window.high:
        side = BEFORE if window.low < 0 else AFTER
        return w(side, count=counted(abs(window.low), window.unit, w), anchor=name)
    if window.high == 0:
        return w(WITHIN, count=counted(-window.low, window.unit, w), anchor=name)
    if window.low == 0:
        return w(FOLLOWING, count=counted(window.high, window.unit, w), anchor=name)
    return w(AROUND, low=str(window.low), count=counted(window.high, window.unit, w), anchor=name)


def _period(every: str, w: Wording) -> str:
    """A period as a table writes it, such as "3 months" or "month"."""
    count, _, unit = every.partition(" ")
    return counted(int(count), f"{unit.removesuffix('s')}s", w) if unit and count.isdigit() else w(every)


def counted(number: int, unit: str, w: Wording = ENGLISH) -> str:
    """A number with its unit.

    >>> counted(1, "weeks"), counted(7, "days")
    ('1 week', '7 days')
    """
    return w(COUNTS[unit][number != 1], n=number)


def due_words(found: Due, w: Wording = ENGLISH) -> str:
    """The days in words, or what they depend on."""
    if found.first is not None and found.last is not None:
        if found.first == found.last:
            return w.day(found.first)
        return w(SPAN, first=w.day(found.first), last=w.day(found.last))
    parts = []
    if found.first is not None:
        parts.append(w(FROM_DAY, day=w.day(found.first)))
    if found.last is not None:
        parts.append(w(UNTIL_DAY, day=w.day(found.last)))
    if found.depends_on:
        parts.append(depends_words(found.depends_on, w))
    return ", ".join(parts)


def depends_words(anchors: Sequence[str], w: Wording = ENGLISH) -> str:
    """What a day depends on, in words."""
    told, *others = [w(each) for each in anchors]
    for other in others:
        told = w(BOTH, one=told, other=other)
    return w(DEPENDS, what=told)
