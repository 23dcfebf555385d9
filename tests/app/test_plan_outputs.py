"""Everything that is made of a plan, for every sample patient as the planner plans the course."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from icalendar import Calendar, Event

from isocourse.app.plan import plan
from isocourse.app.samples import SAMPLE_DAY, samples
from isocourse.course import Plan, Wanted
from isocourse.course.heading import held_up
from isocourse.fhir.care_plan import care_plan
from isocourse.library import Asked, Library
from isocourse.render.calendar_text import calendar_page
from isocourse.render.ics import ics
from isocourse.render.patient_sheet import sheet
from isocourse.render.plan_page import plan_page
from isocourse.render.plan_report import JsonPlan, to_json
from isocourse.render.plan_text import plan_page as plan_text
from tests.render.browser import pages, printed, sizes

STAMP = datetime(2026, 11, 24, 9, tzinfo=UTC)
DOSE = re.compile(r"mg capsule|capsules of \d+ mg|mg/kg/day|mg a day")


@pytest.fixture(scope="module")
def plans(library: Library) -> dict[str, Plan]:
    """The plan of every sample patient, nothing asked for."""
    return {name: plan(library, record, Asked(SAMPLE_DAY), Wanted(key=name)) for name, record in samples(library)}


def test_some_are_red_some_held_up_and_some_free_of_both(plans: dict[str, Plan]) -> None:
    assert {name for name, each in plans.items() if each.withheld} >= {"doxycycline", "peanut-allergy"}
    assert {name for name, each in plans.items() if each.held or each.unknown} >= {"tubal-ligation", "test-sampled"}


@pytest.mark.parametrize("width", [40, 80, 160])
def test_the_text_begins_with_what_holds_it_up_and_fits(plans: dict[str, Plan], width: int) -> None:
    for name, each in plans.items():
        text = plan_text(each, width, full=True)
        assert text.startswith("! ") == bool(held_up(each)), name
        assert bool(DOSE.search(" ".join(text.split()))) <= (not each.withheld), name
        assert calendar_page(each, width).startswith("! ") == bool(held_up(each)), name
        if width >= 80:
            assert max(map(len, text.splitlines())) <= width, name


def test_the_json_is_what_its_schema_says(plans: dict[str, Plan]) -> None:
    for name, each in plans.items():
        made = msgspec.json.decode(to_json(each), type=JsonPlan, strict=True)
        assert made.headed == held_up(each), name
        assert (made.steps == [] and made.supplies == []) or not each.withheld, name


def test_every_protocol_in_force_has_a_calendar_that_can_be_read_back(plans: dict[str, Plan]) -> None:
    for name, each in plans.items():
        for key in {edition.protocol for edition in each.assessment.editions}:
            found = [one for one in Calendar.from_ical(ics(each, key, STAMP)).walk("VEVENT") if isinstance(one, Event)]
            uids = [str(one["uid"]) for one in found]
            assert len(uids) == len(set(uids)), (name, key)
            for one in found:
                assert one.start < one.end, (name, key)
                assert str(one["description"]).startswith(held_up(each)), (name, key)
            if each.withheld:
                assert not any(DOSE.search(str(one["summary"])) for one in found), (name, key)


def test_the_proposals_are_structurally_sound_and_a_red_line_leaves_no_prescription(plans: dict[str, Plan]) -> None:
    fhirkit = pytest.importorskip("fhirkit", reason="fhirkit-rs is not installed: pip install 'isocourse[validate]'")
    for name, each in plans.items():
        bundle = care_plan(each, STAMP)
        assert [str(issue) for issue in fhirkit.validate(json.dumps(bundle)) if issue.severity == "error"] == [], name
        kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
        asked = 0 if each.withheld else sum(len(supply.capsules) for supply in each.supplies)
        assert kinds.count("MedicationRequest") == asked, name


def test_the_sheet_has_a_dose_only_where_nothing_is_red(plans: dict[str, Plan]) -> None:
    for name, each in plans.items():
        told = sheet(each)
        assert ("STOP. TAKE NO ISOTRETINOIN." in told) == bool(each.withheld), name
        assert bool(DOSE.search(told)) <= (not each.withheld), name


@pytest.mark.slow
def test_every_page_and_sheet_prints_on_a4_and_every_page_is_headed(plans: dict[str, Plan], tmp_path: Path) -> None:
    for name, each in plans.items():
        head = held_up(each)
        for kind, made in (("page", plan_page(each)), ("sheet", sheet(each))):
            assert len(made.encode()) < 1_000_000, name
            assert "<script" not in made, name
            file = tmp_path / f"{name}-{kind}.html"
            file.write_text(made, encoding="utf-8")
            pdf = printed(file)
            assert sizes(pdf) == {"A4"}, name
            told = pages(pdf)
            if kind == "sheet":
                assert len(told) == 1, name
            else:
                assert all(head[:20] in " ".join(one.split()) for one in told), name
