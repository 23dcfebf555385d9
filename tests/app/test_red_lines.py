"""Red lines: each fires, none fires on silence, and a red line stands before everything else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from isocourse.app.assess import assess
from isocourse.facts.days import FIRST_DAY, Span
from isocourse.facts.orders import Script, order_of
from isocourse.facts.record import Event, Quantity, Record
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.truth import Truth
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from isocourse.render.terminal import page

TODAY = date(2026, 11, 24).toordinal()
DAY = Span.of(TODAY - 2)

LISTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pregnancy": (("conditions", "pregnancy"),),
    "intracranial_pressure": (("symptoms", "intracranial_hypertension"),),
    "tetracycline_together": (("drugs", "doxycycline"),),
    "pancreatitis": (("symptoms", "pancreatitis_symptoms"),),
    "suicidality": (("symptoms", "suicidal_thoughts"),),
    "severe_skin_reaction": (("symptoms", "severe_skin_reaction"),),
    "anaphylaxis": (("symptoms", "anaphylaxis"),),
    "fulminans": (("symptoms", "fulminans_signs"),),
    "muscle_breakdown": (("symptoms", "muscle_breakdown"),),
    "psychosis": (("symptoms", "psychosis"),),
    "sudden_vision_loss": (("symptoms", "sudden_vision_loss"),),
    "sudden_hearing_loss": (("symptoms", "sudden_hearing_loss"),),
    "bloody_diarrhoea": (("symptoms", "bloody_diarrhoea"),),
    "liver_failure": (("conditions", "liver_failure"),),
    "hepatitis": (("symptoms", "jaundice"),),
    "very_high_triglycerides": (),
    "severe_liver_injury": (),
    "retinoid_excess": (("conditions", "hypervitaminosis_a"),),
}


def patient(entries: tuple[tuple[str, str], ...], *more: Event) -> Record:
    order = order_of(Script("order", "isotretinoin", Span.of(TODAY - 5), "active"), TODAY)
    listed = tuple(
        Event(stream, Truth.YES, DAY, None, f"{stream}/{item}", item.replace("_", " "), item)
        for stream, item in entries
    )
    return Record(events=(*listed, *more), orders=(order,))


def seen_with(library: Library, name: str) -> Assessment:
    triglycerides = Event("triglycerides", Quantity(900001, 900001, "mmol/L"), DAY, None, "tg", "9.00001 mmol/L")
    alt = Event(
        "alt",
        Quantity(20_001, 20_001, "U/L"),
        DAY,
        None,
        "alt",
        "200.01 U/L",
        parts={"upper_limit": Quantity(4_000, 4_000, "U/L")},
    )
    more = {"very_high_triglycerides": (triglycerides,), "severe_liver_injury": (alt,)}.get(name, ())
    return assess(library, patient(LISTS[name], *more), Asked(TODAY))


def test_every_red_line_of_the_reviewed_list_is_tried_here(library: Library) -> None:
    assert {line.name for line in library.red} == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_every_red_line_fires_and_comes_first(library: Library, name: str) -> None:
    seen = seen_with(library, name)
    fired = [finding.line.name for finding in seen.today.stop_now if finding.line]
    assert name in fired
    assert seen.exit_code == 10


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_red_line_is_on_the_first_page_whatever_the_width(library: Library, width: int) -> None:
    text = page(seen_with(library, "pancreatitis"), width)
    lines = text.split("\n")
    assert lines.index("STOP NOW") < lines.index("NOT TODAY, BECAUSE")
    red = next(place for place, line in enumerate(lines) if line.lstrip().startswith("! "))
    assert red == lines.index("STOP NOW") + 2
    assert all(len(line) <= width for line in lines if " " in line.strip())


@pytest.mark.parametrize("name", [name for name in LISTS if LISTS[name]])
def test_a_red_line_that_is_only_possible_is_not_drawn(library: Library, name: str) -> None:
    ((stream, item),) = LISTS[name]
    maybe = Event(stream, Truth.UNKNOWN, DAY, None, "maybe", item, item)
    seen = assess(library, patient((), maybe), Asked(TODAY))
    assert name not in [finding.line.name for finding in seen.today.stop_now if finding.line]


def test_triglycerides_of_exactly_9_are_not_above_9(library: Library) -> None:
    border = Event("triglycerides", Quantity(900000, 900000, "mmol/L"), DAY, None, "tg", "9 mmol/L")
    assert assess(library, patient((), border), Asked(TODAY)).today.stop_now == ()


def test_a_value_older_than_its_limit_is_shown_and_not_used(library: Library) -> None:
    old = Event("triglycerides", Quantity(2000000, 2000000, "mmol/L"), Span.of(TODAY - 91), None, "tg", "20 mmol/L")
    seen = assess(library, patient((), old), Asked(TODAY))
    assert seen.today.stop_now == ()
    slot = next(place for place, slot in enumerate(library.program.slots) if slot.name == "triglycerides_latest")
    assert "20 mmol/L" in seen.snapshot.origins[slot].written
    assert "91 days old, more than 90" in seen.snapshot.origins[slot].marks[0]
    fresh = Event("triglycerides", Quantity(2000000, 2000000, "mmol/L"), Span.of(TODAY - 90), None, "tg", "20 mmol/L")
    assert assess(library, patient((), fresh), Asked(TODAY)).exit_code == 10


def test_a_tetracycline_by_name_alone_is_red(library: Library) -> None:
    text = """
isocourse: '1'
patient: {recorded_gender: male}
orders: [{day: '2026-11-10', state: active}]
lists: [{list: drugs, item: Doxycycline hyclate 100 mg capsules, is: yes, from: '2026-11-18'}]
"""
    record = record_of(load_text(text, "record"), "record", library.catalogue, TODAY)
    seen = assess(library, record, Asked(TODAY))
    assert [finding.line.name for finding in seen.today.stop_now if finding.line] == ["tetracycline_together"]


def test_a_tetracycline_that_was_stopped_is_not_red(library: Library) -> None:
    over = Event(
        "drugs",
        Truth.YES,
        Span(FIRST_DAY, TODAY),
        None,
        "drug",
        "doxycycline",
        "doxycycline",
        Span.of(TODAY - 1),
        "ended",
    )
    assert assess(library, patient((), over), Asked(TODAY)).today.stop_now == ()


PEANUT = """
isocourse: '1'
patient: {birth: '2004-02-01', recorded_gender: male}
jurisdiction: UK
product: roaccutane
orders: [{state: draft, dose: 20 mg, times_a_day: '1', reason: acne}]
lists: [{list: allergies, item: peanut, is: yes, day: '2020-09-01'}]
"""


@pytest.mark.parametrize("asked", ["seed-review", "us-label", "aad/2024"])
def test_no_choice_of_protocols_lifts_an_absolute_of_the_label_in_hand(library: Library, asked: str) -> None:
    record = record_of(load_text(PEANUT, "record"), "record", library.catalogue, TODAY)
    whole, chosen = (assess(library, record, Asked(TODAY, protocols)) for protocols in ((), (asked,)))
    assert [found.verdict.row.find for found in chosen.today.stop_now if found.verdict] == ["peanut"]
    assert chosen.exit_code == whole.exit_code == 10
    assert chosen.governs == whole.governs
    shown = {edition.protocol for edition in chosen.editions} - {edition.protocol for edition in chosen.governs}
    assert shown == {asked.partition("/")[0]}
