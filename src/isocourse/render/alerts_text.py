"""What wants attention between two visits, for a terminal: red first, then what became stricter, then windows, duties and supply."""

from __future__ import annotations

from collections.abc import Sequence

from isocourse.course.alerts import Alerts, Stricter
from isocourse.course.calendar import Entry
from isocourse.course.heading import held_up
from isocourse.course.plan import Plan
from isocourse.render.page import Page
from isocourse.render.plan_frames import FIXED
from isocourse.render.plan_words import duty_what, who, window_words
from isocourse.render.words import answer_words


def alerts_page(found: Alerts, plan: Plan, width: int) -> str:
    """Everything that wants attention, the governing protocol's first in each list."""
    out, w = Page(width), plan.assessment.words
    if head := held_up(plan):
        out.put(f"! {w(head)}")
    if found.since == found.today:
        out.put(w(FIXED["alerts.before_entry"], day=w.day(found.today), n=found.within))
    else:
        out.put(w(FIXED["alerts.since"], since=w.day(found.since), day=w.day(found.today), n=found.within))
    out.head(w(FIXED["alerts.head_red"]))
    for name in found.red:
        out.put(f"! {red_title(plan, name)}", 2)
    if not found.red:
        out.put(w(FIXED["alerts.none_red"]), 2)
    if found.gate_closed:
        out.put(f"! {w(FIXED['alerts.gate'])}", 2)
    _stricter(out, found.stricter, plan)
    for name, entries in (("closed", found.closed), ("closing", found.closing), ("due", found.due)):
        if plan.withheld and not entries:
            continue  # nothing was worked out, which must not read as "nothing is due"
        _entries(out, w(FIXED[f"alerts.{name}"]), w(FIXED[f"alerts.none_{name}"]), entries, plan)
    out.head(w(FIXED["alerts.head_supply"]))
    for supply in found.supply:
        frame = FIXED["alerts.supply" if supply.last >= found.today else "alerts.supply_over"]
        out.put(w(frame, origin=supply.origin, day=w.day(supply.last)), 2)
    if not found.supply:
        out.put(w(FIXED["alerts.none_supply"]), 2)
    return out.text()


def red_title(plan: Plan, name: str) -> str:
    """A red line, or a finding of the governing protocol, in words."""
    line = next((each for each in plan.assessment.library.red if each.name == name), None)
    if line is not None:
        return plan.assessment.words(line.say)
    points, w = plan.assessment.library.points, plan.assessment.words
    return next((w(point.say_of(name)) for point in points if name in dict(point.finds)), name.replace("_", " "))


def _stricter(out: Page, found: Sequence[Stricter], plan: Plan) -> None:
    w = plan.assessment.words
    out.head(w(FIXED["alerts.head_stricter"]))
    told = sorted(found, key=lambda each: not each.governs)
    for place, each in enumerate(told):
        _others_from(out, plan, [one.governs for one in told], place)
        out.put(f"- {stricter_words(each, plan)}", 2)
    if not found:
        out.put(w(FIXED["alerts.none_stricter"]), 2)


def stricter_words(each: Stricter, plan: Plan) -> str:
    """One answer before and now."""
    point, seen, w = each.after.point, plan.assessment, plan.assessment.words
    rules = who(plan, each.after.edition.key, each.after.position)
    if each.about:
        return f"{w(point.title)}, {w(point.say_of(each.about))} [{rules}]"
    before = answer_words(seen, each.before) if each.before is not None else w(FIXED["alerts.not_spoken"])
    told = {"title": w(point.title), "who": rules, "before": before, "after": answer_words(seen, each.after)}
    return w(FIXED["alerts.stricter"], **told)


def _entries(out: Page, head: str, nothing: str, entries: Sequence[Entry], plan: Plan) -> None:
    out.head(head)
    told = sorted(entries, key=lambda entry: not entry.governs)
    for place, entry in enumerate(told):
        _others_from(out, plan, [one.governs for one in told], place)
        w, rules = plan.assessment.words, who(plan, entry.edition.key, entry.position)
        out.put(f"{window_words(entry, w)}: {duty_what(entry, w)} [{rules}]", 2)
    if not entries:
        out.put(nothing, 2)


def _others_from(out: Page, plan: Plan, governs: Sequence[bool], place: int) -> None:
    """A line before the first entry of a text that does not govern, where another one governs."""
    if plan.governs and not governs[place] and (place == 0 or governs[place - 1]):
        out.put(plan.assessment.words(FIXED["alerts.others"], n=len(governs) - place), 2)
