"""The words for every status, stance, duty and fact. What a status is called is bound by tests: no two are alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from isocourse.decisions.answers import Answer, Stance, Verdict
from isocourse.decisions.dates import coming, covers_until, due, due_words
from isocourse.decisions.dates import words as duty_words
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import Edition, Point, Row, Status
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.library import Assessment, Library
from isocourse.logic.explain import Reason
from isocourse.logic.tree import Node, Op
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal, exact
from isocourse.render.alike import said_once
from isocourse.render.ranges import range_words
from isocourse.render.steps import stages_words
from isocourse.render.values import shown_value
from isocourse.render.written import either, written_words

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
    Kept.BROKEN: "BROKEN as far as the file shows",
    Kept.CANNOT_TELL: "not shown on file",
    Kept.NOT_SHOWN: "",
}


VERBS = {"do": "{what} {when}", "keep_up": "keep up {what} {when}", "avoid": "avoid {what} {when}"}
"""A duty of each kind, with its time."""

SAID = "{force}: {what}"
OF_FIND = "{find}: {force}: {what}"
OPEN, OPEN_FOR = "{status}: {facts} — {stances}", "{status}: {facts} (for: {what})"
MORE, SEVERAL = "{facts} and {n} more", "more than one value"
ON_FILE, COVERS = "(on file: {figure})", "the last test covers a prescription until {day}"
SINCE, SINCE_NEXT = "since {day}", "since {day}, next {next}"
RECORDED = {True: "on file", False: "not on file"}
PART_OF, HOW_MANY, HOW_MANY_OF, OF_LIST = (
    "{fact}: {part}",
    "how many {things}",
    "how many {things}: {kind}",
    "{kind} ({one})",
)
TIMES = "times"
NOTES = {"second_hand": "second hand", "rounding": "rounding decides"}
ONE_OF = {
    "drugs": "drug",
    "allergies": "allergy",
    "conditions": "condition",
    "methods": "contraceptive method",
    "procedures": "procedure",
    "symptoms": "sign",
}
"""What one entry of each list is called."""


def short(edition: Edition, w: Wording = ENGLISH) -> str:
    """The column head of an edition."""
    return w(edition.short)


def short_of(seen: Assessment, key: str) -> str:
    """The column head of an edition named by its key."""
    return short(seen.library.edition(key), seen.words)


def label(answer: Answer, w: Wording = ENGLISH) -> str:
    """An edition and, where it says more than one thing on the point, the position."""
    several = len(answer.edition.cell(answer.point.name).positions) > 1
    head = short(answer.edition, w)
    return f"{head} ({position_words(answer.position, w)})" if several and answer.position else head


def reading_name(name: str, w: Wording = ENGLISH) -> str:
    """What a way to take a sentence is called."""
    return w(name.replace("_", " "))


def position_words(position: str, w: Wording = ENGLISH) -> str:
    """What a position is called beside its edition."""
    return w(position.replace("_", " "))


def fact_words(library: Library, name: str, w: Wording = ENGLISH) -> str:
    """A fact as people call it; a fold written in a condition is read out."""
    base, _, part = name.partition(".")
    fact = library.fact_by_name.get(base)
    if fact is not None:
        said = w(fact.say) if fact.say else base.replace("_", " ")
        return w(PART_OF, fact=said, part=w(part.replace("_", " "))) if part and part != "value" else said
    return _fold_words(library, name, w)


def _fold_words(library: Library, name: str, w: Wording) -> str:
    how, _, rest = name.partition("(")
    stream, *tests = [part.strip() for part in rest.rstrip(")").split(",")]
    kind = next((test.partition("=")[2].strip() for test in tests if "=" in test), "")
    item = library.catalogue.item(stream, kind) if kind else None
    thing = (w(item.say) if item and item.say else w(kind.replace("_", " ")) if kind else "") or w(stream)
    if how == "count":
        return w(HOW_MANY_OF, things=w(stream), kind=thing) if kind else w(HOW_MANY, things=w(stream))
    return w(OF_LIST, kind=thing, one=w(ONE_OF.get(stream, stream)))


def names(library: Library, wanted: Iterable[str], limit: int = 6, w: Wording = ENGLISH) -> str:
    """A list of facts in words, cut short with a count."""
    told = [fact_words(library, name, w) for name in dict.fromkeys(wanted)]
    more, shown = len(told) - limit, ", ".join(told[:limit])
    return w(MORE, facts=shown, n=more) if more > 0 else shown


# answers -------------------------------------------------------------------------------------------------------------------
def answer_words(seen: Assessment, answer: Answer) -> str:
    """One cell of the matrix, on one line."""
    told = _answer_words(seen, answer)
    notes = [NOTES["second_hand"]] if answer.second_hand else []
    if any(mark.startswith("rounding decides") for mark in answer.marks):
        notes.append(NOTES["rounding"])
    return told + (f" [{'; '.join(seen.words(note) for note in notes)}]" if notes else "")


def _answer_words(seen: Assessment, answer: Answer) -> str:
    if answer.status in (Status.SILENT, Status.NOT_READ, Status.NOT_APPLICABLE, Status.OUTSIDE):
        return seen.words(STATUS[answer.status])
    if answer.stances:
        return _stances_words(seen, answer)
    return _verdicts_words(seen, answer)


def _stances_words(seen: Assessment, answer: Answer) -> str:
    w = seen.words
    told = [stance_words(answer.point, stance, w) for stance in answer.stances]
    if answer.status is Status.SILENT_HERE:
        return w(STATUS[Status.SILENT_HERE])
    if answer.status is Status.ANSWERED:
        return told[0] + _figure(seen, answer) + _kept_words(answer.kept, w)
    facts = names(seen.library, answer.missing, w=w) or w(SEVERAL)
    status = w(STATUS[Status.CANNOT_TELL])
    return w(OPEN, status=status, facts=facts, stances=either(told, w)) + _kept_words(answer.kept, w)


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
    return f" {seen.words(ON_FILE, figure=told)}" if told else ""


def _kept_words(kept: Kept, w: Wording) -> str:
    return f" — {w(KEPT[kept])}" if kept in (Kept.KEPT, Kept.BROKEN) else ""


def stance_words(point: Point, stance: Stance, w: Wording = ENGLISH) -> str:
    """A stance in words."""
    if stance.row is None:
        return w(STATUS[Status.SILENT_HERE])
    force = w(FORCE[stance.row.force])
    what = options_words(point, stance.take, w) if stance.take else range_words(stance.row, w)
    return w(SAID, force=force, what=what)


def options_words(point: Point, options: Iterable[str], w: Wording = ENGLISH) -> str:
    """Options in words."""
    return either([w(point.option(name).say) for name in options], w)


def _verdicts_words(seen: Assessment, answer: Answer) -> str:
    w = seen.words
    if answer.status is Status.SILENT_HERE:
        return w(STATUS[Status.SILENT_HERE])
    sure = said_once(
        (_subject_words(answer, verdict, w), verdict_words(seen, answer, verdict))
        for verdict in answer.verdicts
        if verdict.applies is Truth.YES
    )
    open_ = [verdict for verdict in answer.verdicts if verdict.applies is Truth.UNKNOWN]
    if open_:
        about = ", ".join(
            dict.fromkeys(w(answer.point.say_of(each)) for verdict in open_ for each in verdict.row.subjects)
        )
        facts = names(seen.library, answer.missing, w=w)
        sure.append(w(OPEN_FOR, status=w(STATUS[Status.CANNOT_TELL]), facts=facts, what=about))
    return "; ".join(sure)


def _subject_words(answer: Answer, verdict: Verdict, w: Wording) -> str:
    """What a row is about, in words, where it is about one thing."""
    subjects = verdict.row.subjects
    return w(answer.point.say_of(subjects[0])) if len(subjects) == 1 else ""


def verdict_words(seen: Assessment, answer: Answer, verdict: Verdict) -> str:
    """One row of findings, of a schedule or of steps, in words."""
    row, point, w = verdict.row, answer.point, seen.words
    kept = f" — {w(KEPT[verdict.kept])}" if KEPT[verdict.kept] else ""
    if row.steps:
        stages = stages_words(point, row, seen.day_of, verdict.holds, w)
        return w(SAID, force=w(FORCE[row.force]), what=stages) + kept
    if row.duty is None:
        return finding_words(point, row, w) + kept
    found = due_words(due(row.duty, seen.day_of), w)
    until = covers_until(row.duty, seen.day_of)
    covers = f"; {w(COVERS, day=w.day(until))}" if until is not None else ""
    again, first = coming(row.duty, seen.day_of, seen.asked.as_of), due(row.duty, seen.day_of).first
    if again is not None and first is not None:
        since = SINCE if verdict.kept is Kept.BROKEN else SINCE_NEXT
        found = w(since, day=w.day(first), next=w.day(again)) if since == SINCE_NEXT else w(since, day=w.day(first))
    dated = f" ({found})" if found else ""
    return f"{duty_line(point, row, w)}{dated}{covers}{kept}"


def finding_words(point: Point, row: Row, w: Wording = ENGLISH) -> str:
    """A row of findings: what is found, with what force, and what follows."""
    find, what = w(point.say_of(row.find)), options_words(point, row.take, w)
    return w(OF_FIND, find=find, force=w(FORCE[row.force]), what=what)


def duty_line(point: Point, row: Row, w: Wording = ENGLISH) -> str:
    """A row of a schedule: with what force, what, and when."""
    assert row.duty is not None
    what, when = w(point.say_of(row.duty.what)), duty_words(row.duty, w)
    return w(SAID, force=w(FORCE[row.force]), what=w(VERBS[row.duty.verb], what=what, when=when)).rstrip()


# reasons -------------------------------------------------------------------------------------------------------------------
TRUTH = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "not known"}
"""The words of a truth."""


def leaf_words(seen: Assessment, leaf: Reason) -> str:
    """What a question at the bottom found, in words alone: the facts with their values and where they stand, no condition."""
    if leaf.node.op is Op.RECORDED:
        found = seen.words(RECORDED[leaf.truth is Truth.YES])
        return f"{names(seen.library, leaf.node.names, w=seen.words)}: {found}"
    return value_words(seen, leaf)[2:-1]


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
    return f"{fact_words(seen.library, name, seen.words)}: {written_words(told, seen.words)}{where}"


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
    figure = seen.words.number(decimal(Fraction(round(value * 1000), 1000)))
    return f"{figure} {seen.words(node.unit or TIMES)}"


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
