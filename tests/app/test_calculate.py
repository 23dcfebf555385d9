"""The quick sum: every figure follows from the capsules, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.app.calculate import Sum, calculate

AMOUNTS = st.integers(10, 200).map(Fraction)


def test_half_a_milligram_for_58_kg_in_the_capsules_of_the_review() -> None:
    found = calculate(Sum(Fraction(58), Fraction("0.5"), True, (Fraction(8), Fraction(16)), 1, 20, Fraction(120)))
    best = found.ways[0]
    assert (found.dose_mg, found.per_kg) == (Fraction(29), Fraction(1, 2))
    assert best.pattern.mean_mg == 28
    assert best.off == -1
    assert best.total_mg == 28 * 140
    assert best.days_to_target == 249  # 120 mg/kg x 58 kg = 6,960 mg; 124 pairs of days of 56 mg are 6,944 mg


def test_a_dose_that_the_capsules_cannot_give_is_explained() -> None:
    found = calculate(Sum(Fraction(60), Fraction(1), False, (Fraction(40),), 2))
    assert not found.ways or found.ways[0].pattern.mean_mg != 1


@settings(deadline=None, max_examples=60)
@given(weight=AMOUNTS, dose=AMOUNTS, weeks=st.integers(1, 30), target=AMOUNTS)
def test_totals_are_the_sum_of_the_days(weight: Fraction, dose: Fraction, weeks: int, target: Fraction) -> None:
    found = calculate(Sum(weight, dose, False, (Fraction(10), Fraction(20), Fraction(40)), 1, weeks, target))
    assert found.ways
    for way in found.ways:
        taken = sum((way.pattern.on(place).mg for place in range(weeks * 7)), Fraction(0))
        assert way.total_mg == taken == sum((strength * count for strength, count in way.capsules), Fraction(0))
        assert way.total_per_kg == taken / weight
        days = way.days_to_target
        assert days is not None
        by = [sum((way.pattern.on(place).mg for place in range(n)), Fraction(0)) for n in (days - 1, days)]
        assert by[0] < target * weight <= by[1]


@pytest.mark.parametrize("per_kg", [True, False])
def test_the_best_way_lies_nearest(per_kg: bool) -> None:
    found = calculate(
        Sum(Fraction(70), Fraction("0.6") if per_kg else Fraction(42), per_kg, (Fraction(10), Fraction(20)))
    )
    assert found.dose_mg == 42
    assert abs(found.ways[0].off) == min(abs(way.off) for way in found.ways)
