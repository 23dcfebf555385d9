"""Doses to concentrations to sebum, for one virtual patient or millions: exact between doses, and nothing stored unless asked.

    from isocourse.app.simulate import load_kinetics
    from isocourse.kinetics import Population, Regimen, simulate

    people = Population.sample(load_kinetics().model, 1000, seed=1, weight_kg=58)
    course = Regimen.daily(20, times_a_day=2, weeks=20).switched(50, food="fasted")
    simulate(people, course).summary("parent.trough").mean

No input or output, no clock, and nothing of rules and records here.
"""

from isocourse.kinetics.cube import Cube, cube_bytes
from isocourse.kinetics.observe import (
    Band,
    BandTable,
    Column,
    Exposure,
    HalfLife,
    Observer,
    Peak,
    TimeAbove,
    TotalDose,
    Trough,
    Washout,
)
from isocourse.kinetics.parameters import Model, Parameter
from isocourse.kinetics.population import Population
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.regimen import Dose, Regimen
from isocourse.kinetics.simulate import Simulation, simulate
from isocourse.kinetics.skin import Skin
from isocourse.kinetics.summary import Summary
from isocourse.kinetics.tile import Options

__all__ = [
    "Band",
    "BandTable",
    "Column",
    "Cube",
    "Dose",
    "Exposure",
    "HalfLife",
    "KineticsError",
    "Model",
    "Observer",
    "Options",
    "Parameter",
    "Peak",
    "Population",
    "Regimen",
    "Simulation",
    "Skin",
    "Summary",
    "TimeAbove",
    "TotalDose",
    "Trough",
    "Washout",
    "cube_bytes",
    "simulate",
]
