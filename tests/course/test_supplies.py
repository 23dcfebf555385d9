"""A course is cut into supplies: no supply too long, no capsule lost or added, none for a break."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.course.amounts import Amount
from isocourse.course.capsules import Day, Pattern
from isocourse.course.plan import DoseStep, Supply
from isocourse.course.supplies import counted, dosed_days, planned_periods, supplies, uncovered
from isocourse.course.wanted import Break
from isocourse.facts.days import day_number
from isocourse.library import Library

START = day_number(2027, 1, 4)
F16, F8 = Fraction(16), Fraction(8)
TWENTY = Pattern((Day(((Fraction(20),),)),))
IN_TURN = Pattern((Day(((Fraction(16),),)), Day(((Fraction(16), Fraction(8)),))))
EVERY_OTHER = Pattern((Day(()), Day(((Fraction(20),),))))


def step(first: int, days: int, pattern: Pattern | None, formulation: str = "conventional") -> DoseStep:
    return DoseStep(
        "step",
        START + first,
        START + first + days - 1,
        open=False,
        wanted="",
        target_mg=Fraction(20),
        weight=None,
        product=None,
        formulation=formulation,
        times_a_day=1,
        pattern=pattern,
        bounds=(),
        notes=(),
    )


def shape(found: tuple[Supply, ...]) -> list[tuple[int, int, dict[int, int]]]:
    return [
        (each.first - START, each.last - START, {int(strength): count for strength, count in each.capsules})
        for each in found
    ]


def test_thirty_days_of_one_capsule_are_thirty_capsules() -> None:
    found = supplies([step(0, 75, TWENTY)], days=30)
    assert shape(found) == [(0, 29, {20: 30}), (30, 59, {20: 30}), (60, 74, {20: 15})]
    assert [each.day for each in found] == [each.first for each in found]
    assert [each.number for each in found] == [1, 2, 3]


def test_an_alternating_pattern_is_cut_in_its_middle_and_goes_on() -> None:
    found = supplies([step(0, 50, IN_TURN)], days=25)
    assert shape(found) == [(0, 24, {16: 25, 8: 12}), (25, 49, {16: 25, 8: 13})]


def test_a_step_that_ends_inside_a_supply_shares_it_with_the_next() -> None:
    found = supplies([step(0, 10, TWENTY), step(10, 20, IN_TURN)], days=30)
    assert shape(found) == [(0, 29, {20: 10, 16: 20, 8: 10})]


def test_another_product_begins_another_supply_though_its_strength_be_the_same() -> None:
    found = supplies([step(0, 10, TWENTY), step(10, 20, TWENTY, "lidose")], days=30)
    assert shape(found) == [(0, 9, {20: 10}), (10, 29, {20: 20})]


def test_a_product_of_another_name_begins_another_supply(library: Library) -> None:
    one, other = library.products[:2]
    steps = [replace(step(0, 10, TWENTY), product=one), replace(step(10, 20, TWENTY), product=other)]
    assert len(supplies(steps, days=30)) == 2


def test_a_break_uses_no_capsules_and_the_supply_after_it_begins_with_it() -> None:
    breaks = [Break(START + 25, START + 39)]
    found = supplies([step(0, 60, TWENTY)], days=30, breaks=breaks)
    assert shape(found) == [(0, 24, {20: 25}), (40, 59, {20: 20})]


def test_days_of_a_break_inside_a_supply_count_as_its_days() -> None:
    found = supplies([step(0, 40, TWENTY)], days=30, breaks=[Break(START + 5, START + 9)])
    assert shape(found) == [(0, 29, {20: 25}), (30, 39, {20: 10})]


def test_a_missed_day_is_not_made_up_and_the_pattern_goes_on_by_the_calendar() -> None:
    found = supplies([step(0, 10, IN_TURN)], days=30, missed=[START + 1])
    assert shape(found) == [(0, 9, {16: 9, 8: 4})]


def test_a_drug_free_day_of_a_pattern_needs_no_capsule() -> None:
    found = supplies([step(0, 30, EVERY_OTHER)], days=30)
    assert shape(found) == [(1, 29, {20: 15})]


def test_packs_are_rounded_up_only_where_their_size_is_given() -> None:
    assert supplies([step(0, 30, IN_TURN)], days=30)[0].packs == ()
    assert supplies([step(0, 30, IN_TURN)], days=30, pack=10)[0].packs == ((F16, 3), (F8, 2))
    assert supplies([step(0, 30, IN_TURN)], days=30, pack=30)[0].packs == ((F16, 1), (F8, 1))
    assert supplies([step(0, 30, IN_TURN)], days=30, pack=29)[0].packs == ((F16, 2), (F8, 1))


def test_a_supply_handed_out_early_is_counted_from_that_day() -> None:
    found = supplies([step(0, 70, TWENTY)], days=30, given_on={2: START + 25})
    assert [(each.day - START, each.first - START, each.last - START) for each in found] == [
        (0, 0, 29),
        (25, 30, 54),
        (55, 55, 69),
    ]


def test_a_supply_handed_out_late_leaves_days_without_capsules_and_they_are_named() -> None:
    steps = [step(0, 70, TWENTY)]
    found = supplies(steps, days=30, given_on={2: START + 33})
    assert shape(found)[1][:2] == (33, 62)
    assert [day - START for day in uncovered(steps, found)] == [30, 31, 32]


def test_a_supply_so_early_that_it_would_cover_nothing_is_handed_out_when_it_is_needed() -> None:
    found = supplies([step(0, 60, TWENTY)], days=30, given_on={2: START})
    assert [(each.day - START, each.first - START) for each in found] == [(0, 0), (30, 30)]


def test_a_step_without_a_pattern_keeps_its_supply_without_capsules_and_shares_none_with_days_that_have_some() -> None:
    steps = [step(0, 10, None), step(10, 10, TWENTY)]
    assert shape(supplies(steps, days=30)) == [(0, 9, {}), (10, 19, {20: 10})]


def test_planned_days_are_counted_by_what_their_capsules_hold_and_a_step_without_capsules_as_asked() -> None:
    steps = [step(0, 4, IN_TURN), step(4, 6, None), step(10, 3, EVERY_OTHER, "lidose")]
    found = planned_periods(steps, [Break(START + 6, START + 6)], [START + 8], [START + 9])
    assert [(p.first - START, p.last - START, p.daily_mg.low, p.formulation) for p in found] == [
        (0, 0, F16, "conventional"),
        (1, 1, Fraction(24), "conventional"),
        (2, 2, F16, "conventional"),
        (3, 3, Fraction(24), "conventional"),
        (4, 5, Fraction(20), "conventional"),
        (7, 7, Fraction(20), "conventional"),
        (11, 11, Fraction(20), "lidose"),
    ]
    assert {(p.basis, p.daily_mg.known, p.taken == Amount.of(1)) for p in found} == {("planned", True, True)}


@pytest.mark.parametrize(("days", "pack"), [(0, None), (30, 0)])
def test_a_supply_of_no_day_or_a_pack_of_no_capsule_is_the_authors_mistake(days: int, pack: int | None) -> None:
    with pytest.raises(ValueError, match="a supply of"):
        supplies([step(0, 10, TWENTY)], days=days, pack=pack)


some_steps = st.lists(
    st.tuples(st.integers(1, 45), st.sampled_from([TWENTY, IN_TURN, EVERY_OTHER, None]), st.sampled_from(["a", "b"])),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(
    drawn=some_steps,
    days=st.integers(1, 40),
    pauses=st.lists(st.tuples(st.integers(0, 150), st.integers(0, 20)), max_size=3),
    missed=st.lists(st.integers(0, 150), max_size=6),
    moved=st.dictionaries(st.integers(1, 5), st.integers(-5, 160), max_size=2),
    pack=st.none() | st.integers(1, 40),
)
def test_no_capsule_is_lost_or_added_and_no_supply_is_too_long(
    drawn: list[tuple[int, Pattern | None, str]],
    days: int,
    pauses: list[tuple[int, int]],
    missed: list[int],
    moved: dict[int, int],
    pack: int | None,
) -> None:
    steps, first = [], 0
    for length, pattern, formulation in drawn:
        steps.append(step(first, length, pattern, formulation))
        first += length
    breaks = [Break(START + begin, START + begin + more) for begin, more in pauses]
    gone = [START + day for day in missed]
    given_on = {number: START + day for number, day in moved.items()}
    found = supplies(steps, days=days, breaks=breaks, missed=gone, given_on=given_on, pack=pack)

    free = {day for each in breaks for day in range(each.first, each.last + 1)} | set(gone)
    expected: Counter[Fraction] = Counter()
    late = set(uncovered(steps, found, breaks, gone))
    for each in steps:
        for day in range(each.first, each.last + 1):
            if each.pattern is not None and day not in free and day not in late:
                expected += each.pattern.days[(day - each.first) % len(each.pattern.days)].counted
    handed: Counter[Fraction] = Counter()
    for supply in found:
        handed += Counter(dict(supply.capsules))
        assert supply.day <= supply.first <= supply.last < supply.day + days
        if pack:
            assert all(
                (boxes - 1) * pack < count <= boxes * pack
                for (_, boxes), (_, count) in zip(supply.packs, supply.capsules, strict=True)
            )
    assert handed == expected
    if not moved:
        assert not late
    assert all(one.last < other.first for one, other in pairwise(found))
    assert counted(dosed_days(steps, breaks, gone)) == tuple(
        sorted((Counter(dict(counted(d for d in dosed_days(steps, breaks, gone) if d.day in late))) + handed).items(), reverse=True)
    )  # fmt: skip
