"""The calendar file: one protocol, named in each event; days as windows; a new file moves the events of the old one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event
from msgspec.structs import replace

from isocourse.course import Plan
from isocourse.facts.days import show
from isocourse.logic.truth import Truth
from isocourse.render.ics import ics, left_out
from tests.render.course_plans import START, plan_of, slipped

STAMP = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = STAMP + timedelta(days=3)


def events(plan: Plan, key: str, stamp: datetime = STAMP) -> list[Event]:
    """The events of a file, read back."""
    return [each for each in Calendar.from_ical(ics(plan, key, stamp)).walk("VEVENT") if isinstance(each, Event)]


def by_uid(found: list[Event]) -> dict[str, Event]:
    """The events by their identifier."""
    return {str(each["uid"]): each for each in found}


def test_every_event_names_its_protocol_and_edition_and_no_other(plan: Plan) -> None:
    for event in events(plan, "us-ipledge"):
        summary = str(event["summary"])
        assert "iPLEDGE 2026]" in summary or "iPLEDGE 2023 (edition 2023-discretion)]" in summary
    for event in events(plan, "eu-label/2018"):
        assert "EU label 2018" in str(event["summary"])
        assert "iPLEDGE" not in str(event["summary"]) + str(event["description"])


def test_a_protocol_that_is_not_in_the_plan_is_refused_with_those_that_are(plan: Plan) -> None:
    with pytest.raises(ValueError, match=r'no protocol "uk-mrha" in this plan; known: .*uk-mhra'):
        ics(plan, "uk-mrha", STAMP)


def test_an_open_condition_stands_in_every_event_and_before_every_dose_and_supply(held: Plan) -> None:
    found = events(held, "us-ipledge")
    assert found
    for event in found:
        assert "NOT TO BE STARTED UNTIL: a negative pregnancy test" in str(event["summary"])
        assert str(event["description"]).startswith("NOT TO BE STARTED UNTIL")
    doses = [event for event in found if str(event["uid"]).startswith(("3f9a-supply-", "3f9a-step-"))]
    assert len(doses) == 7
    assert all(str(event["summary"]).startswith("NOT TO BE STARTED UNTIL") for event in doses)


def test_a_window_is_whole_days_and_its_end_is_the_day_after(plan: Plan) -> None:
    entry = next(
        each for each in plan.calendar if each.governs and each.point.name == "supply_window" and each.number == 1
    )
    assert entry.last is not None
    event = by_uid(events(plan, "eu-label"))[f"{entry.uid}@isocourse"]
    assert event.start == date.fromordinal(START)
    assert event.end == date.fromordinal(entry.last) + timedelta(days=1)
    assert not isinstance(event.start, datetime)


def test_a_slipped_course_has_the_same_identifiers_on_moved_days_and_a_later_revision(plan: Plan) -> None:
    old, new = by_uid(events(plan, "eu-label")), by_uid(events(slipped(plan), "eu-label", LATER))
    assert old.keys() == new.keys()
    moved = {uid for uid in old if old[uid].start != new[uid].start}
    assert f"{plan.key}-supply-2@isocourse" in moved
    assert f"{plan.key}-supply-1@isocourse" not in moved
    assert all(new[uid].start - old[uid].start == timedelta(days=10) for uid in moved)
    assert all(new[uid].sequence > old[uid].sequence for uid in old)


def test_no_two_events_share_an_identifier(plan: Plan, held: Plan) -> None:
    for each in (plan, held):
        for key in ("us-ipledge", "eu-label", "uk-mhra", "seed-review"):
            found = [str(event["uid"]) for event in events(each, key)]
            assert len(found) == len(set(found))


def test_two_editions_with_the_same_duty_do_not_overwrite_each_other(plan: Plan) -> None:
    one = next(each for each in plan.calendar if each.edition.key == "us-ipledge/2026" and each.first is not None)
    edition = next(each for each in plan.assessment.editions if each.key == "us-ipledge/2023-discretion")
    both = replace(plan, calendar=(one, replace(one, edition=edition)), supplies=(), steps=())
    assert len(by_uid(events(both, "us-ipledge"))) == 2


def test_what_has_no_day_is_named_and_not_dated_by_guess(plan: Plan) -> None:
    named = left_out(plan, "eu-label")
    assert "must: pregnancy test: depends on the last dose" in named
    told = str(Calendar.from_ical(ics(plan, "eu-label", STAMP))["description"])
    assert all(each in told for each in named)
    tests = [event for event in events(plan, "eu-label") if "pregnancy test" in str(event["summary"])]
    assert all(event.start <= date.fromordinal(START + 140) for event in tests)


def test_a_stretch_without_an_end_is_one_day_that_says_it_begins(plan: Plan) -> None:
    found = [
        event
        for event in events(plan, "eu-label")
        if str(event["summary"]).startswith("from this day: must: keep up contraception")
    ]
    assert len(found) == 1
    assert found[0].end - found[0].start == timedelta(days=1)
    assert "depends on the last dose" in str(found[0]["description"])


def test_once_the_last_day_is_known_the_same_event_gets_its_end(plan: Plan) -> None:
    known = plan_of(plan.assessment, end_known=True)
    stretch = next(each for each in known.calendar if each.row.name == "method" and each.governs)
    assert stretch.last is not None
    event = by_uid(events(known, "eu-label", LATER))[f"{stretch.uid}@isocourse"]
    assert f"{stretch.uid}@isocourse" in by_uid(events(plan, "eu-label"))
    assert event.end == date.fromordinal(stretch.last) + timedelta(days=1)
    assert show(stretch.last) in str(event["description"])


def test_a_red_line_leaves_no_dose_no_supply_and_no_handing_out(plan: Plan, red: Plan) -> None:
    emptied = replace(plan, withheld=red.withheld)
    for each in (red, emptied):
        for event in events(each, "eu-label"):
            assert "capsules" not in str(event["summary"])
            assert "mg" not in str(event["summary"])
            assert "STOP: A tetracycline together" in str(event["summary"])
    assert any("no supply is planned" in each for each in left_out(emptied, "eu-label"))


def test_a_duty_that_does_not_apply_as_things_stand_is_named_and_left_out(plan: Plan) -> None:
    entry = next(each for each in plan.calendar if each.governs and each.first is not None and each.last is not None)
    maybe = replace(plan, calendar=(replace(entry, applies=Truth.UNKNOWN, as_stands=Truth.NO),), supplies=(), steps=())
    assert events(maybe, "eu-label") == []
    assert left_out(maybe, "eu-label")[0].endswith("only if things change")


def test_the_same_plan_and_stamp_give_the_same_file(plan: Plan) -> None:
    assert ics(plan, "eu-label", STAMP) == ics(plan, "eu-label", STAMP)


def test_a_stamp_without_an_offset_is_refused(plan: Plan) -> None:
    with pytest.raises(ValueError, match="offset from UTC"):
        ics(plan, "eu-label", datetime(2026, 11, 24, 9))
