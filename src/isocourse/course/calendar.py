"""The calendar of a course: every duty of every protocol in force, with its window and how the source counts the days."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import count

from msgspec import Struct

from isocourse.course.frames import FIXED
from isocourse.course.project import Projector
from isocourse.decisions.binding import in_force
from isocourse.decisions.dates import ANCHOR_WORDS, moved
from isocourse.decisions.dates import words as counted_words
from isocourse.decisions.notes import Notes
from isocourse.decisions.sentence import Sentence, of_text, sentence
from isocourse.decisions.tables import Duty, Edition, Moment, Point, Row, Shape, Status, Window
from isocourse.library import Library
from isocourse.logic.truth import Truth


class Happening(Struct, frozen=True):
    """Something planned on a day, which duties hang on and which `slip` can move."""

    handle: str
    """`start`, `supply-2`, `visit-3`, `test-2`, `last-dose`, `birthday-18`, `weighed-2`."""
    kind: str
    """start, supply, visit, test, last_dose, birthday, step, weight."""
    day: int | None
    """None: not known yet."""
    words: str
    assumed: str = ""
    """Why the day is ours, where nobody gave it."""
    done: bool = False
    """Whether the file shows that it happened."""


class Entry(Struct, frozen=True):
    """One duty of one protocol at one occurrence of what it hangs on."""

    uid: str
    """Stable: it stays the same when the day moves."""
    edition: Edition
    point: Point
    position: str
    row: Row
    handle: str
    """The happening it hangs on; empty for a stretch between two."""
    number: int
    """Which occurrence, from 1."""
    applies: Truth
    """Whether the duty applies then, with what will be unknown on that day left open."""
    as_stands: Truth
    """Whether it applies if what holds today still holds then."""
    first: int | None
    last: int | None
    """The window, both ends included; None where it depends on a day that is not known."""
    depends_on: tuple[str, ...]
    counted: str
    """How the source counts, in its own units."""
    shown: Truth
    """Whether the file shows the duty met; unknown for what lies ahead."""
    governs: bool
    marks: tuple[str, ...] = ()


class Asking(Struct, frozen=True):
    """What a calendar is made from."""

    library: Library
    editions: tuple[Edition, ...]
    """Those to show; each occurrence is judged by the one in force on its day."""
    governs: tuple[str, ...]
    """The protocols that govern, by name."""
    happenings: tuple[Happening, ...]
    on: Projector
    today: int
    start: int | None
    end: int | None
    """The last dose, if it is known; otherwise what comes after it depends on it."""
    until: int
    """Where recurring duties stop being written out."""
    key: str
    """What tells this course from others in one calendar."""


def calendar(asking: Asking) -> tuple[Entry, ...]:
    """Every duty of the editions that bind, in order of its day: governing first, undated last."""
    found = [entry for edition in asking.editions for entry in _of_edition(asking, edition)]
    return tuple(sorted(found, key=_order))


def _order(entry: Entry) -> tuple[bool, int, bool, str, str]:
    day = entry.first if entry.first is not None else entry.last
    return day is None, day or 0, not entry.governs, entry.edition.key, entry.uid


def _of_edition(asking: Asking, edition: Edition) -> Iterator[Entry]:
    for point in asking.library.points:
        if point.shape is not Shape.SCHEDULE or edition.cell(point.name).status is not Status.ANSWERED:
            continue
        for position in edition.cell(point.name).positions:
            for row in position.acting.rows:
                if row.duty is not None:
                    yield from _of_row(_Asked(asking, edition, point, position.name, row, row.duty))


class _Asked(Struct, frozen=True):
    asking: Asking
    edition: Edition
    point: Point
    position: str
    row: Row
    duty: Duty


def _of_row(asked: _Asked) -> Iterator[Entry]:
    duty = asked.duty
    if duty.verb != "do" or duty.at is None:
        yield from _stretch(asked)
    elif duty.unstated:
        yield from _unstated(asked)
    elif duty.every and duty.at.anchor not in PER_OCCURRENCE:
        yield from _recurring(asked)
    else:
        for number, happening in enumerate(_anchored(asked.asking, duty.at.anchor), 1):
            window = duty.window or Window(0, 0)
            base = None if happening.day is None else moved(happening.day, duty.at.offset, duty.at.unit)
            yield from _entry(asked, happening.handle, number, base, window)


NO_PERIOD = of_text(FIXED["calendar.no_period"])
PER_OCCURRENCE = ("each_prescription", "each_supply", "each_visit", "each_test")
"""Anchors that come round by themselves: "every month" beside them says how often they come."""

KINDS = {
    "start": "start",
    "each_prescription": "supply",
    "each_supply": "supply",
    "each_visit": "visit",
    "each_test": "test",
    "last_dose": "last_dose",
    "peak_dose": "step",
}
"""The kind of happening behind each anchor."""


def _anchored(asking: Asking, anchor: str) -> tuple[Happening, ...]:
    """The happenings that a duty hangs on; one without a day where none is planned."""
    found = tuple(each for each in asking.happenings if each.kind == KINDS[anchor])
    if anchor == "peak_dose":
        found = tuple(each for each in found if each.handle == "peak-dose")
    return found or (Happening(KINDS[anchor].replace("_", "-"), KINDS[anchor], None, of_text(ANCHOR_WORDS[anchor])),)


def _entry(asked: _Asked, handle: str, number: int, base: int | None, window: Window) -> Iterator[Entry]:
    assert asked.duty.at is not None
    if base is None:
        yield from _made(
            asked, handle, number, None, None, (of_text(ANCHOR_WORDS[asked.duty.at.anchor]),), asked.asking.today
        )
        return
    first, last = moved(base, window.low, window.unit), moved(base, window.high, window.unit)
    yield from _made(asked, handle, number, first, last, (), last)


def _recurring(asked: _Asked) -> Iterator[Entry]:
    """A duty that comes round every so often from an anchor, within the window where the source gives one.

    Of the occurrences that are over only the last one is kept: what the file shows today says nothing of those before it.
    """
    duty, asking = asked.duty, asked.asking
    assert duty.at is not None
    happening = _anchored(asking, duty.at.anchor)[0]
    if happening.day is None:
        yield from _entry(asked, happening.handle, 1, None, Window(0, 0))
        return
    base = moved(happening.day, duty.at.offset, duty.at.unit)
    stop = asking.until if duty.window is None else min(asking.until, moved(base, duty.window.high, duty.window.unit))
    begin = base if duty.window is None else moved(base, duty.window.low, duty.window.unit)
    rounds, unit = every(duty.every)
    for number in count():
        day = moved(begin, number * rounds, unit)
        if day > stop:
            return
        if moved(begin, (number + 1) * rounds, unit) > asking.today:
            yield from _made(asked, happening.handle, number + 1, day, day, (), day)


_EVERY = re.compile(r"(\d+) (day|week|month)s?")


def every(text: str) -> tuple[int, str]:
    """How often, as a count and a unit.

    >>> every("4 weeks"), every("1 month")
    ((4, 'weeks'), (1, 'months'))
    """
    match = _EVERY.fullmatch(text)
    assert match is not None, text
    return int(match[1]), f"{match[2]}s"


def _unstated(asked: _Asked) -> Iterator[Entry]:
    """A duty whose period the source does not state: it hangs on the next occurrence and has no window."""
    assert asked.duty.at is not None
    ahead = [each for each in _anchored(asked.asking, asked.duty.at.anchor) if each.day is None or not each.done]
    for number, happening in enumerate(ahead[:1], 1):
        day = happening.day if happening.day is not None else asked.asking.today
        yield from _made(asked, happening.handle, number, None, None, (NO_PERIOD,), day)


def _stretch(asked: _Asked) -> Iterator[Entry]:
    """Something to keep up or to avoid, from one moment to another."""
    duty, asking = asked.duty, asked.asking
    first, last = _moment(asking, duty.begin), _moment(asking, duty.until)
    missing = tuple(
        of_text(ANCHOR_WORDS[moment.anchor])
        for moment, day in ((duty.begin, first), (duty.until, last))
        if moment is not None and day is None
    )
    if duty.unstated and not missing:
        missing = (NO_PERIOD,)
    day = max(asking.today, first) if first is not None else asking.today
    yield from _made(asked, "", 1, first, last, missing, day)


def _moment(asking: Asking, moment: Moment | None) -> int | None:
    if moment is None:
        return None
    day = _anchored(asking, moment.anchor)[0].day
    return None if day is None else moved(day, moment.offset, moment.unit)


def _made(
    asked: _Asked,
    handle: str,
    number: int,
    first: int | None,
    last: int | None,
    depends_on: tuple[str, ...],
    judged_on: int,
) -> Iterator[Entry]:
    """The entry, if the edition binds on that day and the duty may apply then."""
    asking, row = asked.asking, asked.row
    if not handle or asked.duty.unstated:
        judged_on = _once_begun(asked.edition, judged_on, last)
    binds = asking.start if asked.point.binds_on == "start" and asking.start is not None else judged_on
    if not in_force([asked.edition], max(binds, asking.today) if asked.point.binds_on != "start" else binds):
        return
    then = asking.on(max(judged_on, asking.today))
    applies, as_stands = _applies(asked, then.sure), _applies(asked, then.stands)
    if applies is Truth.NO and as_stands is Truth.NO:
        return
    yield Entry(
        _uid(asked, handle, number),
        asked.edition,
        asked.point,
        asked.position,
        row,
        handle,
        number,
        applies,
        as_stands,
        first,
        last,
        depends_on,
        _counted(asked.duty),
        _shown(asked, first, last),
        asked.edition.protocol in asking.governs,
        tuple(_read_otherwise(asked)),
    )


def _once_begun(edition: Edition, day: int, last: int | None) -> int:
    """The day on which a stretch, or a duty without a period, is judged: not before its edition begins, if it lasts until then."""
    begins = edition.begins
    if begins is None or begins.certainty == "unknown" or (last is not None and begins.day > last):
        return day
    return max(day, begins.day)


def _read_otherwise(asked: _Asked) -> Iterator[str]:
    """Other readings of the same sentence that count the days in another way."""
    position = next(each for each in asked.edition.cell(asked.point.name).positions if each.name == asked.position)
    for reading in position.readings:
        for row in reading.rows:
            if not reading.acts and row.duty and row.name == asked.row.name:
                other = _counted(row.duty)
                if other != _counted(asked.duty):
                    yield sentence(FIXED["calendar.otherwise"], other=other, why=of_text(reading.why))


def _counted(duty: Duty) -> Sentence:
    """How the source counts."""
    return Sentence(counted_words(duty), lambda w: counted_words(duty, w))


def _applies(asked: _Asked, notes: Notes) -> Truth:
    if notes.truth(asked.point.applies) is Truth.NO:
        return Truth.NO
    return notes.truth(asked.row.when)


def _shown(asked: _Asked, first: int | None, last: int | None) -> Truth:
    """Whether the file shows today that it is met; what lies wholly ahead is not known."""
    asking, met = asked.asking, asked.duty.met
    if met < 0 or (first is not None and first > asking.today):
        return Truth.UNKNOWN
    return asking.on(asking.today).stands.truth(met)


def _uid(asked: _Asked, handle: str, number: int) -> str:
    """The same for the same duty of an edition at the same occurrence, whatever the day: a second import moves the event."""
    parts = (asked.asking.key, asked.edition.key, asked.point.name, asked.position, asked.row.name, handle, number)
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]
