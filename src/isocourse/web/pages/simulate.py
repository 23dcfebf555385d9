"""The page of the simulation: levels, washout and sebum of invented patients on one regimen; no advice, no forecast for one patient."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from litestar import Response, get, post
from markupsafe import Markup

from isocourse.decisions.wording import Wording
from isocourse.render.charts import Reader, charts
from isocourse.render.drawing import drawn
from isocourse.render.simulation_report import quantities
from isocourse.render.simulation_text import number
from isocourse.render.simulation_words import definition_words, in_words
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.simulation import FOODS, FORMULATIONS, MOST_PATIENTS, MOST_WEEKS, SEXES, Crowd, Simulated, simulated
from isocourse.web.speech import NotUnderstoodError, Speech
from isocourse.web.visit import Visit, Visiting

FIELDS = ("dose", "per_kg", "times_a_day", "weeks", "formulation", "food", "weight", "patients", "seed", "sex")
FIRST = {"dose": "20", "times_a_day": "2", "weeks": "20", "weight": "70", "patients": "300", "seed": "1"}


@get("/simulate", opt={"needs": Needs.KNOWLEDGE}, include_in_schema=False)
async def empty(visit: Visiting) -> Response[str]:
    """The form, with an ordinary course."""
    return _page(visit, FIRST, {}, None)


@post("/simulate", opt={"needs": Needs.KNOWLEDGE, "heavy": True}, include_in_schema=False)
async def run(visit: Visiting) -> Response[str]:
    """The form with what came out, or with what is to be corrected."""
    from isocourse.kinetics import KineticsError

    form = await visit.form(*FIELDS)
    given = {name: form.text(name) for name in FIELDS}
    crowd, wrong = crowd_from(given, visit.speech)
    if crowd is None:
        return _page(visit, given, wrong, None)
    try:
        found, pictures = await asyncio.to_thread(_answer, crowd, visit.words)
    except KineticsError as problem:
        return _page(visit, given, {"dose": str(problem)}, None)
    return _page(visit, given, {}, found, pictures)


def _answer(crowd: Crowd, w: Wording) -> tuple[Simulated, list[tuple[Markup, str]]]:
    found = simulated(crowd, curves=True)
    # The drawing library escapes every text in its SVG; nothing typed by anybody gets there.
    drawings = [
        (Markup(drawn(chart)), chart.text) for chart in charts(found.outcomes, found.knowledge.model, Reader(w))
    ]
    return found, drawings


def crowd_from(given: Mapping[str, str], speech: Speech) -> tuple[Crowd | None, dict[str, str]]:
    """What is asked for, or what is to be corrected."""
    wrong: dict[str, str] = {}

    def within(name: str, low: float, high: float, *, whole: bool = False) -> float:
        try:
            digits = speech.read_number(given[name])
            if not digits or not low <= float(digits) <= high or (whole and "." in digits):
                raise NotUnderstoodError(speech("a number from {low} to {high}", low=f"{low:g}", high=f"{high:g}"))
            return float(digits)
        except NotUnderstoodError as problem:
            wrong[name] = str(problem)
            return low

    per_kg = given["per_kg"] == "yes"
    found = Crowd(
        within("dose", 0.05, 4) if per_kg else within("dose", 1, 200),
        int(within("times_a_day", 1, 4, whole=True)),
        int(within("weeks", 1, MOST_WEEKS, whole=True)),
        per_kg,
        given["formulation"] or FORMULATIONS[0],
        given["food"] or FOODS[0],
        within("weight", 30, 200),
        int(within("patients", 1, MOST_PATIENTS, whole=True)),
        int(within("seed", 0, 2**31, whole=True)),
        given["sex"] or SEXES[0],
    )
    if found.formulation not in FORMULATIONS or found.food not in FOODS or found.sex not in SEXES:
        raise RefusalError(
            speech("The form holds a choice that is not offered; load the page again. Nothing was done.")
        )
    return (None if wrong else found), wrong


def _page(
    visit: Visit,
    given: Mapping[str, str],
    wrong: Mapping[str, str],
    found: Simulated | None,
    pictures: list[tuple[Markup, str]] | None = None,
) -> Response[str]:
    outcome = found.outcomes[0] if found else None
    return visit.page(
        "simulate.html",
        status=422 if wrong else 200,
        given=given,
        wrong=wrong,
        formulations=FORMULATIONS,
        foods=FOODS,
        sexes=SEXES,
        regimen=in_words(outcome.regimen, visit.words) if outcome else "",
        definition=lambda said: definition_words(said, visit.words),
        rows=list(quantities(outcome)) if outcome else [],
        washout=outcome.washout if outcome else (),
        relapse=outcome.relapse if outcome else (),
        unanswered=found.knowledge.unanswered if found else (),
        pictures=pictures or [],
        number=lambda value: _written(number(value), visit.speech),
    )


def _written(figure: str, speech: Speech) -> str:
    """A number of the table with the decimal mark of the language."""
    return figure if speech.language == "en" else speech.number(figure.replace(",", "\u00a0"))


HANDLERS = (empty, run)
