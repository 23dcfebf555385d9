"""A plan as one self-contained page of HTML that prints on A4: no script, nothing fetched, readable without colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from isocourse.course.amounts import shown
from isocourse.course.calendar import Entry
from isocourse.course.capsules import words as capsule_pattern
from isocourse.course.heading import held_up
from isocourse.course.plan import DoseStep, Plan
from isocourse.decisions.answers import Answer
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import Status, words
from isocourse.facts.days import show
from isocourse.library import Assessment, Work
from isocourse.render.calendar_text import folded, happening_words
from isocourse.render.drawing import Chart, drawn
from isocourse.render.html import environment
from isocourse.render.lab_charts import Trend, lab_chart, lines_words, trends, value_words, without_a_value
from isocourse.render.plan_charts import plan_charts
from isocourse.render.plan_report import cited
from isocourse.render.plan_words import (
    EMPTIED,
    NOT_LAID_OUT,
    asked_words,
    bound_words,
    broken_bounds,
    choice_words,
    condition_lines,
    converted_words,
    duty_what,
    either,
    entry_notes,
    forecast_words,
    governing_words,
    live,
    mean_words,
    progress_words,
    span_words,
    state_words,
    supply_words,
    who,
    window_words,
)
from isocourse.render.terminal import EMPTY, TITLES, verdict
from isocourse.render.today import (
    missing_lines,
    not_today_lines,
    partings_lines,
    person,
    red_lines,
    rest_lines,
    second_look_lines,
)
from isocourse.render.words import KEPT, STATUS, answer_words, label

GLYPHS = {
    Status.ANSWERED: "■",
    Status.CANNOT_TELL: "◐",
    Status.SILENT_HERE: "◇",
    Status.SILENT: "○",
    Status.NOT_READ: "□",
    Status.NOT_APPLICABLE: "–",
    Status.OUTSIDE: "×",
}
"""A sign beside the words of each status; never a sign without its words."""
STATE_GLYPHS = {
    "too early": "○",
    "not yet": "○",
    "open": "●",
    "now": "●",
    "closed": "×",
    "over": "×",
    "no day yet": "?",
}


def plan_page(plan: Plan) -> str:
    """The page."""
    return environment().get_template("report.html.j2").render(**_context(plan))


def _context(plan: Plan) -> dict[str, Any]:
    """Everything that the page shows, as plain text, lists and drawings."""
    seen = plan.assessment
    return course_parts(plan) | {
        "today": _today(seen),
        "verdict": verdict(seen),
        "labs": [_lab(trend) for trend in trends(seen)],
        "no_labs": without_a_value(seen),
        "left_out": [problem.line() for problem in seen.record.problems if problem.left_out],
        "matrix": _matrix(seen),
        "legend": [(GLYPHS[status], STATUS[status]) for status in GLYPHS],
        "works": _works(plan),
        "digest": seen.library.digest,
    }


def course_parts(plan: Plan) -> dict[str, Any]:
    """The course alone: dose, supplies, totals, forecast, calendar and their drawings."""
    seen = plan.assessment
    red = bool(plan.withheld)
    return {
        "person": person(seen),
        "as_of": show(seen.asked.as_of),
        "head": held_up(plan),
        "red": red,
        "emptied": EMPTIED,
        "conditions": condition_lines(plan),
        "governing": governing_words(plan),
        "choices": [(choice.name.replace("_", " "), choice_words(choice)) for choice in plan.choices],
        "drawn": _drawn_words(plan),
        "steps": [] if red else [_step(plan, step) for step in plan.steps],
        "breaks": []
        if red
        else [f"{span_words(each.first, each.last)}{f': {each.why}' if each.why else ''}" for each in plan.breaks],
        "supplies": [] if red else [_supply(plan, number) for number in range(len(plan.supplies))],
        "totals": [] if red else _totals(plan),
        "progress": [] if red else _progress(plan),
        "converted": [] if red else _converted(plan),
        "forecasts": [] if red else _forecasts(plan),
        "charts": {chart.name: _figure(chart) for chart in plan_charts(plan)},
        "happenings": [happening_words(happening) for happening in plan.happenings],
        "governed": bool(plan.governs),
        "duties": [_duty(plan, entry) for entry in _shown(plan) if entry.governs or not plan.governs],
        "other_duties": folded([entry for entry in _shown(plan) if not entry.governs]) if plan.governs else [],
        "notes": plan.notes,
    }


# today -----------------------------------------------------------------------------------------------------------------------------
def _today(seen: Assessment) -> list[tuple[str, list[tuple[str, list[str]]], str]]:
    """The lists of Today, from the same lines as the terminal's: title, entries with what stands under them, and what is said of none."""
    second = [line for tactic in seen.today.second_look for line in second_look_lines(seen, tactic, full=False)]
    if seen.today.withheld:
        second = ["Not shown while something stands under STOP NOW."]
    lists = [
        [line for finding in seen.today.stop_now for line in red_lines(seen, finding)],
        not_today_lines(seen),
        missing_lines(seen, full=False),
        partings_lines(seen, full=False),
        second,
        rest_lines(seen),
    ]
    return [
        (title, nested(_on_paper(line) for line in lines), EMPTY.get(title, "Nothing."))
        for title, lines in zip(TITLES, lists, strict=True)
    ]


OF_THE_TERMINAL = (
    "; --full lists them, `isocourse ask` says which settle most",
    ", written out with --full",
    "; --full writes them out",
    " --matrix writes out every question under every protocol.",
)
"""What a line tells a user of the command line, and a reader of paper cannot follow; the matrix further down writes everything out."""


def _on_paper(line: str) -> str:
    for words_ in OF_THE_TERMINAL:
        line = line.replace(words_, "")
    return line


def nested(lines: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Lines as entries with what is indented below them.

    >>> nested(["- a", "    why: b", "- c"])
    [('a', ['why: b']), ('c', [])]
    """
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith(" ") and found:
            found[-1][1].append(line.strip())
        else:
            found.append((line.strip().removeprefix("- "), []))
    return found


# the plan --------------------------------------------------------------------------------------------------------------------------
def _drawn_words(plan: Plan) -> str:
    if plan.withheld or plan.start is None or plan.end is None:
        return ""
    end = "" if plan.end_sure else ": drawn to there, the course need not end then"
    return f"{span_words(plan.start, plan.end)}{end}"


def _step(plan: Plan, step: DoseStep) -> dict[str, Any]:
    inside = sum(bound.fits == "within" for bound in step.bounds)
    return {
        "name": step.name,
        "days": f"{show(step.first)} until the course ends" if step.open else span_words(step.first, step.last),
        "asked": asked_words(step),
        "capsules": capsule_pattern(step.pattern) if step.pattern else NOT_LAID_OUT,
        "mean": mean_words(step),
        "broken": [bound_words(plan, bound) for bound in broken_bounds(step)],
        "inside": f"inside {inside} of {len(step.bounds)} ranges"
        if step.bounds
        else "no range of any protocol to compare with",
        "notes": list(step.notes),
    }


def _supply(plan: Plan, place: int) -> tuple[str, str, str, str]:
    supply = plan.supplies[place]
    return str(supply.number), show(supply.day), span_words(supply.first, supply.last), supply_words(supply)


def _totals(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (
            show(total.day),
            total.basis,
            total.formulation or "not known",
            f"{shown(total.mg)} mg",
            either(total.by_latest, "mg/kg"),
            either(total.by_period, "mg/kg"),
        )
        for total in plan.totals
    ]


def _converted(plan: Plan) -> list[str]:
    newest = plan.weights[-1].kg if plan.weights else None
    return [converted_words(plan.assessment.library, each, newest) for each in plan.converted]


def _progress(plan: Plan) -> list[tuple[str, str]]:
    ordered = sorted(plan.progress, key=lambda each: (not each.governs, each.says not in ("range", "no_target")))
    return _gathered(
        (progress_words(each), _own(who(plan, each.edition, each.position), each.governs)) for each in ordered
    )


def _forecasts(plan: Plan) -> list[tuple[str, str]]:
    library = plan.assessment.library
    ordered = sorted(
        plan.forecasts, key=lambda each: (not each.governs, each.kind in {status.value for status in Status})
    )
    return _gathered(
        (forecast_words(library, each), _own(who(plan, each.edition, each.position), each.governs)) for each in ordered
    )


def _own(name: str, governs: bool) -> str:
    return f"{name} (governing)" if governs else name


def _gathered(said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is said, and everybody who says it."""
    held: dict[str, dict[str, None]] = {}
    for told, name in said:
        held.setdefault(told, {})[name] = None
    return [(told, ", ".join(names)) for told, names in held.items()]


# calendar --------------------------------------------------------------------------------------------------------------------------
def _shown(plan: Plan) -> list[Entry]:
    """The duties; with a red line none, as their days hang on supplies that there are not."""
    return [] if plan.withheld else live(plan.calendar)


def _duty(plan: Plan, entry: Entry) -> tuple[str, str, str, str]:
    state = state_words(entry, plan.assessment.asked.as_of)
    what = f"{duty_what(entry)}, {who(plan, entry.edition.key, entry.position)}"
    return window_words(entry), f"{STATE_GLYPHS[state]} {state}", what, entry_notes(entry)


# laboratory ------------------------------------------------------------------------------------------------------------------------
def _lab(trend: Trend) -> dict[str, Any]:
    chart = lab_chart(trend)
    return {
        "title": trend.title,
        "figure": _figure(chart) if chart else None,
        "values": [value_words(trend, value) for value in trend.values],
        "lines": lines_words(trend),
        "notes": list(trend.notes),
    }


class _Drawing(Struct, frozen=True):
    """A drawing as it may stand in a page: vl-convert and `drawn` have escaped every text in it."""

    svg: str

    def __html__(self) -> str:
        return self.svg


class _Figure(Struct, frozen=True):
    """A drawing and the same in words."""

    svg: _Drawing
    text: str


def _figure(chart: Chart) -> _Figure:
    return _Figure(_Drawing(drawn(chart)), chart.text)


# matrix ----------------------------------------------------------------------------------------------------------------------------
def _matrix(seen: Assessment) -> list[dict[str, Any]]:
    """Every question with what is said and by whom: those who govern first, those who say the same together, silence last."""
    found = []
    for point in seen.library.points:
        answers = [answer for answer in seen.answers if answer.point is point]
        if answers:
            found.append({"title": words(point.title), "question": words(point.question), "rows": _rows(seen, answers)})
    return found


def _rows(seen: Assessment, answers: Sequence[Answer]) -> list[tuple[str, str, str]]:
    held: dict[str, list[Answer]] = {}
    for answer in sorted(answers, key=lambda answer: (not answer.speaks, answer.edition not in seen.governs)):
        held.setdefault(answer_words(seen, answer), []).append(answer)
    return [
        (
            f"{GLYPHS[group[0].status]}{' ▲' if KEPT[Kept.BROKEN] in told else ''}",
            told,
            ", ".join(dict.fromkeys(_own(label(each), each.edition in seen.governs) for each in group)),
        )
        for told, group in held.items()
    ]


# sources ---------------------------------------------------------------------------------------------------------------------------
def _works(plan: Plan) -> list[dict[str, str]]:
    """Every source behind the page, with its date, how it was read, and where in it the plan's own claims stand."""
    library, seen = plan.assessment.library, plan.assessment
    own = cited(plan)
    claims = [*own, *(claim for answer in seen.answers for claim in answer.claims)]
    claims += [claim for finding in seen.today.stop_now if finding.line for claim in finding.line.claims]
    claims += [claim for tactic in seen.today.second_look for claim in tactic.claims]
    places: dict[str, dict[str, None]] = {}
    for name in dict.fromkeys(claims):
        claim = library.claim(name)
        held = places.setdefault(claim.work, {})
        if name in own:
            held[f"{claim.where} ({claim.read})"] = None
    return [
        _work(library.work(name), list(where)) for name, where in sorted(places.items(), key=lambda each: not each[1])
    ]


def _work(work: Work, where: Sequence[str]) -> dict[str, str]:
    return {
        "title": work.title,
        "publisher": work.publisher,
        "dated": work.dated or "no date",
        "read": work.read,
        "found_at": work.found_at,
        "where": "; ".join(where),
    }
