"""Sebum against a fine solution of the same equations; recovery always with its threshold; relapse never from sebum."""

import mpmath
import numpy as np
import pytest

from isocourse.kinetics import KineticsError, Model, Population, Regimen, Skin, simulate
from isocourse.kinetics import lesions as lesion_model
from isocourse.kinetics import sebum as sebum_model
from isocourse.kinetics.relapse import relapsed, sex_factor


def exactly(model: Model, levels: list[float]) -> list[float]:
    """Sebum at the end of each day to 30 digits, by a matrix exponential for each day."""
    part = model.sebum
    with mpmath.workdps(30):
        state = mpmath.matrix([1, 1, 1, 1])
        found = []
        for level in levels:
            c = mpmath.mpf(level)
            kept = 1 - mpmath.mpf(part.max_effect.value) * c / (mpmath.mpf(part.effect_level.value) + c)
            lost = mpmath.mpf(part.loss_rate.value) * c / (mpmath.mpf(part.loss_level.value) + c)
            k_r, k_g, k_s = (
                mpmath.mpf(each.value) for each in (part.regrowth, part.gland_turnover, part.sebum_turnover)
            )
            rates = mpmath.matrix([[0, 0, 0, 0], [k_r, -k_r - lost, 0, 0], [0, k_g * kept, -k_g, 0], [0, 0, k_s, -k_s]])
            state = mpmath.expm(rates / 7, method="taylor") * state
            found.append(float(state[3]))
        return found


def test_sebum_is_exact_day_by_day(model: Model) -> None:
    rng = np.random.default_rng(1)
    levels = np.concatenate([rng.uniform(0, 900, 60), np.zeros(30), [2.0, 1e-6, 5000.0]])
    part = model.sebum
    one = np.ones(1)
    pools = sebum_model.followed(
        levels[:, None], part, part.effect_level.value * one, part.loss_rate.value * one, part.regrowth.value * one
    )
    exact = np.array(exactly(model, list(levels)))
    assert float(np.abs(pools.sebum[1:, 0] / exact - 1).max()) < 1e-12


def test_more_is_back_later_for_every_higher_threshold(model: Model) -> None:
    made = simulate(Population.sample(model, 50), Regimen.daily(70, weeks=16), [Skin()])
    weeks = np.stack([made.column(f"sebum.weeks_to_{each:.2f}").values for each in (0.7, 0.75, 0.8, 0.85, 0.9)])
    assert (np.diff(weeks, axis=0) >= 0).all()


def test_a_dose_too_small_to_matter_needs_no_recovery(model: Model) -> None:
    made = simulate(Population.typical(model), Regimen.daily(0.01, weeks=2), [Skin()])
    assert made.column("sebum.weeks_to_0.70").values[0] == 0.0


def test_about_a_third_flare(model: Model) -> None:
    normal = Population.sample(model, 20000).people().flare
    heights = lesion_model.heights(model.lesions.flare, normal)
    assert (heights > 0).mean() == pytest.approx(0.325, abs=0.01)
    assert (heights == 1.2).mean() == pytest.approx(0.045, abs=0.005)
    week = np.arange(0, 12, 0.5)
    bump = lesion_model.bump(model.lesions.flare, week)
    assert bump[6] == 1.0
    assert bump[16] == pytest.approx(0)


def test_relapse_falls_with_the_total_dose_and_never_reads_sebum(model: Model) -> None:
    low, high = relapsed(model.relapse, 60, 5), relapsed(model.relapse, 150, 5)
    assert low.middle > high.middle
    assert low.low <= low.middle <= low.high
    assert relapsed(model.relapse, 140, 0).middle == 0
    with pytest.raises(KineticsError, match="relapse: -1 mg/kg"):
        relapsed(model.relapse, -1, 1)


def test_the_mixed_cohort_lies_between_the_sexes(model: Model) -> None:
    assert sex_factor(model.relapse, False) < sex_factor(model.relapse, None) == 1 < sex_factor(model.relapse, True)
