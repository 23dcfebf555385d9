"""Reads all events, the newest first, and folds every patient on the way: how projections are rebuilt and compared."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, String, and_, literal_column, select

from isocourse.register.database import driver_rows, is_sqlite
from isocourse.register.events import bound_to
from isocourse.register.fold import Folded, Folding
from isocourse.register.journal import CHUNK
from isocourse.register.seal import SEALED, SealError, cipher_of, unseal_with
from isocourse.register.tables import EVENT

Progress = Callable[[int], None]
"""Told how many more were done."""

AT_ONCE = 50_000
"""Patients folded in one reading of the events, about 10 kB each; more patients take more readings.

Events lie in the order in which they were written, and reading them in that order takes a quarter of the time of fetching them patient by
patient.
"""

GATHERED = 250_000
"""Events gathered by patient before they are folded, about 0.8 kB each: what is held of a patient is then fetched once for all of theirs.

With several ten thousand patients in the making none of it is in the processor's caches any more, and fetching it took longer than folding.
"""

Event = tuple[int, str, str, int, str, bytes]
"""Number, patient, course, version, kind, and the body as it lies."""

_E = EVENT.c


class Share(msgspec.Struct, frozen=True):
    """Whose events are to be folded, and all that it takes besides the events: the same in any later view of the register."""

    keys: Mapping[str, bytes]
    """Of the patients that had one when the work began."""
    last: int
    """The last event that counts."""
    low: str = ""
    high: str = ""
    """Patients from the one to below the other; empty: all there are."""
    unread: tuple[str, ...] = ()
    """Kinds of event whose bodies are not asked for; they stay shut."""
    at_once: int = AT_ONCE
    """Patients folded in one reading."""


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


def replayed(connection: Connection, share: Share, progress: Progress) -> Iterator[Folded]:
    """Every patient of a share of whom something was written.

    Raises:
        SealError: a body does not open with the patient's key.
    """
    for low, high in pairwise((share.low, *sorted(share.keys)[share.at_once :: share.at_once], share.high)):
        yield from _folded(connection, share, _whose(connection, low, high), progress)


def _whose(connection: Connection, low: str, high: str) -> ColumnElement[bool]:
    """Which events are of these patients, those who were erased too."""
    # Not by the index: the events are read as they lie. And in the order that Python has, whatever the language of the database.
    whose: ColumnElement[str] = (
        literal_column("+event.patient", String) if is_sqlite(connection) else _E.patient.collate("C")
    )
    above = whose >= low if low else whose > ""  # the register's own events have no patient
    return and_(above, whose < high) if high else above


def _folded(connection: Connection, share: Share, whose: ColumnElement[bool], progress: Progress) -> Iterator[Folded]:
    found: dict[str, tuple[Folding, AESGCM | None]] = {}
    columns = select(_E.seq, _E.patient, _E.course, _E.version, _E.kind, _E.body)
    asked = columns.where(_E.seq <= share.last, whose).order_by(_E.seq.desc())
    for patient, theirs in _gathered(driver_rows(connection, asked, CHUNK), progress):
        known = found.get(patient)
        if known is None:
            key = share.keys.get(patient)
            known = found[patient] = Folding(patient), cipher_of(key) if key is not None else None
        _tell(*known, theirs, share.unread)
    for patient in sorted(found):
        yield found.pop(patient)[0].rows()


def _gathered(rows: Iterator[Event], progress: Progress) -> Iterator[tuple[str, list[Event]]]:
    """The events of one patient after the other, the newest first, as many times as there is something to gather."""
    found: dict[str, list[Event]] = {}
    get = found.get
    for number, row in enumerate(rows, 1):
        theirs = get(row[1])
        if theirs is None:
            found[row[1]] = [row]
        else:
            theirs.append(row)
        if number % CHUNK == 0:
            progress(CHUNK)
            while found and number % GATHERED == 0:
                yield found.popitem()
    while found:
        yield found.popitem()


def _tell(made: Folding, cipher: AESGCM | None, events: Iterable[Event], unread: Collection[str]) -> None:
    """Tells a fold some events of its patient."""
    tell = made.tell
    for seq, patient, course, version, kind, body in events:
        written = b"{}"
        if body[:1] != SEALED:
            written = body
        elif cipher is not None and kind not in unread:
            try:
                written = unseal_with(cipher, body, bound_to(patient, course, version, kind))
            except SealError:
                raise SealError(seq) from None
        tell(seq, course, version, kind, written)
