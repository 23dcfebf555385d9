"""A course of the register as a record at hand: read anew by each day, under the patient's name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isocourse.facts.courses import work_out
from isocourse.facts.record import Record
from isocourse.library import Asked
from isocourse.logic.truth import Truth
from isocourse.web.patients import Patient, Worked, remember

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.web.shelf import Shelf


def called(known: Known) -> str:
    """The patient by name, or by pseudonym where no name is kept."""
    return known.identity.name if known.identity and known.identity.name else known.patient


def at_hand(shelf: Shelf, course: str, before: Patient | None, today: int, known: Known | None = None) -> Patient:
    """The course as of its patient's last entry; as it was asked before, if it was at hand already.

    Args:
        shelf: the register.
        course: the course.
        before: how it was at hand until now.
        today: the day it is.
        known: what was read of it just now, by today; else it is read if nobody has read it as of that entry.

    Raises:
        RegisterError: there is no such course, or the register cannot be read.
    """
    seq = known.last_seq if known else shelf.last_seq(course)
    if before is not None and before.version == seq:
        return before
    shared = shelf.opened.find(course, seq)
    if shared is None:
        shared = shelf.opened.keep(_shared(shelf, known or shelf.know(course, today), today))
    asked, by_today = (before.asked, before.by_today) if before else (Asked(today), True)
    return replace(shared, asked=asked, by_today=by_today)


def _shared(shelf: Shelf, known: Known, today: int) -> Patient:
    """The course as all who look at it share it."""
    course, worked = known.course, Worked(records={today: known.record})

    def record(as_of: int) -> Record:
        read = worked.records.get(as_of)
        if read is None:
            read = shelf.know(course, as_of).record
            remember(worked.records, as_of, read)
        return read

    further = _further(known)
    return Patient(
        called(known), record, Asked(today), handle=course, version=known.last_seq, further=further, worked=worked
    )


def over(patient: Patient, as_of: int | None = None) -> bool:
    """Whether the course has had its last dose, and nothing of a further one stands on file; by another day than asked, if that is given.

    This decides whether a plan is still asked for, what its page says, and whether a further course may be opened.
    """
    day = patient.asked.as_of if as_of is None else as_of
    return not patient.further and work_out("finished", patient.record(day), day).value is Truth.YES


def _further(known: Known) -> bool:
    """Whether the last dose on file is that of a course before this one, which has none of its own."""
    from isocourse.register.document import dossier  # a workbench without a register loads no database

    found = dossier(known.events, known.course, known.identity)
    dates = found.native.get("course", {})
    return bool(found.ended_before) and isinstance(dates, dict) and not dates.get("last_dose")
