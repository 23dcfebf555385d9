"""The words for every status, stance, duty and fact. What a status is called is bound by tests: no two are alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from isocourse.decisions.answers import Answer, Stance, Verdict
from isocourse.decisions.dates import covers_until, due, due_words
from isocourse.decisions.dates import words as duty_words
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import Edition, Point, Status, words
from isocourse.facts.days import show
from isocourse.library import Assessment, Library
from isocourse.logic.explain import Reason
from isocourse.logic.tree import Node, Op
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal, exact
from isocourse.render.steps import stages_words
from isocourse.render.values import shown_value

STATUS = {
    Status.SILENT: "says nothing on this",
    Status.SILENT_HERE: "speaks, but not of this case",
    Status.NOT_READ: "we have not read this text",
    Status.NOT_APPLICABLE: "does not arise now",
    Status.OUTSIDE: "outside what it speaks of",
    Status.CANNOT_TELL: "depends on",
    Status.ANSWERED: "says",
}
"""The words of each status."""

FORCE = {"must": "must", "should": "should", "may": "leaves it to you", "none": "no force"}
KEPT = {
    Kept.KEPT: "kept on file",
    Kept.BROKEN: "BROKEN: the file shows otherwise",
    Kept.CANNOT_TELL: "not shown on file",
    Kept.NOT_SHOWN: "",
}


def short(edition: Edition) -> str:
    """The column head of an edition."""
    return words(edition.short)


def short_of(seen: Assessment, key: str) -> str:
    """The column head of an edition named by its key."""
    return next(short(edition) for edition in seen.editions if edition.key == key)


def label(answer: Answer) -> str:
    """An edition and, where it says more than one thing on the point, the position."""
    several = len(answer.edition.cell(answer.point.name).positions) > 1
    return (
        f"{short(answer.edition)} ({answer.position.replace('_', ' ')})"
        if several and answer.position
        else short(answer.edition)
    )


def fact_words(library: Library, name: str) -> str:
    """A fact as people call it; a fold written in a condition is read out."""
    base, _, part = name.partition(".")
    fact = next((fact for fact in library.facts if fact.name == base), None)
    if fact is not None:
        said = words(fact.say) or base.replace("_", " ")
        return f"{said}: {part.replace('_', ' ')}" if part and part != "value" else said
    return _fold_words(library, name)


def _fold_words(library: Library, name: str) -> str:
    how, _, rest = name.partition("(")
    stream, *tests = [part.strip() for part in rest.rstrip(")").split(",")]
    kind = next((test.partition("=")[2].strip() for test in tests if "=" in test), "")
    item = library.catalogue.item(stream, kind) if kind else None
    thing = (words(item.say) if item and item.say else kind.replace("_", " ")) or stream
    singular = {
        "drugs": "drug",
        "allergies": "allergy",
        "conditions": "condition",
        "methods": "contraceptive method",
        "procedures": "procedure",
        "symptoms": "sign",
    }.get(stream, stream)
    return f"how many {stream}{': ' + thing if kind else ''}" if how == "count" else f"{thing} ({singular})"


def names(library: Library, wanted: Iterable[str], limit: int = 6) -> str:
    """A list of facts in words, cut short with a count."""
    told = [fact_words(library, name) for name in dict.fromkeys(wanted)]
    more = len(told) - limit
    return ", ".join(told[:limit]) + (f" and {more} more" if more > 0 else "")


# answers -------------------------------------------------------------------------------------------------------------------
def answer_words(seen: Assessment, answer: Answer) -> str:
    """One cell of the matrix, on one line."""
    told = _answer_words(seen, answer)
    notes = ["second hand"] if answer.second_hand else []
    if any(mark.startswith("rounding decides") for mark in answer.marks):
        notes.append("rounding decides")
    return told + (f" [{'; '.join(notes)}]" if notes else "")


def _answer_words(seen: Assessment, answer: Answer) -> str:
    if answer.status in (Status.SILENT, Status.NOT_READ, Status.NOT_APPLICABLE, Status.OUTSIDE):
        return STATUS[answer.status]
    if answer.stances:
        return _stances_words(seen, answer)
    return _verdicts_words(seen, answer)


def _stances_words(seen: Assessment, answer: Answer) -> str:
    told = [stance_words(answer.point, stance) for stance in answer.stances]
    if answer.status is Status.SILENT_HERE:
        return STATUS[Status.SILENT_HERE]
    if answer.status is Status.ANSWERED:
        return told[0] + _figure(seen, answer) + _kept_words(answer.kept)
    return (
        f"{STATUS[Status.CANNOT_TELL]}: {names(seen.library, answer.missing) or 'more than one value'} — {' or '.join(told)}"
        + _kept_words(answer.kept)
    )


def _figure(seen: Assessment, answer: Answer) -> str:
    """For a range: the file's own figure beside it."""
    row = answer.stances[0].row
    if row is None or row.over < 0:
        return ""
    nodes = seen.library.program.nodes
    ratio = next(
        (nodes[place] for place in seen.library.program.under([row.over]) if nodes[place].op is Op.RATIO), None
    )
    told = ratio_words(seen, ratio) if ratio else ""
    return f" (on file: {told})" if told else ""


def _kept_words(kept: Kept) -> str:
    return f" — {KEPT[kept]}" if kept in (Kept.KEPT, Kept.BROKEN) else ""


def stance_words(point: Point, stance: Stance) -> str:
    """A stance in words."""
    if stance.row is None:
        return STATUS[Status.SILENT_HERE]
    row = stance.row
    if not stance.take:
        if row.of == "none":
            return f"{FORCE[row.force]}: no figure is aimed at"
        form = "" if row.of == "any" else f" of {row.of} capsules"
        return f"{FORCE[row.force]}: {row.low} to {row.high} {row.unit}{form}"
    return f"{FORCE[row.force]}: {options_words(point, stance.take)}"


def options_words(point: Point, options: Iterable[str]) -> str:
    """Options in words."""
    return " or ".join(words(point.option(name).say) for name in options)


def _verdicts_words(seen: Assessment, answer: Answer) -> str:
    if answer.status is Status.SILENT_HERE:
        return STATUS[Status.SILENT_HERE]
    sure = [verdict_words(seen, answer, verdict) for verdict in answer.verdicts if verdict.applies is Truth.YES]
    open_ = [verdict for verdict in answer.verdicts if verdict.applies is Truth.UNKNOWN]
    if open_:
        about = ", ".join(
            dict.fromkeys(words(answer.point.say_of(each)) for verdict in open_ for each in verdict.row.subjects)
        )
        sure.append(f"{STATUS[Status.CANNOT_TELL]}: {names(seen.library, answer.missing)} (for: {about})")
    return "; ".join(sure)


def verdict_words(seen: Assessment, answer: Answer, verdict: Verdict) -> str:
    """One row of findings, of a schedule or of steps, in words."""
    row, point = verdict.row, answer.point
    kept = f" — {KEPT[verdict.kept]}" if KEPT[verdict.kept] else ""
    if row.steps:
        return f"{FORCE[row.force]}: {stages_words(point, row, seen.day_of, verdict.holds)}{kept}"
    if row.duty is None:
        return f"{words(point.say_of(row.find))}: {FORCE[row.force]}: {options_words(point, row.take)}{kept}"
    found = due_words(due(row.duty, seen.day_of))
    verb = {"do": "", "keep_up": "keep up ", "avoid": "avoid "}[row.duty.verb]
    until = covers_until(row.duty, seen.day_of)
    covers = f"; the last test covers a prescription until {show(until)}" if until is not None else ""
    dated = f" ({found})" if found else ""
    return f"{FORCE[row.force]}: {verb}{words(point.say_of(row.duty.what))} {duty_words(row.duty)}{dated}{covers}{kept}"


# reasons -------------------------------------------------------------------------------------------------------------------
def reason_lines(seen: Assessment, reason: Reason, depth: int = 0) -> list[str]:
    """A reason as an indented list: the condition, its truth, and the values it read."""
    word = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "not known"}[reason.truth]
    shown = value_words(seen, reason)
    lines = [f"{'  ' * depth}{reason.node.text or reason.node.op}: {word}{shown}"]
    for part in reason.parts:
        lines.extend(reason_lines(seen, part, depth + 1))
    return lines


def value_words(seen: Assessment, reason: Reason) -> str:
    """The values that a question at the bottom read, with where they come from; a ratio with its own value first."""
    if reason.parts or not reason.node.names:
        return ""
    size = ratio_words(seen, reason.node)
    told = [f"{size}: " if size else ""]
    told.append("; ".join(_slot_told(seen, slot) for slot in dict.fromkeys(reason.node.args)))
    return f" ({''.join(told)})"


def _slot_told(seen: Assessment, slot: int) -> str:
    name, origin = seen.library.program.slots[slot].name, seen.snapshot.origins[slot]
    of_event = "." in name and not name.endswith((".value", ".day"))
    told = slot_words(seen, slot) if of_event else origin.written or slot_words(seen, slot)
    where = f" [{', '.join(origin.where)}]" if origin.where else ""
    return f"{fact_words(seen.library, name)}: {told}{where}"


_LIMIT = re.compile(r"[<>]= ([\d.]+)")


def ratio_words(seen: Assessment, node: Node) -> str:
    """The value of a ratio, where both of its parts are known: "2.967 times", or with its unit; nothing for other questions."""
    match = _LIMIT.search(node.text) if node.op is Op.RATIO else None
    if (
        match is None
        or 0 in node.numbers
        or not all(seen.snapshot.known(slot, seen.library.program.slots[slot]) for slot in node.args)
    ):
        return ""
    flipped = "<=" in node.text
    over, under = reversed(node.args) if flipped else node.args
    limit, threshold = Fraction(node.numbers[0], node.numbers[1]), exact(match[1])
    limit = limit if flipped else 1 / limit
    low = seen.snapshot.state.low
    value = Fraction(low[over], low[under]) * threshold / limit
    return f"{decimal(Fraction(round(value * 1000), 1000))} {node.unit or 'times'}"


def slot_words(seen: Assessment, slot: int) -> str:
    """What is known of a slot."""
    return shown_value(seen.library, seen.snapshot, slot)


def claim_line(library: Library, name: str) -> str:
    """A claim with its source and locator."""
    claim = library.claim(name)
    work = library.work(claim.work)
    minds = [f"damaged: {claim.damage}"] if claim.damage else []
    minds += [f"interest: {claim.interest}"] if claim.interest else []
    mind = f" [{'; '.join(minds)}]" if minds else ""
    return f"{claim.says} — {work.title}, {claim.where} ({claim.read}){mind} [{name}]"
