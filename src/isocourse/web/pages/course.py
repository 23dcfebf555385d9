"""The course of a patient: a plan that follows what is asked, its capsules, totals, forecast and calendar, what slips, and files to take along."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec.structs import replace

from isocourse.app.plan import course_key, plan, slipped
from isocourse.course.plan import Plan
from isocourse.course.slip import MOVABLE, SlipError
from isocourse.course.wanted import Wanted, WantedError, wanted_of
from isocourse.decisions.wording import Wording
from isocourse.facts.days import whole_day
from isocourse.facts.problem import ReadError
from isocourse.facts.record import Record
from isocourse.facts.sentence import where_known
from isocourse.render.commands import without_commands
from isocourse.render.frames import DRAFT
from isocourse.render.plan_page import course_parts
from isocourse.render.plan_page import plan_page as paper
from isocourse.web.courses import over
from isocourse.web.modelled import charts_of
from isocourse.web.pages.terminal_text import Block, blocks
from isocourse.web.patients import Patient, remember
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.strict import Form
from isocourse.web.visit import Visit, Visiting

SEE = {"needs": Needs.PATIENT}
WISHES = (
    "start",
    "product",
    "dose",
    "steps",
    "taper",
    "times_a_day",
    "weights",
    "breaks",
    "missed",
    "supply_days",
    "target",
    "until",
    "pack",
    "moved",
)
"""What can be asked for, by the names that the command line has; each is a text."""
LISTS = ("weights", "breaks", "missed", "moved")
NUMBERS = ("times_a_day", "supply_days", "pack")
EXAMPLES = {
    "start": "2027-02-01",
    "product": "acnecutan",
    "dose": "0.5 mg/kg/day",
    "steps": "0.5 mg/kg/day for 4 weeks, then 1 mg/kg/day",
    "taper": "20 mg/day for 4 weeks",
    "times_a_day": "2",
    "weights": "2027-02-01: 60 kg",
    "breaks": "2027-01-10..2027-01-20: surgery",
    "missed": "2027-01-03",
    "supply_days": "30",
    "target": "120 mg/kg",
    "until": "2027-06-30",
    "pack": "30",
    "moved": "supply-2: 2027-01-04",
}
"""How each wish is written; the words are those of the command line in every language."""
LONGEST = 500
_COMMA = re.compile(r"(?<=\d),(?=\d)")


@get("/patient/{handle:str}/plan", opt=SEE, include_in_schema=False)
async def show_plan(visit: Visiting, handle: FromPath[str]) -> Response[str]:
    """The plan as it stands."""
    patient = visit.patient(handle)
    return await _page(visit, patient, wishes_of(patient), {})


@post("/patient/{handle:str}/plan", opt=SEE, include_in_schema=False)
async def ask(visit: Visiting, handle: FromPath[str]) -> Response[str] | Redirect:
    """Another plan: shown, or what is to be corrected; the plan before it stays until then."""
    form = await visit.form(*WISHES)
    patient = _own(visit, handle)
    given = {name: form.text(name).strip() for name in WISHES if form.text(name).strip()}
    try:
        wanted(visit, given, patient)
    except WantedError as problem:
        return await _page(visit, patient, given, {problem.name: _wrong(visit, problem)})
    patient.wishes = given
    return visit.go(f"/patient/{patient.handle}/plan")


@post("/patient/{handle:str}/slip", opt=SEE, include_in_schema=False)
async def slip(visit: Visiting, handle: FromPath[str]) -> Response[str]:
    """What moves, and what is then broken, if an event falls on another day, or on none."""
    form = await visit.form("event", "to", "miss")
    patient = visit.patient(handle)
    to = _day(visit, form)
    library = visit.desk.library

    def cascade() -> list[Block]:
        from isocourse.render.slip_text import slip_page

        record, want = _record(visit, patient), wanted(visit, wishes_of(patient), patient)
        found = slipped(library, record, patient.asked, want, form.text("event"), to)
        told = replace(found, after=in_language(found.after, visit.words))
        return blocks(slip_page(told, 100_000, full=True))

    try:
        found = await asyncio.to_thread(cascade)
    except SlipError as problem:
        nothing = visit.speech("Nothing was changed.")
        told = without_commands(where_known(problem.args[0], visit.words))
        raise RefusalError(f"{told}. {nothing}", 422) from None
    move = f"{form.text('event')}: {form.text('to') or 'missed'}"
    return visit.page(
        "slip.html", patient=patient, blocks=found, event=form.text("event"), to=form.text("to"), move=move
    )


@get("/patient/{handle:str}/plan.ics", opt=SEE, include_in_schema=False)
async def calendar_file(visit: Visiting, handle: FromPath[str], protocol: FromQuery[str] = "") -> Response[bytes]:
    """The calendar of one protocol as a file; the governing one where none is named."""
    made = await plan_of(visit, visit.patient(handle))
    chosen = protocol or (made.governs[0] if made.governs else "")
    if not chosen:
        raise RefusalError(
            visit.speech("No protocol governs; choose the one whose calendar is wanted. Nothing was made."), 422
        )
    from isocourse.render.ics import ics

    try:
        data = ics(made, chosen, datetime.now(UTC))
    except ValueError:
        raise RefusalError(visit.speech("This protocol is not part of the plan. Nothing was made."), 404) from None
    return _file(data, "text/calendar; charset=utf-8", "course.ics")


@get("/patient/{handle:str}/plan.json", opt=SEE, include_in_schema=False)
async def care_plan_file(visit: Visiting, handle: FromPath[str]) -> Response[bytes]:
    """The plan as FHIR: a proposed care plan, no order."""
    from isocourse.fhir.care_plan import care_plan

    made = await plan_of(visit, visit.patient(handle))
    data = msgspec.json.format(msgspec.json.encode(care_plan(made, datetime.now(UTC))), indent=2)
    return _file(data, "application/fhir+json", "course.fhir.json")


@get("/patient/{handle:str}/plan.html", opt=SEE, include_in_schema=False)
async def paper_file(visit: Visiting, handle: FromPath[str]) -> Response[bytes]:
    """The plan as one page to print or to keep: the same that `isocourse plan --html` writes."""
    made = await plan_of(visit, visit.patient(handle))
    page = await asyncio.to_thread(lambda: paper(made, charts_of(made)))
    return _file(page.encode(), "text/html; charset=utf-8", "course.html")


@get("/patient/{handle:str}/sheet.html", opt=SEE, include_in_schema=False)
async def sheet_file(visit: Visiting, handle: FromPath[str]) -> Response[bytes]:
    """The sheet of one page for the patient: the same that `isocourse plan --sheet` writes."""
    from isocourse.render.patient_sheet import sheet

    made = await plan_of(visit, visit.patient(handle))
    return _file((await asyncio.to_thread(sheet, made)).encode(), "text/html; charset=utf-8", "sheet.html")


def _file(data: bytes, kind: str, name: str) -> Response[bytes]:
    return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def wishes_of(patient: Patient) -> Mapping[str, str]:
    """What is asked of the plan: as typed last, or else as the record says; a course that is over asks for nothing any more."""
    if patient.wishes is not None:
        return patient.wishes
    return {} if over(patient) else dict(_record_of(patient).plan)


# what is wanted ----------------------------------------------------------------------------------------------------------
def wanted(visit: Visit, given: Mapping[str, str], patient: Patient) -> Wanted:
    """What is asked for, from the texts of the form.

    Raises:
        WantedError: a text that cannot be read, or that can be read in two ways.
    """
    told: dict[str, str | int | tuple[str, ...]] = {}
    for name, text in given.items():
        plain = _plain(visit, name, text)
        if name in LISTS:
            told[name] = tuple(line.strip() for line in plain.splitlines() if line.strip())
        elif name in NUMBERS:
            told[name] = _whole(name, plain)
        else:
            told[name] = plain
    product = given.get("product", "")
    if product and visit.desk.library.product(product) is None:
        raise WantedError("product", "this product is not known here")
    want = wanted_of(told, Wanted())
    for step in (*want.steps, *want.taper):
        if step.product and visit.desk.library.product(step.product) is None:
            raise WantedError("steps", f'no product "{step.product}" is known here')
    name = patient.handle if patient.version else patient.title
    return want if want.key else replace(want, key=course_key(_record(visit, patient), name))


def _wrong(visit: Visit, problem: WantedError) -> str:
    """What is to be corrected: in English just what is wrong; in another language how such a wish is written."""
    if visit.speech.language == "en" or problem.name not in EXAMPLES:
        return problem.message
    return visit.speech(
        "This cannot be read as it stands. Write it as in this example: {example}", example=EXAMPLES[problem.name]
    )


def _plain(visit: Visit, name: str, text: str) -> str:
    """A text with decimal points; a comma between digits is a decimal comma in some languages and asked about in English."""
    if len(text) > LONGEST:
        raise WantedError(name, f"longer than {LONGEST} letters")
    if _COMMA.search(text) and visit.speech.language == "en":
        raise WantedError(name, visit.speech("a comma can be read in two ways; write a point, as in 0.5"))
    return _COMMA.sub(".", text)


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise WantedError(name, "expected a whole number")
    return int(text)


def _own(visit: Visit, handle: str) -> Patient:
    """The patient whose plan may be changed; a sample stays as it is, and a copy of it is changed."""
    patient = visit.patient(handle)
    if handle in visit.session.patients:
        return patient
    copy = Patient(patient.title, patient.record, patient.asked, patient.by_today, text=patient.text)
    visit.session.keep(copy, visit.settings.limits.patients)
    return copy


def _record(visit: Visit, patient: Patient) -> Record:
    return _record_of(patient)


def _record_of(patient: Patient) -> Record:
    return patient.record(patient.asked.as_of)


def _day(visit: Visit, form: Form) -> int | None:
    if form.text("miss") == "yes":
        return None
    try:
        return whole_day(form.text("to"))
    except ValueError:
        raise RefusalError(
            visit.speech("Say on which day it falls instead, or that it is missed. Nothing was changed."), 422
        ) from None


# the page ----------------------------------------------------------------------------------------------------------------
async def plan_of(visit: Visit, patient: Patient) -> Plan:
    """The plan of a patient, told in the language of whoever asks.

    Raises:
        RefusalError: it cannot be made as asked.
    """
    try:
        return await asyncio.to_thread(_plan, visit, patient, wishes_of(patient))
    except (WantedError, ReadError):
        raise RefusalError(
            visit.speech("The plan cannot be made as asked; see its page. Nothing was made."), 422
        ) from None


def _plan(visit: Visit, patient: Patient, given: Mapping[str, str]) -> Plan:
    key = (patient.asked, tuple(sorted(given.items())))
    if key not in patient.worked.planned:
        made = plan(visit.desk.library, _record(visit, patient), patient.asked, wanted(visit, given, patient))
        remember(patient.worked.planned, key, made)
    return in_language(patient.worked.planned[key], visit.words)


def in_language(made: Plan, w: Wording) -> Plan:
    """The same plan, told in a language."""
    return replace(made, assessment=replace(made.assessment, words=w))


def _parts(patient: Patient, made: Plan) -> dict[str, object]:
    key = (patient.asked, (*sorted(wishes_of(patient).items()), ("language", made.assessment.words.language)))
    if key not in patient.worked.drawn:
        remember(patient.worked.drawn, key, course_parts(made))
    return patient.worked.drawn[key]


async def _page(visit: Visit, patient: Patient, given: Mapping[str, str], wrong: Mapping[str, str]) -> Response[str]:
    made = await plan_of(visit, patient)
    view = await asyncio.to_thread(_parts, patient, made)
    return visit.page(
        "plan.html",
        status=422 if wrong else 200,
        patient=patient,
        given=given,
        wrong=wrong,
        plan=view,
        draft=visit.words(DRAFT) if visit.words.draft else "",
        products=[(each.name, ", ".join(each.strengths)) for each in visit.desk.library.products if each.strengths],
        happenings=[each for each in made.happenings if each.kind in MOVABLE and each.day is not None],
        protocols=sorted({edition.protocol for edition in made.assessment.editions}),
        governs=made.governs,
        modelled=bool(made.steps) and all(step.formulation for step in made.steps) and not made.withheld,
        kept=dict(_record(visit, patient).plan) == dict(given),
        over=over(patient),
    )


HANDLERS = (show_plan, ask, slip, calendar_file, care_plan_file, paper_file, sheet_file)
