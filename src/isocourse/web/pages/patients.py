"""Pages about one patient: enter a record, Today, the matrix, and why each protocol answers as it does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from isocourse.facts.days import whole_day
from isocourse.facts.problem import ReadError
from isocourse.facts.utf8 import utf8
from isocourse.library import Asked, Assessment
from isocourse.web.due_fields import as_entered
from isocourse.web.entries import TodayView
from isocourse.web.filled import names_of, record_from
from isocourse.web.matrix import GLYPHS, MatrixView, matrix_view
from isocourse.web.pages.why import dates_words, why_views
from isocourse.web.patients import FILLED_IN, PASTED, UPLOADED, Patient, remember
from isocourse.web.refusals import RefusalError, to_say
from isocourse.web.roles import Needs
from isocourse.web.strict import Form
from isocourse.web.visit import Visit, Visiting

UNREAD = to_say("The record cannot be read by this day.")
OPENED = ("dose_range", "work_up", "contraindications")
"""Questions whose fields stand open in the form of a new record."""
SEE, ENTER = {"needs": Needs.PATIENT}, {"needs": Needs.RECORD}


@get("/", opt={"needs": Needs.KNOWLEDGE}, include_in_schema=False)
async def home(visit: Visiting) -> Response[str]:
    """Where to begin: the records at hand, a new one, a sample."""
    return visit.page("home.html", patients=list(visit.session.patients.values()), samples=list(visit.desk.samples))


@get("/enter", opt=ENTER, include_in_schema=False)
async def blank(visit: Visiting) -> Response[str]:
    """The empty form."""
    return _form_page(visit, {"visit": date.fromordinal(visit.settings.today()).isoformat()}, {}, "/enter")


@post("/enter", opt=ENTER, include_in_schema=False)
async def fill(visit: Visiting) -> Response[str] | Redirect:
    """A filled-in form: judged, or shown again with what is to be corrected."""
    return await _filled(visit, None)


@get("/patient/{handle:str}/form", opt=ENTER, include_in_schema=False)
async def again(visit: Visiting, handle: FromPath[str]) -> Response[str]:
    """The form of a patient that was filled in, to be corrected or completed."""
    patient = visit.patient(handle)
    return _form_page(visit, patient.filled, {}, f"/patient/{handle}/form")


@post("/patient/{handle:str}/form", opt=ENTER, include_in_schema=False)
async def correct(visit: Visiting, handle: FromPath[str]) -> Response[str] | Redirect:
    """The corrected form of a patient."""
    return await _filled(visit, visit.patient(handle))


@post("/read", opt=ENTER, include_in_schema=False)
async def read(visit: Visiting) -> Response[str] | Redirect:
    """A pasted or uploaded record: judged, or refused with one line that says why."""
    form = await visit.form("text", "file")
    try:
        title_, text = _sent(visit, form)
        patient = await asyncio.to_thread(_at_hand, visit, title_, text)
    except ReadError as problem:
        return visit.page(
            "home.html",
            status=422,
            patients=list(visit.session.patients.values()),
            samples=list(visit.desk.samples),
            wrong=read_error(visit, problem),
            pasted=form.text("text"),
        )
    return visit.go(f"/patient/{patient.handle}")


@get("/patient/{handle:str}", opt=SEE, include_in_schema=False)
async def today(visit: Visiting, handle: FromPath[str]) -> Response[str]:
    """Today: the five lists."""
    patient = visit.patient(handle)
    return visit.page(
        "today.html",
        patient=patient,
        today=await _today(visit, patient),
        choices=_choices(visit, patient),
        another_day=visit.speech.day(patient.asked.as_of) if _of_another_day(visit, patient) else "",
    )


@post("/patient/{handle:str}/asked", opt=SEE, include_in_schema=False)
async def ask(visit: Visiting, handle: FromPath[str]) -> Redirect:
    """Another day, jurisdiction or product to judge by."""
    patient = visit.patient(handle)
    form = await visit.form("as_of", "jurisdiction", "product", "presume")
    asked = _asked(visit, form, patient.asked)
    by_today = asked.as_of == visit.settings.today()
    if handle in visit.session.patients:
        patient.asked, patient.by_today = asked, by_today
        return visit.go(f"/patient/{handle}")
    other = Patient(patient.title, patient.record, asked, by_today, text=patient.text)
    visit.session.keep(other, visit.settings.limits.patients)
    return visit.go(f"/patient/{other.handle}")


@post("/patient/{handle:str}/forget", opt=SEE, include_in_schema=False)
async def forget(visit: Visiting, handle: FromPath[str]) -> Redirect:
    """Forgets a record at hand."""
    await visit.form("token")
    visit.session.patients.pop(handle, None)
    return visit.go("/")


@get("/patient/{handle:str}/matrix", opt=SEE, include_in_schema=False)
async def matrix(visit: Visiting, handle: FromPath[str], show: FromQuery[str] = "differences") -> Response[str]:
    """Every question under every protocol, or only those on which they part."""
    patient = visit.patient(handle)
    seen = await _judged(visit, patient)
    only = show != "all"
    view = _matrix(visit, patient, seen, only)
    return visit.page(
        "matrix.html",
        patient=patient,
        matrix=view,
        only=only,
        glyphs=GLYPHS,
        who=(await _today(visit, patient)).who,
        outside=seen.outside,
    )


@get("/patient/{handle:str}/why/{point:str}/{protocol:str}/{edition:str}", opt=SEE, include_in_schema=False)
async def why(
    visit: Visiting, handle: FromPath[str], point: FromPath[str], protocol: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Why one protocol answers one question as it does."""
    patient = visit.patient(handle)
    seen = await _judged(visit, patient)
    key = f"{protocol}/{edition}"
    views = await asyncio.to_thread(why_views, seen, visit.speech, point, key)
    if not views:
        raise RefusalError(visit.speech("This protocol is not asked this question for this patient."), 404)
    found = visit.desk.library.edition(key)
    return visit.page(
        "why.html",
        patient=patient,
        point=visit.desk.library.point(point),
        edition=found,
        title=visit.words(found.title),
        dates=dates_words(visit.speech, found),
        doubt=dict(seen.doubts).get(key, ""),
        governs=found in seen.governs,
        views=views,
        who=(await _today(visit, patient)).who,
    )


async def _judged(visit: Visit, patient: Patient) -> Assessment:
    try:
        return await asyncio.to_thread(visit.desk.judged, patient, visit.session.language)
    except ReadError as problem:
        raise RefusalError(visit.speech(UNREAD)) from problem


async def _today(visit: Visit, patient: Patient) -> TodayView:
    """Today in words; what is kept is there at once."""
    kept = patient.worked.today.get((patient.asked, visit.session.language))
    if kept is not None:
        return kept
    try:
        return await asyncio.to_thread(visit.desk.today, patient, visit.session.language)
    except ReadError as problem:
        raise RefusalError(visit.speech(UNREAD)) from problem


def _matrix(visit: Visit, patient: Patient, seen: Assessment, only: bool) -> MatrixView:
    """The matrix in words, kept in the same way."""
    key = (patient.asked, visit.session.language, only)
    if key not in patient.worked.matrices:
        remember(patient.worked.matrices, key, matrix_view(seen, f"/patient/{patient.handle}", only=only))
    return patient.worked.matrices[key]


def _of_another_day(visit: Visit, patient: Patient) -> bool:
    """Whether a record at hand is judged by another day than today; a sample always is."""
    return patient.handle in visit.session.patients and patient.asked.as_of != visit.settings.today()


def _choices(visit: Visit, patient: Patient) -> dict[str, object]:
    return {
        "jurisdictions": visit.desk.jurisdictions,
        "products": [product.name for product in visit.desk.library.products],
        "as_of": date.fromordinal(patient.asked.as_of).isoformat(),
    }


def _asked(visit: Visit, form: Form, before: Asked) -> Asked:
    try:
        day = whole_day(form.text("as_of")) if form.text("as_of") else before.as_of
    except ValueError:
        raise RefusalError(
            visit.speech("The day to judge by is not a day; write it as 2026-11-24. Nothing was changed.")
        ) from None
    place, product = form.text("jurisdiction"), form.text("product")
    if place and place not in visit.desk.jurisdictions:
        raise RefusalError(visit.speech("This jurisdiction is not known here. Nothing was changed."))
    if product and visit.desk.library.product(product) is None:
        raise RefusalError(visit.speech("This product is not known here. Nothing was changed."))
    return Asked(day, before.protocols, place, product, form.text("presume") == "yes")


def _sent(visit: Visit, form: Form) -> tuple[str, str]:
    raw = form.files.get("file", b"")
    return (UPLOADED, utf8(raw, visit.speech(UPLOADED))) if raw else (PASTED, form.text("text"))


def _at_hand(visit: Visit, title_: str, text: str, filled: dict[str, str] | None = None) -> Patient:
    """The record at hand, judged once, so that whatever is wrong with it comes up now."""
    asked, told = Asked(visit.settings.today()), visit.speech(title_)
    patient = Patient(title_, lambda as_of: visit.desk.read(text, told, as_of), asked, filled=filled or {}, text=text)
    visit.desk.judged(patient, visit.session.language)
    visit.session.keep(patient, visit.settings.limits.patients)
    return patient


async def _filled(visit: Visit, before: Patient | None) -> Response[str] | Redirect:
    sections = visit.desk.sections
    form = await visit.form(*names_of(sections))
    given = {name: text for name, text in form.fields.items() if name != "token"}
    done = record_from(sections, given, visit.speech, visit.desk.strengths)
    wrong = ""
    if not done.wrong:
        try:
            patient = await asyncio.to_thread(_at_hand, visit, FILLED_IN, done.text, given)
        except ReadError as problem:
            wrong = read_error(visit, problem)
        else:
            if before is not None:
                visit.session.patients.pop(before.handle, None)
            return visit.go(f"/patient/{patient.handle}")
    action = f"/patient/{before.handle}/form" if before else "/enter"
    return _form_page(visit, given, done.wrong, action, wrong)


def read_error(visit: Visit, problem: ReadError) -> str:
    """Where a record cannot be read, and why, in the language of whoever asks."""
    told = problem.told(visit.words)
    path = visit.speech(problem.path)
    place = f"{path}:{problem.line}:{problem.column}" if problem.line else path
    return f"{place}: {told}"


def _form_page(
    visit: Visit, given: Mapping[str, str], wrong: dict[str, str], action: str, line: str = ""
) -> Response[str]:
    return visit.page(
        "form.html",
        status=422 if wrong or line else 200,
        folds=as_entered(visit.desk.sections, given, opened=OPENED),
        given=given,
        wrong=wrong,
        line=line,
        action=action,
        jurisdictions=visit.desk.jurisdictions,
        products=[product.name for product in visit.desk.library.products],
    )


HANDLERS = (home, blank, fill, again, correct, read, today, ask, forget, matrix, why)
