"""Which engine computes: plain NumPy always, compiled code and JAX where they are installed. All give the same patients."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

from isocourse.kinetics.plan import Plan
from isocourse.kinetics.population import Population
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.room import Room
from isocourse.kinetics.tile import Options, Tile, tile_of

BACKENDS = ("auto", "numpy", "numba", "jax")
WORTH_COMPILING = 20_000_000
"""Patient-hours from which the compiled engine's start-up of some seconds pays."""


class Follow(Protocol):
    """Follows some patients through a plan."""

    def __call__(
        self,
        population: Population,
        plan: Plan,
        start: int,
        stop: int,
        options: Options,
        *,
        hours: bool = True,
        room: Room | None = None,
    ) -> Tile:
        """The patients from `start` up to `stop`."""


@dataclass(frozen=True, slots=True)
class Backend:
    """An engine by name."""

    name: str
    follow: Follow


def backend_named(name: str, population: Population, plan: Plan, options: Options) -> Backend:
    """The engine to use.

    Raises:
        KineticsError: it is unknown, not installed, or cannot do what is asked.
    """
    if name not in BACKENDS:
        raise KineticsError("backend", f'"{name}"', f"one of {', '.join(BACKENDS)}", "choose one of these")
    plain = not options.tretinoin and not options.recycling
    if name == "auto":
        big = population.n * plan.days * plan.steps >= WORTH_COMPILING
        name = "numba" if big and plain and find_spec("numba") else "numpy"
    if name == "numpy":
        return Backend(name, tile_of)
    if find_spec(name) is None:
        extra = {"numba": "fast", "jax": "gpu"}[name]
        raise KineticsError(
            "backend",
            f"{name} is not installed",
            "an installed engine",
            f"pip install 'isocourse[{extra}]', or use numpy",
        )
    if name == "jax":
        from isocourse.kinetics.jax_tile import jax_tile_of

        return Backend(name, jax_tile_of)
    if not plain:
        raise KineticsError(
            "backend", "numba with tretinoin or bile recycling", "the plain model", "use numpy for these options"
        )
    from isocourse.kinetics.compiled_tile import compiled_tile_of

    return Backend(name, compiled_tile_of)
