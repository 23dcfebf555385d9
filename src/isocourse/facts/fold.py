"""Folding a timeline into one value: which events count, and what they leave possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, show_span
from isocourse.facts.declare import Filter, Fold
from isocourse.facts.record import Event, Part, Quantity, Record
from isocourse.facts.streams import Catalogue
from isocourse.logic.truth import Truth, all_of

Resolve = Callable[[str], Span]
"""The days that a date fact may be."""


class Folded(Struct, frozen=True):
    """What a fold leaves possible: the events it may be, or bounds on a number or a yes/no."""

    candidates: tuple[Event | None, ...] = ()
    """For last, first, nth: each event it may be; None for "none of them"."""
    low: int | None = None
    high: int | None = None
    """For the counting folds: bounds; None where there is no bound."""
    truth: Truth | None = None
    events: tuple[Event, ...] = ()
    """The events that it rests on, for people."""
    marks: tuple[str, ...] = ()


def fold_events(fold: Fold, record: Record, catalogue: Catalogue, resolve: Resolve, as_of: int) -> Folded:
    """The value of a fold as of a day."""
    edges = _edges(fold, resolve)
    sure: list[Event] = []
    maybe: list[Event] = []
    for event in record.events:
        if event.stream == fold.stream:
            truth = _counts(event, fold, catalogue, edges, as_of)
            if truth is not Truth.NO:
                (sure if truth is Truth.YES else maybe).append(event)
    if fold.how == "any":
        return _any(fold, record, catalogue, sure, maybe, as_of)
    covered = _covered(fold, record, resolve, as_of)
    if fold.how in ("last", "first", "nth"):
        return _pick(fold, sure, maybe, covered)
    if fold.how in ("highest", "lowest"):
        return _extreme(fold, sure, maybe, covered)
    if fold.how in ("count", "total"):
        return _sum(fold, record, catalogue, sure, maybe, covered, as_of)
    return _distance(fold, sure, maybe, covered)


# which events count --------------------------------------------------------------------------------------------------------
def _counts(event: Event, fold: Fold, catalogue: Catalogue, edges: _Edges, as_of: int) -> Truth:
    happened = event.happened
    if happened.first > as_of or happened.last < edges.first_low or happened.first > edges.last_high:
        return Truth.NO
    if event.item and event.value is Truth.NO:
        return Truth.NO  # a denial is no occurrence: nothing begins on the day on which it was said
    inside = Truth.of_known(happened.first >= edges.first_high and happened.last <= edges.last_low)
    if not fold.where and not event.item:
        return inside
    unsure = Truth.UNKNOWN if event.item and event.value is Truth.UNKNOWN else Truth.YES
    return all_of([inside, unsure, *(_passes(event, each, catalogue) for each in fold.where)])


def _passes(event: Event, test: Filter, catalogue: Catalogue) -> Truth:
    if test.part == "kind":
        return Truth.of(_is_a(event, test.values, catalogue))
    if test.part == "state":
        return Truth.of(event.state in test.values)
    part = event.value if test.part == "value" else event.parts.get(test.part)
    if isinstance(part, tuple):
        inside = sum(code in test.values for code in part)
        return Truth.YES if inside == len(part) else Truth.UNKNOWN if inside else Truth.NO
    if isinstance(part, Truth):
        return part if test.values == ("yes",) else Truth(((part & 1) << 1) | (part >> 1))
    return Truth.UNKNOWN


def _is_a(event: Event, kinds: Sequence[str], catalogue: Catalogue) -> bool:
    item = catalogue.item(event.stream, event.item)
    own = (event.item,) if item is None else (event.item, *item.kinds)
    return any(kind in own for kind in kinds)


class _Edges(Struct, frozen=True):
    """The days that a window may begin and end on, resolved once for a fold."""

    first_low: int
    first_high: int
    last_low: int
    last_high: int


def _edges(fold: Fold, resolve: Resolve) -> _Edges:
    first = Span.of(FIRST_DAY - 1) if fold.first is None else resolve(fold.first.fact)
    last = Span.of(LAST_DAY + 1) if fold.last is None else resolve(fold.last.fact)
    begin = fold.first.days + fold.first_open if fold.first else 0
    end = fold.last.days - fold.last_open if fold.last else 0
    return _Edges(first.first + begin, first.last + begin, last.first + end, last.last + end)


def _covered(fold: Fold, record: Record, resolve: Resolve, as_of: int) -> bool:
    """Whether somebody says that the record of this stream is complete over the whole window."""
    first = FIRST_DAY if fold.first is None else resolve(fold.first.fact).first + fold.first.days
    last = as_of if fold.last is None else min(as_of, resolve(fold.last.fact).last + fold.last.days)
    return any(each.stream == fold.stream and each.first <= first and each.last >= last for each in record.coverage)


# the folds -----------------------------------------------------------------------------------------------------------------
def _pick(fold: Fold, sure: list[Event], maybe: list[Event], covered: bool) -> Folded:
    if fold.how == "last":
        return _latest(sure, maybe)
    if not covered:
        return Folded((None,), events=tuple(sure + maybe), marks=("the record is not said to be complete",))
    if fold.how == "first":
        return _earliest(sure, maybe)
    if maybe or any(not event.dated for event in sure):
        return Folded((None,), events=tuple(sure + maybe))
    ordered = sorted(sure, key=lambda event: event.happened.first)
    return Folded((ordered[fold.number - 1],) if len(ordered) >= fold.number else (None,), events=tuple(ordered))


def _latest(sure: list[Event], maybe: list[Event]) -> Folded:
    edge = max((event.happened.first for event in sure), default=None)
    may = [event for event in (*sure, *maybe) if edge is None or event.happened.last >= edge]
    candidates: tuple[Event | None, ...] = tuple(may) if sure else (*may, None)
    return Folded(candidates, events=tuple(may), marks=_doubts(may) if len(candidates) > 1 else ())


def _earliest(sure: list[Event], maybe: list[Event]) -> Folded:
    edge = min((event.happened.last for event in sure), default=None)
    may = [event for event in (*sure, *maybe) if edge is None or event.happened.first <= edge]
    candidates: tuple[Event | None, ...] = tuple(may) if sure else (*may, None)
    return Folded(candidates, events=tuple(may), marks=_doubts(may) if len(candidates) > 1 else ())


def _doubts(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(
        f"{event.written} ({event.origin}) is dated {show_span(event.happened)}" for event in events if not event.dated
    )


def _amount(event: Event, part: str) -> Quantity | None:
    value: Part | None = event.value if part == "value" else event.parts.get(part)
    return value if isinstance(value, Quantity) else None


def _extreme(fold: Fold, sure: list[Event], maybe: list[Event], covered: bool) -> Folded:
    certain = [amount for event in sure if (amount := _amount(event, fold.part))]
    possible = [amount for event in (*sure, *maybe) if (amount := _amount(event, fold.part))]
    highest = fold.how == "highest"
    pick = max if highest else min
    inner = pick((amount.low if highest else amount.high for amount in certain), default=None)
    outer = pick((amount.high if highest else amount.low for amount in possible), default=None) if covered else None
    low, high = (inner, outer) if highest else (outer, inner)
    return Folded(low=low, high=high, events=tuple(sure + maybe))


def _sum(
    fold: Fold, record: Record, catalogue: Catalogue, sure: list[Event], maybe: list[Event], covered: bool, as_of: int
) -> Folded:
    complete = covered or _denied_whole(fold.stream, record, as_of)
    if fold.how == "count":
        low, high = len(_surely_distinct(sure, catalogue)), len(_distinct([*sure, *maybe]))
    else:
        low = sum(amount.low for event in sure if (amount := _amount(event, fold.part)))
        high = sum(amount.high for event in (*sure, *maybe) if (amount := _amount(event, fold.part)))
    return Folded(low=low, high=high if complete else None, events=tuple(sure + maybe))


def _distinct(events: Iterable[Event]) -> set[str]:
    """List items count once each, however often the file names them; other events count one by one."""
    return {event.item or f"{event.origin}@{event.happened.first}" for event in events}


def _surely_distinct(events: Sequence[Event], catalogue: Catalogue) -> set[str]:
    """Those that cannot be one thing under two names: a class ("hormonal method") may be the item that stands beside it ("implant")."""
    if not events or not events[0].item:
        return _distinct(events)
    kinds = {item.name: item.kinds for item in catalogue.vocabulary(events[0].stream).items}
    named = {event.item for event in events}
    found = named & kinds.keys()
    classes = {name: {item for item, own in kinds.items() if name in own} for name in named - found}
    taken = set(found)
    for name, members in sorted(classes.items(), key=lambda each: (len(each[1]), each[0])):
        if not members & taken:
            found.add(name)
            taken |= members
    return found


def _distance(fold: Fold, sure: list[Event], maybe: list[Event], covered: bool) -> Folded:
    if not covered or maybe or len(sure) < 2 or any(not event.dated for event in sure):
        return Folded(events=tuple(sure + maybe))
    days = sorted(event.happened.first for event in sure)
    gaps = [later - earlier for earlier, later in pairwise(days)]
    size = max(gaps) if fold.how == "largest_gap" else days[-1] - days[0]
    return Folded(low=size, high=size, events=tuple(sure))


# any -------------------------------------------------------------------------------------------------------------------------
def _any(fold: Fold, record: Record, catalogue: Catalogue, sure: list[Event], maybe: list[Event], as_of: int) -> Folded:
    kinds = next((each.values for each in fold.where if each.part == "kind"), ())
    current = any(each.part == "state" for each in fold.where)
    denials = [
        event
        for event in record.events
        if event.stream == fold.stream
        and event.value is Truth.NO
        and _denies(event, kinds)
        and _still_denies(event, as_of, current=current)
    ]
    if sure:
        newest = max(event.happened.last for event in sure)
        specific = [event for event in denials if event.item != "*" and event.happened.first > newest]
        if current and specific:
            return Folded(truth=Truth.NO, events=tuple(specific))
        return Folded(truth=Truth.YES, events=tuple(sure), marks=_contradicted(denials))
    if maybe:
        return Folded(truth=Truth.UNKNOWN, events=tuple(maybe))
    unknown_class = any(each.kind == fold.stream for each in record.unjudged)
    if unknown_class and not any(event.item != "*" for event in denials):
        return Folded(truth=Truth.UNKNOWN, marks=("an entry of unknown class stands in the list",))
    if denials:
        return Folded(truth=Truth.NO, events=tuple(denials))
    covered = any(each.stream == fold.stream and each.last >= as_of for each in record.coverage)
    return Folded(
        truth=Truth.NO if covered else Truth.UNKNOWN,
        marks=("no such entry in a list said to be complete",) if covered else (),
    )


CURRENT_NO, LASTING_NO = 31, 366
"""Days for which a "no" holds, by our own rule: of something current until the next monthly visit, of anything else a year."""


def _still_denies(event: Event, as_of: int, *, current: bool) -> bool:
    """Whether a "no" said then still says no today. One without a day holds only for what does not come and go."""
    if event.happened.first > as_of or (event.until is not None and event.until.last < as_of):
        return False
    if not event.dated:
        return not current
    return as_of - event.happened.last <= (CURRENT_NO if current else LASTING_NO)


def _denies(event: Event, kinds: Sequence[str]) -> bool:
    return event.item == "*" or event.item in kinds


def _contradicted(denials: list[Event]) -> tuple[str, ...]:
    return tuple(f"the file also says no: {event.written} ({event.origin})" for event in denials)


def _denied_whole(stream: str, record: Record, as_of: int) -> bool:
    return any(
        event.stream == stream
        and event.item == "*"
        and event.value is Truth.NO
        and _still_denies(event, as_of, current=True)
        for event in record.events
    )
