"""Runs a crowd of virtual patients through a regimen, tile by tile, and keeps what the observers ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np

from isocourse.kinetics.backends import Backend, backend_named
from isocourse.kinetics.observe import BandTable, Column, Exposure, Observer, Peak, Scene, TotalDose, Trough, Washout
from isocourse.kinetics.plan import Plan, laid_out
from isocourse.kinetics.population import Population
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.regimen import Regimen
from isocourse.kinetics.room import Room
from isocourse.kinetics.sketch import Sketch
from isocourse.kinetics.summary import Summary, summarised
from isocourse.kinetics.tile import Options

TILE = 1000
"""Patients followed at a time; no number depends on it."""
FOLLOW_DAYS = 28
Progress = Callable[[int, int], None]
"""Called with patients done and patients in all."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What came out: one column for each quantity, bands, and everything needed to run it again."""

    columns: tuple[Column, ...]
    bands: tuple[BandTable, ...]
    population: Population
    plan: Plan
    options: Options
    backend: str

    def column(self, name: str) -> Column:
        """One quantity.

        Raises:
            KineticsError: nothing of that name was observed.
        """
        for each in self.columns:
            if each.name == name:
                return each
        raise KineticsError(
            "simulation",
            f'no column "{name}"',
            f"one of {', '.join(each.name for each in self.columns)}",
            "observe it, or correct the name",
        )

    def band(self, name: str) -> BandTable:
        """Percentiles over time: `levels`, or `skin` where it was observed.

        Raises:
            KineticsError: nothing of that name was observed.
        """
        for each in self.bands:
            if each.name == name:
                return each
        known = ", ".join(each.name for each in self.bands) or "none"
        raise KineticsError("simulation", f'no band "{name}"', f"one of {known}", "observe it, or correct the name")

    def summary(self, name: str) -> Summary:
        """Mean, CV, geometric mean and percentiles of one quantity."""
        return summarised(self.column(name).values)


def default_observers() -> tuple[Observer, ...]:
    """What is kept when nothing else is asked for."""
    return (TotalDose(), Exposure(), Trough(), Peak(), Washout())


def simulate(
    population: Population,
    regimen: Regimen | Plan,
    observe: Sequence[Observer] | None = None,
    *,
    follow_days: int = FOLLOW_DAYS,
    step_h: float = 1.0,
    options: Options | None = None,
    backend: str = "auto",
    tile: int = TILE,
    threads: int = 1,
    progress: Progress | None = None,
) -> Simulation:
    """Follows every patient through the regimen, exactly.

    Args:
        population: who they are.
        regimen: what they take; a plan brings its own follow-up and step.
        observe: what to keep; exposure, trough, peak and washout by default.
        follow_days: days watched after the course.
        step_h: the grid on which peaks and bands are read; states are exact whatever it is.
        options: which optional parts of the model are on.
        backend: numpy, numba, jax, or auto.
        tile: patients at a time; no number depends on it.
        threads: how many tiles at once; no number depends on it.
        progress: called after each tile.

    Raises:
        KineticsError: a population, regimen or question that contradicts itself.
    """
    plan = regimen if isinstance(regimen, Plan) else laid_out(regimen, follow_days=follow_days, step_h=step_h)
    chosen = Options() if options is None else options
    observers = tuple(default_observers() if observe is None else observe)
    if tile < 1 or threads < 1:
        raise KineticsError("simulate", f"tile {tile}, threads {threads}", "1 or more", "correct them")
    engine = backend_named(backend, population, plan, chosen)
    job = _Job(Scene(population, plan), observers, engine, chosen, tile, threads, progress)
    parts, sketches = job.run()
    columns = tuple(
        replace(first, values=np.concatenate([part[place].values for part in parts]))
        for place, first in enumerate(parts[0])
    )
    tables = (
        each.table(job.scene, sketch) for each, sketch in zip(observers, sketches, strict=True) if sketch is not None
    )
    return Simulation(
        columns, tuple(table for table in tables if table is not None), population, plan, chosen, engine.name
    )


@dataclass(slots=True)
class _Job:
    scene: Scene
    observers: tuple[Observer, ...]
    engine: Backend
    options: Options
    tile: int
    threads: int
    progress: Progress | None
    done: int = 0
    lock: Lock = field(default_factory=Lock)

    def run(self) -> tuple[list[list[Column]], list[Sketch | None]]:
        starts = list(range(0, self.scene.population.n, self.tile))
        shares = [starts[worker :: self.threads] for worker in range(min(self.threads, len(starts)))]
        if len(shares) == 1:
            found = [self.work(shares[0])]
        else:
            with ThreadPoolExecutor(len(shares)) as pool:
                found = list(pool.map(self.work, shares))
        parts = dict(pair for columns, _ in found for pair in columns)
        sketches = found[0][1]
        for _, others in found[1:]:
            for kept, other in zip(sketches, others, strict=True):
                if kept is not None and other is not None:
                    kept.merge(other)
        return [parts[start] for start in starts], sketches

    def work(self, starts: list[int]) -> tuple[list[tuple[int, list[Column]]], list[Sketch | None]]:
        hours = any(each.needs_hours(self.scene) for each in self.observers)
        species = 4 if self.options.tretinoin else 3
        sketches = [each.sketch(self.scene, species) for each in self.observers]
        found, room = [], Room()
        for start in starts:
            stop = min(start + self.tile, self.scene.population.n)
            tile = self.engine.follow(
                self.scene.population, self.scene.plan, start, stop, self.options, hours=hours, room=room
            )
            columns: list[Column] = []
            for each, sketch in zip(self.observers, sketches, strict=True):
                columns.extend(_kept(column) for column in each.columns(self.scene, tile))
                if sketch is not None:
                    each.count(self.scene, tile, sketch)
            found.append((start, columns))
            self.tell(stop - start)
        return found, sketches

    def tell(self, more: int) -> None:
        with self.lock:
            self.done += more
            if self.progress is not None:
                self.progress(self.done, self.scene.population.n)


def _kept(column: Column) -> Column:
    """The column with numbers of its own, since a tile's memory is used again."""
    return replace(column, values=column.values.copy())
