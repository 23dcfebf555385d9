"""A course of the register as a record at hand: read anew by each day, under the patient's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from isocourse.facts.record import Record
from isocourse.library import Asked
from isocourse.web.patients import Patient

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.web.shelf import Shelf


def called(known: Known) -> str:
    """The patient by name, or by pseudonym where no name is kept."""
    return known.identity.name if known.identity and known.identity.name else known.patient


def at_hand(shelf: Shelf, known: Known, before: Patient | None, today: int) -> Patient:
    """The course as of its last entry; as it was asked before, if it was at hand already."""
    if before is not None and before.version == known.last_seq:
        return before

    course, read = known.course, known.record

    def record(as_of: int) -> Record:
        return read if as_of == today else shelf.know(course, as_of).record

    asked, by_today = (before.asked, before.by_today) if before else (Asked(today), True)
    return Patient(
        called(known),
        record,
        asked,
        by_today,
        handle=course,
        version=known.last_seq,
        further=_further(known),
        worked=shelf.opened.of(course, known.last_seq),
    )


def _further(known: Known) -> bool:
    """Whether the last dose on file is that of a course before this one, which has none of its own."""
    from isocourse.register.document import dossier  # a workbench without a register loads no database

    found = dossier(known.events, known.course, known.identity)
    dates = found.native.get("course", {})
    return bool(found.ended_before) and isinstance(dates, Mapping) and not dates.get("last_dose")
