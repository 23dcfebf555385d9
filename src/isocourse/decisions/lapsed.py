"""What was red when it was measured or said, and is only too old to count: it never vanishes in silence."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.tables import Edition, RedLine, Row, Status
from isocourse.logic.explain import Reason, explain
from isocourse.logic.tree import Program
from isocourse.logic.truth import Truth

RED_POINTS = ("contraindications", "stop_now")
"""The points whose absolutes, under what governs, are red."""


class Lapsed(Struct, frozen=True):
    """A red line, or an absolute of what governs, that rests on a value past its time with nothing newer on file."""

    line: RedLine | None
    why: Reason
    answer: Answer | None = None
    verdict: Verdict | None = None


def forbids_outright(answer: Answer, row: Row) -> bool:
    """Whether a row is an absolute: it must be obeyed, and all that it leaves forbids."""
    return (
        row.force == "must"
        and bool(row.take)
        and all(answer.point.option(name).stand == "forbids" for name in row.take)
    )


def lapsed(
    program: Program,
    now: Sequence[int],
    ageless: Sequence[int],
    red: Sequence[RedLine],
    answers: Sequence[Answer],
    governs: Sequence[Edition],
) -> tuple[Lapsed, ...]:
    """What would be red if values counted however old they are, and is open today.

    Args:
        program: the rule tree.
        now: the truth bits of every node today.
        ageless: the same, with no value too old.
        red: the reviewed red lines.
        answers: all answers.
        governs: the governing editions.
    """
    lines = [
        Lapsed(line, explain(program, ageless, line.node)) for line in red if _open_only_by_age(line.node, now, ageless)
    ]
    named = {each.line.name for each in lines if each.line}
    rows = [
        Lapsed(None, explain(program, ageless, verdict.row.when), answer, verdict)
        for answer in answers
        if answer.edition in governs and answer.point.name in RED_POINTS and answer.status is not Status.OUTSIDE
        for verdict in answer.verdicts
        if verdict.row.find not in named
        and forbids_outright(answer, verdict.row)
        and _open_only_by_age(verdict.row.when, now, ageless)
    ]
    return (*lines, *rows)


def _open_only_by_age(node: int, now: Sequence[int], ageless: Sequence[int]) -> bool:
    return ageless[node] == Truth.YES and now[node] == Truth.UNKNOWN
