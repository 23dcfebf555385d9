"""A simulation as data: the documented, versioned JSON of `isocourse simulate --json`, and flat tables for CSV and Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

import isocourse
from isocourse.render.simulation_words import in_words

if TYPE_CHECKING:
    from isocourse.kinetics.calibration import Calibration, Score, Scored
    from isocourse.kinetics.knowledge import KineticKnowledge
    from isocourse.kinetics.observe import BandTable
    from isocourse.kinetics.outcome import Outcome

SCHEMA = "isocourse/simulate/1"
"""Name and version of the JSON; the number changes when a reader of it would have to."""


class JsonQuantity(msgspec.Struct, frozen=True):
    """One quantity over the crowd, with the definition it depends on and what it rests on."""

    name: str
    unit: str
    definition: str
    basis: str
    n: int
    beyond: int
    """Patients for whom it lies beyond what was watched; then mean and spread are null."""
    mean: float | None
    sd: float | None
    cv_percent: float | None
    geometric_mean: float | None
    p5: float | None
    p25: float | None
    p50: float | None
    p75: float | None
    p95: float | None


class JsonRelapse(msgspec.Struct, frozen=True):
    """The share of a cohort with this total dose that relapsed; the range is that of the cohort's hazard ratio."""

    years: float
    share: float
    low: float
    high: float
    basis: str


class JsonWashout(msgspec.Struct, frozen=True):
    """The share of patients below endogenous by a day after the last dose."""

    day: int
    share: float
    basis: str


class JsonBand(msgspec.Struct, frozen=True):
    """Percentiles over time."""

    name: str
    unit: str
    basis: str
    row: str
    quantile: float
    first_hour: float
    step_h: float
    values: list[float]


class JsonDose(msgspec.Struct, frozen=True):
    """One dose as planned."""

    time_h: float
    amount: float
    unit: str
    formulation: str
    food: str


class JsonRegimen(msgspec.Struct, frozen=True):
    """One regimen and what came of it."""

    name: str
    in_words: str
    days: int
    watched_days: int
    adherence: float
    doses: list[JsonDose]
    capsules: int | None
    quantities: list[JsonQuantity]
    washout: list[JsonWashout]
    relapse: list[JsonRelapse]
    bands: list[JsonBand]


class JsonUnanswered(msgspec.Struct, frozen=True):
    """A question that the model cannot answer, and why."""

    ask: str
    says: str


class JsonSimulation(msgspec.Struct, frozen=True):
    """A whole answer, with everything that is needed to run it again."""

    schema: str
    isocourse: str
    seed: int
    patients: int
    weight_kg: float
    weight_log_sd: float
    variability: str
    age_group: str
    sex: str
    backend: str
    step_h: float
    occasions: bool
    tretinoin: bool
    recycling: bool
    from_record: list[str]
    confidence: dict[str, str]
    regimens: list[JsonRegimen]
    unanswered: list[JsonUnanswered]


class JsonItem(msgspec.Struct, frozen=True):
    """One published figure beside ours."""

    id: str
    says: str
    unit: str
    published: str
    ours: float
    low: float
    high: float
    inside: bool
    fitted: bool
    remembered: bool
    sources: list[str]
    note: str


class JsonCalibration(msgspec.Struct, frozen=True):
    """All published figures beside ours; the scores are never added up."""

    schema: str
    isocourse: str
    seed: int
    patients: int
    fitted: list[int]
    """Inside their bands, and how many there are."""
    not_fitted: list[int]
    fitted_remembered: list[int]
    not_fitted_remembered: list[int]
    items: list[JsonItem]


def report(outcomes: Sequence[Outcome], knowledge: KineticKnowledge, from_record: Sequence[str] = ()) -> JsonSimulation:
    """The answer as data."""
    made = outcomes[0].simulation
    people = made.population
    return JsonSimulation(
        SCHEMA,
        isocourse.__version__,
        people.seed,
        people.n,
        people.weight_kg,
        people.weight_log_sd,
        people.variability,
        people.age_group,
        {None: "mixed", True: "female", False: "male"}[people.female],
        made.backend,
        made.plan.step_h,
        made.options.occasions,
        made.options.tretinoin,
        made.options.recycling,
        list(from_record),
        dict(knowledge.model.confidence),
        [_regimen(each) for each in outcomes],
        [JsonUnanswered(each.ask, each.says) for each in knowledge.unanswered],
    )


def calibration_report(found: Calibration) -> JsonCalibration:
    """The calibration as data."""
    return JsonCalibration(
        "isocourse/calibration/1",
        isocourse.__version__,
        found.seed,
        found.n,
        _score(found.score(fitted=True)),
        _score(found.score(fitted=False)),
        _score(found.score(fitted=True, remembered=True)),
        _score(found.score(fitted=False, remembered=True)),
        [_item(each) for each in found.items],
    )


def _score(found: Score) -> list[int]:
    return [found.inside, found.of]


def schema() -> bytes:
    """The JSON Schema of the answer."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(JsonSimulation)), indent=2)


def to_json(data: JsonSimulation | JsonCalibration) -> str:
    """The answer as text."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


def table(outcomes: Sequence[Outcome]) -> tuple[tuple[str, ...], list[tuple[str | float | int | None, ...]]]:
    """Every quantity of every regimen as one flat table: heads and rows, the seed in each."""
    rows = [
        (each.regimen.name, outcome.seed, *msgspec.structs.astuple(quantity))
        for each, outcome in ((each, each.simulation.population) for each in outcomes)
        for quantity in quantities(each)
    ]
    return ("regimen", "seed", *JsonQuantity.__struct_fields__), rows


def quantities(outcome: Outcome) -> Iterator[JsonQuantity]:
    """Every quantity of one regimen."""
    for column in outcome.simulation.columns:
        found = outcome.simulation.summary(column.name)
        yield JsonQuantity(
            column.name,
            column.unit,
            column.definition,
            column.basis,
            found.n,
            found.beyond,
            found.mean,
            found.sd,
            found.cv_percent,
            found.geometric_mean,
            *found.percentiles,
        )


def _regimen(each: Outcome) -> JsonRegimen:
    unit = "mg/kg" if each.regimen.per_kg else "mg"
    return JsonRegimen(
        each.regimen.name,
        in_words(each.regimen),
        each.regimen.days,
        each.simulation.plan.days,
        each.regimen.adherence,
        [JsonDose(dose.time_h, dose.amount, unit, dose.formulation, dose.food) for dose in each.regimen.doses],
        each.capsules,
        list(quantities(each)),
        [JsonWashout(day, share, "rests on a remembered endogenous level") for day, share in each.washout],
        [JsonRelapse(years, s.middle, s.low, s.high, "cohort association") for years, s in each.relapse],
        [band for table_ in each.simulation.bands for band in bands(table_)],
    )


def bands(table_: BandTable) -> Iterator[JsonBand]:
    """Each percentile of each row as one series."""
    for q, share in enumerate(table_.quantiles):
        for r, row in enumerate(table_.rows):
            values = [float(value) for value in table_.levels[q, :, r, :].ravel()]
            yield JsonBand(table_.name, table_.unit, table_.basis, row, share, table_.step_h, table_.step_h, values)


def _item(scored: Scored) -> JsonItem:
    item = scored.item
    return JsonItem(
        item.id,
        item.says,
        item.unit,
        item.published,
        scored.value,
        item.low,
        item.high,
        scored.inside,
        item.fitted,
        item.remembered,
        list(item.sources),
        item.note,
    )
