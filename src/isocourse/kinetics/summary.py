"""What a column of numbers says of a crowd: mean, spread, geometric mean and percentiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isocourse.kinetics.draws import Floats

PERCENTILES = (5, 25, 50, 75, 95)


@dataclass(frozen=True, slots=True)
class Summary:
    """A crowd in a few numbers; those that do not exist are None."""

    n: int
    mean: float | None
    sd: float | None
    cv_percent: float | None
    geometric_mean: float | None
    percentiles: tuple[float | None, ...]
    """5th, 25th, 50th, 75th, 95th."""
    beyond: int
    """How many patients lie beyond what was watched (infinite); mean and spread are then not given."""


def summarised(values: Floats) -> Summary:
    """The summary of one column.

    >>> summarised(np.array([1.0, 2.0, 3.0])).percentiles[2]
    2.0
    """
    n, beyond = len(values), int(np.isinf(values).sum())
    percentiles = tuple(
        _number(each) for each in np.percentile(values, PERCENTILES, method="inverted_cdf" if beyond else "linear")
    )
    if beyond:
        return Summary(n, None, None, None, None, percentiles, beyond)
    mean = float(values.mean())
    sd = float(values.std(ddof=1)) if n > 1 else None
    cv = 100.0 * sd / mean if sd is not None and mean > 0 else None
    geometric = float(np.exp(np.log(values).mean())) if (values > 0).all() else None
    return Summary(n, mean, sd, cv, geometric, percentiles, 0)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
