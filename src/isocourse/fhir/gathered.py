"""What one resource, or several, gave."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from isocourse.facts.problem import Problem
from isocourse.facts.record import DoseEntry, Event, Order, Unjudged
from isocourse.facts.refused import Refused


class Read(Struct, frozen=True):
    """Events and orders, and what could not be made one."""

    events: tuple[Event, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    problems: tuple[Problem, ...] = ()
    orders: tuple[Order, ...] = ()
    refused: tuple[Refused, ...] = ()
    """Results that are on file but cannot be used: an older one is not the latest."""
    doses: tuple[DoseEntry, ...] = ()
    """What was handed out, given or said to be taken."""


def together(reads: Iterable[Read]) -> Read:
    """Several as one."""
    listed = list(reads)
    return Read(
        tuple(event for read in listed for event in read.events),
        tuple(each for read in listed for each in read.unjudged),
        tuple(problem for read in listed for problem in read.problems),
        tuple(order for read in listed for order in read.orders),
        tuple(each for read in listed for each in read.refused),
        tuple(each for read in listed for each in read.doses),
    )
