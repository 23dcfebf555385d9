"""Compiled maps of one day: the same arithmetic as the NumPy engine, sixteen patients in step, then the hours of each."""

from __future__ import annotations

import numpy as np
from numba import njit

from isocourse.kinetics.propagate import HALVINGS, TERMS

LANES = 16
"""Patients in step."""
L = LANES


@njit(cache=True, nogil=True, fastmath={"contract"})
def block_powers(w, time_h, many, found):
    """exp(A h) of central, peripheral and 4-oxo at `time_h` and its doublings, for one group of lanes.

    `w` is flat: rates in its first four rows of `LANES`, room for sums behind them; `found` has `many` times seven rows.
    """
    for i in range(LANES):
        k10, k12, k21, km = w[i], w[L + i], w[2 * L + i], w[3 * L + i]
        q = max(k10 + k12, max(k21, km))
        w[4 * L + i] = -q * time_h
        w[5 * L + i], w[6 * L + i], w[7 * L + i] = (q - k10 - k12) * time_h, k21 * time_h, k12 * time_h
        w[8 * L + i], w[9 * L + i], w[10 * L + i] = (q - k21) * time_h, k10 * time_h, (q - km) * time_h
        w[11 * L + i], w[12 * L + i], w[13 * L + i], w[14 * L + i] = 1.0, 0.0, 0.0, 1.0
        w[15 * L + i], w[16 * L + i], w[17 * L + i] = 0.0, 0.0, 1.0
    for k in range(TERMS, 0, -1):
        f = 1.0 / k
        for i in range(LANES):
            cc, cp, pc, pp = w[11 * L + i], w[12 * L + i], w[13 * L + i], w[14 * L + i]
            b_cc, b_cp, b_pc, b_pp = w[5 * L + i], w[6 * L + i], w[7 * L + i], w[8 * L + i]
            b_mc, b_mm = w[9 * L + i], w[10 * L + i]
            w[15 * L + i] = (b_mc * cc + b_mm * w[15 * L + i]) * f
            w[16 * L + i] = (b_mc * cp + b_mm * w[16 * L + i]) * f
            w[17 * L + i] = 1.0 + b_mm * w[17 * L + i] * f
            w[11 * L + i], w[13 * L + i] = 1.0 + (b_cc * cc + b_cp * pc) * f, (b_pc * cc + b_pp * pc) * f
            w[12 * L + i], w[14 * L + i] = (b_cc * cp + b_cp * pp) * f, 1.0 + (b_pc * cp + b_pp * pp) * f
    for i in range(LANES):
        w[4 * L + i] = np.exp(w[4 * L + i])
    for row in range(7):
        for i in range(LANES):
            found[row * L + i] = w[(11 + row) * L + i] * w[4 * L + i]
    for s in range(many - 1):
        o = s * 7 * L
        for i in range(LANES):
            cc, cp, pc, pp = found[o + i], found[o + L + i], found[o + 2 * L + i], found[o + 3 * L + i]
            mc, mp, mm = found[o + 4 * L + i], found[o + 5 * L + i], found[o + 6 * L + i]
            found[o + 7 * L + i] = cc * cc + cp * pc
            found[o + 8 * L + i] = cc * cp + cp * pp
            found[o + 9 * L + i] = pc * cc + pp * pc
            found[o + 10 * L + i] = pc * cp + pp * pp
            found[o + 11 * L + i] = mc * cc + mp * pc + mm * mc
            found[o + 12 * L + i] = mc * cp + mp * pp + mm * mp
            found[o + 13 * L + i] = mm * mm


@njit(cache=True, nogil=True, fastmath={"contract"})
def gut_sum(w, time, vector):
    """The state that 1 mg in the gut makes after `time` (one for each lane, rates times time at most 1), by the series.

    `w` as above, with the rate of absorption in row 18; `time` and `vector` are flat, the vector with four rows.
    """
    for i in range(LANES):
        k10, k12, k21, km, ka, t = w[i], w[L + i], w[2 * L + i], w[3 * L + i], w[18 * L + i], time[i]
        q = max(max(k10 + k12, ka), max(k21, km))
        w[4 * L + i] = -q * t
        w[5 * L + i], w[6 * L + i], w[7 * L + i] = (q - k10 - k12) * t, k21 * t, k12 * t
        w[8 * L + i], w[9 * L + i], w[10 * L + i] = (q - k21) * t, k10 * t, (q - km) * t
        w[11 * L + i], w[12 * L + i] = ka * t, (q - ka) * t
        vector[i], vector[L + i], vector[2 * L + i], vector[3 * L + i] = 0.0, 0.0, 0.0, 1.0
    for k in range(TERMS, 0, -1):
        f = 1.0 / k
        for i in range(LANES):
            c, p, m, g = vector[i], vector[L + i], vector[2 * L + i], vector[3 * L + i]
            vector[2 * L + i] = (w[9 * L + i] * c + w[10 * L + i] * m) * f
            vector[i] = (w[5 * L + i] * c + w[6 * L + i] * p + w[11 * L + i] * g) * f
            vector[L + i] = (w[7 * L + i] * c + w[8 * L + i] * p) * f
            vector[3 * L + i] = 1.0 + w[12 * L + i] * g * f
    for i in range(LANES):
        w[4 * L + i] = np.exp(w[4 * L + i])
    for row in range(4):
        for i in range(LANES):
            vector[row * L + i] *= w[4 * L + i]


@njit(cache=True, nogil=True, fastmath={"contract"})
def gut_powers(many, block, found):
    """The doublings of what 1 mg in the gut makes; its first four rows are there already."""
    for s in range(many - 1):
        o, b = s * 4 * L, s * 7 * L
        for i in range(LANES):
            c, p, m, g = found[o + i], found[o + L + i], found[o + 2 * L + i], found[o + 3 * L + i]
            found[o + 4 * L + i] = block[b + i] * c + block[b + L + i] * p + c * g
            found[o + 5 * L + i] = block[b + 2 * L + i] * c + block[b + 3 * L + i] * p + p * g
            found[o + 6 * L + i] = (
                block[b + 4 * L + i] * c + block[b + 5 * L + i] * p + block[b + 6 * L + i] * m + m * g
            )
            found[o + 7 * L + i] = g * g


@njit(cache=True, nogil=True, fastmath={"contract"})
def entered(w, time, share, short, many, block, gut, rest, v):
    """The state that 1 mg makes `time` after it entered the gut; all flat, powers of `short` doubled `many` times."""
    for i in range(LANES):
        whole = np.floor(time[i] / short)
        rest[i] = max(time[i] - whole * short, 0.0)
        rest[L + i] = whole
    gut_sum(w, rest, v)
    for i in range(LANES):
        v[i] *= share[i]
        v[L + i] *= share[i]
        v[2 * L + i] *= share[i]
        v[3 * L + i] *= share[i]
    for s in range(many):
        o, b = s * 4 * L, s * 7 * L
        for i in range(LANES):
            left = rest[L + i]
            half = np.floor(left * 0.5)
            on = left - 2.0 * half
            rest[L + i] = half
            c, p, m, g = v[i], v[L + i], v[2 * L + i], v[3 * L + i]
            new_c = block[b + i] * c + block[b + L + i] * p + gut[o + i] * g
            new_p = block[b + 2 * L + i] * c + block[b + 3 * L + i] * p + gut[o + L + i] * g
            new_m = (
                block[b + 4 * L + i] * c + block[b + 5 * L + i] * p + block[b + 6 * L + i] * m + gut[o + 2 * L + i] * g
            )
            new_g = gut[o + 3 * L + i] * g
            v[i] = new_c if on > 0.5 else c
            v[L + i] = new_p if on > 0.5 else p
            v[2 * L + i] = new_m if on > 0.5 else m
            v[3 * L + i] = new_g if on > 0.5 else g


@njit(cache=True, nogil=True, fastmath={"contract"})
def prepare(rates, ka, share, lag, clocks, slot_gut, h, hours, one, first, wait, shift):
    """One step (`hours`), or one whole day, of every state, and where the doses of a day stand.

    `rates` has shape (4, n), the absorption (guts, n); n is a multiple of `LANES`. `one` gets 7 + 4 * guts rows: exp(A h) of
    the body, then of each gut. `first` gets 4 rows for each slot: with `hours` the state at the first step after the dose
    entered the gut, which `wait` counts; else the state at the end of the day. `shift` counts the days that lag carries over.
    """
    n, guts, slots = rates.shape[1], ka.shape[0], len(clocks)
    short = h / 2.0**HALVINGS
    many = HALVINGS + 1 if hours else HALVINGS + 5  # a day is 16 h and 8 h
    w, block, gut = np.empty(19 * LANES), np.empty(many * 7 * LANES), np.empty((guts, many * 4 * LANES))
    v, time, rest, amount = np.empty(4 * LANES), np.empty(LANES), np.empty(2 * LANES), np.empty(LANES)
    for low in range(0, n, LANES):
        for row in range(4):
            for i in range(LANES):
                w[row * L + i] = rates[row, low + i]
        block_powers(w, short, many, block)
        last, half = (many - 1) * 7 * L, (many - 2) * 7 * L
        for i in range(LANES):
            if hours:
                for row in range(7):
                    one[row, low + i] = block[last + row * L + i]
            else:
                a, b = last + i, half + i
                one[0, low + i] = block[a] * block[b] + block[a + L] * block[b + 2 * L]
                one[1, low + i] = block[a] * block[b + L] + block[a + L] * block[b + 3 * L]
                one[2, low + i] = block[a + 2 * L] * block[b] + block[a + 3 * L] * block[b + 2 * L]
                one[3, low + i] = block[a + 2 * L] * block[b + L] + block[a + 3 * L] * block[b + 3 * L]
                one[4, low + i] = (
                    block[a + 4 * L] * block[b]
                    + block[a + 5 * L] * block[b + 2 * L]
                    + block[a + 6 * L] * block[b + 4 * L]
                )
                one[5, low + i] = (
                    block[a + 4 * L] * block[b + L]
                    + block[a + 5 * L] * block[b + 3 * L]
                    + block[a + 6 * L] * block[b + 5 * L]
                )
                one[6, low + i] = block[a + 6 * L] * block[b + 6 * L]
        for g in range(guts):
            for i in range(LANES):
                w[18 * L + i] = ka[g, low + i]
                time[i] = short
            gut_sum(w, time, v)
            for i in range(4 * LANES):
                gut[g, i] = v[i]
            gut_powers(many, block, gut[g])
            o, p = (many - 1) * 4 * L, (many - 2) * 4 * L
            row = 7 + 4 * g
            for i in range(LANES):
                if hours:
                    for k in range(4):
                        one[row + k, low + i] = gut[g, o + k * L + i]
                else:
                    c, q, m, u = gut[g, p + i], gut[g, p + L + i], gut[g, p + 2 * L + i], gut[g, p + 3 * L + i]
                    a = last + i
                    one[row, low + i] = block[a] * c + block[a + L] * q + gut[g, o + i] * u
                    one[row + 1, low + i] = block[a + 2 * L] * c + block[a + 3 * L] * q + gut[g, o + L + i] * u
                    one[row + 2, low + i] = (
                        block[a + 4 * L] * c + block[a + 5 * L] * q + block[a + 6 * L] * m + gut[g, o + 2 * L + i] * u
                    )
                    one[row + 3, low + i] = gut[g, o + 3 * L + i] * u
        for k in range(slots):
            g = slot_gut[k]
            for i in range(LANES):
                w[18 * L + i] = ka[g, low + i]
                amount[i] = share[g, low + i]
                at = clocks[k] + lag[g, low + i]
                days = np.floor(at / 24.0)
                at -= 24.0 * days
                shift[k, low + i] = days
                steps = np.ceil(at / h - 1e-12) if hours else 0.0
                wait[k, low + i] = steps
                time[i] = max(steps * h - at, 0.0) if hours else 24.0 - at
            entered(w, time, amount, short, many, block, gut[g], rest, v)
            for row in range(4):
                for i in range(LANES):
                    first[4 * k + row, low + i] = v[row * L + i]


@njit(cache=True, nogil=True, fastmath={"contract"})
def expand(one, first, wait, scale, slot_gut, steps, response, passed):
    """Every step of the day from one step, by doubling: the hours of one patient in step.

    `response` has shape (n, inputs, 3 * steps), in ng/mL; `passed` (states, inputs, n).
    """
    n, slots = response.shape[0], len(slot_gut)
    guts = (one.shape[0] - 7) // 4
    room = steps + 1
    r = np.empty((7 + 4 * guts, room))
    for i in range(n):
        for row in range(7 + 4 * guts):
            r[row, 0] = 0.0
            r[row, 1] = one[row, i]
        r[0, 0] = r[3, 0] = r[6, 0] = 1.0
        for g in range(guts):
            r[7 + 4 * g + 3, 0] = 1.0
        size = 1
        while size < steps:
            more = min(size, steps - size)
            cc, cp, pc, pp = r[0, size], r[1, size], r[2, size], r[3, size]
            mc, mp, mm = r[4, size], r[5, size], r[6, size]
            for t in range(1, more + 1):
                a, b, c, d = r[0, t], r[1, t], r[2, t], r[3, t]
                r[0, size + t], r[2, size + t] = cc * a + cp * c, pc * a + pp * c
                r[1, size + t], r[3, size + t] = cc * b + cp * d, pc * b + pp * d
                r[4, size + t] = mc * a + mp * c + mm * r[4, t]
                r[5, size + t] = mc * b + mp * d + mm * r[5, t]
                r[6, size + t] = mm * r[6, t]
            for g in range(guts):
                o = 7 + 4 * g
                gc, gp, gm, gg = r[o, size], r[o + 1, size], r[o + 2, size], r[o + 3, size]
                for t in range(1, more + 1):
                    a, b, c, d = r[o, t], r[o + 1, t], r[o + 2, t], r[o + 3, t]
                    r[o, size + t] = cc * a + cp * b + gc * d
                    r[o + 1, size + t] = pc * a + pp * b + gp * d
                    r[o + 2, size + t] = mc * a + mp * b + mm * c + gm * d
                    r[o + 3, size + t] = gg * d
            size += more
        s_c, s_p, s_m = scale[0, i], scale[1, i], scale[2, i]
        held = response[i]
        for t in range(steps):
            held[0, t], held[0, steps + t], held[0, 2 * steps + t] = (
                r[0, t + 1] * s_c,
                r[2, t + 1] * s_p,
                r[4, t + 1] * s_m,
            )
            held[1, t], held[1, steps + t], held[1, 2 * steps + t] = (
                r[1, t + 1] * s_c,
                r[3, t + 1] * s_p,
                r[5, t + 1] * s_m,
            )
            held[2, t], held[2, steps + t], held[2, 2 * steps + t] = 0.0, 0.0, r[6, t + 1] * s_m
        for g in range(guts):
            o = 7 + 4 * g
            for t in range(steps):
                held[3 + g, t] = r[o, t + 1] * s_c
                held[3 + g, steps + t] = r[o + 1, t + 1] * s_p
                held[3 + g, 2 * steps + t] = r[o + 2, t + 1] * s_m
        for k in range(slots):
            o, row = 7 + 4 * slot_gut[k], 3 + guts + k
            begin = np.int64(wait[k, i])
            c, p, m, g_ = first[4 * k, i], first[4 * k + 1, i], first[4 * k + 2, i], first[4 * k + 3, i]
            for j in range(3 * steps):
                held[row, j] = 0.0
            low = max(begin, 1)
            for t in range(low - begin, steps + 1 - begin):
                j = t + begin - 1
                held[row, j] = (r[0, t] * c + r[1, t] * p + r[o, t] * g_) * s_c
                held[row, steps + j] = (r[2, t] * c + r[3, t] * p + r[o + 1, t] * g_) * s_p
                held[row, 2 * steps + j] = (r[4, t] * c + r[5, t] * p + r[6, t] * m + r[o + 2, t] * g_) * s_m
            t = steps - begin
            for state in range(passed.shape[0]):
                passed[state, row, i] = 0.0
            passed[0, row, i] = r[0, t] * c + r[1, t] * p + r[o, t] * g_
            passed[1, row, i] = r[2, t] * c + r[3, t] * p + r[o + 1, t] * g_
            passed[2, row, i] = r[4, t] * c + r[5, t] * p + r[6, t] * m + r[o + 2, t] * g_
            passed[3 + slot_gut[k], row, i] = r[o + 3, t] * g_
        states_passed(r[:, steps], guts, passed, i)


@njit(cache=True, nogil=True, fastmath={"contract"})
def states_passed(day, guts, passed, i):
    """Writes what a day makes of each state."""
    for state in range(3 + guts):
        for column in range(3 + guts):
            passed[state, column, i] = 0.0
    passed[0, 0, i], passed[0, 1, i], passed[1, 0, i], passed[1, 1, i] = day[0], day[1], day[2], day[3]
    passed[2, 0, i], passed[2, 1, i], passed[2, 2, i] = day[4], day[5], day[6]
    for g in range(guts):
        o = 7 + 4 * g
        passed[0, 3 + g, i], passed[1, 3 + g, i], passed[2, 3 + g, i], passed[3 + g, 3 + g, i] = (
            day[o],
            day[o + 1],
            day[o + 2],
            day[o + 3],
        )


@njit(cache=True, nogil=True, fastmath={"contract"})
def whole_days(one, first, slot_gut, passed):
    """The maps of one day to its end, from what `prepare` found for whole days."""
    guts = (one.shape[0] - 7) // 4
    passed[:] = 0.0
    n = passed.shape[2]
    rows = ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2))
    for place in range(7):
        state, column = rows[place]
        for i in range(n):
            passed[state, column, i] = one[place, i]
    for g in range(guts):
        for row in range(4):
            state = row if row < 3 else 3 + g
            for i in range(n):
                passed[state, 3 + g, i] = one[7 + 4 * g + row, i]
    for k in range(len(slot_gut)):
        for row in range(4):
            state = row if row < 3 else 3 + slot_gut[k]
            for i in range(n):
                passed[state, 3 + guts + k, i] = first[4 * k + row, i]
