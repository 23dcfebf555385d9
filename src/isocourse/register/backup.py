"""A whole register as one file of JSON lines, and back: the same events, the same chain, on either database."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from sqlalchemy import Connection, select

from isocourse.register import events as kinds
from isocourse.register.canonical import GENESIS, link
from isocourse.register.database import insert_rows, writing
from isocourse.register.events import Draft, Stamp
from isocourse.register.identity import name_key
from isocourse.register.journal import end_of_chain, streamed
from isocourse.register.problem import RegisterError
from isocourse.register.projections import Progress, quiet, rebuild
from isocourse.register.register import Register
from isocourse.register.tables import EVENT, HEAD, IDENTITY, TRAIL, TRAIL_HEAD
from isocourse.register.trail import Told as Looked
from isocourse.register.trail import put_entries, trail_link
from isocourse.register.writer import Writer, public_keys

FORMAT = "isocourse register backup 2"
READ = ("isocourse register backup 1", FORMAT)
"""The first held no trail."""
BATCH = 5000
Told = tuple[int, str, str, int, str, str, str, str]


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    format: str
    at: str
    events: int
    identities: int


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line: a hash of every line before it."""

    sha256: str


class Person(msgspec.Struct, frozen=True, tag="identity", forbid_unknown_fields=True):
    """One identity with its key."""

    patient: str
    key: str
    name: str
    birth: str
    number: str
    contact: str


class Event(msgspec.Struct, frozen=True, tag="event", forbid_unknown_fields=True):
    """One event; its body as it is stored, sealed."""

    told: Told
    body: str
    hash: str


class StoredHead(msgspec.Struct, frozen=True, tag="head", forbid_unknown_fields=True):
    """One signed head."""

    head: tuple[int, str, str, str, str]


class Entry(msgspec.Struct, frozen=True, tag="trail", forbid_unknown_fields=True):
    """One entry of the trail."""

    told: Looked
    hash: str


class TrailHead(msgspec.Struct, frozen=True, tag="trail_head", forbid_unknown_fields=True):
    """One signed head of the trail."""

    head: tuple[int, str, str, str, str]


Line = Person | Event | StoredHead | Entry | TrailHead


# out -----------------------------------------------------------------------------------------------------------------------
def back_up(register: Register, place: Path, stamp: Stamp, progress: Progress = quiet) -> int:
    """Writes a backup; the number of events in it. It holds names and keys: whoever has it can read everything.

    Raises:
        RegisterError: the file is there already, or cannot be written.
    """
    if place.exists():
        raise RegisterError(f"{place}: there is a file here already; it was left as it is")
    with register.writing(stamp) as writer:
        writer.append([Draft(kinds.REGISTER_EXPORTED, {"what": "backup"})])
    partial = place.with_name(place.name + ".part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            events = _write(register, file, stamp, progress)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(place)
    except OSError as problem:
        partial.unlink(missing_ok=True)
        raise RegisterError.of(
            "backup_not_written",
            "{place}: the backup cannot be written ({why}); there is none. The register is as it was.",
            place=str(place),
            why=str(problem.strerror),
        ) from None
    return events


def _write(register: Register, file: BinaryIO, stamp: Stamp, progress: Progress) -> int:
    whole = sha256()
    with register.reading() as connection:
        events, _ = end_of_chain(connection)
        people = list(connection.execute(select(IDENTITY)))
        for number, line in enumerate(_lines(connection, Opening(FORMAT, stamp.at, events, len(people)), people), 1):
            text = msgspec.json.encode(line) + b"\n"
            whole.update(text)
            file.write(text)
            if number % BATCH == 0:
                progress(BATCH)
    file.write(msgspec.json.encode(Closing(whole.hexdigest())) + b"\n")
    return events


def _lines(connection: Connection, opening: Opening, people: list[Any]) -> Iterator[msgspec.Struct]:
    yield opening
    for row in people:
        yield Person(row.patient, row.key.hex(), row.name, row.birth, row.number, row.contact)
    for row in streamed(connection, select(EVENT).order_by(EVENT.c.seq)):
        yield Event(tuple(row[:8]), base64.b64encode(row.body).decode(), row.hash.hex())
    for row in connection.execute(select(HEAD).order_by(HEAD.c.seq)):
        yield StoredHead(tuple(row))
    for row in streamed(connection, select(TRAIL).order_by(TRAIL.c.seq)):
        yield Entry(tuple(row[:8]), row.hash.hex())
    for row in connection.execute(select(TRAIL_HEAD).order_by(TRAIL_HEAD.c.seq)):
        yield TrailHead(tuple(row))


# back ----------------------------------------------------------------------------------------------------------------------
def restore(register: Register, place: Path, stamp: Stamp, progress: Progress = quiet) -> int:
    """Reads a backup into a register that holds nothing yet; the number of events.

    Raises:
        RegisterError: the file is not a whole backup, or the register holds something. Nothing is written then.
    """
    opening = _checked(place)
    signer = register.signer()
    with writing(register.engine) as connection:
        if _used(connection):
            raise RegisterError(
                f"{register.address}: something is in it already; restore into a new register (`isocourse register restore --register NEW`)"
            )
        _insert(connection, place, progress)
        rebuild(connection)
        writer = Writer(connection, stamp)
        if signer.public not in public_keys(connection):
            writer.append([Draft(kinds.REGISTER_KEYED, {"public": signer.public})])
        writer.append([Draft(kinds.REGISTER_RESTORED, {"from": place.name, "of": opening.at})])
        writer.finish(signer)
    return opening.events


def _used(connection: Connection) -> bool:
    return end_of_chain(connection)[0] > 0


def _checked(place: Path) -> Opening:
    """The first line, once the whole file was found to be what was written."""
    whole, last, first = sha256(), b"", b""
    try:
        with place.open("rb") as file:
            for line in file:
                whole.update(last)
                first, last = first or line, line
    except OSError as problem:
        raise RegisterError(f"{place}: it cannot be read ({problem.strerror})") from None
    try:
        opening = msgspec.json.decode(first, type=Opening)
        closing = msgspec.json.decode(last, type=Closing)
    except msgspec.MsgspecError:
        raise RegisterError.of(
            "backup_not_whole",
            "{place}: this is not a whole backup of a register: its first or last line is missing; fetch it again. Nothing was written.",
            place=str(place),
        ) from None
    if opening.format not in READ:
        raise RegisterError.of(
            "backup_format",
            '{place}: "{format}" cannot be read; this reads "{ours}" and older ones. Nothing was written.',
            place=str(place),
            format=opening.format[:60],
            ours=FORMAT,
        )
    if closing.sha256 != whole.hexdigest():
        raise RegisterError.of(
            "backup_checksum",
            "{place}: it is not what was written: its checksum does not fit; fetch it again. Nothing was written.",
            place=str(place),
        )
    return opening


def _insert(connection: Connection, place: Path, progress: Progress) -> None:
    prev, looked, decode = GENESIS, GENESIS, msgspec.json.Decoder(Line).decode
    with place.open("rb") as file:
        lines = iter(file)
        next(lines)
        while some := list(islice(lines, BATCH)):
            found = [decode(line) for line in some if not line.startswith(b'{"sha256"')]
            rows = []
            for event in found:
                if isinstance(event, Event):
                    body = base64.b64decode(event.body)
                    now = link(prev, event.told, body)
                    if now.hex() != event.hash:
                        raise RegisterError.of(
                            "backup_event",
                            "{place}: event {n} does not fit the one before it: it was tampered with before. Nothing was written.",
                            place=str(place),
                            n=str(event.told[0]),
                        )
                    rows.append((*event.told, body, prev, now))
                    prev = now
            insert_rows(connection, EVENT, rows)
            people = [each for each in found if isinstance(each, Person)]
            insert_rows(
                connection,
                IDENTITY,
                [
                    (p.patient, bytes.fromhex(p.key), p.name, name_key(p.name), p.birth, p.number, p.contact)
                    for p in people
                ],
            )
            insert_rows(connection, HEAD, [each.head for each in found if isinstance(each, StoredHead)])
            looked = _insert_trail(connection, place, [each for each in found if isinstance(each, Entry)], looked)
            insert_rows(connection, TRAIL_HEAD, [each.head for each in found if isinstance(each, TrailHead)])
            progress(len(some))


def _insert_trail(connection: Connection, place: Path, entries: list[Entry], prev: bytes) -> bytes:
    rows: list[tuple[object, ...]] = []
    for entry in entries:
        now = trail_link(prev, entry.told)
        if now.hex() != entry.hash:
            raise RegisterError.of(
                "backup_trail",
                "{place}: trail entry {n} does not fit the one before it: it was tampered with before. Nothing was written.",
                place=str(place),
                n=str(entry.told[0]),
            )
        rows.append((*entry.told, prev, now))
        prev = now
    put_entries(connection, rows)
    return prev
