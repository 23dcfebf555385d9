"""A plan as data: the documented, versioned JSON of `isocourse plan --json`. No number is rounded: what is no finite decimal is an interval."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from isocourse.course.amounts import Amount
from isocourse.course.calendar import Entry, Happening
from isocourse.course.capsules import words as capsule_pattern
from isocourse.course.conversion import Converted
from isocourse.course.forecast import Forecast
from isocourse.course.heading import conditions, held_up
from isocourse.course.plan import Bounds, DoseStep, Plan, Supply, mean_per_kg
from isocourse.course.totals import Progress, Running
from isocourse.decisions.sentence import written
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import iso
from isocourse.library import Library
from isocourse.logic.units import decimal
from isocourse.render.plan_words import (
    bound_words,
    duty_what,
    forecast_words,
    live,
    progress_words,
    state_of,
)
from isocourse.render.report import JsonClaim
from isocourse.render.today import person, red_lines

SCHEMA = "isocourse/plan/1"
"""Name and version of the JSON; the number changes when a reader of it would have to."""


class JsonAmount(msgspec.Struct, frozen=True):
    """An amount from `low` to `high`, both included, as decimal digits. `exact` is false where an end is no finite decimal and lies outward."""

    low: str
    high: str
    unit: str
    exact: bool


class JsonRed(msgspec.Struct, frozen=True):
    """A red line that holds, with what to do, why, and who says so."""

    name: str
    text: list[str]


class JsonCondition(msgspec.Struct, frozen=True):
    """One thing that is open against a start or the next supply; `who` asks for it, nobody by name for our own rules."""

    said: str
    who: str
    facts: list[str]


class JsonChoice(msgspec.Struct, frozen=True):
    """One thing that the plan rests on, asked for or chosen, and why."""

    name: str
    value: str
    asked: bool
    why: str
    claims: list[str]


class JsonBounds(msgspec.Struct, frozen=True):
    """A range of one position beside a step: `within`, `above`, `below` or `other_formulation`."""

    protocol: str
    position: str
    governs: bool
    low: str
    high: str
    below: bool
    """Whether `high` itself lies outside: lower than it."""
    unit: str
    of: str
    force: str
    mg_per_day: JsonAmount
    fits: str
    words: str
    claims: list[str]


class JsonStep(msgspec.Struct, frozen=True):
    """Days with one dose. `pattern` holds for each day of the cycle the strengths in mg of each intake."""

    name: str
    first_day: str
    last_day: str
    open: bool
    wanted: str
    target: JsonAmount
    weight: JsonAmount | None
    weighed_on: str | None
    product: str
    formulation: str
    times_a_day: int
    pattern: list[list[list[str]]]
    pattern_words: str
    mean: JsonAmount | None
    mean_per_kg: JsonAmount | None
    highest_of_a_day: JsonAmount | None
    bounds: list[JsonBounds]
    notes: list[str]


class JsonBreak(msgspec.Struct, frozen=True):
    """Days without capsules."""

    first_day: str
    last_day: str
    why: str


class JsonCount(msgspec.Struct, frozen=True):
    """How many capsules, or packs, of one strength."""

    strength_mg: str
    count: int


class JsonSupply(msgspec.Struct, frozen=True):
    """One supply, the days it covers, its capsules and packs."""

    number: int
    day: str
    first_day: str
    last_day: str
    capsules: list[JsonCount]
    packs: list[JsonCount]


class JsonTotal(msgspec.Struct, frozen=True):
    """The total up to the end of a day, for one formulation and one way of knowing it."""

    day: str
    formulation: str
    basis: str
    total: JsonAmount
    by_latest_weight: JsonAmount | None
    by_weight_of_each_time: JsonAmount | None


class JsonProgress(msgspec.Struct, frozen=True):
    """How the total stands against one position's target, or that it sets none."""

    protocol: str
    position: str
    governs: bool
    says: str
    target: JsonAmount | None
    formulation: str
    by_latest_weight: str
    by_weight_of_each_time: str
    words: str
    claims: list[str]


class JsonConverted(msgspec.Struct, frozen=True):
    """The total in milligrams of another formulation by one claim; it enters no sum."""

    amount: JsonAmount
    product: str
    other_amount: JsonAmount
    other: str
    state: str
    finding: str
    disputed: bool
    note: str
    claims: list[str]


class JsonForecast(msgspec.Struct, frozen=True):
    """What one rule says of the end of a course that goes as planned."""

    protocol: str
    position: str
    governs: bool
    rule: str
    kind: str
    first_day: str | None
    last_day: str | None
    depends_on: list[str]
    words: str
    note: str
    claims: list[str]


class JsonHappening(msgspec.Struct, frozen=True):
    """Something planned on a day, which duties hang on."""

    handle: str
    kind: str
    day: str | None
    words: str
    assumed: str
    done: bool


class JsonEntry(msgspec.Struct, frozen=True):
    """One duty of one protocol at one occurrence; a day that is not known is null and `depends_on` says why."""

    uid: str
    protocol: str
    decision: str
    position: str
    row: str
    verb: str
    what: str
    words: str
    force: str
    handle: str
    number: int
    governs: bool
    first_day: str | None
    last_day: str | None
    counted: str
    depends_on: list[str]
    applies: str
    as_things_stand: str
    shown_on_file: str
    state_today: str
    marks: list[str]
    claims: list[str]


class JsonPlan(msgspec.Struct, frozen=True):
    """The whole. With a red line `steps`, `supplies` and `totals` are empty; `headed` stands at the top of every page made of it."""

    schema: str
    as_of: str
    knowledge: str
    key: str
    subject: str
    exit_code: int
    headed: str
    stop_now: list[JsonRed]
    not_until: list[JsonCondition]
    running: bool
    governs: list[str]
    choices: list[JsonChoice]
    start: str | None
    end: str | None
    end_sure: bool
    steps: list[JsonStep]
    breaks: list[JsonBreak]
    supplies: list[JsonSupply]
    totals: list[JsonTotal]
    progress: list[JsonProgress]
    converted: list[JsonConverted]
    forecasts: list[JsonForecast]
    happenings: list[JsonHappening]
    calendar: list[JsonEntry]
    notes: list[str]
    claims: dict[str, JsonClaim]


def report(plan: Plan) -> JsonPlan:
    """The plan as plain data."""
    seen, red = plan.assessment, bool(plan.withheld)
    return JsonPlan(
        SCHEMA,
        iso(seen.asked.as_of),
        seen.library.digest,
        plan.key,
        person(seen),
        seen.exit_code,
        held_up(plan),
        _red(plan),
        [JsonCondition(each.said, each.who, list(each.facts)) for each in conditions(plan)],
        plan.running,
        list(plan.governs),
        [JsonChoice(each.name, each.value, each.asked, each.why, list(each.claims)) for each in plan.choices],
        None if red and not plan.running else _day(plan.start),
        None if red else _day(plan.end),
        plan.end_sure,
        [] if red else [_step(plan, step) for step in plan.steps],
        [] if red else [JsonBreak(iso(each.first), iso(each.last), each.why) for each in plan.breaks],
        [] if red else [_supply(supply) for supply in plan.supplies],
        [] if red else [_total(total) for total in plan.totals],
        [_progress(progress, seen.words) for progress in plan.progress],
        [] if red else [_converted(each) for each in plan.converted],
        [_forecast(seen.library, forecast, seen.words) for forecast in plan.forecasts],
        [happening_data(happening) for happening in plan.happenings],
        [entry_data(entry, seen.asked.as_of, seen.words) for entry in live(plan.calendar)],
        list(plan.notes),
        {name: _claim(seen.library, name) for name in cited(plan)},
    )


def to_json(plan: Plan) -> bytes:
    """The plan as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(report(plan), enc_hook=written(plan.assessment.words)), indent=2)


def schema() -> bytes:
    """The JSON Schema of the plan."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(JsonPlan)), indent=2)


def cited(plan: Plan) -> list[str]:
    """Every claim that the plan rests on, in order of its name."""
    found = {claim for choice in plan.choices for claim in choice.claims}
    found |= {claim for step in plan.steps for bound in step.bounds for claim in bound.row.claims}
    found |= {claim for progress in plan.progress for claim in progress.claims}
    found |= {claim for each in plan.converted for claim in each.claims}
    found |= {claim for forecast in plan.forecasts for claim in forecast.claims}
    found |= {claim for entry in plan.calendar for claim in entry.row.claims}
    return sorted(found)


# exact amounts -------------------------------------------------------------------------------------------------------------------
PLACES = 6
"""Digits after the point, as many as a number is written with; an end that has more is moved outward to the next that has not."""


def exact_amount(amount: Amount, unit: str) -> JsonAmount:
    """An amount as digits.

    >>> exact_amount(Amount.of(Fraction(1, 3)), "mg")
    JsonAmount(low='0.333333', high='0.333334', unit='mg', exact=False)
    """
    low, high = _outward(amount.low, up=False), _outward(amount.high, up=True)
    return JsonAmount(decimal(low), decimal(high), unit, (low, high) == (amount.low, amount.high))


def _outward(number: Fraction, *, up: bool) -> Fraction:
    """The number itself if it is a finite decimal of few places; otherwise the next one outward that is."""
    scaled = number * 10**PLACES
    return Fraction(scaled.__ceil__() if up else scaled.__floor__(), 10**PLACES)


def _of(number: Fraction, unit: str) -> JsonAmount:
    return exact_amount(Amount.of(number), unit)


# the parts -------------------------------------------------------------------------------------------------------------------------
def _red(plan: Plan) -> list[JsonRed]:
    return [
        JsonRed(
            finding.line.name if finding.line else finding.verdict.row.find if finding.verdict else "",
            [line.strip() for line in red_lines(plan.assessment, finding)],
        )
        for finding in plan.withheld
    ]


def _day(day: int | None) -> str | None:
    return None if day is None else iso(day)


def _step(plan: Plan, step: DoseStep) -> JsonStep:
    pattern, per_kg = step.pattern, mean_per_kg(step)
    return JsonStep(
        step.name,
        iso(step.first),
        iso(step.last),
        step.open,
        step.wanted,
        _of(step.target_mg, "mg/day"),
        exact_amount(step.weight.kg, "kg") if step.weight else None,
        iso(step.weight.day) if step.weight else None,
        step.product.name if step.product else "",
        step.formulation,
        step.times_a_day,
        [[[decimal(mg) for mg in intake] for intake in day.intakes] for day in pattern.days] if pattern else [],
        capsule_pattern(pattern) if pattern else "",
        _of(pattern.mean_mg, "mg/day") if pattern else None,
        exact_amount(per_kg, "mg/kg/day") if per_kg else None,
        _of(pattern.highest_mg, "mg/day") if pattern else None,
        [_bounds(plan, bound) for bound in step.bounds],
        list(step.notes),
    )


def _bounds(plan: Plan, bound: Bounds) -> JsonBounds:
    row = bound.row
    return JsonBounds(
        bound.edition,
        bound.position,
        bound.governs,
        row.low,
        row.high,
        row.below,
        row.unit,
        row.of,
        row.force,
        exact_amount(Amount(bound.low, bound.most), "mg/day"),
        bound.fits,
        bound_words(plan, bound),
        list(row.claims),
    )


def _supply(supply: Supply) -> JsonSupply:
    capsules, packs = (
        [JsonCount(decimal(strength), count) for strength, count in counted]
        for counted in (supply.capsules, supply.packs)
    )
    return JsonSupply(supply.number, iso(supply.day), iso(supply.first), iso(supply.last), capsules, packs)


def _total(total: Running) -> JsonTotal:
    latest, period = (exact_amount(each, "mg/kg") if each else None for each in (total.by_latest, total.by_period))
    return JsonTotal(iso(total.day), total.formulation, total.basis, exact_amount(total.mg, "mg"), latest, period)


def _converted(found: Converted) -> JsonConverted:
    return JsonConverted(
        exact_amount(found.mg, "mg"), found.product, exact_amount(found.other_mg, "mg"), found.other, found.state, found.finding,
        found.disputed, found.note, list(found.claims),
    )  # fmt: skip


def _progress(progress: Progress, w: Wording) -> JsonProgress:
    target = None
    if progress.low is not None and progress.high is not None:
        target = exact_amount(Amount(progress.low, progress.high), "mg/kg")
    return JsonProgress(
        progress.edition,
        progress.position,
        progress.governs,
        progress.says,
        target,
        progress.formulation,
        progress.by_latest,
        progress.by_period,
        progress_words(progress, w),
        list(progress.claims),
    )


def _forecast(library: Library, forecast: Forecast, w: Wording) -> JsonForecast:
    return JsonForecast(
        forecast.edition,
        forecast.position,
        forecast.governs,
        forecast.rule,
        forecast.kind,
        _day(forecast.first),
        _day(forecast.last),
        list(forecast.depends_on),
        forecast_words(library, forecast, w),
        forecast.note,
        list(forecast.claims),
    )


def happening_data(happening: Happening) -> JsonHappening:
    """One planned day as plain data."""
    return JsonHappening(
        happening.handle, happening.kind, _day(happening.day), happening.words, happening.assumed, happening.done
    )


def entry_data(entry: Entry, as_of: int, w: Wording = ENGLISH) -> JsonEntry:
    """One duty as plain data."""
    duty = entry.row.duty
    assert duty is not None
    return JsonEntry(
        entry.uid,
        entry.edition.key,
        entry.point.name,
        entry.position,
        entry.row.name,
        duty.verb,
        duty.what,
        f"{w(entry.edition.short)}: {duty_what(entry, w)}",
        entry.row.force,
        entry.handle,
        entry.number,
        entry.governs,
        _day(entry.first),
        _day(entry.last),
        entry.counted,
        list(entry.depends_on),
        entry.applies.word,
        entry.as_stands.word,
        entry.shown.word,
        state_of(entry, as_of),
        list(entry.marks),
        list(entry.row.claims),
    )


def _claim(library: Library, name: str) -> JsonClaim:
    claim = library.claim(name)
    work = library.work(claim.work)
    return JsonClaim(claim.says, work.title, claim.where, claim.read, work.found_at)
