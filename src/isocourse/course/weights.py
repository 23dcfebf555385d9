"""Body weight along a course: what was weighed, and which weight counts on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isocourse.course.amounts import Amount


@dataclass(frozen=True, slots=True)
class Weighed:
    """A body weight in kg and the day it was taken."""

    day: int
    kg: Amount
    asked: bool = False
    """Whether it was given for the plan rather than found on file."""


def weight_on(weights: Sequence[Weighed], day: int) -> Weighed | None:
    """The last weight up to a day; before the first one, the first one; None if there is none.

    `weights` are in order of their days; of two on one day the later entry counts.
    """
    before = [each for each in weights if each.day <= day]
    if before:
        return before[-1]
    return weights[0] if weights else None


def latest(weights: Sequence[Weighed]) -> Weighed | None:
    """The newest weight."""
    return weights[-1] if weights else None
