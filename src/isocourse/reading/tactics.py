"""Reads tactics worth a second look: knowledge/safety/tactics.yaml."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from isocourse.decisions.tables import Tactic
from isocourse.library.knowledge import Case, Claim
from isocourse.reading.book import Book
from isocourse.reading.cases import read_cases
from isocourse.reading.disagreements import known
from isocourse.reading.forms import Form
from isocourse.reading.tables import condition
from isocourse.reading.yaml_text import Node


def read_tactics(
    root: Node, path: str, book: Book, claims: Mapping[str, Claim], points: Collection[str], cases: list[Case]
) -> list[Tactic]:
    """What is done in a course and worth a second look, with the cases that stand beside each.

    Args:
        root: the file.
        path: its name, for messages.
        book: the facts, and the program that conditions become part of.
        claims: all claims.
        points: the decision points there are.
        cases: the cases found so far; those of this file are added.
    """
    form = Form(root, path, "the tactics", required=("tactics",), optional=("note",))
    made = [_tactic(node, path, book, claims, points, cases) for node in form.list_of("tactics")]
    for place, tactic in enumerate(made):
        if tactic.name in [each.name for each in made[:place]]:
            raise form.fail(form.list_of("tactics")[place], f'two tactics are called "{tactic.name}"')
    return made


def _tactic(
    node: Node, path: str, book: Book, claims: Mapping[str, Claim], points: Collection[str], cases: list[Case]
) -> Tactic:
    form = Form(
        node,
        path,
        "a tactic",
        required=("id", "when", "say", "advises_against", "why", "points", "cases"),
        optional=("because", "allowed_by", "note"),
    )
    for key in ("advises_against", "because", "allowed_by"):
        for name, place in zip(form.texts(key), form.list_of(key), strict=True):
            known(form, place, name, claims, "claim")
    for key in ("advises_against", "points"):
        if not form.texts(key):
            raise form.fail(form.get(key), f"{key} is empty: a tactic is here because somebody advises against it")
    for name, place in zip(form.texts("points"), form.list_of("points"), strict=True):
        known(form, place, name, points, "decision point")
    made = Tactic(
        form.text("id"),
        condition(form, form.get("when"), book, book.names(), file_reads=True),
        form.text("when"),
        form.say("say"),
        form.say("why"),
        form.texts("advises_against"),
        form.texts("points"),
        form.texts("because"),
        form.texts("allowed_by"),
        f"{path}:{node.line}",
    )
    cases.extend(read_cases(form, "", f"tactic:{made.name}"))
    return made
