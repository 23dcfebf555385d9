"""Plans put together by hand from real assessments of the sample patients, so that what is made of a plan can be tested by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from isocourse.app.assess import assess
from isocourse.app.samples import SAMPLE_DAY, samples
from isocourse.course import Entry, Forecast, Happening, Pattern, Period, Plan, Progress, Running, Supply, Wanted
from isocourse.course.amounts import Amount
from isocourse.course.capsules import Day
from isocourse.course.outline import Outline
from isocourse.course.plan import Bounds, Choice, DoseStep
from isocourse.course.weights import Weighed
from isocourse.decisions.dates import due, words
from isocourse.decisions.tables import OrderCheck, Row, Shape, Status
from isocourse.facts.days import Span
from isocourse.facts.record import Record
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.truth import Truth
from isocourse.logic.units import exact

START = date(2026, 12, 1).toordinal()
DAYS = 140


def seen(library: Library, name: str, **asked: str) -> Assessment:
    """A sample patient, judged."""
    return judged(library, dict(samples(library))[name], **asked)


def judged(library: Library, record: Record, **asked: str) -> Assessment:
    """A record judged on the day of the samples."""
    return assess(library, record, Asked(SAMPLE_DAY, (), asked.get("jurisdiction", ""), asked.get("product", "")))


def plan_of(found: Assessment, *, start: int = START, end_known: bool = False, moved: int = 0) -> Plan:
    """A course of 20 weeks: 30 mg a day for a month, then 40 and 20 mg on alternate days, in five supplies.

    Args:
        found: the assessment that guards it.
        start: the first day.
        end_known: whether the last day was asked for.
        moved: by how many days every supply after the first has slipped.
    """
    red = found.today.stop_now
    weight = Weighed(SAMPLE_DAY - 4, Amount.of(60))
    last = start + DAYS - 1
    steps = () if red else _steps(found, start, weight)
    supplies = () if red else tuple(_supplies(start, moved))
    happenings = tuple(_happenings(start, supplies, last if end_known else None))
    return Plan(
        Wanted(start=start),
        found,
        red,
        () if red else tuple(held for held in found.today.not_today if not isinstance(held, OrderCheck)),
        (),
        found.day_of("start") is not None,
        (
            Choice("start", "1 Dec 2026", "asked for", asked=True),
            Choice(
                "dose",
                "0.5 mg/kg/day",
                "the lowest dose of the governing range",
                asked=False,
                claims=("eu.dose.start",),
            ),
        ),
        steps,
        (),
        supplies,
        start,
        last,
        end_known,
        () if red else _totals(start, weight),
        tuple(_progress(found)),
        (),
        tuple(_forecasts(found, start)),
        happenings,
        tuple(_entries(found, happenings)),
        ("Breaks were not asked for.",),
        tuple(edition.key for edition in found.governs),
        "3f9a",
        Outline(start, None),
        (),
    )


def _steps(found: Assessment, start: int, weight: Weighed) -> tuple[DoseStep, ...]:
    twenty, ten = Fraction(20), Fraction(10)
    first = Pattern((Day(((twenty, ten),)),))
    second = Pattern((Day(((twenty, twenty),)), Day(((twenty,),))))
    bounds = tuple(_bounds(found))
    form = found.product.formulation if found.product else "conventional"
    both = (
        ("step 1", start, start + 29, False, first, "0.5 mg/kg/day"),
        ("step 2", start + 30, start + DAYS - 1, True, second, "30 mg/day"),
    )
    return tuple(
        DoseStep(name, low, high, open_, wanted, Fraction(30), weight, found.product, form, 1, pattern, bounds, ())
        for name, low, high, open_, pattern, wanted in both
    )


def _bounds(found: Assessment) -> Iterator[Bounds]:
    for answer in found.answers:
        row = answer.stances[0].row if answer.point.name == "dose_range" and answer.status is Status.ANSWERED else None
        if row is not None and row.unit == "mg/kg/day":
            low, high = (exact(end) * 60 for end in (row.low, row.high))
            fits = "below" if low > 30 else "above" if high < 30 else "within"
            fits = "other_formulation" if row.of not in ("any", "conventional") else fits
            yield Bounds(answer.edition.key, answer.position, row, low, high, answer.edition in found.governs, fits)


def _supplies(start: int, moved: int) -> Iterator[Supply]:
    for number in range(1, 6):
        first = start + 30 * (number - 1) + (moved if number > 1 else 0)
        capsules = ((Fraction(20), 30), (Fraction(10), 30)) if number == 1 else ((Fraction(20), 45),)
        yield Supply(number, first, first, first + 29, capsules, tuple((mg, -(-count // 30)) for mg, count in capsules))


def _happenings(start: int, supplies: tuple[Supply, ...], last: int | None) -> Iterator[Happening]:
    yield Happening("start", "start", start, "the first dose")
    for supply in supplies:
        yield Happening(
            f"supply-{supply.number}", "supply", supply.day, f"supply {supply.number}", "30 days after the one before"
        )
    yield Happening("last-dose", "last_dose", last, "the last dose")


def _totals(start: int, weight: Weighed) -> tuple[Running, ...]:
    found = []
    for days in (30, 60, 90, 120, 140):
        mg = Amount.of(30 * days)
        found.append(
            Running(
                start + days - 1,
                "conventional",
                "planned",
                mg,
                mg.over(weight.kg),
                mg.over(Amount(Fraction(60), Fraction(64))),
            )
        )
    return tuple(found)


def _progress(found: Assessment) -> Iterator[Progress]:
    for answer in found.answers:
        if answer.point.name != "cumulative_target":
            continue
        row: Row | None = answer.stances[0].row if answer.status is Status.ANSWERED else None
        governs = answer.edition in found.governs
        if row is None:
            yield Progress(
                answer.edition.key,
                answer.position,
                governs,
                answer.status.value,
                None,
                None,
                "any",
                "cannot_tell",
                "cannot_tell",
            )
        elif row.of == "none":
            yield Progress(
                answer.edition.key,
                answer.position,
                governs,
                "no_target",
                None,
                None,
                "any",
                "cannot_tell",
                "cannot_tell",
                row.claims,
            )
        else:
            low, high = exact(row.low), exact(row.high)
            how = "other_formulation" if row.of not in ("any", "conventional") else "below" if low > 70 else "within"
            yield Progress(
                answer.edition.key, answer.position, governs, "range", low, high, row.of, how, how, row.claims
            )


def _forecasts(found: Assessment, start: int) -> Iterator[Forecast]:
    for answer in found.answers:
        if answer.point.name == "when_to_stop":
            governs = answer.edition in found.governs
            if answer.status in (Status.ANSWERED, Status.CANNOT_TELL):
                yield Forecast(
                    answer.edition.key,
                    answer.position,
                    governs,
                    "when_to_stop",
                    "not_before",
                    start + 111,
                    None,
                    ("cleared",),
                    answer.claims,
                )
            else:
                yield Forecast(
                    answer.edition.key,
                    answer.position,
                    governs,
                    "when_to_stop",
                    answer.status.value,
                    None,
                    None,
                    (),
                    answer.claims,
                )


def _entries(found: Assessment, happenings: tuple[Happening, ...]) -> Iterator[Entry]:
    for answer in found.answers:
        if answer.point.shape is not Shape.SCHEDULE or not answer.verdicts:
            continue
        for verdict in answer.verdicts:
            duty = verdict.row.duty
            if duty is None or verdict.applies is Truth.NO:
                continue
            anchor = duty.at.anchor if duty.at else ""
            hangs = [each for each in happenings if (each.kind, anchor) in _HANGS] or [Happening("", "", None, "")]
            for number, each in enumerate(hangs, 1):
                days = {h.kind: h.day for h in happenings if h.kind in ("start", "last_dose")} | (
                    {each.kind: each.day} if each.handle else {}
                )
                when = due(duty, lambda name, days=days: _span(name, days))  # type: ignore[misc]  # a lambda with a default
                uid = f"3f9a.{answer.edition.key}/{answer.point.name}/{answer.position}/{verdict.row.name}/{each.handle or 'stretch'}".replace(
                    "/", "."
                )
                yield Entry(
                    uid,
                    answer.edition,
                    answer.point,
                    answer.position,
                    verdict.row,
                    each.handle,
                    number,
                    verdict.applies,
                    verdict.applies,
                    when.first,
                    when.last,
                    when.depends_on,
                    words(duty),
                    Truth.UNKNOWN,
                    answer.edition in found.governs,
                )


_HANGS = {("start", "start"), ("supply", "each_prescription"), ("supply", "each_supply"), ("last_dose", "last_dose")}


def _span(anchor: str, days: dict[str, int | None]) -> Span | None:
    kind = {"each_prescription": "supply", "each_supply": "supply"}.get(anchor, anchor)
    day = days.get(kind)
    return None if day is None else Span.of(day)


def course(library: Library, name: str = "alt-trebled") -> Plan:
    """A plan for a sample patient with nothing red."""
    return plan_of(seen(library, name))


def slipped(plan: Plan, by: int = 10) -> Plan:
    """The same plan with every supply after the first moved."""
    return plan_of(plan.assessment, moved=by)


__all__ = ["START", "Period", "course", "judged", "plan_of", "replace", "seen", "slipped"]
