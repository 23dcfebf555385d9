"""The words of statuses, stances and figures are bound here, because a clinician acts on them."""

from __future__ import annotations

from datetime import date

import pytest

from isocourse.app.assess import assess
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import Status
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.tree import Op
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from isocourse.render.ranges import range_words
from isocourse.render.terminal import page
from isocourse.render.today import person
from isocourse.render.words import KEPT, STATUS, answer_words, fact_words, ratio_words

TODAY = date(2026, 11, 24).toordinal()
RECORD = """
isocourse: '1'
patient: {{birth: '2000-01-01', recorded_gender: male}}
course: {{first_dose: '2026-09-21'}}
orders: [{{day: '2026-11-20', state: active, daily_dose: {dose} mg, formulation: conventional, reason: acne}}]
events:
  - {{stream: weight, value: {weight} kg, day: '2026-11-20'}}
  - {{stream: triglycerides, value: {before}, day: '2026-09-14'}}
  - {{stream: triglycerides, value: {now}, day: '2026-11-16'}}
"""


def seen_with(library: Library, **given: str) -> Assessment:
    text = RECORD.format(**({"dose": "40", "weight": "58", "before": "300 mg/dL", "now": "890 mg/dL"} | given))
    return assess(library, record_of(load_text(text, "record"), "record", library.catalogue, TODAY), Asked(TODAY))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.SILENT, "says nothing on this"),
        (Status.SILENT_HERE, "speaks, but not of this case"),
        (Status.NOT_READ, "we have not read this text"),
        (Status.CANNOT_TELL, "depends on"),
        (Status.OUTSIDE, "outside what it speaks of"),
        (Status.NOT_APPLICABLE, "does not arise now"),
    ],
)
def test_a_status_is_called_by_its_own_words(status: Status, said: str) -> None:
    assert STATUS[status] == said


def test_kept_broken_and_not_shown_are_three_different_words() -> None:
    words = [KEPT[kept] for kept in (Kept.KEPT, Kept.BROKEN, Kept.CANNOT_TELL)]
    assert len({word.lower() for word in words if word}) == 3


def ratios(seen: Assessment, name: str) -> set[str]:
    nodes = seen.library.program.nodes
    return {ratio_words(seen, node) for node in nodes if node.op is Op.RATIO and node.names == (name,)}


def test_a_rise_is_printed_with_its_own_size_whichever_way_the_question_was_asked(library: Library) -> None:
    assert ratios(seen_with(library), "triglycerides_rise") == {"2.967 times"}


def test_a_daily_dose_is_printed_for_the_body_weight(library: Library) -> None:
    assert ratios(seen_with(library), "dose_per_kg") - {""} == {"0.69 mg/kg/day"}
    answers = [answer for answer in seen_with(library).answers if answer.point.name == "dose_range" and answer.stances]
    assert any("(on file: 0.69 mg/kg/day)" in answer_words(seen_with(library), answer) for answer in answers)


def test_the_size_of_a_ratio_with_a_part_not_known_is_not_made_up(library: Library) -> None:
    assert ratios(seen_with(library, now="'<890 mg/dL'"), "triglycerides_rise") == {""}


def test_a_fold_is_read_out_in_words(library: Library) -> None:
    assert fact_words(library, "any(drugs, kind = tetracycline, current)") == "tetracycline antibiotic (drug)"
    assert fact_words(library, "triglycerides_now") == "triglycerides now"


def test_a_rise_never_stands_without_its_absolute_value(library: Library) -> None:
    text = page(seen_with(library, now="1200 mg/dL"), 120, full=True)
    assert "1200 mg/dL" in text


def test_many_orders_never_push_what_is_dangerous_off_the_first_page(library: Library) -> None:
    orders = "\n".join("  - {day: '2024-01-01', state: ended, daily_dose: 20 mg}" for _ in range(40))
    text = f"isocourse: '1'\npatient: {{recorded_gender: male}}\norders:\n  - {{day: '2026-11-20', state: active, daily_dose: 20 mg}}\n{orders}"
    seen = assess(library, record_of(load_text(text, "record"), "record", library.catalogue, TODAY), Asked(TODAY))
    lines = page(seen, 80).split("\n")
    assert lines.index("STOP NOW") < 24
    assert any("20 mg/day (active)" in line for line in lines[:24])
    assert "  and 37 more orders; --full lists them" in lines
    assert sum(line.startswith("  Order") for line in page(seen, 80, full=True).split("\n")) == 41


def test_a_figure_is_told_once_and_a_range_by_both_ends(library: Library) -> None:
    positions = [each for edition in library.editions for cell in edition.cells for each in cell.positions]
    rows = [row for each in positions for row in each.acting.rows if row.low and row.of != "none"]
    single = {range_words(row) for row in rows if row.low == row.high}
    told = {range_words(row) for row in rows if row.low != row.high}
    assert single
    assert told
    assert not [each for each in single if " to " in each]
    assert not [each for each in told if " to " not in each]


@pytest.mark.parametrize(
    ("birth", "said"),
    [("2008-11-25", "17-year-old boy"), ("2008-11-24", "18-year-old man"), ("2010", "15 or 16-year-old boy")],
)
def test_who_is_under_age_is_no_man(library: Library, birth: str, said: str) -> None:
    text = f"isocourse: '1'\npatient: {{birth: '{birth}', recorded_gender: male}}\n"
    record = record_of(load_text(text, "record.yaml"), "record.yaml", library.catalogue, TODAY)
    assert person(assess(library, record, Asked(TODAY))) == said
