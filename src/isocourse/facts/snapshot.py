"""A snapshot: everything a rule can read of one patient as of one day, with where each value comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from isocourse.facts.courses import Worked, work_out
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, show, show_span
from isocourse.facts.declare import Fact, Fold
from isocourse.facts.fold import Folded, fold_events
from isocourse.facts.imply import implied
from isocourse.facts.record import Event, Part, Quantity, Record
from isocourse.facts.streams import Catalogue
from isocourse.logic.tree import Group, Program, Slot, State
from isocourse.logic.truth import Truth


class Source(Struct, frozen=True):
    """Where a slot's value comes from: a declared fact or a fold written in a condition, and the part of its event."""

    slot: str
    fact: str
    part: str = "value"
    fold: Fold | None = None


class Origin(Struct, frozen=True):
    """What people are told of one value: as written, where it stands, and what to mind."""

    written: str = ""
    where: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    slack: int = 0
    unit: str = ""


def holds_days(slot: Slot) -> bool:
    """Whether a slot holds a day rather than an amount."""
    return (slot.low, slot.high) == (FIRST_DAY, LAST_DAY)


class Snapshot(Struct, frozen=True):
    """The state of every slot, and its origin."""

    state: State
    origins: tuple[Origin, ...]
    as_of: int
    record: Record
    aged: bool = False
    """Whether a value was too old to count."""

    def written(self, slot: int | None) -> str:
        """The value of a slot as it stands in the file, or nothing."""
        return "" if slot is None else self.origins[slot].written

    def known(self, slot: int, declared: Slot) -> bool:
        """Whether the slot holds exactly one value."""
        low, high = self.state.low[slot], self.state.high[slot]
        return low.bit_count() == 1 if declared.coded else low == high


def take_snapshot(
    program: Program,
    sources: Sequence[Source],
    facts: Mapping[str, Fact],
    record: Record,
    catalogue: Catalogue,
    as_of: int,
    *,
    ageless: bool = False,
) -> Snapshot:
    """Folds a record into the slots of a program as of a day.

    Args:
        program: the rule tree, whose slots are filled.
        sources: for each slot, in order, where its value comes from.
        facts: the declared facts, by name.
        record: the patient's events.
        catalogue: streams and vocabularies.
        as_of: the day, as a day number.
        ageless: whether values count however old they are; papers never do.
    """
    taking = _Taking(facts, implied(record, catalogue), catalogue, as_of, ageless)
    state = State.blank(program)
    low, high, recorded = list(state.low), list(state.high), list(state.recorded)
    origins = [Origin()] * len(low)
    together: dict[str, list[int]] = {}
    for index, (slot, source) in enumerate(zip(program.slots, sources, strict=True)):
        held = taking.value(source)
        values = [fit(part, slot) for part in held.parts]
        low[index], high[index] = _hull(values, slot)
        recorded[index] = int(Truth.of(held.recorded))
        origins[index] = held.origin
        if len(held.parts) > 1:
            together.setdefault(source.fact, []).append(index)
    groups = tuple(_group(slots, program, sources, taking) for slots in together.values())
    return Snapshot(State(low, high, recorded, groups), tuple(origins), as_of, record, taking.aged)


def hold(facts: Mapping[str, Fact], record: Record, catalogue: Catalogue, as_of: int, source: Source) -> Held:
    """What a record leaves possible of one fact by itself, whether or not a rule reads it."""
    return _Taking(facts, implied(record, catalogue), catalogue, as_of).value(source)


def days_of(facts: Mapping[str, Fact], record: Record, catalogue: Catalogue, as_of: int, name: str) -> Span:
    """The days that a date fact, or the day of an event, may be; anything at all where it is not known."""
    return _Taking(facts, implied(record, catalogue), catalogue, as_of).resolve(name)


class Held(Struct, frozen=True):
    """The parts a slot may hold (None: not known), whether anything is on file, and the origin."""

    parts: tuple[Part | Bound | None, ...]
    recorded: bool
    origin: Origin


class _Taking:
    """Folds each fact once, on first use."""

    def __init__(
        self, facts: Mapping[str, Fact], record: Record, catalogue: Catalogue, as_of: int, ageless: bool = False
    ) -> None:
        self.facts = facts
        self.record = record
        self.catalogue = catalogue
        self.as_of = as_of
        self.ageless = ageless
        self.aged = False
        self.folded: dict[str, Folded] = {}
        self.worked: dict[str, Worked] = {}
        self.streams: dict[str, Record] = {}

    def value(self, source: Source) -> Held:
        fact = self.facts.get(source.fact)
        if fact is not None and fact.built_in:
            return self._built_in(fact)
        fold = source.fold or (fact.fold if fact else None)
        if fold is None:
            return Held((None,), False, Origin())
        folded = self._fold(source.fact, fold)
        documentary = fact is not None and fact.kind == "documentary"
        if documentary:
            return self._documentary(folded, fact.stale_after if fact else 0)
        stale_after = fact.stale_after if fact else 0
        return self._of_fold(folded, source.part, stale_after)

    def _built_in(self, fact: Fact) -> Held:
        if fact.name not in self.worked:
            self.worked[fact.name] = work_out(fact.name, self.record, self.as_of)
        done = self.worked[fact.name]
        return Held((done.value,), done.value is not None, Origin(done.written, done.origins, done.marks))

    def _fold(self, name: str, fold: Fold) -> Folded:
        if name not in self.folded:
            self.folded[name] = fold_events(
                fold, self._of_stream(fold.stream), self.catalogue, self.resolve, self.as_of
            )
        return self.folded[name]

    def _of_stream(self, stream: str) -> Record:
        """The record with the events of one stream only: a fold reads no others."""
        if stream not in self.streams:
            events = tuple(event for event in self.record.events if event.stream == stream)
            self.streams[stream] = replace(self.record, events=events)
        return self.streams[stream]

    def resolve(self, name: str) -> Span:
        """The days that a date fact may be; anything at all where it is not known."""
        fact_name, _, part = name.partition(".")
        fact = self.facts[fact_name]
        held = self.value(Source(name, fact_name, part or ("day" if fact.kind == "event" else "value")))
        spans = [part for part in held.parts if isinstance(part, Span)]
        if not spans or len(spans) != len(held.parts):
            return Span(FIRST_DAY, LAST_DAY)
        return Span(min(span.first for span in spans), max(span.last for span in spans))

    def _documentary(self, folded: Folded, stale_after: int) -> Held:
        """A paper is seen or it is not: what is not recorded, denied by an entry as new, or may be too old, is itself the finding."""
        said = [event for event in folded.events if event.value is not Truth.NO]
        if not said:
            return Held((Truth.NO,), False, Origin("not seen on file"))
        if len(said) < len(folded.events):
            return Held(
                (Truth.NO,), False, _origin_of(folded.events, self.as_of, ("the file also says that it is not there",))
            )
        if any(self._age(event, folded, stale_after) is not Truth.NO for event in said):
            return Held(
                (Truth.NO,), False, _origin_of(said, self.as_of, (f"more than {stale_after} days old, or may be",))
            )
        return Held((Truth.YES,), True, _origin_of(said, self.as_of))

    def _of_fold(self, folded: Folded, part: str, stale_after: int) -> Held:
        if folded.truth is not None:
            return Held(
                (folded.truth if folded.truth is not Truth.UNKNOWN else None,),
                bool(folded.events),
                _origin_of(folded.events, self.as_of, folded.marks),
            )
        if not folded.candidates:
            bounds = Bound(folded.low, folded.high)
            return Held((bounds,), bool(folded.events), _origin_of(folded.events, self.as_of, folded.marks))
        return self._of_candidates(folded, part, stale_after)

    def _of_candidates(self, folded: Folded, part: str, stale_after: int) -> Held:
        marks = list(folded.marks)
        parts: list[Part | None] = []
        for event in folded.candidates:
            too_old = Truth.YES if event is None else self._age(event, folded, 0 if self.ageless else stale_after)
            if event is not None and too_old is Truth.YES:
                self.aged = True
                marks.append(f"{event.written} is {self.as_of - event.happened.last} days old, more than {stale_after}")
            elif event is not None and too_old is Truth.UNKNOWN:
                marks.append(f"{event.written} may be more than {stale_after} days old")
            parts.extend([] if event is None or too_old is Truth.YES else [_part(event, part)])
            parts.extend([] if too_old is Truth.NO else [None])
        events = [event for event in folded.candidates if event is not None]
        return Held(tuple(parts), bool(events), _origin_of(events, self.as_of, tuple(marks)))

    def _age(self, event: Event, folded: Folded, stale_after: int) -> Truth:
        """Whether the value of an event is too old; of one without a day only what it can be if it is the latest."""
        if not stale_after or self.as_of - event.happened.last > stale_after:
            return Truth.of(bool(stale_after))
        surely = () if None in folded.candidates else folded.candidates
        earliest = max([event.happened.first, *(each.happened.first for each in surely if each is not None)])
        return Truth.NO if self.as_of - earliest <= stale_after else Truth.UNKNOWN


class Bound(Struct, frozen=True):
    """A number between bounds, either of which may be missing."""

    low: int | None
    high: int | None


def _part(event: Event, part: str) -> Part | None:
    if part == "value":
        return event.value
    if part == "day":
        return event.happened
    if part == "known":
        return event.known
    return event.parts.get(part)


def fit(part: Part | Bound | None, slot: Slot) -> tuple[int, int]:
    """A part as the (low, high) of its slot; for a coded slot, low holds the bits."""
    everything = (1 << len(slot.values)) - 1
    if slot.coded:
        return _bits(part, slot, everything), 0
    if isinstance(part, Quantity):
        low, high = max(part.low, slot.low), min(part.high, slot.high)
        return (low, high) if low <= high else (slot.low, slot.high)
    if isinstance(part, Span):
        return part.first, part.last
    if isinstance(part, Bound):
        return max(
            slot.low, part.low if part.low is not None else slot.low
        ), part.high if part.high is not None else slot.high
    return slot.low, slot.high


def _bits(part: Part | Bound | None, slot: Slot, everything: int) -> int:
    if isinstance(part, Truth):
        return int(part)
    if isinstance(part, tuple):
        bits = sum(1 << slot.values.index(code) for code in set(part) if code in slot.values)
        return bits or everything
    return everything


def _hull(values: Sequence[tuple[int, int]], slot: Slot) -> tuple[int, int]:
    if slot.coded:
        bits = 0
        for value, _ in values:
            bits |= value
        return bits, slot.high
    return min(low for low, _ in values), max(high for _, high in values)


def _group(slots: list[int], program: Program, sources: Sequence[Source], taking: _Taking) -> Group:
    """Slots of one fact, with one row for each event it may be."""
    columns = [[fit(part, program.slots[slot]) for part in taking.value(sources[slot]).parts] for slot in slots]
    return Group(tuple(slots), tuple(dict.fromkeys(zip(*columns, strict=True))))


def _origin_of(events: Sequence[Event], as_of: int, marks: tuple[str, ...] = ()) -> Origin:
    if not events:
        return Origin(marks=marks)
    written = "; ".join(dict.fromkeys(f"{event.written}{_when(event)}{_age(event, as_of)}" for event in events))
    amounts = [event.value for event in events if isinstance(event.value, Quantity)]
    slack = max((amount.slack for amount in amounts), default=0)
    unit = amounts[0].unit if amounts else ""
    state = tuple(
        f"said to be active, but supply ended on {show_span(event.until)}"
        for event in events
        if event.state == "said_active" and event.until
    )
    return Origin(written, tuple(dict.fromkeys(event.origin for event in events)), (*marks, *state), slack, unit)


ASK_AGAIN = 31
"""Days after which a symptom that nobody ended is shown with its age: our own rule, one monthly visit."""


def _age(event: Event, as_of: int) -> str:
    """How old a symptom is that still counts because nobody ended it, or nothing."""
    days = as_of - event.happened.last
    if event.stream != "symptoms" or event.value is Truth.NO or event.until is not None or days <= ASK_AGAIN:
        return ""
    return f", {days} days ago and not ended since: ask whether it still holds"


def _when(event: Event) -> str:
    if event.dated:
        return f" on {show(event.happened.first)}"
    if event.happened.first <= FIRST_DAY:
        return f" (no day given; known by {show_span(event.known)})" if event.known else " (no day given)"
    return f" on {show_span(event.happened)}"
