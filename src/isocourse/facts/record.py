"""A patient's record as events: what happened, on which day, and when it became known."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct, field

from isocourse.facts.days import Span
from isocourse.facts.problem import Problem
from isocourse.logic.truth import Truth


class Quantity(Struct, frozen=True):
    """An amount in whole steps, from `low` to `high`; as printed it is exact and both are equal."""

    low: int
    high: int
    unit: str = ""
    """The unit it was written in."""
    slack: int = 0
    """Half of the last printed digit, in steps: where a threshold lies closer than this, rounding decides."""


Part = Quantity | Span | Truth | tuple[str, ...]
"""The value of an event or of one of its parts: an amount, a day, yes/no, or the codes still possible."""


class Event(Struct, frozen=True):
    """One occurrence in a stream."""

    stream: str
    value: Part
    """Quantity; codes still possible; yes/no. For a list stream: whether the file says there is one."""
    happened: Span
    known: Span | None
    """The day it became known; an event without a day of its own happened some time up to then."""
    origin: str
    """Where it stands in the file: `Observation/obs036-alt-test`."""
    written: str
    """As written there: `12 U/L`."""
    item: str = ""
    """For a list stream: the drug, condition, allergy, method, procedure or symptom; `*` for the whole list."""
    until: Span | None = None
    state: str = "current"
    """For a list stream: current, said_active (supply has ended), or ended."""
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def dated(self) -> bool:
        """Whether its own day is known."""
        return self.happened.known


class Order(Struct, frozen=True):
    """An order for oral isotretinoin, with what can be worked out from it."""

    origin: str
    written: str
    """Drug, dose and supply as the file has them, for people."""
    day: Span | None
    state: str
    """draft, current, supply_ended or ended."""
    supply_ended: Span | None = None
    daily_dose: Quantity | None = None
    """mg/day, in hundredths."""
    times_a_day: Quantity | None = None
    days_supply: Quantity | None = None
    """Days that one supply lasts."""
    repeats: Quantity | None = None
    reason: str = ""
    reason_acne: Truth = Truth.UNKNOWN
    formulation: tuple[str, ...] = ()
    product: str = ""


class DoseEntry(Struct, frozen=True):
    """Days with isotretinoin as the file tells them: prescribed, handed out, or said to be taken."""

    origin: str
    written: str
    """As the file has it, for people."""
    basis: str
    """prescribed, dispensed or reported."""
    first: Span
    last: Span
    """The last day, as far as it is known; for what is said to go on, the day judged by."""
    daily_mg: tuple[Fraction, Fraction]
    """mg/day, from the least to the most. What was handed out without its days counts whole on the day it was handed out."""
    share: tuple[Fraction, Fraction] = (Fraction(1), Fraction(1))
    """The share of the days on which it was taken, from the least to the most."""
    missed: int | None = None
    """How many of the days were missed, where that is told instead of a share."""
    missed_days: tuple[int, ...] = ()
    """Which days were missed, where that is told."""
    formulation: tuple[str, ...] = ()
    product: str = ""
    assumption: str = ""
    """What its share rests on, where the words of the file are not numbers."""


class Coverage(Struct, frozen=True):
    """From when to when the record of a stream is complete, and who says so."""

    stream: str
    first: int
    last: int
    by: str


class Unjudged(Struct, frozen=True):
    """Something in the file that no rule here reads: counted and named, never dropped in silence."""

    kind: str
    what: str
    origin: str
    why: str = ""


class Record(Struct, frozen=True):
    """Everything read of one patient."""

    birth: Span | None = None
    died: bool = False
    events: tuple[Event, ...] = ()
    orders: tuple[Order, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    problems: tuple[Problem, ...] = ()
    jurisdiction: str = ""
    product: str = ""
    source: str = ""
    """native, fhir or cds-hooks."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many of each kind of resource or entry were met."""
    given: tuple[tuple[str, str], ...] = ()
    """Facts stated one by one, as a witness of a contradiction has them; they outrank what is folded."""
    doses: tuple[DoseEntry, ...] = ()
    """What was prescribed, handed out or taken, where the file tells it beside the orders."""
    plan: tuple[tuple[str, str], ...] = ()
    """What is wanted of a plan, as texts by name; several of one kind stand one to a line."""
