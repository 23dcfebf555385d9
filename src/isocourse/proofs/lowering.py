"""The rule tree as formulas of a solver: one bounded whole number or truth value for each fact of a patient fully known.

The fourth lowering. It is used for proofs and for witnesses, never for a patient at a desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

import z3

from isocourse.logic.tree import Node, Op, Program, State

YES_NO = ("no", "yes")

Formula: TypeAlias = z3.BoolRef
"""A formula over one patient."""

Some = TypeVar("Some", bound=z3.ExprRef)


def name_of(formula: z3.ExprRef) -> int:
    """What tells a formula from every other that is alive; printing it would tell too, and takes longer than the solver."""
    number: int = formula.get_id()  # type: ignore[attr-defined]  # the stubs leave it out
    return number


class Lowered:
    """A program as formulas over one patient; `tag` tells two patients of one question apart.

    Coded slots are whole numbers from 0 (a truth value where the codes are no and yes), ordered slots whole numbers of steps.
    """

    def __init__(self, program: Program, tag: str = "") -> None:
        self.program = program
        self.tag = tag
        self._truths: dict[int, Formula] = {}
        self._numbers: dict[int, z3.ArithRef] = {}
        self._recorded: dict[int, Formula] = {}
        self._nodes: dict[int, Formula] = {}
        self._read: dict[int, frozenset[int]] = {}
        """What nodes and variables that were lowered speak of, by the formula's name; they stay alive, so it stays theirs."""

    def truth(self, index: int) -> Formula:
        """The variable of a slot whose codes are no and yes."""
        if index not in self._truths:
            self._truths[index] = self._variable(index, z3.Bool(f"{self.program.slots[index].name}{self.tag}"))
        return self._truths[index]

    def number(self, index: int) -> z3.ArithRef:
        """The variable of any other slot."""
        if index not in self._numbers:
            self._numbers[index] = self._variable(index, z3.Int(f"{self.program.slots[index].name}{self.tag}"))
        return self._numbers[index]

    def _variable(self, index: int, made: Some) -> Some:
        self._read[name_of(made)] = frozenset((index,))
        return made

    def is_truth(self, index: int) -> bool:
        """Whether the codes of a slot are no and yes."""
        return self.program.slots[index].values == YES_NO

    def recorded(self, index: int) -> Formula:
        """Whether something stands in the file for a slot."""
        if index not in self._recorded:
            self._recorded[index] = z3.Bool(f"recorded {self.program.slots[index].name}{self.tag}")
        return self._recorded[index]

    def bounds(self, slots: Iterable[int]) -> list[Formula]:
        """What keeps every slot inside its plausible range."""
        found: list[Formula] = []
        for index in slots:
            if self.is_truth(index):
                continue
            slot, variable = self.program.slots[index], self.number(index)
            low, high = (0, len(slot.values) - 1) if slot.coded else (slot.low, slot.high)
            found += [variable >= low, variable <= high]
        return found

    def node(self, index: int) -> Formula:
        """The formula of a node."""
        for each in self.program.under((index,)):
            if each not in self._nodes:
                self._nodes[each] = self._lower(self.program.nodes[each])
                self._read[name_of(self._nodes[each])] = frozenset(self.program.slots_under((each,)))
        return self._nodes[index]

    def slots_in(self, formulas: Iterable[z3.ExprRef]) -> frozenset[int]:
        """The slots of this patient that formulas speak of."""
        found: frozenset[int] = frozenset()
        seen: set[int] = set()
        todo = list(formulas)
        while todo:
            formula = todo.pop()
            name = name_of(formula)
            if name in seen:
                continue
            seen.add(name)
            if name in self._read:
                found |= self._read[name]
            else:
                todo += formula.children()  # type: ignore[attr-defined]  # the stubs leave it out
        return found

    def axioms(self) -> list[Formula]:
        """What holds of every patient."""
        return [self.node(axiom) for axiom in self.program.axioms]

    def _lower(self, node: Node) -> Formula:
        op, args, numbers = node.op, node.args, node.numbers
        below = [self._nodes[child] for child in args] if op in (Op.AND, Op.OR, Op.NOT, Op.COUNT) else []
        if op is Op.TRUE:
            return z3.BoolVal(True)
        if op is Op.AND:
            return z3.And(below)
        if op is Op.OR:
            return z3.Or(below)
        if op is Op.NOT:
            return z3.Not(below[0])
        if op is Op.COUNT:
            return z3.PbGe([(each, 1) for each in below], numbers[0])
        if op is Op.RECORDED:
            return self.recorded(args[0])
        return self._atom(op, args, numbers)

    def _atom(self, op: Op, args: Sequence[int], numbers: Sequence[int]) -> Formula:
        if op is Op.ONE_OF:
            return self._one_of(args[0], numbers[0])
        first = self.number(args[0])
        if op is Op.AT_LEAST:
            return first >= numbers[0]
        second = self.number(args[1])
        if op is Op.RATIO:
            return first * numbers[0] >= second * numbers[1]
        return first - second >= numbers[0]

    def _one_of(self, index: int, bits: int) -> Formula:
        if self.is_truth(index):
            here = self.truth(index)
            return (z3.BoolVal(False), z3.Not(here), here, z3.BoolVal(True))[bits & 3]
        places = range(len(self.program.slots[index].values))
        return z3.Or([self.number(index) == place for place in places if bits >> place & 1])

    def same(self, other: Lowered, slots: Iterable[int]) -> list[Formula]:
        """That two patients do not differ in these slots, nor in whether the file holds them."""
        alike = []
        for index in slots:
            alike.append(
                self.truth(index) == other.truth(index)
                if self.is_truth(index)
                else self.number(index) == other.number(index)
            )
            alike.append(self.recorded(index) == other.recorded(index))
        return alike

    def value(self, model: z3.ModelRef, index: int) -> int:
        """The value of a slot in a model: steps, or the bit of the code."""
        if self.is_truth(index):
            return 2 if z3.is_true(model.eval(self.truth(index), model_completion=True)) else 1
        number: int = model.eval(self.number(index), model_completion=True).as_long()
        return 1 << number if self.program.slots[index].coded else number

    def is_value(self, index: int, value: int) -> Formula:
        """That a slot has a value, given as `value` gives it."""
        if self.is_truth(index):
            return self.truth(index) if value == 2 else z3.Not(self.truth(index))
        return self.number(index) == (value.bit_length() - 1 if self.program.slots[index].coded else value)


class Planes:
    """A program in three values: for each node whether it can be yes, and whether it can be no, for what is known of a patient.

    Whether something stands in the file is the same before and after more is learnt, but for slots in `told_later`: there it
    may come to stand there.
    """

    def __init__(self, program: Program, tag: str = "", told_later: frozenset[int] = frozenset()) -> None:
        self.program = program
        self.tag = tag
        self.told_later = told_later
        self._nodes: dict[int, tuple[Formula, Formula]] = {}
        self._ends: dict[int, tuple[z3.ArithRef, z3.ArithRef]] = {}
        self._codes: dict[int, list[Formula]] = {}
        self._recorded: dict[int, Formula] = {}

    def ends(self, index: int) -> tuple[z3.ArithRef, z3.ArithRef]:
        """The lowest and highest value still possible of an ordered slot."""
        if index not in self._ends:
            name = f"{self.program.slots[index].name}{self.tag}"
            self._ends[index] = z3.Int(f"lowest {name}"), z3.Int(f"highest {name}")
        return self._ends[index]

    def codes(self, index: int) -> list[Formula]:
        """For each code of a coded slot whether it is still possible."""
        if index not in self._codes:
            slot = self.program.slots[index]
            self._codes[index] = [z3.Bool(f"{slot.name}{self.tag} may be {value}") for value in slot.values]
        return self._codes[index]

    def bounds(self, slots: Iterable[int]) -> list[Formula]:
        """That something is still possible for every slot, inside its plausible range."""
        found: list[Formula] = []
        for index in slots:
            slot = self.program.slots[index]
            if slot.coded:
                found.append(z3.Or(self.codes(index)))
            else:
                low, high = self.ends(index)
                found += [low >= slot.low, low <= high, high <= slot.high]
        return found

    def learnt_from(self, before: Planes, slots: Sequence[int]) -> list[Formula]:
        """That this is `before` with more known: nothing became possible that was not."""
        found: list[Formula] = []
        for index in slots:
            if self.program.slots[index].coded:
                pairs = zip(self.codes(index), before.codes(index), strict=True)
                found += [z3.Implies(now, then) for now, then in pairs]
            else:
                (low, high), (least, most) = self.ends(index), before.ends(index)
                found += [low >= least, high <= most]
        told = self.told_later.intersection(slots)
        return [*found, *(z3.Implies(before.recorded(index), self.recorded(index)) for index in told)]

    def node(self, index: int) -> tuple[Formula, Formula]:
        """Whether a node can be yes, and whether it can be no."""
        for each in self.program.under((index,)):
            if each not in self._nodes:
                self._nodes[each] = self._lower(each)
        return self._nodes[index]

    def _lower(self, index: int) -> tuple[Formula, Formula]:
        node = self.program.nodes[index]
        below = [self._nodes[child] for child in node.args] if node.op in (Op.AND, Op.OR, Op.NOT, Op.COUNT) else []
        yes, no = [each[0] for each in below], [each[1] for each in below]
        if node.op is Op.TRUE:
            return z3.BoolVal(True), z3.BoolVal(False)
        if node.op is Op.NOT:
            return no[0], yes[0]
        if node.op is Op.AND:
            return z3.And(yes), z3.Or(no)
        if node.op is Op.OR:
            return z3.Or(yes), z3.And(no)
        if node.op is Op.COUNT:
            k = node.numbers[0]
            return z3.PbGe([(each, 1) for each in yes], k), z3.PbGe([(each, 1) for each in no], len(no) - k + 1)
        if node.op is Op.RECORDED:
            told = self.recorded(node.args[0])
            return told, z3.Not(told)
        return self._atom(node)

    def recorded(self, index: int) -> Formula:
        """Whether something stands in the file for a slot."""
        tag = self.tag if index in self.told_later else ""
        return self._recorded.setdefault(index, z3.Bool(f"recorded {self.program.slots[index].name}{tag}"))

    def _atom(self, node: Node) -> tuple[Formula, Formula]:
        if node.op is Op.ONE_OF:
            codes = self.codes(node.args[0])
            among = [bool(node.numbers[0] >> place & 1) for place in range(len(codes))]
            return (
                z3.Or([code for code, inside in zip(codes, among, strict=True) if inside]),
                z3.Or([code for code, inside in zip(codes, among, strict=True) if not inside]),
            )
        low, high = self.ends(node.args[0])
        if node.op is Op.AT_LEAST:
            return high >= node.numbers[0], low < node.numbers[0]
        least, most = self.ends(node.args[1])
        if node.op is Op.RATIO:
            p, q = node.numbers
            return high * p >= least * q, low * p < most * q
        return high - least >= node.numbers[0], low - most < node.numbers[0]


def state_of(program: Program, values: Sequence[int]) -> State:
    """The state of a patient fully known; everything stands in the file."""
    high = [slot.high if slot.coded else value for slot, value in zip(program.slots, values, strict=True)]
    return State(tuple(values), tuple(high), (2,) * len(values))
