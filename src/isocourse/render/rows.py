"""One row of a table in words, without a patient."""

from __future__ import annotations

from isocourse.decisions.dates import words as duty_words
from isocourse.decisions.tables import Point, Row, words
from isocourse.render.steps import steps_words
from isocourse.render.words import FORCE, options_words


def row_words(point: Point, row: Row) -> str:
    """What a row says, in words, for whomever it speaks of."""
    force = FORCE[row.force]
    if row.duty is not None:
        verb = {"do": "", "keep_up": "keep up ", "avoid": "avoid "}[row.duty.verb]
        return f"{force}: {verb}{words(point.say_of(row.duty.what))} {duty_words(row.duty)}".rstrip()
    if row.steps:
        return f"{force}: {steps_words(point, row)}"
    if row.find:
        return f"{words(point.say_of(row.find))}: {force}: {options_words(point, row.take)}"
    if row.take:
        return f"{force}: {options_words(point, row.take)}"
    if row.of == "none":
        return f"{force}: no figure is aimed at"
    form = "" if row.of == "any" else f" of {row.of} capsules"
    return f"{force}: {row.low} to {row.high} {row.unit}{form}"
