"""Where guidance contradicts guidance: the five kinds, each with both sides, their sources, and the invented patient it happens to."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from isocourse.app.disagreement_words import shown
from isocourse.facts.record import Record
from isocourse.library import Asked
from isocourse.render.disagreements import DRAFT
from isocourse.web.patients import WITNESS, Patient
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.visit import Visiting

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
    w = visit.desk.notes(visit.words.language)
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
        told=partial(shown, visit.desk.library, w=w),
        draft=w(DRAFT) if w.language != "en" else "",
    )


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
