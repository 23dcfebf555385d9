"""What heads every page, event and proposal made of a plan: a red line, or what a start or the next supply waits for."""

from __future__ import annotations

from msgspec import Struct

from isocourse.course.calendar import Entry
from isocourse.course.forecast import Forecast
from isocourse.course.plan import Plan
from isocourse.decisions.gate import Gate
from isocourse.decisions.lapsed import Lapsed
from isocourse.decisions.tables import OrderCheck, words
from isocourse.decisions.today import Held, RedFinding
from isocourse.facts.days import show

NOT_STARTED, NO_SUPPLY = "NOT TO BE STARTED UNTIL", "NO NEXT SUPPLY UNTIL"
HEAD_SHOWN = 3
"""Conditions named in the head; the others are counted there and written out once."""


def held_up(plan: Plan) -> str:
    """A red line, an open condition, or nothing."""
    if plan.withheld:
        return f"STOP: {'; '.join(red_words(finding) for finding in plan.withheld)}"
    return open_words(plan)


def red_words(finding: RedFinding) -> str:
    """A red line in a few words."""
    if finding.line is not None:
        return words(finding.line.say)
    assert finding.answer is not None
    assert finding.verdict is not None
    return f"{words(finding.answer.point.say_of(finding.verdict.row.find))} ({words(finding.answer.edition.short)})"


def open_words(plan: Plan) -> str:
    """What a start waits for, "NOT TO BE STARTED UNTIL ...", or the next supply of a running course; nothing if nothing is open."""
    told = conditions(plan)
    if not told:
        return ""
    first = told[:HEAD_SHOWN]
    asked = [each.said for each in first if each.who]
    parts = [each.said for each in first if not each.who]
    parts += [f"shown on file as asked: {', '.join(asked)}"] if asked else []
    more = f"; and {len(told) - HEAD_SHOWN} more" if len(told) > HEAD_SHOWN else ""
    return f"{NO_SUPPLY if plan.running else NOT_STARTED}: {'; '.join(parts)}{more}"


class Condition(Struct, frozen=True):
    """One thing that is open against a start or the next supply, and who asks for it; nobody by name for our own rules."""

    said: str
    who: str = ""
    facts: tuple[str, ...] = ()
    """The facts that are not known, where that is what is open."""

    @property
    def line(self) -> str:
        """The condition with whoever asks."""
        return f"shown on file as asked: {self.said} ({self.who})" if self.who else self.said


def conditions(plan: Plan) -> list[Condition]:
    """Everything that is open: what bears on pregnancy first, then facts not known, then the rest; empty where a red line empties the plan."""
    if plan.withheld:
        return []
    gates = [Condition(_gate(each)) for each in plan.held if isinstance(each, Gate)]
    rest = [_condition(each) for each in plan.held if not isinstance(each, Gate)]
    count = len(plan.unknown)
    said = f"what bears on contraindications is known ({count} fact{'' if count == 1 else 's'})"
    unknown = [Condition(said, facts=tuple(each.fact for each in plan.unknown))] if count else []
    further = [Condition(_further(plan, each)) for each in plan.waits]
    return list(dict.fromkeys((*gates, *further, *unknown, *rest)))


def _further(plan: Plan, each: Forecast) -> str:
    """What a further course waits for under one rule."""
    short = words(plan.assessment.library.edition(each.edition).short)
    day = f"not before {show(each.first)}" if each.first is not None else "on no day looked at"
    facts = {fact.name: words(fact.say) for fact in plan.assessment.library.facts if fact.say}
    depends = ", depends on " + ", ".join(facts.get(name, name) for name in each.depends_on) if each.depends_on else ""
    return f"a further course may begin under {short}: {day}{depends}"


def _condition(held: Held) -> Condition:
    if isinstance(held, OrderCheck):
        return Condition(f"this is put right: {words(held.say)}")
    if isinstance(held, Lapsed):
        return Condition(f"what once stood on file is found out again: {_was_red(held)}")
    assert not isinstance(held, Gate)
    said = words(held.point.say_of(held.about)) if held.about else words(held.point.title).lower()
    return Condition(said, ", ".join(dict.fromkeys(words(answer.edition.short) for answer in held.answers)))


def _was_red(held: Lapsed) -> str:
    return red_words(RedFinding(held.line, held.answer, held.verdict))


def _gate(gate: Gate) -> str:
    if gate.suspected:
        return "the entry of a pregnancy, or the positive test, is confirmed or refuted"
    if not gate.negative:
        return "a negative pregnancy test inside its window is on file"
    if gate.renewal_due:
        return "a new negative pregnancy test is on file: the one there belongs to a supply that is over"
    return "the negative pregnancy test on file is shown to lie inside its window"


def of_supply(entry: Entry) -> bool:
    """Whether a duty belongs to a supply or a start, of which a red line leaves none."""
    assert entry.row.duty is not None
    return entry.handle.startswith(("supply", "start")) or entry.row.duty.what == "dispense"
