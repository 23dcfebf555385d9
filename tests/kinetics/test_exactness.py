"""Every schedule against each dose by itself to 40 digits; nothing may depend on how close rates are."""

import numpy as np
import pytest

from isocourse.kinetics import Dose, Model, Options, Population, Regimen
from isocourse.kinetics.plan import laid_out
from isocourse.kinetics.tile import Tile, tile_of
from tests.kinetics.superposition import levels

PAIRS = [
    ("conventional", "high_fat"),
    ("conventional", "meal"),
    ("conventional", "fasted"),
    ("lidose", "fasted"),
    ("micronised", "high_fat"),
]


def schedule(seed: int) -> Regimen:
    """A random course: any times of day, formulations and food, sometimes begun in steady state."""
    rng = np.random.default_rng(seed)
    days = int(rng.integers(1, 6))
    kinds = [PAIRS[k] for k in rng.choice(len(PAIRS), size=int(rng.integers(1, 3)), replace=False)]
    start = float(rng.integers(0, 12)) / 4
    parts = sorted(int(part) for part in rng.choice(4, size=int(rng.integers(1, 4)), replace=False))
    clocks = [start + 6.0 * part + float(rng.integers(0, 12)) / 4 for part in parts]  # three hours apart at least
    doses = []
    for day in range(days):
        for clock in clocks:
            if rng.random() < 0.8:
                form, food = kinds[int(rng.integers(len(kinds)))]
                doses.append(Dose(24.0 * day + float(clock), float(rng.choice([5, 8, 10, 20, 40])), form, food))
    doses = doses or [Dose(0.0, 20)]
    if seed % 3 == 0:
        first = doses[0]
        doses[0] = Dose(first.time_h, first.amount, first.formulation, first.food, float(rng.choice([8, 12, 13.3, 24])))
    return Regimen(tuple(doses), days)


def worst(tile: Tile, patient: int, seed: int) -> float:
    found = tile.hours(0, tile.plan.days, slice(patient, patient + 1))[0].transpose(0, 2, 1).reshape(-1, 3)
    rng = np.random.default_rng(seed)
    hours = sorted(int(hour) for hour in rng.choice(len(found), size=4, replace=False))
    exact = levels(tile, patient, [float(hour + 1) for hour in hours])
    seen = exact > 1e-9 * exact.max()
    return float(np.abs(found[hours] / np.where(seen, exact, 1.0) - 1.0)[seen].max(initial=0.0))


@pytest.mark.parametrize("seed", range(6))
def test_any_schedule_is_the_sum_of_its_doses(model: Model, seed: int) -> None:
    people = Population.sample(model, 3, seed=seed, variability="clinic")
    tile = tile_of(people, laid_out(schedule(seed), follow_days=2), 0, 3, Options())
    assert max(worst(tile, patient, seed) for patient in range(2)) < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 46))
def test_many_schedules_are_the_sum_of_their_doses(model: Model, seed: int) -> None:
    people = Population.sample(model, 3, seed=seed, variability="clinic")
    tile = tile_of(people, laid_out(schedule(seed), follow_days=2), 0, 3, Options())
    assert max(worst(tile, patient, seed) for patient in range(3)) < 1e-9


@pytest.mark.parametrize("apart", [0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3])
def test_rates_may_be_as_close_as_they_like(model: Model, apart: float) -> None:
    body = model.disposition
    k10, k12 = body.clearance.value / body.central_volume.value, body.exchange.value / body.central_volume.value
    k21 = body.exchange.value / body.peripheral_volume.value
    alpha, beta = np.roots([1.0, -(k10 + k12 + k21), k10 * k21])
    people = Population.of(
        model,
        rate=np.array([alpha, beta, body.oxo_loss.value, 0.5]) * (1 + apart),
        oxo_loss=np.array([alpha, beta, body.oxo_loss.value, alpha]),
    )
    tile = tile_of(people, laid_out(Regimen.daily(20, times_a_day=2, days=2)), 0, 4, Options())
    assert max(worst(tile, patient, 1) for patient in range(4)) < 1e-9


def test_single_precision_is_good_to_a_millionth(model: Model) -> None:
    tile = tile_of(Population.sample(model, 50), laid_out(Regimen.daily(20, times_a_day=2, weeks=8)), 0, 50, Options())
    single = np.empty((50, 56, 3, 24), dtype=np.float32)
    tile.hours(0, 56, out=single)
    whole = tile.hours(0, 56)
    seen = whole > 1e-3
    assert float(np.abs(single[seen] / whole[seen] - 1.0).max()) < 1e-6


def test_a_lag_that_carries_a_dose_past_midnight_loses_nothing(model: Model) -> None:
    people = Population.of(model, lag=np.array([0.0, 5.9]))
    late = Regimen((Dose(20.0, 40), Dose(26.0, 40)), 2)
    tile = tile_of(people, laid_out(late, follow_days=2), 0, 2, Options())
    assert max(worst(tile, patient, 3) for patient in range(2)) < 1e-9
    days = tile_of(people, laid_out(late, follow_days=2), 0, 2, Options(), hours=False)
    assert np.allclose(days.states, tile.states, rtol=1e-11, atol=0)
