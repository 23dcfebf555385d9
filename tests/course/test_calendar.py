from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace

from isocourse.app.assess import assess
from isocourse.app.knowledge import shipped
from isocourse.app.record import read_record
from isocourse.course.calendar import Asking, Entry, Happening, calendar, every
from isocourse.course.outline import Outline, PlannedSupply
from isocourse.course.project import projector
from isocourse.facts.days import add_months, day_number
from isocourse.library import Asked, Library
from isocourse.logic.truth import Truth

TODAY = day_number(2026, 11, 24)
START = day_number(2026, 12, 1)

Drawn = Callable[..., tuple[Entry, ...]]


@pytest.fixture(scope="module")
def drawn(library: Library) -> Drawn:
    """The calendar of the sample woman if her course began on 1 December, or on another day."""

    def draw(
        *, start: int = START, end: int | None = None, patient: str = "test-sampled", months: int = 3
    ) -> tuple[Entry, ...]:
        read = read_record(Path(shipped() / f"patients/{patient}.yaml"), library.catalogue, TODAY)
        record = replace(read, events=tuple(each for each in read.events if each.stream != "first_dose"), orders=())
        seen = assess(library, record, Asked(TODAY, jurisdiction="EU", product="eu-conventional"))
        supplies = tuple(
            PlannedSupply(start + 30 * n, start + 30 * n + 29, Fraction(40), 2, "conventional", "eu-conventional")
            for n in range(months)
        )
        on = projector(library, seen.snapshot, Outline(start, end, supplies, tuple(each.day for each in supplies)))
        happenings = [
            Happening("start", "start", start, "first dose"),
            Happening("last-dose", "last_dose", end, "last dose"),
        ]
        for number, supply in enumerate(supplies, 1):
            happenings += [
                Happening(f"{kind}-{number}", kind, supply.day, kind) for kind in ("supply", "visit", "test")
            ]
        until = end or start + 30 * months
        return calendar(
            Asking(library, library.editions, ("eu-label",), tuple(happenings), on, TODAY, start, end, until, "key")
        )

    return draw


def named(entries: tuple[Entry, ...], protocol: str, point: str, row: str) -> list[Entry]:
    return [each for each in entries if (each.edition.key, each.point.name, each.row.name) == (protocol, point, row)]


def test_a_programme_counts_its_days_as_it_counts_them(drawn: Drawn) -> None:
    entries = drawn()
    supplied = named(entries, "us-ipledge/2026", "supply_window", "1") or [
        each for each in entries if each.edition.key == "us-ipledge/2026" and each.point.name == "supply_window"
    ]
    first = supplied[0]
    assert (first.first, first.last) == (START, START + 6)
    assert any("read otherwise: " in mark and "7 days" in mark for mark in first.marks)


def test_a_test_within_7_days_before_each_prescription_is_asked_before_each(drawn: Drawn) -> None:
    found = named(drawn(), "us-ipledge/2026", "pregnancy_tests", "before_each")
    assert [(each.first, each.last, each.handle) for each in found] == [
        (START + 30 * n - 7, START + 30 * n, f"supply-{n + 1}") for n in range(3)
    ]


def test_what_is_asked_before_the_first_capsule_is_asked_once(drawn: Drawn) -> None:
    assert [each.handle for each in named(drawn(), "us-ipledge/2026", "pregnancy_tests", "before_first")] == [
        "supply-1"
    ]


def test_a_duty_every_month_falls_on_the_same_day_of_each_month(drawn: Drawn) -> None:
    found = named(drawn(), "eu-label/2018", "pregnancy_tests", "during_each")
    assert [each.first for each in found] == [add_months(START, n) for n in range(len(found))]
    assert len(found) == 4  # the first of December to the first of March


def test_what_lies_after_the_last_dose_depends_on_it_until_it_is_known(drawn: Drawn) -> None:
    open_ended = named(drawn(), "eu-label/2018", "pregnancy_tests", "after_last")
    ended = named(drawn(end=START + 89), "eu-label/2018", "pregnancy_tests", "after_last")
    assert [(each.first, each.depends_on) for each in open_ended] == [(None, ("the last dose",))]
    assert [each.first for each in ended] == [add_months(START + 89, 1)]


def test_contraception_is_kept_up_from_a_month_before_to_a_month_after(drawn: Drawn) -> None:
    found = named(drawn(end=START + 89), "eu-label/2018", "contraception", "method")
    assert [(each.first, each.last) for each in found] == [(add_months(START, -1), add_months(START + 89, 1))]


def test_a_boy_has_no_pregnancy_test_in_his_calendar(drawn: Drawn) -> None:
    tests = [each for each in drawn(patient="boy-of-16") if each.point.name == "pregnancy_tests"]
    assert [each for each in tests if each.as_stands is Truth.YES] == []


def test_an_edition_that_is_not_in_force_on_the_day_asks_nothing(drawn: Drawn) -> None:
    early = {each.edition.key for each in drawn()}
    assert "us-ipledge/2026" in early
    assert "eu-label/2003" not in early


def test_the_same_duty_keeps_its_identifier_when_the_start_moves(drawn: Drawn) -> None:
    before, after = drawn(), drawn(start=START + 10)
    old = {each.uid: each for each in before}
    moved = [each for each in after if each.uid in old]
    assert len(old) == len(before)
    tests = [each for each in moved if each.row.name == "before_each" and each.edition.key == "us-ipledge/2026"]
    assert [each.first - (old[each.uid].first or 0) for each in tests if each.first] == [10, 10, 10]


def test_a_duty_without_a_period_is_undated_and_says_so(drawn: Drawn) -> None:
    found = named(drawn(), "us-ipledge/2026", "pregnancy_tests", "screening")
    assert [(each.first, each.depends_on) for each in found] == [(None, ("a period that the source does not state",))]


def test_governing_duties_come_first_on_a_day_and_undated_ones_last(drawn: Drawn) -> None:
    entries = drawn()
    days = [each.first if each.first is not None else each.last for each in entries]
    dated = [day for day in days if day is not None]
    assert dated == sorted(dated)
    assert days[: len(dated)] == dated
    on_start = [each.governs for each in entries if each.first == START]
    assert on_start == sorted(on_start, reverse=True)


@pytest.mark.parametrize("text", ["1 month", "4 weeks", "28 days", "3 months"])
def test_a_period_keeps_its_own_unit(text: str) -> None:
    count, unit = every(text)
    assert text.startswith(f"{count} {unit.removesuffix('s')}")


def test_every_period_in_the_knowledge_can_be_read(library: Library) -> None:
    periods = {
        row.duty.every
        for edition in library.editions
        for cell in edition.cells
        for position in cell.positions
        for reading in position.readings
        for row in reading.rows
        if row.duty and row.duty.every
    }
    assert periods
    assert all(every(period)[0] > 0 for period in periods)
