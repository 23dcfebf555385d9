"""A dose becomes capsules: nearest first, never above the ceiling, no day without a capsule unless asked."""

import time
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.course.capsules import Day, Pattern, fits, order, patterns, why_none, words

ACNECUTAN = (8, 16)
EUROPEAN = (5, 10, 20, 30, 40)
LIDOSE = (25, 35)
MICRONISED = (8, 16, 20, 24, 28, 32)


def F(number: str | int | Fraction) -> Fraction:  # noqa: N802 - a number, written short
    return Fraction(number)


def pattern(*days: tuple[tuple[int, ...], ...]) -> Pattern:
    return Pattern(tuple(Day(tuple(tuple(map(Fraction, intake)) for intake in day)) for day in days))


def first(
    target: str | int | Fraction,
    strengths: tuple[int, ...],
    times: int = 1,
    ceiling: int | None = None,
    floor: int | None = None,
    free: bool = False,
    longest: int = 2,
) -> Pattern:
    found = patterns(
        F(target),
        [F(each) for each in strengths],
        times_a_day=times,
        ceiling=None if ceiling is None else F(ceiling),
        floor=None if floor is None else F(floor),
        drug_free_days=free,
        longest_cycle=longest,
    )
    return found[0]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(first(31, (10, 20)), pattern(((20, 10),)), id="62-kg-at-half-a-mg-with-10-and-20-is-30-daily"),
        pytest.param(first(31, (10, 20), floor=31), pattern(((20, 10),), ((20, 20),)), id="up-from-31-it-alternates-30-and-40"),
        pytest.param(first(31, (10, 20), times=2), pattern(((20,), (10,))), id="twice-daily-the-larger-capsule-first"),
        pytest.param(first(24, ACNECUTAN), pattern(((16, 8),)), id="acnecutan-24-daily"),
        pytest.param(first(20, ACNECUTAN), pattern(((16,),), ((16, 8),)), id="acnecutan-20-alternates-16-and-24"),
        pytest.param(first(12, ACNECUTAN), pattern(((8,),), ((16,),)), id="acnecutan-12-alternates-8-and-16"),
        pytest.param(first(16, ACNECUTAN, times=2), pattern(((8,), (8,))), id="acnecutan-16-in-two-intakes-is-two-of-8"),
        pytest.param(first(30, EUROPEAN), pattern(((30,),)), id="a-steady-30-beats-20-and-40-in-turn"),
        pytest.param(first(30, (20, 40)), pattern(((20,),), ((40,),)), id="without-a-30-it-alternates"),
        pytest.param(first(35, EUROPEAN), pattern(((30, 5),)), id="a-steady-35-beats-30-and-40-in-turn-with-fewer-capsules"),
        pytest.param(first(60, EUROPEAN, times=2), pattern(((30,), (30,))), id="one-strength-beats-two"),
        pytest.param(first(50, EUROPEAN, times=2), pattern(((30,), (20,))), id="intakes-as-alike-as-can-be"),
        pytest.param(first(30, LIDOSE), pattern(((25,),), ((35,),)), id="25-and-35-in-turn-make-30"),
        pytest.param(first(30, LIDOSE, longest=1), pattern(((25,),)), id="of-two-as-near-the-lower"),
        pytest.param(first(28, LIDOSE, ceiling=34), pattern(((25,),)), id="no-day-above-the-ceiling-though-the-mean-is-below-it"),
        pytest.param(first(26, MICRONISED), pattern(((24,),), ((28,),)), id="micronised-26-alternates-24-and-28"),
        pytest.param(first(28, MICRONISED), pattern(((28,),)), id="micronised-28-is-one-capsule"),
        pytest.param(first(48, MICRONISED, times=2), pattern(((24,), (24,))), id="micronised-48-in-two-equal-intakes"),
        pytest.param(first(10, (20,)), pattern(((20,),)), id="no-drug-free-day-unless-asked"),
        pytest.param(first(10, (20,), free=True), pattern((), ((20,),)), id="a-drug-free-day-when-asked"),
        pytest.param(first(20, (20, 40), free=True), pattern(((20,),)), id="a-steady-dose-beats-a-drug-free-day-even-when-asked"),
        pytest.param(first("62.6", (10, 20)), pattern(((20, 20, 20),), ((20, 20, 20, 10),)), id="exact-digits-of-a-weight"),
        pytest.param(first(60, (10, 20), times=3), pattern(((20,), (20,), (20,))), id="three-times-a-day"),
        pytest.param(first(5, (20,), times=2), pattern(((20,), (20,))), id="every-intake-holds-a-capsule"),
    ],
)  # fmt: skip
def test_a_dose_becomes_the_nearest_capsules(found: Pattern, expected: Pattern) -> None:
    assert found == expected


def test_an_alternative_has_another_mean_or_fewer_capsules() -> None:
    offered = patterns(F(30), [F(10), F(20)], times_a_day=1, ceiling=None, floor=None)
    assert [(each.mean_mg, len(each.days)) for each in offered[:2]] == [(F(30), 1), (F(30), 2)]
    assert sum(day.capsules for day in offered[1].days) < 2 * offered[0].days[0].capsules
    assert len({each.mean_mg for each in offered}) == len(offered) - 1


@pytest.mark.parametrize(
    ("ceiling", "times", "because", "below", "above"),
    [
        pytest.param(20, 2, ("times_a_day",), None, 32, id="twice-a-day-would-need-two-capsules"),
        pytest.param(12, 1, ("strengths",), None, 16, id="the-smallest-capsule-lies-above-the-ceiling"),
    ],
)
def test_where_nothing_fits_the_reason_and_the_nearest_are_named(
    ceiling: int, times: int, because: tuple[str, ...], below: int | None, above: int
) -> None:
    found = why_none(F(14), [F(16)], times_a_day=times, ceiling=F(ceiling), floor=None)
    assert found is not None
    assert (found.because, found.below_mg, found.above_mg) == (because, below and F(below), F(above))


def test_a_mean_that_would_do_is_refused_for_its_day_above_the_ceiling() -> None:
    found = why_none(F(33), [F(10), F(20)], times_a_day=1, ceiling=F(36), floor=F(31))
    assert found is not None
    assert found.because == ("ceiling",)
    assert (found.below_mg, found.above_mg) == (F(30), F(35))
    assert found.words == (
        "capsules of 10, 20 mg do not give this dose: the mean would do, but one of its days lies above the ceiling of 36 mg;"
        " the nearest that they give is 30 mg/day and 35 mg/day"
    )


def test_a_range_between_two_sums_is_put_down_to_the_strengths() -> None:
    found = why_none(F(33), [F(10), F(20)], times_a_day=1, ceiling=F(34), floor=F(31))
    assert found is not None
    assert found.because == ("strengths",)


def test_where_a_pattern_fits_there_is_nothing_to_explain() -> None:
    assert why_none(F(31), [F(10), F(20)], times_a_day=1, ceiling=F(62), floor=F(31)) is None


def test_without_strengths_there_is_no_pattern_and_it_is_said() -> None:
    assert patterns(F(30), [], times_a_day=1, ceiling=None, floor=None) == ()
    found = why_none(F(30), [], times_a_day=1, ceiling=None, floor=None)
    assert found is not None
    assert found.words == "no capsule strengths are known"


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        pytest.param(pattern(((20,), (10,))), "one 20 mg capsule in the morning, one 10 mg capsule in the evening", id="twice"),
        pytest.param(pattern(((16, 8),)), "one 16 mg capsule and one 8 mg capsule a day", id="once"),
        pytest.param(pattern(((25,),), ((35,),)), "day 1: one 25 mg capsule; day 2: one 35 mg capsule; and so on in turn", id="in-turn"),
        pytest.param(pattern((), ((20,),)), "day 1: no capsule; day 2: one 20 mg capsule; and so on in turn", id="drug-free-day"),
        pytest.param(pattern(((5,) * 12,)), "12 capsules of 5 mg a day", id="a-count-never-runs-into-the-milligrams"),
    ],
)  # fmt: skip
def test_a_pattern_is_said_in_plain_words(shown: Pattern, said: str) -> None:
    assert words(shown) == said


def test_a_drug_free_day_is_marked() -> None:
    assert pattern((), ((20,),)).drug_free_days == 1
    assert pattern(((20,),)).drug_free_days == 0


@pytest.mark.parametrize(
    ("strengths", "times", "longest"),
    [
        pytest.param([F(0)], 1, 2, id="no-strength"),
        pytest.param([F("0.01")], 1, 2, id="too-fine"),
        pytest.param([F(10)], 0, 2, id="no-intake"),
        pytest.param([F(10)], 7, 2, id="too-many-intakes"),
        pytest.param([F(10)], 1, 3, id="three-days"),
    ],
)
def test_a_question_that_makes_no_sense_is_the_authors_mistake(
    strengths: list[Fraction], times: int, longest: int
) -> None:
    with pytest.raises(ValueError, match=r"strength|times|cycle"):
        patterns(F(30), strengths, times_a_day=times, ceiling=None, floor=None, longest_cycle=longest)


@pytest.mark.parametrize("times", [1, 2, 3, 4])
@pytest.mark.parametrize("strengths", [EUROPEAN, (8, 16, 20, 24, 32), (5, 10, 20, 25, 35)])
def test_the_largest_dose_with_five_strengths_is_found_while_one_types(strengths: tuple[int, ...], times: int) -> None:
    def took() -> float:
        begun = time.process_time()
        first(300, strengths, times=times)
        return time.process_time() - begun

    assert min(took() for _ in range(3)) < 0.05


# brute force -------------------------------------------------------------------------------------------------------------
def every_day(strengths: list[int], times: int, top: Fraction) -> list[tuple[int, ...]]:
    """Every multiset of capsules up to a total: no search, no order, no pruning."""
    days = []
    for count in range(times, int(top / min(strengths)) + 1):
        days += [day for day in combinations_with_replacement(sorted(strengths), count) if sum(day) <= top]
    return days


def key(
    cycle: tuple[tuple[int, ...], ...], target: Fraction, floor: Fraction | None
) -> tuple[Fraction | int | bool, ...]:
    totals = [sum(day) for day in cycle]
    mean = Fraction(sum(totals), len(cycle))
    return (
        floor is not None and mean < floor,
        abs(mean - target),
        max(abs(total - target) for total in totals),
        Fraction(sum(map(len, cycle)), len(cycle)),
        len({strength for day in cycle for strength in day}),
        len(cycle),
    )


def brute(
    target: Fraction, strengths: list[int], times: int, ceiling: Fraction | None, floor: Fraction | None, free: bool
) -> tuple[Fraction | int | bool, ...] | None:
    least = max(target, floor or Fraction(0), Fraction(times * min(strengths)))
    top = 2 * least + 3 * max(strengths) if ceiling is None else min(ceiling, 2 * least + 3 * max(strengths))
    alike = {(sum(day), len(day), frozenset(day)): day for day in every_day(strengths, times, top)}
    days = [*alike.values(), *([()] if free else [])]
    cycles = [(day,) for day in days if day] + list(combinations(days, 2))
    return min((key(cycle, target, floor) for cycle in cycles), default=None)


targets = st.builds(Fraction, st.integers(1, 36), st.sampled_from([1, 2, 3])).filter(lambda each: each <= 9)
some_strengths = st.lists(st.integers(2, 7), min_size=1, max_size=3, unique=True)


@settings(max_examples=50, deadline=None)
@given(
    target=targets,
    strengths=some_strengths,
    times=st.integers(1, 3),
    ceiling=st.none() | st.builds(Fraction, st.integers(1, 36), st.sampled_from([1, 2])),
    floor=st.none() | st.builds(Fraction, st.integers(1, 20), st.sampled_from([1, 2])),
    free=st.booleans(),
)
def test_no_arrangement_of_capsules_is_better_than_the_first_one(
    target: Fraction,
    strengths: list[int],
    times: int,
    ceiling: Fraction | None,
    floor: Fraction | None,
    free: bool,
) -> None:
    found = patterns(
        target, [F(each) for each in strengths], times_a_day=times, ceiling=ceiling, floor=floor, drug_free_days=free
    )
    best = brute(target, strengths, times, ceiling, floor, free)
    assert (best is None) == (not found)
    if best is not None:
        assert order(found[0], target, floor)[:6] == best
    keys = [order(each, target, floor) for each in found]
    assert keys == sorted(keys)
    assert len(found) <= 5
    for each in found:
        assert ceiling is None or each.highest_mg <= ceiling
        assert free or not each.drug_free_days
        assert each.mean_mg > 0
        for day in each.days:
            assert len(day.intakes) in ((times, 0) if free else (times,))
            assert all(day.intakes)
            assert set(day.counted) <= {F(strength) for strength in strengths}
            assert list(day.intakes) == sorted(day.intakes, key=sum, reverse=True)
            assert all(list(intake) == sorted(intake, reverse=True) for intake in day.intakes)
    assert (why_none(target, [F(s) for s in strengths], times_a_day=times, ceiling=ceiling, floor=floor, drug_free_days=free) is None) == (
        bool(found) and fits(found[0], floor, ceiling)
    )  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(capsules=st.lists(st.sampled_from([5, 8, 10, 16, 25]), min_size=2, max_size=6), times=st.integers(2, 3))
def test_no_other_split_of_a_day_is_more_alike(capsules: list[int], times: int) -> None:
    if len(capsules) < times:
        return
    found = first(sum(capsules), tuple(sorted(set(capsules))), times=times, longest=1).days[0]
    taken = [strength for intake in found.intakes for strength in intake]
    splits = []
    for places in product(range(times), repeat=len(taken)):
        sums = [sum(s for s, at in zip(taken, places, strict=True) if at == place) for place in range(times)]
        if all(sums):
            splits.append((max(sums), -min(sums)))
    amounts = [sum(intake) for intake in found.intakes]
    assert (max(amounts), -min(amounts)) == min(splits)
