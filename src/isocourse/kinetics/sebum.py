"""Sebum as three pools, driven by each day's mean concentration; exact within the day, in positive form.

    dR/dt = kR (1 - R) - L R        regenerative capacity
    dG/dt = kG (R (1 - I) - G)      gland mass
    dS/dt = kS (G - S)              sebum, as a fraction of before treatment
    I = Imax C / (IC50 + C),  L = kL C / (LC50 + C),  C the mean over the day

With C constant over a day this is a positive linear system in (1, R, G, S): a short series of positive terms, no eigenvalues.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isocourse.kinetics.draws import Floats
from isocourse.kinetics.parameters import Sebum

WEEK_DAYS = 7.0
TERMS = 10
"""Terms of the series; the fastest turnover moves a tenth in a day, so the rest is below 1e-16."""
LONGEST_WEEKS = 600
"""Recovery is looked for up to this many weeks after the course."""


@dataclass(frozen=True, slots=True)
class Pools:
    """The three pools at the end of each day, first as before treatment; each of shape (days + 1, patients)."""

    capacity: Floats
    gland: Floats
    sebum: Floats


def followed(driver_ng_ml: Floats, model: Sebum, level: Floats, loss: Floats, regrowth: Floats) -> Pools:
    """The pools day by day.

    Args:
        driver_ng_ml: mean parent concentration of each day, shape (days, patients).
        model: typical values.
        level: the concentration of half effect, for each patient.
        loss: the loss of capacity per week, for each patient.
        regrowth: the regrowth of capacity per week, for each patient.
    """
    days, n = driver_ng_ml.shape
    pools = np.ones((3, days + 1, n))
    for day in range(days):
        c = driver_ng_ml[day]
        inhibited = model.max_effect.value * c / (level + c)
        lost = loss * c / (model.loss_level.value + c)
        pools[:, day + 1] = stepped(pools[:, day], model, 1.0 - inhibited, lost, regrowth, loss, 1.0 / WEEK_DAYS)
    return Pools(*pools)


def stepped(
    pools: Floats, model: Sebum, formed: Floats, lost: Floats, regrowth: Floats, most_lost: Floats, weeks: float
) -> Floats:
    """The pools after a time of constant drug effect; shape (3, patients).

    Args:
        pools: capacity, gland and sebum now.
        model: typical values.
        formed: the share of gland formation that is left.
        lost: the loss of capacity per week at this level.
        regrowth: its regrowth per week.
        most_lost: the highest loss that any level gives.
        weeks: how long, half a week at most.
    """
    k_s, k_g = model.sebum_turnover.value, model.gland_turnover.value
    q = np.maximum(max(k_s, k_g), regrowth + most_lost)
    grow, keep_r = regrowth * weeks, (q - regrowth - lost) * weeks
    to_g, keep_g = k_g * formed * weeks, (q - k_g) * weeks
    to_s, keep_s = k_s * weeks, (q - k_s) * weeks
    base = q * weeks
    one, (r, g, s) = np.ones_like(q), pools
    t1, t_r, t_g, t_s = one, r, g, s
    sum_r, sum_g, sum_s = r.copy(), g.copy(), s.copy()
    for k in range(1, TERMS + 1):
        t_s = (to_s * t_g + keep_s * t_s) / k
        t_g = (to_g * t_r + keep_g * t_g) / k
        t_r = (grow * t1 + keep_r * t_r) / k
        t1 = base * t1 / k
        sum_r, sum_g, sum_s = sum_r + t_r, sum_g + t_g, sum_s + t_s
    return np.stack([sum_r, sum_g, sum_s]) * np.exp(-base)


def weeks_to_recover(
    pools: Pools, stop_day: int, thresholds: tuple[float, ...], model: Sebum, regrowth: Floats
) -> Floats:
    """Weeks from the end of the course until sebum is back at each threshold for good; shape (thresholds, patients).

    0 where it never fell that low, infinite where it is not back within `LONGEST_WEEKS`.
    """
    held = pools.sebum[stop_day:]
    n = held.shape[1]
    last = np.stack([pools.capacity[-1], pools.gland[-1], pools.sebum[-1]])
    weeks = np.arange(len(held)) / WEEK_DAYS
    still = np.zeros(n)
    tail = [held[-1]]
    for _ in range(LONGEST_WEEKS):
        last = _week(last, model, regrowth, still)
        tail.append(last[2])
    course = np.concatenate([held, np.stack(tail[1:])])
    times = np.concatenate([weeks, weeks[-1] + 1.0 + np.arange(LONGEST_WEEKS)])
    return np.stack([_crossed(course, times, each) for each in thresholds])


def _week(last: Floats, model: Sebum, regrowth: Floats, still: Floats) -> Floats:
    for _ in range(4):  # the series is made for short steps
        last = stepped(last, model, still + 1.0, still, regrowth, still, 0.25)
    return last


def _crossed(course: Floats, times: Floats, threshold: float) -> Floats:
    """The time of the last upward crossing, by linear interpolation."""
    below = course < threshold
    at = len(course) - 1 - np.argmax(below[::-1], axis=0)
    never, always = ~below.any(axis=0), at == len(course) - 1
    nxt = np.minimum(at + 1, len(course) - 1)
    columns = np.arange(course.shape[1])
    low, high = course[at, columns], course[nxt, columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(high > low, (threshold - low) / (high - low), 0.0)
    found = times[at] + part * (times[nxt] - times[at])
    return np.where(never, 0.0, np.where(always, np.inf, found))
