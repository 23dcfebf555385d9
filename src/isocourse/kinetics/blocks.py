"""One day as a block: what the state at its start and the doses within it make of every hour, and of the state at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from isocourse.kinetics.parameters import Model
from isocourse.kinetics.plan import Plan, Slot
from isocourse.kinetics.population import Absorbed, People
from isocourse.kinetics.propagate import (
    Array,
    Flows,
    Matrix,
    Steps,
    Vector,
    after,
    applied,
    check_rates,
    chosen,
    product,
    repeated,
    steps_of,
    summed,
)

NG_ML = 1000.0
"""ng/mL in one mg/L."""


@dataclass(frozen=True, slots=True)
class Body:
    """Which states there are, and how they become concentrations."""

    flows: Flows
    names: tuple[str, ...]
    """central, peripheral, oxo; then tretinoin, and bile with two areas, if asked for; then one gut for each absorption."""
    scale: tuple[Array, ...]
    """ng/mL of one mg in central, peripheral, oxo and tretinoin."""

    def gut(self, number: int) -> int:
        """The state of a gut."""
        return len(self.names) - sum(name == "gut" for name in self.names) + number


@dataclass(frozen=True, slots=True)
class DayBlock:
    """The linear maps of one day, for some patients.

    An input is a state at the start of the day, or 1 mg in a slot of the day.
    """

    shown: list[list[list[Array | None]]]
    """[input][species][step]: ng/mL at the end of each step; empty where only the end of the day is wanted."""
    passed: Matrix
    """[state][input]: the state at the end of the day."""
    shift: list[Array]
    """[slot]: days by which lag carries a dose into a later day; 0 or 1."""
    entry: list[tuple[Array, Array]]
    """[slot]: mg of parent and of 4-oxo (as parent) that 1 mg in the slot brings into the body."""
    body: Body


def body_of(
    people: People,
    absorbed: list[Absorbed],
    model: Model,
    *,
    tretinoin: bool,
    recycling: bool,
    xp: Any,  # noqa: ANN401
) -> Body:
    """Rates of the patients, from clearances and volumes."""
    k_out = people.clearance_l_h / people.central_l
    k12 = people.exchange_l_h / people.central_l
    k21 = people.exchange_l_h / people.peripheral_l
    names = ["central", "peripheral", "oxo"]
    scale = [
        NG_ML / people.central_l,
        NG_ML / people.peripheral_l,
        NG_ML * model.disposition.oxo_mass_ratio.value / people.oxo_l,
    ]
    to_bile, returned = model.recycling.to_bile.value, model.recycling.returned.value
    formed = k_out
    if recycling:  # clearance is raised so that exposure stays as it was measured; 4-oxo is formed as before
        k_out = k_out / (1 - to_bile * returned)
    losses = [k_out + k12, k21, people.oxo_loss_per_h]
    if tretinoin:
        names.append("tretinoin")
        losses.append(people.tretinoin_loss_per_h)
        scale.append(NG_ML * people.tretinoin_loss_per_h / people.tretinoin_clearance_l_h)
    if recycling:
        names.extend(("bile", "area", "oxo_area"))
        losses.extend(xp.zeros_like(k_out) for _ in range(3))
    first_gut = len(names)
    names.extend("gut" for _ in absorbed)
    losses.extend(each.rate_per_h for each in absorbed)
    between: Matrix = [[None] * len(names) for _ in names]
    between[0][1], between[1][0], between[2][0] = k21, k12, formed
    if tretinoin:
        between[3][0] = formed * model.tretinoin.share.value
    if recycling:
        between[names.index("bile")][0] = k_out * to_bile
        between[names.index("area")][0] = between[names.index("oxo_area")][2] = xp.ones_like(k_out)
    for number, each in enumerate(absorbed):
        between[0][first_gut + number] = each.rate_per_h
    return Body(Flows(between, losses), tuple(names), tuple(scale))


def check_body(body: Body, step_h: float) -> None:
    """Refuses rates that no body has.

    Raises:
        KineticsError: as said.
    """
    for name, loss in zip(body.names, body.flows.losses, strict=True):
        if name not in ("bile", "area", "oxo_area"):
            check_rates(loss, step_h, f"loss from {name}")


def day_ends(body: Body, absorbed: list[Absorbed], plan: Plan, xp: Any) -> DayBlock:  # noqa: ANN401
    """The maps of one day to its end only; nothing is shown within it."""
    steps = steps_of(body.flows, plan.step_h, xp)
    one = xp.ones_like(body.flows.losses[0])
    day = repeated(steps.whole, plan.steps)
    ends, shifts, entries = [], [], []
    for slot in plan.slots:
        first, enters = _first(body, absorbed[slot.gut], slot, steps, xp)
        entries.append(_brought(first, body, one))
        shift = xp.floor(enters / 24.0)
        shifts.append(shift)
        ends.append(after(body.flows, steps, first, 24.0 - (enters - 24.0 * shift), xp, longest_h=24.0))
    passed: Matrix = [[*row, *(end[i] for end in ends)] for i, row in enumerate(day)]
    return DayBlock([], passed, shifts, entries, body)


def day_block(
    body: Body,
    absorbed: list[Absorbed],
    plan: Plan,
    meals: frozenset[int],
    returned: float,
    xp: Any,  # noqa: ANN401
) -> DayBlock:
    """The maps of one day, with every step of it.

    Args:
        body: states and rates.
        absorbed: how the patients absorb, one for each gut.
        plan: slots and grid.
        meals: steps of the day after which bile empties; empty without recycling.
        returned: the part of the bile that reaches the gut.
        xp: the array library.
    """
    steps = steps_of(body.flows, plan.step_h, xp)
    one = xp.ones_like(body.flows.losses[0])
    size = len(body.names)
    shown, ends, shifts, entries = [], [], [], []
    for state in range(size):
        vector: Vector = [one if i == state else None for i in range(size)]
        track = []
        for step in range(1, plan.steps + 1):
            vector = applied(steps.whole, vector)
            track.append(vector)
            vector = _emptied(vector, body, returned) if step in meals else vector
        shown.append(_levels(track, body))
        ends.append(vector)
    for slot in plan.slots:
        first, enters = _first(body, absorbed[slot.gut], slot, steps, xp)
        entries.append(_brought(first, body, one))
        shift = xp.floor(enters / 24.0)
        shifts.append(shift)
        enters = enters - 24.0 * shift
        wait = xp.ceil(enters / plan.step_h - 1e-12)
        start = after(body.flows, steps, first, xp.maximum(wait * plan.step_h - enters, 0.0), xp)
        vector = [chosen(wait == 0, entry, None, xp) for entry in start]
        track = []
        for step in range(1, plan.steps + 1):
            vector = [
                chosen(wait == step, new, old, xp) for new, old in zip(start, applied(steps.whole, vector), strict=True)
            ]
            track.append(vector)
            vector = _emptied(vector, body, returned) if step in meals else vector
        shown.append(_levels(track, body))
        ends.append(vector)
    passed: Matrix = [[end[i] for end in ends] for i in range(size)]
    return DayBlock(shown, passed, shifts, entries, body)


def _first(body: Body, how: Absorbed, slot: Slot, steps: Steps, xp: Any) -> tuple[Vector, Array]:  # noqa: ANN401
    """What 1 mg in the slot puts into the body, and the hour of the day at which it does."""
    gut = body.gut(slot.gut)
    dose: Vector = [how.share if i == gut else None for i in range(len(body.names))]
    if not slot.steady_every_h:
        return dose, slot.clock_h + how.lag_h
    return _earlier(body, dose, slot.steady_every_h, how.lag_h, steps.step_h, steps, xp), slot.clock_h + 0.0 * how.lag_h


def _brought(first: Vector, body: Body, one: Array) -> tuple[Array, Array]:
    parent = [entry for entry, name in zip(first, body.names, strict=True) if name in ("central", "peripheral", "gut")]
    return sum((entry for entry in parent if entry is not None), 0.0 * one), 0.0 * one if first[2] is None else first[2]


def _earlier(body: Body, dose: Vector, every_h: float, lag_h: Array, step_h: float, steps: Steps, xp: Any) -> Vector:  # noqa: ANN401
    """What all earlier doses at this interval have left at the time of a dose: a geometric series, summed by doubling."""
    whole, rest = divmod(every_h, step_h)
    once = repeated(steps.whole, int(whole)) if whole else None
    if rest > 0:
        part = steps_of(body.flows, rest, xp).whole
        once = part if once is None else product(part, once)
    assert once is not None
    return after(body.flows, steps, applied(summed(once, xp), dose), every_h - lag_h, xp, longest_h=every_h)


def _emptied(vector: Vector, body: Body, returned: float) -> Vector:
    """The state after a meal: bile goes back to the first gut, or is lost."""
    bile, gut = body.names.index("bile"), body.gut(0)
    held = list(vector)
    full, empty = held[bile], held[gut]
    if full is not None:
        held[gut] = full * returned if empty is None else empty + full * returned
        held[bile] = None
    return held


def _levels(track: list[Vector], body: Body) -> list[list[Array | None]]:
    return [
        [None if vector[place] is None else vector[place] * factor for vector in track]
        for place, factor in enumerate(body.scale)
    ]
