"""Two ranges held against each other say what trying every amount says."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.decisions.amounts import Ranged, above, apart, inside
from isocourse.decisions.tables import Row, Step
from isocourse.logic.units import exact

AMOUNTS = [Fraction(hundredth, 100) for hundredth in range(131)]
"""Ten between any two ends, so that a range with an open end holds some."""


@st.composite
def ranges(draw: st.DrawFn) -> Ranged:
    low, high = sorted((draw(st.integers(0, 12)), draw(st.integers(0, 12))))
    below = low < high and draw(st.booleans())
    ends = {"low": f"{low / 10:.1f}", "high": f"{high / 10:.1f}", "below": below, "unit": "mg/kg/day", "of": "any"}
    return Row("row", 0, "", "must", (), **ends) if draw(st.booleans()) else Step("do", "dose", **ends)  # type: ignore[arg-type]  # by name


def holds(amount: Fraction, one: Ranged) -> bool:
    top = exact(one.high)
    return exact(one.low) <= amount and (amount < top if one.below else amount <= top)


@given(ranges(), ranges())
def test_two_ranges_are_apart_where_no_amount_lies_in_both(one: Ranged, other: Ranged) -> None:
    assert apart(one, other) is not any(holds(amount, one) and holds(amount, other) for amount in AMOUNTS)
    assert apart(one, other) is apart(other, one)


@given(ranges(), ranges())
def test_a_range_lies_inside_another_where_each_of_its_amounts_does(one: Ranged, other: Ranged) -> None:
    assert inside(one, other) is all(holds(amount, other) for amount in AMOUNTS if holds(amount, one))


@given(ranges(), st.sampled_from(AMOUNTS))
def test_an_amount_lies_above_a_range_where_it_is_past_all_that_the_range_holds(one: Ranged, amount: Fraction) -> None:
    assert above(amount, one) is all(amount > each for each in AMOUNTS if holds(each, one))


def test_half_a_milligram_is_not_lower_than_half_a_milligram() -> None:
    lower = Step("do", "dose", low="0.0", high="0.5", below=True, unit="mg/kg/day", of="conventional")
    usual = replace(lower, low="0.5", below=False)
    assert apart(lower, usual)
    assert not apart(replace(lower, below=False), usual)


@pytest.mark.parametrize("changed", [{"unit": "mg/day"}, {"of": "lidose"}])
def test_ranges_of_other_units_or_capsules_are_neither_apart_nor_inside(changed: dict[str, str]) -> None:
    low = Step("do", "dose", low="0.1", high="0.2", unit="mg/kg/day", of="conventional")
    high = replace(low, low="0.8", high="0.9")
    assert apart(low, high)
    assert not apart(low, replace(high, **changed))
    assert inside(low, low)
    assert not inside(low, replace(low, **changed))
