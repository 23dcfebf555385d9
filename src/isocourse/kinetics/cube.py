"""Every level of every patient, stored: the exception. Its size is known, and said, before anything is allocated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from isocourse.kinetics.draws import Floats
from isocourse.kinetics.observe import Column, Observer, Scene, noise
from isocourse.kinetics.plan import Plan
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.tile import SUB_TILE, Options, Tile

Shape = tuple[int, int, int, int]


def cube_shape(n: int, plan: Plan, options: Options | None = None) -> Shape:
    """(patients, days, species, steps)."""
    return n, plan.days, 4 if options is not None and options.tretinoin else 3, plan.steps


def cube_bytes(n: int, plan: Plan, *, single: bool = False, options: Options | None = None) -> int:
    """How many bytes the levels of `n` patients take.

    >>> from isocourse.kinetics.plan import laid_out
    >>> from isocourse.kinetics.regimen import Regimen
    >>> cube_bytes(1000, laid_out(Regimen.daily(40, weeks=20)))
    80640000
    """
    return int(np.prod(cube_shape(n, plan, options))) * (4 if single else 8)


def mapped(path: str, shape: Shape, *, single: bool = False) -> np.memmap[Any, Any]:
    """A new .npy file of that shape, as an array that is written through."""
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.float32 if single else np.float64, shape=shape)


@dataclass(frozen=True, slots=True)
class Cube(Observer):
    """Writes every level into an array that the caller has made, of `cube_shape`, float64 or float32.

    `out` may be a memory-mapped file. ng/mL from the drug alone, at the end of every step.
    """

    out: Floats
    residual: bool = False

    @classmethod
    def of(cls, n: int, plan: Plan, *, most_bytes: int, single: bool = False, options: Options | None = None) -> Cube:
        """A cube with memory of its own.

        Raises:
            KineticsError: it would take more than `most_bytes`; the message says how much.
        """
        size = cube_bytes(n, plan, single=single, options=options)
        if size > most_bytes:
            raise KineticsError(
                "cube",
                f"{n:,} patients x {plan.days} days x {plan.steps} steps take {size / 1e9:.2f} GB",
                f"at most {most_bytes / 1e9:.2f} GB",
                "keep summaries or bands instead, take fewer patients, or allow more",
            )
        kind = np.float32 if single else np.float64
        return cls(np.empty(cube_shape(n, plan, options), dtype=kind))

    def needs_hours(self, scene: Scene) -> bool:
        """Levels within the day are stored."""
        return True

    def columns(self, scene: Scene, tile: Tile) -> Iterator[Column]:
        """No columns; the levels go where the caller said."""
        wanted = (scene.population.n, scene.plan.days, tile.species, scene.plan.steps)
        if self.out.shape != wanted:
            raise KineticsError(
                "cube", f"an array of shape {self.out.shape}", f"shape {wanted}", "make it with cube_shape"
            )
        for first in range(0, len(tile), SUB_TILE):
            last = min(first + SUB_TILE, len(tile))
            part = self.out[tile.start + first : tile.start + last]
            tile.hours(0, scene.plan.days, slice(first, last), out=part)
            if self.residual:
                part *= noise(scene, tile.start + first, part.shape)
        return iter(())
