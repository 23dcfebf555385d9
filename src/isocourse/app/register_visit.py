"""Writes a visit as a desk enters it: what was found, and the dates of the course that came with it, both or neither."""

from __future__ import annotations

from collections.abc import Mapping

from isocourse.app.register import require_settings
from isocourse.register import events as kinds
from isocourse.register.events import Body, Draft, Stamp, Stored
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register


def enter_visit(
    register: Register, stamp: Stamp, course: str, visit: Body, settings: Mapping[str, str | None], expected: int
) -> tuple[Stored, ...]:
    """Writes entries and settings of one visit in one transaction; one event for each of the two that is not empty.

    Raises:
        ConflictError: the course has grown since version `expected` was read.
        RegisterError: there is no such course, a date is no day, or there is nothing to write.
    """
    require_settings(settings)
    patient = register.patient_of(course)
    drafts = [Draft(kinds.VISIT_RECORDED, visit, patient, course, expected)] if visit else []
    if settings:
        first = None if drafts else expected
        drafts.append(Draft(kinds.COURSE_CHANGED, {"set": dict(settings)}, patient, course, first))
    if not drafts:
        raise RegisterError("the visit is empty; nothing would be written")
    with register.writing(stamp) as writer:
        return writer.append(drafts)
