"""The sheet for the patient, from knowledge/patient_sheet.yaml: every word of the frame is there, every number stands in a claim."""

from __future__ import annotations

from isocourse.decisions.tables import Say, words
from isocourse.library.sheet import MEANT_FOR, PatientSheet, SheetLine
from isocourse.reading.forms import Form
from isocourse.reading.said import Claims, held_numbers, numbers
from isocourse.reading.sources import cited
from isocourse.reading.yaml_text import Node

FRAME = (
    "title", "made", "age", "no_age", "governed", "not_governed", "red_head", "red_found", "red_empty", "not_started", "no_supply",
    "more", "more_sources", "dose_head", "dose_if", "days", "capsules", "from_to", "from_on", "each_day", "each_other", "none_then",
    "not_settled", "pause", "pause_day", "more_steps", "with_food", "any_food", "ask_food", "missed", "missed_differ", "dates_head",
    "date_line", "if_it_applies", "collect", "collect_then", "dates_none", "dates_tests", "dates_later", "avoid_head", "able_unless", "call_head",
    "not_instead", "sources",
)  # fmt: skip
"""The words of the frame that the sheet needs."""


def read_sheet(root: Node, path: str, claims: Claims) -> PatientSheet:
    """The sentences of the sheet.

    Raises:
        ReadError: a word is missing, or a number stands in no claim that is cited.
    """
    form = Form(root, path, "the sheet for the patient", required=("words", "avoid"))
    frame = Form(form.get("words"), path, "the frame", required=FRAME)
    lines = [
        Form(node, path, "a sentence", required=("id", "say", "claims"), optional=("for",))
        for node in form.list_of("avoid")
    ]
    return PatientSheet(tuple((name, frame.say(name)) for name in FRAME), tuple(_line(each, claims) for each in lines))


def _line(form: Form, claims: Claims) -> SheetLine:
    cited(form, claims)
    said: Say = form.say("say")
    held = {number for claim in form.texts("claims") for number in held_numbers(claims[claim])}
    for number in numbers(words(said)):
        if number not in held:
            raise form.fail(form.get("say"), f"the number {number} stands in no claim that this line cites")
    return SheetLine(form.text("id"), said, form.texts("claims"), form.one_of("for", MEANT_FOR, "all"))
