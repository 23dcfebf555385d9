"""Why a protocol answers as it does: conditions, facts and where they come from, claims with their sources, what is missing, what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isocourse.decisions.answers import Answer
from isocourse.decisions.tables import Edition, Status
from isocourse.library import Assessment, Claim, Library, Work
from isocourse.logic.explain import Reason
from isocourse.logic.syntax import UNLIMITED
from isocourse.logic.truth import Truth
from isocourse.render.flips import becomes_words, change_words, nearest
from isocourse.render.reasons import reason_lines
from isocourse.render.words import (
    STATUS,
    answer_words,
    fact_words,
    names,
    position_words,
    reading_name,
    slot_words,
    verdict_words,
)
from isocourse.render.written import with_decimals, written_words
from isocourse.web.pages.bounds import bound_words
from isocourse.web.speech import Speech

Line = tuple[int, str]
"""Depth and text."""


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact that was read."""

    called: str
    value: str
    written: str
    origin: str
    marks: str
    known: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A claim with its source."""

    claim: Claim
    work: Work


@dataclass(frozen=True, slots=True)
class WhyRow:
    """How it comes to what a row says."""

    head: str
    lines: list[Line]
    codes: list[str]
    """The conditions as they are written."""


@dataclass(frozen=True, slots=True)
class WhyView:
    """One position of one edition on one point."""

    position: str
    status: Status
    says: str
    looked: str
    rows: list[WhyRow]
    facts: list[FactView]
    missing: list[str]
    changes: list[tuple[str, str]]
    marks: tuple[str, ...]
    readings: list[tuple[str, str, str]]
    cited: list[Cited]
    second_hand: bool


def why_views(seen: Assessment, speech: Speech, point: str, key: str) -> list[WhyView]:
    """Every position of an edition on a point."""
    return [
        _view(seen, speech, answer)
        for answer in seen.answers
        if (answer.point.name, answer.edition.key) == (point, key)
    ]


def dates_words(speech: Speech, edition: Edition) -> str:
    """From when to when an edition holds, and how well that is known."""
    begin = bound_words(speech, edition.begins)
    return (
        speech("from {begin} until {end}", begin=begin, end=bound_words(speech, edition.ends))
        if edition.ends
        else speech("from {begin}", begin=begin)
    )


def _view(seen: Assessment, speech: Speech, answer: Answer) -> WhyView:
    told = answer.status not in (Status.SILENT, Status.NOT_READ)
    return WhyView(
        position_words(answer.position, seen.words) if answer.position else "",
        answer.status,
        answer_words(seen, answer) if told else seen.words(STATUS[answer.status]),
        "" if told else answer.looked,
        _rows(seen, speech, answer),
        [_fact(seen, slot) for slot in answer.read],
        [fact_words(seen.library, name, seen.words) for name in answer.missing],
        [
            (change_words(seen, flip), "; ".join(becomes_words(answer, flip, seen.words)))
            for flip in nearest(seen, answer)
        ],
        answer.marks,
        [
            (reading_name(name, seen.words), seen.words(why) if why else "", answer_words(seen, other))
            for name, why, other in answer.otherwise_read
        ],
        cited(seen.library, answer.claims),
        answer.second_hand,
    )


def cited(library: Library, names_: tuple[str, ...]) -> list[Cited]:
    """Claims with their sources."""
    return [Cited(claim := library.claim(name), library.work(claim.work)) for name in names_]


def _rows(seen: Assessment, speech: Speech, answer: Answer) -> list[WhyRow]:
    if not answer.verdicts:
        lines = [_line(line) for reason in answer.reasons for line in reason_lines(seen, reason)]
        return [WhyRow("", lines, _codes(answer.reasons))] if lines else []
    found = []
    for verdict in answer.verdicts:
        if verdict.applies is not Truth.NO:
            lines = [_line(line) for line in reason_lines(seen, verdict.why)]
            if verdict.unmet is not None:
                lines += [(0, speech("the file must show:"))]
                lines += [(depth + 1, text) for depth, text in map(_line, reason_lines(seen, verdict.unmet))]
            if verdict.unshown:
                lines.append(
                    (0, speech("not shown: {names}", names=names(seen.library, verdict.unshown, w=seen.words)))
                )
            codes = _codes([verdict.why, *([verdict.unmet] if verdict.unmet is not None else [])])
            found.append(WhyRow(verdict_words(seen, answer, verdict), lines, codes))
    return found


def _codes(reasons: Sequence[Reason]) -> list[str]:
    """The conditions as they are written, but for those that hold for everybody."""
    return [reason.node.text for reason in reasons if reason.node.text not in ("", *UNLIMITED)]


def _line(text: str) -> Line:
    return (len(text) - len(text.lstrip())) // 2, text.strip()


def _fact(seen: Assessment, slot: int) -> FactView:
    declared, origin = seen.library.program.slots[slot], seen.snapshot.origins[slot]
    return FactView(
        fact_words(seen.library, declared.name, seen.words),
        with_decimals(written_words(slot_words(seen, slot), seen.words), seen.words),
        written_words(origin.written, seen.words),
        ", ".join(origin.where),
        "; ".join(origin.marks),
        seen.snapshot.known(slot, declared),
    )
