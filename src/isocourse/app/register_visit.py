"""Writes a visit as a desk enters it: what was found, and the dates of the course that came with it, both or neither."""

from __future__ import annotations

from collections.abc import Mapping

from isocourse.app.register import Known, known, require_settings
from isocourse.facts.record import Record
from isocourse.facts.sentence import sentence
from isocourse.library import Library
from isocourse.register import events as kinds
from isocourse.register.events import Body, Draft, Opened, Stamp, Stored
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register
from isocourse.render.history_frames import REFUSED

Settings = Mapping[str, str | None]


def enter_visit(
    register: Register, stamp: Stamp, course: str, visit: Body, settings: Settings, expected: int, note: str = ""
) -> tuple[Stored, ...]:
    """Writes entries and settings of one visit in one transaction; one event for each of the two that is not empty.

    Args:
        register: where it is written.
        stamp: who writes, and when.
        course: the course.
        visit: what was found.
        settings: dates, place and product of the course.
        expected: the version of the course that the writer had seen.
        note: why the settings are as they are; it stays with them.

    Raises:
        ConflictError: the course has grown since version `expected` was read.
        RegisterError: there is no such course, a date is no day, or there is nothing to write.
    """
    require_settings(settings)
    drafts = _drafts(register.patient_of(course), course, visit, settings, expected, note)
    if not drafts:
        raise RegisterError(sentence(REFUSED["visit.empty"]))
    with register.writing(stamp) as writer:
        return writer.append(drafts)


def as_if_written(now: Known, library: Library, visit: Body, settings: Settings, as_of: int) -> Record:
    """The record of a course by a day, as it would be with these entries; nothing is written.

    Raises:
        RegisterError: a setting is none, or its date is no day.
    """
    require_settings(settings)
    drafts = _drafts(now.patient, now.course, visit, settings, None, "")
    added = (
        Opened(now.last_seq + n, each.patient, each.course, now.version + n, each.kind, each.body, "", "", "")
        for n, each in enumerate(drafts, 1)
    )
    return known([*now.events, *added], now.identity, now.course, library, as_of).record


def _drafts(patient: str, course: str, visit: Body, settings: Settings, expected: int | None, note: str) -> list[Draft]:
    drafts = [Draft(kinds.VISIT_RECORDED, visit, patient, course, expected)] if visit else []
    if settings:
        first = None if drafts else expected
        why = {"note": note} if note else {}
        drafts.append(Draft(kinds.COURSE_CHANGED, {"set": dict(settings), **why}, patient, course, first))
    return drafts
