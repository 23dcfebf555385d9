"""The quick calculator over JSON; nothing is judged and nothing is kept."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody

from isocourse.app.calculate import Sum, Way, calculate
from isocourse.course.amounts import rounded
from isocourse.web.api.assess import REFUSALS
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.strict import Body, StrictBody


class CalculateBody(Body, frozen=True):
    """A dose for a weight, and the capsules at hand. Give one of `mg_per_day` and `mg_per_kg_per_day`."""

    weight_kg: Annotated[float, msgspec.Meta(ge=20, le=300)]
    strengths_mg: Annotated[
        list[Annotated[float, msgspec.Meta(ge=1, le=100)]], msgspec.Meta(min_length=1, max_length=12)
    ]
    mg_per_day: Annotated[float, msgspec.Meta(ge=1, le=300)] | None = None
    mg_per_kg_per_day: Annotated[float, msgspec.Meta(ge=0.05, le=4)] | None = None
    times_a_day: Annotated[int, msgspec.Meta(ge=1, le=4)] = 1
    weeks: Annotated[int, msgspec.Meta(ge=1, le=104)] | None = None
    target_mg_per_kg: Annotated[float, msgspec.Meta(ge=1, le=400)] | None = None


class WayOut(msgspec.Struct, frozen=True):
    """One way to take about the dose."""

    words: str
    days_mg: list[str]
    """mg on each day of the cycle."""
    mean_mg_per_day: str
    mg_per_kg_per_day: str
    off_mg_per_day: str
    total_mg: str | None
    total_mg_per_kg: str | None
    days_to_target: int | None
    capsules: dict[str, int]


class CalculateOut(msgspec.Struct, frozen=True):
    """What came out; amounts are decimal texts, rounded to two places."""

    dose_mg_per_day: str
    dose_mg_per_kg_per_day: str
    ways: list[WayOut]
    why_none: str


@post(
    "/api/calculate",
    opt={"needs": Needs.KNOWLEDGE},
    dto=StrictBody[CalculateBody],
    return_dto=None,
    status_code=200,
    responses=REFUSALS,
    sync_to_thread=True,
)
def calculate_dose(data: JSONBody[CalculateBody]) -> CalculateOut:
    """A dose as capsules, per kilogram, and what it comes to."""
    per_kg = data.mg_per_day is None
    dose = data.mg_per_kg_per_day if data.mg_per_day is None else data.mg_per_day
    if dose is None or (data.mg_per_day is not None and data.mg_per_kg_per_day is not None):
        raise RefusalError("give one of mg_per_day and mg_per_kg_per_day. Nothing was worked out.", 422)
    strengths = tuple(_exact(each) for each in data.strengths_mg)
    if any((10 * each).denominator != 1 for each in strengths):
        raise RefusalError(
            "strengths_mg: a capsule is a whole number of tenths of a milligram. Nothing was worked out.", 422
        )
    target = None if data.target_mg_per_kg is None else _exact(data.target_mg_per_kg)
    found = calculate(
        Sum(_exact(data.weight_kg), _exact(dose), per_kg, strengths, data.times_a_day, data.weeks, target)
    )
    ways = [_way(each) for each in found.ways]
    return CalculateOut(
        rounded(found.dose_mg, 2), rounded(found.per_kg, 2), ways, str(found.none.words) if found.none else ""
    )


def _exact(number: float) -> Fraction:
    """The number as it was written in decimal digits."""
    return Fraction(repr(number))


def _way(way: Way) -> WayOut:
    return WayOut(
        str(way.words),
        [rounded(day.mg, 2) for day in way.pattern.days],
        rounded(way.pattern.mean_mg, 2),
        rounded(way.per_kg, 2),
        rounded(way.off, 2),
        None if way.total_mg is None else rounded(way.total_mg, 2),
        None if way.total_per_kg is None else rounded(way.total_per_kg, 2),
        way.days_to_target,
        {rounded(strength, 2): count for strength, count in way.capsules},
    )


HANDLERS = (calculate_dose,)
