"""Where guidance contradicts guidance: the five kinds, each with both sides, their sources, and the invented patient it happens to."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from isocourse.facts.record import Record
from isocourse.library import Asked
from isocourse.render.rows import row_words
from isocourse.render.words import fact_words
from isocourse.render.written import written_words
from isocourse.web.patients import WITNESS, Patient
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.visit import Visit, Visiting

if TYPE_CHECKING:
    from isocourse.app.disagreements import Disagreement, Side

LOOK = {"needs": Needs.KNOWLEDGE}
KINDS = ("opposed", "across", "statement", "damaged")
SHOWN = 60
"""How many are written out on one page."""


@get("/contradictions", opt=LOOK, include_in_schema=False)
async def contradictions(
    visit: Visiting, kind: FromQuery[str] = "opposed", point: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Response[str]:
    """The list, those that bind hardest first."""
    found, ready = visit.desk.disagreements()
    chosen = [each for each in found if each.kind == kind and (not point or each.decision == point)]
    pages = max(1, -(-len(chosen) // SHOWN))
    page = min(max(1, page), pages)
    named = {edition.key: edition.title for edition in visit.desk.library.editions}
    works = {work.name: work.title for work in visit.desk.library.works}
    return visit.page(
        "contradictions.html",
        found=chosen[(page - 1) * SHOWN : page * SHOWN],
        total=len(chosen),
        counts=Counter(each.kind for each in found),
        kinds=KINDS,
        kind=kind if kind in KINDS else "opposed",
        point=point,
        points={each.name: each.title for each in visit.desk.library.points},
        here=sorted({each.decision for each in found if each.kind == kind and each.decision}),
        number=page,
        pages=pages,
        ready=ready,
        solver=visit.desk.solver,
        named=named,
        works=works,
        rules=partial(_rules, visit),
        facts=partial(_facts, visit),
    )


def _rules(visit: Visit, found: Disagreement, side: Side) -> list[tuple[str, str]]:
    """What a side says, each with its language: a rule in the reader's; a sentence of a source in English, as we read it."""
    library, w = visit.desk.library, visit.words
    edition = library.edition_named(side.who)
    if edition is None or not found.decision:
        return [(text, "en") for text in side.says]
    point = library.point(found.decision)
    rows = [
        row for each in edition.cell(point.name).positions if each.name == side.position for row in each.acting.rows
    ]
    told = {row_words(point, row): row_words(point, row, w) for row in rows}
    return [(told[text], w.language) if text in told else (text, "en") for text in side.says]


def _facts(visit: Visit, witness: dict[str, str]) -> list[str]:
    """The facts in which a witness differs from the reference patient, in words."""
    return [
        f"{fact_words(visit.desk.library, name, visit.words)}: {_value(visit, text)}" for name, text in witness.items()
    ]


def _value(visit: Visit, text: str) -> str:
    """A value as it is given: a day, a code, or an amount with its unit."""
    try:
        return visit.words.day(date.fromisoformat(text).toordinal())
    except ValueError:
        return written_words(text.replace("_", " "), visit.words)


@post("/contradictions/witness", opt={"needs": Needs.PATIENT}, include_in_schema=False)
async def witness(visit: Visiting) -> Redirect:
    """The invented patient of a contradiction, judged like any other."""
    form = await visit.form("id")
    found, _ = visit.desk.disagreements()
    chosen = next((each for each in found if each.id == form.text("id") and each.record), None)
    if chosen is None:
        raise RefusalError(visit.speech("There is no witness of this contradiction."), 404)
    text = json.dumps(chosen.record, ensure_ascii=False, indent=1)
    told = visit.speech(WITNESS)

    def record(as_of: int) -> Record:
        return visit.desk.read(text, told, as_of)

    patient = Patient(WITNESS, record, Asked(visit.settings.today()), text=text)
    visit.session.keep(patient, visit.settings.limits.patients)
    return visit.go(f"/patient/{patient.handle}")


HANDLERS = (contradictions, witness)
