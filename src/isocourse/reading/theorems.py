"""Reads what must be proved of the knowledge: safety/theorems.yaml."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from isocourse.decisions.tables import Point, RedLine
from isocourse.library.theorems import Exempt, Theorems, WorsePair
from isocourse.logic.problems import did_you_mean
from isocourse.reading.book import Book
from isocourse.reading.forms import Form
from isocourse.reading.tables import condition
from isocourse.reading.yaml_text import Node

NAMES = (
    "no_go_on_unknown",
    "red_lines_are_never_allowed",
    "learning_never_turns_an_answer",
    "a_missing_paper_never_helps",
    "worse_never_relaxes",
    "the_acting_reading_is_not_milder",
)
"""The theorems that proofs/theorems.py can prove."""


def read_theorems(root: Node, path: str, book: Book, points: Mapping[str, Point], red: Sequence[RedLine]) -> Theorems:
    """The theorems, with what they are stated over and where they are excepted."""
    form = Form(
        root, path, "the theorems", required=("theorems", "needs", "red", "worse"), optional=("exceptions", "note")
    )
    said = tuple(
        (_named(form, name, node, NAMES, "theorem"), Form(node, path, "a theorem", required=("say",)).say("say"))
        for name, node in form.pairs("theorems")
    )
    lines = {line.name for line in red}
    matched = tuple(
        (
            _named(form, name, node, lines, "red line"),
            tuple(_finding(each, path, points) for each in form.items_of(node)),
        )
        for name, node in form.pairs("red")
    )
    return Theorems(
        said,
        condition(form, form.get("needs"), book, book.names()),
        matched,
        tuple(_worse(node, path, points, book) for node in form.list_of("worse")),
        tuple(_exempt(node, path) for node in form.list_of("exceptions")),
    )


def _named(form: Form, name: str, node: Node, known: Collection[str], what: str) -> str:
    if name not in known:
        raise form.fail(node, f'no {what} "{name}"' + did_you_mean(name, list(known)))
    return name


def _finding(node: Node, path: str, points: Mapping[str, Point]) -> tuple[str, str]:
    form = Form(node, path, "a finding", required=("point", "find"))
    point = points[_named(form, form.text("point"), form.get("point"), points, "decision point")]
    return point.name, _named(form, form.text("find"), form.get("find"), dict(point.finds), f"finding of {point.name}")


def _worse(node: Node, path: str, points: Mapping[str, Point], book: Book) -> WorsePair:
    form = Form(node, path, "a fact that gets worse", required=("fact", "direction", "points"))
    name = form.text("fact")
    known = [slot.name for slot in book.builder.program().slots]
    if name not in known:
        raise form.fail(form.get("fact"), f'no rule reads "{name}"' + did_you_mean(name, known))
    asked = form.texts("points")
    for point, each in zip(asked, form.list_of("points"), strict=True):
        _named(form, point, each, points, "decision point")
    return WorsePair(name, form.one_of("direction", ("higher", "lower", "yes", "no")) in ("higher", "yes"), asked)


def _exempt(node: Node, path: str) -> Exempt:
    form = Form(node, path, "an exception", required=("theorem", "about", "why"))
    return Exempt(form.one_of("theorem", NAMES), form.text("about"), form.text("why"))
