"""Sebum as three pools, driven by each day's mean concentration; exact within the day, in positive form.

    dR/dt = kR (1 - R) - L R        regenerative capacity
    dG/dt = kG (R (1 - I) - G)      gland mass
    dS/dt = kS (G - S)              sebum, as a fraction of before treatment
    I = Imax C / (IC50 + C),  L = kL C / (LC50 + C),  C the mean over the day

With C constant over a day this is a positive linear system in (1, R, G, S): a short series of positive terms, no eigenvalues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from isocourse.kinetics.draws import Floats
from isocourse.kinetics.parameters import Sebum

WEEK_DAYS = 7.0
TERMS = 10
"""Terms of the series; the fastest turnover moves a tenth in a day, so the rest is below 1e-16."""
LONGEST_WEEKS = 1023
"""Recovery is looked for up to this many weeks after what was watched."""


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
    found: Floats = np.stack([sum_r, sum_g, sum_s]) * np.exp(-base)
    return found


def weeks_to_recover(
    pools: Pools, stop_day: int, thresholds: tuple[float, ...], model: Sebum, regrowth: Floats
) -> Floats:
    """Weeks from the end of the course until sebum is back at each threshold for good; shape (thresholds, patients).

    0 where it never fell that low, infinite where it is not back within `LONGEST_WEEKS` after what was watched. Between two
    days, and later between two weeks, a straight line is taken.
    """
    watched = pools.sebum[stop_day:]
    end = np.stack([pools.capacity[-1], pools.gland[-1], pools.sebum[-1]])
    later = (len(watched) - 1) / WEEK_DAYS
    leaps = _leaps(model, regrowth)
    found = np.empty((len(thresholds), end.shape[1]))
    for place, threshold in enumerate(thresholds):
        seen = _crossed(watched, np.arange(len(watched)) / WEEK_DAYS, threshold)
        weeks, last = np.zeros(end.shape[1]), end
        for exponent in range(len(leaps) - 1, -1, -1):  # the most whole weeks after which sebum is still below
            moved = _leapt(leaps[exponent], last)
            below = moved[2] < threshold
            weeks = np.where(below, weeks + 2.0**exponent, weeks)
            last = np.where(below, moved, last)
        after = _leapt(leaps[0], last)[2]
        part = (threshold - last[2]) / np.maximum(after - last[2], TINY)
        beyond = np.where(weeks >= LONGEST_WEEKS, np.inf, later + weeks + part)
        found[place] = np.where(end[2] < threshold, beyond, seen)
    return found


TINY = 1e-300
Leap: TypeAlias = tuple[Floats, ...]
"""What 1, 2, 4, ... drug-free weeks make of the distances from full: r to r, r and g to g, all three to s."""


def _leaps(model: Sebum, regrowth: Floats) -> list[Leap]:
    """One week, then each twice as long as the one before, as maps of what is missing: 1 - R, 1 - G, 1 - S."""
    missing = []
    for place in range(3):
        state = np.ones((3, len(regrowth)))
        state[place] = 0.0
        for _ in range(4):  # the series is made for short steps
            state = stepped(state, model, 1.0 + 0.0 * regrowth, 0.0 * regrowth, regrowth, 0.0 * regrowth, 0.25)
        missing.append(1.0 - state)
    leap = (missing[0][0], missing[0][1], missing[1][1], missing[0][2], missing[1][2], missing[2][2])
    leaps: list[Leap] = [leap]
    while 2 ** len(leaps) <= LONGEST_WEEKS:
        rr, rg, gg, rs, gs, ss = leaps[-1]
        leaps.append((rr * rr, rg * rr + gg * rg, gg * gg, rs * rr + gs * rg + ss * rs, gs * gg + ss * gs, ss * ss))
    return leaps


def _leapt(leap: Leap, pools: Floats) -> Floats:
    rr, rg, gg, rs, gs, ss = leap
    r, g, s = 1.0 - pools
    return 1.0 - np.stack([rr * r, rg * r + gg * g, rs * r + gs * g + ss * s])


def _crossed(course: Floats, times: Floats, threshold: float) -> Floats:
    """The time of the last upward crossing, by linear interpolation; 0 where there is none."""
    below = course < threshold
    at = len(course) - 1 - np.argmax(below[::-1], axis=0)
    nxt = np.minimum(at + 1, len(course) - 1)
    columns = np.arange(course.shape[1])
    low, high = course[at, columns], course[nxt, columns]
    part = np.where(high > low, (threshold - low) / np.maximum(high - low, TINY), 0.0)
    return np.where(below.any(axis=0), times[at] + part * (times[nxt] - times[at]), 0.0)
