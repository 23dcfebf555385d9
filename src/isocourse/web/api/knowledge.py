"""What the knowledge holds, over JSON: protocols, facts, products, claims."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Response, get
from litestar.params import FromPath

from isocourse.decisions.tables import words
from isocourse.render.lists import editions_data
from isocourse.web.api.assess import MISSING, REFUSALS
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.visit import Visiting

LOOK = {"needs": Needs.KNOWLEDGE}


class FactOut(msgspec.Struct, frozen=True):
    """One fact that rules read."""

    name: str
    says: str
    kind: str
    obtain: str


class ProductOut(msgspec.Struct, frozen=True):
    """One product."""

    name: str
    formulation: str
    strengths_mg: list[str]
    markets: list[str]
    label: str


class ClaimOut(msgspec.Struct, frozen=True):
    """One statement of a document, in our own words."""

    name: str
    says: str
    source: str
    where: str
    read: str
    force: str
    grade: str
    population: str
    formulation: str
    damage: str
    interest: str
    found_at: str


@get("/api/protocols", opt=LOOK, responses=REFUSALS, sync_to_thread=False)
def protocols(visit: Visiting) -> Response[bytes]:
    """Every edition with its dates and what it answers."""
    return Response(msgspec.json.encode(editions_data(visit.desk.library)), media_type=MediaType.JSON)


@get("/api/facts", opt=LOOK, responses=REFUSALS, sync_to_thread=False)
def facts(visit: Visiting) -> list[FactOut]:
    """Every fact that rules read."""
    return [FactOut(fact.name, words(fact.say), fact.kind, fact.obtain) for fact in visit.desk.library.facts]


@get("/api/products", opt=LOOK, responses=REFUSALS, sync_to_thread=False)
def products(visit: Visiting) -> list[ProductOut]:
    """Every product."""
    return [
        ProductOut(each.name, each.formulation, list(each.strengths), list(each.markets), each.label)
        for each in visit.desk.library.products
    ]


@get("/api/claims/{name:str}", opt=LOOK, responses=REFUSALS | MISSING, sync_to_thread=False)
def claim(visit: Visiting, name: FromPath[str]) -> ClaimOut:
    """One claim with its source."""
    found = next((each for each in visit.desk.library.claims if each.name == name), None)
    if found is None:
        raise RefusalError("there is no claim of this name. Nothing was done.", 404)
    work = visit.desk.library.work(found.work)
    return ClaimOut(
        found.name,
        found.says,
        work.title,
        found.where,
        found.read,
        found.force,
        found.grade,
        found.population,
        found.formulation,
        found.damage,
        found.interest,
        work.found_at,
    )


HANDLERS: tuple[Any, ...] = (protocols, facts, products, claim)
