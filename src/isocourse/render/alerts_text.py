"""What wants attention between two visits, for a terminal: red first, then what became stricter, then windows, duties and supply."""

from __future__ import annotations

from collections.abc import Sequence

from isocourse.course.alerts import Alerts, Stricter
from isocourse.course.calendar import Entry
from isocourse.course.heading import held_up
from isocourse.course.plan import Plan
from isocourse.decisions.tables import words
from isocourse.facts.days import show
from isocourse.render.page import Page
from isocourse.render.plan_words import duty_what, who, window_words
from isocourse.render.words import answer_words

HEADS = {
    "closed": "WINDOWS THAT CLOSED, AND NOTHING IS ON FILE",
    "closing": "WINDOWS THAT CLOSE SOON",
    "due": "FALLS DUE",
}
NOTHING = {
    "closed": "No window is known to have closed.",
    "closing": "No window that is open closes in these days.",
    "due": "Nothing with a day falls due in these days.",
}


def alerts_page(found: Alerts, plan: Plan, width: int) -> str:
    """Everything that wants attention, the governing protocol's first in each list."""
    out = Page(width)
    if head := held_up(plan):
        out.put(f"! {head}")
    out.put(f"Since {show(found.since)}, as of {show(found.today)}, and {found.within} days ahead")
    out.head("NEW RED LINES")
    for name in found.red:
        out.put(f"! {red_title(plan, name)}", 2)
    if not found.red:
        out.put("None that was not there before.", 2)
    if found.gate_closed:
        out.put("! Start or supply was open as far as pregnancy goes, and is not now.", 2)
    _stricter(out, found.stricter, plan)
    for name, entries in (("closed", found.closed), ("closing", found.closing), ("due", found.due)):
        _entries(out, HEADS[name], NOTHING[name], entries, plan)
    out.head("SUPPLY")
    for supply in found.supply:
        out.put(f"The capsules of {supply.origin} last until {show(supply.last)}.", 2)
    if not found.supply:
        out.put("No supply on file is known to run out in these days.", 2)
    return out.text()


def red_title(plan: Plan, name: str) -> str:
    """A red line, or a finding of the governing protocol, in words."""
    line = next((each for each in plan.assessment.library.red if each.name == name), None)
    if line is not None:
        return words(line.say)
    points = plan.assessment.library.points
    return next((words(point.say_of(name)) for point in points if name in dict(point.finds)), name.replace("_", " "))


def _stricter(out: Page, found: Sequence[Stricter], plan: Plan) -> None:
    out.head("BECAME STRICTER")
    for each in found:
        out.put(f"- {stricter_words(each, plan)}", 2)
    if not found:
        out.put("No answer is known to have become stricter.", 2)


def stricter_words(each: Stricter, plan: Plan) -> str:
    """One answer before and now."""
    point = each.after.point
    about = f", {words(point.say_of(each.about))}" if each.about else ""
    rules = who(plan, each.after.edition.key, each.after.position)
    if each.about:
        return f"{words(point.title)}{about} [{rules}]"
    seen = plan.assessment
    before = answer_words(seen, each.before) if each.before is not None else "did not speak of this case"
    return f"{words(point.title)} [{rules}]: {before} -> {answer_words(seen, each.after)}"


def _entries(out: Page, head: str, nothing: str, entries: Sequence[Entry], plan: Plan) -> None:
    out.head(head)
    for entry in sorted(entries, key=lambda entry: not entry.governs):
        out.put(f"{window_words(entry)}: {duty_what(entry)} [{who(plan, entry.edition.key, entry.position)}]", 2)
    if not entries:
        out.put(nothing, 2)
