"""What is kept: percentiles within their promise, definitions with every number, and a cube that says its size first."""

from pathlib import Path

import numpy as np
import pytest

from isocourse.kinetics import (
    Band,
    Cube,
    Dose,
    Exposure,
    HalfLife,
    KineticsError,
    Model,
    Options,
    Peak,
    Population,
    Regimen,
    TimeAbove,
    Trough,
    Washout,
    cube_bytes,
    simulate,
)
from isocourse.kinetics.cube import cube_shape, mapped
from isocourse.kinetics.plan import laid_out
from isocourse.kinetics.sketch import Sketch

COURSE = Regimen.daily(20, times_a_day=2, days=10)


def test_percentiles_by_counting_are_within_their_promise() -> None:
    rng = np.random.default_rng(1)
    levels = rng.lognormal(4, 0.6, (4000, 3, 2, 1))
    sketch = Sketch.empty((3, 2, 1))
    for first in range(0, 4000, 500):
        sketch.add(levels[first : first + 500])
    shares = (0.05, 0.5, 0.95)
    found, exact = sketch.quantiles(shares), np.quantile(levels, shares, axis=0)
    assert float(np.abs(found / exact - 1).max()) < 0.016


def test_a_band_is_that_of_the_stored_levels(model: Model) -> None:
    people = Population.sample(model, 2000)
    plan = laid_out(COURSE, follow_days=3)
    cube = Cube.of(2000, plan, most_bytes=10**9)
    made = simulate(people, plan, [cube, Band(), Trough(), Peak()])
    exact = np.quantile(cube.out[:, 1:], (0.05, 0.5, 0.95), axis=0)  # in the first hours some have absorbed nothing
    assert float(np.abs(made.bands[0].levels[:, 1:] / exact - 1).max()) < 0.03
    assert np.allclose(made.column("parent.trough").values, cube.out[:, 9, 0, -1], rtol=1e-12)
    assert np.array_equal(made.column("parent.cmax").values, cube.out[:, :, 0].max(axis=(1, 2)))


def test_a_cube_says_its_size_before_it_is_made(model: Model) -> None:
    plan = laid_out(Regimen.daily(40, weeks=20))
    assert cube_bytes(1_000_000, plan, single=True) == 40_320_000_000
    with pytest.raises(
        KineticsError, match=r"1,000,000 patients x 140 days x 24 steps take 80.64 GB; expected at most 1.00 GB"
    ):
        Cube.of(1_000_000, plan, most_bytes=10**9)
    with pytest.raises(KineticsError, match="shape"):
        simulate(Population.typical(model), plan, [Cube(np.empty((1, 2, 3, 4)))])


def test_a_cube_may_lie_in_a_file(model: Model, tmp_path: Path) -> None:
    plan = laid_out(COURSE)
    out = mapped(str(tmp_path / "cube.npy"), cube_shape(20, plan), single=True)
    simulate(Population.sample(model, 20), plan, [Cube(out)])
    out.flush()
    assert np.load(tmp_path / "cube.npy").max() > 100


def test_the_half_life_depends_on_its_window(model: Model) -> None:
    once = Regimen.single(80, food="fasted", days=10)
    windows = [HalfLife(6, 24), HalfLife(12, 36), HalfLife(24, 72)]
    made = simulate(Population.typical(model), once, windows, follow_days=0)
    early, middle, late = (column.values[0] for column in made.columns)
    assert early < middle < late
    assert "window 24 to 72 h after the last dose" in made.columns[2].definition
    with pytest.raises(KineticsError, match="half-life window"):
        simulate(Population.typical(model), once, [HalfLife(200, 400)], follow_days=0)


def test_areas_by_mass_balance_are_those_under_the_curve(model: Model) -> None:
    people = Population.sample(model, 20, variability="clinic")
    fine = laid_out(COURSE, follow_days=20, step_h=0.05)
    cube = Cube.of(20, fine, most_bytes=10**9)
    made = simulate(people, fine, [cube, Exposure()])
    by_sums = cube.out.transpose(0, 2, 1, 3).reshape(20, 3, -1).sum(axis=2) * 0.05
    assert np.allclose(made.column("parent.auc").values, by_sums[:, 0], rtol=2e-4)
    assert np.allclose(made.column("oxo.auc").values, by_sums[:, 2], rtol=2e-4)


def test_washout_ends_when_both_are_below_endogenous(model: Model) -> None:
    people, plan = Population.sample(model, 100), laid_out(COURSE, follow_days=28)
    cube = Cube.of(100, plan, most_bytes=10**9)
    made = simulate(people, plan, [cube, Washout()])
    levels = cube.out.transpose(0, 2, 1, 3).reshape(100, 3, -1)
    last_dose = 9 * 24 + 12
    for patient, days in enumerate(made.column("washout_days").values):
        later = levels[patient][:, last_dose - 1 + int(days) * 24]
        before = levels[patient][:, last_dose - 1 + int(days - 1) * 24]
        assert later[0] < model.endogenous.parent.value
        assert later[2] < model.endogenous.oxo.value
        assert before[0] >= model.endogenous.parent.value or before[2] >= model.endogenous.oxo.value


def test_washout_of_one_dose_at_the_start_is_counted_from_that_dose(model: Model) -> None:
    once = simulate(Population.typical(model), Regimen.single(80), [Washout()])
    twice = simulate(Population.typical(model), Regimen((Dose(24.0, 80, food="high_fat"),), 2), [Washout()])
    assert once.columns[0].values[0] == twice.columns[0].values[0] > 3


def test_hours_above_a_level_are_counted(model: Model) -> None:
    made = simulate(Population.typical(model), COURSE, [TimeAbove(0.0001), TimeAbove(1e9)])
    assert made.columns[0].values[0] > 24 * 10
    assert made.columns[1].values[0] == 0


def test_assay_error_and_variation_of_doses_widen_what_is_seen(model: Model) -> None:
    people = Population.sample(model, 300, variability="none")
    plain = simulate(people, COURSE, [Trough()])
    varied = simulate(people, COURSE, [Trough()], options=Options(occasions=True))
    assert plain.summary("parent.trough").cv_percent == pytest.approx(0, abs=1e-9)
    assert (varied.summary("parent.trough").cv_percent or 0) > 5
    noisy = simulate(people, COURSE, [Band(residual=True)])
    low, _, high = noisy.bands[0].levels[:, 5, 0, 12]
    assert high / low > 1.5


def test_tretinoin_and_bile_recycling_are_possible_and_marked(model: Model) -> None:
    once = Regimen.single(80, days=4)
    people = Population.typical(model)
    plain = simulate(people, once, [Exposure()], follow_days=20, step_h=0.5)
    more = simulate(
        people, once, [Exposure(), Peak()], follow_days=20, step_h=0.5, options=Options(tretinoin=True, recycling=True)
    )
    assert more.column("tretinoin.cmax").basis == "low confidence"
    assert more.column("parent.auc").values[0] == pytest.approx(plain.column("parent.auc").values[0], rel=0.03)
    with pytest.raises(KineticsError, match="meals at"):
        simulate(people, once, [Exposure()], options=Options(recycling=True))


def test_what_was_not_observed_is_named(model: Model) -> None:
    with pytest.raises(KineticsError, match=r'no column "parent\.troughs"'):
        simulate(Population.typical(model), COURSE).column("parent.troughs")
    with pytest.raises(KineticsError, match="a whole number of steps in a day"):
        simulate(Population.typical(model), COURSE, step_h=0.7)
