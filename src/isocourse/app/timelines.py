"""Runs the cases of facts: what a tiny file leaves possible of each fact, and which folded facts have no case on their borders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, iso
from isocourse.facts.declare import Anchor, Fact, Fold
from isocourse.facts.record import Event, Part, Quantity
from isocourse.facts.snapshot import Bound, Source, days_of, hold
from isocourse.facts.streams import Attribute, Stream
from isocourse.library import Library
from isocourse.library.timelines import Timeline, Untimed
from isocourse.logic.problems import did_you_mean
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal

NOT_KNOWN = "unknown"


class NoFactError(Exception):
    """A name in a case that no fact and no fold of a condition has."""


class Named(Struct, frozen=True):
    """What a case asks about: a fact, the part of its event, or whether anything is recorded for it."""

    fact: str
    part: str = "value"
    recorded: bool = False


def named(text: str) -> Named:
    """The fact, and the part of it, that a case asks about.

    >>> named("last_pregnancy_test.day"), named("recorded(weight)").recorded
    (Named(fact='last_pregnancy_test', part='day', recorded=False), True)
    """
    if text.startswith("recorded(") and text.endswith(")"):
        return Named(text[len("recorded(") : -1], recorded=True)
    fact, _, part = text.partition(".")
    return Named(fact, part or "value")


def folded_facts(library: Library) -> dict[str, Fact]:
    """Every fact by name; a fold that stands in a condition is a fact under its own spelling."""
    found = dict(library.fact_by_name)
    for source in library.sources:
        if source.fold is not None:
            kind = "yes_no" if source.fold.how == "any" else "count"
            found[source.fact] = Fact(source.fact, kind, source.fold, file=_read_by(library, source.slot))
    return found


def _read_by(library: Library, slot: str) -> str:
    """The first row, or else the first definition, that reads a slot."""
    place = library.program.slot_named(slot)
    for edition in library.editions:
        for cell in edition.cells:
            for position in cell.positions:
                for row in position.acting.rows:
                    if place in library.program.slots_under((row.when,)):
                        return row.where
    return "a definition or the safety folder"


# what comes out ------------------------------------------------------------------------------------------------------------
def run_timelines(library: Library, timelines: Sequence[Timeline]) -> Iterator[str]:
    """What comes out otherwise than the cases say."""
    facts = folded_facts(library)
    for timeline in timelines:
        for name, expected in timeline.expect:
            try:
                found = said(library, facts, timeline, named(name))
            except NoFactError as error:
                yield f'{timeline.where}: case "{timeline.name}": {error}'
                continue
            if set(found) != set(expected.split(" | ")):
                yield f'{timeline.where}: case "{timeline.name}": {name}: expected {expected}, found {" | ".join(found)}'


def said(library: Library, facts: Mapping[str, Fact], timeline: Timeline, asked: Named) -> tuple[str, ...]:
    """The values that a fact may have, in words as cases write them.

    Raises:
        NoFactError: there is no such fact.
    """
    fact = facts.get(asked.fact)
    if fact is None:
        raise NoFactError(f'no fact "{asked.fact}"' + did_you_mean(asked.fact, facts))
    if fact.ratio and not asked.recorded:
        return (_quotient(library, facts, timeline, fact.ratio),)
    held = hold(facts, timeline.record, library.catalogue, timeline.as_of, Source(asked.fact, asked.fact, asked.part))
    if asked.recorded:
        return ("yes" if held.recorded else "no",)
    unit, per = _unit(library, fact, asked.part)
    return tuple(dict.fromkeys(word for part in held.parts for word in _words(part, unit, per)))


def _unit(library: Library, fact: Fact, part: str) -> tuple[str, Fraction]:
    """The unit that an amount is told in, and the steps in one of it."""
    stream = library.catalogue.by_name.get(fact.fold.stream) if fact.fold else None
    measured: Stream | Attribute | None = stream if part == "value" or stream is None else stream.attribute(part)
    if measured is not None and measured.units:
        return measured.unit, Fraction(measured.units[0].steps)
    return fact.unit, 1 / Fraction(fact.step)


def _words(part: Part | Bound | None, unit: str, per: Fraction) -> Iterator[str]:
    if isinstance(part, Truth):
        yield part.word
    elif isinstance(part, Span):
        yield _day_words(part)
    elif isinstance(part, tuple):
        yield from part
    elif isinstance(part, Quantity):
        yield f"{_amount(part.low, part.high, per)} {unit}".rstrip()
    else:
        yield NOT_KNOWN if part is None else _bound_words(part, unit, per)


def _amount(low: int, high: int, per: Fraction) -> str:
    ends = decimal(low / per), decimal(high / per)
    return ends[0] if low == high else f"{ends[0]}..{ends[1]}"


def _bound_words(bound: Bound, unit: str, per: Fraction) -> str:
    if bound.low is not None and bound.high is not None:
        return f"{_amount(bound.low, bound.high, per)} {unit}".rstrip()
    if bound.low is not None:
        return f"at least {decimal(bound.low / per)} {unit}".rstrip()
    return NOT_KNOWN if bound.high is None else f"at most {decimal(bound.high / per)} {unit}".rstrip()


def _day_words(span: Span) -> str:
    if span.known:
        return iso(span.first)
    first = "" if span.first <= FIRST_DAY else iso(span.first)
    last = "" if span.last >= LAST_DAY else iso(span.last)
    return f"{first}..{last}" if first or last else NOT_KNOWN


def _quotient(library: Library, facts: Mapping[str, Fact], timeline: Timeline, ratio: tuple[str, str]) -> str:
    """A ratio of two amounts that are both known, in their own units; not known otherwise."""
    amounts = []
    for name in ratio:
        asked = named(name)
        fact = facts[asked.fact]
        held = hold(facts, timeline.record, library.catalogue, timeline.as_of, Source(name, asked.fact, asked.part))
        part = held.parts[0]
        if len(held.parts) > 1 or not isinstance(part, Quantity) or part.low != part.high:
            return NOT_KNOWN
        amounts.append(part.low / _unit(library, fact, asked.part)[1])
    return decimal(amounts[0] / amounts[1]) if amounts[1] else NOT_KNOWN


# what is missing -----------------------------------------------------------------------------------------------------------
def lacking(library: Library, timelines: Sequence[Timeline], excused: Sequence[Untimed]) -> Iterator[str]:
    """The folded facts without a case inside, outside, on a border or with nothing on file, and excuses that excuse nothing."""
    facts = folded_facts(library)
    told: dict[str, list[tuple[Timeline, Named, str]]] = {}
    for timeline in timelines:
        for name, expected in timeline.expect:
            told.setdefault(named(name).fact, []).append((timeline, named(name), expected))
    excuses = {each.fact: each for each in excused}
    for fact in facts.values():
        if fact.fold is None and fact.ratio is None:
            continue
        wanted = list(_wanted(library, facts, fact, told.get(fact.name, [])))
        if excuses.pop(fact.name, None) is None:
            where = f"{fact.file}:{fact.line}" if fact.line else fact.file
            yield from (
                f"{where}: {fact.name} has no case in which {each}; cases of facts stand in facts/cases"
                for each in wanted
            )
        elif not wanted:
            yield f"facts/cases: {fact.name} is excused from cases and needs no excuse; remove it"
    yield from (f"{each.where}: {each.fact} is excused from cases and is no folded fact" for each in excuses.values())


def _wanted(
    library: Library, facts: Mapping[str, Fact], fact: Fact, cases: Sequence[tuple[Timeline, Named, str]]
) -> Iterator[str]:
    values = [(timeline, expected) for timeline, asked, expected in cases if not asked.recorded]
    if not any(_known(expected, fact) for _, expected in values):
        yield "it is known"
    fold = fact.fold
    if fold is None:
        return
    events = [(timeline, _events(timeline, fold)) for timeline, _ in values]
    if not any(not found for _, found in events):
        yield "nothing is on file for it"
    ages = {timeline.as_of - event.happened.last for timeline, found in events for event in found if event.dated}
    if fact.stale_after and not {fact.stale_after, fact.stale_after + 1} <= ages:
        yield f"the last value is {fact.stale_after} days old, and one in which it is {fact.stale_after + 1} days old"
    for end, anchor, outward in _ends(fold):
        gaps = {gap for timeline, found in events for gap in _gaps(library, facts, timeline, found, anchor)}
        for gap in (0, outward):
            if gap + end not in gaps:
                yield f"an event lies on {_spoken(anchor, gap + end)}, {'outside' if gap else 'inside'} its window"


def _known(expected: str, fact: Fact) -> bool:
    return expected == "yes" if fact.kind == "documentary" else expected != NOT_KNOWN


def _events(timeline: Timeline, fold: Fold) -> list[Event]:
    return [event for event in timeline.record.events if event.stream == fold.stream]


def _ends(fold: Fold) -> Iterator[tuple[int, Anchor, int]]:
    """Each end of a window: how far the last day inside lies from its anchor, the anchor, and which way is out."""
    if fold.first is not None:
        yield int(fold.first_open), fold.first, -1
    if fold.last is not None:
        yield -int(fold.last_open), fold.last, 1


def _gaps(
    library: Library, facts: Mapping[str, Fact], timeline: Timeline, found: Sequence[Event], anchor: Anchor
) -> Iterator[int]:
    day = days_of(facts, timeline.record, library.catalogue, timeline.as_of, anchor.fact)
    if day.known:
        yield from (event.happened.first - day.first - anchor.days for event in found if event.dated)


def _spoken(anchor: Anchor, by: int) -> str:
    days = anchor.days + by
    sign = "-" if days < 0 else "+"
    return f"{anchor.fact} {sign} {abs(days)} {'day' if abs(days) == 1 else 'days'}" if days else anchor.fact
