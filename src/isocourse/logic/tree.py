"""The one rule tree: hash-consed nodes over slots, from which every lowering is generated."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from isocourse.logic.truth import Truth


class Op(StrEnum):
    """What a node asks. Atoms read slots; the rest combine nodes."""

    TRUE = "true"
    """Always yes."""
    AT_LEAST = "at_least"
    """Slot value >= numbers[0], in steps."""
    RATIO = "ratio"
    """First slot x numbers[0] >= second slot x numbers[1]: a ratio, decided without dividing."""
    GAP = "gap"
    """First slot - second slot >= numbers[0]: two dates, or two amounts of one unit."""
    ONE_OF = "one_of"
    """The coded slot's value is among the bits of numbers[0]."""
    RECORDED = "recorded"
    """Something stands in the file for this slot: read from the file, never from the patient."""
    AND = "and"
    OR = "or"
    NOT = "not"
    COUNT = "count"
    """At least numbers[0] of the children are yes."""


ATOMS = frozenset({Op.AT_LEAST, Op.RATIO, Op.GAP, Op.ONE_OF})
"""Nodes whose answer depends on the values of slots."""


class Slot(Struct, frozen=True):
    """A place for one stored value: an ordered one (`low` to `high` in steps) or a coded one (a set of bits)."""

    name: str
    low: int
    high: int
    values: tuple[str, ...] = ()
    """The codes, lowest bit first; empty for an ordered slot."""

    @property
    def coded(self) -> bool:
        """Whether the slot holds a set of codes rather than an interval."""
        return bool(self.values)


class Node(Struct, frozen=True, eq=False):
    """One question. `args` are slots for an atom or `recorded`, and earlier nodes otherwise.

    Two nodes are the same if they ask the same, whatever the words.
    """

    op: Op
    args: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    text: str = ""
    names: tuple[str, ...] = ()
    """The facts as the author named them, for people."""
    unit: str = ""
    """The unit the author wrote the threshold in."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return (self.op, self.args, self.numbers) == (other.op, other.args, other.numbers)

    def __hash__(self) -> int:
        return hash((self.op, self.args, self.numbers))


class Program(Struct, frozen=True, dict=True):
    """All conditions of a knowledge base: slots, and nodes in an order where children come first."""

    slots: tuple[Slot, ...]
    nodes: tuple[Node, ...]
    axioms: tuple[int, ...] = ()
    """Nodes that are yes for every patient there can be."""

    def slot_named(self, name: str) -> int | None:
        """The index of a slot by its name, or None if no condition reads it."""
        return self._named.get(name)

    @cached_property
    def _named(self) -> dict[str, int]:
        return {slot.name: index for index, slot in enumerate(self.slots)}

    def under(self, roots: Iterable[int]) -> tuple[int, ...]:
        """The nodes that `roots` rest on, themselves included, children first."""
        found: set[int] = set()
        todo = list(roots)
        while todo:
            node = todo.pop()
            if node in found:
                continue
            found.add(node)
            if self.nodes[node].op in (Op.AND, Op.OR, Op.NOT, Op.COUNT):
                todo.extend(self.nodes[node].args)
        return tuple(sorted(found))

    def slots_under(self, roots: Iterable[int]) -> tuple[int, ...]:
        """The slots that `roots` read."""
        reads = self._reads
        return tuple(sorted(frozenset().union(*(reads[root] for root in roots))))

    @cached_property
    def _reads(self) -> tuple[frozenset[int], ...]:
        """For each node, the slots that it and those below it read."""
        found: list[frozenset[int]] = []
        for node in self.nodes:
            if node.op in ATOMS or node.op is Op.RECORDED:
                found.append(frozenset(node.args))
            else:
                found.append(frozenset().union(*(found[child] for child in node.args)))
        return tuple(found)


class State(Struct, frozen=True):
    """What is known of every slot of a program: an interval, or in `low` the bits still possible."""

    low: Sequence[int]
    high: Sequence[int]
    recorded: Sequence[int]
    """Truth bits: 2 where something stands in the file for the slot, 1 where nothing does."""
    groups: "tuple[Group, ...]" = ()
    """Slots whose values hang together because they are parts of one event."""

    @staticmethod
    def blank(program: Program) -> "State":
        """Nothing known at all."""
        low = [(1 << len(slot.values)) - 1 if slot.coded else slot.low for slot in program.slots]
        return State(low, [slot.high for slot in program.slots], [int(Truth.NO)] * len(low))


class Group(Struct, frozen=True):
    """Parts of one event, which branch together: one row of (low, high) for each event it may be."""

    slots: tuple[int, ...]
    rows: tuple[tuple[tuple[int, int], ...], ...]


class Builder:
    """Collects slots and nodes so that equal questions are one node."""

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}
        self._slot_list: list[Slot] = []
        self._nodes: dict[Node, int] = {}
        self._node_list: list[Node] = []

    def slot(self, slot: Slot) -> int:
        """The index of a slot, made on first use."""
        if slot.name not in self._slots:
            self._slots[slot.name] = len(self._slot_list)
            self._slot_list.append(slot)
        return self._slots[slot.name]

    def slot_named(self, index: int) -> Slot:
        """The slot at an index."""
        return self._slot_list[index]

    def node(
        self,
        op: Op,
        args: tuple[int, ...] = (),
        numbers: tuple[int, ...] = (),
        *,
        text: str = "",
        names: tuple[str, ...] = (),
        unit: str = "",
    ) -> int:
        """The index of a node, made on first use. `and`/`or` of one child is that child."""
        if op in (Op.AND, Op.OR) and len(args) == 1:
            return args[0]
        if op is Op.NOT and self._node_list[args[0]].op is Op.NOT:
            return self._node_list[args[0]].args[0]
        made = Node(op, args, numbers, text, names, unit)
        if made not in self._nodes:
            self._nodes[made] = len(self._node_list)
            self._node_list.append(made)
        return self._nodes[made]

    def program(self) -> Program:
        """Everything collected so far."""
        return Program(tuple(self._slot_list), tuple(self._node_list))
