"""Single changes of a rule: each must be noticed by a case beside the row or by a theorem, or change nothing for anybody."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from isocourse.decisions.tables import Cell, Edition, Position, Reading, Row
from isocourse.logic.tree import ATOMS, Node, Op, Program

KINDS = ("threshold", "row", "comparison", "unknown_as_no", "force", "date")
"""Threshold moved by the smallest step, row removed, comparison flipped, a missing fact taken for a no, force or date changed."""

FORCES = {"must": "should", "should": "must", "may": "must", "none": "should"}
"""What each force is changed to."""


class Mutant(Struct, frozen=True):
    """One change of one row."""

    kind: str
    edition: Edition
    """As it is after the change."""
    point: str
    position: str
    row: str
    what: str
    """The change in words."""
    program: Program
    """The rule tree after the change; the old nodes stand where they stood."""


def mutants(program: Program, edition: Edition) -> Iterator[Mutant]:
    """Every single change of an edition's definitions and acting rows; a row's own questions only, not those of a definition in it."""
    defined = frozenset(program.under(each.node for each in edition.definitions if each.node >= 0))
    for definition in edition.definitions:
        if definition.node >= 0:
            for kind, root, grown, what in _of_condition(program, definition.node, frozenset()):
                changed = tuple(
                    replace(each, node=root) if each is definition else each for each in edition.definitions
                )
                place = f"definition:{definition.name}"
                yield Mutant(kind, replace(edition, definitions=changed), place, "", definition.name, what, grown)
    yield from _of_dates(program, edition)
    for cell in edition.cells:
        for position in cell.positions:
            for row in position.acting.rows:
                yield from _of_row(program, edition, cell, position, row, defined)


def _of_dates(program: Program, edition: Edition) -> Iterator[Mutant]:
    """Either end of the edition's life a day earlier or later, or known for certain where it is not."""
    for name, bound in (("begins", edition.begins), ("ends", edition.ends)):
        if bound is None or bound.certainty == "unknown":
            continue
        other = "read" if bound.certainty != "read" else "second_hand"
        changes = [replace(bound, day=bound.day + by) for by in (-1, 1)] + [replace(bound, certainty=other)]
        for changed in changes:
            told = replace(edition, begins=changed) if name == "begins" else replace(edition, ends=changed)
            yield Mutant(
                "date",
                told,
                "edition",
                "",
                name,
                f"{bound.day} {bound.certainty} becomes {changed.day} {changed.certainty}",
                program,
            )


def _of_row(
    program: Program, edition: Edition, cell: Cell, position: Position, row: Row, defined: frozenset[int]
) -> Iterator[Mutant]:
    def made(kind: str, rows: tuple[Row, ...], what: str, changed: Program = program) -> Mutant:
        return Mutant(
            kind, _with_rows(edition, cell, position, rows), cell.point, position.name, row.name, what, changed
        )

    rows = position.acting.rows
    yield made("row", tuple(other for other in rows if other is not row), "row removed")
    other = FORCES[row.force]
    yield made("force", _put(rows, row, replace(row, force=other)), f"{row.force} becomes {other}")
    for kind, root, grown, what in _of_condition(program, row.when, defined):
        yield made(kind, _put(rows, row, replace(row, when=root)), f"when: {what}", grown)
    if row.duty and row.duty.met >= 0:
        for kind, root, grown, what in _of_condition(program, row.duty.met, defined):
            duty = replace(row.duty, met=root)
            yield made(kind, _put(rows, row, replace(row, duty=duty)), f"met: {what}", grown)
    for place, step in enumerate(row.steps):
        for kind, root, grown, what in _of_condition(program, step.when, defined) if step.when >= 0 else ():
            steps = (*row.steps[:place], replace(step, when=root), *row.steps[place + 1 :])
            yield made(kind, _put(rows, row, replace(row, steps=steps)), f"step {place + 1}: {what}", grown)


def _put(rows: tuple[Row, ...], row: Row, changed: Row) -> tuple[Row, ...]:
    return tuple(changed if other is row else other for other in rows)


def _with_rows(edition: Edition, cell: Cell, position: Position, rows: tuple[Row, ...]) -> Edition:
    readings = tuple(Reading(each.name, each.acts, each.why, rows) if each.acts else each for each in position.readings)
    positions = tuple(replace(position, readings=readings) if each is position else each for each in cell.positions)
    cells = tuple(replace(cell, positions=positions) if each is cell else each for each in edition.cells)
    return replace(edition, cells=cells)


def _of_condition(program: Program, root: int, but: frozenset[int]) -> Iterator[tuple[str, int, Program, str]]:
    """Each change of one question under a condition: kind, the changed condition, the grown program, in words."""
    for place in program.under((root,)):
        node = program.nodes[place]
        if node.op not in ATOMS or place in but:
            continue
        for kind, other, what in _of_atom(node):
            changed, grown = grafted(program, root, place, other)
            yield kind, changed, grown, what


def _of_atom(node: Node) -> Iterator[tuple[str, tuple[Node, ...], str]]:
    """The nodes that stand for a changed question; the last one is the question, and args of -1 name the one before it."""
    text = node.text or node.op.value
    for more in _moved(node):
        yield "threshold", (more,), f"{text}: {list(node.numbers)} becomes {list(more.numbers)}"
    yield "comparison", (node, Node(Op.NOT, (-1,), text=f"not({text})")), f"not({text})"
    for slot in dict.fromkeys(node.args):
        told = Node(Op.RECORDED, (slot,), text=f"recorded({slot})")
        yield "unknown_as_no", (node, told, Node(Op.AND, (-2, -1), text=text)), f"{text}: no if not recorded"


def _moved(node: Node) -> Iterator[Node]:
    """The question with its threshold one step up and down; a ratio by a thousandth."""
    if node.op is Op.AT_LEAST or node.op is Op.GAP:
        yield replace(node, numbers=(node.numbers[0] + 1,))
        yield replace(node, numbers=(node.numbers[0] - 1,))
    elif node.op is Op.RATIO:
        p, q = node.numbers
        if q:
            yield replace(node, numbers=(p * 1000, q * 1000 + max(1, q)))
            yield replace(node, numbers=(p * 1000, q * 1000 - max(1, q)))


def grafted(program: Program, root: int, place: int, instead: tuple[Node, ...]) -> tuple[int, Program]:
    """A condition in which other nodes stand in the place of one, and the program grown by the nodes that changed."""
    nodes = list(program.nodes)
    changed: dict[int, int] = {}
    for node in instead:
        args = tuple(arg if node.op in ATOMS or node.op is Op.RECORDED else len(nodes) + arg for arg in node.args)
        nodes.append(replace(node, args=args))
    changed[place] = len(nodes) - 1
    for index in program.under((root,)):
        node = program.nodes[index]
        if index != place and node.op in (Op.AND, Op.OR, Op.NOT, Op.COUNT) and changed.keys() & set(node.args):
            nodes.append(replace(node, args=tuple(changed.get(arg, arg) for arg in node.args)))
            changed[index] = len(nodes) - 1
    return changed.get(root, root), Program(program.slots, tuple(nodes), program.axioms)
