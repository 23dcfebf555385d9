"""Capsules handed out, over JSON: what the rules say of a day, the entry, and undoing one's own; the same as the page, by the same code."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from isocourse.app.dispensing import NoDay, day_handed_out
from isocourse.course.dispensing import NOT_OPEN
from isocourse.facts.problem import ReadError
from isocourse.register.problem import RegisterError
from isocourse.web.api.assess import DAY, MISSING, REFUSALS, Refusal
from isocourse.web.handing_out import NOT_YOURS, SEND, UNKNOWN_PRODUCT, asks, at_gate, correct, own_entries
from isocourse.web.pages.register import known_of, shelf_of, stamp_of
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.strict import Body, StrictBody
from isocourse.web.troubles import line_of, status_of
from isocourse.web.visit import Visit, Visiting

HAND_OUT = {"needs": Needs.DISPENSE}
LAST = 2**53
"""The largest number of an entry or a version that JSON carries without loss."""
STORE = {
    each: ResponseSpec(Refusal, generate_examples=False, description="The register cannot take it.")
    for each in (409, 503, 507)
}
ANSWERS = REFUSALS | MISSING | STORE


class DispensingOut(msgspec.Struct, frozen=True):
    """What the rules say of handing out on a day."""

    course: str
    version: int
    """To be sent back as `expected`."""
    day: str
    gate: str
    """closed, cannot_tell or open; open says that nothing was found against it."""
    verdict: str
    closing: list[str]
    windows: list[str]
    file: list[str]
    besides: list[str]


class HandedOutBody(Body, frozen=True):
    """Capsules that were handed out."""

    expected: Annotated[int, msgspec.Meta(ge=0, le=LAST)]
    """The version that was looked at."""
    day: Annotated[str, msgspec.Meta(pattern=DAY, examples=["2026-11-24"])]
    strength_mg: Annotated[str, msgspec.Meta(pattern=r"^\d{1,3}(\.\d{1,3})?$", examples=["20"])]
    capsules: Annotated[int, msgspec.Meta(ge=1, le=3000)]
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None
    product: str = ""
    gate_not_open: bool = False
    """Says that they were handed out although the gate was not open; a reason is then needed."""
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""


class WrittenOut(msgspec.Struct, frozen=True):
    """The entries that were written, and what wants attention since, as the terminal tells it."""

    entries: list[int]
    told: str


class UndoBody(Body, frozen=True):
    """One's own entry to be undone, and why."""

    entry: Annotated[int, msgspec.Meta(ge=1, le=LAST)]
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


@get("/api/courses/{course:str}/dispensing", opt=HAND_OUT, responses=ANSWERS)
async def dispensing(visit: Visiting, course: FromPath[str], on: FromQuery[str] = "") -> DispensingOut:
    """What the rules say of handing out capsules on a day; today where none is named."""
    day = _day(visit, on) if on else visit.settings.today()
    return await _said(visit, course, day)


@post(
    "/api/courses/{course:str}/dispensing",
    opt=HAND_OUT,
    dto=StrictBody[HandedOutBody],
    return_dto=None,
    status_code=200,
    responses=ANSWERS,
)
async def hand_out(visit: Visiting, course: FromPath[str], data: JSONBody[HandedOutBody]) -> WrittenOut:
    """Writes what was handed out; where the gate is not open, only with a reason."""
    shelf, known = shelf_of(visit), await known_of(visit, course)
    if data.product and visit.desk.library.product(data.product) is None:
        raise RefusalError(visit.speech(UNKNOWN_PRODUCT), 422)
    seen = NOT_OPEN if data.gate_not_open else ()
    at = await at_gate(visit, shelf, known, {"doses": [_dose(data)]}, seen, data.reason)
    if at.no_day:
        raise _wrong_day(visit, at.no_day)
    if at.held:
        raise RefusalError(asks(at, visit.speech, SEND), 422)
    try:
        if told := shelf.unbelieved(at.record, visit.settings.today()):
            raise RefusalError(" ".join(each.line(visit.words) for each in told), 422)
        saved = await asyncio.to_thread(
            shelf.visit, stamp_of(visit), course, at.record, data.expected, visit.settings.today(), visit.words
        )
    except (RegisterError, ReadError) as problem:
        raise RefusalError(line_of(visit.speech, problem, visit.words), status_of(problem)) from None
    return WrittenOut(list(saved.entries), saved.told)


@post(
    "/api/courses/{course:str}/dispensing/undo",
    opt=HAND_OUT,
    dto=StrictBody[UndoBody],
    return_dto=None,
    status_code=200,
    responses=ANSWERS,
)
async def undo(visit: Visiting, course: FromPath[str], data: JSONBody[UndoBody]) -> DispensingOut:
    """Undoes one's own entry by a correcting entry; what the rules say of handing out today stands then as it is without it."""
    known = await known_of(visit, course)
    if data.entry not in own_entries(known, visit.session):
        raise RefusalError(visit.speech(NOT_YOURS), 422)
    try:
        await asyncio.to_thread(shelf_of(visit).undo, stamp_of(visit), course, data.entry, data.why.strip())
    except RegisterError as problem:
        raise RefusalError(line_of(visit.speech, problem, visit.words), status_of(problem)) from None
    return await _said(visit, course, visit.settings.today())


async def _said(visit: Visit, course: str, day: int) -> DispensingOut:
    known, shelf = await known_of(visit, course), shelf_of(visit)
    said = await asyncio.to_thread(shelf.dispensing, known, day, visit.words)
    return DispensingOut(
        course,
        known.version,
        date.fromordinal(day).isoformat(),
        said.gate,
        said.verdict,
        said.closing,
        said.windows,
        said.file,
        said.besides,
    )


def _day(visit: Visit, text: str) -> int:
    found = day_handed_out(text, visit.settings.today())
    if isinstance(found, NoDay):
        raise _wrong_day(visit, found)
    return found


def _wrong_day(visit: Visit, no_day: NoDay) -> RefusalError:
    return RefusalError(f"day: {correct(no_day, visit.speech)}. {visit.speech('Nothing was written.')}", 422)


def _dose(data: HandedOutBody) -> dict[str, str]:
    found = {"dispensed": data.day, "strength": f"{data.strength_mg} mg", "capsules": str(data.capsules)}
    found |= {"days": str(data.days)} if data.days is not None else {}
    return found | ({"product": data.product} if data.product else {})


HANDLERS = (dispensing, hand_out, undo)
