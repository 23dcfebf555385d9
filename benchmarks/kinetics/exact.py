"""The answer to 40 digits, by another way than the engine's: one matrix exponential for every stretch between two moments."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np


def forty_digits(tile: Any, plan: Any, patient: int) -> np.ndarray[Any, Any]:  # noqa: ANN401
    """Levels of parent, tissue and 4-oxo at every hour of one patient; shape (hours, 3)."""
    with mpmath.workdps(45):
        rates, scale, doses = _patient(tile, plan, patient)
        moves: dict[Any, Any] = {}
        state, now, rows = mpmath.matrix(4, 1), mpmath.mpf(0), []
        moments = sorted(
            [(time, amount) for time, amount in doses]
            + [(mpmath.mpf(hour), None) for hour in range(1, plan.days * 24 + 1)],
            key=lambda each: each[0],
        )
        for time, amount in moments:
            wait = time - now
            if wait > 0:
                key = mpmath.nstr(wait, 30)
                if key not in moves:
                    moves[key] = mpmath.expm(rates * wait, method="taylor")
                state = moves[key] * state
            now = time
            if amount is None:
                rows.append([float(state[k] * scale[k]) for k in range(3)])
            else:
                state[3] += amount
        return np.array(rows)


def _patient(tile: Any, plan: Any, patient: int) -> tuple[Any, list[Any], list[tuple[Any, Any]]]:  # noqa: ANN401
    def of(column: Any) -> Any:  # noqa: ANN401
        return mpmath.mpf(float(column[patient]))

    people, how = tile.people, tile.absorbed[0]
    clearance, central, exchange = of(people.clearance_l_h), of(people.central_l), of(people.exchange_l_h)
    peripheral, loss, rate = of(people.peripheral_l), of(people.oxo_loss_per_h), of(how.rate_per_h)
    rates = mpmath.matrix(
        [
            [-(clearance + exchange) / central, exchange / peripheral, 0, rate],
            [exchange / central, -exchange / peripheral, 0, 0],
            [clearance / central, 0, -loss, 0],
            [0, 0, 0, -rate],
        ]
    )
    scale = [mpmath.mpf(float(each[patient])) for each in tile.body.scale]
    doses = [
        (mpmath.mpf(dose.time_h) + of(how.lag_h), mpmath.mpf(dose.amount) * of(how.share))
        for dose in plan.regimen.doses
    ]
    return rates, scale, [each for each in doses if each[0] < plan.days * 24]
