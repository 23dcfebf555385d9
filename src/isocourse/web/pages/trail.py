"""The trail of who looked at or wrote what: found, paged through, and taken along as a table. It holds pseudonyms, never a name of a patient."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from litestar import Response, get, post
from litestar.response import Stream

from isocourse.web.pages.register import shelf_of
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.strict import Form
from isocourse.web.visit import Visit, Visiting

if TYPE_CHECKING:  # a workbench without a register loads no database
    from isocourse.register.register import Register
    from isocourse.register.trail import Line, Wish

AUDIT = {"needs": Needs.TRAIL}
ON_A_PAGE = 100
FILTERS = ("who", "course", "what", "since", "until", "outcome")


@get("/trail", opt=AUDIT, include_in_schema=False)
async def newest(visit: Visiting) -> Response[str]:
    """The newest entries."""
    register = shelf_of(visit).register
    from isocourse.register.trail import Wish

    return await _page(visit, register, Wish(), 0)


@post("/trail/find", opt=AUDIT, include_in_schema=False)
async def find(visit: Visiting) -> Response[str]:
    """The newest entries that are wanted, or older ones."""
    form = await visit.form(*FILTERS, "before")
    before = form.text("before") or "0"
    if not (before.isascii() and before.isdigit() and len(before) < 16):
        raise RefusalError(visit.speech("The form is too old; load the page again. Nothing was written."), 422)
    return await _page(visit, shelf_of(visit).register, _wish(visit, form), int(before))


@post("/trail/table", opt=AUDIT, include_in_schema=False)
async def table(visit: Visiting) -> Stream:
    """All entries that are wanted, as a table to take along."""
    form = await visit.form(*FILTERS)
    register = shelf_of(visit).register
    from isocourse.app.register_trail import table_of

    found = table_of(register, _wish(visit, form))
    headers = {"content-disposition": 'attachment; filename="trail.csv"'}
    return Stream(found, media_type="text/csv", headers=headers, status_code=200)


def _wish(visit: Visit, form: Form) -> Wish:
    from isocourse.register.trail import OUTCOMES, Wish

    given = {name: form.text(name).strip() for name in FILTERS}
    for name in ("since", "until"):
        try:
            given[name] = date.fromisoformat(given[name]).isoformat() if given[name] else ""
        except ValueError:
            raise RefusalError(visit.speech("Write a day as 2026-11-24. Nothing was done."), 422) from None
    if given["outcome"] not in ("", *OUTCOMES):
        raise RefusalError(visit.speech("This outcome is not known here. Nothing was done."), 422)
    return Wish(**given)


async def _page(visit: Visit, register: Register, wish: Wish, before: int) -> Response[str]:
    from isocourse.register.trail import OUTCOMES, lines

    def found() -> list[Line]:
        with register.reading() as connection:
            return lines(connection, wish, ON_A_PAGE + 1, before)

    shown = await asyncio.to_thread(found)
    older = shown[ON_A_PAGE - 1].seq if len(shown) > ON_A_PAGE else 0
    return visit.page(
        "trail.html", lines=shown[:ON_A_PAGE], wish=wish, older=older, outcomes=tuple(OUTCOMES), filters=FILTERS
    )


HANDLERS = (newest, find, table)
