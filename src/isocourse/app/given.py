"""A patient given fact by fact, as in the cases beside the knowledge: texts become the state of a program's slots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from msgspec.structs import replace

from isocourse.facts.days import parse_span
from isocourse.facts.frames import codes, said
from isocourse.facts.problem import Problem
from isocourse.facts.record import Record
from isocourse.facts.sentence import Sentence
from isocourse.facts.snapshot import Origin, Snapshot, holds_days
from isocourse.library import Library
from isocourse.logic.problems import did_you_mean
from isocourse.logic.tree import Slot, State
from isocourse.logic.truth import Truth
from isocourse.logic.units import exact, same_unit

_AMOUNT = re.compile(r"\[?\s*(-?[\d.]+?)(?:\s*\.\.\s*(-?[\d.]+))?\s*\]?\s*([^\d\s.].*)?")


class GivenError(Exception):
    """A given value that does not fit its fact."""


def given_snapshot(library: Library, given: Mapping[str, str], as_of: int = 0) -> Snapshot:
    """The snapshot in which only the given facts are known; a paper that is not given is not there.

    Raises:
        GivenError: a fact that no rule reads, or a value that does not fit it.
    """
    blank = State.blank(library.program)
    low, papers = list(blank.low), {fact.name for fact in library.facts if fact.kind == "documentary"}
    for place, slot in enumerate(library.program.slots):
        if slot.name in papers:
            low[place] = int(Truth.NO)
    nobody = Snapshot(State(low, blank.high, blank.recorded), (Origin(),) * len(low), as_of, Record())
    return with_given(library, nobody, given)[0]


def with_given(library: Library, snapshot: Snapshot, given: Mapping[str, str]) -> tuple[Snapshot, list[Problem]]:
    """The snapshot with facts stated one by one; where one contradicts what the file shows, the file's stays and a Problem says so.

    Raises:
        GivenError: a fact that no rule reads, or a value that does not fit it.
    """
    state, origins, problems = snapshot.state, list(snapshot.origins), []
    low, high, recorded = list(state.low), list(state.high), list(state.recorded)
    index = {slot.name: place for place, slot in enumerate(library.program.slots)}
    told: set[int] = set()
    for name, text in given.items():
        at = _place(name, index, library)
        if at is None:
            continue
        slot, found = library.program.slots[at], _value(library, library.program.slots[at], text)
        if recorded[at] == Truth.YES and not _within(slot, found, (low[at], high[at])):
            problems.append(_contradiction(name, text, origins[at]))
            continue
        low[at], high[at] = found
        recorded[at] = int(Truth.YES)
        origins[at] = Origin(text, ("given",))
        told.add(at)
    groups = tuple(group for group in state.groups if not told.intersection(group.slots))
    return replace(snapshot, state=State(low, high, recorded, groups), origins=tuple(origins)), problems


def _within(slot: Slot, stated: tuple[int, int], held: tuple[int, int]) -> bool:
    """Whether what is stated is among what the file leaves possible."""
    if slot.coded:
        return stated[0] & ~held[0] == 0
    return held[0] <= stated[0] and stated[1] <= held[1]


def _contradiction(name: str, text: str, held: Origin) -> Problem:
    where = f"facts/{name}"
    shown = held.written or said("given.something")
    found = said("given.contradicts", name=codes([name]), text=text, held=shown)
    return Problem(where, found, "", "ask which one holds", "What the file shows is used.", left_out=True)


def _refused(error: GivenError, text: str) -> Sentence:
    """Why it cannot be taken: in English just why, in another language that it does not fit."""
    why, elsewhere = str(error), said("given.refused", text=text[:60])
    return Sentence(why, lambda w: why if w.language == "en" else elsewhere.told(w))


def refused_given(library: Library, given: Mapping[str, str]) -> Iterator[tuple[str, Problem]]:
    """The stated facts that cannot be taken, each with its Problem."""
    for name, text in given.items():
        try:
            given_snapshot(library, {name: text})
        except GivenError as error:
            yield (
                name,
                Problem(f"facts/{name}", _refused(error, text), "", "", said("now.given_left_out", name=codes([name]))),
            )


def _place(name: str, index: Mapping[str, int], library: Library) -> int | None:
    """The slot of a fact; None for a fact that is declared but read by no rule."""
    plain = name.removesuffix(".value")
    spelt = plain.replace("class = ", "kind = ")
    if spelt in index:
        return index[spelt]
    declared = [fact.name for fact in library.facts]
    if spelt.partition(".")[0] in declared:
        fact = next(fact for fact in library.facts if fact.name == spelt.partition(".")[0])
        if fact.ratio:
            raise GivenError(f"{name} is worked out from {' and '.join(fact.ratio)}; give those")
        return None
    raise GivenError(f'no rule reads "{name}"' + did_you_mean(name, [*index, *declared]))


def _value(library: Library, slot: Slot, text: str) -> tuple[int, int]:
    if slot.coded:
        return _bits(slot, [word.strip() for word in text.split("|")]), slot.high
    if holds_days(slot):
        try:
            span = parse_span(text)
        except ValueError as problem:
            raise GivenError(f"{slot.name}: {problem}") from None
        return span.first, span.last
    match = _AMOUNT.fullmatch(text)
    if not match:
        raise GivenError(f'{slot.name}: "{text}" is not an amount')
    steps = _steps(library, slot, (match[3] or "").strip())
    low, high = exact(match[1]) * steps, exact(match[2] or match[1]) * steps
    if low.denominator != 1 or high.denominator != 1:
        raise GivenError(f"{slot.name}: {text} is not a whole number of steps")
    if not slot.low <= low <= high <= slot.high:
        raise GivenError(f"{slot.name}: {text} lies outside the plausible range")
    return int(low), int(high)


def _bits(slot: Slot, words: Iterable[str]) -> int:
    bits = 0
    for word in words:
        if word == "unknown":
            return (1 << len(slot.values)) - 1
        if word not in slot.values:
            raise GivenError(f'{slot.name} is never "{word}"; one of {", ".join(slot.values)}')
        bits |= 1 << slot.values.index(word)
    return bits


def _steps(library: Library, slot: Slot, unit: str) -> Fraction:
    """Steps in one of the unit written, from the stream or the declared fact behind the slot."""
    fact, rules = library.measured(slot)
    stream = library.catalogue.by_name.get(fact.fold.stream) if fact and fact.fold else None
    if not unit and stream is not None and stream.bare and "." not in slot.name:
        return Fraction(rules[0].steps)
    for rule in rules:
        if same_unit(rule.unit, unit):
            return Fraction(rule.steps)
    if rules:
        raise GivenError(f"{slot.name} is measured in {', '.join(rule.unit for rule in rules)}, {_found(unit)}")
    if fact is not None and fact.unit and not same_unit(fact.unit, unit):
        raise GivenError(f"{slot.name} is in {fact.unit}, {_found(unit)}")
    return 1 / Fraction(fact.step) if fact else Fraction(1)


def _found(unit: str) -> str:
    return f'not "{unit}"' if unit else "and no unit is written"
