"""What can be worked out from an order for isotretinoin."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.facts.days import Span, day_number
from isocourse.facts.orders import Amounts, Script, daily_dose, days_of_supply, order_of
from isocourse.facts.record import Quantity

TODAY = day_number(2026, 11, 24)
LONG_AGO = Span.of(day_number(2020, 7, 11))
MARKETED = (Fraction(10), Fraction(20), Fraction(40))


def exactly(number: int) -> Amounts:
    return Fraction(number), Fraction(number)


def twenty_twice(state: str = "active", day: Span | None = LONG_AGO, repeats: int | None = 3) -> Script:
    return Script(
        "Order/1",
        "isotretinoin",
        day,
        state,
        dose_mg=exactly(20),
        times_a_day=exactly(2),
        strengths=(Fraction(20),),
        capsules=90,
        repeats=repeats,
    )


def test_one_dose_times_how_often_is_the_daily_dose_in_hundredths_of_a_milligram() -> None:
    assert order_of(twenty_twice(), TODAY).daily_dose == Quantity(4000, 4000, "mg/day")


def test_ninety_capsules_at_two_a_day_last_forty_five_days() -> None:
    assert order_of(twenty_twice(), TODAY).days_supply == Quantity(45, 45, "days")


def test_an_active_order_of_2020_is_said_to_be_active_though_its_supply_has_ended() -> None:
    order = order_of(twenty_twice(), TODAY)
    assert order.state == "supply_ended"
    assert order.supply_ended == Span.of(LONG_AGO.first + 180 - 1)


def test_on_its_last_day_a_supply_has_not_ended_and_on_the_next_it_has() -> None:
    last = LONG_AGO.first + 180 - 1
    assert order_of(twenty_twice(), last).state == "current"
    assert order_of(twenty_twice(), last + 1).state == "supply_ended"


def test_a_draft_is_dated_by_the_call_and_its_supply_has_not_begun() -> None:
    order = order_of(twenty_twice(state="draft"), TODAY)
    assert (order.state, order.day, order.supply_ended) == ("draft", Span.of(TODAY), None)


def test_an_order_that_was_stopped_is_ended() -> None:
    assert order_of(twenty_twice(state="ended"), TODAY).state == "ended"


def test_an_active_order_without_a_day_stays_current() -> None:
    assert order_of(twenty_twice(day=None), TODAY).state == "current"


def test_without_a_strength_the_marketed_ones_bound_the_supply() -> None:
    script = Script(
        "Order/1",
        "isotretinoin",
        LONG_AGO,
        "active",
        dose_mg=exactly(40),
        times_a_day=exactly(1),
        strengths=MARKETED,
        capsules=40,
    )
    order = order_of(script, TODAY)
    assert order.days_supply == Quantity(10, 40, "days")
    assert order.supply_ended == Span(LONG_AGO.first + 9, LONG_AGO.first + 39)


def test_the_last_possible_day_decides_that_a_supply_has_ended() -> None:
    script = Script(
        "Order/1",
        "isotretinoin",
        LONG_AGO,
        "active",
        dose_mg=exactly(40),
        times_a_day=exactly(1),
        strengths=MARKETED,
        capsules=40,
    )
    assert order_of(script, LONG_AGO.first + 20).state == "current"
    assert order_of(script, LONG_AGO.first + 40).state == "supply_ended"


def test_capsules_of_unknown_strength_leave_a_range_of_doses() -> None:
    script = Script(
        "Order/1", "isotretinoin", None, "active", dose_capsules=exactly(2), times_a_day=exactly(1), strengths=MARKETED
    )
    assert daily_dose(script) == (Fraction(20), Fraction(80))


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(Script("Order/1", "isotretinoin", None, "active"), id="nothing-said"),
        pytest.param(Script("Order/1", "isotretinoin", None, "active", dose_mg=exactly(20)), id="no-frequency"),
        pytest.param(Script("Order/1", "isotretinoin", None, "active", times_a_day=exactly(2)), id="no-dose"),
        pytest.param(
            Script("Order/1", "isotretinoin", None, "active", dose_capsules=exactly(1), times_a_day=exactly(1)),
            id="capsules-of-no-strength",
        ),
    ],
)
def test_a_dose_that_is_not_said_is_not_guessed(script: Script) -> None:
    order = order_of(script, TODAY)
    assert order.daily_dose is None
    assert order.days_supply is None


def test_a_dose_of_nothing_lasts_no_number_of_days() -> None:
    script = Script(
        "Order/1", "isotretinoin", None, "active", dose_capsules=exactly(0), times_a_day=exactly(1), capsules=30
    )
    assert days_of_supply(script, None) is None


@given(
    milligrams=st.integers(1, 400), times=st.integers(1, 4), capsules=st.integers(1, 400), repeats=st.integers(0, 12)
)
def test_knowing_the_strength_never_moves_the_supply_outside_what_was_possible(
    milligrams: int, times: int, capsules: int, repeats: int
) -> None:
    def order(strengths: tuple[Fraction, ...]) -> tuple[Quantity, Quantity]:
        made = order_of(
            Script(
                "Order/1",
                "isotretinoin",
                LONG_AGO,
                "active",
                dose_mg=exactly(milligrams),
                times_a_day=exactly(times),
                strengths=strengths,
                capsules=capsules,
                repeats=repeats,
            ),
            TODAY,
        )
        assert made.days_supply is not None
        assert made.daily_dose is not None
        return made.days_supply, made.daily_dose

    loose, dose = order(MARKETED)
    assert dose.low == dose.high == milligrams * times * 100
    for strength in MARKETED:
        tight, _ = order((strength,))
        assert loose.low <= tight.low <= tight.high <= loose.high
