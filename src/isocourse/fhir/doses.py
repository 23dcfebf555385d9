"""What was handed out, given or said to be taken of isotretinoin, as days with a dose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from msgspec.structs import replace

from isocourse.facts.days import Span, show
from isocourse.facts.frames import said
from isocourse.facts.orders import DOSE_STEPS, Amounts, handed_out
from isocourse.facts.problem import Problem
from isocourse.facts.record import DoseEntry, Order
from isocourse.facts.streams import Catalogue
from isocourse.fhir.dosage import CAPSULES, MOST_MG
from isocourse.fhir.drugs import Drug
from isocourse.fhir.elements import Resource, one, origin, text
from isocourse.fhir.isotretinoin import capsules_of, days_supplied, formulation_of, strengths_of
from isocourse.fhir.strict_json import Digits
from isocourse.logic.units import exact

GIVEN = "MedicationAdministration"


def handed_out_or_given(
    resource: Resource, drug: Drug, catalogue: Catalogue, day: Span, problems: list[Problem]
) -> Iterator[DoseEntry]:
    """A dispensing with its capsules, or one dose given; nothing where the amount is not told.

    Of a stamp that may be two days the later one counts: by then it was surely handed out.

    Args:
        resource: the MedicationDispense or MedicationAdministration.
        drug: what it is of, as identified.
        catalogue: streams and vocabularies.
        day: the day, as far as it is known.
        problems: where to note what could not be used.
    """
    where, on = origin(resource), Span.of(day.last)
    if text(resource.get("resourceType")) == GIVEN:
        if (mg := _dose(resource, drug, catalogue, where, problems)) is not None:
            written = f"{drug.called}, given on {show(day.last)}"
            yield DoseEntry(where, written, "reported", on, on, mg, formulation=formulation_of(drug))
        return
    capsules = capsules_of(one(resource.get("quantity")), where, problems)
    if capsules:
        strengths = strengths_of(drug, catalogue, where, problems)
        mg = (capsules * min(strengths), capsules * max(strengths))
        written = f"{capsules} of {drug.called}, handed out on {show(day.last)}"
        yield handed_out(where, written, on, mg, days_supplied(resource), formulation_of(drug))


def said_to_be_taken(
    order: Order, day: Span | None, until: Span | None, as_of: int, *, over: bool
) -> Iterator[DoseEntry]:
    """The days of a statement: to its end, to today if it goes on, to some day up to today if it is over without an end."""
    if day is None or order.daily_dose is None or day.first > as_of:
        return
    last = until or (Span(day.first, as_of) if over else Span.of(as_of))
    last = Span(min(last.first, as_of), min(last.last, as_of))
    if last.last < day.first:
        return
    daily = (Fraction(order.daily_dose.low, DOSE_STEPS), Fraction(order.daily_dose.high, DOSE_STEPS))
    yield DoseEntry(
        order.origin,
        order.written,
        "reported",
        Span(day.first, min(day.last, as_of)),
        last,
        daily,
        formulation=order.formulation,
    )


def added_up(entries: Iterable[DoseEntry]) -> tuple[DoseEntry, ...]:
    """The entries, with the single doses given on one day as one entry: they were taken one after the other."""
    kept: list[DoseEntry] = []
    given: dict[tuple[Span, tuple[str, ...]], DoseEntry] = {}
    for entry in entries:
        if not entry.origin.startswith(f"{GIVEN}/"):
            kept.append(entry)
            continue
        key = (entry.first, entry.formulation)
        before = given.get(key)
        given[key] = entry if before is None else _both(before, entry)
    return (*kept, *given.values())


def _both(first: DoseEntry, more: DoseEntry) -> DoseEntry:
    daily = (first.daily_mg[0] + more.daily_mg[0], first.daily_mg[1] + more.daily_mg[1])
    named = f"{first.origin}, {more.origin}"
    return replace(first, origin=named, written=f"{first.written}; {more.written}", daily_mg=daily)


def _dose(resource: Resource, drug: Drug, catalogue: Catalogue, where: str, problems: list[Problem]) -> Amounts | None:
    """mg of one dose given; None where it is not told in milligrams or capsules."""
    dose = one(one(resource.get("dosage")).get("dose"))
    value, unit = dose.get("value"), (text(dose.get("code")) or text(dose.get("unit"))).lower()
    if not isinstance(value, Digits):
        return None
    try:
        amount = exact(str(value))
    except ValueError:
        amount = Fraction(0)
    if unit == "mg":
        mg = (amount, amount)
    elif unit in CAPSULES:
        strengths = strengths_of(drug, catalogue, where, problems)
        mg = (amount * min(strengths), amount * max(strengths))
    else:
        mg = (Fraction(0), Fraction(0))
    if not 0 < mg[0] <= mg[1] <= MOST_MG:
        wrong, expected = said("fhir.dose_given", value=value[:20], unit=unit[:20]), "milligrams or capsules"
        problems.append(Problem(where, wrong, expected, "check the dose and its unit", "No total counts it."))
        return None
    return mg
