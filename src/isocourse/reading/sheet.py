"""The sheet for the patient, from knowledge/patient_sheet.yaml: every red line has its words, every number stands in a claim."""

from __future__ import annotations

from collections.abc import Collection

from isocourse.decisions.tables import Say, words
from isocourse.library.knowledge import Claim
from isocourse.library.sheet import MEANT_FOR, PatientSheet, SheetLine
from isocourse.reading.forms import Form
from isocourse.reading.said import Claims, numbers
from isocourse.reading.sources import cited
from isocourse.reading.yaml_text import Node

FRAME = (
    "title", "made", "age", "no_age", "governed", "not_governed", "red_head", "red_found", "red_empty", "not_started", "no_supply",
    "more", "more_sources", "dose_head", "dose_if", "days", "capsules", "from_to", "from_on", "each_day", "each_other", "none_then",
    "not_settled", "pause", "pause_day", "more_steps", "with_food", "any_food", "ask_food", "missed", "missed_differ", "dates_head",
    "date_line", "if_it_applies", "collect", "dates_none", "dates_tests", "dates_later", "avoid_head", "able_unless", "call_head",
    "not_instead", "sources",
)  # fmt: skip
"""The words of the frame that the sheet needs."""


def read_sheet(root: Node, path: str, claims: Claims, red: Collection[str]) -> PatientSheet:
    """The sentences of the sheet.

    Raises:
        ReadError: a word is missing, a red line has no sentence or is none, or a number stands in no claim that is cited.
    """
    form = Form(root, path, "the sheet for the patient", required=("words", "avoid", "red"))
    frame = Form(form.get("words"), path, "the frame", required=FRAME)
    plain = Form(form.get("red"), path, "the red lines in plain words", required=tuple(red))
    avoid = [
        Form(node, path, "a sentence", required=("id", "say", "claims"), optional=("for",))
        for node in form.list_of("avoid")
    ]
    return PatientSheet(
        tuple((name, frame.say(name)) for name in FRAME),
        tuple(_line(each.text("id"), each, claims) for each in avoid),
        tuple(
            _line(
                name, Form(plain.get(name), path, "a sentence", required=("say", "claims"), optional=("for",)), claims
            )
            for name in red
        ),
    )


def _line(name: str, form: Form, claims: Claims) -> SheetLine:
    cited(form, claims)
    said: Say = form.say("say")
    held = {number for claim in form.texts("claims") for number in _numbers(claims[claim])}
    for number in numbers(words(said)):
        if number not in held:
            raise form.fail(form.get("say"), f"the number {number} stands in no claim that this line cites")
    return SheetLine(name, said, form.texts("claims"), form.one_of("for", MEANT_FOR, "all"))


def _numbers(claim: Claim) -> list[str]:
    return numbers(claim.says)
