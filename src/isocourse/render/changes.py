"""What changed between two editions, in words: what each says, whom it says it to, and the patient who gets another answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from isocourse.decisions.tables import Definition, Row, Status
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.library import Library
from isocourse.logic.syntax import UNLIMITED
from isocourse.render.conditions import condition_words, value_words, whom_words
from isocourse.render.disagreements import AS_SHE_IS
from isocourse.render.rows import row_words
from isocourse.render.words import STATUS, fact_words, position_words

WHAT = {
    "row gone": "no longer said",
    "row new": "newly said",
    "for others": "said to others than before",
    "definition": "defined otherwise",
}
"""What another edition does otherwise, in words; where one of the two does not speak, its own words say so."""


class Ruled(Struct, frozen=True):
    """A row, with the position that it stands in."""

    row: Row
    among: tuple[Row, ...]
    """All rows of the position; in a choice and in a range the ones before count too."""
    position: str = ""
    """Its name, where it has one of its own."""


class Side(Struct, frozen=True):
    """What one of the two editions says of what changed."""

    status: Status
    rows: tuple[Ruled, ...] = ()
    term: Definition | None = None


class Change(Struct, frozen=True):
    """One thing that another edition says otherwise."""

    point: str
    what: str
    """`now silent`, `now speaks`, `not read`, `definition`, `row gone`, `row new`, `for others`."""
    before: tuple[str, ...]
    """With each condition as code."""
    after: tuple[str, ...]
    patient: tuple[tuple[str, str], ...] | None = None
    """The patient nearest to the reference who gets another answer; None where no patient was looked for."""
    sides: tuple[Side, Side] = (Side(Status.ANSWERED), Side(Status.ANSWERED))
    """The same as data, to be told in any language: before, and after."""


class Told(Struct, frozen=True):
    """One thing that an edition says, in words, with the code behind them."""

    position: str
    says: str
    when: str
    """Whom it speaks of; nothing where that is everybody."""
    code: str
    """The condition as it is written."""


def side_words(library: Library, change: Change, side: Side, w: Wording = ENGLISH) -> Iterator[Told]:
    """What one edition says; nothing where it speaks and does not say this."""
    if side.term is not None and side.term.text:
        yield Told("", condition_words(library, side.term.text, w), "", side.term.text)
    elif side.status is not Status.ANSWERED:
        yield Told("", w(STATUS[side.status]), "", "")
    for each in side.rows:
        point, row = library.point(change.point), each.row
        yield Told(
            position_words(each.position, w) if each.position else "",
            row_words(point, row, w),
            whom_words(library, point, each.among, row, w),
            "" if row.text in UNLIMITED else row.text,
        )


def patient_words(library: Library, change: Change, w: Wording = ENGLISH) -> list[tuple[str, str]]:
    """The facts in which the patient differs from the reference patient, with their values, in words."""
    return [(_fact(library, name, w), value_words(value, w)) for name, value in change.patient or ()]


def _fact(library: Library, name: str, w: Wording) -> str:
    return condition_words(library, name, w) if "(" in name else fact_words(library, name, w)


def title_of(library: Library, change: Change, w: Wording = ENGLISH) -> str:
    """The question, or the term, that it is about."""
    points = {point.name: point.title for point in library.points}
    return w(points.get(change.point, change.point.replace("_", " ")))


def changes_lines(library: Library, found: Sequence[Change]) -> Iterator[str]:
    """The changes for a terminal."""
    for change in found:
        what = WHAT.get(change.what, "")
        yield f"{title_of(library, change)} ({change.point}){f': {what}' if what else ''}"
        for sign, side in zip("-+", change.sides, strict=True):
            yield from (f"  {sign} {_line(told)}" for told in side_words(library, change, side))
        if change.patient is not None:
            facts = "; ".join(f"{name}: {value}" for name, value in patient_words(library, change))
            yield f"  for: {facts or AS_SHE_IS}"


def _line(told: Told) -> str:
    whose = f"({told.position}) " if told.position else ""
    return f"{whose}{told.says}{f' — when {told.when}' if told.when else ''}"


def changes_data(library: Library, found: Sequence[Change]) -> list[dict[str, object]]:
    """The changes as plain data: with code, and part for part in words."""
    return [
        {
            "point": change.point,
            "what": change.what,
            "before": change.before,
            "after": change.after,
            "patient": change.patient,
            "title": title_of(library, change),
            "before_rows": list(side_words(library, change, change.sides[0])),
            "after_rows": list(side_words(library, change, change.sides[1])),
            "patient_in_words": None if change.patient is None else patient_words(library, change),
        }
        for change in found
    ]
