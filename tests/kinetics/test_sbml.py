"""Our SBML, run by other programs, gives our levels."""

from importlib.util import find_spec
from xml.etree import ElementTree

import numpy as np
import pytest

from isocourse.kinetics import Dose, KineticsError, Model, Options, Population, Regimen
from isocourse.kinetics.plan import laid_out
from isocourse.kinetics.sbml import sbml, sbml_of
from isocourse.kinetics.tile import tile_of

COURSE = Regimen.daily(20, times_a_day=2, days=10, food="high_fat").then(Regimen.daily(30, days=10, food="fasted"))
HOURS = 20 * 24


def ours(model: Model, patient: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    tile = tile_of(Population.sample(model, 10, seed=3), laid_out(COURSE), 0, 10, Options())
    return np.ascontiguousarray(tile.hours(0, 20)[patient].transpose(0, 2, 1)).reshape(-1, 3)


def difference(
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]], exact: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> float:
    return float((np.abs(found - exact) / exact.max(axis=0)).max())


def test_the_document_is_well_formed_and_holds_every_dose(model: Model) -> None:
    root = ElementTree.fromstring(sbml(model, COURSE))
    space = {"s": "http://www.sbml.org/sbml/level3/version1/core"}
    assert len(root.findall(".//s:event", space)) == len(COURSE.doses)
    assert {each.get("id") for each in root.findall(".//s:species", space)} == {
        "gut0",
        "gut1",
        "central",
        "peripheral",
        "metabolite",
    }


def test_what_sbml_cannot_hold_is_refused(model: Model) -> None:
    with pytest.raises(KineticsError, match="write the doses out"):
        sbml(model, COURSE.adhered(0.5))
    with pytest.raises(KineticsError, match="write the doses out"):
        sbml(model, Regimen((Dose(0, 20, steady_every_h=12),), 1))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("patient", [0, 7])
def test_libroadrunner_agrees(model: Model, patient: int) -> None:
    if find_spec("roadrunner") is None:
        pytest.skip("libroadrunner is not installed; our SBML was not run by it")
    import roadrunner

    made = roadrunner.RoadRunner(sbml_of(Population.sample(model, 10, seed=3), patient, COURSE))
    made.integrator.relative_tolerance, made.integrator.absolute_tolerance = 1e-10, 1e-12
    made.timeCourseSelections = ["parent", "tissue", "oxo"]
    found = np.array(made.simulate(0, HOURS, HOURS + 1))[1:]
    assert difference(found, ours(model, patient)) < 1e-6


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("patient", [0, 7])
def test_copasi_agrees(model: Model, patient: int) -> None:
    if find_spec("basico") is None:
        pytest.skip("copasi-basico is not installed; our SBML was not run by COPASI")
    import basico

    basico.load_model_from_string(sbml_of(Population.sample(model, 10, seed=3), patient, COURSE))
    frame = basico.run_time_course(
        start_time=0, duration=HOURS, intervals=HOURS, r_tol=1e-9, a_tol=1e-12, max_steps=10_000_000
    )
    found = np.stack([frame[f"Values[{name}]"].to_numpy()[1:] for name in ("parent", "tissue", "oxo")], axis=1)
    assert difference(found, ours(model, patient)) < 1e-6
