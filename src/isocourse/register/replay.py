"""Reads all events, the newest first, and folds every patient on the way: how projections are rebuilt and compared."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, String, and_, literal_column, select

from isocourse.register.database import driver_rows, is_sqlite
from isocourse.register.events import bound_to
from isocourse.register.fold import Folded, Folding
from isocourse.register.journal import CHUNK, all_keys
from isocourse.register.seal import SEALED, SealError, opener
from isocourse.register.tables import EVENT

Progress = Callable[[int], None]
"""Told how many more were done."""

AT_ONCE = 50_000
"""Patients folded in one reading of the events, about 4 kB each; more patients take more readings.

Events lie in the order in which they were written, and reading them in that order takes a quarter of the time of fetching them patient by
patient.
"""

_E = EVENT.c


@contextmanager
def uncollected() -> Iterator[None]:
    """Puts off looking for garbage: with some hundred thousand rows in the making it would be most of the work, and find nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def replayed(
    connection: Connection, progress: Progress, unread: Collection[str] = (), at_once: int = AT_ONCE
) -> Iterator[Folded]:
    """Every patient of whom something was written.

    Args:
        connection: one view of the register.
        progress: told how many events were read.
        unread: kinds of event whose bodies are not asked for; they stay shut.
        at_once: patients folded in one reading.

    Raises:
        SealError: a body does not open with the patient's key.
    """
    keys = all_keys(connection)
    for whose in _parts(connection, sorted(keys), at_once):
        yield from _folded(connection, keys, whose, progress, unread)


def _parts(connection: Connection, patients: list[str], at_once: int) -> Iterator[ColumnElement[bool]]:
    """Conditions that part all patients, those who were erased too, into groups of about that size."""
    # Not by the index: the events are read as they lie. And in the order that Python has, whatever the language of the database.
    whose: ColumnElement[str] = (
        literal_column("+event.patient", String) if is_sqlite(connection) else _E.patient.collate("C")
    )
    borders = ["", *patients[at_once::at_once], None]
    for low, high in pairwise(borders):
        above = whose >= low if low else whose > ""  # the register's own events have no patient
        yield above if high is None else and_(above, whose < high)


def _folded(
    connection: Connection,
    keys: dict[str, bytes],
    whose: ColumnElement[bool],
    progress: Progress,
    unread: Collection[str],
) -> Iterator[Folded]:
    found: dict[str, tuple[Folding, Callable[[bytes, bytes], bytes] | None]] = {}
    asked = select(_E.seq, _E.patient, _E.course, _E.version, _E.kind, _E.body).where(whose).order_by(_E.seq.desc())
    for number, (seq, patient, course, version, kind, body) in enumerate(driver_rows(connection, asked, CHUNK), 1):
        theirs = found.get(patient)
        if theirs is None:
            key = keys.get(patient)
            theirs = found[patient] = Folding(patient), opener(key) if key is not None else None
        made, open_ = theirs
        written = b"{}"
        if body[:1] != SEALED:
            written = body
        elif open_ is not None and kind not in unread:
            try:
                written = open_(body, bound_to(patient, course, version, kind))
            except SealError:
                raise SealError(seq) from None
        made.tell(seq, course, version, kind, written)
        if number % CHUNK == 0:
            progress(CHUNK)
    for patient in sorted(found):
        yield found[patient][0].rows()
