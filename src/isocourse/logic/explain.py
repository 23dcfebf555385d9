"""The one explainer: which part of a condition decided it, read off the value vector of any lowering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from isocourse.logic.tree import ATOMS, Node, Op, Program
from isocourse.logic.truth import Truth


class Reason(Struct, frozen=True):
    """A condition, its truth, and the parts that decided it (or that would, once known)."""

    node: Node
    truth: Truth
    parts: tuple[Reason, ...] = ()

    def leaves(self) -> Iterator[Reason]:
        """The questions at the bottom, in reading order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


_TRUTHS = (Truth.NO, Truth.NO, Truth.YES, Truth.UNKNOWN)
"""By bits; looking up is several times faster than `Truth(bits)`, and a page of answers asks a thousand times."""


def explain(program: Program, answers: Sequence[int], root: int, kept: dict[int, Reason] | None = None) -> Reason:
    """Why the condition at `root` has the truth it has.

    Args:
        program: the rule tree.
        answers: the truth bits of every node, from any lowering.
        root: the condition.
        kept: the reasons worked out for these answers so far; conditions share their parts.
    """
    kept = {} if kept is None else kept
    if (found := kept.get(root)) is not None:
        return found
    node = program.nodes[root]
    truth = _TRUTHS[answers[root]]
    if node.op in ATOMS or node.op in (Op.TRUE, Op.RECORDED):
        made = Reason(node, truth)
    else:
        deciding = _deciding(node, truth, answers)
        made = Reason(node, truth, tuple([explain(program, answers, child, kept) for child in deciding]))
    kept[root] = made
    return made


def _deciding(node: Node, truth: Truth, answers: Sequence[int]) -> tuple[int, ...]:
    """The children that settle the node: one `no` settles an `and`, one `yes` an `or`; what is open keeps both open."""
    if node.op is Op.NOT:
        return node.args
    if truth is Truth.UNKNOWN:
        return tuple(child for child in node.args if answers[child] == Truth.UNKNOWN)
    if node.op is Op.COUNT:
        return tuple(child for child in node.args if answers[child] == truth)
    settles = Truth.NO if node.op is Op.AND else Truth.YES
    if truth is settles:
        return (next(child for child in node.args if answers[child] == settles),)
    return node.args
