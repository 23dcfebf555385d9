"""One row of a table in words, without a patient."""

from __future__ import annotations

from isocourse.decisions.answers import Stance
from isocourse.decisions.tables import Point, Row
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.render.words import duty_line, finding_words, stance_words


def subject(row: Row) -> str:
    """The finding or the duty that a row is about; nothing for a choice or a range."""
    return row.find or (row.duty.what if row.duty else "")


def row_words(point: Point, row: Row, w: Wording = ENGLISH) -> str:
    """What a row says, in words, for whomever it speaks of."""
    if row.duty is not None:
        return duty_line(point, row, w)
    if row.find:
        return finding_words(point, row, w)
    return stance_words(point, Stance(row, row.take), w)
