"""What a hostile reader got past the planner, each with the record that did it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from isocourse.app.plan import plan
from isocourse.app.record import read_record
from isocourse.course.amounts import Amount
from isocourse.course.heading import conditions, held_up
from isocourse.course.plan import Plan
from isocourse.course.slip import slip
from isocourse.course.wanted import Wanted, wanted_of
from isocourse.facts.days import parse_span
from isocourse.library import Asked, Library
from isocourse.logic.truth import Truth
from isocourse.render.ics import ics
from isocourse.render.slip_text import slip_page

Made = Callable[..., Plan]

WOMAN = """\
isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: female, sex_at_birth: female}
jurisdiction: PLACE
product: PRODUCT
events:
  - {stream: weight, value: 60 kg, day: 'DAY'}
  - {stream: pregnancy_test, value: negative, day: 'DAY', setting: medical}
"""


def woman(place: str, product: str, day: str) -> str:
    return WOMAN.replace("PLACE", place).replace("PRODUCT", product).replace("DAY", day)


def on(day: str) -> int:
    return parse_span(day).first


@pytest.fixture(scope="module")
def made(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The plan of a record given as text, as of a day."""
    path = Path(tmp_path_factory.mktemp("foe") / "record.yaml")

    def draw(text: str, day: str, *, protocols: tuple[str, ...] = (), **wishes: str) -> Plan:
        path.write_text(text, encoding="utf-8")
        record = read_record(path, library.catalogue, on(day))
        wanted = wanted_of(wishes, wanted_of(dict(record.plan), Wanted()))
        return plan(library, record, Asked(on(day), protocols), wanted)

    return draw


# what is shown hides nothing -----------------------------------------------------------------------------------------------------
def test_choosing_what_to_see_neither_opens_a_start_nor_lifts_the_ceiling(made: Made) -> None:
    text = woman("EU", "eu-conventional", "2026-11-23")
    whole = made(text, "2026-11-24", dose="1.5 mg/kg/day")
    part = made(text, "2026-11-24", dose="1.5 mg/kg/day", protocols=("msd-manual",))
    assert (part.withheld, part.held, part.unknown) == (whole.withheld, whole.held, whole.unknown)
    assert part.governs == whole.governs == ("eu-label/2018",)
    assert [each.pattern for each in part.steps] == [each.pattern for each in whole.steps] == [None]
    assert [each.handle for each in part.happenings] == [each.handle for each in whole.happenings]
    assert {each.edition.protocol for each in part.calendar} == {"eu-label", "msd-manual"}


def test_a_red_line_of_what_governs_holds_whatever_is_shown(made: Made) -> None:
    text = woman("EU", "eu-conventional", "2026-11-23")
    text += "lists:\n  - {list: conditions, item: liver_failure, is: yes, from: '2025-01-01'}\n"
    whole = made(text, "2026-11-24", dose="20 mg/day")
    assert whole.withheld
    part = made(text, "2026-11-24", dose="20 mg/day", protocols=("msd-manual",))
    assert part.withheld == whole.withheld
    assert part.steps == ()


# editions that begin while the course runs ----------------------------------------------------------------------------------------
def test_a_duty_does_not_end_with_its_edition_where_the_next_one_asks_it_again(made: Made) -> None:
    drawn = made(woman("UK", "eu-conventional", "2026-01-02"), "2026-01-02", dose="0.5 mg/kg/day")
    hand_out = [each for each in drawn.calendar if each.row.duty and each.row.duty.what == "dispense" and each.governs]
    rules = [each for each in hand_out if each.edition.protocol == "uk-mhra"]
    assert [each.edition.edition for each in rules] == ["2025-10", *["2026-01"] * (len(drawn.supplies) - 1)]
    assert any("uk-mhra/2026-01" in note and "22 Jan 2026" in note for note in drawn.notes)


def test_a_programme_that_begins_mid_course_has_its_tests_in_the_calendar(made: Made) -> None:
    drawn = made(woman("US", "us-conventional", "2026-11-01"), "2026-11-01", dose="0.5 mg/kg/day")
    new = [each for each in drawn.calendar if each.edition.key == "us-ipledge/2026" and each.governs]
    tests = [each for each in new if each.row.duty and each.row.duty.what == "pregnancy_test" and each.last]
    assert tests
    assert min(each.last for each in tests if each.last) >= on("2026-11-15")
    assert any(each.row.duty and each.row.duty.what == "contraception" for each in new)


def test_a_label_that_begins_to_govern_mid_course_governs_its_own_duties(made: Made) -> None:
    drawn = made(woman("US", "us-conventional", "2026-08-01"), "2026-08-01", dose="0.5 mg/kg/day")
    label = [each for each in drawn.calendar if each.edition.key == "us-label/2026-08"]
    assert label
    assert all(each.governs for each in label)
    assert any("us-label/2026-08" in note for note in drawn.notes)


# capsules above a ceiling ----------------------------------------------------------------------------------------------------------
MAN = """\
isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: male, sex_at_birth: male}
jurisdiction: PLACE
product: PRODUCT
"""
TODAY = "2026-11-24"


def man(place: str, product: str, weight: str = "60 kg", day: str = "2026-11-20") -> str:
    head = MAN.replace("PLACE", place).replace("PRODUCT", product)
    return f"{head}events:\n  - {{stream: weight, value: {weight}, day: '{day}'}}\n" if weight else head


def laid(drawn: Plan) -> list[int | None]:
    return [int(each.pattern.highest_mg) if each.pattern else None for each in drawn.steps]


def test_a_dose_in_mg_a_day_is_held_against_the_ceiling_anew_where_the_weight_falls(made: Made) -> None:
    drawn = made(man("EU", "eu-conventional", "80 kg"), TODAY, dose="80 mg/day", weights="2027-02-01: 60 kg")
    assert laid(drawn) == [80, None]
    assert drawn.steps[1].first == on("2027-02-01")


def test_a_change_to_micronised_capsules_is_held_against_the_ceiling_of_micronised_capsules(made: Made) -> None:
    steps = "0.5 mg/kg/day for 4 weeks, then {} mg/kg/day of absorica-ld"
    text = man("US", "us-conventional")
    assert laid(made(text, TODAY, steps=steps.format("0.8"))) == [30, 48]
    above = made(text, TODAY, steps=steps.format("1"))
    assert laid(above) == [30, None]
    assert "48 mg/day, the ceiling of us-label/2026-08" in above.steps[1].notes[0]


def test_a_label_that_counts_other_capsules_lets_none_be_laid_out(made: Made) -> None:
    steps = "0.5 mg/kg/day for 4 weeks, then 1 mg/kg/day of isosupra"
    assert laid(made(man("EU", "eu-conventional"), TODAY, steps=steps)) == [30, None]


def test_without_a_weight_no_dose_in_mg_is_laid_out(made: Made) -> None:
    drawn = made(man("EU", "eu-conventional", ""), TODAY, dose="80 mg/day")
    assert laid(drawn) == [None]
    assert "no weight" in drawn.steps[0].notes[0]


@pytest.mark.parametrize("dose", ["1 mg/kg/day", "100 mg/day"])
def test_a_weight_too_old_to_count_lays_out_no_capsules(made: Made, dose: str) -> None:
    drawn = made(man("EU", "eu-conventional", "120 kg", "2015-11-20"), TODAY, dose=dose)
    assert laid(drawn) == [None]
    assert "20 Nov 2015" in drawn.steps[0].notes[0]


def test_a_weight_on_the_last_day_on_which_it_counts_lays_out_capsules(made: Made) -> None:
    assert laid(made(man("EU", "eu-conventional", "60 kg", "2026-05-28"), TODAY, dose="1 mg/kg/day")) == [60]
    assert laid(made(man("EU", "eu-conventional", "60 kg", "2026-05-27"), TODAY, dose="1 mg/kg/day")) == [None]


@pytest.mark.parametrize("place", ["''", "CA", "IN", "UZ"])
def test_where_nothing_governs_the_dose_none_is_laid_out_above_every_range_read(made: Made, place: str) -> None:
    text = man(place, "eu-conventional", "25 kg")
    assert laid(made(text, TODAY, dose="200 mg/day")) == [None]
    assert laid(made(text, TODAY, dose="2.1 mg/kg/day")) == [None]
    assert laid(made(text, TODAY, dose="2 mg/kg/day")) == [50]


# days that cannot be meant -----------------------------------------------------------------------------------------------------------
def choice(drawn: Plan, name: str) -> str:
    return next(each.why for each in drawn.choices if each.name == name)


def running(amount: str, until: str) -> str:
    taken = (
        f"{{from: '2026-03-01', until: '{until}', daily_dose: {amount}, basis: reported, formulation: conventional}}"
    )
    return f"{man('EU', 'eu-conventional')}course: {{first_dose: '2026-03-01'}}\ndoses:\n  - {taken}\n"


def test_a_running_course_that_is_planned_from_a_past_day_counts_no_day_twice(made: Made) -> None:
    drawn = made(running("40 mg", "2026-11-23"), TODAY, start="2026-10-01", until="2026-11-30", dose="40 mg/day")
    assert drawn.steps[0].first == on(TODAY)
    last = drawn.totals[-1]
    days = on("2026-11-30") - on("2026-03-01") + 1
    assert last.basis == "planned"
    assert last.mg == Amount.of(40 * days)
    assert "1 Oct 2026" in choice(drawn, "start")


def test_a_total_that_is_reached_already_lays_out_no_further_day(made: Made) -> None:
    drawn = made(running("40 mg", "2026-11-23"), TODAY, target="100 mg/kg", dose="40 mg/day")
    assert (drawn.steps, drawn.supplies) == ((), ())
    assert not drawn.end_sure
    assert "reached already" in choice(drawn, "end")


def test_an_end_before_the_start_counts_as_not_asked_for_and_is_said(made: Made) -> None:
    drawn = made(man("EU", "eu-conventional"), TODAY, start="2026-12-01", until="2026-11-25", dose="30 mg/day")
    assert drawn.steps
    assert drawn.end is not None
    assert drawn.end > on("2026-12-01")
    assert next(each.day for each in drawn.happenings if each.kind == "last_dose") is None
    assert any("25 Nov 2026" in note for note in drawn.notes)


def test_a_start_in_the_past_of_which_nothing_is_on_file_is_said_to_be_drawn_and_not_known(made: Made) -> None:
    drawn = made(man("EU", "eu-conventional"), TODAY, start="2026-01-01", dose="30 mg/day")
    assert any("1 Jan 2026" in note and "not known" in note for note in drawn.notes)
    assert "lies in the past" in choice(drawn, "start")


# a further course --------------------------------------------------------------------------------------------------------------------
def finished(place: str, last: str) -> str:
    return f"{man(place, 'eu-conventional')}course: {{first_dose: '2026-03-01', last_dose: '{last}'}}\n"


def test_a_further_course_that_begins_too_soon_is_headed_by_the_day_from_which_it_may(made: Made) -> None:
    drawn = made(finished("EU", "2026-11-10"), TODAY, dose="30 mg/day")
    assert "a further course may begin under EU label 2018: not before 5 Jan 2027" in held_up(drawn)
    later = made(finished("EU", "2026-11-10"), TODAY, dose="30 mg/day", start="2027-01-05")
    assert "depends on" in held_up(later)


ORDERED = "orders: [{state: active, day: '2026-11-20', dose: 30 mg, times_a_day: '1', reason: acne}]\n"


def test_a_further_course_that_is_ordered_waits_for_all_that_a_drafted_one_waits_for(made: Made) -> None:
    draft = ORDERED.replace("active", "draft")
    for last in ("2026-11-10", "2026-07-05"):
        ordered, drafted = (made(finished("EU", last) + order, TODAY) for order in (ORDERED, draft))
        lines = [each.line for each in conditions(ordered)]
        assert any("a further course may begin under EU label 2018" in each for each in lines)
        governed = [each.line for each in conditions(drafted) if "EU label" in each.line]
        assert [each for each in governed if each not in lines and "further course" not in each] == []
        assert [each for each in ordered.assessment.record.problems if "fit together" in each.line()] == []


def test_a_man_is_not_asked_what_only_a_woman_can_answer(made: Made) -> None:
    asked = {each.fact for each in made(man("EU", "eu-conventional"), TODAY, dose="30 mg/day").unknown}
    assert "any(conditions, kind = depression)" in asked
    assert asked.isdisjoint({"pregnant", "breastfeeding", "last_pregnancy_test"})
    test = "  - {stream: pregnancy_test, value: unclear, day: '2026-11-20'}\n"
    told = man("EU", "eu-conventional") + test
    assert "breastfeeding" in {each.fact for each in made(told, TODAY, dose="30 mg/day").unknown}
    unsaid = made(man("EU", "eu-conventional").replace("male", "other"), TODAY, dose="30 mg/day")
    assert {"pregnant", "breastfeeding", "last_pregnancy_test"} <= {each.fact for each in unsaid.unknown}


def test_where_nothing_governs_every_rule_on_a_further_course_is_named(made: Made) -> None:
    drawn = made(finished("UZ", "2026-11-10"), TODAY, dose="30 mg/day")
    assert len(drawn.waits) > 2
    assert not drawn.free


def test_a_first_course_waits_for_no_interval(made: Made) -> None:
    assert made(man("EU", "eu-conventional"), TODAY, dose="30 mg/day").waits == ()


# what slips --------------------------------------------------------------------------------------------------------------------------
RUNNING = """\
course: {first_dose: '2026-10-25'}
orders:
  - {day: '2026-10-25', state: active, dose: 30 mg, times_a_day: '1', reason: acne, formulation: conventional, days: '30', repeats: '0'}
"""


@pytest.mark.parametrize("to", ["2026-12-16", None])
def test_a_test_outside_its_window_breaks_its_rule_though_nobody_has_said_that_she_can_become_pregnant(
    made: Made, to: str | None
) -> None:
    before = made(woman("US", "us-conventional", "2026-10-24") + RUNNING, TODAY)
    assert next(each.day for each in before.happenings if each.handle == "supply-2") == on("2026-12-24")
    found = slip(before.assessment, before.wanted, "test-2", on(to) if to else None)
    named = {(each.edition.key, each.point.name, each.row.name, each.applies) for each in found.broken if each.governs}
    assert ("us-ipledge/2026", "pregnancy_tests", "before_each", Truth.UNKNOWN) in named
    assert "(if it applies: not known today)" in slip_page(found, 400)


def test_a_test_on_the_first_day_of_its_window_breaks_nothing_of_the_programme(made: Made) -> None:
    before = made(woman("US", "us-conventional", "2026-10-24") + RUNNING, TODAY)
    found = slip(before.assessment, before.wanted, "test-2", on("2026-12-17"))
    assert not [each for each in found.broken if each.row.name == "before_each" and each.governs]


def test_a_step_that_a_newer_weight_cuts_keeps_each_of_its_doses_in_the_calendar_file(made: Made) -> None:
    drawn = made(man("EU", "eu-conventional", "80 kg"), TODAY, dose="0.5 mg/kg/day", weights="2027-02-01: 60 kg")
    told = ics(drawn, "eu-label", datetime(2026, 11, 24, tzinfo=UTC)).decode().replace("\r\n ", "")
    uids = [line for line in told.split("\r\n") if line.startswith("UID:")]
    assert len(drawn.steps) == 2
    assert len(uids) == len(set(uids))
    assert sum("-step-1" in uid for uid in uids) == 2
