"""Tiles by JAX, on whatever device it finds; the same arithmetic as the NumPy engine, through the same functions."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from isocourse.kinetics.blocks import DayBlock, body_of, check_body, day_block
from isocourse.kinetics.parameters import Model
from isocourse.kinetics.plan import Plan
from isocourse.kinetics.population import Absorbed, People, Population
from isocourse.kinetics.room import Room
from isocourse.kinetics.tile import Options, Tile, carried, meal_steps, prepared, tile_of

jax.config.update("jax_enable_x64", True)


def jax_tile_of(
    population: Population,
    plan: Plan,
    start: int,
    stop: int,
    options: Options,
    *,
    hours: bool = True,
    room: Room | None = None,
) -> Tile:
    """The patients from one number up to another; maps and levels come from the device, sums are made here."""
    if not hours or any(slot.steady_every_h for slot in plan.slots):
        return tile_of(population, plan, start, stop, options, hours=hours, room=room)
    people, absorbed, taken, mg = prepared(population, plan, start, stop, options)
    body = body_of(
        people, list(absorbed), population.model, tretinoin=options.tretinoin, recycling=options.recycling, xp=np
    )
    check_body(body, plan.step_h)
    found = _maps(_on_device(people), _on_device(absorbed), model=population.model, plan=plan, options=options)
    response, passed, shift, shares = (np.asarray(each) for each in found)
    mg = carried(mg, list(shift))
    states = np.asarray(_states(jnp.asarray(passed), jnp.asarray(mg)))
    inputs = np.ascontiguousarray(np.concatenate((states[:-1], mg), axis=1).transpose(2, 0, 1))
    entry = tuple((share, np.zeros_like(share)) for share in shares)
    return Tile(start, people, plan, taken, mg, absorbed, response, inputs, states, entry, body, room or Room())


# Not compiled as a whole: the maps are thousands of small steps, and compiling them takes longer than any simulation.
def _maps(people: People, absorbed: tuple[Absorbed, ...], *, model: Model, plan: Plan, options: Options) -> Any:  # noqa: ANN401
    held = list(absorbed)
    body = body_of(people, held, model, tretinoin=options.tretinoin, recycling=options.recycling, xp=jnp)
    block = day_block(body, held, plan, meal_steps(model, plan, options), model.recycling.returned.value, jnp)
    return _response(block), _passed(block), jnp.stack(block.shift), jnp.stack([each[0] for each in block.entry])


def _response(block: DayBlock) -> Any:  # noqa: ANN401
    nothing = jnp.zeros_like(block.entry[0][0])
    rows = [
        jnp.stack([nothing if entry is None else entry for levels in shown for entry in levels])
        for shown in block.shown
    ]
    return jnp.stack(rows).transpose(2, 0, 1)


def _passed(block: DayBlock) -> Any:  # noqa: ANN401
    nothing = jnp.zeros_like(block.entry[0][0])
    return jnp.stack(
        [jnp.stack([nothing if entry is None else nothing + entry for entry in row]) for row in block.passed]
    )


@jax.jit  # type: ignore[untyped-decorator]  # JAX is optional and not seen here
def _states(passed: Any, mg: Any) -> Any:  # noqa: ANN401
    size, n = passed.shape[0], passed.shape[2]

    def day(state: Any, amounts: Any) -> Any:  # noqa: ANN401
        new = (passed * jnp.concatenate((state, amounts))).sum(axis=1)
        return new, new

    _, states = jax.lax.scan(day, jnp.zeros((size, n)), mg)
    return jnp.concatenate((jnp.zeros((1, size, n)), states))


def _on_device(held: Any) -> Any:  # noqa: ANN401 - people, or how they absorb
    if isinstance(held, tuple):
        return tuple(_on_device(each) for each in held)
    return replace(held, **{field.name: jnp.asarray(getattr(held, field.name)) for field in fields(held)})


def device() -> str:
    """The device that JAX computes on, for tables of timings."""
    return str(jax.devices()[0])
