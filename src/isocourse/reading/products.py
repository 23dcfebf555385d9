"""Reads products: knowledge/products."""

from __future__ import annotations

from collections.abc import Collection

from isocourse.facts.streams import Catalogue
from isocourse.library.products import Equivalence, Excipient, Product, Stated
from isocourse.reading.forms import Form
from isocourse.reading.said import Claims, backed, known, named, said_list
from isocourse.reading.sources import cited
from isocourse.reading.yaml_text import Node

FORMULATIONS = ("conventional", "lidose", "micronised")


def read_product(root: Node, path: str, claims: Claims, catalogue: Catalogue, protocols: Collection[str]) -> Product:
    """One product."""
    form = Form(
        root,
        path,
        "a product",
        required=("product", "say", "formulation", "markets", "strengths", "claims"),
        optional=(
            "label",
            "food",
            "food_said",
            "excipients",
            "equivalences",
            "withdrawn",
            "states",
            "open",
            "ndc",
            "rxnorm",
            "dose_basis",
            "note",
        ),
    )
    cited(form, claims)
    known(form, "dose_basis", claims, "claim")
    strengths = form.texts("strengths")
    return Product(
        named(form, "product"),
        form.say("say"),
        form.one_of("formulation", FORMULATIONS),
        form.texts("markets"),
        strengths,
        known(form, "label", protocols, "protocol"),
        form.one_of("food", ("", "with_food", "any"), ""),
        tuple(_excipient(node, path, strengths, claims, catalogue) for node in form.list_of("excipients")),
        form.texts("claims"),
        backed(form, "withdrawn", claims, ""),
        said_list(form, "food_said", claims),
        tuple(_equivalence(node, path, claims) for node in form.list_of("equivalences")),
        tuple(_stated(node, path, claims, catalogue) for node in form.list_of("states")),
        form.texts("open"),
    )


def _excipient(node: Node, path: str, strengths: tuple[str, ...], claims: Claims, catalogue: Catalogue) -> Excipient:
    form = Form(node, path, "an excipient", required=("is", "claims"), optional=("in", "strengths", "allergy", "note"))
    named = form.texts("strengths")
    for strength, place in zip(named, form.list_of("strengths"), strict=True):
        if strength not in strengths:
            raise form.fail(place, f"the product has no {strength} mg; it has {', '.join(strengths)}")
    return Excipient(
        form.text("is"),
        "named" if named else form.one_of("in", ("all", "some"), "all"),
        named,
        known(form, "allergy", catalogue.vocabulary("allergies").kinds(), "allergy"),
        backed(form, "note", claims, ""),
        form.texts("claims"),
    )


def _stated(node: Node, path: str, claims: Claims, catalogue: Catalogue) -> Stated:
    form = Form(node, path, "a statement of the product's text", required=("fact", "is", "claims"))
    cited(form, claims)
    yes_no = [stream.name for stream in catalogue.streams if stream.kind == "yes_no"]
    return Stated(known(form, "fact", yes_no, "yes or no fact"), form.flag("is"), form.texts("claims"))


def _equivalence(node: Node, path: str, claims: Claims) -> Equivalence:
    form = Form(
        node,
        path,
        "an equivalence",
        required=("amount", "of", "state", "finding", "claims"),
        optional=("other_amount", "disputed", "note"),
    )
    disputed = form.flag("disputed")
    if disputed and not form.has("note"):
        raise form.fail(node, "a disputed equivalence needs `note:` with what speaks against it")
    return Equivalence(
        backed(form, "amount", claims),
        form.text("of"),
        backed(form, "other_amount", claims, ""),
        form.one_of("state", ("fed", "fasted", "unstated")),
        backed(form, "finding", claims),
        disputed,
        backed(form, "note", claims, ""),
        form.texts("claims"),
    )
