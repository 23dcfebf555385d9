"""Pages of the register: what is to be done, who is there, one course with its history, a visit, and keeping a record that is at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from isocourse.facts.problem import ReadError
from isocourse.facts.record import Record
from isocourse.library import Asked
from isocourse.register.events import Stamp
from isocourse.register.problem import ConflictError, RegisterError
from isocourse.web.filled import names_of, record_from
from isocourse.web.pages.terminal_text import blocks
from isocourse.web.patients import Patient
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.visit import Visit, Visiting

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.web.shelf import Shelf

SEE, ENTER = {"needs": Needs.PATIENT}, {"needs": Needs.RECORD}
WHY = ("red", "not_today", "overdue", "closing", "cannot_tell")
FILTERS = ("words", "jurisdiction", "product", "state", "not_seen_since")
PERSON = ("name", "number", "contact")
SETTINGS = ("first_dose", "last_dose", "dispensed_on", "jurisdiction", "product")


def shelf_of(visit: Visit) -> Shelf:
    """The register.

    Raises:
        RefusalError: the server was started without one.
    """
    if visit.house.shelf is None:
        raise RefusalError(
            visit.speech("No register is open here; start the workbench with --register. Nothing was done."), 404
        )
    return visit.house.shelf


def stamp_of(visit: Visit) -> Stamp:
    """Who writes, and when."""
    return Stamp(visit.session.actor, visit.settings.instant(), visit.desk.library.digest)


@get("/register", opt=SEE, include_in_schema=False)
async def worklist(visit: Visiting, why: FromQuery[str] = "") -> Response[str]:
    """What is to be done, the gravest first."""
    shelf, day = shelf_of(visit), visit.settings.today()
    chosen = (why,) if why in WHY else ()
    done = await asyncio.to_thread(shelf.work, chosen, day)
    visit.saw(*(line.course for line in done.lines))
    return visit.page(
        "register.html",
        work=done,
        lines=done.lines,
        why=why,
        whys=WHY,
        given={},
        jurisdictions=visit.desk.jurisdictions,
        products=_products(visit),
    )


@post("/register/find", opt=SEE, include_in_schema=False)
async def find(visit: Visiting) -> Response[str]:
    """Courses by name or number; sent as a form, so that no name stands in an address."""
    form = await visit.form(*FILTERS)
    shelf, given = shelf_of(visit), {name: form.text(name).strip() for name in FILTERS}
    try:
        lines = await asyncio.to_thread(shelf.find, given, visit.settings.today())
    except RegisterError as problem:
        raise RefusalError(str(problem), 422) from None
    visit.saw(*(line.course for line in lines))
    return visit.page(
        "register.html",
        work=None,
        lines=lines,
        why="",
        whys=WHY,
        given=given,
        jurisdictions=visit.desk.jurisdictions,
        products=_products(visit),
    )


@post("/patient/{handle:str}/keep", opt=ENTER, include_in_schema=False)
async def keep(visit: Visiting, handle: FromPath[str]) -> Redirect:
    """Keeps a record that is at hand: a new patient with a first course."""
    form = await visit.form(*PERSON)
    patient, shelf = visit.patient(handle), shelf_of(visit)
    person = {name: form.text(name).strip() for name in PERSON}
    try:
        course = await asyncio.to_thread(shelf.add, stamp_of(visit), patient.text, person, visit.settings.today())
    except (RegisterError, ReadError) as problem:
        raise RefusalError(_line(visit, problem), 422) from None
    visit.session.patients.pop(handle, None)
    visit.saw(course)
    return visit.go(f"/course/{course}")


@get("/course/{course:str}", opt=SEE, include_in_schema=False)
async def course_page(visit: Visiting, course: FromPath[str]) -> Response[str]:
    """One course: who it is, what was written, and where to go from here."""
    known = await _known(visit, course)
    _at_hand(visit, known)
    return visit.page(
        "one_course.html",
        known=known,
        history=shelf_of(visit).history(known),
        jurisdictions=visit.desk.jurisdictions,
        products=_products(visit),
    )


@get("/course/{course:str}/visit", opt=ENTER, include_in_schema=False)
async def blank(visit: Visiting, course: FromPath[str]) -> Response[str]:
    """The form of a visit."""
    known = await _known(visit, course)
    today = date.fromordinal(visit.settings.today()).isoformat()
    return _form(visit, known.course, {"visit": today, "expected": str(known.version)}, {}, "")


@post("/course/{course:str}/visit", opt=ENTER, include_in_schema=False)
async def enter(visit: Visiting, course: FromPath[str]) -> Response[str]:
    """Writes a visit, and tells what wants attention since."""
    form = await visit.form("expected", *names_of(visit.desk.sections))
    given = {name: text for name, text in form.fields.items() if name != "token"}
    done = record_from(visit.desk.sections, given, visit.speech)
    if done.wrong:
        return _form(visit, course, given, done.wrong, "")
    shelf, day = shelf_of(visit), visit.settings.today()
    try:
        told = await asyncio.to_thread(
            shelf.visit, stamp_of(visit), course, done.record, _whole(visit, form.text("expected")), day
        )
    except ConflictError as problem:
        now = await _known(visit, course)
        line = f"{problem} {visit.speech('Look at what was written, then save again; what you filled in is kept.')}"
        return _form(visit, course, given | {"expected": str(now.version)}, {}, line, 409)
    except (RegisterError, ReadError) as problem:
        return _form(visit, course, given, {}, _line(visit, problem))
    known = await _known(visit, course)
    _at_hand(visit, known)
    return visit.page("saved.html", known=known, blocks=blocks(told))


@post("/course/{course:str}/change", opt=ENTER, include_in_schema=False)
async def change(visit: Visiting, course: FromPath[str]) -> Redirect:
    """Sets dates, place or product of a course."""
    form = await visit.form("expected", *SETTINGS)
    settings = {name: text for name in SETTINGS if (text := form.text(name).strip())}
    if not settings:
        raise RefusalError(visit.speech("Nothing was filled in. Nothing was written."), 422)
    shelf, expected = shelf_of(visit), _whole(visit, form.text("expected"))
    try:
        await asyncio.to_thread(shelf.change, stamp_of(visit), course, settings, expected)
    except ConflictError as problem:
        raise RefusalError(str(problem), 409) from None
    except RegisterError as problem:
        raise RefusalError(str(problem), 422) from None
    return visit.go(f"/course/{course}")


@post("/course/{course:str}/undo", opt=ENTER, include_in_schema=False)
async def take_back(visit: Visiting, course: FromPath[str]) -> Redirect:
    """Undoes an entry by a correcting entry; nothing is deleted."""
    form = await visit.form("seq", "why")
    if not form.text("why").strip():
        raise RefusalError(visit.speech("Say why it is undone; it stays in the history. Nothing was written."), 422)
    shelf, seq = shelf_of(visit), _whole(visit, form.text("seq"))
    try:
        await asyncio.to_thread(shelf.undo, stamp_of(visit), course, seq, form.text("why").strip())
    except RegisterError as problem:
        raise RefusalError(str(problem), 422) from None
    return visit.go(f"/course/{course}")


async def _known(visit: Visit, course: str) -> Known:
    try:
        return await asyncio.to_thread(shelf_of(visit).know, course, visit.settings.today())
    except RegisterError:
        raise RefusalError(visit.speech("There is no such course in the register."), 404) from None


def _at_hand(visit: Visit, known: Known) -> None:
    """The course among the records at hand, as of its last entry, so that every page about a patient shows it."""
    shelf = shelf_of(visit)
    before = visit.session.patients.get(known.course)
    if before is not None and before.version == known.last_seq:
        return

    def record(as_of: int) -> Record:
        return shelf.know(known.course, as_of).record

    asked = before.asked if before else Asked(visit.settings.today())
    wishes = before.wishes if before else {}
    title = visit.speech("course of the register")
    patient = Patient(title, record, asked, wishes=wishes, handle=known.course, version=known.last_seq)
    visit.session.keep(patient, visit.settings.limits.patients)


def _whole(visit: Visit, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise RefusalError(visit.speech("The form is too old; load the page again. Nothing was written."), 422)
    return int(text)


def _line(visit: Visit, problem: Exception) -> str:
    return problem.message if isinstance(problem, ReadError) else str(problem)


def _products(visit: Visit) -> list[str]:
    return [product.name for product in visit.desk.library.products]


def _form(
    visit: Visit, course: str, given: Mapping[str, str], wrong: Mapping[str, str], line: str, status: int = 422
) -> Response[str]:
    return visit.page(
        "form.html",
        status=status if wrong or line else 200,
        sections=visit.desk.sections,
        given=given,
        wrong=wrong,
        line=line,
        action=f"/course/{course}/visit",
        course=course,
        jurisdictions=visit.desk.jurisdictions,
        products=_products(visit),
    )


HANDLERS = (worklist, find, keep, course_page, blank, enter, change, take_back)
