"""Tiles by compiled code; the same numbers as the NumPy engine within rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isocourse.kinetics import compiled_days, compiled_maps, sebum
from isocourse.kinetics.blocks import body_of, check_body
from isocourse.kinetics.draws import Floats
from isocourse.kinetics.parameters import Sebum
from isocourse.kinetics.plan import Plan
from isocourse.kinetics.population import Absorbed, Population
from isocourse.kinetics.room import Room
from isocourse.kinetics.sketch import Sketch
from isocourse.kinetics.tile import Options, Prepared, Tile, carried, prepared, tile_of

COUNTED_AT_ONCE = 256
"""Patients whose bins are held while they are counted day by day."""


@dataclass(frozen=True, slots=True)
class CompiledTile(Tile):
    """Patients followed by compiled compiled_days. Arrays may be longer than the tile: the end is filled up to whole lanes."""

    dosed: Floats
    """mg that enters, shape (days, slots, 1 or patients)."""

    def hours(self, first_day: int, last_day: int, members: slice = slice(None), out: Floats | None = None) -> Floats:
        """Levels in ng/mL at the end of every step; shape (patients, days, species, steps)."""
        first, last, _ = members.indices(len(self))
        shape = (last - first, last_day - first_day, self.species, self.plan.steps)
        held = np.empty(shape) if out is None else out
        flat = held.reshape(shape[0], shape[1], -1)
        compiled_days.fill_hours(self.response, self.states, self.dosed, first_day, last_day, first, last, flat)
        if not np.shares_memory(flat, held):
            held[...] = flat.reshape(shape)
        return held

    def at_step(self, step: int) -> Floats:
        """Levels at the end of one step of every day, shape (species, days, patients)."""
        if step == self.plan.steps:
            return self.ends()
        n, size = len(self), self.states.shape[1]
        columns = self.response[:n].reshape(n, -1, self.species, self.plan.steps)[:, :, :, step - 1]
        levels: Floats = np.einsum("dyn,nys->sdn", self.states[:-1, :, :n], columns[:, :size])
        levels += np.einsum("dkn,nks->sdn", self.mg[:, :, :n], columns[:, size:])
        return levels

    def peaks(self, first_day: int, last_day: int) -> tuple[Floats, Floats]:
        """Highest level on the grid and the hour it stands at; shape (species, patients)."""
        highest, at = np.empty((2, self.species, len(self)))
        compiled_days.find_peaks(
            self.response, self.states, self.dosed, first_day, last_day, self.plan.steps, highest, at
        )
        return highest, at * self.plan.step_h

    def sebum(self, driver_ng_ml: Floats, model: Sebum) -> sebum.Pools:
        """The sebum pools under the mean level of each day, shape (days, patients)."""
        people, n = self.people, len(self)
        level, loss, regrowth = (_filled(each) for each in (people.effect_level, people.loss_rate, people.regrowth))
        pools = self.room.array("pools", (3, self.plan.days + 1, len(level)))
        constants = (
            model.sebum_turnover.value,
            model.gland_turnover.value,
            model.max_effect.value,
            model.loss_level.value,
            1.0 / sebum.WEEK_DAYS,
        )
        compiled_days.follow_sebum(_filled(driver_ng_ml), level, loss, regrowth, constants, pools)
        return sebum.Pools(*pools[:, :, :n])

    def count_into(self, sketch: Sketch) -> None:
        """Counts every level of the course into a sketch of shape (days, species, steps)."""
        width = self.species * self.plan.steps
        buffer = np.empty((min(COUNTED_AT_ONCE, len(self)), self.plan.days, width), dtype=np.float32)
        compiled_days.count_levels(
            self.response, self.states, self.dosed, len(self), buffer, buffer.view(np.int32), sketch.counts
        )


def compiled_tile_of(
    population: Population,
    plan: Plan,
    start: int,
    stop: int,
    options: Options,
    *,
    hours: bool = True,
    room: Room | None = None,
) -> Tile:
    """The patients from one number up to another; a regimen that begins in steady state goes by NumPy."""
    if any(slot.steady_every_h for slot in plan.slots):
        return tile_of(population, plan, start, stop, options, hours=hours, room=room)
    made = prepared(population, plan, start, stop, options)
    return compiled_followed(population, plan, start, options, made, hours=hours, room=room)


def compiled_followed(
    population: Population,
    plan: Plan,
    start: int,
    options: Options,
    made: Prepared,
    *,
    hours: bool = True,
    room: Room | None = None,
) -> Tile:
    """The tile of patients whose values are known already."""
    people, absorbed, taken, mg = made
    room = room or Room()
    body = body_of(people, list(absorbed), population.model, tretinoin=False, recycling=False, xp=np)
    check_body(body, plan.step_h)
    n, guts = len(people), len(absorbed)
    rates = _filled(
        np.stack(
            [
                people.clearance_l_h / people.central_l,
                people.exchange_l_h / people.central_l,
                people.exchange_l_h / people.peripheral_l,
                people.oxo_loss_per_h,
            ]
        )
    )
    whole = rates.shape[1]
    rate, share, lag = (_filled(np.stack(each)) for each in zip(*map(_columns, absorbed), strict=True))
    clocks = np.array([slot.clock_h for slot in plan.slots])
    gut = np.array([slot.gut for slot in plan.slots])
    size, slots = 3 + guts, len(clocks)
    passed, shift = np.empty((size, size + slots, whole)), np.empty((slots, whole))
    response = room.array("response", (whole, size + slots, 3 * plan.steps)) if hours else np.empty((0, 0, 0))
    one, first = np.empty((7 + 4 * guts, whole)), np.empty((4 * slots, whole))
    wait = np.empty((slots, whole))
    compiled_maps.prepare(
        rates, rate, share, lag, clocks, gut, plan.step_h if hours else 1.0, hours, one, first, wait, shift
    )
    if hours:
        compiled_maps.expand(one, first, wait, _filled(np.stack(body.scale)), gut, plan.steps, response, passed)
    else:
        compiled_maps.whole_days(one, first, gut, passed)
    shifts = list(shift[:, :n])
    late = any(np.any(each) for each in shifts)
    mg = carried(mg, shifts) if late else mg
    dosed = mg[:, :, :1].copy() if plan.shared and not options.occasions and not late else _filled(mg)
    states = room.array("states", (plan.days + 1, size, whole))
    compiled_days.follow(passed, dosed, states)
    entry = tuple((absorbed[slot.gut].share, np.zeros(n)) for slot in plan.slots)
    return CompiledTile(
        start,
        people,
        plan,
        taken,
        mg,
        absorbed,
        response,
        np.empty((0, 0, 0)),
        states[:, :, :n],
        entry,
        body,
        room,
        dosed,
    )


def _columns(each: Absorbed) -> tuple[Floats, Floats, Floats]:
    return each.rate_per_h, each.share, each.lag_h


def _filled(held: Floats) -> Floats:
    """The array with its last patient repeated up to whole lanes."""
    missing = -held.shape[-1] % compiled_maps.LANES
    if not missing:
        return np.ascontiguousarray(held)
    return np.concatenate((held, np.repeat(held[..., -1:], missing, axis=-1)), axis=-1)
