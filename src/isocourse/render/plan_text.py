"""A plan as plain text for a terminal of any width, without relying on colour."""

from __future__ import annotations

from isocourse.course.amounts import shown
from isocourse.course.capsules import words as capsule_pattern
from isocourse.course.heading import open_words
from isocourse.course.plan import DoseStep, Plan
from isocourse.course.totals import Running
from isocourse.decisions.wording import Wording
from isocourse.render.calendar_text import put_calendar
from isocourse.render.frames import DRAFT
from isocourse.render.grid import grid
from isocourse.render.page import Page
from isocourse.render.plan_frames import FIXED
from isocourse.render.plan_words import (
    EMPTIED,
    NOT_LAID_OUT,
    TELLS_NOTHING,
    asked_words,
    bound_words,
    broken_bounds,
    choice_name,
    choice_words,
    condition_lines,
    converted_words,
    days_words,
    either,
    forecast_words,
    governing_words,
    inside_words,
    mean_words,
    own_words,
    pause_words,
    progress_words,
    span_words,
    supply_words,
    who,
)
from isocourse.render.today import person, red_lines
from isocourse.render.words import answer_words, claim_line


def plan_page(plan: Plan, width: int, *, full: bool = False) -> str:
    """The plan: what holds it up first, then dose, supplies, totals, forecasts and calendar.

    Args:
        plan: the plan.
        width: columns of the terminal.
        full: whether what is folded is written out.
    """
    out, w = Page(width), plan.assessment.words
    if plan.withheld:
        return _withheld(out, plan)
    if head := open_words(plan):
        out.put(f"! {w(head)}")
    _who(out, plan)
    _open(out, plan)
    _choices(out, plan, full)
    _doses(out, plan, full)
    _supplies(out, plan)
    _totals(out, plan, full)
    _converted(out, plan)
    _further(out, plan)
    _forecasts(out, plan, full)
    put_calendar(out, plan, full=full)
    if plan.notes:
        out.head(w(FIXED["plan.head_mind"]))
        for note in plan.notes:
            out.put(f"- {w(note)}", 2)
    if head:
        out.put("")
        out.put(f"! {w(head)}")
    return out.text()


def _withheld(out: Page, plan: Plan) -> str:
    """The red lines and nothing else: no dose, no supply, no date."""
    told = [line for finding in plan.withheld for line in red_lines(plan.assessment, finding)]
    for line in told:
        out.put(line.lstrip(), len(line) - len(line.lstrip()))
    w = plan.assessment.words
    out.put("")
    out.put(w(EMPTIED))
    out.put(w(FIXED["plan.see"]))
    return out.text()


def _who(out: Page, plan: Plan) -> None:
    w = plan.assessment.words
    out.put(w(FIXED["plan.for"], who=person(plan.assessment), day=w.day(plan.assessment.asked.as_of)))
    if w.draft:
        out.put(w(DRAFT))
    out.put(governing_words(plan))
    if plan.start is not None and plan.end is not None:
        frame = FIXED["plan.drawn" if plan.end_sure else "plan.drawn_open"]
        out.put(w(frame, span=span_words(plan.start, plan.end, w)))


def _open(out: Page, plan: Plan) -> None:
    """Every open condition, with whoever asks for it: the head of the page has room for some of them only."""
    if told := condition_lines(plan):
        out.head(plan.assessment.words(FIXED["plan.head_conditions"]))
        for line in told:
            out.put(f"- {line}", 2)


def _choices(out: Page, plan: Plan, full: bool) -> None:
    w = plan.assessment.words
    out.head(w(FIXED["plan.head_choices"]))
    for choice in plan.choices:
        out.put(f"{choice_name(choice, w)}: {choice_words(choice, w)}", 2)
        for claim in choice.claims if full else ():
            out.put(claim_line(plan.assessment.library, claim), 6)


def _named_dose(plan: Plan) -> bool:
    return any(choice.name == "dose" and choice.value != "not known" for choice in plan.choices)


# dose --------------------------------------------------------------------------------------------------------------------------
def _doses(out: Page, plan: Plan, full: bool) -> None:
    w = plan.assessment.words
    out.head(w(FIXED["plan.head_dose"]))
    if not plan.steps:
        out.put(w(FIXED["plan.no_steps" if _named_dose(plan) else "plan.no_dose"]), 2)
        return
    heads = [w(FIXED[f"plan.{name}"]) for name in ("step", "days", "asked", "capsules", "mean")]
    rows = [_dose_row(step, w) for step in plan.steps]
    out.lines += [f"  {line}".rstrip() for line in grid(heads, rows, out.width - 2)]
    for step in plan.steps:
        _ranges(out, plan, step, full)
    for pause in plan.breaks:
        out.put(w(FIXED["plan.pause"], span=pause_words(pause.first, pause.last, pause.why, w)), 2)


def _dose_row(step: DoseStep, w: Wording) -> tuple[str, ...]:
    capsules = w(capsule_pattern(step.pattern) if step.pattern else NOT_LAID_OUT)
    return w(step.name), days_words(step, w), asked_words(step, w), capsules, mean_words(step, w)


def _ranges(out: Page, plan: Plan, step: DoseStep, full: bool) -> None:
    broken, w = broken_bounds(step), plan.assessment.words
    for bound in step.bounds if full else broken:
        out.put(f"{w(step.name)}: {bound_words(plan, bound)}", 2)
    uncompared = sum(bound.fits == "other_formulation" for bound in step.bounds)
    told = [inside_words(step, w), *([w(FIXED["plan.uncompared"], n=uncompared)] if uncompared else [])]
    out.put(f"{w(step.name)}: {'; '.join(told)}", 2)
    for note in step.notes:
        out.put(f"{w(step.name)}: {w(note)}", 2)


def _supplies(out: Page, plan: Plan) -> None:
    w = plan.assessment.words
    out.head(w(FIXED["plan.head_supplies"]))
    if not plan.supplies:
        out.put(w(FIXED["plan.no_supplies"]), 2)
        return
    rows = [
        (str(each.number), w.day(each.day), span_words(each.first, each.last, w), supply_words(each, w))
        for each in plan.supplies
    ]
    heads = [w(FIXED[f"plan.{name}"]) for name in ("supply", "day", "covers", "capsules")]
    out.lines += [f"  {line}".rstrip() for line in grid(heads, rows, out.width - 2)]


# totals ------------------------------------------------------------------------------------------------------------------------
TOTALS_SHOWN = 8


def _totals(out: Page, plan: Plan, full: bool) -> None:
    w = plan.assessment.words
    out.head(w(FIXED["plan.head_total"]))
    if not plan.totals:
        out.put(w(FIXED["plan.no_totals"]), 2)
    shown_ = plan.totals if full else plan.totals[-TOTALS_SHOWN:]
    named = ("up_to", "known_from", "capsules", "mg_head", "latest", "period")
    heads = [w(FIXED[f"plan.{name}"]) for name in named]
    if shown_:
        rows = [_total(each, w) for each in shown_]
        out.lines += [f"  {line}".rstrip() for line in grid(heads, rows, out.width - 2)]
    if len(shown_) < len(plan.totals):
        out.put(w(FIXED["plan.earlier"], n=len(plan.totals) - len(shown_)), 2)
    out.put("")
    out.put(w(FIXED["plan.against"]), 2)
    gathered: dict[str, list[str]] = {}
    for progress in sorted(plan.progress, key=lambda each: (not each.governs, each.says not in ("range", "no_target"))):
        name = own_words(who(plan, progress.edition, progress.position), w, governs=progress.governs)
        gathered.setdefault(progress_words(progress, w), []).append(name)
    for said, names in gathered.items():
        out.put(f"{said}: {', '.join(dict.fromkeys(names))}", 4)


FURTHER = ("retreatment", "retreatment_dose")
"""The questions of a further course."""


def _further(out: Page, plan: Plan) -> None:
    """Whether a further course may begin, and how much against the first, where a course is over and a source speaks."""
    seen, w = plan.assessment, plan.assessment.words
    said = [answer for answer in seen.answers if answer.point.name in FURTHER and answer.speaks]
    if not said:
        return
    out.head(w(FIXED["plan.head_further"]))
    gathered: dict[str, list[str]] = {}
    for answer in sorted(said, key=lambda each: (FURTHER.index(each.point.name), each.edition.key not in plan.governs)):
        governs = answer.edition.key in plan.governs
        told = f"{w(answer.point.title)}: {answer_words(seen, answer)}"
        gathered.setdefault(told, []).append(
            own_words(who(plan, answer.edition.key, answer.position), w, governs=governs)
        )
    for told, names in gathered.items():
        out.put(f"{told}: {', '.join(dict.fromkeys(names))}", 2)


def _converted(out: Page, plan: Plan) -> None:
    if plan.converted:
        w = plan.assessment.words
        out.head(w(FIXED["plan.head_converted"]))
        newest = plan.weights[-1].kg if plan.weights else None
        for each in plan.converted:
            amount, claim = converted_words(plan.assessment.library, each, newest, w)
            out.put(f"- {amount}: {claim}", 2)


def _total(total: Running, w: Wording) -> tuple[str, ...]:
    return (
        w.day(total.day),
        w(total.basis),
        w(total.formulation or FIXED["plan.not_known"]),
        w(shown(total.mg)),
        either(total.by_latest, "mg/kg", w),
        either(total.by_period, "mg/kg", w),
    )


def _forecasts(out: Page, plan: Plan, full: bool) -> None:
    library, w = plan.assessment.library, plan.assessment.words
    out.head(w(FIXED["plan.head_forecast"]))
    if not plan.forecasts:
        out.put(w(FIXED["plan.no_rule"]), 2)
    gathered: dict[str, list[str]] = {}
    tells = [each for each in plan.forecasts if each.kind not in TELLS_NOTHING]
    rest = [each for each in plan.forecasts if each.kind in TELLS_NOTHING]
    for forecast in (*sorted(tells, key=lambda each: not each.governs), *rest):
        name = own_words(who(plan, forecast.edition, forecast.position), w, governs=forecast.governs)
        gathered.setdefault(forecast_words(library, forecast, w), []).append(name)
    for said, names in gathered.items():
        out.put(f"{said}: {', '.join(dict.fromkeys(names))}", 2)
