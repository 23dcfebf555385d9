"""Reads sources and claims, and checks that what cites a claim cites one that exists."""

from __future__ import annotations

from collections.abc import Mapping

from isocourse.library.knowledge import Bearing, Claim, Study, Work
from isocourse.logic.problems import did_you_mean
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node

MARKS = ("SEED", "SAW-P", "SAW-S", "CALC", "HOUSE")
"""How a text was read, best first; the last two are arithmetic and rules of our own."""

CLAIM_KINDS = ("rule", "number", "action", "fact", "against", "damaged", "brand")
DESIGNS = (
    "randomised trial",
    "cohort",
    "case-control",
    "case series",
    "meta-analysis",
    "review",
    "pharmacokinetic",
    "survey",
)


def read_work(root: Node, path: str) -> Work:
    """One source."""
    form = Form(
        root,
        path,
        "a source",
        required=("source", "title", "publisher", "kind", "dated", "found_at", "read"),
        optional=("language", "note", "interest", "licence"),
    )
    return Work(
        form.text("source"),
        form.text("title"),
        form.text("publisher"),
        form.text("kind"),
        form.text("dated"),
        form.text("found_at"),
        form.one_of("read", MARKS),
        form.text("note", ""),
    )


def read_claims(root: Node, path: str, works: set[str]) -> list[Claim]:
    """The claims of one file."""
    form = Form(root, path, "a claims file", required=("claims",), optional=("note",))
    return [_claim(name, node, path, works) for name, node in form.pairs("claims")]


def _claim(name: str, node: Node, path: str, works: set[str]) -> Claim:
    form = Form(
        node,
        path,
        "a claim",
        required=("says", "source", "where", "read"),
        optional=(
            "force",
            "grade",
            "population",
            "formulation",
            "comparator",
            "damage",
            "origin",
            "interest",
            "seed",
            "checked_by",
            "note",
            "dates",
            "kind",
            "readings",
            "study",
            "bears_on",
        ),
    )
    if form.text("source") not in works:
        raise form.fail(
            form.get("source"),
            f'no source "{form.text("source")}"'
            + did_you_mean(form.text("source"), works)
            + "; sources are in knowledge/sources",
        )
    kind = form.one_of("kind", ("", *CLAIM_KINDS), "")
    if kind == "damaged" and len(form.texts("readings")) < 2:
        raise form.fail(node, "a damaged sentence needs `readings:` with the ways to take it")
    return Claim(
        name,
        form.text("says"),
        form.text("source"),
        form.text("where"),
        form.one_of("read", MARKS),
        form.one_of("force", ("must", "should", "may", "none", "fact"), "fact"),
        form.text("grade", "not_graded"),
        form.text("population", ""),
        form.text("formulation", ""),
        form.text("comparator", ""),
        form.text("damage", ""),
        form.text("origin", ""),
        form.text("interest", ""),
        form.text("seed", ""),
        form.text("checked_by", ""),
        kind,
        form.texts("readings"),
        _study(form),
        tuple(_bearing(each, path) for each in form.list_of("bears_on")),
    )


def _study(form: Form) -> Study | None:
    if not form.has("study"):
        return None
    inner = Form(form.get("study"), form.path, "a study", required=("design", "n", "effect", "interval", "limits"))
    return Study(
        inner.one_of("design", DESIGNS),
        inner.text("n"),
        inner.text("effect"),
        inner.text("interval"),
        inner.text("limits"),
    )


def _bearing(node: Node, path: str) -> Bearing:
    form = Form(node, path, "what a claim bears on", required=("point", "way", "positions"))
    return Bearing(form.text("point"), form.one_of("way", ("supports", "weakens")), form.texts("positions"))


def cited(form: Form, claims: Mapping[str, Claim]) -> None:
    """Whether the form cites at least one claim, and only claims that exist.

    Raises:
        ReadError: it does not.
    """
    names = form.texts("claims")
    if not names:
        raise form.fail(form.node, "at least one claim is needed")
    for name, node in zip(names, form.list_of("claims"), strict=True):
        if name not in claims:
            raise form.fail(node, f'no claim "{name}"' + did_you_mean(name, claims))
