"""Reads events back, opens them with the patients' keys, and finds where the chain stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, Row, Select, func, select

from isocourse.register.canonical import GENESIS
from isocourse.register.database import driver_rows
from isocourse.register.events import Body, Opened, Written, bound_to
from isocourse.register.seal import SEALED, SealError, cipher_of, unseal, unseal_with
from isocourse.register.tables import EVENT, IDENTITY

CHUNK = 5000
"""Rows fetched at a time."""

AnyRow = Row[*tuple[Any, ...]]
"""A row of a select whose columns the reader knows."""

SHUT: Body = {}
"""The body of an event whose patient was erased."""

_E = EVENT.c
_READ = select(_E.seq, _E.patient, _E.course, _E.version, _E.kind, _E.body, _E.actor, _E.at, _E.knowledge)
_WRITTEN = select(_E.seq, _E.patient, _E.course, _E.version, _E.kind, _E.body)
_whose = itemgetter(1)
_decode = msgspec.json.Decoder(dict).decode


def end_of_chain(connection: Connection) -> tuple[int, bytes]:
    """Number and hash of the last event."""
    found = connection.execute(select(_E.seq, _E.hash).order_by(_E.seq.desc()).limit(1)).first()
    return (found.seq, bytes(found.hash)) if found else (0, GENESIS)


def keys_of(connection: Connection, patients: Sequence[str]) -> dict[str, bytes]:
    """The keys of patients; who was erased has none."""
    found: dict[str, bytes] = {}
    for some in chunks(patients):
        rows = connection.execute(select(IDENTITY.c.patient, IDENTITY.c.key).where(IDENTITY.c.patient.in_(some)))
        found.update((row.patient, bytes(row.key)) for row in rows)
    return found


def all_keys(connection: Connection) -> dict[str, bytes]:
    """Every key there is."""
    return {row.patient: bytes(row.key) for row in connection.execute(select(IDENTITY.c.patient, IDENTITY.c.key))}


def versions_of(connection: Connection, patients: Sequence[str]) -> dict[tuple[str, str], int]:
    """The version of each course of these patients; under an empty course the patient's own."""
    found: dict[tuple[str, str], int] = {}
    for some in chunks(patients):
        asked = select(_E.patient, _E.course, func.max(_E.version)).where(_E.patient.in_(some))
        for patient, course, version in connection.execute(asked.group_by(_E.patient, _E.course)):
            found[patient, course] = version
    return found


def events_of(connection: Connection, patient: str) -> list[Opened]:
    """Everything that was written of one patient, in the order in which it was written."""
    found = events_of_several(connection, [patient])
    return found.get(patient, [])


def last_seq_of(connection: Connection, patient: str) -> int:
    """The number of the last event of one patient; 0 where there is none."""
    return connection.execute(select(func.max(_E.seq)).where(_E.patient == patient)).scalar() or 0


def events_of_several(connection: Connection, patients: Sequence[str]) -> dict[str, list[Opened]]:
    """The same for several patients at once."""
    found: dict[str, list[Opened]] = {}
    keys = keys_of(connection, patients)
    for some in chunks(patients):
        for row in connection.execute(_READ.where(_E.patient.in_(some)).order_by(_E.seq)):
            found.setdefault(row.patient, []).append(opened(row, keys))
    return found


def written_of_several(connection: Connection, patients: Sequence[str]) -> Iterator[list[Written]]:
    """What was written of each of some patients, as far as a fold reads it; who has no event is left out."""
    keys = keys_of(connection, patients)
    for some in chunks(sorted(patients)):
        rows = connection.execute(_WRITTEN.where(_E.patient.in_(some)).order_by(_E.patient, _E.seq))
        for patient, theirs in groupby((tuple(row) for row in rows), _whose):
            yield _unsealed(theirs, keys.get(patient))


def by_patient(connection: Connection) -> Iterator[list[Opened]]:
    """All events, one patient at a time, as they are read elsewhere; who wrote what when is left out.

    Raises:
        SealError: a body does not open with the patient's key.
    """
    keys = all_keys(connection)
    rows = driver_rows(connection, _WRITTEN.where(_E.patient > "").order_by(_E.patient, _E.course, _E.version), CHUNK)
    for patient, theirs in groupby(rows, _whose):
        yield [
            Opened(*each[:5], cast("Body", _decode(each[5])), "", "", "")
            for each in _unsealed(sorted(theirs), keys.get(patient))
        ]


def _unsealed(rows: Iterable[Any], key: bytes | None) -> list[Written]:
    """The rows of one patient with their bodies open."""
    cipher = cipher_of(key) if key is not None else None
    found: list[Written] = []
    for seq, patient, course, version, kind, body in rows:
        text = b"{}"
        if body[:1] != SEALED:
            text = bytes(body)
        elif cipher is not None:
            try:
                text = unseal_with(cipher, bytes(body), bound_to(patient, course, version, kind))
            except SealError:
                raise SealError(seq) from None
        found.append((seq, patient, course, version, kind, text))
    return found


def about_the_register(connection: Connection) -> list[Opened]:
    """The events that belong to no patient."""
    return [opened(row, {}) for row in connection.execute(_READ.where(_E.patient == "").order_by(_E.seq))]


def streamed(connection: Connection, asked: Select[*tuple[Any, ...]]) -> Iterator[AnyRow]:
    """Rows, some thousands at a time, however many there are; who stops early leaves nothing open."""
    rows = connection.execute(asked, execution_options={"stream_results": True, "yield_per": CHUNK})
    try:
        yield from rows
    finally:
        rows.close()


def opened(row: AnyRow, keys: dict[str, bytes]) -> Opened:
    """One event with its body open.

    Raises:
        SealError: the body does not open with the patient's key.
    """
    seq, patient, course, version, kind, body, actor, at, knowledge = row
    return Opened(seq, patient, course, version, kind, _body(bytes(body), keys, row), actor, at, knowledge)


def _body(body: bytes, keys: dict[str, bytes], row: AnyRow) -> Body:
    if body[:1] != SEALED:
        return cast("Body", _decode(body))
    key = keys.get(row[1])
    if key is None:
        return SHUT
    try:
        return cast("Body", _decode(unseal(key, body, bound_to(row[1], row[2], row[3], row[4]))))
    except SealError:
        raise SealError(row[0]) from None


def chunks(values: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """The values, some hundreds at a time: a statement takes no more parameters than that everywhere."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


__all__ = [
    "SealError",
    "about_the_register",
    "all_keys",
    "by_patient",
    "chunks",
    "end_of_chain",
    "events_of",
    "events_of_several",
    "keys_of",
    "opened",
    "streamed",
    "versions_of",
    "written_of_several",
]
