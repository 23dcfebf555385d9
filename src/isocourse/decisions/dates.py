"""When a duty falls due: anchors, offsets and windows as days, or what they depend on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from isocourse.decisions.tables import Duty, Moment, Window
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, add_months

ANCHORS = {
    "each_prescription": "prescription_day",
    "each_visit": "today",
    "each_supply": "prescription_day",
    "start": "first_dose",
    "last_dose": "last_dose",
    "each_test": "last_pregnancy_test.day",
    "peak_dose": "peak_dose",
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
}

DayOf = Callable[[str], Span | None]
"""The days that an anchor may be, or None if it is not known."""


@dataclass(frozen=True, slots=True)
class Due:
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
        return w(UNSTATED)
    if duty.at is not None:
        when = _window_words(duty.window, duty.at, w)
        return w(EVERY, when=when, period=_period(duty.every, w)) if duty.every else when
    begin = _edge_words(duty.begin, FROM, FROM_ANCHOR, w) if duty.begin else ""
    until = _edge_words(duty.until, UNTIL, UNTIL_ANCHOR, w) if duty.until else ""
    return " ".join(part for part in (begin, until) if part)


UNSTATED, EVERY = "no period stated", "{when}, every {period}"
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


def _edge_words(moment: Moment, moved_from: str, plain: str, w: Wording) -> str:
    if not moment.offset:
        return w(plain, anchor=w(ANCHOR_WORDS[moment.anchor]))
    return w(moved_from, when=_moment_words(moment, w))


def _moment_words(moment: Moment, w: Wording) -> str:
    name = w(ANCHOR_WORDS[moment.anchor])
    return w(BEFORE if moment.offset < 0 else AFTER, count=count_words(abs(moment.offset), moment.unit, w), anchor=name)


def _window_words(window: Window | None, at: Moment, w: Wording) -> str:
    name = w(ANCHOR_WORDS[at.anchor])
    if at.offset:
        return _moment_words(at, w)
    if window is None or window.low == window.high == 0:
        return w(AT, anchor=name)
    if window.low == window.high:
        side = BEFORE if window.low < 0 else AFTER
        return w(side, count=count_words(abs(window.low), window.unit, w), anchor=name)
    if window.high == 0:
        return w(WITHIN, count=count_words(-window.low, window.unit, w), anchor=name)
    if window.low == 0:
        return w(FOLLOWING, count=count_words(window.high, window.unit, w), anchor=name)
    return w(AROUND, low=str(window.low), count=count_words(window.high, window.unit, w), anchor=name)


def _period(every: str, w: Wording) -> str:
    """A period as a table writes it, such as "3 months" or "month"."""
    count, _, unit = every.partition(" ")
    return count_words(int(count), f"{unit.removesuffix('s')}s", w) if unit and count.isdigit() else w(every)


def count_words(number: int, unit: str, w: Wording = ENGLISH) -> str:
    """So many days, weeks or months.

    >>> count_words(1, "months"), count_words(7, "days")
    ('1 month', '7 days')
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
        told = [w(each) for each in found.depends_on]
        parts.append(w(DEPENDS, what=w(BOTH, one=told[0], other=told[1]) if len(told) == 2 else told[0]))
    return ", ".join(parts)
