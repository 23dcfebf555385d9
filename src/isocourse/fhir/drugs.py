"""What drug a resource means, by every code and every text that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from isocourse.facts.frames import codes
from isocourse.facts.frames import said as told
from isocourse.facts.problem import Problem
from isocourse.facts.streams import Catalogue, Item
from isocourse.fhir.elements import Resource, called, codings, items_of, maps, one, reference_of, text, words_of

ISOTRETINOIN, TOPICAL_ITEM = "isotretinoin", "isotretinoin_topical"
TOPICAL = re.compile(r"\b(gel|cream|ointment|lotion|topical|cutaneous)\b|%", re.IGNORECASE)
SWALLOWED = re.compile(r"\b(capsules?|caps?|softgels?|tablets?|by mouth|oral(ly)?)\b", re.IGNORECASE)
"""Words of the capsule win over words of the skin: "soft gel capsule" is swallowed."""
STRENGTH = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*mg\b", re.IGNORECASE | re.ASCII)


class Drug(Struct, frozen=True):
    """What a resource says a drug is."""

    called: str
    by_code: tuple[Item, ...]
    by_words: tuple[Item, ...]
    texts: tuple[str, ...]
    codes: tuple[tuple[str, str], ...]
    methods: tuple[Item, ...] = ()
    """The contraceptive methods that its codes stand for."""
    topical: bool = False
    contested: tuple[str, ...] = ()
    """What its codes and names say against each other: then it may be any one of its items, else it is all of them."""

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item it may be. What goes on the skin is never taken for the capsule."""
        named = {item.name: item for item in (*self.by_code, *self.by_words)}
        if self.topical and TOPICAL_ITEM in named and not _product_codes(self):
            named.pop(ISOTRETINOIN, None)
        return tuple(named.values())


def identify(resource: Resource, index: Mapping[str, Resource], catalogue: Catalogue) -> Drug:
    """The drug of an order or statement: its own concept, a contained or referenced Medication, and its ingredients."""
    concepts = [one(resource.get("medicationCodeableConcept"))] if resource.get("medicationCodeableConcept") else []
    reference = one(resource.get("medicationReference"))
    medication = _resolved(reference, resource, index)
    if medication:
        concepts.append(one(medication.get("code")))
        concepts.extend(one(each.get("itemCodeableConcept")) for each in maps(medication.get("ingredient")))
    texts = [word for concept in concepts for word in words_of(concept)]
    texts += [each for each in [text(reference.get("display"))] if each]
    by_code = [item for concept in concepts for item, _ in items_of(catalogue, "drugs", concept)]
    by_words = [item for word in texts for item in catalogue.items_of_text("drugs", word)]
    topical = _topical(resource, medication, texts)
    skin = catalogue.item("drugs", TOPICAL_ITEM)
    if topical and skin is not None and any(item.name == ISOTRETINOIN for item in by_words):
        by_words = [skin if item.name == ISOTRETINOIN else item for item in by_words]
    return Drug(
        next(
            (called(concept) for concept in concepts if words_of(concept)), texts[0] if texts else _first_code(concepts)
        ),
        tuple(by_code),
        tuple(by_words),
        tuple(texts),
        tuple((system, code) for concept in concepts for system, code, _ in codings(concept)),
        tuple(
            {item.name: item for concept in concepts for item, _ in items_of(catalogue, "methods", concept)}.values()
        ),
        topical,
        tuple(_contested(concepts, catalogue)),
    )


def _resolved(reference: Resource, resource: Resource, index: Mapping[str, Resource]) -> Resource:
    named = reference_of(reference)
    if named.startswith("#"):
        return next((each for each in maps(resource.get("contained")) if text(each.get("id")) == named[1:]), {})
    return index.get(named, {})


def _first_code(concepts: list[Resource]) -> str:
    return next(
        (f"code {code}" for concept in concepts for _, code, _ in codings(concept) if code), "a drug without a name"
    )


def _topical(resource: Resource, medication: Resource, texts: list[str]) -> bool:
    """Whether it goes on the skin, by its route first, then by its form and name."""
    dosages = maps(resource.get("dosageInstruction")) + maps(resource.get("dosage"))
    routes = [word for each in dosages for word in words_of(each.get("route"))]
    forms = words_of(medication.get("form"))
    if any("oral" in route.lower() or "mouth" in route.lower() for route in routes):
        return False
    if any(TOPICAL.search(route) for route in routes):
        return True
    if any(SWALLOWED.search(word) for word in (*texts, *forms)):
        return False
    return any(TOPICAL.search(word) for word in (*texts, *forms))


def disagreements(drug: Drug, where: str) -> list[Problem]:
    """A code that says one drug and a name that says another; an ingredient's code that wears a product's name."""
    now = "Both are considered."
    problems = [
        Problem(where, said, "code and name of one drug", "ask which one is meant", now, left_out=False)
        for said in drug.contested
    ]
    ingredient = _ingredient_code(drug)
    if ingredient and any(STRENGTH.search(word) for word in drug.texts):
        worn = told("fhir.ingredient", code=ingredient, name=drug.called)
        now = "The strength is taken as said, not as coded."
        problems.append(
            Problem(
                where, worn, "the product's own code", "read the strength off the prescription", now, left_out=False
            )
        )
    return problems


def _contested(concepts: list[Resource], catalogue: Catalogue) -> Iterator[str]:
    """What one concept, or a product and its only ingredient, say against each other."""
    coded_before: set[str] = set()
    for concept in concepts:
        coded = {item.name for item, _ in items_of(catalogue, "drugs", concept)}
        named = {item.name for word in words_of(concept) for item in catalogue.items_of_text("drugs", word)}
        allowed = coded if _products_of(concept, catalogue) else coded | {TOPICAL_ITEM}
        if coded and named and not named <= allowed:
            yield told("fhir.code_called", one=_either(coded), name=called(concept), other=_either(named))
        elif len(coded) > 1:
            yield told("fhir.two_codes", name=called(concept), codes=codes(_plain(coded), " and "))
        elif coded and coded_before and not coded & coded_before and len(concepts) == 2:
            yield told("fhir.has_ingredient", one=_either(coded_before), other=_either(coded))
        coded_before |= coded


def _products_of(concept: Resource, catalogue: Catalogue) -> bool:
    products = {code for item, _ in items_of(catalogue, "drugs", concept) for code, _, _ in item.products}
    return any(system == "rxnorm" and code in products for system, code, _ in codings(concept))


def _either(names: set[str]) -> str:
    return codes(_plain(names))


def _plain(names: set[str]) -> list[str]:
    return sorted(name.replace("_", " ") for name in names)


def _product_codes(drug: Drug) -> list[str]:
    products = {code for item in drug.by_code for code, _, _ in item.products}
    return [code for system, code in drug.codes if system == "rxnorm" and code in products]


def _ingredient_code(drug: Drug) -> str:
    """The code of isotretinoin itself, where no product's code stands beside it."""
    if _product_codes(drug):
        return ""
    own = {
        coding.code
        for item in drug.by_code
        if item.name == ISOTRETINOIN
        for coding in item.codes
        if coding.system == "rxnorm"
    }
    return next((code for system, code in drug.codes if system == "rxnorm" and code in own), "")
