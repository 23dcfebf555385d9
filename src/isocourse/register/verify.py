"""Whether a register is what was written: every link, every seal, the signed heads, identities, projections, and the trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, or_, select

from isocourse.register import events as kinds
from isocourse.register.canonical import GENESIS, link
from isocourse.register.fold import Folded
from isocourse.register.identity import Identity
from isocourse.register.journal import streamed
from isocourse.register.projections import APART, Progress, differences, quiet
from isocourse.register.register import Register
from isocourse.register.seal import SealError
from isocourse.register.signing import Head
from isocourse.register.tables import COURSE, EVENT, HEAD, IDENTITY, PATIENT, WORKLIST
from isocourse.register.trail import trail_faults
from isocourse.register.writer import public_keys

MOST = 20
"""Faults named; one is enough to stop trusting a register."""


@dataclass(slots=True)
class Found:
    """What verifying found."""

    events: int = 0
    last: str = ""
    """The hash of the last event."""
    erased: int = 0
    trail: int = 0
    """Entries of the trail of who looked at what."""
    head: str = ""
    """What the signed head proves, in words."""
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(
    register: Register,
    published: tuple[Head, ...] = (),
    progress: Progress = quiet,
    *,
    own_key: str = "",
    workers: int | None = None,
) -> Found:
    """Looks at everything in one unchanging view.

    Args:
        register: the register.
        published: signed heads kept elsewhere; the chain must still go through them.
        progress: told how many events were looked at.
        own_key: the public key of this machine; empty where it has none, and then the chain's own word for its keys is taken.
        workers: processes that fold the patients; None: as many as fit.
    """
    found = Found()
    with register.reading() as connection:
        hashes = _chain(connection, found, _asked(connection, published), progress)
        if not found.faults:
            _heads(connection, found, published, hashes, own_key)
        if not found.faults:
            found.faults += [*_patients(connection, progress, workers), *_worklist(connection)]
        keys = {*public_keys(connection), *([own_key] if own_key else [])}
        found.trail, faults = trail_faults(connection, keys, MOST)
        found.faults += faults
    return found


def _asked(connection: Connection, published: tuple[Head, ...]) -> set[int]:
    """The numbers of the events whose hash some head names."""
    return {head.seq for head in published} | set(connection.execute(select(HEAD.c.seq)).scalars())


# the chain -----------------------------------------------------------------------------------------------------------------
def _chain(connection: Connection, found: Found, asked: set[int], progress: Progress) -> dict[int, str]:
    """Recomputes every link; the hashes of the events asked for."""
    c, hashes = EVENT.c, dict[int, str]()
    seq, prev, erased = 0, GENESIS, set[str]()
    columns = (c.seq, c.patient, c.course, c.version, c.kind, c.actor, c.at, c.knowledge, c.body, c.prev, c.hash)
    for row in streamed(connection, select(*columns).order_by(c.seq)):
        body, said_prev, said = bytes(row[8]), bytes(row[9]), bytes(row[10])
        found.faults.extend(_missing(seq, row[0]))
        if link(said_prev, tuple(row[:8]), body) != said:
            found.faults.append(f"event {row[0]}: its content is not what was written: it was changed afterwards")
        elif row[0] == seq + 1 and said_prev != prev:
            found.faults.append(f"event {seq}: it was rewritten: event {row[0]}, unchanged, follows another one")
        if row[4] == kinds.PATIENT_ERASED:
            erased.add(row[1])
        seq, prev = row[0], said
        if seq in asked:
            hashes[seq] = said.hex()
        if seq % 5000 == 0:
            progress(5000)
        if len(found.faults) >= MOST:
            break
    found.events, found.last, found.erased = seq, prev.hex(), len(erased)
    return hashes


def _missing(before: int, now: int) -> Iterator[str]:
    if now == before + 2:
        yield f"event {before + 1} is missing: it was removed"
    elif now > before + 2:
        yield f"events {before + 1} to {now - 1} are missing: they were removed"


# heads -----------------------------------------------------------------------------------------------------------------------
def _heads(connection: Connection, found: Found, published: tuple[Head, ...], hashes: dict[int, str], own: str) -> None:
    stored = [Head(*row) for row in connection.execute(select(HEAD).order_by(HEAD.c.seq))]
    named = {*public_keys(connection), *([own] if own else [])}
    for where, heads in (("stored", stored), ("published", published)):
        for head in heads:
            found.faults.extend(
                f"{where} head of event {head.seq}: {fault}" for fault in _head(head, found, hashes, named)
            )
    if found.events and not stored:
        found.faults.append("no signed head is stored: it was removed, so a missing tail would not show")
        return
    if stored and stored[-1].seq < found.events:
        found.faults.append(
            f"events {stored[-1].seq + 1} to {found.events}: no signed head covers them; they were not appended by this program"
        )
    if stored and own and stored[-1].key != own:
        found.faults.append(
            "the newest head is signed by another key than this machine's; if the register was not moved, it was rewritten"
        )
    checked = (
        "this machine's key"
        if own
        else "a key that the register itself names; with the key file, or a head kept elsewhere, it would prove more"
    )
    found.head = f"signed up to event {stored[-1].seq} of {stored[-1].at}, checked with {checked}" if stored else ""


def _head(head: Head, found: Found, hashes: dict[int, str], named: set[str]) -> Iterator[str]:
    if not head.sound:
        yield "its signature does not hold: it was changed"
    elif head.key not in named:
        yield "it is signed by a key that the chain does not name"
    elif head.seq > found.events:
        yield f"events {found.events + 1} to {head.seq} are missing at the end: they were removed"
    elif hashes.get(head.seq) != head.hash:
        yield "the chain at this event is another one: it was rewritten from there or before"


def _worklist(connection: Connection) -> Iterator[str]:
    """Lines that claim to be newer than they are, or tell of a course what is not so; what they say of it is not judged again here."""
    w, p, c = WORKLIST.c, PATIENT.c, COURSE.c
    joined = WORKLIST.outerjoin(PATIENT, p.patient == w.patient).outerjoin(COURSE, c.course == w.course)
    asked = select(w.course).select_from(joined).limit(MOST)
    newer = or_(p.patient.is_(None), and_(w.behind == 0, w.last_seq < p.last_seq))
    for course in connection.execute(asked.where(newer)).scalars():
        yield f"worklist: the line of {course} claims to be up to date and is not; `isocourse register refresh` makes it anew"
    for course in connection.execute(asked.where(~newer, or_(c.course.is_(None), APART))).scalars():
        yield f"worklist: the line of {course} tells of it what its events do not; `isocourse register rebuild` makes it anew"


# patients --------------------------------------------------------------------------------------------------------------------
def _patients(connection: Connection, progress: Progress, workers: int | None) -> list[str]:
    """Opens every seal, asks after every identity, and compares every row of a projection, in one reading of all events."""
    c = IDENTITY.c
    rows = connection.execute(select(c.patient, c.name, c.birth, c.number, c.contact))
    digests = {row.patient: Identity(*row).digest for row in rows}

    def look(found: Folded) -> Iterator[str]:
        return _identity(found, digests.pop(found.name, None))

    try:
        faults = differences(connection, progress, look, MOST, workers)
    except SealError as problem:
        return [f"event {problem.seq}: its body does not open with the patient's key: the key was changed"]
    left = [f"identity of {patient}: no event speaks of this patient" for patient in digests]
    return faults if len(faults) >= MOST else faults + left


def _identity(found: Folded, digest: str | None) -> Iterator[str]:
    patient = found.name
    if found.erased and digest is not None:
        yield f"identity of {patient}: it is still there although it was erased"
    elif not found.erased and digest is None:
        yield f"identity of {patient}: it is gone, and no erasure is on record"
    elif digest is not None and digest != found.digest:
        yield f"identity of {patient}: it was changed without an event"
