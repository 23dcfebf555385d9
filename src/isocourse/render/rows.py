"""One row of a table in words, without a patient."""

from __future__ import annotations

from isocourse.decisions.answers import Stance
from isocourse.decisions.tables import Point, Row
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.render.steps import steps_words
from isocourse.render.words import FORCE, SAID, duty_line, finding_words, stance_words


def row_words(point: Point, row: Row, w: Wording = ENGLISH) -> str:
    """What a row says, in words, for whomever it speaks of."""
    if row.duty is not None:
        return duty_line(point, row, w)
    if row.steps:
        return w(SAID, force=w(FORCE[row.force]), what=steps_words(point, row, w))
    if row.find:
        return finding_words(point, row, w)
    return stance_words(point, Stance(row, row.take), w)
