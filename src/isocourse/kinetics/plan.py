"""A regimen laid on a grid: the places in the day where doses fall, and how much falls there on each day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from isocourse.kinetics.draws import ADHERENCE, DOSES, Floats, normals, uniforms
from isocourse.kinetics.population import People, Population
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.regimen import HOURS, Regimen


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the day: a clock time, and what is taken there."""

    clock_h: float
    gut: int
    """Which absorption, as an index into `Plan.absorptions`."""
    steady_every_h: float = 0.0
    """Above 0: not a dose, but what doses at this interval for ever before have left at this time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A regimen on a grid of equal steps."""

    regimen: Regimen
    absorptions: tuple[tuple[str, str], ...]
    """Formulation and food state of each gut compartment."""
    slots: tuple[Slot, ...]
    table: Floats
    """mg (or mg/kg), shape (days, slots); days without a dose follow the course."""
    step_h: float

    @property
    def days(self) -> int:
        """Days, follow-up included."""
        return len(self.table)

    @property
    def steps(self) -> int:
        """Steps in a day."""
        return round(HOURS / self.step_h)

    def taken(self, population: Population, people: People, start: int) -> Floats:
        """mg taken in each slot by the patients numbered from `start`; shape (days, slots, patients).

        Missed doses belong to the patient, whatever the tile.
        """
        n = len(people)
        if self.shared:
            return np.broadcast_to(self.table[:, :, None], (*self.table.shape, n))
        amounts = np.repeat(self.table[:, :, None], n, axis=2)
        if self.regimen.per_kg:
            amounts *= people.weight_kg
        days, slots = self.table.shape
        if self.regimen.adherence < 1:
            drawn = uniforms(population.seed, ADHERENCE, start, start + n, days * slots).T.reshape(days, slots, n)
            amounts *= np.where(self.history[:, None], True, drawn < self.regimen.adherence)
        return amounts

    def occasions(self, population: Population, n: int, start: int) -> Floats:
        """By how much the available share of each dose differs from the patient's own; shape (days, slots, patients)."""
        days, slots = self.table.shape
        drawn = normals(population.seed, DOSES, start, start + n, days * slots).T.reshape(days, slots, n)
        return np.where(self.history[:, None], 1.0, np.exp(population.model.noise.occasion.value * drawn))

    @property
    def history(self) -> NDArray[np.bool_]:
        """Which slots stand for earlier doses rather than one of this course."""
        return np.array([slot.steady_every_h > 0 for slot in self.slots])

    @property
    def shared(self) -> bool:
        """Whether every patient takes the same mg."""
        return not self.regimen.per_kg and self.regimen.adherence >= 1


def laid_out(regimen: Regimen, *, follow_days: int = 0, step_h: float = 1.0) -> Plan:
    """The regimen on a grid.

    Raises:
        KineticsError: a step that does not divide a day, or a steady state that is not at the start.
    """
    steps = HOURS / step_h if step_h > 0 else 0
    if steps < 1 or abs(steps - round(steps)) > 1e-9:
        raise KineticsError("step", f"{step_h:g} h", "a whole number of steps in a day", "take 1, 0.5, 0.25 or 0.1")
    if follow_days < 0:
        raise KineticsError("follow-up", f"{follow_days} days", "0 or more", "correct it")
    guts: dict[tuple[str, str], int] = {}
    slots: dict[Slot, int] = {}
    entries = []
    for dose in regimen.doses:
        gut = guts.setdefault((dose.formulation, dose.food), len(guts))
        day, clock = divmod(dose.time_h, HOURS)
        for slot in (Slot(clock, gut), *([Slot(clock, gut, dose.steady_every_h)] if dose.steady_every_h else [])):
            entries.append((int(day), slots.setdefault(slot, len(slots)), dose.amount))
    if len(slots) > MOST_SLOTS:
        raise KineticsError(
            "regimen",
            f"{len(slots)} different times of day, formulations and food states",
            f"at most {MOST_SLOTS}",
            "round the dosing times",
        )
    table = np.zeros((regimen.days + follow_days, len(slots)))
    for day_number, place, amount in entries:
        table[day_number, place] += amount
    return Plan(regimen, tuple(guts), tuple(slots), table, step_h)


MOST_SLOTS = 96
"""More would not fit the day blocks."""
