"""Projections: what lists and searches read. Made from the events alone, so they can be dropped, rebuilt and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, ScalarSelect, Table, delete, exists, func, or_, select, text, update

from isocourse.register.database import insert_rows
from isocourse.register.fold import UNREAD, Folded, Row, fold
from isocourse.register.journal import chunks, end_of_chain, written_of_several
from isocourse.register.problem import RegisterError
from isocourse.register.replay import Progress as Progress
from isocourse.register.replay import uncollected
from isocourse.register.tables import COPIED, COURSE, EVENT, LATEST, PATIENT, PROJECTIONS, WORKLIST
from isocourse.register.workers import all_folded

FLUSH = 20_000
"""Rows written at a time while everything is rebuilt."""


def quiet(_: int) -> None:
    """No progress shown."""


def refold(connection: Connection, patients: Sequence[str]) -> None:
    """Makes the rows of some patients anew from their events."""
    folded = [fold(theirs) for theirs in written_of_several(connection, patients)]
    forget(connection, patients)
    write_rows(connection, folded)


def forget(connection: Connection, patients: Sequence[str]) -> None:
    """Removes the rows of some patients."""
    for some in chunks(patients):
        for table in PROJECTIONS:
            connection.execute(delete(table).where(table.c.patient.in_(some)))


def fall_behind(connection: Connection, patients: Sequence[str]) -> None:
    """Marks what was judged of some patients as older than what was written, and tells of their courses what is so now."""
    for some in chunks(patients):
        connection.execute(update(WORKLIST).where(WORKLIST.c.patient.in_(some)).values(behind=1, **_copied()))


def _copied() -> dict[str, ScalarSelect[str]]:
    """What the course's row tells, for its line of the worklist."""
    return {name: select(COURSE.c[name]).where(_SAME).scalar_subquery() for name in COPIED}


_SAME = COURSE.c.course == WORKLIST.c.course
APART = or_(*(COURSE.c[name] != WORKLIST.c[name] for name in COPIED))
"""Whether a line of the worklist and the row of its course tell different things."""


@uncollected()
def rebuild(connection: Connection, progress: Progress = quiet, workers: int | None = 1) -> int:
    """Empties the projections and makes them from all events; the number of events of patients.

    What was judged is kept, except for courses that are no longer there; what its lines tell of a course is brought up to date.

    Args:
        connection: one that writes. With several processes it has not written an event: they do not see it.
        progress: told how many events were read.
        workers: processes; None: as many as fit.

    Raises:
        RegisterError: not every event was read.
    """
    for table in PROJECTIONS:
        connection.execute(delete(table))
    waiting: list[Folded] = []
    size = events = 0
    for each in all_folded(connection, progress, UNREAD, workers):
        waiting.append(each)
        events += each.events
        size += len(each.latest)
        if size >= FLUSH:
            write_rows(connection, waiting)
            waiting, size = [], 0
    write_rows(connection, waiting)
    if events != (expected := _of_patients(connection)):
        raise RegisterError(f"of {expected} events of patients {events} were read; nothing of this was written")
    connection.execute(delete(WORKLIST).where(WORKLIST.c.course.not_in(select(COURSE.c.course))))
    connection.execute(update(WORKLIST).where(exists().where(_SAME, APART)).values(_copied()))
    return events


def _of_patients(connection: Connection) -> int:
    """How many events there are of patients; the chain counts them, less its own."""
    own = connection.execute(select(func.count()).where(EVENT.c.patient == "")).scalar_one()
    return end_of_chain(connection)[0] - own


def write_rows(connection: Connection, folded: Sequence[Folded]) -> None:
    """Writes the rows of patients who have none."""
    insert_rows(connection, PATIENT, [each.patient for each in folded if each.patient is not None])
    insert_rows(connection, COURSE, [row for each in folded for row in each.courses])
    insert_rows(connection, LATEST, [row for each in folded for row in each.latest])


Look = Callable[[Folded], Iterable[str]]
"""Says what is wrong with what is on record of one patient."""


def unlooked(_: Folded) -> Iterable[str]:
    """Nothing is looked for."""
    return ()


@uncollected()
def differences(
    connection: Connection,
    progress: Progress = quiet,
    look: Look = unlooked,
    most: int = 20,
    workers: int | None = 1,
) -> list[str]:
    """Where a stored projection is not what the events give: table and row, in words; nothing if all is well.

    Args:
        connection: one view of the register.
        progress: told how many events were read.
        look: asked about each patient on the way.
        most: after so many faults it ends.
        workers: processes; None: as many as fit.
    """
    found: list[str] = []
    seen: dict[str, int] = dict.fromkeys((table.name for table in PROJECTIONS), 0)
    patients = all_folded(connection, progress, workers=workers)
    while some := list(islice(patients, 500)):
        told = [list(look(each)) for each in some]
        found.extend(fault for faults in told for fault in faults)
        sound = [each for each, faults in zip(some, told, strict=True) if not faults]
        found.extend(_compared(connection, sound, seen))
        if len(found) >= most:
            return found[:most]
    for table in PROJECTIONS if not found else ():
        stored = connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one()
        if stored > seen[table.name]:
            found.append(f"{table.name}: {stored - seen[table.name]} rows that no event gives")
    return found


def _compared(connection: Connection, folded: Sequence[Folded], seen: dict[str, int]) -> Iterator[str]:
    patients = [each.name for each in folded]
    expected: dict[Table, list[Row]] = {
        PATIENT: [each.patient for each in folded if each.patient is not None],
        COURSE: [row for each in folded for row in each.courses],
        LATEST: [row for each in folded for row in each.latest],
    }
    for table, rows in expected.items():
        stored = {tuple(row) for row in connection.execute(select(table).where(table.c.patient.in_(patients)))}
        seen[table.name] += len(stored)
        for row in sorted(set(rows) - stored):
            yield f"{table.name}: the row of {_name(table, row)} is missing or was changed"
        for row in sorted(stored - set(rows)):
            yield f"{table.name}: the row of {_name(table, row)} is not what the events give"


def _name(table: Table, row: Row) -> str:
    """The row's primary key; no values of a patient."""
    keys = [place for place, column in enumerate(table.columns) if column.primary_key]
    return " ".join(str(row[place]) for place in keys if row[place] != "")
