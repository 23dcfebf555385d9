"""Amounts and ranges of a dose or a total held against each other. The lower end always belongs to a range, the upper one unless it is open."""

from fractions import Fraction

from isocourse.decisions.tables import Row, Step
from isocourse.logic.units import exact

Ranged = Row | Step
"""What allows a range: a row of a range, or a step of a course."""


def above(amount: Fraction, one: Ranged) -> bool:
    """Whether an amount, in the unit of a range, lies above it."""
    top = exact(one.high)
    return amount > top or (one.below and amount == top)


def apart(one: Ranged, other: Ranged) -> bool:
    """Whether two ranges, in one unit and of capsules that can be the same, have no amount in common."""
    same_form = "any" in (one.of, other.of) or one.of == other.of
    return same_form and one.unit == other.unit and (above(exact(other.low), one) or above(exact(one.low), other))


def inside(one: Ranged, other: Ranged) -> bool:
    """Whether every amount of one range lies in another, in one unit and of its capsules."""
    top, limit = exact(one.high), exact(other.high)
    under = top < limit or (top == limit and (one.below or not other.below))
    return one.unit == other.unit and other.of in ("any", one.of) and exact(other.low) <= exact(one.low) and under
