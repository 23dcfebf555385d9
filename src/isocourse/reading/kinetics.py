"""Reads the annotated numbers of the kinetic model, the published figures beside it, and what it cannot answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from isocourse.facts.problem import ReadError
from isocourse.facts.utf8 import utf8
from isocourse.kinetics.calibration import FIGURES, Item
from isocourse.kinetics.knowledge import KineticKnowledge, Statement, Unanswered
from isocourse.kinetics.parameters import (
    FOODS,
    FORMULATIONS,
    Absorption,
    Disposition,
    Endogenous,
    Flare,
    Lesions,
    Mark,
    Model,
    Noise,
    Parameter,
    Recycling,
    Relapse,
    Sebum,
    Tretinoin,
)
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node, load_text

FOLDER = "kinetics"
MARKS = ("SAW-P", "SAW-S", "DER", "MEM", "fitted", "assumed")
Made = TypeVar("Made")


def read_kinetics(root: Path, works: Iterable[str] | None = None) -> KineticKnowledge:
    """The kinetic knowledge of a knowledge folder.

    Raises:
        ReadError: a mistake in the files, with its line and column; also a source that does not exist, where `works` are given.
    """
    known = None if works is None else frozenset(works)
    forms = {name: _open(root, name, keys) for name, keys in _FILES.items()}
    background = forms["background"]
    model = Model(
        _part(forms["disposition"], "parameters", Disposition, known),
        tuple(_pair(node, forms["absorption"], known) for node in forms["absorption"].list_of("pairs")),
        _part(background, "endogenous", Endogenous, known),
        _part(background, "tretinoin", Tretinoin, known),
        _recycling(background, known),
        _part(background, "noise", Noise, known),
        _part(forms["sebum"], "parameters", Sebum, known),
        _lesions(forms["lesions"], known),
        _part(forms["relapse"], "parameters", Relapse, known),
        tuple((name, form.text("confidence")) for name, form in forms.items() if form.has("confidence")),
    )
    held = KineticKnowledge(
        model,
        tuple(_item(node, forms["calibration"], known) for node in forms["calibration"].list_of("items")),
        tuple(_statement(node, forms["statements"]) for node in forms["statements"].list_of("items")),
        tuple(_unanswered(node, forms["unanswered"], known) for node in forms["unanswered"].list_of("items")),
    )
    if known is not None:
        _check_computed(held, forms["calibration"])
    return held


_FILES = {
    "disposition": ("confidence", "parameters"),
    "absorption": ("confidence", "pairs"),
    "background": ("confidence", "endogenous", "tretinoin", "recycling", "noise"),
    "sebum": ("confidence", "parameters"),
    "lesions": ("confidence", "parameters", "flare"),
    "relapse": ("confidence", "parameters"),
    "calibration": ("items",),
    "statements": ("items",),
    "unanswered": ("items",),
}


def _open(root: Path, name: str, keys: tuple[str, ...]) -> Form:
    path = root / FOLDER / f"{name}.yaml"
    short = f"{FOLDER}/{name}.yaml"
    try:
        text = utf8(path.read_bytes(), short)
    except OSError:
        raise ReadError(short, 0, 0, "there is no such file; the kinetic model needs it") from None
    form = Form(load_text(text, short), short, "a kinetics file", required=("kinetics", *keys))
    form.one_of("kinetics", (name,))
    return form


def _part(form: Form, key: str, kind: type[Made], known: frozenset[str] | None) -> Made:
    """The parameters under a key, one for each field of a class."""
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]  # always a dataclass
    inner = Form(form.get(key), form.path, key, required=names)
    made: dict[str, Any] = {name: _parameter(inner.get(name), form.path, name, known) for name in names}
    return kind(**made)


def _parameter(node: Node, path: str, name: str, known: frozenset[str] | None) -> Parameter:
    form = Form(
        node,
        path,
        name,
        required=("value", "unit", "mark"),
        optional=("log_sd", "log_sd_clinic", "weight_power", "cap", "sources", "assumption", "note"),
    )
    mark: Mark = form.one_of("mark", MARKS)  # type: ignore[assignment]  # one of them
    if mark in ("MEM", "assumed") and not form.text("assumption", ""):
        raise form.fail(form.node, f'{name} is {mark}: it needs an "assumption" that says so')
    if mark in ("SAW-P", "SAW-S", "fitted") and not form.texts("sources"):
        raise form.fail(form.node, f"{name} is {mark}: it needs its sources")
    return Parameter(
        _number(form, "value"),
        form.text("unit"),
        mark,
        _number(form, "log_sd", 0.0),
        _number(form, "log_sd_clinic") if form.has("log_sd_clinic") else None,
        _number(form, "weight_power", 0.0),
        _number(form, "cap") if form.has("cap") else None,
        _sources(form, known),
        form.text("assumption", ""),
        form.text("note", ""),
    )


def _number(form: Form, key: str, default: float | None = None) -> float:
    if not form.has(key) and default is not None:
        return default
    return _as_number(form, form.get(key) if form.has(key) else form.node, form.text(key))


def _as_number(form: Form, node: Node, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise form.fail(node, f'"{text}" is not a number') from None


def _sources(form: Form, known: frozenset[str] | None) -> tuple[str, ...]:
    for node, name in zip(form.list_of("sources"), form.texts("sources"), strict=True):
        if known is not None and name not in known:
            raise form.fail(node, f'no source "{name}"; sources are in knowledge/sources')
    return form.texts("sources")


def _pair(node: Node, outer: Form, known: frozenset[str] | None) -> Absorption:
    form = Form(node, outer.path, "a pair", required=("formulation", "food", "share", "rate", "lag"))
    share, rate, lag = (_parameter(form.get(key), form.path, key, known) for key in ("share", "rate", "lag"))
    return Absorption(form.one_of("formulation", FORMULATIONS), form.one_of("food", FOODS), share, rate, lag)


def _recycling(outer: Form, known: frozenset[str] | None) -> Recycling:
    form = Form(outer.get("recycling"), outer.path, "recycling", required=("to_bile", "returned", "meals"))
    meals = tuple(_as_number(form, node, form.as_text(node)) for node in form.list_of("meals"))
    to_bile, returned = (_parameter(form.get(key), form.path, key, known) for key in ("to_bile", "returned"))
    return Recycling(to_bile, returned, meals)


def _lesions(outer: Form, known: frozenset[str] | None) -> Lesions:
    form = Form(outer.get("parameters"), outer.path, "parameters", required=("rate", "power", "nodule_rate"))
    rate, power, nodule = (_parameter(form.get(key), form.path, key, known) for key in ("rate", "power", "nodule_rate"))
    flare = Form(outer.get("flare"), outer.path, "flare", required=("peak_week", "end_week", "grades"))
    grades = [
        Form(node, outer.path, "a grade", required=("grade", "share", "height")) for node in flare.list_of("grades")
    ]
    return Lesions(
        rate,
        power,
        nodule,
        Flare(
            tuple((each.text("grade"), _parameter(each.get("share"), each.path, "share", known)) for each in grades),
            tuple(_parameter(each.get("height"), each.path, "height", known) for each in grades),
            _parameter(flare.get("peak_week"), flare.path, "peak_week", known),
            _parameter(flare.get("end_week"), flare.path, "end_week", known),
        ),
    )


def _item(node: Node, outer: Form, known: frozenset[str] | None) -> Item:
    form = Form(
        node,
        outer.path,
        "an item",
        required=("id", "computes", "says", "unit", "published", "accept", "fitted", "sources"),
        optional=("remembered", "note"),
    )
    low, high = (_as_number(form, each, form.as_text(each)) for each in form.list_of("accept"))
    return Item(
        form.text("id"),
        form.text("computes"),
        form.text("says"),
        form.text("unit"),
        form.text("published"),
        low,
        high,
        form.flag("fitted"),
        form.flag("remembered"),
        _sources(form, known),
        form.text("note", ""),
    )


def _statement(node: Node, outer: Form) -> Statement:
    form = Form(
        node, outer.path, "a statement", required=("id", "says"), optional=("computes", "unit", "marked", "why")
    )
    if form.has("computes") == form.has("why"):
        raise form.fail(form.node, f'{form.text("id")} has either "computes" or "why"')
    words = (form.text(key, "") for key in ("computes", "unit", "marked", "why"))
    return Statement(form.text("id"), form.text("says"), *words)


def _unanswered(node: Node, outer: Form, known: frozenset[str] | None) -> Unanswered:
    form = Form(node, outer.path, "a question", required=("ask", "says", "sources"))
    return Unanswered(form.text("ask"), form.text("says"), _sources(form, known))


def _check_computed(held: KineticKnowledge, form: Form) -> None:
    names = [*(item.computes for item in held.items), *(each.computes for each in held.statements if each.computes)]
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        raise form.fail(form.node, f'nothing computes "{unknown[0]}"; known: {", ".join(sorted(FIGURES))}')
