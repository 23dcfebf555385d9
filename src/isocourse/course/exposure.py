"""Which days had which dose: from the orders, from what was handed out, and from what was said to be taken, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise

from msgspec import Struct
from msgspec.structs import replace

from isocourse.course.amounts import Amount
from isocourse.facts.courses import COURSE_DAYS, LIVE
from isocourse.facts.days import LAST_DAY, Span
from isocourse.facts.orders import DOSE_STEPS
from isocourse.facts.record import DoseEntry, Order, Quantity, Record
from isocourse.library import Library

BASES = ("prescribed", "dispensed", "reported", "planned")
"""What a dose is known from; never added up with one another for the same days."""


class Period(Struct, frozen=True):
    """Days on which one daily dose was, or will be, taken."""

    first: int
    last: int
    daily_mg: Amount
    formulation: str
    """conventional, lidose, micronised, or empty if not known."""
    basis: str
    taken: Amount
    """The share of days on which it was taken, from 0 to 1; an interval where adherence is known in part."""
    origin: str = ""


ALL = Amount.of(1)

SAID = "MedicationStatement/"
"""Where what stands among the orders comes from, if it says what is taken and prescribes nothing; its days are told as reported."""


def periods_of(record: Record, as_of: int, library: Library | None = None) -> tuple[Period, ...]:
    """The periods of this course by basis: orders, what was handed out, what was said to be taken; in order of their days.

    What belongs to an earlier course is left out. Where two orders, or two reports, of one formulation speak of the same day,
    one of them may say the other again: that day counts from the smaller dose to both together. What was handed out was
    handed out, and is added up.

    Args:
        record: what is on file.
        as_of: the day judged by; an order whose length is not known may go on until then.
        library: for the formulation of a product that is named without one.
    """
    course = _course(record, as_of)
    told = [period for entry in record.doses for period in _told(entry, library) if period.last >= course.begin]
    found = [*_prescribed(record, course, as_of, library), *told]
    return tuple(sorted(_untangled(found), key=lambda each: (each.basis, each.formulation, each.first, each.last)))


# the course --------------------------------------------------------------------------------------------------------------
class _Course(Struct, frozen=True):
    """The days that one course may span, as far as the file tells."""

    begin: int
    first_dose: Span | None
    last_dose: Span | None


def _course(record: Record, as_of: int) -> _Course:
    begun, ended = _dose_day(record, "first_dose"), _dose_day(record, "last_dose")
    if ended is not None and ended.last < as_of and _further(record, ended):
        again = begun if begun is not None and begun.first > ended.last else None
        return _Course(ended.last + 1, again, None)
    return _Course(_since(record.orders) if begun is None else begun.first - COURSE_DAYS, begun, ended)


def _since(orders: Iterable[Order]) -> int:
    """Where no first dose is told: the first of the orders that lie no further apart than those of one course may."""
    begin = 0
    for day in sorted((order.day for order in orders if order.day), key=lambda day: day.last, reverse=True):
        if begin and begin - day.last > COURSE_DAYS:
            return begin
        begin = day.first
    return 0


def _dose_day(record: Record, stream: str) -> Span | None:
    told = [event.value for event in record.events if event.stream == stream and isinstance(event.value, Span)]
    return max(told, key=lambda span: span.first, default=None)


def _further(record: Record, ended: Span) -> bool:
    """Whether an order, or an entry of what was taken, is newer than the last dose told: a further course."""
    orders = any(order.state in LIVE and (order.day is None or order.day.last >= ended.last) for order in record.orders)
    return orders or any(entry.first.first > ended.last for entry in record.doses)


# orders ------------------------------------------------------------------------------------------------------------------
def _prescribed(record: Record, course: _Course, as_of: int, library: Library | None) -> Iterator[Period]:
    """Each order from its day until a newer one, the end of its supplies, or the last dose; drafts are not prescribed yet."""
    orders = [order for order in record.orders if order.state != "draft" and order.day and order.daily_dose]
    orders = [order for order in orders if not order.origin.startswith(SAID)]
    orders = [order for order in orders if order.day and order.day.last >= course.begin]
    orders.sort(key=lambda order: (order.day.first, order.day.last) if order.day else (0, 0))
    same_day = [list(group) for _, group in groupby(orders, key=lambda order: order.day)]
    for group, newer in pairwise([*same_day, []]):
        for order in group:
            if (period := _of_order(order, newer[0].day if newer else None, course, as_of, library)) is not None:
                yield period


def _of_order(order: Order, newer: Span | None, course: _Course, as_of: int, library: Library | None) -> Period | None:
    assert order.day is not None
    assert order.daily_dose is not None
    begin = _begin(order.day, course)
    least, most = _length(order)
    ends = [Span(newer.first - 1, newer.last - 1)] if newer else []
    ends += [course.last_dose] if course.last_dose else []
    last = min(
        *(end.last for end in ends), begin.last + most - 1 if most is not None else max(as_of, begin.last), LAST_DAY
    )
    if last < begin.first:
        return None
    days = last - begin.first + 1
    sure = min(least, min([last, *(end.first for end in ends)]) - begin.last + 1)
    taken = Amount(
        Fraction(max(0, min(sure, days)), days), Fraction(min(most if most is not None else days, days), days)
    )
    return Period(
        begin.first, last, _mg(order.daily_dose), _formulation(order, library), "prescribed", taken, order.origin
    )


def _begin(day: Span, course: _Course) -> Span:
    """The day an order begins to be taken: not before the first dose."""
    first = course.first_dose
    return day if first is None else Span(max(day.first, first.first), max(day.last, first.last))


def _length(order: Order) -> tuple[int, int | None]:
    """Days that an order lasts with its repeats, at least and at most; None: not known."""
    if order.days_supply is None:
        return 0, None
    repeats = order.repeats or Quantity(0, 0)
    return order.days_supply.low * (1 + repeats.low), order.days_supply.high * (1 + repeats.high)


# what the file tells -------------------------------------------------------------------------------------------------------
def _told(entry: DoseEntry, library: Library | None) -> Iterator[Period]:
    """The days of an entry; where it names the missed ones, those between them."""
    kind, daily = _formulation(entry, library), Amount(*entry.daily_mg)
    first, last = entry.first.first, entry.last.last
    if last < first:
        return
    if not entry.missed_days:
        yield Period(first, last, daily, kind, entry.basis, _share(entry), entry.origin)
        return
    edges = [first - 1, *sorted({day for day in entry.missed_days if first <= day <= last}), last + 1]
    for one, other in pairwise(edges):
        if one + 1 < other:
            yield Period(one + 1, other - 1, daily, kind, entry.basis, ALL, entry.origin)


def _share(entry: DoseEntry) -> Amount:
    """The share of the longest span of days that it may be, on which it was surely and at most taken."""
    days = entry.last.last - entry.first.first + 1
    least = max(0, entry.last.first - entry.first.last + 1)
    if entry.missed is not None:
        return Amount(Fraction(max(0, least - entry.missed), days), Fraction(max(0, days - entry.missed), days))
    return Amount(entry.share[0] * least / days, entry.share[1])


def _mg(quantity: Quantity) -> Amount:
    return Amount(Fraction(quantity.low, DOSE_STEPS), Fraction(quantity.high, DOSE_STEPS))


def _formulation(entry: Order | DoseEntry, library: Library | None) -> str:
    """The one formulation it can be; empty if that is not known."""
    if len(entry.formulation) == 1:
        return entry.formulation[0]
    product = library.product(entry.product) if library and entry.product and not entry.formulation else None
    return product.formulation if product else ""


# two that speak of one day -------------------------------------------------------------------------------------------------
def _untangled(periods: Iterable[Period]) -> Iterator[Period]:
    """The periods without two orders, or two reports, of one formulation on one day."""
    for _, group in groupby(sorted(periods, key=_kind), key=_kind):
        listed = sorted(group, key=lambda each: (each.first, each.last))
        if listed[0].basis == "dispensed" or all(one.last < other.first for one, other in pairwise(listed)):
            yield from listed
        else:
            yield from _cut(listed)


def _kind(period: Period) -> tuple[str, str]:
    return period.basis, period.formulation


def _cut(periods: Sequence[Period]) -> Iterator[Period]:
    edges = sorted({each.first for each in periods} | {each.last + 1 for each in periods})
    for begin, end in pairwise(edges):
        here = [part_of(each, begin, end - 1) for each in periods if each.first <= begin and end - 1 <= each.last]
        if here:
            yield _together(here)


def _together(here: Sequence[Period]) -> Period:
    if len(here) == 1:
        return here[0]
    low = min(each.daily_mg.low for each in here)
    high = sum((each.daily_mg.high for each in here), Fraction(0))
    taken = Amount(min(each.taken.low for each in here), max(each.taken.high for each in here))
    origin = ", ".join(dict.fromkeys(each.origin for each in here if each.origin))
    return replace(here[0], daily_mg=Amount(low, high), taken=taken, origin=origin)


def part_of(period: Period, first: int, last: int) -> Period:
    """Some of the days of a period. Which of its days were missed is not known, so in a part of them the share is less sure."""
    whole, part = period.last - period.first + 1, last - first + 1
    low = max(Fraction(0), period.taken.low * whole - (whole - part)) / part
    high = min(Fraction(part), period.taken.high * whole) / part
    return replace(period, first=first, last=last, taken=Amount(low, high))
