"""Pages of the register: what is to be done, who is there, one course with its history, and keeping a record that is at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from isocourse.facts.problem import ReadError
from isocourse.register.document import dossier
from isocourse.register.events import COURSE_OPENED, Stamp
from isocourse.register.problem import AbsentError, ConflictError, RegisterError
from isocourse.web.courses import at_hand, over
from isocourse.web.handing_out import NOT_YOURS, own_entries, shown
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.troubles import line_of, status_of
from isocourse.web.visit import Visit, Visiting

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.render.dispensing_text import Said
    from isocourse.web.shelf import Shelf

SEE, ENTER = {"needs": Needs.PATIENT}, {"needs": Needs.RECORD}
WHY = ("red", "not_today", "overdue", "closing", "cannot_tell")
FILTERS = ("words", "jurisdiction", "product", "state", "not_seen_since")
PERSON = ("name", "number", "contact")


def shelf_of(visit: Visit) -> Shelf:
    """The register.

    Raises:
        RefusalError: the server was started without one.
        RegisterError: the one that it was started with cannot be used.
    """
    if visit.house.unread is not None:
        raise visit.house.unread
    if visit.house.shelf is None:
        raise RefusalError(
            visit.speech("No register is open here; start the workbench without --no-register. Nothing was done."), 404
        )
    return visit.house.shelf


def stamp_of(visit: Visit) -> Stamp:
    """Who writes, and when."""
    return Stamp(visit.session.actor, visit.settings.instant(), visit.desk.library.digest)


async def known_of(visit: Visit, course: str) -> Known:
    """A course as the register knows it now.

    Raises:
        RefusalError: there is no such course.
        RegisterError: the register cannot be read.
    """
    try:
        return await asyncio.to_thread(shelf_of(visit).know, course, visit.settings.today())
    except AbsentError:
        raise RefusalError(visit.speech("There is no such course in the register."), 404) from None


# lists -------------------------------------------------------------------------------------------------------------------
@get("/register", opt=SEE, include_in_schema=False)
async def worklist(visit: Visiting, why: FromQuery[str] = "") -> Response[str]:
    """What is to be done, the gravest first."""
    shelf, day = shelf_of(visit), visit.settings.today()
    chosen = (why,) if why in WHY else ()
    done = await asyncio.to_thread(shelf.work, chosen, day, visit.words)
    visit.saw(*(line.course for line in done.lines))
    visit.ahead(*(line.course for line in done.lines))
    courses = sum(age.courses for age in done.ages)
    return _listing(visit, work=done, lines=done.lines, why=why, given={}, courses=courses)


@post("/register/find", opt=SEE, include_in_schema=False)
async def find(visit: Visiting) -> Response[str]:
    """Courses by name or number; sent as a form, so that no name stands in an address."""
    form = await visit.form(*FILTERS)
    shelf, given = shelf_of(visit), {name: form.text(name).strip() for name in FILTERS}
    try:
        lines = await asyncio.to_thread(shelf.find, given, visit.settings.today(), visit.words)
    except RegisterError as problem:
        wrong, status = line_of(visit.speech, problem, visit.words), status_of(problem)
        return _listing(visit, status=status, wrong=wrong, work=None, lines=[], why="", given=given, courses=1)
    visit.saw(*(line.course for line in lines))
    visit.ahead(*(line.course for line in lines))
    return _listing(visit, work=None, lines=lines, why="", given=given, courses=1)


def _listing(visit: Visit, *, status: int = 200, wrong: str = "", **given: object) -> Response[str]:
    from isocourse.web.shelf import MOST  # a workbench without a register loads no database

    places = {"jurisdictions": visit.desk.jurisdictions, "products": products_of(visit)}
    return visit.page("register.html", status=status, wrong=wrong, whys=WHY, most=MOST, **places, **given)


# one course ----------------------------------------------------------------------------------------------------------------
@post("/patient/{handle:str}/keep", opt=ENTER, include_in_schema=False)
async def keep(visit: Visiting, handle: FromPath[str]) -> Response[str] | Redirect:
    """Keeps a record that is at hand: a new patient with a first course."""
    form = await visit.form(*PERSON)
    patient, shelf = visit.patient(handle), shelf_of(visit)
    person = {name: form.text(name).strip() for name in PERSON}
    try:
        course = await asyncio.to_thread(shelf.add, stamp_of(visit), patient.text, person, visit.settings.today())
    except (RegisterError, ReadError) as problem:
        said = {"wrong": line_of(visit.speech, problem, visit.words), "person": person}
        return visit.page("keep.html", status=status_of(problem), patient=patient, **said)
    visit.session.patients.pop(handle, None)
    visit.saw(course)
    return visit.go(f"/course/{course}")


@get("/course/{course:str}", opt=SEE, include_in_schema=False)
async def course_page(visit: Visiting, course: FromPath[str]) -> Response[str]:
    """One course: who it is, what was written, and where to go from here."""
    return await shown_course(visit, course)


@post("/course/{course:str}/further", opt=ENTER, include_in_schema=False)
async def further(visit: Visiting, course: FromPath[str]) -> Response[str] | Redirect:
    """Opens a further course of the same patient; what is known of the patient goes with it, the dates do not."""
    form = await visit.form("jurisdiction", "product")
    known = await known_of(visit, course)
    keep_at_hand(visit, known)
    if not over(visit.session.patients[course], visit.settings.today()):
        line = visit.speech(
            "This course is not over: it has no last dose yet, or that is of today, or an order is open. "
            "Write that first, then open a further course. Nothing was written."
        )
        return await shown_course(visit, course, 422, line)
    settings = {name: text for name in ("jurisdiction", "product") if (text := form.text(name).strip())}
    opened = await asyncio.to_thread(shelf_of(visit).further, stamp_of(visit), course, settings)
    visit.saw(opened)
    return visit.go(f"/course/{opened}")


async def shown_course(
    visit: Visit,
    course: str,
    status: int = 200,
    wrong: str = "",
    given: Mapping[str, str] | None = None,
    gate: Said | None = None,
) -> Response[str]:
    """The page of a course, with what is to be corrected, what had been filled in, and what the rules say of capsules among it."""
    known = await known_of(visit, course)
    keep_at_hand(visit, known)
    return visit.page(
        "one_course.html",
        status=status,
        wrong=wrong,
        given=given or {},
        known=known,
        courses=courses_of(known),
        settings=settings_of(known),
        over=over(visit.session.patients[known.course], visit.settings.today()),
        history=shelf_of(visit).history(known),
        own=own_entries(known, visit.session),
        jurisdictions=visit.desk.jurisdictions,
        products=products_of(visit),
        **shown(gate),
    )


async def undone(visit: Visit, course: str, *, own: bool = False) -> Response[str] | Redirect:
    """Undoes the entry that a form names by a correcting entry, and nothing is deleted.

    Args:
        visit: who asks.
        course: the course.
        own: only what they wrote themselves of capsules handed out.
    """
    form = await visit.form("seq", "why")
    why, seq = form.text("why").strip(), whole_number(visit, form.text("seq"))
    if not why:
        line = visit.speech("Say why it is undone; it stays in the history. Nothing was written.")
        return await shown_course(visit, course, 422, line)
    known, shelf = await known_of(visit, course), shelf_of(visit)
    if own and seq not in own_entries(known, visit.session):
        return await shown_course(visit, course, 422, visit.speech(NOT_YOURS))
    try:
        await asyncio.to_thread(shelf.undo, stamp_of(visit), course, seq, why)
    except RegisterError as problem:
        line = line_of(visit.speech, problem, visit.words)
        return await shown_course(visit, course, status_of(problem), line, {f"why-{seq}": why})
    return visit.go(f"/course/{course}")


async def not_written(
    visit: Visit, course: str, given: Mapping[str, str], problem: Exception
) -> tuple[Mapping[str, str], str]:
    """What a form comes back with that could not be written: as filled in, by the version that it may be sent for next, and why."""
    line = line_of(visit.speech, problem, visit.words)
    if not isinstance(problem, ConflictError):
        return given, line
    now = await known_of(visit, course)
    ask = visit.speech("Look at what was written, then save again; what you filled in is kept.")
    return {**given, "expected": str(now.version)}, f"{line} {ask}"


def whole_number(visit: Visit, text: str) -> int:
    """A number that a form of ours carries along.

    Raises:
        RefusalError: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise RefusalError(visit.speech("The form is too old; load the page again. Nothing was written."), 422)
    return int(text)


def courses_of(known: Known) -> list[str]:
    """The patient's courses, the first one first."""
    return list(dict.fromkeys(event.course for event in known.events if event.kind == COURSE_OPENED))


def settings_of(known: Known) -> dict[str, str]:
    """Dates, place and product of the course as they stand."""
    native = dossier(known.events, known.course, known.identity).native
    dates = native.get("course", {})
    assert isinstance(dates, Mapping)
    return {**dates, **{name: str(native[name]) for name in ("jurisdiction", "product") if name in native}}


def keep_at_hand(visit: Visit, known: Known) -> None:
    """The course among the records at hand, so that every page about a patient shows it."""
    before = visit.session.patients.get(known.course)
    patient = at_hand(shelf_of(visit), known.course, before, visit.settings.today(), known)
    visit.session.keep(patient, visit.settings.limits.patients)
    visit.ahead(known.course, at_hand=True)


def products_of(visit: Visit) -> list[str]:
    """The products that are known here."""
    return [product.name for product in visit.desk.library.products]


HANDLERS = (worklist, find, keep, course_page, further)
