"""One question put to several regimens on the same crowd, with every definition that the answer depends on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from isocourse.kinetics.capsules import capsules
from isocourse.kinetics.observe import (
    Band,
    Exposure,
    HalfLife,
    Observer,
    Peak,
    TimeAbove,
    TotalDose,
    Trough,
    Washout,
)
from isocourse.kinetics.population import Population
from isocourse.kinetics.regimen import Regimen
from isocourse.kinetics.relapse import Share, relapsed
from isocourse.kinetics.simulate import Simulation, simulate
from isocourse.kinetics.skin import Skin
from isocourse.kinetics.tile import Options

WASHOUT_DAYS = (7, 10, 14, 21, 28)
"""Days after the last dose for which the share below endogenous is told."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with every definition that an answer depends on."""

    windows: tuple[tuple[float, float], ...] = ((24.0, 72.0),)
    """Half-life windows, hours after the last dose."""
    levels: tuple[float, ...] = ()
    """Levels in ng/mL for time above."""
    thresholds: tuple[float, ...] = (0.70, 0.75, 0.80, 0.85, 0.90)
    relapse_years: tuple[float, ...] = (1.0, 3.0, 9.0)
    washout_days: tuple[int, ...] = WASHOUT_DAYS
    """Days after the last dose for which the share below endogenous is told."""
    follow_days: int = 28
    step_h: float = 1.0
    options: Options = field(default_factory=Options)
    residual: bool = False
    endogenous: bool = False
    bands: bool = False
    backend: str = "auto"
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out for one regimen."""

    regimen: Regimen
    simulation: Simulation
    relapse: tuple[tuple[float, Share], ...]
    """Years, and the share of a cohort with this total dose."""
    capsules: int | None
    washout: tuple[tuple[int, float], ...]
    """Days after the last dose, and the share of patients below endogenous by then."""


def answered(
    population: Population,
    regimens: Sequence[Regimen],
    question: Question,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Outcome, ...]:
    """Each regimen on the same crowd.

    Raises:
        KineticsError: a regimen or question that contradicts itself.
    """
    total = population.n * len(regimens)
    found = []
    for number, regimen in enumerate(regimens):
        done = number * population.n
        told = None if progress is None else _shifted(progress, done, total)
        found.append(_outcome(population, regimen, question, told))
    return tuple(found)


def _shifted(progress: Callable[[int, int], None], before: int, total: int) -> Callable[[int, int], None]:
    return lambda done, _: progress(before + done, total)


def _outcome(
    population: Population, regimen: Regimen, question: Question, progress: Callable[[int, int], None] | None
) -> Outcome:
    peak = Peak("last" if regimen.days > 1 and regimen.on_day(regimen.days - 1) else "course")
    observers: list[Observer] = [TotalDose(), Exposure(), Trough(), peak, Washout()]
    observers += [HalfLife(low, high) for low, high in question.windows]
    observers += [HalfLife(low, high, "oxo") for low, high in question.windows]
    observers += [TimeAbove(level) for level in question.levels]
    observers.append(Skin(question.thresholds, bands=question.bands))
    if question.bands:
        observers.append(Band(residual=question.residual, endogenous=question.endogenous))
    longest = max((high for _, high in question.windows), default=0.0)
    made = simulate(
        population,
        regimen,
        observers,
        follow_days=max(question.follow_days, int(longest // 24) + 1),
        step_h=question.step_h,
        options=question.options,
        backend=question.backend,
        threads=question.threads,
        progress=progress,
    )
    dose = made.summary("dose_mg_per_kg").mean or 0.0
    relapse = tuple(
        (years, relapsed(population.model.relapse, dose, years, population.female)) for years in question.relapse_years
    )
    days = made.column("washout_days").values
    washout = tuple((day, float((days <= day).mean())) for day in question.washout_days if day <= question.follow_days)
    return Outcome(regimen, made, relapse, capsules(regimen, population.weight_kg), washout)
