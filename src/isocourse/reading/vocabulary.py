"""Reads streams and vocabularies: knowledge/streams and knowledge/vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from isocourse.facts.streams import Attribute, Coding, Item, Stream, UnitRule, Vocabulary
from isocourse.logic.units import exact
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node, Seq, Text

KINDS = ("quantity", "coded", "yes_no", "date", "documentary", "judgement")
SYSTEMS = ("loinc", "rxnorm", "snomed", "icd10cm", "icd10", "atc", "ndc", "cvx")


def read_streams(root: Node, path: str) -> list[Stream]:
    """The streams of one file."""
    form = Form(root, path, "a streams file", required=("streams",))
    return [_stream(name, node, path) for name, node in form.pairs("streams")]


def _stream(name: str, node: Node, path: str) -> Stream:
    form = Form(
        node,
        path,
        "a stream",
        required=("kind",),
        optional=(
            "unit",
            "step",
            "plausible",
            "claims",
            "attributes",
            "units",
            "codes",
            "results",
            "values",
            "say",
            "note",
            "bare",
        ),
    )
    kind = form.one_of("kind", KINDS)
    units = _units(form) if kind == "quantity" else ()
    bare = form.flag("bare")
    if bare and len({rule.steps for rule in units}) != 1:
        raise form.fail(form.get("bare"), "a number alone is read only where every unit of the stream is of one size")
    low, high = _plausible(form, units) if kind == "quantity" else (0, 0)
    attributes = tuple(_attribute(each, value, form, units, low, high) for each, value in form.pairs("attributes"))
    return Stream(
        name,
        kind,
        form.text("unit", ""),
        units,
        low,
        high,
        form.texts("values"),
        attributes,
        tuple(_codings(form, "codes", units)),
        tuple((value, tuple(_coding_list(form, codes))) for value, codes in form.pairs("results")),
        form.say("say"),
        form.texts("claims"),
        bare,
    )


def _units(form: Form) -> tuple[UnitRule, ...]:
    """Accepted units as whole steps; one unit that is not a whole number of steps is refused, so conversion never rounds."""
    step, own = _number(form, form.get("step")), form.text("unit")
    rules = [UnitRule(own, _whole(form, form.get("step"), Fraction(1) / step, own))]
    for node in form.list_of("units"):
        each = Form(node, form.path, "a unit", required=("unit", "times"), optional=("claim", "note"))
        unit = each.text("unit")
        rules.append(UnitRule(unit, _whole(each, each.get("times"), _number(each, each.get("times")) / step, unit)))
    return tuple(rules)


def _whole(form: Form, node: Node, steps: Fraction, unit: str) -> int:
    if steps.denominator != 1 or steps <= 0:
        raise form.fail(node, f"one {unit} is {float(steps):g} steps; make the step so fine that it is a whole number")
    return int(steps)


def _number(form: Form, node: Node) -> Fraction:
    try:
        return exact(form.as_text(node))
    except ValueError as problem:
        raise form.fail(node, str(problem)) from None


def _plausible(form: Form, units: tuple[UnitRule, ...]) -> tuple[int, int]:
    ends = form.list_of("plausible")
    if len(ends) != 2:
        raise form.fail(form.node, "plausible: [low, high] is needed")
    low, high = (_number(form, end) * units[0].steps for end in ends)
    if low.denominator != 1 or high.denominator != 1 or low >= high:
        raise form.fail(ends[0], "plausible runs from a lower to a higher whole number of steps")
    return int(low), int(high)


def _attribute(name: str, node: Node, form: Form, units: tuple[UnitRule, ...], low: int, high: int) -> Attribute:
    if isinstance(node, Text):
        if node.text == "quantity":
            return Attribute(name, "quantity", (), units[0].unit if units else "", units, max(low, 1), high)
        return Attribute(name, node.text, ("no", "yes") if node.text == "yes_no" else ())
    if isinstance(node, Seq):
        return Attribute(name, "coded", tuple(form.as_text(each) for each in node.items))
    inner = Form(
        node, form.path, "an attribute", required=("kind",), optional=("unit", "step", "plausible", "units", "values")
    )
    if inner.text("kind") != "quantity":
        return Attribute(name, inner.text("kind"), inner.texts("values"))
    own = _units(inner)
    least, most = _plausible(inner, own)
    return Attribute(name, "quantity", (), own[0].unit, own, least, most)


def _codings(form: Form, key: str, units: tuple[UnitRule, ...] = ()) -> Iterable[Coding]:
    for node in form.list_of(key):
        yield _coding(form, node, units)


def _coding_list(form: Form, node: Node) -> Iterable[Coding]:
    if not isinstance(node, Seq):
        raise form.fail(node, "expected a list of codes")
    for each in node.items:
        yield _coding(form, each, ())


def _coding(form: Form, node: Node, units: tuple[UnitRule, ...]) -> Coding:
    each = Form(
        node,
        form.path,
        "a code",
        required=("system",),
        optional=("code", "prefix", "unit", "note", "claim", "status", "edition", "unreadable"),
    )
    system = each.one_of("system", SYSTEMS)
    unit = each.text("unit", "")
    if unit and unit not in [rule.unit for rule in units]:
        raise each.fail(each.get("unit"), f'"{unit}" is not an accepted unit of this stream')
    if each.has("prefix"):
        return Coding(system, each.text("prefix"), unit, prefix=True)
    return Coding(system, each.text("code"), unit, unreadable=each.flag("unreadable"))


def read_vocabulary(root: Node, path: str) -> Vocabulary:
    """The vocabulary of one file, every item with all classes it belongs to."""
    form = Form(
        root,
        path,
        "a vocabulary",
        required=("vocabulary", "items"),
        optional=("classes", "negations", "note", "claims"),
    )
    classes = {name: _entry(name, node, path) for name, node in form.pairs("classes")}
    items = {name: _entry(name, node, path) for name, node in form.pairs("items")}
    everything = {**classes, **items}
    for name, (_, parents, place) in everything.items():
        for parent in parents:
            if parent not in everything:
                raise form.fail(place, f'{name} is a "{parent}", which this vocabulary does not have')
    made = [_with_kinds(entry, everything) for entry, _, _ in items.values()]
    made_classes = [_with_kinds(entry, everything) for entry, _, _ in classes.values()]
    negations = tuple((kind, tuple(_coding_list(form, node))) for kind, node in form.pairs("negations"))
    return Vocabulary(form.text("vocabulary"), tuple(made), tuple(made_classes), negations)


Entry = tuple[Item, tuple[str, ...], Node]


def _entry(name: str, node: Node, path: str) -> Entry:
    form = Form(
        node, path, "an item", optional=("is", "say", "codes", "names", "products", "judged", "note", "claims", "claim")
    )
    products = tuple(_product(form, each) for each in form.list_of("products"))
    item = Item(
        name,
        (),
        tuple(_codings(form, "codes")),
        form.texts("names"),
        products,
        form.say("say"),
        form.flag("judged", True),
    )
    return item, form.texts("is"), node


def _product(form: Form, node: Node) -> tuple[str, str, str]:
    each = Form(
        node,
        form.path,
        "a product code",
        required=("code",),
        optional=("strength", "formulation", "name", "note", "system", "claim"),
    )
    return each.text("code"), each.text("strength", ""), each.text("formulation", "")


def _with_kinds(item: Item, everything: dict[str, Entry]) -> Item:
    kinds: dict[str, None] = {}
    todo = [item.name]
    while todo:
        name = todo.pop(0)
        if name not in kinds:
            kinds[name] = None
            todo.extend(everything[name][1])
    return Item(item.name, tuple(kinds), item.codes, item.names, item.products, item.say, item.judged)
