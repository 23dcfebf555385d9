"""No go on unknown: start and supply are never unqualified without a negative last test inside its window.

Safety rule 1 of the design. It is lifted only by a definition that says, for this patient as known today, that she cannot become
pregnant: every governing one, or, where no protocol governs, every loaded one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.tables import Edition
from isocourse.logic.truth import Truth

TERM = "able_to_become_pregnant"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether start and supply are free as far as pregnancy goes, and if not, what the file does not show."""

    free: bool
    able: Truth
    """Whether she can become pregnant: yes if any definition that counts says so."""
    test_shown: bool
    """A last test that is surely negative, inside the window of every duty that counts."""
    negative: bool
    """Whether the last test on file is surely negative, whenever it was."""
    open_duties: tuple[tuple[Answer, Verdict], ...] = ()
    """The testing duties that the file does not show as met."""


def gate(answers: Sequence[Answer], able: Mapping[str, Truth], governs: Sequence[Edition], *, negative: Truth) -> Gate:
    """The gate for one patient.

    Args:
        answers: all answers, of every edition.
        able: for each edition that defines the term, whether she can become pregnant.
        governs: the governing editions; may be empty.
        negative: whether the last pregnancy test is negative, as far as the file tells.
    """
    keys = [edition.key for edition in governs if edition.key in able] or list(able)
    said = [able[key] for key in keys]
    whole = (
        Truth.YES
        if Truth.YES in said
        else Truth.NO
        if said and all(each is Truth.NO for each in said)
        else Truth.UNKNOWN
    )
    open_ = _open_duties(answers, governs, "pregnancy_tests")
    test = negative is Truth.YES and open_ == ()
    return Gate(whole is Truth.NO or test, whole, test, negative is Truth.YES, open_ or ())


def _open_duties(
    answers: Sequence[Answer], governs: Sequence[Edition], point: str
) -> tuple[tuple[Answer, Verdict], ...] | None:
    """The duties of the point that name what the file must show and are not shown; None where no duty names anything.

    A duty known at second hand counts here too: it may hold up, and what the file shows of it is read off the file itself.
    """
    duties = [
        (answer, verdict)
        for answer in answers
        if answer.point.name == point and (not governs or answer.edition in governs)
        for verdict in answer.verdicts
        if verdict.row.duty
        and verdict.row.duty.met >= 0
        and verdict.applies is not Truth.NO
        and _now(verdict.row.duty.at)
    ]
    return tuple(duty for duty in duties if duty[1].shown is not Truth.YES) if duties else None


def _now(at: object) -> bool:
    """Duties after the course do not hold up a start."""
    return getattr(at, "anchor", "") != "last_dose"
