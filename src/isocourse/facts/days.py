"""Days as whole numbers, and dates that are only partly known as spans of days."""

from __future__ import annotations

import calendar
import re
from datetime import date

from msgspec import Struct

from isocourse.facts.frames import said

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Month names of our own, so that a machine's locale never changes an answer."""

FIRST_DAY = date(1890, 1, 1).toordinal()
LAST_DAY = date(2200, 12, 31).toordinal()

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


class Span(Struct, frozen=True):
    """Some day from `first` to `last`, both included, as day numbers."""

    first: int
    last: int

    @property
    def known(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last

    @staticmethod
    def of(day: int) -> Span:
        """The span of one known day."""
        return Span(day, day)


def day_number(year: int, month: int, day: int) -> int:
    """The number of a calendar day.

    Raises:
        ValueError: there is no such day.
    """
    return date(year, month, day).toordinal()


def whole_day(text: str) -> int:
    """The number of the one day that is written, as year-month-day.

    Raises:
        ValueError: it is written otherwise, there is no such day, or it lies outside the days that are counted here.

    >>> show(whole_day("2026-11-24"))
    '24 Nov 2026'
    """
    written = date.fromisoformat(text)
    if written.isoformat() != text:  # Python reads weeks too, and days without their hyphens
        raise ValueError(said("date.none", text=text))
    day = written.toordinal()
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(said("date.years", text=text))
    return day


def parse_span(text: str) -> Span:
    """The days that "2026", "2026-03", "2026-03-02" or a date with a time may mean.

    An instant becomes the day written in it: the clinic's own day. A stamp without an offset, or in UTC, may be the day before or
    after at the clinic only if its hour allows it; `Z` alone says nothing of where the clinic is, so both days stay possible.

    Raises:
        ValueError: the text is not a date, or there is no such day.

    >>> parse_span("2026-02").last - parse_span("2026-02").first
    27
    """
    instant = _INSTANT.fullmatch(text)
    if instant:
        return _of_instant(instant)
    match = _PARTIAL.fullmatch(text)
    if not match:
        raise ValueError(said("date.none", text=text))
    year, month, day = int(match[1]), match[2], match[3]
    if not 1890 <= year <= 2200:
        raise ValueError(said("date.years", text=text))
    if not month:
        return Span(day_number(year, 1, 1), day_number(year, 12, 31))
    try:
        last = calendar.monthrange(year, int(month))[1]
        return Span(day_number(year, int(month), int(day or 1)), day_number(year, int(month), int(day or last)))
    except ValueError:
        raise ValueError(said("date.no_day", text=text)) from None


def reason_of(problem: ValueError) -> str:
    """Why a text is no date, as it was told; it can still be told in another language."""
    reason = problem.args[0] if problem.args else ""
    return reason if isinstance(reason, str) else str(reason)


def _of_instant(match: re.Match[str]) -> Span:
    hour, minute = int(match[2]), int(match[3])
    if hour > 24 or minute > 59:
        raise ValueError(said("date.no_time", text=match[0]))
    written = parse_span(match[1])
    if match[4] not in ("Z", "+00:00", "-00:00"):
        return written
    # UTC: clinics lie from 12 hours behind to 14 hours ahead
    before = 1 if hour < 12 else 0
    after = 1 if hour >= 10 else 0
    return Span(written.first - before, written.last + after)


def add_months(day: int, months: int) -> int:
    """The same day number n months later, or that month's last day.

    >>> show(add_months(day_number(2026, 1, 31), 1))
    '28 Feb 2026'
    """
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day_number(year, month + 1, min(start.day, last))


def completed_years(birth: int, today: int) -> int:
    """Whole years lived; someone born on 29 February turns on 1 March of a common year.

    >>> completed_years(day_number(2008, 11, 25), day_number(2026, 11, 24))
    17
    """
    born, now = date.fromordinal(birth), date.fromordinal(today)
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def completed_months(start: int, today: int) -> int:
    """Whole calendar months gone by: n months later is the same day number, else the month's last day.

    >>> completed_months(day_number(2026, 1, 31), day_number(2026, 2, 28))
    1
    >>> completed_months(day_number(2026, 1, 31), day_number(2026, 2, 27))
    0
    """
    begun, now = date.fromordinal(start), date.fromordinal(today)
    months = 12 * (now.year - begun.year) + now.month - begun.month
    return months - (add_months(start, months) > today)


def show(day: int) -> str:
    """A day as people read it: 2 Feb 2026."""
    shown = date.fromordinal(day)
    return f"{shown.day} {MONTHS[shown.month - 1]} {shown.year}"


def show_span(span: Span) -> str:
    """A day, or the days it may be."""
    if span.known:
        return show(span.first)
    if span.first <= FIRST_DAY:
        return f"some day up to {show(span.last)}"
    if span.last >= LAST_DAY:
        return f"some day from {show(span.first)}"
    return f"some day from {show(span.first)} to {show(span.last)}"


def iso(day: int) -> str:
    """A day as machines read it: 2026-02-02."""
    return date.fromordinal(day).isoformat()
