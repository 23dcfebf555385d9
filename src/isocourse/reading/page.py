"""Reads the page for the patient: knowledge/for_patient.yaml. Every number in it stands in a claim that its line cites."""

from __future__ import annotations

from collections.abc import Collection

from isocourse.decisions.tables import words
from isocourse.library.page import AUDIENCES, PageLine, PageSection, PageText, PatientPage, RedWords
from isocourse.reading.forms import Form
from isocourse.reading.said import Claims, held_numbers, numbers
from isocourse.reading.sources import cited
from isocourse.reading.yaml_text import Node

FRAME = (
    "title",
    "as_of",
    "age",
    "red_head",
    "red_found",
    "red_rule",
    "red_later",
    "governed",
    "not_governed",
    "not_instead",
    "draft",
    "held",
    "gate",
    "able_unless_shown",
    "see_red",
    "tests_open",
    "tests_line",
    "tests_none",
    "tests_not_governed",
    "differ_ask",
    "differ_line",
    "differ_says",
    "differ_none",
    "unknown_ask",
    "unknown_look",
    "unknown_measure",
    "unknown_refer",
    "unknown_more",
    "unknown_none",
    "sources",
    "outside",
)
"""The words of the frame that the page needs."""

SECTIONS = ("what", "never", "daily", "stop", "call", "tests", "differ", "unknown")
"""The sections of the page, in its order."""


def read_page(root: Node, path: str, claims: Claims, red: Collection[str]) -> PatientPage:
    """The page for the patient.

    Raises:
        ReadError: a word or section is missing, a red line has no words or is none, or a number stands in no claim that is cited.
    """
    form = Form(root, path, "the page for the patient", required=("words", "red", "sections"))
    frame = Form(form.get("words"), path, "the frame", required=FRAME)
    words_ = tuple(PageText(name, frame.say(name)) for name in FRAME)
    plain = Form(form.get("red"), path, "the red lines in plain words", required=tuple(red))
    told = tuple(_red(name, plain.get(name), path, claims) for name in red)
    sections = Form(form.get("sections"), path, "the sections", required=SECTIONS)
    return PatientPage(words_, told, tuple(_section(name, sections.get(name), path, claims) for name in SECTIONS))


def _red(name: str, node: Node, path: str, claims: Claims) -> RedWords:
    each = Form(node, path, "a red line in plain words", required=("found", "do", "claims"), optional=("sign",))
    sign = _text(each, "sign", f"red.{name}.sign", claims) if each.has("sign") else None
    return RedWords(
        name,
        sign,
        _text(each, "found", f"red.{name}.found", claims),
        _text(each, "do", f"red.{name}.do", claims),
        each.texts("claims"),
    )


def _section(name: str, node: Node, path: str, claims: Claims) -> PageSection:
    form = Form(node, path, "a section", required=("head", "lines"))
    lines = [_line(name, each, path, claims) for each in form.list_of("lines")]
    return PageSection(name, PageText(f"{name}.head", form.say("head")), tuple(lines))


def _line(section: str, node: Node, path: str, claims: Claims) -> PageLine:
    each = Form(node, path, "a sentence of the page", required=("id", "say", "claims"), optional=("for",))
    text = _text(each, "say", f"{section}.{each.text('id')}", claims)
    return PageLine(text, each.texts("claims"), each.one_of("for", AUDIENCES, "all"))


def _text(form: Form, key: str, name: str, claims: Claims) -> PageText:
    cited(form, claims)
    text = PageText(name, form.say(key))
    held = {number for claim in form.texts("claims") for number in held_numbers(claims[claim])}
    for number in numbers(words(text.say)):
        if number not in held:
            raise form.fail(form.get(key), f"the number {number} stands in no claim that this line cites")
    return text
