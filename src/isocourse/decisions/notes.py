"""What has been worked out for one patient, kept so that tables which ask the same thing are answered once."""

from __future__ import annotations

from collections.abc import Sequence

from isocourse.facts.snapshot import Snapshot
from isocourse.logic.exact import reachable_rows, reachable_truths
from isocourse.logic.explain import Reason, explain
from isocourse.logic.tree import Program
from isocourse.logic.truth import Truth


class Notes:
    """Reasons, exact truths and reachable rows of one patient, each worked out on first use.

    Many documents ask the same question of the same patient; a condition is one node however often it is written.
    """

    def __init__(self, program: Program, values: Sequence[int], snapshot: Snapshot) -> None:
        self.program = program
        self.values = values
        self.snapshot = snapshot
        self._reasons: dict[int, Reason] = {}
        self._leaves: dict[int, tuple[Reason, ...]] = {}
        self._missing: dict[int, tuple[str, ...]] = {}
        self._marks: dict[int, tuple[str, ...]] = {}
        self._truths: dict[int, Truth] = {}
        self._rows: dict[tuple[int, ...], frozenset[int]] = {}

    def reason(self, root: int) -> Reason:
        """Why a condition has the truth it has."""
        return explain(self.program, self.values, root, self._reasons)

    def leaves(self, root: int) -> tuple[Reason, ...]:
        """The questions at the bottom of the reason."""
        if root not in self._leaves:
            self._leaves[root] = tuple(self.reason(root).leaves())
        return self._leaves[root]

    def truth(self, root: int) -> Truth:
        """Whether a condition holds, over all values still possible; the row pass settles most."""
        found = self._truths.get(root)
        if found is None:
            bits = self.values[root]
            if bits == Truth.UNKNOWN:
                bits = reachable_truths(self.program, self.snapshot.state, root, self.values)
            found = self._truths[root] = Truth(bits)
        return found

    def rows(self, roots: tuple[int, ...]) -> frozenset[int]:
        """The rows of a table that may be the first to hold."""
        if roots not in self._rows:
            self._rows[roots] = reachable_rows(self.program, self.snapshot.state, roots, self.values)
        return self._rows[roots]

    def missing(self, root: int) -> tuple[str, ...]:
        """The facts, as the author named them, that keep a condition undecided; of two compared, only the one not known."""
        if root not in self._missing:
            self._missing[root] = tuple(dict.fromkeys(self._open(root)))
        return self._missing[root]

    def marks(self, root: int) -> tuple[str, ...]:
        """Where rounding decides a condition, and what else the values that it reads are marked with."""
        if root not in self._marks:
            self._marks[root] = tuple(mark for leaf in self.leaves(root) for mark in self._marks_of(leaf))
        return self._marks[root]

    def _marks_of(self, leaf: Reason) -> list[str]:
        marks: list[str] = []
        for slot in leaf.node.args if leaf.node.names else ():
            origin = self.snapshot.origins[slot]
            marks.extend(origin.marks)
            if rounding_decides(leaf, slot, self.snapshot):
                marks.append(f"rounding decides: {leaf.node.text}, {origin.written}")
        return marks

    def _open(self, root: int) -> list[str]:
        found: list[str] = []
        for leaf in self.leaves(root):
            if leaf.truth is Truth.UNKNOWN:
                node = leaf.node
                paired = len(node.names) == len(node.args)
                found.extend(
                    name
                    for place, name in enumerate(node.names)
                    if not paired or not self.snapshot.known(node.args[place], self.program.slots[node.args[place]])
                )
        return found


def rounding_decides(leaf: Reason, slot: int, snapshot: Snapshot) -> bool:
    """Whether the printed digits straddle a threshold that is written in another unit."""
    origin = snapshot.origins[slot]
    if not origin.slack or not leaf.node.unit or leaf.node.op != "at_least" or origin.unit == leaf.node.unit:
        return False
    return abs(snapshot.state.low[slot] - leaf.node.numbers[0]) <= origin.slack
