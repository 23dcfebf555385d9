"""What the model expects of a plan: levels and sebum as pictures of their own, and a page that says the same in words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup

from isocourse.render.drawing import Chart, drawn
from isocourse.web.modelled import charts_of
from isocourse.web.pages.course import plan_of
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.visit import Visit, Visiting

SEE = {"needs": Needs.PATIENT, "heavy": True}


@get("/patient/{handle:str}/plan/expected", opt=SEE, include_in_schema=False)
async def page(visit: Visiting, handle: FromPath[str]) -> Response[str]:
    """The pictures with their words, and what they rest on."""
    charts = await _charts(visit, handle)
    # The drawing library escapes every text in its SVG.
    pictures = await asyncio.to_thread(lambda: [(Markup(drawn(chart)), chart.text) for chart in charts])
    return visit.page("expected.html", patient=visit.patient(handle), pictures=pictures)


@get("/patient/{handle:str}/plan/levels.svg", opt=SEE, include_in_schema=False)
async def levels(visit: Visiting, handle: FromPath[str]) -> Response[bytes]:
    """Levels in plasma."""
    return await _picture(visit, handle, "levels")


@get("/patient/{handle:str}/plan/sebum.svg", opt=SEE, include_in_schema=False)
async def sebum(visit: Visiting, handle: FromPath[str]) -> Response[bytes]:
    """Sebum."""
    return await _picture(visit, handle, "sebum")


async def _picture(visit: Visit, handle: str, name: str) -> Response[bytes]:
    chart = next(chart for chart in await _charts(visit, handle) if chart.name == name)
    return Response((await asyncio.to_thread(drawn, chart)).encode(), media_type="image/svg+xml")


async def _charts(visit: Visit, handle: str) -> Sequence[Chart]:
    made = await plan_of(visit, visit.patient(handle))
    charts = await asyncio.to_thread(charts_of, made)
    if not charts:
        raise RefusalError(
            visit.speech("The plan has no doses that the model speaks of, so there is nothing to draw."), 404
        )
    return charts


HANDLERS = (page, levels, sebum)
