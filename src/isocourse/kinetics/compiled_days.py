"""Compiled days: states, levels, peaks, counts and sebum of patients whose maps are made; the hours of one patient in step."""

from __future__ import annotations

import numpy as np
from numba import njit

from isocourse.kinetics.compiled_maps import LANES, L
from isocourse.kinetics.sebum import TERMS as SEBUM_TERMS
from isocourse.kinetics.sketch import BASE, BINS, ROW, SHIFT

C, P, M, G = 0, 1, 2, 3
"""Central, peripheral, 4-oxo, gut."""
USUAL = 72
"""Levels of a day where three species are shown every hour; its loops have a fixed length and run faster."""


@njit(cache=True, nogil=True, fastmath={"contract"})
def follow(passed, mg, states):
    """States at the start of every day and at the end of the last; `mg` has one column for all patients, or one each."""
    size, inputs, n = passed.shape
    days, slots, columns = mg.shape
    w, y, new = np.empty(size * inputs * LANES), np.empty(size * LANES), np.empty(size * LANES)
    states[0] = 0.0
    for low in range(0, n, LANES):
        for row in range(size):
            for column in range(inputs):
                for i in range(LANES):
                    w[(row * inputs + column) * L + i] = passed[row, column, low + i]
        for i in range(size * LANES):
            y[i] = 0.0
        if size == 4 and slots == 2 and columns == 1:
            for day in range(days):
                a, b = mg[day, 0, 0], mg[day, 1, 0]
                for i in range(LANES):
                    c, p, m, g = y[i], y[L + i], y[2 * L + i], y[3 * L + i]
                    y[i] = w[i] * c + w[L + i] * p + w[3 * L + i] * g + w[4 * L + i] * a + w[5 * L + i] * b
                    y[L + i] = (
                        w[6 * L + i] * c + w[7 * L + i] * p + w[9 * L + i] * g + w[10 * L + i] * a + w[11 * L + i] * b
                    )
                    y[2 * L + i] = (
                        w[12 * L + i] * c
                        + w[13 * L + i] * p
                        + w[14 * L + i] * m
                        + w[15 * L + i] * g
                        + w[16 * L + i] * a
                        + w[17 * L + i] * b
                    )
                    y[3 * L + i] = w[21 * L + i] * g + w[22 * L + i] * a + w[23 * L + i] * b
                for row in range(4):
                    for i in range(LANES):
                        states[day + 1, row, low + i] = y[row * L + i]
            continue
        for day in range(days):
            for row in range(size):
                o = row * inputs * L
                if row < 3:
                    for i in range(LANES):
                        new[row * L + i] = w[o + i] * y[i] + w[o + L + i] * y[L + i] + w[o + 2 * L + i] * y[2 * L + i]
                    for g in range(3, size):
                        for i in range(LANES):
                            new[row * L + i] += w[o + g * L + i] * y[g * L + i]
                else:
                    for i in range(LANES):
                        new[row * L + i] = w[o + row * L + i] * y[row * L + i]
                for k in range(slots):
                    at = o + (size + k) * L
                    if columns == 1:
                        dose = mg[day, k, 0]
                        for i in range(LANES):
                            new[row * L + i] += w[at + i] * dose
                    else:
                        for i in range(LANES):
                            new[row * L + i] += w[at + i] * mg[day, k, low + i]
            for row in range(size):
                for i in range(LANES):
                    y[row * L + i] = new[row * L + i]
                    states[day + 1, row, low + i] = new[row * L + i]


@njit(cache=True, nogil=True, fastmath={"contract"}, inline="always")
def day_levels(response, states, mg, day, i, column, line):
    """All levels of one day of one patient."""
    size, slots = states.shape[1], mg.shape[1]
    width = line.shape[0]
    y0, y1, y2, y3 = states[day, C, i], states[day, P, i], states[day, M, i], states[day, G, i]
    if size == 4 and slots == 1:
        a = mg[day, 0, column]
        for j in range(width):
            line[j] = (
                response[i, 0, j] * y0
                + response[i, 1, j] * y1
                + response[i, 2, j] * y2
                + response[i, 3, j] * y3
                + response[i, 4, j] * a
            )
    elif size == 4 and slots == 2:
        a, b = mg[day, 0, column], mg[day, 1, column]
        for j in range(width):
            line[j] = (
                response[i, 0, j] * y0
                + response[i, 1, j] * y1
                + response[i, 2, j] * y2
                + response[i, 3, j] * y3
                + response[i, 4, j] * a
                + response[i, 5, j] * b
            )
    else:
        for j in range(width):
            line[j] = response[i, 0, j] * y0 + response[i, 1, j] * y1 + response[i, 2, j] * y2 + response[i, 3, j] * y3
        for row in range(G + 1, size):
            y = states[day, row, i]
            for j in range(width):
                line[j] += response[i, row, j] * y
        for k in range(slots):
            a = mg[day, k, column]
            if a != 0.0:
                for j in range(width):
                    line[j] += response[i, size + k, j] * a


@njit(cache=True, nogil=True, fastmath={"contract"})
def fill_hours(response, states, mg, first_day, last_day, first, last, out):
    """Every level of some days of the patients from `first` up to `last`; `out` has shape (patients, days, 3 * steps)."""
    columns = mg.shape[2]
    if (
        response.shape[2] == USUAL
        and states.shape[1] == 4
        and mg.shape[1] == 2
        and columns == 1
        and (last_day - first_day) % 2 == 0
    ):
        for i in range(first, last):
            w, o = response[i], out[i - first]
            for day in range(first_day, last_day, 2):
                y0, y1, y2, y3 = states[day, 0, i], states[day, 1, i], states[day, 2, i], states[day, 3, i]
                z0, z1, z2, z3 = (
                    states[day + 1, 0, i],
                    states[day + 1, 1, i],
                    states[day + 1, 2, i],
                    states[day + 1, 3, i],
                )
                a, b, e, f = mg[day, 0, 0], mg[day, 1, 0], mg[day + 1, 0, 0], mg[day + 1, 1, 0]
                d = day - first_day
                for j in range(USUAL):
                    w0, w1, w2, w3, w4, w5 = w[0, j], w[1, j], w[2, j], w[3, j], w[4, j], w[5, j]
                    o[d, j] = w0 * y0 + w1 * y1 + w2 * y2 + w3 * y3 + w4 * a + w5 * b
                    o[d + 1, j] = w0 * z0 + w1 * z1 + w2 * z2 + w3 * z3 + w4 * e + w5 * f
        return
    for i in range(first, last):
        column = i if columns > 1 else 0
        for day in range(first_day, last_day):
            day_levels(response, states, mg, day, i, column, out[i - first, day - first_day])


@njit(cache=True, nogil=True, fastmath={"contract", "nnan"})
def find_peaks(response, states, mg, first_day, last_day, steps, highest, at):
    """Highest level of each species and the step it stands at; both of shape (3, patients)."""
    columns, width = mg.shape[2], 3 * steps
    line, top, day_of = np.empty(width), np.empty(width), np.empty(width)
    usual = (
        width == USUAL
        and states.shape[1] == 4
        and mg.shape[1] == 2
        and columns == 1
        and (last_day - first_day) % 2 == 0
    )
    best_of, day_at = np.empty(USUAL), np.empty(USUAL)
    for i in range(highest.shape[1]):
        column = i if columns > 1 else 0
        top[:] = -1.0
        day_of[:] = 0.0
        if usual:
            w = response[i]
            for j in range(USUAL):
                best_of[j], day_at[j] = -1.0, 0.0
            for day in range(first_day, last_day, 2):
                y0, y1, y2, y3 = states[day, 0, i], states[day, 1, i], states[day, 2, i], states[day, 3, i]
                z0, z1, z2, z3 = (
                    states[day + 1, 0, i],
                    states[day + 1, 1, i],
                    states[day + 1, 2, i],
                    states[day + 1, 3, i],
                )
                a, b, e, f = mg[day, 0, 0], mg[day, 1, 0], mg[day + 1, 0, 0], mg[day + 1, 1, 0]
                number = float(day - first_day)
                for j in range(USUAL):
                    w0, w1, w2, w3, w4, w5 = w[0, j], w[1, j], w[2, j], w[3, j], w[4, j], w[5, j]
                    one = w0 * y0 + w1 * y1 + w2 * y2 + w3 * y3 + w4 * a + w5 * b
                    two = w0 * z0 + w1 * z1 + w2 * z2 + w3 * z3 + w4 * e + w5 * f
                    best, when = best_of[j], day_at[j]
                    when = number if one > best else when
                    best = one if one > best else best
                    when = number + 1.0 if two > best else when
                    best = two if two > best else best
                    best_of[j], day_at[j] = best, when
            top[:], day_of[:] = best_of, day_at
        else:
            for day in range(first_day, last_day):
                day_levels(response, states, mg, day, i, column, line)
                number = float(day - first_day)
                for j in range(width):
                    more = line[j] > top[j]
                    day_of[j] = number if more else day_of[j]
                    top[j] = line[j] if more else top[j]
        for species in range(3):
            best, when = -1.0, 0.0
            for j in range(steps):
                value, step = top[species * steps + j], day_of[species * steps + j] * steps + j + 1.0
                if value > best or (value == best and step < when):
                    best, when = value, step
            highest[species, i], at[species, i] = best, when


@njit(cache=True, nogil=True, fastmath={"contract"})
def count_levels(response, states, mg, members, buffer, bits, counts):
    """Counts every level into its bin, a day at a time, so that the counters of the day stay in the cache.

    `buffer` has shape (members, days, width) and holds levels as float32, `bits` is the same memory as whole numbers;
    `counts` has shape (days, width, ROW).
    """
    days = mg.shape[0]
    room, width = buffer.shape[0], buffer.shape[2]
    bins = np.empty(width, dtype=np.int32)
    for low in range(0, members, room):
        many = min(room, members - low)
        fill_hours(response, states, mg, 0, days, low, low + many, buffer)
        for day in range(days):
            part = counts[day].reshape(ROW * width)
            for r in range(many):
                held = bits[r, day]
                if width == USUAL:
                    for j in range(USUAL):
                        bins[j] = min(max((held[j] >> SHIFT) - BASE, 0), BINS - 1) + ROW * j
                    for j in range(USUAL):
                        part[bins[j]] += np.uint32(1)
                else:
                    for j in range(width):
                        bins[j] = min(max((held[j] >> SHIFT) - BASE, 0), BINS - 1) + ROW * j
                    for j in range(width):
                        part[bins[j]] += np.uint32(1)


@njit(cache=True, nogil=True, fastmath={"contract"})
def follow_sebum(driver, level, loss, regrowth, constants, pools):
    """The sebum pools day by day; `driver` of shape (days, n), `pools` of shape (3, days + 1, n), n a multiple of `LANES`.

    `constants`: turnover of sebum and gland, largest effect, level of half loss, and weeks in a step.
    """
    days, n = driver.shape
    k_s, k_g, top, lost_level, weeks = constants
    w = np.empty(13 * LANES)
    for low in range(0, n, LANES):
        for i in range(LANES):
            w[i] = max(max(k_s, k_g), regrowth[low + i] + loss[low + i]) * weeks
            w[L + i] = np.exp(-w[i])
        for i in range(LANES):
            w[2 * L + i], w[3 * L + i], w[4 * L + i] = 1.0, 1.0, 1.0
            pools[0, 0, low + i], pools[1, 0, low + i], pools[2, 0, low + i] = 1.0, 1.0, 1.0
        to_s, g_loss, s_loss = k_s * weeks, k_g * weeks, k_s * weeks
        for day in range(days):
            for i in range(LANES):
                c = driver[day, low + i]
                w[5 * L + i] = k_g * weeks * (1.0 - top * c / (level[low + i] + c))
                lost = loss[low + i] * c / (lost_level + c)
                w[6 * L + i] = w[i] - (regrowth[low + i] + lost) * weeks
                w[7 * L + i], w[8 * L + i], w[9 * L + i] = w[2 * L + i], w[3 * L + i], w[4 * L + i]
                w[10 * L + i] = 1.0
                w[11 * L + i] = regrowth[low + i] * weeks
            for k in range(1, SEBUM_TERMS + 1):
                f = 1.0 / k
                for i in range(LANES):
                    base, one, r, g, s = w[i], w[10 * L + i], w[7 * L + i], w[8 * L + i], w[9 * L + i]
                    s = (to_s * g + (base - s_loss) * s) * f
                    g = (w[5 * L + i] * r + (base - g_loss) * g) * f
                    r = (w[11 * L + i] * one + w[6 * L + i] * r) * f
                    w[10 * L + i] = base * one * f
                    w[7 * L + i], w[8 * L + i], w[9 * L + i] = r, g, s
                    w[2 * L + i] += r
                    w[3 * L + i] += g
                    w[4 * L + i] += s
            for i in range(LANES):
                e = w[L + i]
                r, g, s = w[2 * L + i] * e, w[3 * L + i] * e, w[4 * L + i] * e
                w[2 * L + i], w[3 * L + i], w[4 * L + i] = r, g, s
                pools[0, day + 1, low + i], pools[1, day + 1, low + i], pools[2, day + 1, low + i] = r, g, s
