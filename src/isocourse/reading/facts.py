"""Reads declared facts: knowledge/facts."""

from __future__ import annotations

from isocourse.facts.declare import OBTAIN, Fact, Fold, read_fold, windowed
from isocourse.facts.streams import Catalogue, Stream
from isocourse.logic.problems import LanguageError
from isocourse.logic.syntax import Binary, Name, parse, parse_interval
from isocourse.logic.units import exact
from isocourse.reading.book import check_fold
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node

KINDS = ("quantity", "count", "date", "yes_no", "coded", "documentary", "judgement", "event")
RELATIONS = (" in [", " in (", " after ", " since ", " before ", " until ")


def read_facts(root: Node, path: str, catalogue: Catalogue) -> list[Fact]:
    """The facts of one file."""
    form = Form(root, path, "a facts file", required=("facts",), optional=("note",))
    return [_fact(name, node, path, catalogue) for name, node in form.pairs("facts")]


def own_streams(root: Node, path: str) -> list[Stream]:
    """The streams of facts that are entered as they stand: one for each fact that names no source, under its own name."""
    form = Form(root, path, "a facts file", required=("facts",), optional=("note",))
    return [
        Stream(name, kind, values=fact.texts("values"), say=fact.say("say"))
        for name, node in form.pairs("facts")
        if (kind := _own_kind(fact := _fact_form(node, path)))
    ]


def _own_kind(form: Form) -> str:
    """The kind of a fact that is entered under its own name, or nothing if it comes from elsewhere."""
    if any(form.has(key) for key in ("from", "built_in", "when")):
        return ""
    return form.one_of("kind", ("yes_no", "coded", "documentary", "judgement"))


def _fact(name: str, node: Node, path: str, catalogue: Catalogue) -> Fact:
    form = _fact_form(node, path)
    fold: Fold | None = Fold("last", name) if _own_kind(form) else None
    ratio: tuple[str, str] | None = None
    if form.has("from"):
        try:
            fold, ratio = _from(form.text("from"), catalogue)
        except LanguageError as problem:
            raise form.fail(form.get("from"), problem.message, problem.column) from None
    low, high = _plausible(form)
    return Fact(
        name,
        form.one_of("kind", KINDS, _kind(fold, ratio, form, catalogue)),
        fold,
        form.flag("built_in"),
        ratio,
        form.condition(form.get("when")) if form.has("when") else "",
        form.text("unit", ""),
        form.text("step", "1"),
        low,
        high,
        form.texts("values"),
        _days(form),
        form.text("future", "unknown"),
        form.one_of("obtain", OBTAIN, "ask"),
        form.text("worse", ""),
        form.say("say"),
        form.texts("claims"),
        path,
        node.line,
    )


def _fact_form(node: Node, path: str) -> Form:
    return Form(
        node,
        path,
        "a fact",
        optional=(
            "from",
            "kind",
            "built_in",
            "unit",
            "step",
            "plausible",
            "values",
            "stale_after",
            "future",
            "obtain",
            "worse",
            "say",
            "claims",
            "assumption",
            "when",
        ),
    )


def _kind(fold: Fold | None, ratio: tuple[str, str] | None, form: Form, catalogue: Catalogue) -> str:
    if ratio:
        return "quantity"
    if fold is None:
        return "yes_no" if form.has("when") else ""
    if fold.how == "any":
        return "yes_no"
    if fold.how == "count":
        return "count"
    stream = catalogue.by_name.get(fold.stream)
    return stream.kind if stream else "event"


def _from(text: str, catalogue: Catalogue) -> tuple[Fold | None, tuple[str, str] | None]:
    """A fold with its window, or a ratio of two facts."""
    relation = next((word for word in RELATIONS if word in text), "")
    if not relation:
        tree = parse(text)
        if (
            isinstance(tree, Binary)
            and tree.operator == "/"
            and isinstance(tree.left, Name)
            and isinstance(tree.right, Name)
        ):
            return None, (tree.left.text, tree.right.text)
        fold = read_fold(tree)
    else:
        before, _, after = text.partition(relation)
        window = parse_interval(relation.strip()[-1] + after) if relation.startswith(" in ") else parse(after)
        fold = windowed(read_fold(parse(before)), relation.strip().split()[0], window)
    check_fold(catalogue, fold, 1)
    return fold, None


def _plausible(form: Form) -> tuple[int, int]:
    ends = form.list_of("plausible")
    if not ends:
        return 0, 0
    try:
        step = exact(form.text("step", "1"))
        low, high = (exact(form.as_text(end)) / step for end in ends)
    except ValueError as problem:
        raise form.fail(ends[0], str(problem)) from None
    if low.denominator != 1 or high.denominator != 1:
        raise form.fail(ends[0], "the plausible range ends at whole steps")
    return int(low), int(high)


def _days(form: Form) -> int:
    text = form.text("stale_after", "0 days")
    number, _, unit = text.partition(" ")
    if not number.isdigit() or unit not in ("days", "day"):
        raise form.fail(form.get("stale_after"), f'"{text}" is not a number of days')
    return int(number)
