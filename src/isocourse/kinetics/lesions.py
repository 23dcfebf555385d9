"""Lesions follow sebum with a delay, and flare early in some. Low confidence: show bands, never a line for one patient."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from isocourse.kinetics.draws import Floats
from isocourse.kinetics.parameters import Flare, Lesions
from isocourse.kinetics.sebum import WEEK_DAYS


def followed(sebum: Floats, model: Lesions, flare: Floats | None, *, nodules: bool = False) -> Floats:
    """Lesions as a fraction of before treatment at the end of each day; shape as `sebum`, (days + 1, patients).

    Args:
        sebum: the fraction of sebum, first as before treatment.
        model: typical values.
        flare: a standard normal number for each patient that decides on a flare; None for no flare.
        nodules: whether nodules are meant, which go more slowly.
    """
    rate = (model.nodule_rate if nodules else model.rate).value / WEEK_DAYS
    week = np.arange(len(sebum)) / WEEK_DAYS
    wanted = sebum**model.power.value
    if flare is not None:
        wanted = wanted * (1.0 + heights(model.flare, flare) * bump(model.flare, week)[:, None])
    keep = float(np.exp(-rate))
    mean = (1.0 - keep) / rate
    found = np.ones_like(sebum)
    for day in range(len(sebum) - 1):  # exact for a target that moves in a straight line within the day
        found[day + 1] = found[day] * keep + wanted[day] * (mean - keep) + wanted[day + 1] * (1.0 - mean)
    return found


def bump(model: Flare, week: Floats) -> Floats:
    """The shape of a flare, 1 at its peak and 0 at its end."""
    peak, end = model.peak_week.value, model.end_week.value
    up = 0.5 - 0.5 * np.cos(np.pi * np.clip(week / peak, 0.0, 1.0))
    down = 0.5 + 0.5 * np.cos(np.pi * np.clip((week - peak) / (end - peak), 0.0, 1.0))
    return np.where(week <= peak, up, down)


def heights(model: Flare, normal: Floats) -> Floats:
    """How high each patient's flare is; 0 for most."""
    found = np.zeros_like(normal)
    share = 0.0
    graded = sorted(zip(model.shares, model.heights, strict=True), key=lambda each: -each[1].value)
    for (_, part), height in graded:
        low, share = share, share + part.value
        edge = NormalDist().inv_cdf(share)
        floor = NormalDist().inv_cdf(low) if low > 0 else -np.inf
        found = np.where((normal < edge) & (normal >= floor), height.value, found)
    return found
