"""Reads unwanted effects: knowledge/effects. A rate without the people it was counted in is refused."""

from __future__ import annotations

from collections.abc import Collection

from isocourse.facts.streams import Catalogue
from isocourse.library.effects import FREQUENCY_WORDS, Advice, DoseLink, Effect, Frequency, Grading
from isocourse.logic.problems import did_you_mean
from isocourse.reading.forms import Form
from isocourse.reading.said import Claims, backed, known, named, numbers, said_list, speaker
from isocourse.reading.yaml_text import Node

SYSTEMS = (
    "skin",
    "eyes",
    "ears",
    "nose_and_throat",
    "mind",
    "nerves",
    "muscles_and_bones",
    "bowel",
    "liver",
    "blood_fats_and_sugar",
    "blood",
    "allergy",
    "kidneys",
    "sexual_function",
    "pregnancy",
    "general",
)
DO = ("care", "keep_dose", "test", "ask", "avoid", "refer", "reduce", "hold", "stop")
"""What advice can be, the mildest first."""

VOCABULARIES = ("symptoms", "conditions")


def read_effect(root: Node, path: str, claims: Claims, catalogue: Catalogue, protocols: Collection[str]) -> Effect:
    """One effect."""
    form = Form(
        root,
        path,
        "an effect",
        required=("effect", "say", "system", "frequency"),
        optional=(
            "item",
            "stream",
            "dose_link",
            "onset",
            "course",
            "care",
            "advice",
            "red_flags",
            "grades",
            "notes",
            "open",
        ),
    )
    frequencies = tuple(_frequency(node, path, claims) for node in form.list_of("frequency"))
    if not frequencies and not form.has("open"):
        raise form.fail(form.get("frequency"), "without a frequency, `open:` says where one looked")
    return Effect(
        named(form, "effect"),
        form.say("say"),
        form.one_of("system", SYSTEMS),
        _item(form, catalogue),
        known(form, "stream", catalogue.by_name, "stream"),
        frequencies,
        _dose_link(form, claims),
        said_list(form, "onset", claims),
        said_list(form, "course", claims),
        said_list(form, "care", claims),
        tuple(_advice(node, path, claims, protocols) for node in form.list_of("advice")),
        said_list(form, "red_flags", claims),
        tuple(_grading(node, path, claims) for node in form.list_of("grades")),
        said_list(form, "notes", claims),
        form.texts("open"),
    )


def _item(form: Form, catalogue: Catalogue) -> str:
    """The vocabulary item of an effect: `symptoms.headache`."""
    written = form.text("item", "")
    if not written:
        return ""
    vocabulary, _, kind = written.partition(".")
    if vocabulary not in VOCABULARIES:
        raise form.fail(
            form.get("item"), f'an item is {" or ".join(f"{each}.name" for each in VOCABULARIES)}, not "{written}"'
        )
    kinds = catalogue.vocabulary(vocabulary).kinds()
    if kind not in kinds:
        raise form.fail(form.get("item"), f'{vocabulary} has no "{kind}"{did_you_mean(kind, kinds)}')
    return written


def _frequency(node: Node, path: str, claims: Claims) -> Frequency:
    form = Form(node, path, "a frequency", required=("rate", "claims"), optional=("of", "note"))
    rate = form.text("rate")
    if rate not in FREQUENCY_WORDS:
        if not numbers(rate):
            raise form.fail(form.get("rate"), f'"{rate}" is neither a number nor one of {", ".join(FREQUENCY_WORDS)}')
        if not form.has("of"):
            raise form.fail(node, "a rate needs `of:` with the people it was counted in")
    return Frequency(
        backed(form, "rate", claims),
        backed(form, "of", claims, ""),
        backed(form, "note", claims, ""),
        form.texts("claims"),
    )


def _dose_link(form: Form, claims: Claims) -> DoseLink | None:
    if not form.has("dose_link"):
        return None
    inner = Form(form.get("dose_link"), form.path, "a dose link", required=("link", "says", "claims"))
    return DoseLink(
        inner.one_of("link", ("yes", "no", "disputed", "unclear")), backed(inner, "says", claims), inner.texts("claims")
    )


def _advice(node: Node, path: str, claims: Claims, protocols: Collection[str]) -> Advice:
    form = Form(node, path, "advice", required=("when", "claims"), optional=("do", "one_of", "by", "who"))
    if form.has("do") == form.has("one_of"):
        raise form.fail(node, "advice has either `do:`, all of it advised, or `one_of:`, alternatives")
    key = "do" if form.has("do") else "one_of"
    do = form.texts(key)
    for word, place in zip(do, form.list_of(key), strict=True):
        if word not in DO:
            raise form.fail(place, f'"{word}" is not one of {", ".join(DO)}{did_you_mean(word, DO)}')
    if len(do) < (1 if key == "do" else 2):
        raise form.fail(form.get(key), "the list of what to do is too short")
    return Advice(do, key == "one_of", backed(form, "when", claims), *speaker(form, protocols), form.texts("claims"))


def _grading(node: Node, path: str, claims: Claims) -> Grading:
    form = Form(node, path, "a grading", required=("term", "claims"), optional=("g1", "g2", "g3", "g4", "note"))
    grades = tuple((key[1], backed(form, key, claims)) for key in ("g1", "g2", "g3", "g4") if form.has(key))
    if not grades:
        raise form.fail(node, "a grading needs at least one grade: g1 to g4")
    return Grading(form.text("term"), grades, backed(form, "note", claims, ""), form.texts("claims"))
