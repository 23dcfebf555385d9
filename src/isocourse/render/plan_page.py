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
from isocourse.decisions.tables import Status
from isocourse.decisions.wording import Wording
from isocourse.library import Assessment, Work
from isocourse.render.calendar_text import duty_by, folded, happening_words
from isocourse.render.commands import without_commands
from isocourse.render.drawing import Chart, drawn
from isocourse.render.frames import DRAFT
from isocourse.render.html import environment
from isocourse.render.lab_charts import Trend, lab_chart, lines_words, trends, value_words, without_a_value
from isocourse.render.paper_frames import PAPER
from isocourse.render.plan_charts import plan_charts
from isocourse.render.plan_frames import FIXED
from isocourse.render.plan_report import cited
from isocourse.render.plan_words import (
    EMPTIED,
    NOT_LAID_OUT,
    asked_words,
    bound_words,
    broken_bounds,
    choice_name,
    choice_words,
    condition_lines,
    converted_words,
    days_words,
    either,
    entry_notes,
    forecast_words,
    governing_words,
    inside_words,
    live,
    mean_words,
    own_words,
    pause_words,
    progress_words,
    span_words,
    state_of,
    supply_words,
    who,
    window_words,
)
from isocourse.render.terminal import EMPTY, TITLES, verdict
from isocourse.render.terminal import FIXED as TODAY
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


def plan_page(plan: Plan, expected: Sequence[Chart] = ()) -> str:
    """The page.

    Args:
        plan: the plan.
        expected: what the model expects of it, as drawn by `app.expected`; nothing where it was not asked.
    """
    context = _context(plan) | {"expected": [_figure(chart) for chart in expected]}
    return environment().get_template("report.html.j2").render(**context)


def _context(plan: Plan) -> dict[str, Any]:
    """Everything that the page shows, as plain text, lists and drawings."""
    seen = plan.assessment
    w, day = seen.words, seen.words.day(seen.asked.as_of)
    fills = {
        "title": {"day": day},
        "as_of": {"day": day},
        "on": {"day": day},
        "knowledge": {"digest": seen.library.digest},
    }
    own = course_parts(plan)
    fills |= {"hang": {"what": "; ".join(own["happenings"])}, "no_labs": {"what": ", ".join(without_a_value(seen))}}
    return own | {
        "language": w.language,
        "draft": w(DRAFT) if w.draft else "",
        "said": {name: w(text, **fills.get(name, {})) for name, text in PAPER.items()},
        "today": _today(seen),
        "verdict": without_commands(verdict(seen)),
        "labs": [_lab(trend, w) for trend in trends(seen)],
        "no_labs": bool(without_a_value(seen)),
        "left_out": [problem.line(seen.words) for problem in seen.record.problems if problem.left_out],
        "matrix": _matrix(seen),
        "legend": [(GLYPHS[status], w(STATUS[status])) for status in GLYPHS],
        "works": _works(plan),
    }


def course_parts(plan: Plan) -> dict[str, Any]:
    """The course alone: dose, supplies, totals, forecast, calendar and their drawings."""
    seen, w = plan.assessment, plan.assessment.words
    red = bool(plan.withheld)
    return {
        "person": person(seen),
        "as_of": w.day(seen.asked.as_of),
        "head": w(held_up(plan)),
        "red": red,
        "emptied": w(EMPTIED),
        "conditions": condition_lines(plan),
        "governing": governing_words(plan),
        "choices": [(choice_name(choice, w), without_commands(choice_words(choice, w))) for choice in plan.choices],
        "drawn": _drawn_words(plan),
        "steps": [] if red else [_step(plan, step) for step in plan.steps],
        "breaks": [] if red else [pause_words(each.first, each.last, each.why, w) for each in plan.breaks],
        "supplies": [] if red else [_supply(plan, number) for number in range(len(plan.supplies))],
        "totals": [] if red else _totals(plan),
        "progress": [] if red else _progress(plan),
        "converted": [] if red else _converted(plan),
        "forecasts": [] if red else _forecasts(plan),
        "charts": {chart.name: _figure(chart) for chart in plan_charts(plan)},
        "happenings": [happening_words(happening, w) for happening in plan.happenings],
        "governed": bool(plan.governs),
        "duties": [_duty(plan, entry) for entry in _shown(plan) if entry.governs or not plan.governs],
        "other_duties": folded([entry for entry in _shown(plan) if not entry.governs], w) if plan.governs else [],
        "notes": [without_commands(w(note)) for note in plan.notes],
    }


# today -----------------------------------------------------------------------------------------------------------------------------
def _today(seen: Assessment) -> list[tuple[str, list[tuple[str, list[str]]], str]]:
    """The lists of Today, from the same lines as the terminal's: title, entries with what stands under them, and what is said of none."""
    w = seen.words
    second = [line for tactic in seen.today.second_look for line in second_look_lines(seen, tactic, full=False)]
    if seen.today.withheld:
        second = [seen.words(TODAY["look.withheld"])]
    lists = [
        [line for finding in seen.today.stop_now for line in red_lines(seen, finding)],
        not_today_lines(seen),
        missing_lines(seen, full=False),
        partings_lines(seen, full=False),
        second,
        rest_lines(seen),
    ]
    return [
        (w(title), nested(without_commands(line) for line in lines), w(EMPTY.get(title, TODAY["empty.other"])))
        for title, lines in zip(TITLES, lists, strict=True)
    ]


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
    w = plan.assessment.words
    span = span_words(plan.start, plan.end, w)
    return span if plan.end_sure else w(FIXED["plan.span_open"], span=span)


def _step(plan: Plan, step: DoseStep) -> dict[str, Any]:
    w = plan.assessment.words
    return {
        "name": w(step.name),
        "days": days_words(step, w),
        "asked": asked_words(step, w),
        "capsules": w(capsule_pattern(step.pattern) if step.pattern else NOT_LAID_OUT),
        "mean": mean_words(step, w),
        "broken": [bound_words(plan, bound) for bound in broken_bounds(step)],
        "inside": inside_words(step, w),
        "notes": [without_commands(w(note)) for note in step.notes],
    }


def _supply(plan: Plan, place: int) -> tuple[str, str, str, str]:
    supply, w = plan.supplies[place], plan.assessment.words
    return str(supply.number), w.day(supply.day), span_words(supply.first, supply.last, w), supply_words(supply, w)


def _totals(plan: Plan) -> list[tuple[str, ...]]:
    w = plan.assessment.words
    return [
        (
            w.day(total.day),
            w(total.basis),
            w(total.formulation or FIXED["plan.not_known"]),
            w(FIXED["plan.mg"], mg=w(shown(total.mg))),
            either(total.by_latest, "mg/kg", w),
            either(total.by_period, "mg/kg", w),
        )
        for total in plan.totals
    ]


def _converted(plan: Plan) -> list[tuple[str, str]]:
    newest = plan.weights[-1].kg if plan.weights else None
    library, w = plan.assessment.library, plan.assessment.words
    return [converted_words(library, each, newest, w) for each in plan.converted]


def _progress(plan: Plan) -> list[tuple[str, str]]:
    ordered = sorted(plan.progress, key=lambda each: (not each.governs, each.says not in ("range", "no_target")))
    w = plan.assessment.words
    return _gathered(
        (progress_words(each, w), own_words(who(plan, each.edition, each.position), w, governs=each.governs))
        for each in ordered
    )


def _forecasts(plan: Plan) -> list[tuple[str, str]]:
    library, w = plan.assessment.library, plan.assessment.words
    ordered = sorted(
        plan.forecasts, key=lambda each: (not each.governs, each.kind in {status.value for status in Status})
    )
    return _gathered(
        (forecast_words(library, each, w), own_words(who(plan, each.edition, each.position), w, governs=each.governs))
        for each in ordered
    )


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
    state, w = state_of(entry, plan.assessment.asked.as_of), plan.assessment.words
    return window_words(entry, w), f"{STATE_GLYPHS[state]} {w(state)}", duty_by(plan, entry), entry_notes(entry, w)


# laboratory ------------------------------------------------------------------------------------------------------------------------
def _lab(trend: Trend, w: Wording) -> dict[str, Any]:
    chart = lab_chart(trend, w)
    return {
        "title": w(trend.stream.say),
        "figure": _figure(chart) if chart else None,
        "values": [value_words(trend, value, w) for value in trend.values],
        "lines": lines_words(trend, w),
        "notes": [w(note) for note in trend.notes],
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
            w = seen.words
            found.append({"title": w(point.title), "question": w(point.question), "rows": _rows(seen, answers)})
    return found


def _rows(seen: Assessment, answers: Sequence[Answer]) -> list[tuple[str, str, str]]:
    w = seen.words
    held: dict[str, list[Answer]] = {}
    for answer in sorted(answers, key=lambda answer: (not answer.speaks, answer.edition not in seen.governs)):
        held.setdefault(answer_words(seen, answer), []).append(answer)
    return [
        (
            f"{GLYPHS[group[0].status]}{' ▲' if w(KEPT[Kept.BROKEN]) in told else ''}",
            told,
            ", ".join(
                dict.fromkeys(own_words(label(each, w), w, governs=each.edition in seen.governs) for each in group)
            ),
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
        _work(library.work(name), list(where), seen.words)
        for name, where in sorted(places.items(), key=lambda each: not each[1])
    ]


def _work(work: Work, where: Sequence[str], w: Wording) -> dict[str, str]:
    return {
        "title": work.title,
        "publisher": work.publisher,
        "dated": work.dated or w(PAPER["no_date"]),
        "read": work.read,
        "found_at": work.found_at,
        "where": "; ".join(where),
    }
