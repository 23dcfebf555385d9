"""Why each protocol answers a point as it does, for one patient: rows, facts with their origin, claims, and what is missing."""

from __future__ import annotations

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.tables import Status
from isocourse.library import Assessment
from isocourse.logic.truth import Truth
from isocourse.render.flips import becomes_words, change_words, nearest
from isocourse.render.page import Page
from isocourse.render.reasons import reason_lines
from isocourse.render.words import (
    STATUS,
    answer_words,
    claim_line,
    fact_words,
    position_words,
    reading_name,
    verdict_words,
)

FIXED = {
    "explain.looked": "{status}. Where we looked: {where}",
    "explain.settled": "Would be settled by: {facts}",
    "explain.change": "Would change if {change}: {becomes}",
    "explain.mind": "Mind: {mark}",
    "explain.read_as": "Would differ if read as {reading} ({why}): {answer}",
    "explain.source": "Source: {claim}",
    "explain.must_show": "the file must show:",
    "explain.shows": "the file shows:",
}
"""The frames of the lines below, each under its key."""


def explanation(seen: Assessment, point: str, width: int) -> str:
    """The explanation of every answer on one point."""
    out = Page(width)
    asked = seen.library.point(point)
    out.put(f"{seen.words(asked.title)}: {seen.words(asked.question)}")
    for answer in seen.answers:
        if answer.point.name == point:
            _answer(out, seen, answer)
    return out.text()


def _answer(out: Page, seen: Assessment, answer: Answer) -> None:
    w = seen.words
    position = f" - {position_words(answer.position, w)}" if answer.position else ""
    out.head(f"{w(answer.edition.title)}{position}")
    if answer.status in (Status.SILENT, Status.NOT_READ):
        out.put(w(FIXED["explain.looked"], status=w(STATUS[answer.status]), where=answer.looked), 2)
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
        facts = ", ".join(fact_words(seen.library, name, w) for name in answer.missing)
        out.put(w(FIXED["explain.settled"], facts=facts), 2)
    for flip in nearest(seen, answer):
        becomes = "; ".join(becomes_words(answer, flip, w))
        out.put(w(FIXED["explain.change"], change=change_words(seen, flip), becomes=becomes), 2)
    for mark in answer.marks:
        out.put(w(FIXED["explain.mind"], mark=mark), 2)
    for name, why, other in answer.otherwise_read:
        told = {"reading": reading_name(name, w), "why": w(why) if why else "", "answer": answer_words(seen, other)}
        out.put(w(FIXED["explain.read_as"], **told), 2)
    for claim in answer.claims:
        out.put(w(FIXED["explain.source"], claim=claim_line(seen.library, claim)), 2)


def _verdict(out: Page, seen: Assessment, answer: Answer, verdict: Verdict) -> None:
    if verdict.applies is Truth.NO:
        return
    out.put(f"{verdict.row.name.replace('_', ' ')}: {verdict_words(seen, answer, verdict)}", 4)
    for line in reason_lines(seen, verdict.why):
        out.put(line.strip(), 6 + len(line) - len(line.lstrip()))
    if verdict.unmet is not None:
        out.put(seen.words(FIXED["explain.shows" if verdict.row.steps else "explain.must_show"]), 6)
        for line in reason_lines(seen, verdict.unmet):
            out.put(line.strip(), 8 + len(line) - len(line.lstrip()))
