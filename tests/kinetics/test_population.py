"""A patient is the same whatever is simulated beside it, and one that no body could have is refused."""

from dataclasses import replace

import numpy as np
import pytest

from isocourse.kinetics import KineticsError, Model, Population, Regimen, simulate
from isocourse.kinetics.draws import DOSES, PEOPLE, normals, uniforms

ONE_WEEK = Regimen.daily(20, times_a_day=2, days=7)


def test_a_patient_keeps_its_numbers_whatever_the_crowd(model: Model) -> None:
    small, large = Population.sample(model, 10, seed=4), Population.sample(model, 1000, seed=4)
    assert (small.people().clearance_l_h == large.people(0, 10).clearance_l_h).all()
    assert (large.people(7, 9).central_l == large.people().central_l[7:9]).all()


@pytest.mark.parametrize(("tile", "threads"), [(1000, 1), (7, 1), (64, 3), (100, 2)])
def test_neither_tiles_nor_threads_change_a_bit(model: Model, tile: int, threads: int) -> None:
    people = Population.sample(model, 150, seed=2)
    plan = ONE_WEEK.adhered(0.8)
    whole = simulate(people, plan, tile=150)
    parts = simulate(people, plan, tile=tile, threads=threads)
    assert [each.name for each in whole.columns] == [each.name for each in parts.columns]
    for one, other in zip(whole.columns, parts.columns, strict=True):
        assert np.array_equal(one.values, other.values), one.name


def test_numbers_of_two_purposes_and_two_seeds_differ() -> None:
    found = [normals(seed, purpose, 0, 50, 4) for seed in (1, 2) for purpose in (PEOPLE, DOSES)]
    assert len({each.tobytes() for each in found}) == 4


def test_drawn_numbers_have_the_spread_that_they_should() -> None:
    drawn = normals(1, PEOPLE, 0, 20000, 6)
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    flat = uniforms(1, PEOPLE, 0, 20000, 3)
    assert 0 < flat.min() < flat.max() < 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"weight_kg": -70.0}, "weight: -70 kg; expected above 0", id="negative-weight"),
        pytest.param({"weight_kg": float("nan")}, "weight: nan kg", id="weight-that-is-no-number"),
        pytest.param({"weight_kg": 12.0}, "does not reach small children", id="a-small-child"),
        pytest.param({"n": 0}, "patients: 0", id="nobody"),
        pytest.param({"seed": -1}, "seed: -1", id="negative-seed"),
    ],
)
def test_a_crowd_that_cannot_be_is_refused(model: Model, given: dict[str, float], said: str) -> None:
    with pytest.raises(KineticsError, match=said):
        Population(model, **given)  # type: ignore[arg-type]


def test_a_clearance_of_zero_is_refused(model: Model) -> None:
    with pytest.raises(KineticsError, match="clearance 0; expected a value above zero"):
        Population.of(model, clearance=np.array([8.0, 0.0]))
    still = replace(model.disposition, clearance=replace(model.disposition.clearance, value=0.0))
    with pytest.raises(KineticsError, match=r"disposition.clearance: 0 L/h; expected a value above zero"):
        Population(replace(model, disposition=still), 5)


def test_a_lag_as_long_as_the_interval_is_refused(model: Model) -> None:
    people = Population.of(model, lag=np.array([1.0, 12.0]))
    with pytest.raises(
        KineticsError, match="lag of conventional meal: 12 h; expected less than the shortest dosing interval of 12 h"
    ):
        simulate(people, ONE_WEEK)
    simulate(people, Regimen.daily(40, days=7))


def test_a_drawn_lag_stays_below_the_interval(model: Model) -> None:
    people = Population.sample(model, 3000, variability="clinic")
    how = model.absorbed("conventional", "high_fat")
    assert people.absorbed(people.people(), how, 0, 12.0).lag_h.max() < 12.0
    assert people.absorbed(people.people(), how, 0, float("inf")).lag_h.max() == 16.0


def test_weight_scales_clearance_and_volume(model: Model) -> None:
    light, heavy = (Population.typical(model, weight_kg=kg).people() for kg in (50.0, 100.0))
    assert heavy.clearance_l_h[0] / light.clearance_l_h[0] == pytest.approx(2**0.75)
    assert heavy.central_l[0] / light.central_l[0] == pytest.approx(2)


def test_clinic_patients_vary_more(model: Model) -> None:
    healthy, clinic = (
        simulate(Population.sample(model, 400, variability=kind), ONE_WEEK).summary("parent.mean").cv_percent or 0
        for kind in ("healthy", "clinic")
    )
    assert clinic > healthy + 5
