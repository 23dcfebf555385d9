"""Dosing tables as pharmacometricians write them."""

import pytest

from isocourse.facts.problem import ReadError
from isocourse.kinetics import Dose, Regimen
from isocourse.reading.event_table import read_event_table


def read(*lines: str, patient: str = "") -> Regimen:
    return read_event_table("\n".join(lines), "doses.csv", patient=patient)


def test_addl_and_ii_are_written_out() -> None:
    regimen = read("ID,TIME,EVID,AMT,II,ADDL,SS", "1,0,1,20,12,3,0", "1,5,0,.,.,.,.")
    assert [(dose.time_h, dose.amount) for dose in regimen.doses] == [(0, 20), (12, 20), (24, 20), (36, 20)]
    assert regimen.days == 2


def test_steady_state_is_kept_with_its_interval() -> None:
    assert read("TIME,AMT,II,SS", "0,20,12,1").doses == (Dose(0, 20, steady_every_h=12),)


def test_formulation_and_food_may_stand_in_the_table() -> None:
    dose = read("TIME,AMT,FORM,FOOD", "0,16,lidose,fasted").doses[0]
    assert (dose.formulation, dose.food) == ("lidose", "fasted")


def test_one_patient_is_taken_by_id() -> None:
    lines = ("ID,TIME,AMT", "a,0,20", "b,0,40")
    assert read(*lines, patient="b").doses[0].amount == 40
    with pytest.raises(ReadError, match="2 patients are in the table"):
        read(*lines)
    with pytest.raises(ReadError, match='no patient "c"'):
        read(*lines, patient="c")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(("",), "TIME", id="nothing"),
        pytest.param(("TIME,AMOUNT", "0,5"), 'no column "AMOUNT"', id="unknown-column"),
        pytest.param(("ID,TIME", "1,0"), "no column AMT", id="no-amount"),
        pytest.param(("TIME,AMT", "0,twenty"), 'doses.csv:2:1: AMT "twenty" is not a number', id="no-number"),
        pytest.param(("TIME,AMT", "-3,20"), "TIME -3 is below 0", id="before-the-start"),
        pytest.param(("TIME,AMT,ADDL", "0,20,5"), "needs an interval II", id="addl-without-ii"),
        pytest.param(("TIME,AMT,ADDL,II", "0,20,1.5,12"), "a whole number", id="half-a-dose-more"),
        pytest.param(("TIME,AMT,SS,II", "0,20,3,12"), "0, 1 or 2 are read", id="unknown-ss"),
        pytest.param(("TIME,AMT,RATE", "0,20,5"), "this model is oral", id="infusion"),
        pytest.param(("TIME,AMT,EVID", "0,20,4"), "resets are not in this model", id="reset"),
        pytest.param(("TIME,AMT,CMT", "0,20,2"), "compartment 1", id="into-the-blood"),
        pytest.param(("TIME,AMT,EVID", "0,0,1"), "no AMT above 0", id="dose-of-nothing"),
        pytest.param(("TIME,AMT", "0,0"), "no dose is in the table", id="no-dose"),
        pytest.param(("TIME,AMT,FOOD", "0,20,fastd"), 'did you mean "fasted"', id="misspelt-food"),
        pytest.param(("TIME,AMT,SS,II", "0,20,0,0", "24,20,1,12"), "use SS 2", id="steady-state-later"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(ReadError, match=said):
        read(*lines)
