"""The sheet for the patient, from knowledge/patient_sheet.yaml: every word of the frame is there, every sentence in for_patient.yaml."""

from __future__ import annotations

from isocourse.library.page import PatientPage
from isocourse.library.sheet import PatientSheet
from isocourse.logic.problems import did_you_mean
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node

FRAME = (
    "title", "made", "age", "no_age", "red_empty", "not_started", "no_supply", "more", "more_sources", "dose_head", "dose_if",
    "days", "capsules", "from_to", "from_on", "in_hand", "in_hand_as_ordered", "each_day", "each_other", "none_then",
    "not_settled", "pause", "pause_day", "more_steps", "with_food", "any_food", "ask_food", "missed", "missed_differ",
    "dates_head", "date_line", "if_it_applies", "collect", "collect_then", "dates_none", "dates_tests", "dates_later",
    "avoid_head", "call_head", "not_instead", "sources",
)  # fmt: skip
"""The words of the frame that the sheet needs."""


def read_sheet(root: Node, path: str, page: PatientPage) -> PatientSheet:
    """The sentences of the sheet.

    Args:
        root: the file.
        path: where it lies.
        page: the page for the patient, whose sentences the sheet takes.

    Raises:
        ReadError: a word is missing, or the page has no such sentence.
    """
    form = Form(root, path, "the sheet for the patient", required=("words", "avoid"))
    frame = Form(form.get("words"), path, "the frame", required=FRAME)
    known = [line.text.name for section in page.sections for line in section.lines]
    avoid = form.texts("avoid")
    for name in avoid:
        if name not in known:
            raise form.fail(form.get("avoid"), f'for_patient.yaml has no sentence "{name}"{did_you_mean(name, known)}')
    return PatientSheet(tuple((name, frame.say(name)) for name in FRAME), avoid)
