"""An order for isotretinoin in full: dose, capsules, strength, repeats, reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from isocourse.facts.days import Span
from isocourse.facts.frames import said as told
from isocourse.facts.orders import Script, order_of
from isocourse.facts.problem import Problem
from isocourse.facts.record import Order
from isocourse.facts.sentence import of_words
from isocourse.facts.streams import Catalogue
from isocourse.fhir.dosage import CAPSULES, read_dosage
from isocourse.fhir.drugs import ISOTRETINOIN, STRENGTH, Drug
from isocourse.fhir.elements import (
    Resource,
    called,
    codings,
    items_of,
    maps,
    one,
    origin,
    printable,
    reference_of,
    text,
    words_of,
)
from isocourse.fhir.strict_json import Digits
from isocourse.logic.truth import Truth
from isocourse.logic.units import exact

LARGEST_CAPSULE = Fraction(40)
"""mg; claim products.strengths: no capsule of any product here holds more."""

SMALLEST_CAPSULE = Fraction(5)
"""mg; claim products.eu_conventional.strengths."""

COUNTED = (*CAPSULES, "", "1", "each", "{each}", "ea", "unit", "{unit}", "tab", "tablet", "tablets")
"""Units under which a quantity counts capsules; milligrams or millilitres do not."""

MOST_REPEATS, MOST_CAPSULES, MOST_DAYS = 99, 3000, 3650
DAYS_IN = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}
MICRONISED = re.compile(r"\bmicroni[sz]ed\b", re.IGNORECASE)


def read_order(
    resource: Resource,
    drug: Drug,
    index: Mapping[str, Resource],
    catalogue: Catalogue,
    as_of: int,
    day: Span | None,
    state: str,
) -> tuple[Order, list[Problem]]:
    """The order, and what could not be used in it.

    Args:
        resource: the MedicationRequest or MedicationStatement.
        drug: what it is for, as identified.
        index: the other resources, by reference.
        catalogue: streams and vocabularies.
        as_of: the day, as a day number.
        day: the day it was written, as far as it is known.
        state: draft, active or ended.
    """
    where = origin(resource)
    problems: list[Problem] = []
    strengths = strengths_of(drug, catalogue, where, problems)
    dosage = read_dosage(maps(resource.get("dosageInstruction")) or maps(resource.get("dosage")), where, problems)
    dispense = one(resource.get("dispenseRequest"))
    capsules = capsules_of(one(dispense.get("quantity")), where, problems)
    repeats = _count(dispense.get("numberOfRepeatsAllowed"), "repeats", MOST_REPEATS, where, problems)
    reason, acne = _reason(resource, index, catalogue)
    told = [drug.called, dosage.words]
    told += [f"{capsules} capsules"] if capsules is not None else []
    told += [f"{repeats} repeat{'' if repeats == 1 else 's'}"] if repeats is not None else []
    script = Script(
        where,
        ", ".join(part for part in told if part),
        day,
        state,
        dosage.dose_mg,
        dosage.dose_capsules,
        dosage.daily_mg,
        dosage.times_a_day,
        strengths,
        capsules,
        repeats,
        _days(one(dispense.get("expectedSupplyDuration"))),
        reason,
        acne,
        formulation_of(drug),
    )
    return order_of(script, as_of), problems


def days_supplied(resource: Resource) -> int | None:
    """Days that an order with all its repeats, or one dispensing, is said to last; None where it does not say so."""
    dispense = one(resource.get("dispenseRequest"))
    days = _days(one(dispense.get("expectedSupplyDuration")) or one(resource.get("daysSupply")))
    repeats = dispense.get("numberOfRepeatsAllowed")
    times = int(repeats) if isinstance(repeats, Digits) and repeats.isdigit() and len(repeats) < 3 else 0
    return None if days is None else days * (1 + times)


def _days(duration: Resource) -> int | None:
    value = duration.get("value")
    per = DAYS_IN.get(text(duration.get("code")) or text(duration.get("unit")))
    if per is None or not isinstance(value, Digits) or not value.isdigit() or len(value) > 4:
        return None
    return int(value) * per if 0 < int(value) * per <= MOST_DAYS else None


def strengths_of(drug: Drug, catalogue: Catalogue, where: str, problems: list[Problem]) -> tuple[Fraction, ...]:
    """The strengths the capsules may have: by product code, else as said in the name, else every one on a market."""
    item = catalogue.item("drugs", ISOTRETINOIN)
    products = {code: exact(strength) for code, strength, _ in (item.products if item else ()) if strength}
    coded = [products[code] for system, code in drug.codes if system == "rxnorm" and code in products]
    if coded:
        return tuple(sorted(set(coded)))
    said = next((exact(match[1]) for word in drug.texts if (match := STRENGTH.search(word))), None)
    if said is not None and SMALLEST_CAPSULE <= said <= LARGEST_CAPSULE:
        return (said,)
    if said is not None:
        wrong = told("fhir.capsule", name=drug.called, mg=str(said))
        expected = told("expected.capsule", most=str(LARGEST_CAPSULE))
        problems.append(
            Problem(
                where, wrong, expected, "check the strength with the prescriber", "The strength counts as not known."
            )
        )
    return tuple(sorted({*products.values(), SMALLEST_CAPSULE, LARGEST_CAPSULE}))


def formulation_of(drug: Drug) -> tuple[str, ...]:
    """The formulations that the product code, or the name, leaves possible."""
    kinds = {
        form for item in drug.items for code, _, form in item.products for _, own in drug.codes if code == own and form
    }
    if not kinds and any(MICRONISED.search(word) for word in drug.texts):
        kinds = {"micronised"}
    return tuple(sorted(kinds))


def capsules_of(quantity: Resource, where: str, problems: list[Problem]) -> int | None:
    """How many capsules a quantity is, or None with a Problem where it counts something else."""
    unit = text(quantity.get("code")) or text(quantity.get("unit"))
    if quantity and unit.lower() not in COUNTED:
        wrong = told("fhir.supply_in", unit=unit[:40])
        problems.append(
            Problem(where, wrong, "a number of capsules", "count the capsules", "The supply counts as not known.")
        )
        return None
    return _count(quantity.get("value"), "capsules", MOST_CAPSULES, where, problems)


def _count(value: object, name: str, most: int, where: str, problems: list[Problem]) -> int | None:
    """A whole number, such as capsules or repeats; "30.0" is one too."""
    if value is None:
        return None
    whole = value.rstrip("0").removesuffix(".") if isinstance(value, Digits) and "." in value else value
    if (
        isinstance(value, Digits)
        and isinstance(whole, str)
        and whole.isdigit()
        and len(whole) < 6
        and int(whole) <= most
    ):
        return int(whole)
    shown = value[:20] if isinstance(value, Digits) else printable(value)
    problems.append(
        Problem(
            where,
            told("fhir.count", name=of_words(name), shown=shown),
            told("expected.whole", most=str(most)),
            "correct it",
            "It counts as not known.",
        )
    )
    return None


def _reason(resource: Resource, index: Mapping[str, Resource], catalogue: Catalogue) -> tuple[str, Truth]:
    """What it is ordered for, and whether that is acne; a reason that cannot be looked up leaves it open."""
    referred = [index.get(reference_of(each), {}) for each in maps(resource.get("reasonReference"))]
    concepts = maps(resource.get("reasonCode")) + [one(each.get("code")) for each in referred if each]
    told = [concept for concept in concepts if words_of(concept) or any(code for _, code, _ in codings(concept))]
    shown = "; ".join(called(concept) for concept in told)
    if any(_is_acne(concept, catalogue) for concept in told):
        return shown, Truth.YES
    return shown, Truth.NO if told and all(referred) else Truth.UNKNOWN


def _is_acne(concept: Resource, catalogue: Catalogue) -> bool:
    coded = [item for item, _ in items_of(catalogue, "conditions", concept)]
    named = [item for word in words_of(concept) for item in catalogue.items_of_text("conditions", word)]
    return any("acne" in item.kinds for item in (*coded, *named))
