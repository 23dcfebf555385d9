"""What happens in a register: the kinds of event, what is written, and what is read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

Body = Mapping[str, object]

PATIENT_ADDED = "patient.added"
PATIENT_CHANGED = "patient.changed"
PATIENT_IDENTIFIED = "patient.identified"
PATIENT_ERASED = "patient.erased"
COURSE_OPENED = "course.opened"
COURSE_CHANGED = "course.changed"
VISIT_RECORDED = "visit.recorded"
DOCUMENT_RECEIVED = "document.received"
ENTRY_UNDONE = "entry.undone"
REGISTER_OPENED = "register.opened"
REGISTER_KEYED = "register.keyed"
REGISTER_EXPORTED = "register.exported"
REGISTER_RESTORED = "register.restored"

CAN_BE_UNDONE = (PATIENT_CHANGED, COURSE_CHANGED, VISIT_RECORDED, DOCUMENT_RECEIVED, ENTRY_UNDONE)
"""By a correcting event; nothing is ever taken out."""

PLAIN = (PATIENT_ERASED, REGISTER_OPENED, REGISTER_KEYED, REGISTER_EXPORTED, REGISTER_RESTORED)
"""Kinds whose body holds nothing of a patient and is not sealed."""

ENTRIES = ("events", "lists", "orders", "doses", "coverage")
"""The parts of a visit: the native record's own entries (docs/guide/records.md)."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who writes, when, and with which knowledge loaded."""

    actor: str
    at: str
    """An instant in UTC, as 2026-11-24T09:30:00.000000Z."""
    knowledge: str = ""


class Draft(msgspec.Struct, frozen=True):
    """An event to be appended."""

    kind: str
    body: Body
    patient: str = ""
    course: str = ""
    expected: int | None = None
    """The version of the course that the writer had seen; None where nothing depends on it."""


class Stored(msgspec.Struct, frozen=True):
    """An event that was appended."""

    seq: int
    patient: str
    course: str
    version: int
    kind: str
    hash: bytes


class Opened(msgspec.Struct, frozen=True):
    """An event read back, its body open."""

    seq: int
    patient: str
    course: str
    version: int
    kind: str
    body: Body
    actor: str
    at: str
    knowledge: str


Written = tuple[int, str, str, int, str, bytes]
"""An event as a fold reads it: number, patient, course, version, kind, body as JSON; `{}` where it cannot be opened any more."""


def bound_to(patient: str, course: str, version: int, kind: str) -> bytes:
    """What a sealed body is bound to, so that it opens nowhere else."""
    return f"{patient}|{course}|{version}|{kind}".encode()
