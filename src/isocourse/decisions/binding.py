"""Which edition binds on a day, and which protocols govern a course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from isocourse.decisions.sentence import of_day, of_text, sentence
from isocourse.decisions.tables import AUTHORITY, Edition, Status


def in_force(editions: Iterable[Edition], day: int) -> tuple[Edition, ...]:
    """The editions that may be in force on a day.

    An end is believed only if it was read at source: an edition whose end is second-hand, planned or unknown is still shown after
    it, beside its successor, and what is relaxed by the successor is unqualified only where both allow it.
    """
    return tuple(edition for edition in editions if _begun(edition, day) and not _surely_over(edition, day))


def _begun(edition: Edition, day: int) -> bool:
    return edition.begins is None or edition.begins.certainty == "unknown" or edition.begins.day <= day


def _surely_over(edition: Edition, day: int) -> bool:
    return edition.ends is not None and edition.ends.certainty == "read" and edition.ends.day < day


def stands(edition: Edition, day: int) -> str:
    """Whether an edition is in force on a day: yes, no, or doubtful."""
    if not in_force([edition], day):
        return "no"
    return "doubtful" if doubt(edition, day) else "yes"


def doubt(edition: Edition, day: int) -> str:
    """Why it is not certain that the edition binds on the day, or nothing."""
    if _surely_over(edition, day) and edition.ends is not None:
        return sentence(DOUBTS["ended"], day=of_day(edition.ends.day))
    if not _begun(edition, day) and edition.begins is not None:
        return sentence(DOUBTS["begins"], day=of_day(edition.begins.day))
    if edition.ends is not None and edition.ends.day < day:
        return sentence(DOUBTS["end"], what=_say(edition.ends.certainty))
    if edition.begins is not None and edition.begins.certainty != "read":
        return sentence(DOUBTS["start"], what=_say(edition.begins.certainty))
    return ""


def _say(certainty: str) -> str:
    return of_text(DOUBTS[certainty]) if certainty in DOUBTS else certainty


DOUBTS = {
    "ended": "it ended on {day} and binds what was asked at the start",
    "begins": "it begins on {day}, before the first dose",
    "end": "its end is {what}",
    "start": "its start is {what}",
    "second_hand": "known at second hand only",
    "planned": "only planned",
    "unknown": "unknown",
}
"""Why it is not certain that an edition binds."""


def was_read(edition: Edition) -> bool:
    """Whether anything of it was read; what nobody has read governs nothing, and no other text takes its place."""
    return any(cell.status is not Status.NOT_READ for cell in edition.cells)


def governing(editions: Sequence[Edition], places: Sequence[str], label: str = "") -> tuple[Edition, ...]:
    """The mandatory rules of the jurisdiction and the label of the product in hand; none if the jurisdiction is unknown.

    Args:
        editions: those in force.
        places: where the course is, with the regions that the place belongs to; nothing if that is not known.
        label: the protocol that is the label of the product in hand, if that is known.
    """
    if not places:
        return ()
    bind = [
        edition
        for edition in editions
        if set(places).intersection(edition.jurisdictions)
        and edition.authority in ("mandatory", "label")
        and was_read(edition)
    ]
    if label and any(edition.protocol == label for edition in bind):
        bind = [edition for edition in bind if edition.authority != "label" or edition.protocol == label]
    return tuple(sorted(bind, key=lambda edition: AUTHORITY.index(edition.authority)))


def together(one: Edition, other: Edition) -> bool:
    """Whether there is a day on which both may be in force."""
    begin = max(
        edition.begins.day if edition.begins and edition.begins.certainty != "unknown" else 0
        for edition in (one, other)
    )
    return (
        _begun(one, begin) and _begun(other, begin) and not _surely_over(one, begin) and not _surely_over(other, begin)
    )
