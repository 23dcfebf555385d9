"""Which rows of a table can still be reached, over all combinations of values that are still possible.

Row by row, three-valued truth is only a first look: `x >= 3` and `x < 3` may both be unknown though one of them holds. Here the
undecided questions are answered both ways, one after the other, and a combination is kept only if some patient could have it.
The questions left at the bottom are bounds on single slots, and comparisons that say "at least some rising amount of another slot".
For such comparisons the smallest solution is found by raising lower bounds until nothing moves, so feasibility is exact for whole
numbers; a circle of comparisons that would raise a slot for ever is seen as such. If it has not settled after a fixed number of
rounds the combination is kept, which can only add answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

from msgspec import Struct

from isocourse.logic.tree import ATOMS, Group, Node, Op, Program, State

NONE_FIRED = -1
"""Stands for "no row of the table applies"."""

_ROUNDS = 200
_ANYTHING = -(1 << 80)

_Answers = Mapping[int, int] | Sequence[int]
"""The truth bits of nodes, by their index."""

_Relation = tuple[Op, int, int, int, int]
"""A comparison, as "first x p >= second x q" (`ratio`), with ">" (`not`) or "first >= second + p" (`gap`): op, first, second, p, q."""


def reachable_rows(
    program: Program, state: State, rows: Sequence[int], values: Sequence[int] | None = None
) -> frozenset[int]:
    """The positions in `rows` that can be the first to hold, or `NONE_FIRED`.

    Args:
        program: the rule tree.
        state: what is known of every slot.
        rows: the conditions of a table, first row first.
        values: the truth bits of all nodes for this state, where the row pass has found them already.
    """
    return _Search(program, _plan(program, tuple(rows)), values).run(state)


def reachable_truths(program: Program, state: State, root: int, values: Sequence[int] | None = None) -> int:
    """The truth bits of one condition, exact: 1 can be no, 2 can be yes."""
    found = reachable_rows(program, state, (root,), values)
    return (2 if 0 in found else 0) | (1 if NONE_FIRED in found else 0)


def slots_read(program: Program, rows: Sequence[int]) -> tuple[int, ...]:
    """The slots that a table reads."""
    return _plan(program, tuple(rows)).slots


_Ties = tuple[tuple[int, frozenset[int]], ...]
"""Axioms, each with the slots that it ties."""


class _Plan(Struct, frozen=True, dict=True):
    """A table by itself: its rows, and the slots they read. What only a search needs is worked out by the first search."""

    program: Program
    rows: tuple[int, ...]
    slots: tuple[int, ...]
    ties: _Ties

    @cached_property
    def read(self) -> frozenset[int]:
        """The slots once more, to look things up in."""
        return frozenset(self.slots)

    @cached_property
    def axioms(self) -> tuple[int, ...]:
        """The axioms that tie only slots of this table: nobody who breaks one is looked at."""
        return tuple(axiom for axiom, tied in self.ties if tied <= self.read)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The nodes on which the rows and the axioms rest, children first."""
        return self.program.under((*self.rows, *self.axioms))

    @cached_property
    def touched(self) -> dict[int, frozenset[int]]:
        """For each question, the nodes whose answer may change when it is answered: those on the same slots, and all above them."""
        return _touched(self.program, self.order)


_PLANS: dict[int, tuple[Program, _Ties, dict[tuple[int, ...], _Plan]]] = {}
"""Plans of the last few programs, by identity: a program never changes, and hashing a whole one takes longer than the search."""


def _plan(program: Program, rows: tuple[int, ...]) -> _Plan:
    kept = _PLANS.get(id(program))
    if kept is None:
        if len(_PLANS) >= 8:
            _PLANS.clear()
        ties = tuple((axiom, frozenset(program.slots_under((axiom,)))) for axiom in program.axioms)
        kept = _PLANS[id(program)] = (program, ties, {})
    plan = kept[2].get(rows)
    if plan is None:
        plan = kept[2][rows] = _Plan(program, rows, program.slots_under(rows), kept[1])
    return plan


def _touched(program: Program, order: Sequence[int]) -> dict[int, frozenset[int]]:
    """What each question of a table touches: a bound moves its slot; a comparison moves no slot, only what stands above it."""
    reading: dict[int, set[int]] = {}
    above: dict[int, set[int]] = {index: {index} for index in order}
    for index in reversed(order):
        node = program.nodes[index]
        if node.op in ATOMS:
            for slot in node.args:
                reading.setdefault(slot, set()).add(index)
        elif node.op is not Op.RECORDED:
            for child in node.args:
                above[child] |= above[index]
    found: dict[int, frozenset[int]] = {}
    for index in order:
        node = program.nodes[index]
        if node.op in ATOMS:
            beside = reading[node.args[0]] if node.op in (Op.AT_LEAST, Op.ONE_OF) else {index}
            found[index] = frozenset().union(*(above[each] for each in beside))
    return found


def _branches(state: State, groups: Sequence[Group]) -> Iterator[State]:
    """One state for each combination of events that the parts read here may come from."""
    for choice in product(*(group.rows for group in groups)):
        low, high = list(state.low), list(state.high)
        for group, row in zip(groups, choice, strict=True):
            _put(group, row, low, high)
        yield State(low, high, state.recorded)


def _put(group: Group, row: tuple[tuple[int, int], ...], low: list[int], high: list[int]) -> None:
    for slot, (least, most) in zip(group.slots, row, strict=True):
        low[slot], high[slot] = least, most


class _Corner(Struct):
    """One corner of the search: narrowed slots, the answers so far, the nodes still open, and comparisons that must hold."""

    low: dict[int, int]
    high: dict[int, int]
    answers: dict[int, int]
    open: list[int]
    relations: tuple[_Relation, ...] = ()


class _Search:
    """Depth first over the undecided questions of one table."""

    def __init__(self, program: Program, plan: _Plan, values: Sequence[int] | None) -> None:
        self.nodes = program.nodes
        self.values = values
        self.plan = plan
        self.rows = plan.rows
        self.recorded: Sequence[int] = ()
        self.found: set[int] = set()

    def run(self, state: State) -> frozenset[int]:
        """A first look settles most tables; the others are searched, event by event, until every row thinkable is found."""
        self.recorded = state.recorded
        start = None if self.values is not None else self._start(state, None)
        answers: _Answers = start.answers if start is not None else self.values or ()
        wanted = self._thinkable(answers)
        if len(wanted) == 1:
            return frozenset(wanted)
        groups = [group for group in state.groups if len(group.rows) > 1 and not self.plan.read.isdisjoint(group.slots)]
        if not groups:
            if self._separate(answers):
                return frozenset(wanted)
            self._walk(start or self._start(state, self.values), wanted)
        else:
            for branch in _branches(state, groups):
                self._walk(self._start(branch, None), wanted)
                if self.found >= wanted:
                    break
        return frozenset(self.found or wanted)  # a file that breaks an axiom is answered as if there were none

    def _start(self, state: State, values: Sequence[int] | None) -> _Corner:
        slots, order = self.plan.slots, self.plan.order
        here = _Corner({slot: state.low[slot] for slot in slots}, {slot: state.high[slot] for slot in slots}, {}, [])
        if values is None:
            self._answer(here, order)
        else:
            here.answers = {index: values[index] for index in order}
            here.open = [index for index in order if values[index] == 3]
        return here

    def _answer(self, here: _Corner, nodes: Sequence[int]) -> None:
        """Answers the nodes, children first; what was decided stays so, for values are only ever narrowed."""
        answers, all_nodes, recorded, low, high = here.answers, self.nodes, self.recorded, here.low, here.high
        for index in nodes:
            answers[index] = _truth(all_nodes[index], answers, low, high, recorded)
        here.open = [index for index in nodes if answers[index] == 3]

    def _thinkable(self, answers: _Answers) -> set[int]:
        """The rows that may be first as far as each row by itself tells."""
        found: set[int] = set()
        for place, root in enumerate(self.rows):
            if answers[root] != 1:
                found.add(place)
                if answers[root] == 2:
                    return found
        found.add(NONE_FIRED)
        return found

    def _separate(self, answers: _Answers) -> bool:
        """Whether no slot stands in two open questions: then nothing ties them together, and all that is thinkable is reached."""
        if any(answers[axiom] != 2 for axiom in self.plan.axioms):
            return False
        seen: set[int] = set()
        slots: set[int] = set()
        todo = [self.rows[place] for place in self._thinkable(answers) if place != NONE_FIRED]
        while todo:
            index = todo.pop()
            if answers[index] != 3:
                continue
            if index in seen:
                return False
            seen.add(index)
            node = self.nodes[index]
            if node.op not in ATOMS:
                todo.extend(node.args)
            elif slots.intersection(node.args) or len(set(node.args)) < len(node.args):
                return False
            else:
                slots.update(node.args)
        return True

    def _walk(self, start: _Corner, wanted: set[int]) -> None:
        """Answers question after question with yes; the no of each is looked at only while some row is still wanted."""
        here: _Corner | None = start
        later: list[tuple[_Corner, int]] = []
        while True:
            atom = None if here is None else self._question(here)
            if here is not None and atom is not None:
                later.append((here, atom))
                here = self._suppose(here, atom, yes=True)
                continue
            if not later or self.found >= wanted:
                return
            before, atom = later.pop()
            here = self._suppose(before, atom, yes=False)

    def _question(self, here: _Corner) -> int | None:
        """An undecided question that rows hang on; None where nothing new can be found. A row that is certain is noted."""
        answers, axioms = here.answers, self.plan.axioms
        thinkable = self._thinkable(answers)
        if thinkable <= self.found or any(answers[axiom] == 1 for axiom in axioms):
            return None
        if len(thinkable) > 1:
            root = next(root for root in self.rows if answers[root] != 1)
        else:
            tied = next((axiom for axiom in axioms if answers[axiom] == 3), None)
            if tied is None:
                self.found |= thinkable
                return None
            root = tied
        return self._atom_under(root, answers)

    def _atom_under(self, root: int, answers: dict[int, int]) -> int:
        """An undecided question that the undecided node `root` hangs on."""
        node = self.nodes[root]
        while node.op not in ATOMS:
            root = next(child for child in node.args if answers[child] == 3)
            node = self.nodes[root]
        return root

    def _suppose(self, here: _Corner, atom: int, yes: bool) -> _Corner | None:
        """What follows if the question is answered so; None if no patient fits."""
        there = _Corner(here.low.copy(), here.high.copy(), here.answers.copy(), [], here.relations)
        node = self.nodes[atom]
        if node.op is Op.AT_LEAST:
            slot = node.args[0]
            if yes:
                there.low[slot] = max(there.low[slot], node.numbers[0])
            else:
                there.high[slot] = min(there.high[slot], node.numbers[0] - 1)
        elif node.op is Op.ONE_OF:
            there.low[node.args[0]] &= node.numbers[0] if yes else ~node.numbers[0]
        else:
            there.relations += (_relation(node, yes),)
        if not _feasible(there):
            return None
        there.answers[atom] = 2 if yes else 1
        touched, answers = self.plan.touched[atom], there.answers
        for index in here.open:
            if index in touched and index != atom:
                answers[index] = _truth(self.nodes[index], answers, there.low, there.high, self.recorded)
        there.open = [index for index in here.open if answers[index] == 3]
        return there


def _truth(
    node: Node, answers: dict[int, int], low: dict[int, int], high: dict[int, int], recorded: Sequence[int]
) -> int:
    op, args, numbers = node.op, node.args, node.numbers
    if op is Op.AT_LEAST:
        return 2 if low[args[0]] >= numbers[0] else 1 if high[args[0]] < numbers[0] else 3
    if op is Op.ONE_OF:
        possible = low[args[0]]
        return 1 if not possible & numbers[0] else 3 if possible & ~numbers[0] else 2
    if op is Op.NOT:
        return (0, 2, 1, 3)[answers[args[0]]]
    if op is Op.AND or op is Op.OR:
        every, some = 3, 0
        for child in args:
            every &= answers[child]
            some |= answers[child]
        return (every & 2) | (some & 1) if op is Op.AND else (some & 2) | (every & 1)
    if op is Op.COUNT:
        must = sum(answers[child] == 2 for child in args)
        may = sum(answers[child] >> 1 for child in args)
        return 2 if must >= numbers[0] else 3 if may >= numbers[0] else 1
    if op is Op.TRUE:
        return 2
    return recorded[args[0]] if op is Op.RECORDED else _compared(node, low, high)


def _compared(node: Node, low: dict[int, int], high: dict[int, int]) -> int:
    first, second = node.args
    if node.op is Op.RATIO:
        p, q = node.numbers
        if low[first] * p >= high[second] * q:
            return 2
        return 1 if high[first] * p < low[second] * q else 3
    gap = node.numbers[0]
    if low[first] - high[second] >= gap:
        return 2
    return 1 if high[first] - low[second] < gap else 3


def _relation(node: Node, yes: bool) -> _Relation:
    """The comparison, or its opposite, as "first x p >= second x q + r"."""
    first, second = node.args
    if node.op is Op.RATIO:
        p, q = node.numbers
        return (Op.RATIO, first, second, p, q) if yes else (Op.NOT, second, first, q, p)
    gap = node.numbers[0]
    return (Op.GAP, first, second, gap, 0) if yes else (Op.GAP, second, first, 1 - gap, 0)


def _feasible(here: _Corner) -> bool:
    """Whether some patient fits. Bounds alone always leave one, since only undecided questions are supposed."""
    if not here.relations:
        return True
    low, raised_by = dict(here.low), dict[int, _Relation]()
    for done in range(_ROUNDS):
        moved = False
        for relation in here.relations:
            op, first, second, p, q = relation
            needed = _needed(op, low[second], p, q)
            if needed is None:
                return False
            if needed > low[first]:
                if needed > here.high[first]:
                    return False
                low[first], raised_by[first], moved = needed, relation, True
        if not moved:
            return True
        if done >= len(here.relations) and not _circles_close(here, low, raised_by):
            return False
    return True


def _circles_close(here: _Corner, low: dict[int, int], raised_by: dict[int, _Relation]) -> bool:
    """Whether every circle of comparisons can be met; a slot that a circle raises is raised at once as far as it must be."""
    for start in tuple(raised_by):
        circle = _circle(start, raised_by)
        if circle is None:
            continue
        slope, rise, over = circle  # start * over >= start * slope + rise, once round
        if slope >= over:
            if (slope - over) * low[start] + rise > 0:
                return False
        elif (needed := -(-rise // (over - slope))) > low[start]:
            if needed > here.high[start]:
                return False
            low[start] = needed
    return True


def _circle(start: int, raised_by: dict[int, _Relation]) -> tuple[int, int, int] | None:
    """The comparisons that lead from a slot back to itself, as one; None where they do not."""
    slope, rise, over, slot = 1, 0, 1, start
    for _ in raised_by:
        if slot not in raised_by:
            return None
        op, _, second, p, q = raised_by[slot]
        a, c, b = (1, p, 1) if op is Op.GAP else (q, 0 if op is Op.RATIO else 1, p)
        slope, rise, over, slot = slope * a, slope * c + rise * b, over * b, second
        if slot == start:
            return slope, rise, over
    return None


def _needed(op: Op, second: int, p: int, q: int) -> int | None:
    """The smallest first that satisfies the comparison, or None if there is none."""
    if op is Op.GAP:
        return second + p
    if op is Op.RATIO:  # first * p >= second * q
        if p == 0:
            return _ANYTHING if second * q <= 0 else None
        return -((-second * q) // p)
    if p == 0:  # first * p > second * q
        return None
    return (second * q) // p + 1
