"""Reads the cases that stand beside the rows: what is given, and what each position must answer."""

from __future__ import annotations

from isocourse.library.knowledge import Case
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Map, Node, Seq, Text


def read_cases(form: Form, edition: str, point: str) -> list[Case]:
    """The cases of a table or a definition."""
    return [_case(node, form.path, edition, point) for node in form.list_of("cases")]


def _case(node: Node, path: str, edition: str, point: str) -> Case:
    form = Form(node, path, "a case", required=("name", "given", "expect"), optional=("met", "missing", "note"))
    given = tuple((name, form.as_text(value)) for name, value in form.pairs("given"))
    expect: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    if point.startswith(("definition:", "tactic:")):
        expect = (("", ((form.text("expect"), ""),)),)
    else:
        expect = tuple((position, _answers(form, value)) for position, value in form.pairs("expect"))
    met = tuple((position, _answers(form, value)) for position, value in form.pairs("met"))
    missing = tuple(
        (position, tuple(answer for answer, _ in _answers(form, value))) for position, value in form.pairs("missing")
    )
    return Case(f"{path}:{node.line}", form.text("name"), edition, point, given, expect, met, missing)


def _answers(form: Form, node: Node) -> tuple[tuple[str, str], ...]:
    """A list of stances, a mapping of rows to answers, or one word."""
    if isinstance(node, Seq):
        return tuple((form.as_text(each), "") for each in node.items)
    if isinstance(node, Map):
        return tuple((name, form.as_text(value)) for name, value in node.entries.items())
    if isinstance(node, Text):
        return ((node.text, ""),)
    raise form.fail(node, "expected answers")
