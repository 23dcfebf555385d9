"""Why each protocol answers a point as it does, for one patient: rows, facts with their origin, claims, and what is missing."""

from __future__ import annotations

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.tables import Status, words
from isocourse.library import Assessment
from isocourse.logic.truth import Truth
from isocourse.render.flips import becomes_words, change_words, nearest
from isocourse.render.page import Page
from isocourse.render.words import STATUS, answer_words, claim_line, fact_words, reason_lines, verdict_words


def explanation(seen: Assessment, point: str, width: int) -> str:
    """The explanation of every answer on one point."""
    out = Page(width)
    asked = seen.library.point(point)
    out.put(f"{words(asked.title)}: {words(asked.question)}")
    for answer in seen.answers:
        if answer.point.name == point:
            _answer(out, seen, answer)
    return out.text()


def _answer(out: Page, seen: Assessment, answer: Answer) -> None:
    out.head(f"{words(answer.edition.title)}{f' - {answer.position}' if answer.position else ''}")
    if answer.status in (Status.SILENT, Status.NOT_READ):
        out.put(f"{STATUS[answer.status]}. Where we looked: {answer.looked}", 2)
        return
    out.put(answer_words(seen, answer), 2)
    if answer.verdicts:
        for verdict in answer.verdicts:
            _verdict(out, seen, answer, verdict)
    else:
        for reason in answer.reasons:
            for line in reason_lines(seen, reason):
                out.put(line.strip(), 4 + len(line) - len(line.lstrip()))
    if answer.missing:
        out.put("Would be settled by: " + ", ".join(fact_words(seen.library, name) for name in answer.missing), 2)
    for flip in nearest(seen, answer):
        out.put(f"Would change if {change_words(seen, flip)}: {'; '.join(becomes_words(answer, flip))}", 2)
    for mark in answer.marks:
        out.put(f"Mind: {mark}", 2)
    for name, why, other in answer.otherwise_read:
        out.put(f"Would differ if read as {name.replace('_', ' ')} ({why}): {answer_words(seen, other)}", 2)
    for claim in answer.claims:
        out.put(f"Source: {claim_line(seen.library, claim)}", 2)


def _verdict(out: Page, seen: Assessment, answer: Answer, verdict: Verdict) -> None:
    if verdict.applies is Truth.NO:
        return
    out.put(f"{verdict.row.name.replace('_', ' ')}: {verdict_words(seen, answer, verdict)}", 4)
    for line in reason_lines(seen, verdict.why):
        out.put(line.strip(), 6 + len(line) - len(line.lstrip()))
    if verdict.unmet is not None:
        out.put("the file shows:" if verdict.row.steps else "the file must show:", 6)
        for line in reason_lines(seen, verdict.unmet):
            out.put(line.strip(), 8 + len(line) - len(line.lstrip()))
