"""Running totals in mg/kg, by the latest weight and by the weight of each period, against each protocol's target and against none."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from isocourse.course.amounts import Amount

BASES = ("prescribed", "dispensed", "reported", "planned")
"""What a dose is known from; never added up with one another for the same days."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which one daily dose was, or will be, taken."""

    first: int
    last: int
    daily_mg: Amount
    formulation: str
    """conventional, lidose, micronised, or empty if not known."""
    basis: str
    taken: Amount
    """The share of days on which it was taken, from 0 to 1; an interval where adherence is known in part."""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """The total up to the end of a day, for one formulation and basis."""

    day: int
    formulation: str
    basis: str
    mg: Amount
    by_latest: Amount | None
    """mg/kg by the latest weight; None without a weight."""
    by_period: Amount | None
    """mg/kg, each day by the weight of its time."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a total stands against one position's target, or against "no target"."""

    edition: str
    position: str
    governs: bool
    says: str
    """`range`, `no_target`, or the status of a cell that gives neither."""
    low: Fraction | None
    high: Fraction | None
    """mg/kg."""
    formulation: str
    """The formulation whose milligrams the target counts; `any` if it names none."""
    by_latest: str
    by_period: str
    """`below`, `within`, `above`, `cannot_tell`, or `other_formulation`."""
    claims: tuple[str, ...] = ()
