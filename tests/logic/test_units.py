"""Units multiply and divide; digits are kept exactly."""

from fractions import Fraction

import pytest

from isocourse.logic.units import decimal, exact, quotient, same_unit


@pytest.mark.parametrize("digits", ["1e3", "NaN", "inf", "", "1.", ".5", "0x10", "1_000", "1,5", "١"])
def test_only_plain_decimal_digits_are_a_number(digits: str) -> None:
    with pytest.raises(ValueError, match="plain decimal number"):
        exact(digits)


def test_a_conversion_never_rounds() -> None:
    assert exact("0.01129") * 100_000 == 1_129
    assert exact("-2.50") == Fraction(-5, 2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mg/kg/day", "mg/day/kg", True),
        ("mg/day", "mg/d", True),
        ("year", "years", True),
        ("mg/dL", "mmol/L", False),
        ("mg/kg", "mg/kg/day", False),
        ("", "1", True),
        ("U/L", "U/l", False),
    ],
)
def test_two_spellings_of_one_unit_are_the_same(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same


@pytest.mark.parametrize(
    ("over", "under", "unit"),
    [("mg/day", "kg", "mg/kg/day"), ("U/L", "U/L", ""), ("mg", "kg", "mg/kg")],
)
def test_a_ratio_has_the_quotient_of_the_units(over: str, under: str, unit: str) -> None:
    assert quotient(over, under) == unit


def test_a_number_is_shown_short() -> None:
    assert [decimal(Fraction(5, 2)), decimal(Fraction(3)), decimal(Fraction(1, 3))] == ["2.5", "3", "0.333333"]
