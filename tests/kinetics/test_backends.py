"""Every engine follows the same patients to the same levels."""

from importlib.util import find_spec

import numpy as np
import pytest

from isocourse.kinetics import (
    Band,
    Exposure,
    KineticsError,
    Model,
    Options,
    Peak,
    Population,
    Regimen,
    Skin,
    TotalDose,
    Trough,
    Washout,
    simulate,
)

SWITCHED = Regimen.daily(20, times_a_day=2, weeks=2, food="high_fat").then(Regimen.daily(32, weeks=1, food="fasted"))
COURSES = {
    "twice-a-day": (Regimen.daily(20, times_a_day=2, weeks=2), Options()),
    "once-a-day": (Regimen.daily(40, weeks=2), Options()),
    "switched": (SWITCHED, Options()),
    "missed-by-chance": (SWITCHED.adhered(0.7), Options(occasions=True)),
    "per-kg": (Regimen.daily(0.3, times_a_day=3, weeks=1, per_kg=True), Options()),
}
WATCH = [TotalDose(), Exposure(), Trough(), Peak(), Washout(), Skin(), Band()]


def needs(package: str) -> None:
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed; this engine was not tested")


def agree(model: Model, backend: str, name: str) -> None:
    regimen, options = COURSES[name]
    people = Population.sample(model, 77, seed=3, variability="clinic", weight_log_sd=0.2)
    one = simulate(people, regimen, WATCH, follow_days=30, options=options, backend="numpy")
    other = simulate(people, regimen, WATCH, follow_days=30, options=options, backend=backend, tile=50)
    assert other.backend == backend
    for ours, theirs in zip(one.columns, other.columns, strict=True):
        assert np.allclose(ours.values, theirs.values, rtol=1e-9, atol=1e-12), ours.name
    for band, same in zip(one.bands, other.bands, strict=True):
        assert np.allclose(band.levels, same.levels, rtol=1e-6, atol=1e-12)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", COURSES)
def test_compiled_code_agrees_with_numpy(model: Model, name: str) -> None:
    needs("numba")
    agree(model, "numba", name)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["twice-a-day", "switched"])
def test_jax_agrees_with_numpy(model: Model, name: str) -> None:
    needs("jax")
    agree(model, "jax", name)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_threads_and_tiles_change_no_bit_of_compiled_code(model: Model) -> None:
    needs("numba")
    people = Population.sample(model, 300, seed=8)
    runs = [
        simulate(people, SWITCHED, WATCH, backend="numba", tile=tile, threads=threads)
        for tile, threads in ((300, 1), (64, 1), (33, 2))
    ]
    for column in runs[0].columns:
        for run in runs[1:]:
            assert np.array_equal(column.values, run.column(column.name).values), column.name


def test_an_unknown_engine_or_one_that_cannot_is_refused(model: Model) -> None:
    people, once = Population.typical(model), Regimen.single(80)
    with pytest.raises(KineticsError, match="backend"):
        simulate(people, once, backend="fortran")
    if find_spec("numba"):
        with pytest.raises(KineticsError, match="use numpy for these options"):
            simulate(people, once, backend="numba", options=Options(tretinoin=True))
