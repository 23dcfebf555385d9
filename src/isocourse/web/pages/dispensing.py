"""Capsules handed out, entered by themselves: what the rules say of it first, then the entry, what wants attention since, and undoing it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from isocourse.app.dispensing import HANDED_OUT
from isocourse.facts.problem import ReadError
from isocourse.register.problem import RegisterError
from isocourse.web.courses import called
from isocourse.web.filled import OF_CAPSULES, Filled, record_from
from isocourse.web.handing_out import ASKED, asks, at_gate, correct, shown
from isocourse.web.pages.register import (
    keep_at_hand,
    known_of,
    not_written,
    products_of,
    settings_of,
    shelf_of,
    stamp_of,
    undone,
    whole_number,
)
from isocourse.web.pages.terminal_text import blocks
from isocourse.web.roles import Needs
from isocourse.web.troubles import status_of
from isocourse.web.visit import Visit, Visiting

if TYPE_CHECKING:
    from isocourse.app.register import Known

HAND_OUT = {"needs": Needs.DISPENSE}


@get("/course/{course:str}/dispense", opt=HAND_OUT, include_in_schema=False)
async def blank(visit: Visiting, course: FromPath[str]) -> Response[str]:
    """What the rules say of handing out today, and the form."""
    known, today = await known_of(visit, course), visit.settings.today()
    given = {HANDED_OUT: date.fromordinal(today).isoformat(), "expected": str(known.version)}
    return await _page(visit, known, given, today)


@post("/course/{course:str}/dispense", opt=HAND_OUT, include_in_schema=False)
async def enter(visit: Visiting, course: FromPath[str]) -> Response[str]:
    """Writes what was handed out. Where the gate is not open it is written only with a reason."""
    form = await visit.form("expected", *ASKED, *OF_CAPSULES)
    given = {name: text for name, text in form.fields.items() if name != "token"}
    today, known, shelf = visit.settings.today(), await known_of(visit, course), shelf_of(visit)
    done = _filled(visit, given, today)
    if done.wrong:
        return await _page(visit, known, given, today, done.wrong)
    if not done.record.get("doses"):
        return await _page(visit, known, given, today, line=visit.speech("Nothing was filled in. Nothing was written."))
    handed = {"doses": done.record["doses"]}
    at = await at_gate(visit, shelf, known, handed, (form.text("confirm"),), form.text("reason"))
    if at.no_day:
        return await _page(visit, known, given, today, {HANDED_OUT: correct(at.no_day, visit.speech)})
    day = at.days[0].day
    if at.held:
        return await _page(visit, known, given, day, line=asks(at, visit.speech))
    if told := shelf.unbelieved(at.record, today):
        return await _page(visit, known, given, day, line=" ".join(each.line(visit.words) for each in told))
    return await _written(visit, course, given, at.record, day)


@post("/course/{course:str}/dispense/undo", opt=HAND_OUT, include_in_schema=False)
async def take_back(visit: Visiting, course: FromPath[str]) -> Response[str] | Redirect:
    """Undoes one's own entry of capsules handed out by a correcting entry; nothing is deleted."""
    return await undone(visit, course, own=True)


def _filled(visit: Visit, given: Mapping[str, str], today: int) -> Filled:
    """The entry that the form stands for; without a day, today's."""
    handed = {name: given.get(name, "") for name in OF_CAPSULES}
    form = handed | {"visit": date.fromordinal(today).isoformat()}
    if not any(text.strip() for name, text in handed.items() if name != HANDED_OUT):
        form[HANDED_OUT] = ""  # a day alone is no entry
    return record_from((), form, visit.speech, visit.desk.strengths)


async def _written(
    visit: Visit, course: str, given: Mapping[str, str], record: Mapping[str, object], day: int
) -> Response[str]:
    shelf, today = shelf_of(visit), visit.settings.today()
    expected = whole_number(visit, given.get("expected", ""))
    try:
        saved = await asyncio.to_thread(shelf.visit, stamp_of(visit), course, record, expected, today, visit.words)
    except (RegisterError, ReadError) as problem:
        given, line = await not_written(visit, course, given, problem)
        return await _page(visit, await known_of(visit, course), given, day, line=line, status=status_of(problem))
    known = await known_of(visit, course)
    keep_at_hand(visit, known)
    return visit.page(
        "saved.html", known=known, who=called(known), saved=saved, blocks=blocks(saved.told), handed_out=True
    )


async def _page(
    visit: Visit,
    known: Known,
    given: Mapping[str, str],
    day: int,
    wrong: Mapping[str, str] | None = None,
    line: str = "",
    status: int = 422,
) -> Response[str]:
    shelf = shelf_of(visit)
    said = await asyncio.to_thread(shelf.dispensing, known, day, visit.words)
    keep_at_hand(visit, known)
    return visit.page(
        "dispense.html",
        status=status if wrong or line else 200,
        known=known,
        who=called(known),
        patient=visit.session.patients[known.course],
        **shown(said),
        given=given,
        wrong=wrong or {},
        line=line,
        on_file=settings_of(known),
        products=products_of(visit),
    )


HANDLERS = (blank, enter, take_back)
