"""The answer by another way: every dose by itself, to 40 digits, added up."""

from typing import Any

import mpmath
import numpy as np

from isocourse.kinetics.regimen import Dose
from isocourse.kinetics.tile import Tile


def levels(tile: Tile, patient: int, times_h: list[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Parent, tissue and 4-oxo at some times, shape (times, 3)."""
    with mpmath.workdps(45):
        return np.array([_at(tile, patient, mpmath.mpf(time)) for time in times_h])


def _at(tile: Tile, patient: int, time: Any) -> list[float]:  # noqa: ANN401
    def of(column: Any) -> Any:  # noqa: ANN401
        return mpmath.mpf(float(column[patient]))

    people = tile.people
    k10, k12 = of(people.clearance_l_h) / of(people.central_l), of(people.exchange_l_h) / of(people.central_l)
    k21, km = of(people.exchange_l_h) / of(people.peripheral_l), of(people.oxo_loss_per_h)
    total = mpmath.matrix(4, 1)
    for dose in tile.plan.regimen.doses:
        how = tile.absorbed[tile.plan.absorptions.index((dose.formulation, dose.food))]
        ka = of(how.rate_per_h)
        rates = mpmath.matrix([[-(k10 + k12), k21, 0, ka], [k12, -k21, 0, 0], [k10, 0, -km, 0], [0, 0, 0, -ka]])
        entered = mpmath.matrix([0, 0, 0, mpmath.mpf(dose.amount) * of(how.share)])
        total += _left(rates, entered, dose, time - mpmath.mpf(dose.time_h), of(how.lag_h))
    ratio = [mpmath.mpf(float(scale[patient])) for scale in tile.body.scale]
    return [float(total[k] * ratio[k]) for k in range(3)]


def _left(rates: Any, entered: Any, dose: Dose, since: Any, lag: Any) -> Any:  # noqa: ANN401
    found = mpmath.matrix(4, 1)
    if since > lag:
        found += mpmath.expm(rates * (since - lag), method="taylor") * entered
    if dose.steady_every_h and since > 0:
        every = mpmath.mpf(dose.steady_every_h)
        once = mpmath.expm(rates * every, method="taylor")
        series = mpmath.lu_solve(mpmath.eye(4) - once, entered)
        found += mpmath.expm(rates * (since + every - lag), method="taylor") * series
    return found
