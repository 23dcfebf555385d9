"""What a prescriber asks of a plan: start, product, dose steps, taper, breaks, missed days, weights. What is left out gets a default."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

PER_DAY = "mg/day"
PER_KG = "mg/kg/day"


@dataclass(frozen=True, slots=True)
class WantedStep:
    """One dose step as asked."""

    amount: Fraction
    unit: str
    """`mg/day` or `mg/kg/day`."""
    count: int | None = None
    """How long; None for the last step: until the course ends."""
    length_unit: str = "days"
    """`days`, `weeks` or `months`, as asked; "1 month", "30 days" and "4 weeks" are not the same."""
    product: str = ""
    """Empty: the product of the step before it."""
    taper: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """Days without capsules, both ends included."""

    first: int
    last: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that can be wanted of a plan; None and empty mean "take the default and say so"."""

    start: int | None = None
    product: str = ""
    dose: WantedStep | None = None
    """One dose for the whole course."""
    steps: tuple[WantedStep, ...] = ()
    taper: tuple[WantedStep, ...] = ()
    """The last steps; they end where the course ends."""
    times_a_day: int | None = None
    weights: tuple[tuple[int, Fraction], ...] = ()
    """Day and kg, beside those on file."""
    breaks: tuple[Break, ...] = ()
    missed: tuple[int, ...] = ()
    """Days on which no capsule was or will be taken."""
    drug_free_days: bool = False
    """Whether a pattern may leave days without a capsule."""
    supply_days: int | None = None
    target: Fraction | None = None
    """mg/kg at which the drawn course ends."""
    until: int | None = None
    """The last day of the drawn course."""
    moved: tuple[tuple[str, int], ...] = ()
    """Events by handle, as `supply-2`, moved to another day."""
    pack: int | None = None
    """Capsules in one pack."""
