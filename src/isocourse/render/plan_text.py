"""A plan as plain text for a terminal of any width, without relying on colour."""

from __future__ import annotations

from isocourse.course.amounts import shown
from isocourse.course.capsules import words as capsule_pattern
from isocourse.course.heading import open_words
from isocourse.course.plan import DoseStep, Plan
from isocourse.course.totals import Running
from isocourse.decisions.tables import words
from isocourse.facts.days import show
from isocourse.render.calendar_text import put_calendar
from isocourse.render.grid import grid
from isocourse.render.page import Page
from isocourse.render.plan_words import (
    EMPTIED,
    NOT_LAID_OUT,
    TELLS_NOTHING,
    asked_words,
    bound_words,
    broken_bounds,
    choice_words,
    condition_lines,
    converted_words,
    either,
    forecast_words,
    governing_words,
    mean_words,
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
    out = Page(width)
    if plan.withheld:
        return _withheld(out, plan)
    if head := open_words(plan):
        out.put(f"! {head}")
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
        out.head("MIND")
        for note in plan.notes:
            out.put(f"- {note}", 2)
    if head:
        out.put("")
        out.put(f"! {head}")
    return out.text()


def _withheld(out: Page, plan: Plan) -> str:
    """The red lines and nothing else: no dose, no supply, no date."""
    told = [line for finding in plan.withheld for line in red_lines(plan.assessment, finding)]
    for line in told:
        out.put(line.lstrip(), len(line) - len(line.lstrip()))
    out.put("")
    out.put(EMPTIED)
    out.put("`isocourse assess` shows what each protocol says; `isocourse explain` shows why.")
    return out.text()


def _who(out: Page, plan: Plan) -> None:
    said = person(plan.assessment)
    out.put(f"Plan for a {said}, as of {show(plan.assessment.asked.as_of)}")
    out.put(governing_words(plan))
    if plan.start is not None and plan.end is not None:
        end = "" if plan.end_sure else ": drawn to there, the course need not end then"
        out.put(f"Drawn from {span_words(plan.start, plan.end)}{end}")


def _open(out: Page, plan: Plan) -> None:
    """Every open condition, with whoever asks for it: the head of the page has room for some of them only."""
    if told := condition_lines(plan):
        out.head("NOT UNTIL")
        for line in told:
            out.put(f"- {line}", 2)


def _choices(out: Page, plan: Plan, full: bool) -> None:
    out.head("WHAT THE PLAN RESTS ON")
    for choice in plan.choices:
        out.put(f"{choice.name.replace('_', ' ')}: {choice_words(choice)}", 2)
        for claim in choice.claims if full else ():
            out.put(claim_line(plan.assessment.library, claim), 6)


NO_STEPS = "None ahead: the course ends before another day with a dose; see what the end rests on."


def _named_dose(plan: Plan) -> bool:
    return any(choice.name == "dose" and choice.value != "not known" for choice in plan.choices)


# dose --------------------------------------------------------------------------------------------------------------------------
def _doses(out: Page, plan: Plan, full: bool) -> None:
    out.head("DOSE")
    if not plan.steps:
        out.put(NO_STEPS if _named_dose(plan) else "No dose was asked for, and none was chosen.", 2)
        return
    heads = ("step", "days", "asked", "capsules", "mean of the capsules")
    rows = [_dose_row(step) for step in plan.steps]
    out.lines += [f"  {line}".rstrip() for line in grid(heads, rows, out.width - 2)]
    for step in plan.steps:
        _ranges(out, plan, step, full)
    for pause in plan.breaks:
        why = f": {pause.why}" if pause.why else ""
        out.put(f"No capsules: {span_words(pause.first, pause.last)}{why}", 2)


def _dose_row(step: DoseStep) -> tuple[str, ...]:
    days = f"{show(step.first)} until the course ends" if step.open else span_words(step.first, step.last)
    capsules = capsule_pattern(step.pattern) if step.pattern else NOT_LAID_OUT
    return step.name, days, asked_words(step), capsules, mean_words(step)


def _ranges(out: Page, plan: Plan, step: DoseStep, full: bool) -> None:
    broken = broken_bounds(step)
    for bound in step.bounds if full else broken:
        out.put(f"{step.name}: {bound_words(plan, bound)}", 2)
    inside = sum(bound.fits == "within" for bound in step.bounds)
    uncompared = sum(bound.fits == "other_formulation" for bound in step.bounds)
    told = (
        [f"inside {inside} of {len(step.bounds)} ranges"]
        if step.bounds
        else ["no range of any protocol to compare with"]
    )
    told += [f"{uncompared} count the milligrams of another formulation"] if uncompared else []
    out.put(f"{step.name}: {'; '.join(told)}", 2)
    for note in step.notes:
        out.put(f"{step.name}: {note}", 2)


def _supplies(out: Page, plan: Plan) -> None:
    out.head("SUPPLIES")
    if not plan.supplies:
        out.put("None planned.", 2)
        return
    rows = [
        (str(each.number), show(each.day), span_words(each.first, each.last), supply_words(each))
        for each in plan.supplies
    ]
    out.lines += [f"  {line}".rstrip() for line in grid(("supply", "day", "covers", "capsules"), rows, out.width - 2)]


# totals ------------------------------------------------------------------------------------------------------------------------
TOTALS_SHOWN = 8


def _totals(out: Page, plan: Plan, full: bool) -> None:
    out.head("RUNNING TOTAL")
    if not plan.totals:
        out.put("None: no dose is known.", 2)
    shown_ = plan.totals if full else plan.totals[-TOTALS_SHOWN:]
    heads = ("up to the end of", "known from", "capsules", "mg", "mg/kg, latest weight", "mg/kg, weight of each time")
    if shown_:
        out.lines += [f"  {line}".rstrip() for line in grid(heads, [_total(each) for each in shown_], out.width - 2)]
    if len(shown_) < len(plan.totals):
        out.put(f"and {len(plan.totals) - len(shown_)} earlier days; --full lists them", 2)
    out.put("")
    out.put("At the end of what is drawn, against each target:", 2)
    gathered: dict[str, list[str]] = {}
    for progress in sorted(plan.progress, key=lambda each: (not each.governs, each.says not in ("range", "no_target"))):
        own = " (governing)" if progress.governs else ""
        gathered.setdefault(progress_words(progress), []).append(
            f"{who(plan, progress.edition, progress.position)}{own}"
        )
    for said, names in gathered.items():
        out.put(f"{said}: {', '.join(dict.fromkeys(names))}", 4)


FURTHER = ("retreatment", "retreatment_dose")
"""The questions of a further course."""


def _further(out: Page, plan: Plan) -> None:
    """Whether a further course may begin, and how much against the first, where a course is over and a source speaks."""
    seen = plan.assessment
    said = [answer for answer in seen.answers if answer.point.name in FURTHER and answer.speaks]
    if not said:
        return
    out.head("A FURTHER COURSE")
    gathered: dict[str, list[str]] = {}
    for answer in sorted(said, key=lambda each: (FURTHER.index(each.point.name), each.edition.key not in plan.governs)):
        own = " (governing)" if answer.edition.key in plan.governs else ""
        told = f"{words(answer.point.title)}: {answer_words(seen, answer)}"
        gathered.setdefault(told, []).append(f"{who(plan, answer.edition.key, answer.position)}{own}")
    for told, names in gathered.items():
        out.put(f"{told}: {', '.join(dict.fromkeys(names))}", 2)


def _converted(out: Page, plan: Plan) -> None:
    if plan.converted:
        out.head("THE TOTAL IN OTHER MILLIGRAMS, ONLY BY A NAMED CLAIM")
        newest = plan.weights[-1].kg if plan.weights else None
        for each in plan.converted:
            out.put(f"- {converted_words(plan.assessment.library, each, newest)}", 2)


def _total(total: Running) -> tuple[str, ...]:
    return (
        show(total.day),
        total.basis,
        total.formulation or "not known",
        shown(total.mg),
        either(total.by_latest, "mg/kg"),
        either(total.by_period, "mg/kg"),
    )


def _forecasts(out: Page, plan: Plan, full: bool) -> None:
    out.head("WHEN IT MAY END")
    if not plan.forecasts:
        out.put("No rule was asked.", 2)
    library = plan.assessment.library
    gathered: dict[str, list[str]] = {}
    tells = [each for each in plan.forecasts if each.kind not in TELLS_NOTHING]
    rest = [each for each in plan.forecasts if each.kind in TELLS_NOTHING]
    for forecast in (*sorted(tells, key=lambda each: not each.governs), *rest):
        own = " (governing)" if forecast.governs else ""
        gathered.setdefault(forecast_words(library, forecast), []).append(
            f"{who(plan, forecast.edition, forecast.position)}{own}"
        )
    for said, names in gathered.items():
        out.put(f"{said}: {', '.join(dict.fromkeys(names))}", 2)
