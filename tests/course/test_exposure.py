"""Which days had which dose: orders end where newer ones begin, an unknown length is an interval, no course is counted for another."""

from fractions import Fraction

import pytest

from isocourse.course.amounts import Amount
from isocourse.course.exposure import Period, part_of, periods_of
from isocourse.course.totals import running
from isocourse.facts.days import Span
from isocourse.facts.record import DoseEntry, Event, Order, Quantity, Record
from isocourse.library import Library

TODAY = 1000


def order(
    day: int | Span,
    mg: int,
    days: int | tuple[int, int] | None = 30,
    repeats: int | None = None,
    state: str = "current",
    formulation: tuple[str, ...] = ("conventional",),
    product: str = "",
) -> Order:
    low, high = (days, days) if isinstance(days, int) else days or (0, 0)
    return Order(
        f"order of {day}",
        "",
        day if isinstance(day, Span) else Span.of(day),
        state,
        daily_dose=Quantity(mg * 100, mg * 100, "mg/day"),
        days_supply=None if days is None else Quantity(low, high, "days"),
        repeats=None if repeats is None else Quantity(repeats, repeats),
        formulation=formulation,
        product=product,
    )


def entry(first: Span, last: Span, mg: int, basis: str = "reported", **more: object) -> DoseEntry:
    return DoseEntry("dose", "", basis, first, last, (Fraction(mg), Fraction(mg)), **more)  # type: ignore[arg-type]  # as named


def dose_day(stream: str, first: int, last: int | None = None) -> Event:
    span = Span(first, last or first)
    return Event(stream, span, span, None, f"course.{stream}", "")


def record(*given: Order | Event | DoseEntry) -> Record:
    return Record(
        orders=tuple(each for each in given if isinstance(each, Order)),
        events=tuple(each for each in given if isinstance(each, Event)),
        doses=tuple(each for each in given if isinstance(each, DoseEntry)),
    )


def shown(found: tuple[Period, ...]) -> list[tuple[int, int, str, str, str]]:
    return [
        (each.first, each.last, str(each.daily_mg.low), str(each.taken.low), str(each.taken.high)) for each in found
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param([order(900, 40)], [(900, 929, "40", "1", "1")], id="one-order-of-thirty-days"),
        pytest.param([order(900, 40, repeats=2)], [(900, 989, "40", "1", "1")], id="with-two-repeats"),
        pytest.param([order(990, 40)], [(990, 1019, "40", "1", "1")], id="a-supply-goes-on-beyond-today"),
        pytest.param(
            [order(900, 20), order(915, 40)],
            [(900, 914, "20", "1", "1"), (915, 944, "40", "1", "1")],
            id="a-newer-order-ends-an-older-one",
        ),
        pytest.param(
            [order(900, 20), order(940, 40)],
            [(900, 929, "20", "1", "1"), (940, 969, "40", "1", "1")],
            id="between-two-supplies-there-is-none",
        ),
        pytest.param([order(901, 40, None)], [(901, 1000, "40", "0", "1")], id="an-unknown-length-may-be-any-until-today"),
        pytest.param(
            [order(901, 20, None), order(951, 40)],
            [(901, 950, "20", "0", "1"), (951, 980, "40", "1", "1")],
            id="an-unknown-length-ends-with-the-newer-order",
        ),
        pytest.param([order(901, 40, (30, 60))], [(901, 960, "40", "1/2", "1")], id="a-length-known-in-part"),
        pytest.param([order(900, 40, state="draft")], [], id="a-draft-is-not-prescribed"),
        pytest.param([order(900, 40, state="ended")], [(900, 929, "40", "1", "1")], id="an-ended-order-was-prescribed"),
        pytest.param(
            [order(900, 40), dose_day("first_dose", 905)],
            [(905, 934, "40", "1", "1")],
            id="taken-from-the-first-dose-on",
        ),
        pytest.param(
            [order(900, 40), dose_day("first_dose", 900), dose_day("last_dose", 919)],
            [(900, 919, "40", "1", "1")],
            id="not-beyond-the-last-dose",
        ),
        pytest.param(
            [order(900, 40), dose_day("first_dose", 900), dose_day("last_dose", 910, 919)],
            [(900, 919, "40", "11/20", "1")],
            id="a-last-dose-known-in-part",
        ),
        pytest.param(
            [order(Span(900, 909), 40)], [(900, 938, "40", "10/13", "10/13")], id="thirty-days-from-a-day-known-in-part"
        ),
        pytest.param(
            [order(500, 40, state="ended"), order(900, 20), dose_day("first_dose", 900)],
            [(900, 929, "20", "1", "1")],
            id="an-order-long-before-the-first-dose-is-of-another-course",
        ),
        pytest.param(
            [order(500, 40, state="ended"), order(900, 20)],
            [(900, 929, "20", "1", "1")],
            id="without-a-first-dose-a-gap-of-more-than-90-days-parts-courses",
        ),
        pytest.param(
            [order(810, 40, state="ended"), order(900, 20)],
            [(810, 839, "40", "1", "1"), (900, 929, "20", "1", "1")],
            id="a-gap-of-90-days-does-not",
        ),
        pytest.param(
            [order(500, 40, state="ended"), dose_day("first_dose", 500), dose_day("last_dose", 520), order(950, 20)],
            [(950, 979, "20", "1", "1")],
            id="a-second-course-does-not-count-the-first",
        ),
        pytest.param(
            [
                order(500, 40, state="ended"),
                dose_day("first_dose", 500),
                dose_day("last_dose", 520),
                order(950, 20),
                dose_day("first_dose", 955),
            ],
            [(955, 984, "20", "1", "1")],
            id="a-second-course-has-its-own-first-dose",
        ),
        pytest.param(
            [order(1000, 40), dose_day("first_dose", 1000), dose_day("last_dose", 1000)],
            [(1000, 1000, "40", "1", "1")],
            id="a-course-that-ends-today-is-not-over",
        ),
    ],
)  # fmt: skip
def test_orders_become_days_with_a_dose(given: list[Order | Event], expected: list[tuple[object, ...]]) -> None:
    assert shown(periods_of(record(*given), TODAY)) == expected


def test_a_newer_order_of_a_day_known_in_part_ends_the_older_one_on_any_of_them() -> None:
    found = periods_of(record(order(900, 20), order(Span(911, 920), 40)), TODAY)
    (whole,) = running(found, (), [TODAY])
    assert whole.mg.low <= 11 * 20 + 30 * 40
    assert whole.mg.high >= 20 * 20 + 30 * 40
    assert (found[0].first, found[-1].last) == (900, 949)


def test_thirty_days_that_begin_on_a_day_known_in_part_are_thirty_days() -> None:
    (found,) = periods_of(record(order(Span(900, 909), 40)), TODAY)
    days = found.last - found.first + 1
    assert (found.taken.low * days, found.taken.high * days) == (Fraction(30), Fraction(30))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(entry(Span.of(900), Span.of(929), 40), [(900, 929, "40", "1", "1")], id="every-day"),
        pytest.param(
            entry(Span.of(900), Span.of(929), 40, share=(Fraction(1, 2), Fraction(1))),
            [(900, 929, "40", "1/2", "1")],
            id="most-days",
        ),
        pytest.param(entry(Span.of(900), Span.of(929), 40, missed=3), [(900, 929, "40", "9/10", "9/10")], id="three-missed"),
        pytest.param(entry(Span.of(900), Span.of(901), 40, missed=3), [(900, 901, "40", "0", "0")], id="more-missed-than-there-are"),
        pytest.param(
            entry(Span.of(900), Span.of(929), 40, missed_days=(900, 910, 911, 2000)),
            [(901, 909, "40", "1", "1"), (912, 929, "40", "1", "1")],
            id="the-days-missed-are-named",
        ),
        pytest.param(
            entry(Span(900, 930), Span(931, 960), 40), [(900, 960, "40", "2/61", "1")], id="from-some-day-to-some-day"
        ),
        pytest.param(
            entry(Span(900, 930), Span(931, 960), 40, missed=1), [(900, 960, "40", "1/61", "60/61")], id="and-one-missed"
        ),
        pytest.param(entry(Span.of(930), Span.of(901), 40), [], id="backwards-is-no-day"),
    ],
)  # fmt: skip
def test_what_was_said_to_be_taken_becomes_days_with_a_dose(
    given: DoseEntry, expected: list[tuple[object, ...]]
) -> None:
    assert shown(periods_of(record(given), TODAY)) == expected


def test_what_was_taken_in_an_earlier_course_is_left_out() -> None:
    earlier = entry(Span.of(780), Span.of(809), 40)
    assert shown(periods_of(record(earlier, dose_day("first_dose", 900)), TODAY)) == []
    near = entry(Span.of(780), Span.of(810), 40)
    assert shown(periods_of(record(near, dose_day("first_dose", 900)), TODAY)) == [(780, 810, "40", "1", "1")]


def test_bases_and_formulations_stay_apart() -> None:
    found = periods_of(
        record(
            order(900, 40),
            entry(Span.of(900), Span.of(929), 40),
            entry(Span.of(900), Span.of(929), 40, "dispensed", formulation=("lidose",)),
        ),
        TODAY,
    )
    assert [(each.basis, each.formulation) for each in found] == [
        ("dispensed", "lidose"),
        ("prescribed", "conventional"),
        ("reported", ""),
    ]


def test_a_product_tells_the_formulation_where_the_file_does_not(library: Library) -> None:
    given = record(order(900, 40, formulation=(), product="acnecutan"))
    assert periods_of(given, TODAY, library)[0].formulation == "lidose"
    assert periods_of(given, TODAY)[0].formulation == ""
    both = record(order(900, 40, formulation=("conventional", "lidose"), product="acnecutan"))
    assert periods_of(both, TODAY, library)[0].formulation == ""


def test_two_that_speak_of_one_day_are_from_the_smaller_to_both_together() -> None:
    found = periods_of(record(entry(Span.of(900), Span.of(909), 40), entry(Span.of(905), Span.of(914), 20)), TODAY)
    assert [(p.first, p.last, int(p.daily_mg.low), int(p.daily_mg.high)) for p in found] == [
        (900, 904, 40, 40),
        (905, 909, 20, 60),
        (910, 914, 20, 20),
    ]


def test_what_was_handed_out_is_added_up() -> None:
    both = [entry(Span.of(900), Span.of(900), mg, "dispensed") for mg in (480, 240)]
    (whole,) = running(periods_of(record(*both), TODAY), (), [TODAY])
    assert whole.mg == Amount.of(720)


def test_two_orders_of_one_day_are_from_the_smaller_to_both_together() -> None:
    (found,) = periods_of(record(order(900, 40), order(900, 20)), TODAY)
    assert (found.first, found.last, found.daily_mg) == (900, 929, Amount(Fraction(20), Fraction(60)))


def test_in_a_part_of_the_days_the_share_is_less_sure() -> None:
    whole = Period(1, 10, Amount.of(40), "", "reported", Amount(Fraction(1, 2), Fraction(4, 5)))
    assert part_of(whole, 1, 10) == whole
    assert part_of(whole, 1, 6).taken == Amount(Fraction(1, 6), Fraction(1))
    assert part_of(whole, 1, 9).taken == Amount(Fraction(4, 9), Fraction(8, 9))
