"""Reads the axioms that authors wrote, and works out those that follow from how facts are folded: knowledge/facts/axioms.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from isocourse.facts.axioms import Axiom
from isocourse.facts.declare import Fold
from isocourse.logic.tree import ATOMS, Op, Slot
from isocourse.reading.book import Book
from isocourse.reading.forms import Form
from isocourse.reading.tables import condition
from isocourse.reading.yaml_text import Node

MONTH = (28, 31)
"""The fewest and the most days of a calendar month."""

MONTHS_SINCE = {"months_since_last_dose": "last_dose", "months_clear": "clear_since"}
"""Counts of full months, and the day they are counted from."""


def read_axioms(root: Node, path: str, book: Book) -> list[Axiom]:
    """The axioms of the file."""
    form = Form(root, path, "the axioms", required=("axioms",), optional=("note",))
    made = []
    for node in form.list_of("axioms"):
        each = Form(node, path, "an axiom", required=("id", "holds", "why"))
        holds = condition(each, each.get("holds"), book, book.names())
        made.append(Axiom(each.text("id"), holds, each.text("holds"), each.text("why"), True))
    return made


def derived(book: Book) -> list[Axiom]:
    """What follows from folds and months, for the slots and thresholds that some condition reads."""
    return [*_folds(book), *_months(book)]


def _folds(book: Book) -> Iterator[Axiom]:
    folds = [(slot, fold) for slot in book.builder.program().slots if (fold := _fold_of(book, slot)) is not None]
    for (one, fold), (other, wider) in permutations(folds, 2):
        if fold.stream != wider.stream or not _within(book, fold, wider):
            continue
        text, why = f"{one.name} implies {other.name}", f"{one.name} is part of {other.name}"
        if fold.how == wider.how == "count":
            node = book.builder.node(Op.GAP, (_slot(book, other), _slot(book, one)), (0,), text=text)
        else:
            node = _implies(book, _some(book, one, fold), _some(book, other, wider))
        yield Axiom(text, node, text, why, False)


def _fold_of(book: Book, slot: Slot) -> Fold | None:
    """The fold behind a slot, if it asks whether there is any, or how many there are."""
    source = book.sources[slot.name]
    fact = book.facts.get(source.fact)
    fold = source.fold or (fact.fold if fact and source.part == "value" else None)
    return fold if fold is not None and fold.how in ("any", "count") and fold.first is fold.last is None else None


def _within(book: Book, one: Fold, other: Fold) -> bool:
    """Whether everything that `one` counts is counted by `other` too."""
    vocabulary = book.catalogue.vocabulary(one.stream)
    for each in other.where:
        same = next((mine for mine in one.where if mine.part == each.part), None)
        if same is None:
            return False
        if same.values == each.values:
            continue
        if each.part != "kind" or not all(each.values[0] in vocabulary.kinds_of(value) for value in same.values):
            return False
    return True


def _slot(book: Book, slot: Slot) -> int:
    return book.builder.slot(slot)


def _some(book: Book, slot: Slot, fold: Fold) -> int:
    """The node that asks whether there is at least one."""
    if fold.how == "count":
        return book.builder.node(Op.AT_LEAST, (_slot(book, slot),), (1,), text=f"{slot.name} >= 1", names=(slot.name,))
    bit = 1 << slot.values.index("yes")
    return book.builder.node(Op.ONE_OF, (_slot(book, slot),), (bit,), text=slot.name, names=(slot.name,))


def _implies(book: Book, one: int, other: int) -> int:
    return book.builder.node(Op.OR, (book.builder.node(Op.NOT, (one,)), other))


def _months(book: Book) -> Iterator[Axiom]:
    """A count of months against the days it is counted from: k months are at least 28 k and at most 31 k days."""
    program = book.builder.program()
    today = program.slot_named("today")
    for months, day in MONTHS_SINCE.items():
        count, since = program.slot_named(months), program.slot_named(day)
        if count is None or since is None or today is None:
            continue
        thresholds = {
            node.numbers[0]
            for node in program.nodes
            if node.op in ATOMS and node.op is Op.AT_LEAST and node.args == (count,)
        }
        for k in sorted(thresholds):
            text = f"{months} >= {k} against the days since {day}"
            reached = book.builder.node(Op.AT_LEAST, (count,), (k,), text=f"{months} >= {k}", names=(months,))
            least = book.builder.node(Op.GAP, (today, since), (MONTH[0] * k,), text=text)
            most = book.builder.node(Op.GAP, (today, since), (MONTH[1] * k,), text=text)
            why = f"{k} months are {MONTH[0] * k} to {MONTH[1] * k} days"
            yield Axiom(text, _implies(book, reached, least), text, why, False)
            yield Axiom(f"{text}, the other way", _implies(book, most, reached), text, why, False)
