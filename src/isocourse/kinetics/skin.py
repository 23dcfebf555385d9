"""Sebum, gland and lesions of a crowd: how far they fall, and when sebum is back, always with the threshold that is called back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from isocourse.kinetics import lesions, sebum
from isocourse.kinetics.observe import BandTable, Column, Observer, Scene
from isocourse.kinetics.sketch import Sketch
from isocourse.kinetics.tile import Tile

THRESHOLDS = (0.70, 0.75, 0.80, 0.85, 0.90)
"""What may be called recovered, as a fraction of sebum before treatment."""
ROWS = ("sebum", "gland", "lesions")


@dataclass(frozen=True, slots=True)
class Skin(Observer):
    """Sebum at the end of the course, its lowest, recovery for each threshold, lesions; and bands by day."""

    thresholds: tuple[float, ...] = THRESHOLDS
    quantiles: tuple[float, ...] = (0.05, 0.5, 0.95)
    with_lesions: bool = True
    bands: bool = True

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """One number for each patient and definition."""
        pools = self._pools(scene, tile)
        stop = scene.plan.regimen.days
        words = f"at the end of day {stop}, as a fraction of before treatment"
        yield Column("sebum.end", "of baseline", f"sebum {words}", "fitted", pools.sebum[stop])
        yield Column("sebum.lowest", "of baseline", "lowest sebum on any day", "fitted", pools.sebum.min(axis=0))
        yield Column("gland.end", "of baseline", f"gland mass {words}", "fitted", pools.gland[stop])
        back = sebum.weeks_to_recover(pools, stop, self.thresholds, scene.model.sebum, tile.people.regrowth)
        for threshold, weeks in zip(self.thresholds, back, strict=True):
            yield Column(
                f"sebum.weeks_to_{threshold:.2f}",
                "weeks",
                f"weeks after the course until sebum is at {threshold:.2f} of before treatment for good",
                "fitted",
                weeks,
            )
        if self.with_lesions:
            for name, nodules in (("lesions", False), ("nodules", True)):
                course = lesions.followed(pools.sebum, scene.model.lesions, tile.people.flare, nodules=nodules)
                basis = "assumed" if nodules else "low confidence"
                yield Column(f"{name}.end", "of baseline", f"{name} {words}", basis, course[stop])

    def sketch(self, scene: Scene, species: int) -> Sketch | None:
        """An empty sketch for each day."""
        return Sketch.empty((scene.plan.days, len(ROWS) if self.with_lesions else 2, 1)) if self.bands else None

    def count(self, scene: Scene, tile: Tile, sketch: Sketch) -> None:
        """Counts the end of every day."""
        pools = self._pools(scene, tile)
        rows = [pools.sebum, pools.gland]
        if self.with_lesions:
            rows.append(lesions.followed(pools.sebum, scene.model.lesions, tile.people.flare))
        sketch.add(np.stack([row[1:].T for row in rows], axis=2)[..., None])

    def table(self, scene: Scene, sketch: Sketch) -> BandTable:
        """Percentiles by day."""
        return BandTable(
            "skin",
            "of baseline",
            "fitted; lesions low confidence",
            ROWS[: sketch.shape[1]],
            self.quantiles,
            sketch.quantiles(self.quantiles),
            24.0,
        )

    def _pools(self, scene: Scene, tile: Tile) -> sebum.Pools:
        def make() -> sebum.Pools:
            return tile.sebum(tile.areas()[0] / 24.0, scene.model.sebum)

        return tile.room.once("pools", (tile.start, id(scene)), make)
