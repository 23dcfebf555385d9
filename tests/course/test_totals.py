"""Running totals by both weights, as intervals, and how they stand against every target: certain, or it cannot be told."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.app.assess import assess
from isocourse.course.amounts import Amount
from isocourse.course.exposure import Period
from isocourse.course.totals import Progress, Running, progress, running
from isocourse.course.weights import Weighed, weight_on
from isocourse.facts.record import Record
from isocourse.library import Asked, Assessment, Library

ALL = Amount.of(1)
MOST = Amount(Fraction(1, 2), Fraction(1))
KG = (Weighed(1, Amount.of(50)), Weighed(31, Amount.of(60)))
TODAY = 740_000


def period(first: int, last: int, mg: int, formulation: str = "conventional", taken: Amount = ALL) -> Period:
    return Period(first, last, Amount.of(mg), formulation, "reported", taken)


def test_the_total_by_the_latest_weight_and_by_the_weight_of_each_time() -> None:
    (found,) = running([period(1, 60, 60)], KG, [60])
    assert (found.mg, found.by_latest, found.by_period) == (Amount.of(3600), Amount.of(60), Amount.of(36 + 30))


def test_the_latest_weight_is_the_last_one_up_to_that_day() -> None:
    first, second = running([period(1, 60, 60)], KG, [31, 30])
    assert (first.day, first.by_latest, first.by_period) == (30, Amount.of(36), Amount.of(36))
    assert (second.day, second.by_latest, second.by_period) == (31, Amount.of(31), Amount.of(37))


def test_without_a_weight_there_are_milligrams_only() -> None:
    (found,) = running([period(1, 60, 60)], (), [60])
    assert (found.mg, found.by_latest, found.by_period) == (Amount.of(3600), None, None)


def test_formulations_and_bases_are_never_added_up() -> None:
    mixed = [period(1, 10, 40), period(11, 20, 40, "lidose"), Period(1, 20, Amount.of(40), "lidose", "dispensed", ALL)]
    found = running(mixed, KG, [20])
    assert [(each.formulation, each.basis, int(each.mg.low)) for each in found] == [
        ("conventional", "reported", 400),
        ("lidose", "dispensed", 800),
        ("lidose", "reported", 400),
    ]


def test_most_days_is_an_interval() -> None:
    (found,) = running([period(1, 30, 50, taken=MOST)], KG, [30])
    assert found.mg == Amount(Fraction(750), Fraction(1500))
    assert found.by_latest == Amount(Fraction(15), Fraction(30))


def test_a_weight_known_in_part_widens_the_total() -> None:
    (found,) = running([period(1, 10, 60)], [Weighed(1, Amount(Fraction(50), Fraction(60)))], [10])
    assert found.by_latest == found.by_period == Amount(Fraction(10), Fraction(12))


small = st.tuples(st.integers(1, 8), st.integers(0, 5), st.integers(0, 6), st.integers(0, 6), st.sampled_from([20, 40]))


def every_way(drawn: Period, day: int) -> Iterator[list[int]]:
    """Every set of days on which it may have been taken, up to a day."""
    days = range(drawn.first, drawn.last + 1)
    for count in range(len(days) + 1):
        if drawn.taken.low * len(days) <= count <= drawn.taken.high * len(days):
            yield from ([each for each in taken if each <= day] for taken in combinations(days, count))


@settings(max_examples=100, deadline=None)
@given(
    drawn=small,
    day=st.integers(1, 14),
    weights=st.lists(st.tuples(st.integers(-2, 14), st.integers(40, 70), st.integers(0, 9)), min_size=1, max_size=3, unique_by=lambda each: each[0]),
)  # fmt: skip
def test_the_interval_holds_every_way_it_may_have_been_taken_and_no_more(
    drawn: tuple[int, int, int, int, int], day: int, weights: list[tuple[int, int, int]]
) -> None:
    first, more, one, other, mg = drawn
    days = more + 1
    low, high = sorted((min(one, days), min(other, days)))
    taken = Amount(Fraction(low, days), Fraction(high, days))
    whole = Period(first, first + more, Amount.of(mg), "", "reported", taken)
    scale = [Weighed(at, Amount(Fraction(kg), Fraction(kg + wide))) for at, kg, wide in sorted(weights)]
    found = running([whole], scale, [day])
    if day < first:
        assert all(each.mg == Amount.of(0) for each in found)
        return
    ways = list(every_way(whole, day))
    (total,) = found
    assert total.mg == Amount(*(Fraction(mg * end) for end in (min(map(len, ways)), max(map(len, ways)))))

    def per_kg(way: list[int], high: bool) -> Fraction:
        weighed = [weight_on(scale, each) for each in way]
        return sum((mg / (each.kg.low if high else each.kg.high) for each in weighed if each), Fraction(0))

    assert total.by_period == Amount(min(per_kg(way, False) for way in ways), max(per_kg(way, True) for way in ways))
    now = weight_on(scale, day)
    assert now is not None
    assert total.by_latest == total.mg.over(now.kg)


# against the targets -------------------------------------------------------------------------------------------------------
def of(low: int, high: int | None = None, formulation: str = "conventional", day: int = 1) -> Running:
    amount = Amount(Fraction(low), Fraction(high if high is not None else low))
    return Running(day, formulation, "reported", amount, amount, amount)


@pytest.fixture(scope="module")
def assessed(library: Library) -> Assessment:
    return assess(library, Record(given=(("formulation", "conventional"),), jurisdiction="EU"), Asked(TODAY))


@pytest.fixture(scope="module")
def lines(assessed: Assessment) -> tuple[Progress, ...]:
    return progress(assessed, [of(100)])


def line(found: tuple[Progress, ...], protocol: str, position: str | None = None) -> Progress:
    return next(each for each in found if each.edition.startswith(f"{protocol}/") and position in (None, each.position))


def test_every_position_is_answered_and_the_governing_ones_come_first(
    assessed: Assessment, lines: tuple[Progress, ...]
) -> None:
    asked = {(a.edition.key, a.position) for a in assessed.answers if a.point.name == "cumulative_target"}
    assert {(each.edition, each.position) for each in lines} == asked
    assert [each.governs for each in lines] == sorted((each.governs for each in lines), reverse=True)
    assert lines[0].governs
    assert lines[0].edition.startswith("eu-label/")


def test_no_target_is_said_and_nothing_is_compared(lines: tuple[Progress, ...]) -> None:
    found = line(lines, "global-alliance")
    assert (found.says, found.low, found.high, found.by_latest, found.by_period) == ("no_target", None, None, "", "")
    assert found.claims


def test_a_silent_cell_is_no_target_and_says_its_status(lines: tuple[Progress, ...]) -> None:
    assert {each.says for each in lines} >= {"range", "no_target", "silent"}
    assert all(not each.by_latest for each in lines if each.says != "range")


@pytest.mark.parametrize(
    ("totals", "stands"),
    [
        pytest.param([of(119)], "below", id="just-short"),
        pytest.param([of(120)], "within", id="on-the-lower-border"),
        pytest.param([of(150)], "within", id="on-the-upper-border"),
        pytest.param([of(151)], "above", id="just-over"),
        pytest.param([of(110, 130)], "cannot_tell", id="astride-the-lower-border"),
        pytest.param([of(140, 160)], "cannot_tell", id="astride-the-upper-border"),
        pytest.param([of(100, 119)], "below", id="surely-short"),
        pytest.param([of(151, 200)], "above", id="surely-over"),
        pytest.param([of(60), of(59, formulation="lidose")], "below", id="both-together-are-short"),
        pytest.param([of(60), of(60, formulation="lidose")], "cannot_tell", id="two-formulations-are-not-one-number"),
        pytest.param([of(130), of(10, formulation="lidose")], "within", id="within-with-and-without-the-other"),
        pytest.param([of(151), of(10, formulation="lidose")], "above", id="over-by-one-alone"),
        pytest.param([], "cannot_tell", id="no-total"),
        pytest.param([Running(1, "conventional", "reported", Amount.of(9000), None, None)], "cannot_tell", id="no-weight"),
    ],
)  # fmt: skip
def test_a_target_of_any_formulation(assessed: Assessment, totals: list[Running], stands: str) -> None:
    found = line(progress(assessed, totals), "msd-manual", "usual")
    assert (found.low, found.high, found.formulation) == (Fraction(120), Fraction(150), "any")
    assert (found.by_latest, found.by_period) == (stands, stands)


@pytest.mark.parametrize(
    ("totals", "stands"),
    [
        pytest.param([of(119)], "below", id="just-short"),
        pytest.param([of(120)], "within", id="on-the-border"),
        pytest.param([of(119, formulation="lidose")], "other_formulation", id="lidose-only"),
        pytest.param([of(200, formulation="")], "cannot_tell", id="formulation-not-known"),
        pytest.param([of(10), of(10, formulation="lidose")], "cannot_tell", id="beside-another-formulation"),
        pytest.param([of(121), of(10, formulation="lidose")], "above", id="over-by-its-own-milligrams"),
    ],
)
def test_a_target_in_milligrams_of_one_formulation(assessed: Assessment, totals: list[Running], stands: str) -> None:
    found = line(progress(assessed, totals), "singapore")
    assert (found.low, found.high, found.formulation) == (Fraction(120), Fraction(120), "conventional")
    assert (found.by_latest, found.by_period) == (stands, stands)


def test_by_which_weight_may_decide(assessed: Assessment) -> None:
    mixed = Running(1, "conventional", "reported", Amount.of(7000), Amount.of(118), Amount.of(121))
    found = line(progress(assessed, [mixed]), "msd-manual", "usual")
    assert (found.by_latest, found.by_period) == ("below", "within")


def test_a_target_that_depends_on_a_missing_fact_names_it(library: Library) -> None:
    found = progress(assess(library, Record(), Asked(TODAY)), [of(100)])
    unsure = [each for each in found if each.edition == "aad/2016"]
    assert {each.says for each in unsure} == {"range", "silent_here"}
    assert all(each.depends_on for each in unsure)
    assert not line(found, "msd-manual", "usual").depends_on


def test_two_days_or_two_bases_are_no_one_total(assessed: Assessment) -> None:
    with pytest.raises(ValueError, match="one day and one basis"):
        progress(assessed, [of(100), of(100, day=2)])
