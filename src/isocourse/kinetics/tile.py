"""Some patients followed through a whole course, exactly: the state at the start of every day, and any hour when asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from isocourse.kinetics import sebum
from isocourse.kinetics.blocks import NG_ML, Body, DayBlock, body_of, check_body, day_block, day_ends
from isocourse.kinetics.draws import Floats
from isocourse.kinetics.parameters import Model, Sebum
from isocourse.kinetics.plan import Plan
from isocourse.kinetics.population import Absorbed, People, Population
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.propagate import Array
from isocourse.kinetics.regimen import HOURS
from isocourse.kinetics.room import Room
from isocourse.kinetics.sketch import Sketch

SPECIES = ("parent", "tissue", "oxo", "tretinoin")
"""What is shown of each state: parent in plasma and in the peripheral compartment, 4-oxo, and tretinoin if asked for."""
SUB_TILE = 16
"""Patients whose hours are held at once while they are reduced."""
COUNTED_AT_ONCE = 128
"""The same while they are counted, which has a cost of its own for each group."""


@dataclass(frozen=True, slots=True)
class Options:
    """Which parts of the model are on."""

    occasions: bool = False
    """Variation of the available share from dose to dose."""
    tretinoin: bool = False
    recycling: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """Patients numbered from `start`, by plain NumPy; the reference for every other backend."""

    start: int
    people: People
    plan: Plan
    taken: Floats
    """mg taken, shape (days, slots, patients)."""
    mg: Floats
    """mg that counts on the day it enters: after variation from dose to dose, and carried over where lag does."""
    absorbed: tuple[Absorbed, ...]
    response: Floats
    """ng/mL of each input at the end of each step, shape (patients, inputs, species * steps); empty where only days are asked for."""
    inputs: Floats
    """State at the start of each day, then mg in its slots; shape (patients, days, inputs)."""
    states: Floats
    """State at the start of each day and at the end of the last, shape (days + 1, states, patients)."""
    entry: tuple[tuple[Floats, Floats], ...]
    """mg of parent and of 4-oxo (as parent) that 1 mg in each slot brings into the body."""
    body: Body
    room: Room

    def __len__(self) -> int:
        return len(self.people)

    @property
    def species(self) -> int:
        """How many levels are shown."""
        return len(self.body.scale)

    def hours(self, first_day: int, last_day: int, members: slice = slice(None), out: Floats | None = None) -> Floats:
        """Levels in ng/mL at the end of every step; shape (patients, days, species, steps).

        Args:
            first_day: from this day, counted from 0.
            last_day: up to, not including, this day.
            members: which of the patients.
            out: where to write, of that shape; float32 is computed and stored as such.
        """
        n = len(range(*members.indices(len(self))))
        shape = (n, last_day - first_day, self.species, self.plan.steps)
        held = np.empty(shape) if out is None else out
        inputs, response = self.inputs[members, first_day:last_day], self.response[members]
        if held.dtype != np.float64:
            inputs, response = inputs.astype(held.dtype), response.astype(held.dtype)
        np.matmul(inputs, response, out=held.reshape(n, shape[1], -1))
        return held

    def ends(self) -> Floats:
        """Levels at the end of every day, shape (species, days, patients)."""
        found = self.room.array("ends", (self.species, self.plan.days, len(self)))
        for place, factor in enumerate(self.body.scale):
            np.multiply(self.states[1:, place], factor, out=found[place])
        return found

    def at_step(self, step: int) -> Floats:
        """Levels at the end of one step of every day, shape (species, days, patients)."""
        if step == self.plan.steps:
            return self.ends()
        columns = self.response.reshape(len(self), -1, self.species, self.plan.steps)[:, :, :, step - 1]
        levels: Floats = np.einsum("ndi,nis->sdn", self.inputs, columns)
        return levels

    def areas(self) -> Floats:
        """Area under parent and 4-oxo on each day, ng h/mL, by mass balance; shape (2, days, patients)."""
        people, names = self.people, self.body.names
        fall = self.states[:-1] - self.states[1:]
        oxo_scale = self.body.scale[2]
        if "area" in names:
            area, oxo = -fall[:, names.index("area")], -fall[:, names.index("oxo_area")]
            return np.stack([area * self.body.scale[0], oxo * oxo_scale])
        guts = slice(self.body.gut(0), None)
        gone = np.maximum(self.entered(0) + fall[:, 0] + fall[:, 1] + fall[:, guts].sum(axis=1), 0.0)
        oxo_gone = np.maximum(gone + self.entered(1) + fall[:, 2], 0.0)
        return np.stack([gone * (NG_ML / people.clearance_l_h), oxo_gone * (oxo_scale / people.oxo_loss_per_h)])

    def entered(self, part: int) -> Floats:
        """mg of parent (0) or 4-oxo (1) that entered the body on each day; shape (days, patients)."""
        total = self.mg[:, 0] * self.entry[0][part]
        for place in range(1, len(self.entry)):
            total += self.mg[:, place] * self.entry[place][part]
        return total

    def peaks(self, first_day: int, last_day: int) -> tuple[Floats, Floats]:
        """Highest level on the grid and the hour it stands at, counted from the start of `first_day`; shape (species, patients)."""
        highest, hour = np.empty((2, self.species, len(self)))
        for first in range(0, len(self), SUB_TILE):
            part = slice(first, min(first + SUB_TILE, len(self)))
            levels = self.hours(first_day, last_day, part).swapaxes(1, 2).reshape(part.stop - first, self.species, -1)
            highest[:, part] = levels.max(axis=2).T
            hour[:, part] = (levels.argmax(axis=2).T + 1) * self.plan.step_h
        return highest, hour

    def sebum(self, driver_ng_ml: Floats, model: Sebum) -> sebum.Pools:
        """The sebum pools under the mean level of each day, shape (days, patients)."""
        people = self.people
        return sebum.followed(driver_ng_ml, model, people.effect_level, people.loss_rate, people.regrowth)

    def count_into(self, sketch: Sketch) -> None:
        """Counts every level of the course into a sketch of shape (days, species, steps)."""
        for first in range(0, len(self), COUNTED_AT_ONCE):
            sketch.add(self.hours(0, self.plan.days, slice(first, min(first + COUNTED_AT_ONCE, len(self)))))

    def hours_above(self, level_ng_ml: float, species: int) -> Floats:
        """Hours with more than a level, counted on the grid; shape (patients,)."""
        found = np.empty(len(self))
        for first in range(0, len(self), SUB_TILE):
            part = slice(first, min(first + SUB_TILE, len(self)))
            levels = self.hours(0, self.plan.days, part)[:, :, species]
            found[part] = (levels > level_ng_ml).sum(axis=(1, 2)) * self.plan.step_h
        return found


def tile_of(
    population: Population,
    plan: Plan,
    start: int,
    stop: int,
    options: Options,
    *,
    hours: bool = True,
    room: Room | None = None,
) -> Tile:
    """The patients from one number up to another, followed through the course.

    Args:
        population: who they are.
        plan: what they take.
        start: the first patient's number.
        stop: the number after the last.
        options: which optional parts are on.
        hours: whether levels within a day will be asked for.
        room: memory to use again; the tile is then good until the next one is made in it.
    """
    made = prepared(population, plan, start, stop, options)
    return followed(population, plan, start, options, made, hours=hours, room=room)


def followed(
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
    room, model = room or Room(), population.model
    if options.recycling and any(slot.steady_every_h for slot in plan.slots):
        raise KineticsError(
            "bile recycling", "a regimen that begins in steady state", "one of the two", "write the earlier doses out"
        )
    body = body_of(people, list(absorbed), model, tretinoin=options.tretinoin, recycling=options.recycling, xp=np)
    check_body(body, plan.step_h)
    if hours or options.recycling:
        meals = meal_steps(model, plan, options)
        block = day_block(body, list(absorbed), plan, meals, model.recycling.returned.value, np)
    else:
        block = day_ends(body, list(absorbed), plan, np)
    mg = carried(mg, block.shift)
    passed = np.stack([np.stack([_full(entry, len(people)) for entry in row]) for row in block.passed])
    states = _days(passed, mg, room)
    response, inputs = np.empty((0, 0, 0)), np.empty((0, 0, 0))
    if hours:
        response = _response(block, len(people), room)
        whole = room.array("whole", (plan.days, passed.shape[1], len(people) + PAD))[..., : len(people)]
        whole[:, : len(passed)], whole[:, len(passed) :] = states[:-1], mg
        inputs = _by_patient(whole, room, "inputs")
    return Tile(start, people, plan, taken, mg, absorbed, response, inputs, states, tuple(block.entry), body, room)


Prepared: TypeAlias = tuple[People, tuple[Absorbed, ...], Floats, Floats]
"""Patients, how they absorb, mg taken, and mg that counts."""


def prepared(population: Population, plan: Plan, start: int, stop: int, options: Options) -> Prepared:
    """The patients, how they absorb, what they take, and what of it counts after variation from dose to dose."""
    people = population.people(start, stop)
    interval = plan.regimen.shortest_interval_h
    absorbed = tuple(
        population.absorbed(people, population.model.absorbed(*pair), start, interval) for pair in plan.absorptions
    )
    taken = plan.taken(population, people, start)
    mg = taken * plan.occasions(population, len(people), start) if options.occasions else taken
    return people, absorbed, taken, mg


def meal_steps(model: Model, plan: Plan, options: Options) -> frozenset[int]:
    """The steps of the day at which bile empties.

    Raises:
        KineticsError: a meal that is not on the grid.
    """
    if not options.recycling:
        return frozenset()
    steps = [meal / plan.step_h for meal in model.recycling.meals_h]
    if any(abs(step - round(step)) > 1e-9 for step in steps):
        raise KineticsError(
            "bile recycling",
            f"meals at {model.recycling.meals_h} h",
            f"multiples of {plan.step_h:g} h",
            "use --step 0.5",
        )
    return frozenset(round(step) or plan.steps for step in steps)


def carried(mg: Floats, shifts: list[Array]) -> Floats:
    """mg by the day on which it enters the gut: lag may carry a late dose into the next day."""
    if not any(np.any(shift) for shift in shifts):
        return mg
    moved = mg.copy()
    for slot, shift in enumerate(shifts):
        for days in range(1, int(shift.max()) + 1):
            late = np.zeros_like(mg[:, slot])
            late[days:] = mg[:-days, slot]
            moved[:, slot] = np.where(shift == days, late, moved[:, slot])
    return moved


def _days(passed: Floats, mg: Floats, room: Room) -> Floats:
    """States at the start of each day and at the end of the last."""
    days, _, n = mg.shape
    size = len(passed)
    states = room.array("states", (days + 1, size, n))
    states[0] = 0.0
    whole = np.empty((passed.shape[1], n))
    parts = np.empty_like(passed)
    for day in range(days):
        whole[:size], whole[size:] = states[day], mg[day]
        np.multiply(passed, whole, out=parts)
        parts.sum(axis=1, out=states[day + 1])
    return states


def _response(block: DayBlock, n: int, room: Room) -> Floats:
    inputs, species, steps = len(block.shown), len(block.body.scale), len(block.shown[0][0])
    held = room.array("held", (inputs, species * steps, n + PAD))[..., :n]
    for i, levels in enumerate(block.shown):
        for place, row in enumerate(levels):
            for step, entry in enumerate(row):
                held[i, place * steps + step] = 0.0 if entry is None else entry
    return _by_patient(held, room, "response")


PAD = 8
"""Kept free after each row, so that rows a power of two apart do not crowd into one part of the cache."""


def _by_patient(held: Floats, room: Room, name: str) -> Floats:
    """An array with patients last as one with patients first, copied in blocks that fit the cache."""
    n = held.shape[-1]
    found = room.array(name, (n, *held.shape[:-1]))
    flat, rows = held.reshape(-1, n), found.reshape(n, -1)
    for first in range(0, n, 32):
        rows[first : first + 32] = flat[:, first : first + 32].T
    return found


def _full(entry: Array | None, n: int) -> Floats:
    return np.zeros(n) if entry is None else np.broadcast_to(np.asarray(entry, dtype=np.float64), (n,))


def day_of_last_dose(plan: Plan) -> tuple[int, float]:
    """The day, counted from 0, and the clock time of the last dose."""
    last = max(dose.time_h for dose in plan.regimen.doses if dose.amount > 0)
    return int(last // HOURS), last % HOURS
