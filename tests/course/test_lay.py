from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.course.amounts import Amount
from isocourse.course.lay import Days, due_days, lay
from isocourse.course.wanted import PER_DAY, PER_KG, Break, WantedStep
from isocourse.course.weights import Weighed
from isocourse.facts.days import day_number, show

START = day_number(2026, 9, 21)
WEIGHT = (Weighed(START, Amount.of(60)),)


def step(amount: str, count: int | None = None, unit: str = "weeks", per: str = PER_KG) -> WantedStep:
    return WantedStep(Fraction(amount), per, count, unit)


def test_a_month_is_a_calendar_month_and_four_weeks_are_28_days() -> None:
    month, weeks = (
        lay((step("0.5", count, unit), step("1")), (), Days(START, START + 100, WEIGHT))
        for count, unit in ((1, "months"), (4, "weeks"))
    )
    assert [show(each.last) for each in (month[0], weeks[0])] == ["20 Oct 2026", "18 Oct 2026"]


def test_the_last_step_goes_on_to_the_end_and_says_that_it_is_open() -> None:
    laid = lay((step("0.5", 4), step("1", 8)), (), Days(START, START + 200, WEIGHT))
    assert (laid[-1].last, laid[-1].open) == (START + 200, True)
    assert not laid[0].open


def test_a_taper_ends_on_the_last_day() -> None:
    taper = (step("20", 2, per=PER_DAY), step("10", 1, per=PER_DAY))
    laid = lay((step("40", per=PER_DAY),), taper, Days(START, START + 99, ()))
    assert [(each.name, each.first - START, each.last - START) for each in laid] == [
        ("step 1", 0, 78),
        ("taper 1", 79, 92),
        ("taper 2", 93, 99),
    ]


def test_a_new_weight_begins_a_new_stretch_and_leaves_the_milligrams_of_one_in_mg_alone() -> None:
    weights = (*WEIGHT, Weighed(START + 50, Amount.of(64)))
    per_kg = lay((step("0.5"),), (), Days(START, START + 99, weights))
    in_mg = lay((step("40", per=PER_DAY),), (), Days(START, START + 99, weights))
    assert [(each.first - START, each.target_mg) for each in per_kg] == [(0, Fraction(30)), (50, Fraction(32))]
    assert [(each.first - START, each.target_mg) for each in in_mg] == [(0, Fraction(40)), (50, Fraction(40))]


def test_of_a_weight_known_in_part_the_smaller_dose_is_laid() -> None:
    laid = lay((step("1"),), (), Days(START, START, (Weighed(START, Amount(Fraction(58), Fraction(62))),)))
    assert laid[0].target_mg == 58


def test_a_dose_per_kg_without_a_weight_has_no_milligrams() -> None:
    assert lay((step("1"),), (), Days(START, START, ()))[0].target_mg is None


@given(
    lengths=st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from(["days", "weeks", "months"])), min_size=1, max_size=4
    ),
    tail=st.lists(st.integers(1, 5), max_size=3),
    days=st.integers(0, 300),
    weighed=st.lists(st.integers(-20, 320), max_size=3),
)
def test_steps_follow_one_another_without_a_gap_and_fill_the_course(
    lengths: list[tuple[int, str]], tail: list[int], days: int, weighed: list[int]
) -> None:
    steps = [step("0.5", count, unit) for count, unit in lengths]
    taper = [step("10", count, "days", PER_DAY) for count in tail]
    weights = tuple(Weighed(START + day, Amount.of(60 + day % 7)) for day in sorted(weighed))
    laid = lay(steps, taper, Days(START, START + days, weights))
    covered = [day for each in laid for day in range(each.first, each.last + 1)]
    assert covered == list(range(START, START + days + 1))


@pytest.mark.parametrize(("day", "due"), [(9, True), (10, False), (12, False), (13, True), (20, False)])
def test_no_capsule_is_due_from_the_first_to_the_last_day_of_a_break_nor_on_a_missed_day(day: int, due: bool) -> None:
    assert (day in set(due_days(1, 30, (Break(10, 12),), (20,)))) is due
