"""The matrix behind Today: every question under every protocol, governing ones first, silence never shown as agreement."""

from __future__ import annotations

from dataclasses import dataclass

from isocourse.decisions.answers import Answer, by_point
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import AUTHORITY, Edition, Point, Status
from isocourse.library import Assessment
from isocourse.render.words import answer_words, short

GLYPHS = {
    Status.ANSWERED: "●",
    Status.CANNOT_TELL: "◐",
    Status.SILENT: "–",
    Status.SILENT_HERE: "○",
    Status.NOT_READ: "∅",
    Status.NOT_APPLICABLE: "·",
    Status.OUTSIDE: "⊘",
}
BROKEN = "✕"
"""Stands in place of the status where the file shows that an answer is not followed. A word always stands beside it."""

LONGEST = 70
"""Letters of an answer in a cell; the whole stands behind it."""

STAGES = ("before", "start", "during", "end", "after")


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell: a mark, a word, and where the reasons stand."""

    glyph: str
    text: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One question."""

    point: Point
    title: str
    question: str
    stage: str
    differs: bool
    cells: list[CellView | None]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The table."""

    columns: list[tuple[str, str, bool]]
    """Short and whole title, and whether it governs."""
    rows: list[RowView]
    left_out: list[str]
    """Documents that say nothing, or were not read, on any question shown."""
    all_rows: int


def matrix_view(seen: Assessment, address: str, *, only: bool) -> MatrixView:
    """The matrix.

    Args:
        seen: the assessment.
        address: where the patient's pages are.
        only: whether only questions are shown on which those who speak say different things.
    """
    told = _Told(seen)
    asked = by_point(seen.answers)
    points = sorted(
        (point for point in seen.library.points if point.name in asked), key=lambda point: STAGES.index(point.stage)
    )
    shown = [point for point in points if not only or told.differs(asked[point.name])]
    speaking = {answer.edition.key for point in shown for answer in asked[point.name] if _heard(answer)}
    columns = [edition for edition in _ordered(seen) if edition.key in speaking]
    return MatrixView(
        [(short(edition, seen.words), seen.words(edition.title), edition in seen.governs) for edition in columns],
        [_row(told, point, asked[point.name], columns, address) for point in shown],
        [short(edition, seen.words) for edition in _ordered(seen) if edition.key not in speaking],
        len(points),
    )


class _Told:
    """The answers of one patient in words, each worded once."""

    def __init__(self, seen: Assessment) -> None:
        self.seen = seen
        self._kept: dict[int, str] = {}

    def __call__(self, answer: Answer) -> str:
        found = self._kept.get(id(answer))
        if found is None:
            found = self._kept[id(answer)] = answer_words(self.seen, answer)
        return found

    def differs(self, answers: list[Answer]) -> bool:
        """Whether those who speak on a point do not all say the same. Silence neither agrees nor differs."""
        return len({self(answer) for answer in answers if answer.speaks}) > 1


def _heard(answer: Answer) -> bool:
    return answer.status not in (Status.NOT_READ, Status.SILENT)


def _ordered(seen: Assessment) -> list[Edition]:
    return sorted(seen.editions, key=lambda each: (each not in seen.governs, AUTHORITY.index(each.authority)))


def _row(told: _Told, point: Point, answers: list[Answer], columns: list[Edition], address: str) -> RowView:
    by_edition: dict[str, list[Answer]] = {}
    for answer in answers:
        by_edition.setdefault(answer.edition.key, []).append(answer)
    cells, words = [_cell(told, by_edition.get(edition.key, []), address) for edition in columns], told.seen.words
    return RowView(point, words(point.title), words(point.question), point.stage, told.differs(answers), cells)


def _cell(told: _Told, answers: list[Answer], address: str) -> CellView | None:
    if not answers:
        return None
    first = min(answers, key=lambda answer: (answer.kept is not Kept.BROKEN, not answer.speaks))
    broken = any(answer.kept is Kept.BROKEN for answer in answers)
    whole = " / ".join(dict.fromkeys(told(answer) for answer in answers))
    text = whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1].rstrip()}…"
    kind = "broken" if broken else first.status.value
    return CellView(
        BROKEN if broken else GLYPHS[first.status],
        text,
        kind,
        f"{address}/why/{first.point.name}/{first.edition.key}",
    )
