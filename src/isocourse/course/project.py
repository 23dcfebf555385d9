"""What will be known on a later day: which facts hold, move with the calendar, expire, become unknown, or are planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from isocourse.course.outline import Outline, as_planned
from isocourse.decisions.notes import Notes
from isocourse.facts.courses import work_out
from isocourse.facts.days import LAST_DAY
from isocourse.facts.declare import Fact
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Snapshot, Source, fit, take_snapshot
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.tree import Group, Program, Slot, State
from isocourse.logic.truth import Truth


class Future(StrEnum):
    """What a day in the future does to a fact."""

    HOLDS = "holds"
    MOVES = "moves"
    EXPIRES = "expires"
    UNKNOWN = "unknown"
    PLANNED = "planned"
    NOT_KNOWN_NOW = "not_known_now"


class Carried(Struct, frozen=True):
    """One fact carried to a later day."""

    fact: str
    future: Future
    until: int | None = None
    """For one that expires: the last day on which it still counts."""


BY_PLAN = (
    "first_dose", "last_dose", "on_treatment", "finished", "order_state", "prescription_day", "ordered_daily_dose",
    "highest_ordered_dose", "order_days_supply", "order_repeats", "times_a_day", "order_reason_acne", "formulation",
    "dose_raised", "dose_lowered",
)  # fmt: skip
"""Facts worked out from orders and doses, which the plan settles."""

PLANNED_STREAMS = ("pregnancy_test", "dispensed_on")
"""Streams in which the plan itself puts events."""


class _Fate(Struct, frozen=True):
    """What the days ahead do to one slot: worked out anew, kept up to a day (None: not at all), and what it is afterwards."""

    worked: str = ""
    until: int | None = LAST_DAY
    gone: tuple[int, int] = (0, 0)


class _Frame:
    """What all projections of one patient share."""

    def __init__(self, library: Library, today: Snapshot, outline: Outline) -> None:
        self.library, self.today, self.outline = library, today, outline
        self.facts = library.fact_by_name
        self.run = compile_program(library.program)
        self.standing = [(place, fact.name) for place, fact in self._built_in() if _anew(fact)]
        """The slots of facts that are worked out anew as things stand."""
        self.folded = [place for place, source in enumerate(library.sources) if self._planned(source)]
        self.fates = [self._fate(*each) for each in enumerate(zip(library.program.slots, library.sources, strict=True))]

    def _built_in(self) -> Iterator[tuple[int, Fact]]:
        for place, source in enumerate(self.library.sources):
            fact = self.facts.get(source.fact)
            if fact is not None and fact.built_in:
                yield place, fact

    def _planned(self, source: Source) -> bool:
        fact = self.facts.get(source.fact)
        fold = source.fold or (fact.fold if fact else None)
        return fold is not None and fold.stream in PLANNED_STREAMS

    def _fate(self, place: int, pair: tuple[Slot, Source]) -> _Fate:
        slot, source = pair
        fact = self.facts.get(source.fact)
        if fact is not None and (fact.name in BY_PLAN or (fact.built_in and fact.future == "moves")):
            return _Fate(fact.name)
        return _Fate("", self._until(source, fact, slot, place), _gone(slot, fact))

    def _until(self, source: Source, fact: Fact | None, slot: Slot, place: int) -> int | None:
        """The last day on which what is on file today surely still holds; None where tomorrow may already differ."""
        if fact is None:
            yes = slot.coded and self.today.state.low[place] == int(Truth.YES)
            return LAST_DAY if _lasting(source) and yes else None
        stale = expires_on(fact, self.today.record, self.today.as_of)
        if fact.future == "holds" or (fact.future == "moves" and not fact.stale_after):
            return stale if fact.stale_after else LAST_DAY
        return stale if fact.future == "expires" else None

    def asked_before_the_first_dose(self, name: str, value: tuple[int, int], day: int) -> tuple[int, int]:
        """On the planned first day what is asked comes before the first capsule."""
        if name == "on_treatment" and day == self.outline.start:
            return int(Truth.NO), value[1]
        return value


class Projection:
    """One patient on one later day, seen in two ways: only with what is sure to hold, and as things stand today."""

    def __init__(self, frame: _Frame, day: int) -> None:
        self.frame, self.library, self.today, self.day = frame, frame.library, frame.today, day
        self.record = as_planned(frame.today.record, frame.outline, day)

    @cached_property
    def sure(self) -> Notes:
        """With what may change by then left open."""
        return self._notes(self._strict())

    @cached_property
    def stands(self) -> Notes:
        """As it would be if what holds today still held."""
        return self._notes(self._as_stands())

    def _notes(self, snapshot: Snapshot) -> Notes:
        return Notes(self.library.program, self.frame.run(snapshot.state), snapshot)

    # only what is sure -------------------------------------------------------------------------------------------------------------
    def _strict(self) -> Snapshot:
        if self.day <= self.today.as_of:
            return self.today
        state, slots, frame = self.today.state, self.library.program.slots, self.frame
        low, high, recorded = list(state.low), list(state.high), list(state.recorded)
        widened: set[int] = set()
        for place, fate in enumerate(frame.fates):
            if fate.worked:
                worked = work_out(fate.worked, self.record, self.day)
                found = fit(worked.value, slots[place])
                low[place], high[place] = frame.asked_before_the_first_dose(fate.worked, found, self.day)
                recorded[place] = int(Truth.of(worked.value is not None))
            elif fate.until is None or self.day > fate.until:
                low[place], high[place] = fate.gone
                widened.add(place)
        groups = tuple(group for group in state.groups if not widened.intersection(group.slots))
        return replace(self.today, state=State(low, high, recorded, groups), as_of=self.day, record=self.record)

    # as things stand ---------------------------------------------------------------------------------------------------------------
    def _as_stands(self) -> Snapshot:
        """Today's values, but for what is worked out anew and what the plan itself puts on file."""
        if self.day <= self.today.as_of:
            return self.today
        now, slots, frame = self.today.state, self.library.program.slots, self.frame
        low, high, recorded = list(now.low), list(now.high), list(now.recorded)
        for place, name in frame.standing:
            worked = work_out(name, self.record, self.day)
            found = fit(worked.value, slots[place])
            low[place], high[place] = frame.asked_before_the_first_dose(name, found, self.day)
            recorded[place] = int(Truth.of(worked.value is not None))
        then = self._folded()
        for place, part in zip(frame.folded, range(len(frame.folded)), strict=True):
            low[place], high[place], recorded[place] = then.low[part], then.high[part], then.recorded[part]
        anew = set(frame.folded)
        groups = [group for group in now.groups if not anew.intersection(group.slots)]
        groups += [Group(tuple(frame.folded[part] for part in group.slots), group.rows) for group in then.groups]
        state = State(low, high, recorded, tuple(groups))
        return replace(self.today, state=state, as_of=self.day, record=self.record)

    def _folded(self) -> State:
        """The slots of the streams that the plan writes to, folded anew."""
        library, places = self.library, self.frame.folded
        part = Program(tuple(library.program.slots[place] for place in places), ())
        sources = [library.sources[place] for place in places]
        return take_snapshot(part, sources, self.frame.facts, self.record, library.catalogue, self.day).state

    # the list for people -----------------------------------------------------------------------------------------------------------
    def carried(self) -> tuple[Carried, ...]:
        """Every declared fact that some rule reads, and what this day does to it."""
        read = {source.fact: place for place, source in reversed(list(enumerate(self.library.sources)))}
        return tuple(
            self._carry(fact, read[fact.name]) for fact in self.library.facts if fact.name in read and not fact.ratio
        )

    def _carry(self, fact: Fact, place: int) -> Carried:
        if fact.name in BY_PLAN:
            return Carried(fact.name, Future.PLANNED)
        if self.today.state.recorded[place] != Truth.YES and fact.kind != "documentary" and fact.name != "today":
            return Carried(fact.name, Future.NOT_KNOWN_NOW)
        until = expires_on(fact, self.today.record, self.today.as_of) if fact.stale_after else None
        if until is not None and fact.future in ("holds", "moves", "expires"):
            return Carried(fact.name, Future.EXPIRES, until)
        if fact.future == "expires":
            return Carried(fact.name, Future.UNKNOWN)
        return Carried(fact.name, Future(fact.future), until)


def _anew(fact: Fact) -> bool:
    """Whether a later day works the fact out anew, even if nothing else changes."""
    return fact.name in BY_PLAN or fact.future != "holds"


def _gone(slot: Slot, fact: Fact | None) -> tuple[int, int]:
    """What a fact may be once it no longer counts: anything; a paper that is too old is not there."""
    if fact is not None and fact.kind == "documentary":
        return int(Truth.NO), slot.high
    return ((1 << len(slot.values)) - 1, slot.high) if slot.coded else (slot.low, slot.high)


def _lasting(source: Source) -> bool:
    """Whether a fold written in a condition asks "ever": then a yes stays a yes."""
    fold = source.fold
    return fold is not None and fold.how == "any" and all(each.part != "state" for each in fold.where)


def expires_on(fact: Fact, record: Record, as_of: int) -> int | None:
    """The last day on which what is on file still counts, for a fact that goes stale; None where nothing dated is on file."""
    if not fact.stale_after:
        return None
    stream = fact.fold.stream if fact.fold else fact.name
    days = [event.happened.last for event in record.events if event.stream == stream and event.happened.last <= as_of]
    return max(days) + fact.stale_after if days else None


Projector = Callable[[int], Projection]
"""The projection for a day; each day is worked out once."""


def projector(library: Library, today: Snapshot, outline: Outline) -> Projector:
    """Projections of one patient under one outline, kept once made."""
    made: dict[int, Projection] = {}
    frame = _Frame(library, today, outline)

    def on(day: int) -> Projection:
        if day not in made:
            made[day] = Projection(frame, day)
        return made[day]

    return on


def thresholds(library: Library, roots: Sequence[int], fact: str) -> frozenset[int]:
    """The values of a fact at which some condition under `roots` turns, in steps."""
    slot = library.program.slot_named(fact)
    nodes = (library.program.nodes[node] for node in library.program.under(roots))
    return frozenset(
        node.numbers[0] for node in nodes if node.op == "at_least" and slot is not None and node.args == (slot,)
    )
