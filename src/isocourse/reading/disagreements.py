"""Reads statements that clash, numbered contradictions, myths, and what a test measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from isocourse.decisions.tables import Point
from isocourse.library.disagreements import Clashing, Known, Measured, Myth
from isocourse.library.knowledge import Claim
from isocourse.logic.problems import did_you_mean
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node, Text

KINDS = ("opposed", "different", "across", "statement", "damaged")
"""The five kinds of disagreement."""


def read_pairs(root: Node, path: str, claims: Mapping[str, Claim], points: Mapping[str, Point]) -> list[Clashing]:
    """The clashing statements of one file."""
    form = Form(root, path, "a file of clashing statements", required=("pairs",), optional=("note",))
    made = []
    for name, node in form.pairs("pairs"):
        each = Form(
            node, path, "two clashing statements", required=("topic", "one", "other", "why"), optional=("point",)
        )
        for side in ("one", "other"):
            known(each, each.get(side), each.text(side), claims, "claim")
        if each.has("point"):
            known(each, each.get("point"), each.text("point"), points, "decision point")
        made.append(
            Clashing(
                name, each.text("topic"), each.text("one"), each.text("other"), each.text("why"), each.text("point", "")
            )
        )
    return made


def read_known(
    root: Node, path: str, claims: Mapping[str, Claim], points: Mapping[str, Point], holders: Collection[str]
) -> list[Known]:
    """The contradictions that a reader numbered.

    Args:
        root: the file.
        path: its name, for messages.
        claims: all claims.
        points: all decision points.
        holders: protocols and editions, by the names under which they may be given.
    """
    form = Form(root, path, "the numbered contradictions", required=("contradictions",), optional=("note",))
    return [_one(name, node, path, claims, points, holders) for name, node in form.pairs("contradictions")]


def _one(
    name: str,
    node: Node,
    path: str,
    claims: Mapping[str, Claim],
    points: Mapping[str, Point],
    holders: Collection[str],
) -> Known:
    form = Form(
        node,
        path,
        "a numbered contradiction",
        required=("say", "kind", "points"),
        optional=("between", "hinges_on", "asks", "never_has", "pair", "claims", "note"),
    )
    for claim, each in zip(form.texts("claims"), form.list_of("claims"), strict=True):
        known(form, each, claim, claims, "claim")
    for point, each in zip(form.texts("points"), form.list_of("points"), strict=True):
        known(form, each, point, points, "decision point")
    sides = []
    for each in form.list_of("between"):
        two = [form.as_text(side) for side in form.items_of(each)]
        if len(two) != 2:
            raise form.fail(each, "two sides are needed: [protocol, protocol]")
        for side in two:
            known(form, each, side, holders, "protocol or edition")
        sides.append((two[0], two[1]))
    return Known(
        name,
        form.text("say"),
        form.one_of("kind", KINDS),
        form.texts("points"),
        tuple(sides),
        form.text("hinges_on", ""),
        form.text("asks", ""),
        form.text("never_has", ""),
        form.text("pair", ""),
        form.texts("claims"),
        form.text("note", ""),
    )


def read_myths(root: Node, path: str, claims: Mapping[str, Claim], points: Mapping[str, Point]) -> list[Myth]:
    """The myths."""
    form = Form(root, path, "the myths", required=("myths",), optional=("note",))
    made = []
    for name, node in form.pairs("myths"):
        each = Form(node, path, "a myth", required=("say", "points", "against"), optional=("for", "other", "note"))
        for key in ("against", "for", "other"):
            for claim, place in zip(each.texts(key), each.list_of(key), strict=True):
                known(each, place, claim, claims, "claim")
        for point, place in zip(each.texts("points"), each.list_of("points"), strict=True):
            known(each, place, point, points, "decision point")
        said = (("en", each.text("say")),) if isinstance(each.get("say"), Text) else each.say("say")
        made.append(
            Myth(name, said, each.texts("points"), each.texts("against"), each.texts("for"), each.texts("other"))
        )
    return made


def read_measured(root: Node, path: str, duties: Collection[str], streams: Collection[str]) -> list[Measured]:
    """What each test among the duties makes known."""
    form = Form(root, path, "what tests measure", required=("measured",), optional=("note",))
    made = []
    for duty, node in form.pairs("measured"):
        known(form, node, duty, duties, "duty")
        names = tuple(form.as_text(each) for each in form.items_of(node))
        for name, each in zip(names, form.items_of(node), strict=True):
            known(form, each, name, streams, "stream or kind")
        made.append(Measured(duty, names))
    return made


def read_statements(root: Node, path: str) -> list[str]:
    """The ids of the review's numbered statements."""
    form = Form(root, path, "the numbered statements", required=("source", "statements"))
    found = []
    for part, node in form.pairs("statements"):
        count = form.as_text(node)
        if not count.isdigit():
            raise form.fail(node, f'"{count}" is not a number of statements')
        found += [f"{part}-{number:02}" for number in range(1, int(count) + 1)]
    return found


def known(form: Form, node: Node, name: str, among: Collection[str], what: str) -> None:
    """Whether a name exists.

    Raises:
        ReadError: it does not, with "did you mean".
    """
    if name not in among:
        raise form.fail(node, f'no {what} "{name}"' + did_you_mean(name, list(among)))
