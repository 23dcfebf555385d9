"""Orders and statements of drugs: what drug it is by code and by words, whether it is taken, and isotretinoin orders in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from isocourse.facts.days import FIRST_DAY, Span, show
from isocourse.facts.orders import Script, order_of
from isocourse.facts.problem import Problem
from isocourse.facts.record import Event, Order, Unjudged
from isocourse.facts.streams import Catalogue, Item
from isocourse.fhir.dosage import read_dosage
from isocourse.fhir.elements import Resource, called, codings, items_of, maps, one, origin, text, when, words_of
from isocourse.fhir.strict_json import Digits
from isocourse.logic.truth import Truth
from isocourse.logic.units import exact

ISOTRETINOIN = "isotretinoin"
TOPICAL = re.compile(r"\b(gel|cream|ointment|lotion|topical|cutaneous)\b|%", re.IGNORECASE)
STRENGTH = re.compile(r"(\d{1,4}(?:\.\d+)?)\s*MG\b", re.IGNORECASE)
LARGEST_CAPSULE = Fraction(40)
"""mg; claim products.strengths: no capsule of any product here holds more."""

ENDED = {"stopped": "stopped", "completed": "completed", "on-hold": "on hold", "ended": "ended"}
NOT_READ = {"cancelled": "cancelled", "entered-in-error": "entered in error"}


@dataclass(frozen=True, slots=True)
class Drug:
    """What a resource says a drug is."""

    called: str
    by_code: tuple[Item, ...]
    by_words: tuple[Item, ...]
    texts: tuple[str, ...]
    codes: tuple[tuple[str, str], ...]
    ingredients: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item it may be, or, of a mixture, every item in it."""
        return tuple({item.name: item for item in (*self.by_code, *self.by_words, *self.ingredients)}.values())

    @property
    def doubtful(self) -> bool:
        """Whether code, name and ingredients speak of different drugs, so that it may be any of them."""
        own = {item.name for item in (*self.by_code, *self.by_words)}
        made_of = {item.name for item in self.ingredients}
        return len(own) > 1 or bool(own and made_of and not own <= made_of)


@dataclass(frozen=True, slots=True)
class ReadDrug:
    """What one drug resource gave."""

    events: tuple[Event, ...] = ()
    orders: tuple[Order, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_medication(
    resource: Resource, index: Mapping[str, Resource], catalogue: Catalogue, as_of: int, *, draft: bool
) -> ReadDrug:
    """A MedicationRequest or MedicationStatement."""
    where = origin(resource)
    drug = identify(resource, index, catalogue)
    problems = list(_disagreements(drug, where))
    status = text(resource.get("status"))
    if status in NOT_READ or resource.get("doNotPerform") is True:
        return ReadDrug(
            unjudged=(Unjudged("drug", drug.called, where, NOT_READ.get(status, "an order not to give it")),)
        )
    try:
        day = when(resource, "authoredOn", "effectiveDateTime", "effectivePeriod", "dateAsserted")
    except ValueError as problem:
        return ReadDrug(
            problems=(Problem(where, str(problem), "a FHIR date", "correct the date", f"{drug.called} was left out."),)
        )
    draft = (
        draft
        or status == "draft"
        or text(resource.get("intent")) in ("proposal", "plan", "option")
        or status == "intended"
    )
    if not draft and day is not None and day.first > as_of:
        return ReadDrug(
            problems=(
                Problem(
                    where,
                    f"{drug.called} is dated after {show(as_of)}",
                    "a day up to then",
                    "check the date",
                    "It was left out.",
                ),
            )
        )
    if not drug.items:
        return ReadDrug(
            unjudged=(Unjudged("drugs", drug.called, where, "no drug of that code or name is known here"),),
            problems=tuple(problems),
        )
    if any(item.name == ISOTRETINOIN for item in drug.items) and not _topical(resource, drug):
        order, more = _order(resource, drug, index, catalogue, as_of, day, draft)
        return ReadDrug(orders=(order,), problems=(*problems, *more))
    events, unjudged = _taken(drug, where, day, status, as_of)
    return ReadDrug(events, unjudged=unjudged, problems=tuple(problems))


# what drug it is -----------------------------------------------------------------------------------------------------------
def identify(resource: Resource, index: Mapping[str, Resource], catalogue: Catalogue) -> Drug:
    """The drug by every code and every text that names it: own concept, contained or referenced Medication, its ingredients."""
    concepts = [one(resource.get("medicationCodeableConcept"))] if resource.get("medicationCodeableConcept") else []
    reference = one(resource.get("medicationReference"))
    medication = _resolved(text(reference.get("reference")), resource, index)
    made_of: list[Resource] = []
    if medication:
        concepts.append(one(medication.get("code")))
        made_of = [one(each.get("itemCodeableConcept")) for each in maps(medication.get("ingredient"))]
    by_code = [item for concept in concepts for item, _ in items_of(catalogue, "drugs", concept)]
    texts = [word for concept in concepts for word in words_of(concept)] + [
        each for each in [text(reference.get("display"))] if each
    ]
    by_words = [item for word in texts if (item := catalogue.item_of_text("drugs", word))]
    ingredients = [item for concept in made_of for item, _ in items_of(catalogue, "drugs", concept)]
    ingredients += [
        item for concept in made_of for word in words_of(concept) if (item := catalogue.item_of_text("drugs", word))
    ]
    shown = next(
        (called(concept) for concept in concepts if words_of(concept)), texts[0] if texts else _first_code(concepts)
    )
    codes = tuple((system, code) for concept in concepts for system, code, _ in codings(concept))
    return Drug(shown, tuple(by_code), tuple(by_words), tuple(texts), codes, tuple(ingredients))


def _first_code(concepts: list[Resource]) -> str:
    return next(
        (f"code {code}" for concept in concepts for _, code, _ in codings(concept) if code), "a drug without a name"
    )


def _resolved(reference: str, resource: Resource, index: Mapping[str, Resource]) -> Resource:
    if reference.startswith("#"):
        return next((each for each in maps(resource.get("contained")) if text(each.get("id")) == reference[1:]), {})
    return index.get("/".join(reference.split("/")[-2:]), {})


def _disagreements(drug: Drug, where: str) -> list[Problem]:
    """A code that says one drug and a name that says another; an ingredient's code that wears a product's name."""
    problems = []
    coded = {item.name for item in drug.by_code}
    named = {item.name for item in (*drug.by_words, *drug.ingredients)}
    if drug.doubtful:
        problems.append(
            Problem(
                where,
                f"a code for {' or '.join(sorted(coded))} is called {drug.called} ({' or '.join(sorted(named))})",
                "code and name of one drug",
                "ask which one is meant",
                "Both are considered.",
                left_out=False,
            )
        )
    ingredient = [
        code
        for item in drug.by_code
        for coding in item.codes
        for system, code in drug.codes
        if (system, code) == (coding.system, coding.code) and system == "rxnorm" and item.name == ISOTRETINOIN
    ]
    strength = next((STRENGTH.search(word) for word in drug.texts if STRENGTH.search(word)), None)
    if ingredient and strength:
        problems.append(
            Problem(
                where,
                f'the ingredient code {ingredient[0]} wears the name of a product, "{drug.called}"',
                "the product's own code",
                "read the strength off the prescription",
                "The strength is taken as said, not as coded.",
                left_out=False,
            )
        )
    return problems


def _topical(resource: Resource, drug: Drug) -> bool:
    routes = [
        called(one(each).get("route"))
        for each in maps(resource.get("dosageInstruction")) + maps(resource.get("dosage"))
        if one(each).get("route")
    ]
    if any("oral" in route.lower() for route in routes):
        return False
    return any(TOPICAL.search(word) for word in (*drug.texts, *routes))


# other drugs ---------------------------------------------------------------------------------------------------------------
def _taken(
    drug: Drug, where: str, day: Span | None, status: str, as_of: int
) -> tuple[tuple[Event, ...], tuple[Unjudged, ...]]:
    truth = Truth.NO if status == "not-taken" else Truth.UNKNOWN if drug.doubtful else Truth.YES
    state = "ended" if status in ENDED else "current"
    happened = day or Span(FIRST_DAY, as_of)
    events = tuple(
        Event(
            "drugs",
            truth,
            Span(min(happened.first, as_of), min(happened.last, as_of)),
            None,
            where,
            drug.called,
            item.name,
            state=state,
        )
        for item in drug.items
        if item.judged
    )
    unjudged = tuple(
        Unjudged(
            "drug",
            drug.called if len(drug.items) == 1 else f"{item.name.replace('_', ' ')} (as {drug.called})",
            where,
            _why(item),
        )
        for item in drug.items
        if not item.judged
    )
    return events, unjudged


def _why(item: Item) -> str:
    return (
        "harmful to the liver; no protocol here judges it"
        if "hepatotoxic" in item.kinds
        else "no protocol here judges it"
    )


# isotretinoin --------------------------------------------------------------------------------------------------------------
def _order(
    resource: Resource,
    drug: Drug,
    index: Mapping[str, Resource],
    catalogue: Catalogue,
    as_of: int,
    day: Span | None,
    draft: bool,
) -> tuple[Order, list[Problem]]:
    where, status = origin(resource), text(resource.get("status"))
    problems: list[Problem] = []
    strengths = _strengths(drug, catalogue, where, problems)
    dosage = read_dosage(maps(resource.get("dosageInstruction")) or maps(resource.get("dosage")), where, problems)
    dispense = one(resource.get("dispenseRequest"))
    capsules, repeats = (
        _count(one(dispense.get("quantity")).get("value")),
        _count(dispense.get("numberOfRepeatsAllowed")),
    )
    reason, acne = _reason(resource, index, catalogue)
    told = [
        drug.called,
        dosage.words,
        f"{capsules} capsules" if capsules is not None else "",
        f"{repeats} repeats" if repeats is not None else "",
    ]
    script = Script(
        where,
        ", ".join(part for part in told if part),
        day,
        "draft" if draft else "ended" if status in ENDED or status == "not-taken" else "active",
        dosage.dose_mg,
        dosage.dose_capsules,
        dosage.daily_mg,
        dosage.times_a_day,
        strengths,
        capsules,
        repeats,
        _days(dispense),
        reason,
        acne,
        _formulation(drug),
    )
    return order_of(script, as_of), problems


def _strengths(drug: Drug, catalogue: Catalogue, where: str, problems: list[Problem]) -> tuple[Fraction, ...]:
    """The strengths the capsules may have: by product code, else as said in the name, else every one on a market."""
    products = {code: strength for item in drug.items for code, strength, _ in item.products if strength}
    coded = [exact(products[code]) for _, code in drug.codes if code in products]
    if coded:
        return (coded[0],)
    said = next((exact(match[1]) for word in drug.texts if (match := STRENGTH.search(word))), None)
    if said is not None and said <= LARGEST_CAPSULE:
        return (said,)
    if said is not None:
        problems.append(
            Problem(
                where,
                f'"{drug.called}": a capsule of {said} mg',
                f"capsules of at most {LARGEST_CAPSULE} mg",
                "check the strength with the prescriber",
                "The strength counts as not known.",
            )
        )
    item = catalogue.item("drugs", ISOTRETINOIN)
    known = {exact(strength) for _, strength, _ in (item.products if item else ()) if strength}
    return tuple(sorted(known | {Fraction(5), LARGEST_CAPSULE}))


def _formulation(drug: Drug) -> tuple[str, ...]:
    kinds = {
        form for item in drug.items for code, _, form in item.products for _, own in drug.codes if code == own and form
    }
    return tuple(sorted(kinds))


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, Digits) and value.isdigit() and len(value) < 6 else None


def _days(dispense: Resource) -> int | None:
    duration = one(dispense.get("expectedSupplyDuration"))
    unit = text(duration.get("code")) or text(duration.get("unit"))
    count = _count(duration.get("value"))
    return (
        None
        if count is None
        else count * 7
        if unit in ("wk", "week", "weeks")
        else count
        if unit in ("d", "day", "days")
        else None
    )


def _reason(resource: Resource, index: Mapping[str, Resource], catalogue: Catalogue) -> tuple[str, Truth]:
    concepts = maps(resource.get("reasonCode"))
    concepts += [
        one(condition.get("code"))
        for each in maps(resource.get("reasonReference"))
        if (condition := index.get("/".join(text(each.get("reference")).split("/")[-2:]), {}))
    ]
    if not concepts:
        return "", Truth.UNKNOWN
    found = any("acne" in item.kinds for concept in concepts for item, _ in items_of(catalogue, "conditions", concept))
    named = any(re.search(r"\bacne\b", word, re.IGNORECASE) for concept in concepts for word in words_of(concept))
    return "; ".join(called(concept) for concept in concepts), Truth.of(found or named)
