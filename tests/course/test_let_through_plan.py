"""What a hostile reader got past the planner, each with the record that did it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from isocourse.app.plan import plan
from isocourse.app.record import read_record
from isocourse.course.plan import Plan
from isocourse.course.wanted import Wanted, wanted_of
from isocourse.facts.days import parse_span
from isocourse.library import Asked, Library

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
