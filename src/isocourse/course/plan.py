"""What a plan is: dated dose steps with their capsules, supplies, running totals, forecast and calendar, guarded by the assessment."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from msgspec import Struct

from isocourse.course.amounts import Amount
from isocourse.course.calendar import Entry, Happening
from isocourse.course.capsules import Pattern
from isocourse.course.conversion import Converted
from isocourse.course.forecast import Forecast
from isocourse.course.outline import Outline
from isocourse.course.totals import Progress, Running
from isocourse.course.wanted import Break, Wanted
from isocourse.course.weights import Weighed
from isocourse.decisions.tables import Row
from isocourse.decisions.today import Held, Missing, RedFinding
from isocourse.facts.orders import DOSE_STEPS
from isocourse.library import Assessment, Product


class Choice(Struct, frozen=True):
    """One thing that the plan rests on, asked for or chosen by us, and why."""

    name: str
    """start, product, dose, times_a_day, weight, supply_days, end."""
    value: str
    why: str
    asked: bool
    claims: tuple[str, ...] = ()


class Bounds(Struct, frozen=True):
    """A range of mg/kg/day or mg/day that one position sets for a step."""

    edition: str
    position: str
    row: Row
    low: Fraction
    high: Fraction
    """mg/day at the step's weight."""
    governs: bool
    fits: str
    """`within`, `above`, `below`, or `other_formulation`: its milligrams are not those of the product."""

    @property
    def most(self) -> Fraction:
        """The highest mg/day that lies in it; where the upper end does not, the next one below it in which doses are written."""
        return Fraction(ceil(self.high * DOSE_STEPS) - 1, DOSE_STEPS) if self.row.below else self.high


class DoseStep(Struct, frozen=True):
    """Days with one dose: what was asked, at which weight, in which capsules."""

    name: str
    """`step 1`, `taper 2`."""
    first: int
    last: int
    open: bool
    """Whether the step goes on until the course ends, so that `last` is where the drawing ends."""
    wanted: str
    """As asked: `0.5 mg/kg/day`."""
    target_mg: Fraction
    """mg/day before it is rounded to capsules."""
    weight: Weighed | None
    product: Product | None
    formulation: str
    times_a_day: int
    pattern: Pattern | None
    """None where the strengths at hand cannot give it."""
    bounds: tuple[Bounds, ...]
    notes: tuple[str, ...]


class Supply(Struct, frozen=True):
    """One supply: the days it covers, and its capsules."""

    number: int
    day: int
    """The day of prescription and supply."""
    first: int
    last: int
    """The days it covers, both included."""
    capsules: tuple[tuple[Fraction, int], ...]
    """For each strength in mg, the largest first, how many."""
    packs: tuple[tuple[Fraction, int], ...] = ()
    """For each strength, how many packs, where the size of a pack was given."""


class Plan(Struct, frozen=True):
    """A course from its first day to where it is drawn."""

    wanted: Wanted
    assessment: Assessment
    withheld: tuple[RedFinding, ...]
    """Red lines that hold: then there is no dose table, no supply and no start."""
    held: tuple[Held, ...]
    """What is open today: "not to be started until ..." heads every page and event; empty if nothing is."""
    unknown: tuple[Missing, ...]
    """Facts on contraindications that are not known: they are open too."""
    running: bool
    """Whether the course has begun: then `held` is about the next supply."""
    choices: tuple[Choice, ...]
    steps: tuple[DoseStep, ...]
    breaks: tuple[Break, ...]
    supplies: tuple[Supply, ...]
    start: int | None
    end: int | None
    """The last day drawn."""
    end_sure: bool
    """Whether the last day was asked for or is on file; otherwise the drawing ends there and the course need not."""
    totals: tuple[Running, ...]
    """Up to today by every basis; then, as planned, at the end of each step and supply. What is planned goes on from what was
    reported, or else dispensed, or else prescribed."""
    progress: tuple[Progress, ...]
    """Of the total where the drawing ends, against each target."""
    progress_now: tuple[Progress, ...]
    """Of the total up to today."""
    forecasts: tuple[Forecast, ...]
    happenings: tuple[Happening, ...]
    calendar: tuple[Entry, ...]
    notes: tuple[str, ...]
    governs: tuple[str, ...]
    """The keys of the governing editions; empty: no governing protocol."""
    key: str
    """What tells this course from others: the beginning of every event's identifier."""

    outline: Outline
    without_capsules: tuple[int, ...]
    """Days of the course on which capsules are due and none are in hand, because a supply comes late or not at all."""

    waits: tuple[Forecast, ...] = ()
    """Of a further course: what governs and does not surely let it begin on the day it is drawn to begin."""
    converted: tuple[Converted, ...] = ()
    """The total where the drawing ends in milligrams of other formulations, once for each claim that equates them; never added up."""
    weights: tuple[Weighed, ...] = ()
    """Every weight on file or given, in order of its day."""

    @property
    def free(self) -> bool:
        """Whether nothing is open against a start or the next supply."""
        return not (self.withheld or self.held or self.unknown or self.waits)


def mean_per_kg(step: DoseStep) -> Amount | None:
    """mg/kg/day of the capsules of a step, at the step's weight; None without a weight or a pattern."""
    if step.pattern is None or step.weight is None:
        return None
    return Amount.of(step.pattern.mean_mg).over(step.weight.kg)
