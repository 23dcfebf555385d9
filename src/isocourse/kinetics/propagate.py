"""Exact motion of the drug between doses, in positive form: nothing is ever subtracted, so nothing cancels.

The body is a positive linear system y' = A y. With q no smaller than any rate of loss, A + q has no negative entry, and
exp(A h) = exp(-q h) exp((A + q) h) is a sum of positive terms. No eigenvalues are needed, so rates may be as close together as
they like, and every entry of the result is accurate in itself.

A matrix is a list of rows; an entry is an array over patients, or None where it is zero by structure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from isocourse.kinetics.problem import KineticsError

Array: TypeAlias = Any
"""An array of NumPy or JAX; both take the same expressions."""
Matrix: TypeAlias = list[list[Array | None]]
Vector: TypeAlias = list[Array | None]

HALVINGS = 6
"""A step is halved six times before the series is summed, and squared back six times."""
TERMS = 18
"""Terms of the series; with q h at most 1 the rest is below 1e-16."""
FASTEST = float(2**HALVINGS)
"""The fastest loss in one step that this holds for."""


@dataclass(frozen=True, slots=True)
class Flows:
    """Where the drug goes: rates per hour, one for each patient."""

    between: Matrix
    """From state j (column) to state i (row); the diagonal is None."""
    losses: list[Array]
    """What leaves each state, by whatever way."""


@dataclass(frozen=True, slots=True)
class Steps:
    """exp(A h) for h = step / 64, step / 32, ..., step."""

    powers: list[Matrix]
    step_h: float

    @property
    def whole(self) -> Matrix:
        """One step."""
        return self.powers[-1]


def product(left: Matrix, right: Matrix) -> Matrix:
    """The matrix product, over patients, keeping structural zeros."""
    return [[_dot(row, [line[j] for line in right]) for j in range(len(right[0]))] for row in left]


def applied(matrix: Matrix, vector: Vector) -> Vector:
    """The matrix times a vector."""
    return [_dot(row, vector) for row in matrix]


def _dot(row: Sequence[Array | None], column: Sequence[Array | None]) -> Array | None:
    total = None
    for left, right in zip(row, column, strict=True):
        if left is not None and right is not None:
            total = left * right if total is None else total + left * right
    return total


def steps_of(flows: Flows, step_h: float, xp: Any) -> Steps:  # noqa: ANN401 - the array library
    """How every state passes on in one step, and in the halves of it."""
    short = step_h / 2**HALVINGS
    q = _fastest(flows, xp)
    scaled = _raised(flows, q, short)
    one = xp.ones_like(q)
    unit: Matrix = [[one if i == j else None for j in range(len(scaled))] for i in range(len(scaled))]
    total = unit
    for k in range(TERMS, 0, -1):
        total = [
            [_plus(_times(entry, 1.0 / k), unit[i][j]) for j, entry in enumerate(row)]
            for i, row in enumerate(product(scaled, total))
        ]
    shrink = xp.exp(-q * short)
    found = [[[_times(entry, shrink) for entry in row] for row in total]]
    for _ in range(HALVINGS):
        found.append(product(found[-1], found[-1]))
    return Steps(found, step_h)


def after(
    flows: Flows,
    steps: Steps,
    start: Vector,
    time_h: Array,
    xp: Any,  # noqa: ANN401
    *,
    longest_h: float = 0.0,
) -> Vector:
    """The state after `time_h`, one for each patient and at most one step or `longest_h`, beginning at `start`."""
    short = steps.step_h / 2**HALVINGS
    whole = xp.floor(time_h / short)
    vector = _series(flows, start, xp.maximum(time_h - whole * short, 0.0), xp)
    count = whole.astype(int)
    powers = list(steps.powers)
    while steps.step_h * 2 ** (len(powers) - HALVINGS) <= longest_h:
        powers.append(product(powers[-1], powers[-1]))
    for place, matrix in enumerate(powers):
        bit = ((count >> place) & 1) == 1
        moved = applied(matrix, vector)
        vector = [chosen(bit, new, old, xp) for new, old in zip(moved, vector, strict=True)]
    return vector


def repeated(matrix: Matrix, times: int) -> Matrix:
    """The matrix to a whole power, at least 1, by squaring."""
    found: Matrix | None = None
    while times:
        if times & 1:
            found = matrix if found is None else product(found, matrix)
        matrix = product(matrix, matrix)
        times >>= 1
    assert found is not None
    return found


def summed(matrix: Matrix, xp: Any, doublings: int = 40) -> Matrix:  # noqa: ANN401
    """I + R + R^2 + ... without end, by doubling: the sum of all earlier doses in steady state."""
    size = len(matrix)
    one = xp.ones_like(next(entry for row in matrix for entry in row if entry is not None))
    total: Matrix = [[one if i == j else None for j in range(size)] for i in range(size)]
    power = matrix
    for _ in range(doublings):
        more = product(power, total)
        total = [[_plus(a, b) for a, b in zip(row, line, strict=True)] for row, line in zip(total, more, strict=True)]
        power = product(power, power)
    return total


def check_rates(rates_per_h: Array, step_h: float, name: str) -> None:
    """Refuses a rate that is not above zero, or too fast for the step.

    Raises:
        KineticsError: as said.
    """
    lowest, highest = float(rates_per_h.min()), float(rates_per_h.max())
    if not lowest > 0:
        raise KineticsError(
            name, f"{lowest:g} per hour", "a rate above zero", "check clearance, volumes and absorption"
        )
    if not highest * step_h <= FASTEST:
        raise KineticsError(
            name, f"{highest:g} per hour", f"at most {FASTEST / step_h:g} per hour at this step", "take a shorter step"
        )


def chosen(mask: Array, new: Array | None, old: Array | None, xp: Any) -> Array | None:  # noqa: ANN401
    """The new value where the mask holds, else the old one."""
    if new is None and old is None:
        return None
    return xp.where(mask, 0.0 if new is None else new, 0.0 if old is None else old)


def _fastest(flows: Flows, xp: Any) -> Array:  # noqa: ANN401
    q = flows.losses[0]
    for each in flows.losses[1:]:
        q = xp.maximum(q, each)
    return q


def _raised(flows: Flows, q: Array, time_h: Array) -> Matrix:
    """(A + q) h: no entry is negative."""
    return [
        [(q - loss) * time_h if i == j else _times(entry, time_h) for j, entry in enumerate(row)]
        for i, (row, loss) in enumerate(zip(flows.between, flows.losses, strict=True))
    ]


def _series(flows: Flows, start: Vector, time_h: Array, xp: Any) -> Vector:  # noqa: ANN401
    q = _fastest(flows, xp)
    scaled = _raised(flows, q, time_h)
    total = start
    for k in range(TERMS, 0, -1):
        total = [
            _plus(_times(entry, 1.0 / k), first) for entry, first in zip(applied(scaled, total), start, strict=True)
        ]
    shrink = xp.exp(-q * time_h)
    return [_times(entry, shrink) for entry in total]


def _times(entry: Array | None, number: Array) -> Array | None:
    return None if entry is None else entry * number


def _plus(entry: Array | None, other: Array | None) -> Array | None:
    if entry is None or other is None:
        return other if entry is None else entry
    return entry + other
