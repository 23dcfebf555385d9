"""Who looked at or wrote what, and when: a chain of entries that only grows, signed, and never with anything of a patient but pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Any, final

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, or_, select

from isocourse.register.canonical import GENESIS, canonical
from isocourse.register.database import TRAIL_LOCK, insert_rows, writing
from isocourse.register.identity import PSEUDONYM
from isocourse.register.journal import AnyRow, chunks, streamed
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register
from isocourse.register.signing import TRAIL as TRAIL_OF_SIGNING
from isocourse.register.signing import Head, Signer
from isocourse.register.tables import COURSE, TRAIL, TRAIL_COURSE, TRAIL_HEAD
from isocourse.register.writer import public_keys

Told = tuple[int, str, str, str, str, str, str, int]
"""seq, at, who, called, roles, what, courses, outcome: in the order of the table."""

_T, _H = TRAIL.c, TRAIL_HEAD.c

# made once: making them takes longer than running them, and they run at every look
_END = select(_T.seq, _T.hash).order_by(_T.seq.desc()).limit(1)
_LAST_HEAD = select(_H.seq, _H.at).order_by(_H.seq.desc()).limit(1)
_NO_HEAD = delete(TRAIL_HEAD).where(_H.seq == bindparam("old"))
_COURSES = select(COURSE.c.course).where(COURSE.c.course.in_(bindparam("asked", expanding=True)))


@dataclass(frozen=True, slots=True)
class Look:
    """One request, to be written."""

    at: str
    """An instant in UTC, as 2026-11-24T09:30:00.000000Z."""
    who: str
    """The subject, as the provider names it for ever."""
    called: str
    """What people call them."""
    roles: str
    what: str
    """Method and route; never an address, which may hold anything."""
    outcome: int
    """The status of the answer."""
    courses: tuple[str, ...] = ()
    """What may be pseudonyms of courses; those that are none of this register are left out."""


class Line(msgspec.Struct, frozen=True):
    """One entry, read back."""

    seq: int
    at: str
    who: str
    called: str
    roles: str
    what: str
    courses: str
    outcome: int
    hash: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Which entries are wanted; what is empty is not asked."""

    who: str = ""
    """A subject, or part of what somebody is called."""
    course: str = ""
    """A pseudonym, or part of one."""
    what: str = ""
    """Part of a method and route."""
    since: str = ""
    until: str = ""
    """The first and the last day."""
    outcome: str = ""
    """answered, refused or failed."""


OUTCOMES = {"answered": (0, 399), "refused": (400, 499), "failed": (500, 999)}
"""The statuses of each kind of outcome."""


def trail_link(prev: bytes, told: Told) -> bytes:
    """The hash of an entry: over the hash before it and everything that is told."""
    return sha256(prev + canonical(["trail", *told])).digest()


@final
class Trail:
    """The trail of one register, held open by a server that signs it."""

    def __init__(self, register: Register) -> None:
        """Opens it.

        Raises:
            RegisterError: there is no signing key, or the register does not know it.
        """
        self.register, self._signer = register, register.signer()
        with register.reading() as connection:
            known = public_keys(connection)
        if self._signer.public not in known:
            raise RegisterError(
                f"{self._signer.place}: the register does not know this key; copy the key from where the register was kept, or let this "
                "machine sign with `isocourse register key --adopt`. Nothing was started."
            )

    def append(self, looks: Sequence[Look]) -> None:
        """Writes entries, all of them or none; when it returns they are on disk.

        Raises:
            RegisterError: they cannot be written.
        """
        with writing(self.register.engine, TRAIL_LOCK) as connection:
            seq, prev = end_of_trail(connection)
            known = _courses_among(connection, {each for look in looks for each in look.courses})
            rows: list[tuple[object, ...]] = []
            for number, look in enumerate(looks, seq + 1):
                told = _told(number, look, known)
                rows.append((*told, prev, link := trail_link(prev, told)))
                prev = link
            put_entries(connection, rows)
            _sign(connection, self._signer, seq + len(looks), prev, looks[-1].at)


def put_entries(connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Writes whole entries, each under the courses that it names too."""
    insert_rows(connection, TRAIL, rows)
    insert_rows(connection, TRAIL_COURSE, [(course, row[0]) for row in rows for course in set(str(row[6]).split())])


def _told(seq: int, look: Look, known: set[str]) -> Told:
    courses = " ".join(each for each in dict.fromkeys(look.courses) if each in known)
    return seq, look.at, look.who, look.called, look.roles, look.what, courses, look.outcome


def _courses_among(connection: Connection, asked: set[str]) -> set[str]:
    """Those that are courses: whatever else stood in an address stays out of the trail."""
    found: set[str] = set()
    for some in chunks(sorted(asked)):
        found.update(connection.execute(_COURSES, {"asked": some}).scalars())
    return found


def _sign(connection: Connection, signer: Signer, seq: int, link: bytes, at: str) -> None:
    """Signs the head. The newest is kept, and the last one of each day before."""
    last = connection.execute(_LAST_HEAD).first()
    if last is not None and last.at[:10] == at[:10]:
        connection.execute(_NO_HEAD, {"old": last.seq})
    head = signer.head(seq, link, at, TRAIL_OF_SIGNING)
    insert_rows(connection, TRAIL_HEAD, [(head.seq, head.hash, head.at, head.key, head.signature)])


def end_of_trail(connection: Connection) -> tuple[int, bytes]:
    """Number and hash of the last entry."""
    found = connection.execute(_END).first()
    return (found.seq, bytes(found.hash)) if found else (0, GENESIS)


# reading ---------------------------------------------------------------------------------------------------------------------
def lines(connection: Connection, wish: Wish, limit: int, before: int = 0) -> list[Line]:
    """Entries that are wanted, the newest first; `before` one of them, to go on from there."""
    asked = _wanted(wish).order_by(_T.seq.desc()).limit(limit)
    rows = connection.execute(asked.where(_T.seq < before) if before else asked)
    return [_line(row) for row in rows]


def every_line(connection: Connection, wish: Wish) -> Iterator[Line]:
    """All entries that are wanted, in the order in which they were written."""
    for row in streamed(connection, _wanted(wish).order_by(_T.seq)):
        yield _line(row)


def _line(row: AnyRow) -> Line:
    seq, at, who, called, roles, what, courses, outcome, link = row
    return Line(seq, at, who, called, roles, what, courses, outcome, bytes(link).hex())


def _wanted(wish: Wish) -> Select[*tuple[Any, ...]]:
    columns = (_T.seq, _T.at, _T.who, _T.called, _T.roles, _T.what, _T.courses, _T.outcome, _T.hash)
    return select(*columns).where(*_conditions(wish))


def _conditions(wish: Wish) -> Iterator[ColumnElement[bool]]:
    if wish.who:
        yield or_(_T.who == wish.who, _T.called.contains(wish.who, autoescape=True))
    if wish.course:
        named, whole = TRAIL_COURSE.c.course, len(wish.course) >= PSEUDONYM
        fits = named == wish.course if whole else named.contains(wish.course, autoescape=True)
        yield _T.seq.in_(select(TRAIL_COURSE.c.seq).where(fits))
    if wish.what:
        yield _T.what.contains(wish.what, autoescape=True)
    if wish.since:
        yield _T.at >= wish.since
    if wish.until:
        yield _T.at < f"{wish.until}U"  # an instant of that day goes on with T
    if wish.outcome in OUTCOMES:
        yield _T.outcome.between(*OUTCOMES[wish.outcome])


# verifying -------------------------------------------------------------------------------------------------------------------
def trail_faults(connection: Connection, keys: set[str], most: int) -> tuple[int, list[str]]:
    """How many entries there are, and what is wrong with them.

    Args:
        connection: one view of the register.
        keys: the public keys that may have signed.
        most: after so many faults it ends.
    """
    heads = [Head(*row) for row in connection.execute(select(TRAIL_HEAD).order_by(TRAIL_HEAD.c.seq))]
    asked, hashes = {head.seq for head in heads}, dict[int, str]()
    faults, seq, prev = list[str](), 0, GENESIS
    for row in streamed(connection, select(*TRAIL.c).order_by(_T.seq)):
        said_prev, said = bytes(row[8]), bytes(row[9])
        if row[0] != seq + 1:
            faults.append(f"trail: what lies between entries {seq} and {row[0]} is missing: it was removed")
        if trail_link(said_prev, tuple(row[:8])) != said:
            faults.append(f"trail entry {row[0]}: its content is not what was written: it was changed afterwards")
        elif row[0] == seq + 1 and said_prev != prev:
            faults.append(f"trail entry {seq}: it was rewritten: entry {row[0]}, unchanged, follows another one")
        seq, prev = row[0], said
        if seq in asked:
            hashes[seq] = said.hex()
        if len(faults) >= most:
            return seq, faults
    return seq, faults or list(_head_faults(heads, seq, hashes, keys)) or list(_course_faults(connection))


def _course_faults(connection: Connection) -> Iterator[str]:
    """Whether each entry is found under just the courses that it names; the first one that is not."""
    c = TRAIL_COURSE.c
    told = streamed(connection, select(_T.seq, _T.courses).where(_T.courses != "").order_by(_T.seq))
    kept = groupby(streamed(connection, select(c.seq, c.course).order_by(c.seq)), itemgetter(0))
    names = ((seq, set(courses.split())) for seq, courses in told)
    found = ((seq, {course for _, course in rows}) for seq, rows in kept)
    for said, listed in zip_longest(names, found, fillvalue=(1 << 63, set[str]())):
        if said != listed:
            yield f"trail entry {min(said[0], listed[0])}: it is not found under the courses that it names: that was changed afterwards"
            return


def _head_faults(heads: Sequence[Head], seq: int, hashes: dict[int, str], keys: set[str]) -> Iterator[str]:
    for head in heads:
        if not head.sound_of(TRAIL_OF_SIGNING) or head.key not in keys:
            yield f"trail: the head of entry {head.seq} is not signed by a key of this register: it was changed"
        elif head.seq > seq:
            yield f"trail: entries {seq + 1} to {head.seq} are missing at the end: they were removed"
        elif hashes.get(head.seq) != head.hash:
            yield f"trail: at entry {head.seq} it is another one than was signed: it was rewritten from there or before"
    if seq and (not heads or heads[-1].seq < seq):
        yield "trail: no signed head covers its end: entries were added by another program, or the head was removed"
