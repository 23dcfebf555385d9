"""Random patients for a rule tree, most of whose amounts stand on a threshold or one step beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from isocourse.logic.tree import Node, Op, Program, Slot, State
from isocourse.logic.truth import Truth
from isocourse.proofs.question import Asker, Reference


@dataclass(slots=True)
class Patients:
    """Makes states of one program and counts how many of their amounts lie on a border."""

    program: Program
    rng: Random
    unknown: float = 0.25
    """The share of slots of which nothing is known."""
    amounts: int = 0
    on_border: int = 0
    _readers: dict[int, list[Node]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Who reads each ordered slot."""
        for node in self.program.nodes:
            if node.op in (Op.AT_LEAST, Op.RATIO, Op.GAP):
                for slot in node.args:
                    self._readers.setdefault(slot, []).append(node)

    @property
    def border_share(self) -> float:
        """The share of known amounts that stand on a threshold of a node that reads them, or one step beside it."""
        return self.on_border / self.amounts if self.amounts else 0.0

    def next(self) -> State:
        """One more patient: known values, intervals, sets of codes, and slots of which nothing is known."""
        rng, slots = self.rng, self.program.slots
        blank = State.blank(self.program)
        low, high, recorded = list(blank.low), list(blank.high), list(blank.recorded)
        known: set[int] = set()
        for place in rng.sample(range(len(slots)), len(slots)):
            recorded[place] = int(rng.choice([Truth.NO, Truth.YES]))
            if rng.random() < self.unknown:
                continue
            known.add(place)
            if slots[place].coded:
                everything = (1 << len(slots[place].values)) - 1
                low[place] = (
                    1 << rng.randrange(len(slots[place].values)) if rng.random() < 0.7 else rng.randint(1, everything)
                )
            else:
                low[place], high[place] = self._amount(place, low, high)
        self._count(known, low, high)
        return State(low, high, recorded)

    def _amount(self, place: int, low: list[int], high: list[int]) -> tuple[int, int]:
        slot = self.program.slots[place]
        one = self._value(place, slot, low, high)
        if self.rng.random() < 0.7:
            return one, one
        other = self._value(place, slot, low, high)
        return min(one, other), max(one, other)

    def _value(self, place: int, slot: Slot, low: list[int], high: list[int]) -> int:
        readers = self._readers.get(place, [])
        if readers and self.rng.random() < 0.85:
            node = self.rng.choice(readers)
            value = crossing(node, place, self.rng.choice((low, high))) + self.rng.choice((-1, 0, 0, 1))
            if slot.low <= value <= slot.high:
                return value
        return self.rng.randint(slot.low, slot.high)

    def _count(self, known: set[int], low: list[int], high: list[int]) -> None:
        for place in known:
            if self.program.slots[place].coded:
                continue
            for value in {low[place], high[place]}:
                self.amounts += 1
                self.on_border += any(
                    abs(value - crossing(node, place, ends)) <= 1
                    for node in self._readers.get(place, [])
                    for ends in (low, high)
                )


def crossing(node: Node, place: int, others: list[int]) -> int:
    """The value of a slot at which a question changes its answer, the other slot being at one of its ends.

    Where the crossing lies between two whole numbers it is the one above.
    """
    if node.op is Op.AT_LEAST:
        return node.numbers[0]
    first, second = node.args
    if node.op is Op.GAP:
        return others[second] + node.numbers[0] if place == first else others[first] - node.numbers[0]
    p, q = node.numbers
    over, under = (others[second] * q, p) if place == first else (others[first] * p, q)
    return -(-over // under) if under else 0


def differing(one: list[Truth], other: list[int]) -> int:
    """How many cells differ between two lowerings."""
    return sum(int(a) != b for a, b in zip(one, other, strict=True))


def plausible(program: Program, rng: Random) -> tuple[int, ...]:
    """A patient fully known who breaks no axiom: the one nearest to a patient drawn at random."""
    drawn = [
        1 << rng.randrange(len(slot.values)) if slot.coded else rng.randint(slot.low, slot.high)
        for slot in program.slots
    ]
    found = Asker(program).nearest(Reference(tuple(drawn), (1,) * len(drawn)))
    assert found is not None, "the axioms leave nobody"
    return found


def known_about(program: Program, whole: tuple[int, ...], rng: Random, unknown: float) -> State:
    """What might be known of a patient: of some facts nothing, of others more than one value."""
    low, high = (
        list(whole),
        [slot.high if slot.coded else value for slot, value in zip(program.slots, whole, strict=True)],
    )
    for place, slot in enumerate(program.slots):
        if rng.random() < unknown:
            low[place], high[place] = ((1 << len(slot.values)) - 1, slot.high) if slot.coded else (slot.low, slot.high)
        elif rng.random() < 0.2:
            if slot.coded:
                low[place] |= rng.randrange(1 << len(slot.values))
            else:
                low[place], high[place] = rng.randint(slot.low, whole[place]), rng.randint(whole[place], slot.high)
    return State(low, high, [int(rng.choice([Truth.NO, Truth.YES])) for _ in low])


def learnt(program: Program, state: State, whole: tuple[int, ...], rng: Random, share: float) -> State:
    """The same patient, of whom more is known: some facts outright."""
    low, high = list(state.low), list(state.high)
    for place, slot in enumerate(program.slots):
        if rng.random() < share:
            low[place], high[place] = whole[place], slot.high if slot.coded else whole[place]
    return State(low, high, state.recorded)
