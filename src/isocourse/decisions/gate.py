"""No go on unknown: start and supply are never unqualified without a negative last test inside its window.

Safety rule 1 of the design. It is lifted only by a definition that says, for this patient as known today, that she cannot become
pregnant: every governing one, or, where no protocol governs, every loaded one. A pregnancy that the file speaks of is not lifted by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.tables import Edition, Row
from isocourse.logic.truth import Truth

TERM = "able_to_become_pregnant"


class Gate(Struct, frozen=True):
    """Whether start and supply are free as far as pregnancy goes, and if not, what the file does not show."""

    free: bool
    able: Truth
    """Whether she can become pregnant: yes if any definition that counts says so."""
    negative: bool
    """Whether the last test on file is surely negative, whenever it was."""
    open_duties: tuple[tuple[Answer, Verdict], ...] = ()
    """The testing and supply duties that the file does not show as met."""
    renewal_due: bool = False
    """Whether the supply of the order on file is over, or may be."""
    suspected: bool = False
    """Whether the file holds an entry of a pregnancy that is neither confirmed nor refuted."""


def gate(
    answers: Sequence[Answer],
    able: Mapping[str, Truth],
    governs: Sequence[Edition],
    *,
    negative: Truth,
    renewal_due: bool,
    suspected: bool,
) -> Gate:
    """The gate for one patient, over everything loaded, whatever part of it the user asked to see.

    Args:
        answers: all answers, of every edition in force.
        able: for each edition that defines the term, whether she can become pregnant.
        governs: the governing editions; may be empty.
        negative: whether the last pregnancy test is negative, as far as the file tells.
        renewal_due: whether the supply of the order on file is over, or may be, so that a test of then says nothing of now.
        suspected: whether the file holds an entry of a pregnancy that is neither confirmed nor refuted.
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
    open_ = _open_duties(answers, governs)
    test = negative is Truth.YES and open_ == () and not renewal_due and not suspected
    return Gate(
        (whole is Truth.NO and not suspected) or test, whole, negative is Truth.YES, open_ or (), renewal_due, suspected
    )


def _open_duties(answers: Sequence[Answer], governs: Sequence[Edition]) -> tuple[tuple[Answer, Verdict], ...] | None:
    """The testing duties that the file does not show as met, and the supply and contraception duties that it shows as not met.

    None where no testing duty of a start or supply names what it must show.

    A duty known at second hand counts here too: it may hold up, and what the file shows of it is read off the file itself.
    """
    counted = [answer for answer in answers if not governs or answer.edition in governs]
    tests = [duty for duty in _duties(counted, "pregnancy_tests") if _now(duty[1])]
    supplies = [
        duty
        for point in ("supply_window", "contraception")
        for duty in _duties(counted, point)
        if duty[1].shown is Truth.NO and duty[1].row.force == "must"
    ]
    open_ = tuple(duty for duty in tests if duty[1].shown is not Truth.YES)
    return (*open_, *supplies) if any(qualifies(duty[1].row) for duty in tests) else None


QUALIFYING = ("each_prescription", "each_supply", "start")
"""Anchors of a test that belongs to a start or a supply; a test for another reason opens nothing by itself."""


def qualifies(row: Row) -> bool:
    """Whether a testing duty belongs to a start or a supply."""
    return row.duty is not None and row.duty.at is not None and row.duty.at.anchor in QUALIFYING


def _duties(answers: Sequence[Answer], point: str) -> list[tuple[Answer, Verdict]]:
    return [
        (answer, verdict)
        for answer in answers
        if answer.point.name == point
        for verdict in answer.verdicts
        if verdict.row.duty and verdict.row.duty.met >= 0 and verdict.applies is not Truth.NO
    ]


def _now(verdict: Verdict) -> bool:
    """Whether the duty holds up a start or supply; those after the course do not."""
    duty = verdict.row.duty
    return duty is not None and (duty.at is None or duty.at.anchor != "last_dose")
