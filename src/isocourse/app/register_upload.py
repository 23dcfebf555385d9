"""Adds the patients of an uploaded file, unless somebody with the same number is in the register already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, select

from isocourse.app.register import Admission, admit
from isocourse.app.register_transfer import BATCH, admissions_in
from isocourse.facts.problem import Problem, ReadError
from isocourse.library import Library
from isocourse.register.events import Stamp
from isocourse.register.journal import chunks
from isocourse.register.register import Register
from isocourse.register.tables import IDENTITY

KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a workbook or an archive"),
    (b"\xd0\xcf\x11\xe0", "an old workbook"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3", "a database"),
)
"""How files begin that are often uploaded by mistake, and what they are."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of an upload."""

    patients: int
    problems: tuple[Problem, ...]
    """Values that were kept as written and cannot be believed."""
    there: tuple[str, ...] = ()
    """Numbers of the file that are in the register already; then nothing was written."""


def kind_of(data: bytes) -> str:
    r"""What a file is that cannot be read here; nothing if it may be a text.

    >>> kind_of(b"PK\x03\x04..."), kind_of(b"isocourse: '1'")
    ('a workbook or an archive', '')
    """
    found = next((said for begins, said in KINDS if data.startswith(begins)), "")
    return found or ("not a text" if b"\x00" in data[:4096] else "")


def upload(register: Register, stamp: Stamp, library: Library, path: Path, as_of: int, *, again: bool) -> Brought:
    """Adds the patients of a file; the whole file is read before anything is written.

    Args:
        register: the register.
        stamp: who writes, and when.
        library: the knowledge.
        path: a native record, a FHIR document, or a table of entries (.csv).
        as_of: the day of writing.
        again: whether patients whose number is there already are added all the same, as further patients.

    Raises:
        ReadError: the file has not the shape that it should have. Nothing was written then.
    """
    read = list(admissions_in(path, library, as_of))
    if not read:
        raise ReadError(path.name, 0, 0, "it holds no patient")
    found = [admission for admission, _ in read]
    there = _there(register, found)
    if there and not again:
        return Brought(0, (), there)
    several = iter(found)
    while some := list(islice(several, BATCH)):
        admit(register, stamp, some)
    return Brought(len(found), tuple(problem for _, told in read for problem in told))


def _there(register: Register, found: Iterable[Admission]) -> tuple[str, ...]:
    numbers = [number for each in found if (number := each.identity.number)]
    with register.reading() as connection:
        return tuple(sorted(set(_numbers(connection, numbers))))


def _numbers(connection: Connection, numbers: list[str]) -> Iterator[str]:
    for some in chunks(numbers):
        yield from connection.execute(select(IDENTITY.c.number).where(IDENTITY.c.number.in_(some))).scalars()
