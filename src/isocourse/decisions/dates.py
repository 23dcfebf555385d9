"""When a duty falls due: anchors, offsets and windows as days, or what they depend on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from isocourse.decisions.tables import Duty, Moment, Window
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, add_months, show
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
    """The days that an anchor may be, of one patient."""

    def day_of(anchor: str) -> Span | None:
        slot = program.slot_named(ANCHORS.get(anchor, ""))
        if slot is None:
            return None
        low, high = snapshot.state.low[slot], snapshot.state.high[slot]
        return None if (low, high) == (FIRST_DAY, LAST_DAY) else Span(low, high)

    return day_of


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


def words(duty: Duty) -> str:
    """A duty's time in words, in the source's own units."""
    if duty.unstated:
        return "no period stated"
    if duty.at is not None:
        return _window_words(duty.window, duty.at) + (f", every {duty.every}" if duty.every else "")
    begin = f"from {moment_words(duty.begin)}" if duty.begin else ""
    until = f"until {moment_words(duty.until)}" if duty.until else ""
    return " ".join(part for part in (begin, until) if part)


def moment_words(moment: Moment) -> str:
    """A moment in words: an anchor, or so long before or after it."""
    name = ANCHOR_WORDS[moment.anchor]
    if not moment.offset:
        return name
    return f"{counted(abs(moment.offset), moment.unit)} {'before' if moment.offset < 0 else 'after'} {name}"


def _window_words(window: Window | None, at: Moment) -> str:
    name = ANCHOR_WORDS[at.anchor]
    if at.offset:
        return moment_words(at)
    if window is None or window.low == window.high == 0:
        return f"at {name}"
    if window.low == window.high:
        return f"{counted(abs(window.low), window.unit)} {'before' if window.low < 0 else 'after'} {name}"
    if window.high == 0:
        return f"within {counted(-window.low, window.unit)} before {name}"
    if window.low == 0:
        return f"from {name} to {counted(window.high, window.unit)} after"
    return f"{window.low} to {window.high} {window.unit} from {name}"


def counted(number: int, unit: str) -> str:
    """A number with its unit.

    >>> counted(1, "weeks")
    '1 week'
    """
    return f"{number} {unit[:-1] if number == 1 else unit}"


def due_words(found: Due) -> str:
    """The days in words, or what they depend on."""
    if found.first is not None and found.last is not None:
        return show(found.first) if found.first == found.last else f"{show(found.first)} to {show(found.last)}"
    parts = []
    if found.first is not None:
        parts.append(f"from {show(found.first)}")
    if found.last is not None:
        parts.append(f"until {show(found.last)}")
    if found.depends_on:
        parts.append(f"depends on {' and '.join(found.depends_on)}")
    return ", ".join(parts)
