"""Invented patients and visits, and ways to do to a database what no program of ours does."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from isocourse.register import events as kinds
from isocourse.register.events import Draft, Stamp, Stored
from isocourse.register.identity import Identity, new_course, new_pseudonym
from isocourse.register.register import Register
from tests.register.conftest import STAMP, Place


def weight(kg: int, day: str = "2026-11-23") -> dict[str, object]:
    """A visit at which only the weight was taken."""
    return {"events": [{"stream": "weight", "value": f"{kg} kg", "day": day}]}


def admit(
    register: Register, visits: Sequence[dict[str, object]] = (), name: str = "Ann Example", stamp: Stamp = STAMP
) -> tuple[Stored, ...]:
    """A new patient with one course and some visits; what was stored."""
    person = Identity(new_pseudonym(), name, "1999-04-17", "7")
    course = new_course()
    drafts = [
        Draft(
            kinds.PATIENT_ADDED, {"patient": {"recorded_gender": "female"}, "identity": person.digest}, person.patient
        ),
        Draft(kinds.COURSE_OPENED, {"set": {"jurisdiction": "EU", "first_dose": "2026-09-21"}}, person.patient, course),
        *(Draft(kinds.VISIT_RECORDED, visit, person.patient, course) for visit in visits),
    ]
    with register.writing(stamp) as writer:
        writer.admit([person])
        return writer.append(drafts)


def visit(register: Register, course: Stored, body: dict[str, object], expected: int | None = None) -> Stored:
    """One more visit of a course."""
    with register.writing(STAMP) as writer:
        return writer.append([Draft(kinds.VISIT_RECORDED, body, course.patient, course.course, expected)])[0]


def by_force(place: Place, *statements: str) -> None:
    """Runs statements on the database itself, with the triggers out of the way: what somebody with the file could do."""
    if place.server is None:
        with sqlite3.connect(place.url) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in names:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return
    with place.server.connect() as server:
        for table in ("event", "trail", "trail_course"):
            server.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
        for statement in statements:
            server.execute(statement.encode())


def politely(place: Place, statement: str) -> str:
    """Runs a statement with the triggers in place; what the database says against it, or nothing."""
    try:
        if place.server is None:
            with sqlite3.connect(place.url) as connection:
                connection.execute(statement)
            connection.close()
        else:
            with place.server.connect() as server:
                server.execute(statement.encode())
    except Exception as problem:
        return str(problem)
    return ""
