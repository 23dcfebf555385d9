"""What will be known on a later day: which facts hold, move with the calendar, expire, become unknown, or are planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from isocourse.course.outline import Outline, as_planned
from isocourse.decisions.notes import Notes
from isocourse.facts.courses import work_out
from isocourse.facts.declare import Fact
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Snapshot, Source, fit, take_snapshot
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.tree import Slot, State
from isocourse.logic.truth import Truth


class Future(StrEnum):
    """What a day in the future does to a fact."""

    HOLDS = "holds"
    MOVES = "moves"
    EXPIRES = "expires"
    UNKNOWN = "unknown"
    PLANNED = "planned"
    NOT_KNOWN_NOW = "not_known_now"


@dataclass(frozen=True, slots=True)
class Carried:
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


class Projection:
    """One patient on one later day, seen in two ways: only with what is sure to hold, and as things stand today."""

    def __init__(self, library: Library, today: Snapshot, outline: Outline, day: int) -> None:
        self.library, self.today, self.outline, self.day = library, today, outline, day
        self.record = as_planned(today.record, outline, day)
        self._facts = {fact.name: fact for fact in library.facts}

    @cached_property
    def sure(self) -> Notes:
        """With what may change by then left open."""
        return self._notes(self._strict())

    @cached_property
    def stands(self) -> Notes:
        """As it would be if what holds today still held."""
        return self._notes(self._as_stands())

    def _notes(self, snapshot: Snapshot) -> Notes:
        return Notes(self.library.program, compile_program(self.library.program)(snapshot.state), snapshot)

    # only what is sure -------------------------------------------------------------------------------------------------------------
    def _strict(self) -> Snapshot:
        if self.day <= self.today.as_of:
            return self.today
        state = self.today.state
        low, high, recorded = list(state.low), list(state.high), list(state.recorded)
        widened: set[int] = set()
        for place, (slot, source) in enumerate(zip(self.library.program.slots, self.library.sources, strict=True)):
            fact = self._facts.get(source.fact)
            if fact is not None and fact.built_in:
                worked = work_out(fact.name, self.record, self.day)
                low[place], high[place] = self._before_first_dose(fact.name, fit(worked.value, slot))
                recorded[place] = int(Truth.of(worked.value is not None))
            elif not self._holds(source, fact, state, place, slot):
                low[place], high[place] = _gone(slot, fact)
                widened.add(place)
        groups = tuple(group for group in state.groups if not widened.intersection(group.slots))
        return replace(self.today, state=State(low, high, recorded, groups), as_of=self.day, record=self.record)

    def _before_first_dose(self, name: str, value: tuple[int, int]) -> tuple[int, int]:
        """On the planned first day what is asked comes before the first capsule."""
        if name == "on_treatment" and self.day == self.outline.start:
            return int(Truth.NO), value[1]
        return value

    def _holds(self, source: Source, fact: Fact | None, state: State, place: int, slot: Slot) -> bool:
        if fact is None:
            return _lasting(source) and slot.coded and state.low[place] == int(Truth.YES)
        if fact.future != "holds" and not (fact.future == "moves" and not fact.stale_after):
            return fact.future == "expires" and self._still_counts(fact)
        return not fact.stale_after or self._still_counts(fact)

    def _still_counts(self, fact: Fact) -> bool:
        until = expires_on(fact, self.today.record, self.today.as_of)
        return until is not None and self.day <= until

    # as things stand ---------------------------------------------------------------------------------------------------------------
    def _as_stands(self) -> Snapshot:
        if self.day <= self.today.as_of:
            return self.today
        library = self.library
        then = take_snapshot(library.program, library.sources, self._facts, self.record, library.catalogue, self.day)
        low, high, recorded = list(then.state.low), list(then.state.high), list(then.state.recorded)
        now, touched = self.today.state, set()
        for place, source in enumerate(library.sources):
            fact = self._facts.get(source.fact)
            if fact is not None and fact.built_in:
                low[place], high[place] = self._before_first_dose(fact.name, (low[place], high[place]))
            elif not self._planned_stream(source, fact):
                low[place], high[place], recorded[place] = now.low[place], now.high[place], now.recorded[place]
                touched.add(place)
        groups = tuple(group for group in then.state.groups if not touched.intersection(group.slots))
        kept = tuple(group for group in now.groups if touched.issuperset(group.slots))
        return replace(then, state=State(low, high, recorded, (*groups, *kept)))

    def _planned_stream(self, source: Source, fact: Fact | None) -> bool:
        fold = source.fold or (fact.fold if fact else None)
        return fold is not None and fold.stream in PLANNED_STREAMS

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

    def on(day: int) -> Projection:
        if day not in made:
            made[day] = Projection(library, today, outline, day)
        return made[day]

    return on


def thresholds(library: Library, roots: Sequence[int], fact: str) -> frozenset[int]:
    """The values of a fact at which some condition under `roots` turns, in steps."""
    slot = library.program.slot_named(fact)
    nodes = (library.program.nodes[node] for node in library.program.under(roots))
    return frozenset(
        node.numbers[0] for node in nodes if node.op == "at_least" and slot is not None and node.args == (slot,)
    )
