"""What is kept of a simulation: one number for each patient, or percentile bands over time; never the whole unless asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from isocourse.kinetics.draws import ASSAYS, Floats, normals
from isocourse.kinetics.parameters import Model
from isocourse.kinetics.plan import Plan
from isocourse.kinetics.population import Population
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.sketch import Sketch
from isocourse.kinetics.tile import SPECIES, SUB_TILE, Tile, day_of_last_dose

NAMES = {"parent": "isotretinoin", "oxo": "4-oxo-isotretinoin", "tretinoin": "tretinoin", "tissue": "peripheral pool"}


@dataclass(frozen=True, slots=True)
class Column:
    """One number for each patient, with the definition it depends on."""

    name: str
    unit: str
    definition: str
    basis: str
    """fitted, assumed or low confidence: what the number rests on."""
    values: Floats


@dataclass(frozen=True, slots=True)
class Scene:
    """What every observer may need to know beside the tile."""

    population: Population
    plan: Plan

    @property
    def model(self) -> Model:
        """The annotated parameters."""
        return self.population.model


class Observer:
    """Turns followed patients into columns or counts."""

    def needs_hours(self, scene: Scene) -> bool:
        """Whether levels within a day are asked for."""
        return False

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """Numbers for each patient of the tile; none by default."""
        return iter(())

    def sketch(self, scene: Scene, species: int) -> Sketch | None:
        """An empty sketch to count into; none by default."""
        return None

    def count(self, scene: Scene, tile: Tile, sketch: Sketch) -> None:
        """Counts the tile's levels into the sketch."""

    def table(self, scene: Scene, sketch: Sketch) -> BandTable | None:
        """Percentiles read from a full sketch; none by default."""
        return None


@dataclass(frozen=True, slots=True)
class BandTable:
    """Percentiles over time."""

    name: str
    unit: str
    basis: str
    rows: tuple[str, ...]
    """What is shown: species, or sebum, gland, lesions."""
    quantiles: tuple[float, ...]
    levels: Floats
    """Shape (quantiles, days, rows, steps)."""
    step_h: float


def _shown(tile: Tile) -> list[tuple[int, str]]:
    """The species that tables show: parent, 4-oxo, and tretinoin where it is followed."""
    return [(place, name) for place, name in enumerate(SPECIES[: tile.species]) if name != "tissue"]


def _basis(name: str) -> str:
    return "low confidence" if name == "tretinoin" else "fitted"


@dataclass(frozen=True, slots=True)
class Trough(Observer):
    """The level 24 h after the start of the last day of the course, before a further dose."""

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """One column for each species."""
        day = scene.plan.regimen.days - 1
        ends = tile.ends()[:, day]
        for place, name in _shown(tile):
            words = f"{NAMES[name]} in plasma at the end of day {day + 1}, from the drug alone"
            yield Column(f"{name}.trough", "ng/mL", words, _basis(name), ends[place])


@dataclass(frozen=True, slots=True)
class Exposure(Observer):
    """Area under the curve by mass balance, and the mean level of the last day of the course."""

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """Total and last-day areas of parent and 4-oxo."""
        areas, day = tile.areas(), scene.plan.regimen.days - 1
        for place, name in enumerate(("parent", "oxo")):
            yield Column(
                f"{name}.auc",
                "ng h/mL",
                f"area under {NAMES[name]} from the first dose to day {scene.plan.days}",
                "fitted",
                areas[place].sum(axis=0),
            )
            yield Column(
                f"{name}.mean",
                "ng/mL",
                f"mean {NAMES[name]} in plasma over day {day + 1}",
                "fitted",
                areas[place, day] / 24.0,
            )
        once = len(scene.plan.regimen.doses) == 1
        oxo, parent = (areas[place].sum(axis=0) if once else areas[place, day] for place in (1, 0))
        words = f"the first {scene.plan.days} days" if once else f"day {day + 1}"
        yield Column(
            "oxo_over_parent", "ratio", f"4-oxo over parent, areas of {words}", "fitted", oxo / np.maximum(parent, TINY)
        )


TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Peak(Observer):
    """The highest level and when it stands, on the grid of the plan; of the first day, the last day, or the whole course."""

    of: str = "course"

    def needs_hours(self, scene: Scene) -> bool:
        """Levels within the day are read."""
        return True

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """Cmax and Tmax of each species."""
        days, step = scene.plan.regimen.days, scene.plan.step_h
        spans = {"course": (0, scene.plan.days), "last": (days - 1, days), "first": (0, 1)}
        if self.of not in spans:
            raise KineticsError("peak", f'of "{self.of}"', f"one of {', '.join(spans)}", "choose one of these")
        first, last = spans[self.of]
        highest, hour = tile.peaks(first, last)
        words = "the whole course" if self.of == "course" else f"day {last}"
        for place, name in _shown(tile):
            yield Column(
                f"{name}.cmax",
                "ng/mL",
                f"highest {NAMES[name]} in {words}, every {step:g} h",
                _basis(name),
                highest[place],
            )
            yield Column(
                f"{name}.tmax",
                "h",
                f"hour of that level, from the start of day {first + 1}, every {step:g} h",
                _basis(name),
                hour[place],
            )


@dataclass(frozen=True, slots=True)
class TimeAbove(Observer):
    """How many hours a level was exceeded."""

    level_ng_ml: float
    species: str = "parent"

    def needs_hours(self, scene: Scene) -> bool:
        """Levels within the day are read."""
        return True

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """One column."""
        yield Column(
            f"{self.species}.hours_above_{self.level_ng_ml:g}",
            "h",
            f"hours with {NAMES[self.species]} above {self.level_ng_ml:g} ng/mL, every {scene.plan.step_h:g} h",
            _basis(self.species),
            tile.hours_above(self.level_ng_ml, species_index(tile, self.species)),
        )


def species_index(tile: Tile, name: str) -> int:
    """The place of a species.

    Raises:
        KineticsError: it is not followed here.
    """
    known = SPECIES[: tile.species]
    if name not in known:
        raise KineticsError("species", f'"{name}"', f"one of {', '.join(known)}", "choose one, or switch tretinoin on")
    return known.index(name)


@dataclass(frozen=True, slots=True)
class Washout(Observer):
    """Days after the last dose until parent and 4-oxo from the drug are both below the endogenous level for good."""

    def needs_hours(self, scene: Scene) -> bool:
        """Only where the last dose is not at the start of a day."""
        return day_of_last_dose(scene.plan)[1] > 0

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """One column; infinite where the follow-up ends first."""
        day, clock = day_of_last_dose(scene.plan)
        step = round(clock / scene.plan.step_h) or scene.plan.steps
        first = day if clock else max(day - 1, 0)  # the end of the day before is the start of this one
        levels = tile.at_step(step)[:, first:]
        base = scene.model.endogenous
        below = (levels[0] < base.parent.value) & (levels[2] < base.oxo.value)
        if clock == 0:
            below = below if day else np.concatenate([np.zeros_like(below[:1]), below])
        above = ~below
        last = len(above) - 1 - np.argmax(above[::-1], axis=0)
        days = np.where(above.any(axis=0), last + 1.0, 0.0)
        found = np.where(days >= len(above), np.inf, days)
        yield Column(
            "washout_days",
            "days",
            f"whole days after the last dose until parent is below {base.parent.value:g} and 4-oxo below {base.oxo.value:g} ng/mL",
            "assumed",
            found,
        )


@dataclass(frozen=True, slots=True)
class HalfLife(Observer):
    """The apparent half-life by a straight line through the logarithms, in a stated window after the last dose."""

    from_h: float
    to_h: float
    species: str = "parent"

    def needs_hours(self, scene: Scene) -> bool:
        """Levels within the day are read."""
        return True

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """One column."""
        day, clock = day_of_last_dose(scene.plan)
        step = scene.plan.step_h
        start = day * 24.0 + clock
        first, last = round((start + self.from_h) / step), round((start + self.to_h) / step)
        if not 0 <= self.from_h < self.to_h or last > scene.plan.days * scene.plan.steps:
            raise KineticsError(
                "half-life window",
                f"{self.from_h:g} to {self.to_h:g} h",
                f"a window within {scene.plan.days * 24 - start:g} h after the last dose",
                "choose another window or a longer follow-up",
            )
        place = species_index(tile, self.species)
        opens, closes = (first - 1) // scene.plan.steps, -(-last // scene.plan.steps)
        found = np.empty(len(tile))
        for low in range(0, len(tile), SUB_TILE):
            part = slice(low, min(low + SUB_TILE, len(tile)))
            levels = tile.hours(max(opens, 0), closes, part)[:, :, place].reshape(part.stop - low, -1)
            skip = first - 1 - max(opens, 0) * scene.plan.steps
            found[part] = _half_life(levels[:, skip : skip + last - first + 1], step)
        yield Column(
            f"{self.species}.half_life_{self.from_h:g}_{self.to_h:g}",
            "h",
            f"half-life of {NAMES[self.species]}, window {self.from_h:g} to {self.to_h:g} h after the last dose, every {step:g} h",
            "fitted",
            found,
        )


def _half_life(levels: Floats, step_h: float) -> Floats:
    logs = np.log(np.maximum(levels, TINY))
    time = np.arange(levels.shape[1]) * step_h
    centred = time - time.mean()
    slope = logs @ centred / (centred @ centred)
    with np.errstate(divide="ignore"):
        return np.where(slope < 0, np.log(2.0) / -slope, np.inf)


@dataclass(frozen=True, slots=True)
class TotalDose(Observer):
    """mg and mg/kg taken, missed doses left out."""

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """Two columns."""
        kept = tile.taken[:, ~scene.plan.history].sum(axis=(0, 1))
        yield Column("dose_mg", "mg", "all doses taken", "exact", kept)
        yield Column(
            "dose_mg_per_kg",
            "mg/kg",
            "all doses taken, by the weight in the model",
            "exact",
            kept / tile.people.weight_kg,
        )


@dataclass(frozen=True, slots=True)
class Band(Observer):
    """Percentiles over time, counted as the patients stream by.

    Bins are 1.6 % wide and read by a straight line within, so a percentile is at most 1.6 % off.
    """

    quantiles: tuple[float, ...] = (0.05, 0.5, 0.95)
    every: str = "step"
    """step, or day for the end of each day only."""
    residual: bool = False
    """Whether the assay's own error is added."""
    endogenous: bool = False
    """Whether each patient's own endogenous level is added."""

    def needs_hours(self, scene: Scene) -> bool:
        """Levels within the day are read."""
        return True

    def sketch(self, scene: Scene, species: int) -> Sketch:
        """An empty sketch: one row of bins for each species and time."""
        steps = scene.plan.steps if self.every == "step" else 1
        return Sketch.empty((scene.plan.days, species, steps))

    def count(self, scene: Scene, tile: Tile, sketch: Sketch) -> None:
        """Counts every level of the tile."""
        if self.every == "step" and not self.endogenous and not self.residual:
            tile.count_into(sketch)
            return
        for low in range(0, len(tile), SUB_TILE):
            part = slice(low, min(low + SUB_TILE, len(tile)))
            levels = tile.hours(0, scene.plan.days, part)
            if self.endogenous:
                base = tile.people.base_ng_ml[:, part].T
                for place, name in _shown(tile):
                    levels[:, :, place] += base[:, {"parent": 0, "oxo": 1, "tretinoin": 2}[name], None, None]
            if self.residual:
                levels *= noise(scene, tile.start + low, levels.shape)
            sketch.add(levels if self.every == "step" else levels[..., -1:])

    def table(self, scene: Scene, sketch: Sketch) -> BandTable:
        """Percentiles of every species."""
        extras = [word for word, on in (("assay error", self.residual), ("endogenous level", self.endogenous)) if on]
        name = "levels" + (f" with {' and '.join(extras)}" if extras else "")
        step = scene.plan.step_h if self.every == "step" else 24.0
        rows = SPECIES[: sketch.shape[1]]
        return BandTable(name, "ng/mL", "fitted", rows, self.quantiles, sketch.quantiles(self.quantiles), step)


def noise(scene: Scene, start: int, shape: tuple[int, ...]) -> Floats:
    """Proportional assay error for every level of some patients, never below 0."""
    size = scene.model.noise.residual.value
    each = int(np.prod(shape[1:]))
    drawn = normals(scene.population.seed, ASSAYS, start, start + shape[0], each)
    return np.maximum(1.0 + size * drawn, 0.0).reshape(shape)
