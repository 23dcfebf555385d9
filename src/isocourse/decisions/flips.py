"""What would turn an answer round: the nearest change of one fact or two, and which missing fact would settle most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from msgspec import Struct

from isocourse.decisions.answers import Answer
from isocourse.decisions.tables import Row, Shape
from isocourse.logic.exact import NONE_FIRED, reachable_rows, reachable_truths
from isocourse.logic.tree import Node, Op, Program, State

Change = tuple[int, int, int]
"""A slot, and the low and high that it would have instead (for codes the bits, twice)."""

MOST_TRIED = 4_000
"""How many pairs of changes are tried at most for one answer; the nearest are tried first."""


class Flip(Struct, frozen=True):
    """A change after which an answer is another one."""

    changes: tuple[Change, ...]
    subject: str
    """The finding or duty it is about; nothing for a choice or a range."""
    becomes: tuple[Row | None, ...]
    """The rows that would be reached instead; None stands for silence."""


def flips(program: Program, state: State, answer: Answer, steady: frozenset[int] = frozenset()) -> tuple[Flip, ...]:
    """For each thing that an answer settles, the nearest change of one known fact, or else of two, that turns it round.

    Facts that are not known are left so; a fact moves to the nearest value at which some question of the table changes.

    Args:
        program: the rule tree.
        state: the patient.
        answer: what was answered.
        steady: slots of facts that do not change during a course, such as a first value; they move only where nothing else helps.
    """
    found = (_nearest(program, state, rows, subject, steady) for rows, subject in _tables(answer))
    return tuple(flip for flip in found if flip is not None)


def _tables(answer: Answer) -> Iterator[tuple[tuple[Row, ...], str]]:
    """The rows whose order decides, or every row by itself."""
    position = next(each for each in answer.edition.cell(answer.point.name).positions if each.name == answer.position)
    if answer.point.shape in (Shape.CHOICE, Shape.RANGE):
        yield position.acting.rows, ""
        return
    for row in position.acting.rows:
        yield (row,), row.name


def _nearest(
    program: Program, state: State, rows: tuple[Row, ...], subject: str, steady: frozenset[int]
) -> Flip | None:
    roots = tuple(row.when for row in rows)
    now = reachable_rows(program, state, roots)
    if len(now) != 1:
        return None
    changes = sorted(_changes(program, state, roots), key=lambda each: (each[0] in steady, _far(program, state, each)))
    for several in ([(each,) for each in changes], _pairs(changes)):
        for tried in several:
            found = reachable_rows(program, _changed(state, tried), roots)
            if not found & now and not _same(rows, found, now):
                return Flip(
                    tried, subject, tuple(rows[place] if place != NONE_FIRED else None for place in sorted(found))
                )
    return None


def _same(rows: tuple[Row, ...], found: frozenset[int], now: frozenset[int]) -> bool:
    """Whether other rows say the same."""
    return {_said(rows, place) for place in found} == {_said(rows, place) for place in now}


def _said(rows: tuple[Row, ...], place: int) -> object:
    if place == NONE_FIRED:
        return None
    return (*rows[place].meaning, rows[place].force)


def _pairs(changes: Sequence[Change]) -> Iterator[tuple[Change, ...]]:
    tried = 0
    for pair in combinations(changes, 2):
        if pair[0][0] == pair[1][0]:
            continue
        tried += 1
        if tried > MOST_TRIED:
            return
        yield pair


def _changed(state: State, changes: Sequence[Change]) -> State:
    low, high = list(state.low), list(state.high)
    for slot, least, most in changes:
        low[slot], high[slot] = least, most
    touched = {slot for slot, _, _ in changes}
    groups = tuple(group for group in state.groups if not touched.intersection(group.slots))
    return State(low, high, state.recorded, groups)


def _changes(program: Program, state: State, roots: tuple[int, ...]) -> Iterator[Change]:
    """For each known fact of a table the other codes, or the values at which some question changes its answer."""
    atoms = [program.nodes[place] for place in program.under(roots)]
    for slot in program.slots_under(roots):
        declared, low, high = program.slots[slot], state.low[slot], state.high[slot]
        if declared.coded:
            if low.bit_count() == 1:
                yield from ((slot, 1 << bit, high) for bit in range(len(declared.values)) if 1 << bit != low)
        elif low == high:
            for value in sorted({each for atom in atoms for each in _crossings(atom, slot, state)}):
                if value != low and declared.low <= value <= declared.high:
                    yield slot, value, value


def _crossings(atom: Node, slot: int, state: State) -> Iterator[int]:
    """The values of a slot on both sides of where a question changes, the other slot staying as it is."""
    if slot not in atom.args or atom.op not in (Op.AT_LEAST, Op.GAP, Op.RATIO):
        return
    if atom.op is Op.AT_LEAST:
        yield from (atom.numbers[0], atom.numbers[0] - 1)
        return
    first, second = atom.args
    other = state.low[second if slot == first else first]
    if atom.op is Op.GAP:
        edge = other + atom.numbers[0] if slot == first else other - atom.numbers[0]
        yield from (edge, edge - 1 if slot == first else edge + 1)
        return
    p, q = atom.numbers
    if (p if slot == first else q) == 0:
        return
    edge = -(-other * q // p) if slot == first else other * p // q
    yield from (edge, edge - 1 if slot == first else edge + 1)


def _far(program: Program, state: State, change: Change) -> float:
    """How far a change is: for an amount its share of the value, for a code as much as doubling an amount."""
    slot, value, _ = change
    if program.slots[slot].coded:
        return 1.0
    here = state.low[slot]
    return abs(value - here) / max(1, abs(here)) if here < 100_000_000 else abs(value - here) / here


class Settles(Struct, frozen=True):
    """A missing fact, and how many open answers it would settle."""

    slot: int
    surely: int
    """Whatever its value turns out to be."""
    perhaps: int
    """For some value of it."""
    points: tuple[str, ...]


def what_settles(program: Program, state: State, answers: Sequence[Answer]) -> tuple[Settles, ...]:
    """For each fact that is not known, how many open questions would close if it were; the one that settles most comes first."""
    tables = [(answer, roots) for answer in answers for roots in _open(program, state, answer)]
    slots = {slot for _, roots in tables for slot in program.slots_under(roots)}
    found = []
    for slot in sorted(slots):
        values = _possible(program, state, slot, [roots for _, roots in tables])
        if len(values) < 2:
            continue
        surely = perhaps = 0
        points: dict[str, None] = {}
        for answer, roots in tables:
            if slot not in program.slots_under(roots):
                continue
            closed = [len(reachable_rows(program, _changed(state, (value,)), roots)) == 1 for value in values]
            surely += all(closed)
            perhaps += any(closed)
            if any(closed):
                points[answer.point.name] = None
        if perhaps:
            found.append(Settles(slot, surely, perhaps, tuple(points)))
    return tuple(sorted(found, key=lambda each: (-each.surely, -each.perhaps, each.slot)))


def _open(program: Program, state: State, answer: Answer) -> Iterator[tuple[int, ...]]:
    if not answer.speaks:
        return
    for rows, _ in _tables(answer):
        roots = tuple(row.when for row in rows)
        if len(reachable_rows(program, state, roots)) > 1:
            yield roots
    for verdict in answer.verdicts:
        duty = verdict.row.duty
        if duty and duty.met >= 0 and verdict.applies.name != "NO" and reachable_truths(program, state, duty.met) == 3:
            yield (duty.met,)


def _possible(program: Program, state: State, slot: int, tables: Sequence[tuple[int, ...]]) -> list[Change]:
    """One value of a fact from each cell that the questions cut its range into."""
    declared, low, high = program.slots[slot], state.low[slot], state.high[slot]
    if declared.coded:
        return [(slot, 1 << bit, high) for bit in range(len(declared.values)) if low >> bit & 1]
    if low == high:
        return []
    edges = {low, high}
    for roots in tables:
        for place in program.under(roots):
            edges.update(value for value in _crossings(program.nodes[place], slot, state) if low <= value <= high)
    return [(slot, value, value) for value in sorted(edges)]
