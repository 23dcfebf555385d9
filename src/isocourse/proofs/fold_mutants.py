"""Single changes of how a fact is folded: each must be noticed by a case of facts, or change nothing on any small file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span
from isocourse.facts.declare import Anchor, Fact, Fold
from isocourse.facts.record import Coverage, Event, Quantity, Record
from isocourse.facts.streams import Catalogue
from isocourse.logic.truth import Truth

FOLD_KINDS = ("fold", "window", "filter", "stale", "coverage", "undated", "same_day", "missing", "ratio")
"""Another fold, an end of the window moved or dropped, a filter dropped, the time for which a value holds moved or dropped, a record
taken to be complete, an event without a day taken to have one, one of two values of a day kept, nothing on file taken for a no, a
ratio turned round."""

OTHER_FOLD = {
    "last": "first",
    "first": "last",
    "nth": "last",
    "highest": "lowest",
    "lowest": "highest",
    "any": "count",
    "count": "any",
    "total": "highest",
    "span": "largest_gap",
    "largest_gap": "span",
}
"""What each fold is changed to."""

COVERAGE_READ = ("first", "nth", "highest", "lowest", "count", "total", "span", "largest_gap", "any")
"""The folds that ask whether the record is complete."""


class FoldMutant(Struct, frozen=True):
    """One change of one fact: of its declaration, of the file as it is seen, or of what comes out where nothing is known."""

    kind: str
    fact: Fact
    """As it is after the change."""
    what: str
    """The change in words."""
    seen: Callable[[Record], Record] | None = None
    for_unknown: str = ""
    """The word that stands in the place of a fact on which nothing is known."""


def fold_mutants(fact: Fact, catalogue: Catalogue) -> Iterator[FoldMutant]:
    """Every single change of a folded fact, or of a ratio."""
    if fact.ratio:
        over, under = fact.ratio
        yield FoldMutant("ratio", replace(fact, ratio=(under, over)), f"{over} / {under} is turned round")
    fold = fact.fold
    if fold is None:
        return
    other = replace(fold, how=OTHER_FOLD[fold.how])
    yield FoldMutant("fold", replace(fact, fold=other), f"{fold.how} becomes {other.how}", _said_complete(fold.stream))
    yield from _of_window(fact, fold)
    for each in fold.where:
        fewer = tuple(test for test in fold.where if test is not each)
        what = f"without {each.part} = {', '.join(each.values)}"
        yield FoldMutant("filter", replace(fact, fold=replace(fold, where=fewer)), what)
    if fact.stale_after:
        for days in (fact.stale_after - 1, fact.stale_after + 1, 0):
            told = f"{days} days" if days else "ever"
            yield FoldMutant("stale", replace(fact, stale_after=days), f"{fact.stale_after} days becomes {told}")
    if fold.how in COVERAGE_READ:
        yield FoldMutant("coverage", fact, "outside coverage nothing is a no", _said_complete(fold.stream))
    yield from _of_events(fact, fold, catalogue)
    no, yes = (
        ("yes", "a missing paper is taken as seen") if fact.kind == "documentary" else ("no", "nothing on file is a no")
    )
    yield FoldMutant("missing", fact, yes, for_unknown=no)


def _of_window(fact: Fact, fold: Fold) -> Iterator[FoldMutant]:
    """Either end a day earlier or later, or dropped."""
    for name in ("first", "last"):
        anchor: Anchor | None = getattr(fold, name)
        if anchor is None:
            continue
        for by in (-1, 1):
            moved = replace(anchor, days=anchor.days + by)
            what = f"the window's {name} day is {'a day earlier' if by < 0 else 'a day later'}"
            yield FoldMutant("window", replace(fact, fold=_with_end(fold, name, moved)), what)
        yield FoldMutant("window", replace(fact, fold=_with_end(fold, name, None)), f"the window has no {name} day")


def _with_end(fold: Fold, name: str, anchor: Anchor | None) -> Fold:
    if name == "first":
        return replace(fold, first=anchor, first_open=fold.first_open and anchor is not None)
    return replace(fold, last=anchor, last_open=fold.last_open and anchor is not None)


def _of_events(fact: Fact, fold: Fold, catalogue: Catalogue) -> Iterator[FoldMutant]:
    stream = fold.stream
    yield FoldMutant("undated", fact, "an event without a day happened on the last day it can have", _dated(stream))
    yield FoldMutant("undated", fact, "an event without a day is left out", _without_undated(stream))
    declared = catalogue.by_name.get(stream)
    order = declared.values if declared else ()
    for word, pick in (("lower or first", min), ("higher or last", max)):
        what = f"of two values of one day the {word} one is kept"
        yield FoldMutant("same_day", fact, what, _one_a_day(stream, order, pick))


# the file as it is seen ----------------------------------------------------------------------------------------------------
def _said_complete(stream: str) -> Callable[[Record], Record]:
    whole = Coverage(stream, FIRST_DAY, LAST_DAY, "nobody")
    return lambda record: replace(record, coverage=(*record.coverage, whole))


def _dated(stream: str) -> Callable[[Record], Record]:
    def put(event: Event) -> Event:
        return replace(event, happened=Span.of(event.happened.last)) if event.stream == stream else event

    return lambda record: replace(record, events=tuple(put(event) for event in record.events))


def _without_undated(stream: str) -> Callable[[Record], Record]:
    return lambda record: replace(
        record, events=tuple(event for event in record.events if event.dated or event.stream != stream)
    )


def _one_a_day(stream: str, order: Sequence[str], pick: Callable[..., Event]) -> Callable[[Record], Record]:
    def thinned(record: Record) -> Record:
        days: dict[tuple[Span, str], list[Event]] = {}
        for event in record.events:
            if event.stream == stream:
                days.setdefault((event.happened, event.item), []).append(event)
        kept = {id(pick(events, key=lambda event: rank(event, order))) for events in days.values()}
        return replace(
            record, events=tuple(event for event in record.events if event.stream != stream or id(event) in kept)
        )

    return thinned


def rank(event: Event, order: Sequence[str]) -> int:
    """Where an event's value stands among the values of its stream, lowest first."""
    value = event.value
    if isinstance(value, Quantity):
        return value.low
    if isinstance(value, Span):
        return value.first
    if isinstance(value, Truth):
        return (0, 0, 2, 1)[value]
    return min((order.index(code) for code in value if code in order), default=0)
