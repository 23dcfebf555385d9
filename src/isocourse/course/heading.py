"""What heads every page, event and proposal made of a plan: a red line, or what a start or the next supply waits for."""

from __future__ import annotations

from msgspec import Struct

from isocourse.course.calendar import Entry
from isocourse.course.forecast import Forecast
from isocourse.course.frames import FIXED
from isocourse.course.plan import Plan
from isocourse.decisions.gate import Gate
from isocourse.decisions.lapsed import Lapsed
from isocourse.decisions.sentence import Sentence, joined, of_day, of_text, sentence, small
from isocourse.decisions.tables import OrderCheck
from isocourse.decisions.today import Held, RedFinding

HEAD_SHOWN = 3
"""Conditions named in the head; the others are counted there and written out once."""


def held_up(plan: Plan) -> str:
    """A red line, an open condition, or nothing."""
    if plan.withheld:
        return sentence(FIXED["heading.stop"], what=joined(map(red_words, plan.withheld), "; "))
    return open_words(plan)


def red_words(finding: RedFinding) -> Sentence:
    """A red line in a few words."""
    if finding.line is not None:
        return of_text(finding.line.say)
    assert finding.answer is not None
    assert finding.verdict is not None
    what = of_text(finding.answer.point.say_of(finding.verdict.row.find))
    return sentence(FIXED["heading.of"], what=what, who=of_text(finding.answer.edition.short))


def open_words(plan: Plan) -> str:
    """What a start waits for, "NOT TO BE STARTED UNTIL ...", or the next supply of a running course; nothing if nothing is open."""
    told = conditions(plan)
    if not told:
        return ""
    first = told[:HEAD_SHOWN]
    asked = [each.said for each in first if each.who]
    parts = [each.said for each in first if not each.who]
    parts += [sentence(FIXED["heading.as_asked"], what=joined(asked))] if asked else []
    what = joined(parts, "; ")
    if len(told) > HEAD_SHOWN:
        what = sentence(FIXED["heading.more"], what=what, n=len(told) - HEAD_SHOWN)
    return sentence(FIXED["heading.no_supply" if plan.running else "heading.not_started"], what=what)


class Condition(Struct, frozen=True):
    """One thing that is open against a start or the next supply, and who asks for it; nobody by name for our own rules."""

    said: str
    who: str = ""
    facts: tuple[str, ...] = ()
    """The facts that are not known, where that is what is open."""

    @property
    def line(self) -> str:
        """The condition with whoever asks."""
        if not self.who:
            return self.said
        asked = sentence(FIXED["heading.as_asked"], what=self.said)
        return sentence(FIXED["heading.of"], what=asked, who=self.who)


def conditions(plan: Plan) -> list[Condition]:
    """Everything that is open: what bears on pregnancy first, then facts not known, then the rest; empty where a red line empties the plan."""
    if plan.withheld:
        return []
    gates = [Condition(_gate(each)) for each in plan.held if isinstance(each, Gate)]
    rest = [_condition(each) for each in plan.held if not isinstance(each, Gate)]
    count = len(plan.unknown)
    said = sentence(FIXED["heading.known" if count == 1 else "heading.knowns"], n=count)
    unknown = [Condition(said, facts=tuple(each.fact for each in plan.unknown))] if count else []
    further = [Condition(_further(plan, each)) for each in plan.waits]
    return list(dict.fromkeys((*gates, *further, *unknown, *rest)))


def _further(plan: Plan, each: Forecast) -> Sentence:
    """What a further course waits for under one rule."""
    short = of_text(plan.assessment.library.edition(each.edition).short)
    day = of_text(FIXED["heading.no_day"])
    if each.first is not None:
        day = sentence(FIXED["heading.not_before"], day=of_day(each.first))
    said = sentence(FIXED["heading.further"], who=short, day=day)
    if not each.depends_on:
        return said
    facts = {fact.name: of_text(fact.say) for fact in plan.assessment.library.facts if fact.say}
    return sentence(
        FIXED["heading.depends"], what=said, facts=joined(facts.get(name, name) for name in each.depends_on)
    )


def _condition(held: Held) -> Condition:
    if isinstance(held, OrderCheck):
        return Condition(sentence(FIXED["heading.put_right"], what=of_text(held.say)))
    if isinstance(held, Lapsed):
        return Condition(sentence(FIXED["heading.found_again"], what=_was_red(held)))
    assert not isinstance(held, Gate)
    said = of_text(held.point.say_of(held.about)) if held.about else small(of_text(held.point.title))
    return Condition(said, joined(dict.fromkeys(of_text(answer.edition.short) for answer in held.answers)))


def _was_red(held: Lapsed) -> Sentence:
    return red_words(RedFinding(held.line, held.answer, held.verdict))


def _gate(gate: Gate) -> Sentence:
    if gate.suspected:
        return of_text(FIXED["heading.suspected"])
    if not gate.negative:
        return of_text(FIXED["heading.negative"])
    return of_text(FIXED["heading.renewal" if gate.renewal_due else "heading.window"])


def of_supply(entry: Entry) -> bool:
    """Whether a duty belongs to a supply or a start, of which a red line leaves none."""
    assert entry.row.duty is not None
    return entry.handle.startswith(("supply", "start")) or entry.row.duty.what == "dispense"
