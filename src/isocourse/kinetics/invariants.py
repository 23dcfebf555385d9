"""What must hold exactly, whatever the numbers: mass, linearity, superposition, and steady state by two ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from isocourse.kinetics.draws import Floats
from isocourse.kinetics.parameters import Model
from isocourse.kinetics.plan import laid_out
from isocourse.kinetics.population import Population
from isocourse.kinetics.regimen import Dose, Regimen
from isocourse.kinetics.tile import Options, Tile, tile_of

LONG_DAYS = 60
"""Long enough for all of a dose to leave."""


def largest_error(model: Model) -> float:
    """The largest relative error of any invariant."""
    return max(error for _, error in errors(model))


def errors(model: Model, *, n: int = 64, seed: int = 5) -> Iterator[tuple[str, float]]:
    """Each invariant and its largest relative error over some patients."""
    people = Population(model, n, seed)
    one = _followed(people, Regimen.single(80, days=1), LONG_DAYS)
    entered = 80 * one.absorbed[0].share
    yield "area is F dose / clearance", _off(_area(one, 0), entered / one.people.clearance_l_h * 1000)
    ratio = (
        one.people.clearance_l_h
        * model.disposition.oxo_mass_ratio.value
        / (one.people.oxo_l * one.people.oxo_loss_per_h)
    )
    yield "4-oxo over parent is CL r / (V k)", _off(_area(one, 1), _area(one, 0) * ratio)
    yield (
        "twice the dose, twice the level",
        _off(_hours(people, Regimen.single(160, days=4)), 2 * _hours(people, Regimen.single(80, days=4))),
    )
    yield "two halves make a whole", _superposed(people)
    fasted = _followed(people, Regimen.single(80, food="fasted", days=1), LONG_DAYS)
    share = fasted.absorbed[0].share / one.absorbed[0].share
    yield "food changes the area by F alone", _off(_area(fasted, 0), _area(one, 0) * share)
    yield "a later dose is the same curve later", _shifted(people)
    yield "what went in is there or gone", _balance(one)
    yield "mean at steady state is F dose / (CL tau)", _steady_mean(people)
    yield "steady state by series and by waiting", _two_ways(people)


def _followed(people: Population, regimen: Regimen, follow: int = 0) -> Tile:
    return tile_of(people, laid_out(regimen, follow_days=follow), 0, people.n, Options())


def _hours(people: Population, regimen: Regimen) -> Floats:
    tile = _followed(people, regimen)
    return tile.hours(0, tile.plan.days)


def _area(tile: Tile, species: int) -> Floats:
    total: Floats = tile.areas()[species].sum(axis=0)
    return total


def _off(found: Floats, expected: Floats) -> float:
    where = expected > 1e-9 * float(np.max(expected))
    return float(np.max(np.abs(found[where] / expected[where] - 1.0)))


def _superposed(people: Population) -> float:
    first, second = Dose(0.0, 30, food="high_fat"), Dose(7.5, 50, food="high_fat")
    both = _hours(people, Regimen((first, second), 4))
    early = _hours(people, Regimen((first, replace(second, amount=0.0)), 4))
    late = _hours(people, Regimen((replace(first, amount=0.0), second), 4))
    return _off(both, early + late)


def _shifted(people: Population) -> float:
    now = _hours(people, Regimen((Dose(0.0, 40),), 5))
    later = _hours(people, Regimen((Dose(24.0, 40),), 5))
    return _off(later[:, 1:], now[:, :-1])


def _balance(tile: Tile) -> float:
    """Amounts left in the body plus those eliminated, against what went in, day by day."""
    left = tile.states[1:, :2].sum(axis=1) + tile.states[1:, tile.body.gut(0)]
    gone = (tile.areas()[0] / 1000 * tile.people.clearance_l_h).cumsum(axis=0)
    whole = np.broadcast_to(80 * tile.absorbed[0].share, gone.shape)
    return _off(left[1:] + gone[1:], whole[1:])


def _steady_mean(people: Population) -> float:
    tile = _followed(people, Regimen.daily(20, times_a_day=2, days=150))
    mean = tile.areas()[0, -1] / 24.0
    return _off(mean, 1000 * 20 * tile.absorbed[0].share / (tile.people.clearance_l_h * 12.0))


def _two_ways(people: Population) -> float:
    waited = _hours(people, Regimen.daily(20, times_a_day=2, days=150))[:, -1]
    series = Regimen((Dose(0.0, 20, steady_every_h=12.0), Dose(12.0, 20)), 1)
    return _off(_hours(people, series)[:, 0], waited)
