"""Finds where protocols part: every pair of positions, and for opposed ones the invented patient nearest to the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from isocourse.app.given import GivenError, given_snapshot, given_text
from isocourse.decisions.answers import Answer, judge
from isocourse.decisions.binding import together
from isocourse.decisions.opposed import clashes
from isocourse.decisions.tables import Edition, Position
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Origin, Snapshot, holds_days
from isocourse.library import Library
from isocourse.logic.reference import evaluate
from isocourse.proofs.lowering import state_of
from isocourse.proofs.pairs import Held, Pair, Relation, pairs
from isocourse.proofs.question import Asker, Reference


class NoReferenceError(Exception):
    """The reference patient cannot be made: a value is missing or does not fit."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Two positions and how they stand to each other, with a witness where they are opposed."""

    pair: Pair
    kind: str
    """`inside` one source, between `editions` of one protocol, or between `protocols`."""
    in_force_together: bool
    witness: tuple[tuple[str, str], ...] = ()
    """The facts in which the witness differs from the reference patient, as they are given."""
    values: tuple[int, ...] = ()
    """The whole witness, slot by slot."""
    replayed: bool = False
    """Whether the reference interpreter, given the witness, finds the two opposed."""


def reference_patient(library: Library) -> Reference:
    """The reference patient as values of slots.

    Raises:
        NoReferenceError: she lacks a fact that has no ordinary value of its own, or a value does not fit.
    """
    try:
        state = given_snapshot(library, dict(library.reference.given)).state
    except GivenError as error:
        raise NoReferenceError(f"knowledge/facts/reference.yaml: {error}") from None
    papers = {fact.name for fact in library.facts if fact.kind == "documentary"}
    given, grid = dict(library.reference.given), dict(library.reference.grid)
    values, steps = [], []
    for place, slot in enumerate(library.program.slots):
        told = slot.name in given or f"{slot.name}.value" in given
        if told:
            values.append(state.low[place])
        elif slot.values == ("no", "yes"):
            values.append(2 if slot.name in papers else 1)
        elif not slot.coded and slot.low == 0 and not holds_days(slot):
            values.append(0)
        else:
            raise NoReferenceError(f"knowledge/facts/reference.yaml: the reference patient has no {slot.name}")
        steps.append(_grid(library, place, grid))
    changing = {fact.name for fact in library.facts if fact.worse}
    last = frozenset(place for place, slot in enumerate(library.program.slots) if slot.name in changing)
    return Reference(tuple(values), tuple(steps), last)


def _grid(library: Library, place: int, grid: dict[str, str]) -> int:
    fact, rules = library.measured(library.program.slots[place])
    unit = rules[0].unit if rules else fact.unit if fact else ""
    per = Fraction(rules[0].steps) if rules else 1 / Fraction(fact.step) if fact else Fraction(1)
    size = per * Fraction(grid.get(unit, "0"))
    return max(1, int(size))


def find_partings(
    library: Library,
    *,
    points: Sequence[str] = (),
    protocols: Sequence[str] = (),
    limit_ms: int | None = None,
    seen: Callable[[int], None] | None = None,
) -> list[Parting]:
    """Every pair of positions, opposed ones with their witness.

    Args:
        library: the loaded knowledge.
        points: only these decision points; all by default.
        protocols: only pairs in which one of these protocols or editions takes part; all by default.
        limit_ms: how long one question may take before it is called undecided.
        seen: told after each pair, for a progress bar.
    """
    asker = Asker(library.program) if limit_ms is None else Asker(library.program, limit_ms)
    reference = reference_patient(library)
    wanted = tuple(point for point in library.points if not points or point.name in points)
    found = []
    for pair in pairs(asker, library.editions, wanted, tuple(protocols)):
        found.append(_parting(library, asker, reference, pair))
        if seen:
            seen(1)
    return found


def _parting(library: Library, asker: Asker, reference: Reference, pair: Pair) -> Parting:
    one, other = pair.one.edition, pair.other.edition
    kind = "inside" if one.key == other.key else "editions" if one.protocol == other.protocol else "protocols"
    bare = Parting(pair, kind, together(one, other))
    if pair.relation is not Relation.OPPOSED or pair.where is None:
        return bare
    values = asker.nearest(reference, pair.where)
    if values is None:
        return bare
    facts = tuple(
        given_text(library, place, value) for place, value in enumerate(values) if value != reference.values[place]
    )
    return Parting(pair, kind, bare.in_force_together, facts, values, replay(library, pair, values))


def replay(library: Library, pair: Pair, values: tuple[int, ...]) -> bool:
    """Whether the reference interpreter, given the witness, answers the two positions in ways that are opposed."""
    snapshot = _snapshot(library, values)
    truths = [int(truth) for truth in evaluate(library.program, snapshot.state)]
    ones = [answer for held in (pair.one, pair.other) for answer in _answer(library, truths, snapshot, held)]
    return any(clash.kind == "opposed" for clash in clashes(ones, lambda _: None))


def _snapshot(library: Library, values: tuple[int, ...]) -> Snapshot:
    return Snapshot(state_of(library.program, values), (Origin(),) * len(values), 0, Record())


def _answer(library: Library, truths: list[int], snapshot: Snapshot, held: Held) -> tuple[Answer, ...]:
    answers = judge(library.program, truths, snapshot, held.edition, held.point, outside=False)
    return tuple(answer for answer in answers if answer.position == held.position.name)


def witness_record(library: Library, parting: Parting) -> dict[str, object]:
    """The witness as a native record that `assess` takes: every fact stated one by one."""
    facts = dict(given_text(library, place, value) for place, value in enumerate(parting.values))
    pair = parting.pair
    note = f"invented: {pair.one.key} and {pair.other.key} are opposed on {pair.one.point.name}"
    return {"isocourse": "1", "patient": {"note": note}, "facts": facts}


def position_of(library: Library, key: str, point: str) -> tuple[Edition, Position] | None:
    """A position by protocol/edition/position on a point."""
    edition_key, _, name = key.rpartition("/")
    for edition in library.editions:
        if edition.key == edition_key:
            for position in edition.cell(point).positions:
                if position.name == name:
                    return edition, position
    return None
