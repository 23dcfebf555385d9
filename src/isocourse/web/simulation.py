"""A simulation as the workbench asks for it: few enough patients that it answers while somebody waits, and the same code as the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isocourse.kinetics.knowledge import KineticKnowledge
    from isocourse.kinetics.outcome import Outcome

FORMULATIONS = ("conventional", "lidose", "micronised")
FOODS = ("meal", "high_fat", "fasted")
SEXES = ("mixed", "female", "male")
MOST_PATIENTS = 2000
MOST_WEEKS = 60
BACKEND = "numpy"
"""The engine that needs no warming up; all give the same patients."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came out, with what it rests on."""

    knowledge: KineticKnowledge
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Crowd:
    """The virtual patients, and what they take."""

    dose_mg: float
    times_a_day: int = 1
    weeks: int = 20
    per_kg: bool = False
    formulation: str = "conventional"
    food: str = "meal"
    weight_kg: float = 70.0
    patients: int = 300
    seed: int = 1
    sex: str = "mixed"


def simulated(asked: Crowd, *, curves: bool) -> Simulated:
    """The crowd on its regimen.

    Raises:
        KineticsError: a regimen that contradicts itself or lies outside what the model speaks of.
    """
    from isocourse.app.simulate import load_kinetics  # arrays are loaded by the first who asks for a simulation
    from isocourse.kinetics import Population, Regimen
    from isocourse.kinetics.outcome import Question, answered

    knowledge = load_kinetics()
    population = Population(
        knowledge.model,
        asked.patients,
        asked.seed,
        asked.weight_kg,
        0.0,
        "healthy",
        "adult",
        {"mixed": None, "female": True, "male": False}[asked.sex],
    )
    regimen = Regimen.daily(
        asked.dose_mg,
        times_a_day=asked.times_a_day,
        weeks=float(asked.weeks),
        formulation=asked.formulation,
        food=asked.food,
        per_kg=asked.per_kg,
    )
    question = replace(Question(), bands=curves, backend=BACKEND)
    return Simulated(knowledge, answered(population, (regimen,), question))
