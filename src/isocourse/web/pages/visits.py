"""What is written to a course of the register: a visit, its dates, a plan, and undoing by a correcting entry."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from isocourse.app.dispensing import HANDED_OUT
from isocourse.course.wanted import WISHES
from isocourse.facts.problem import ReadError
from isocourse.register.problem import RegisterError
from isocourse.web.courses import called
from isocourse.web.due_fields import as_entered, of_a_visit
from isocourse.web.filled import names_of, record_from
from isocourse.web.handing_out import ASKED, asks, at_gate, correct, said_at, shown
from isocourse.web.pages.course import wishes_of
from isocourse.web.pages.register import (
    ENTER,
    keep_at_hand,
    known_of,
    not_written,
    products_of,
    settings_of,
    shelf_of,
    shown_course,
    stamp_of,
    undone,
    whole_number,
)
from isocourse.web.pages.terminal_text import blocks
from isocourse.web.troubles import line_of, status_of
from isocourse.web.visit import Visit, Visiting

if TYPE_CHECKING:
    from isocourse.render.dispensing_text import Said

SETTINGS = ("first_dose", "last_dose", HANDED_OUT, "jurisdiction", "product")


@get("/course/{course:str}/visit", opt=ENTER, include_in_schema=False)
async def blank(visit: Visiting, course: FromPath[str]) -> Response[str]:
    """The form of a visit."""
    known = await known_of(visit, course)
    today = date.fromordinal(visit.settings.today()).isoformat()
    return await _form(visit, course, {"visit": today, "expected": str(known.version)}, {}, "")


@post("/course/{course:str}/visit", opt=ENTER, include_in_schema=False)
async def enter(visit: Visiting, course: FromPath[str]) -> Response[str]:
    """Writes a visit, and tells what wants attention since."""
    form = await visit.form("expected", *ASKED, *names_of(visit.desk.sections))
    given: Mapping[str, str] = {name: text for name, text in form.fields.items() if name != "token"}
    done = record_from(visit.desk.sections, given, visit.speech, visit.desk.strengths)
    if done.wrong:
        return await _form(visit, course, given, done.wrong, "")
    shelf, day = shelf_of(visit), visit.settings.today()
    if not any(done.record.get(part) for part in ("events", "lists", "orders", "doses", "coverage", "course")):
        line = visit.speech("Nothing was filled in. Nothing was written.")
        return await _form(visit, course, given, {}, line, 422)
    gate: Said | None = None
    try:
        expected, known = whole_number(visit, form.text("expected")), await known_of(visit, course)
        at = await at_gate(visit, shelf, known, done.record, (form.text("confirm"),), form.text("reason"))
        gate = said_at(at)
        if at.no_day:
            return await _form(visit, course, given, {HANDED_OUT: correct(at.no_day, visit.speech)}, "")
        if at.held:
            return await _form(visit, course, given, {}, asks(at, visit.speech), gate=gate)
        saved = await asyncio.to_thread(shelf.visit, stamp_of(visit), course, at.record, expected, day, visit.words)
    except (RegisterError, ReadError) as problem:
        given, line = await not_written(visit, course, given, problem)
        return await _form(visit, course, given, {}, line, status_of(problem), gate)
    known = await known_of(visit, course)
    keep_at_hand(visit, known)
    return visit.page(
        "saved.html", known=known, who=called(known), saved=saved, blocks=blocks(saved.told), handed_out=False
    )


@post("/course/{course:str}/change", opt=ENTER, include_in_schema=False)
async def change(visit: Visiting, course: FromPath[str]) -> Response[str] | Redirect:
    """Sets dates, place or product of a course."""
    form = await visit.form("expected", *ASKED, *SETTINGS)
    settings = {name: text for name in SETTINGS if (text := form.text(name).strip())}
    if not settings:
        return await shown_course(visit, course, 422, visit.speech("Nothing was filled in. Nothing was written."))
    shelf, expected = shelf_of(visit), whole_number(visit, form.text("expected"))
    given, gate = {**settings, **{name: form.text(name) for name in ASKED}}, None
    try:
        known = await known_of(visit, course)
        at = await at_gate(visit, shelf, known, {"course": settings}, (form.text("confirm"),), form.text("reason"))
        gate = said_at(at)
        if at.no_day or at.held:
            wrong = f"{correct(at.no_day, visit.speech)}. {visit.speech('Nothing was written.')}" if at.no_day else ""
            return await shown_course(visit, course, 422, wrong or asks(at, visit.speech), given, gate)
        await asyncio.to_thread(shelf.change, stamp_of(visit), course, at.record, expected)
    except RegisterError as problem:
        line = line_of(visit.speech, problem, visit.words)
        return await shown_course(visit, course, status_of(problem), line, given, gate)
    return visit.go(f"/course/{course}")


@post("/course/{course:str}/undo", opt=ENTER, include_in_schema=False)
async def take_back(visit: Visiting, course: FromPath[str]) -> Response[str] | Redirect:
    """Undoes an entry by a correcting entry; nothing is deleted."""
    return await undone(visit, course)


@post("/course/{course:str}/plan", opt=ENTER, include_in_schema=False)
async def keep_plan(visit: Visiting, course: FromPath[str]) -> Response[str] | Redirect:
    """Writes what was asked of the plan, as it was last drawn, to the course."""
    await visit.form("token")
    known, shelf = await known_of(visit, course), shelf_of(visit)
    patient = visit.session.patients.get(course)
    if patient is None or patient.version != known.last_seq:
        line = visit.speech(
            "The course was written to since the plan was drawn; look at the plan again, then keep it. Nothing was written."
        )
        return await shown_course(visit, course, 409, line)
    before, now = dict(patient.record(patient.asked.as_of).plan), dict(wishes_of(patient))
    wishes = {name: now.get(name, "") for name in WISHES if name in now or name in before}
    if not wishes or wishes == before:
        line = visit.speech("The plan is already kept as it is drawn. Nothing was written.")
        return await shown_course(visit, course, 422, line)
    await asyncio.to_thread(shelf.keep_plan, stamp_of(visit), course, wishes, known.version)
    return visit.go(f"/course/{course}")


async def _form(
    visit: Visit,
    course: str,
    given: Mapping[str, str],
    wrong: Mapping[str, str],
    line: str,
    status: int = 422,
    gate: Said | None = None,
) -> Response[str]:
    who, on_file = course, dict[str, str]()
    folds = as_entered(visit.desk.sections, given)
    try:
        known = await known_of(visit, course)
        who, on_file = called(known), settings_of(known)
        seen = await asyncio.to_thread(visit.desk.judged, visit.patient(course), visit.session.language)
        folds = of_a_visit(visit.desk.sections, seen, given)
    except (RegisterError, ReadError):
        pass  # what was filled in comes back all the same
    return visit.page(
        "form.html",
        status=status if wrong or line else 200,
        folds=folds,
        given=given,
        wrong=wrong,
        line=line,
        action=f"/course/{course}/visit",
        course=course,
        who=who,
        on_file=on_file,
        jurisdictions=visit.desk.jurisdictions,
        products=products_of(visit),
        **shown(gate),
    )


HANDLERS = (blank, enter, change, take_back, keep_plan)
