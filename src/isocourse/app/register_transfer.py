"""Brings courses into a register and takes them out again: native records, FHIR, and one table of entries."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, cast

from isocourse.app.record import read_text
from isocourse.app.register import PERSON, Admission, admission_of, admit, know
from isocourse.facts.problem import Problem, ReadError
from isocourse.library import Library
from isocourse.logic.problems import did_you_mean
from isocourse.reading.records import node_of
from isocourse.reading.records import record_of as native_record_of
from isocourse.reading.yaml_text import load_text
from isocourse.register import events as kinds
from isocourse.register.document import dossier
from isocourse.register.events import Draft, Stamp
from isocourse.register.fold import DATES, SETTINGS
from isocourse.register.identity import Identity, new_pseudonym
from isocourse.register.journal import by_patient
from isocourse.register.problem import RegisterError
from isocourse.register.projections import Progress, quiet
from isocourse.register.register import Register, identity_of

BATCH = 500
"""Patients added in one transaction."""

PART_OF = {"events": "stream", "lists": "list", "orders": "state", "coverage": "stream"}
"""What each kind of entry must say at least."""

WHO = ("number", "name", "birth", *PERSON, "contact", *SETTINGS, *DATES)
"""Columns about the patient and the course; they are read from the patient's first row."""

ENTRY = (
    "part", "stream", "list", "item", "is", "value", "day", "known", "from", "until", "to", "by", "state", "dose", "daily_dose",
    "times_a_day", "strength", "capsules", "repeats", "days", "reason", "formulation", "upper_limit", "fasting", "setting", "note",
)  # fmt: skip
"""Columns of an entry that are always written; other attributes of a stream get columns of their own."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


# in --------------------------------------------------------------------------------------------------------------------------
def bring_in(
    register: Register, stamp: Stamp, library: Library, paths: Sequence[Path], as_of: int, progress: Progress = quiet
) -> tuple[int, list[Problem]]:
    """Adds the patient of each file: a native record, a FHIR document, or a table of entries; how many, and what cannot be believed.

    Every file is read before anything is written.

    Raises:
        ReadError: a file has not the shape it should have. Nothing was written then.
    """
    found: list[Admission] = []
    problems: list[Problem] = []
    for path in paths:
        for admission, told in admissions_in(path, library, as_of):
            found.append(admission)
            problems.extend(told)
    several = iter(found)
    while some := list(islice(several, BATCH)):
        admit(register, stamp, some)
        progress(len(some))
    return len(found), problems


def admission(
    place: Path | None, settings: Mapping[str, str | None], person: Mapping[str, str], library: Library, as_of: int
) -> tuple[Admission, tuple[Problem, ...]]:
    """A patient as given by hand, perhaps with a record to begin with; what is said by hand counts before what the record says.

    Args:
        place: a native record or FHIR document, or None.
        settings: dates, place and product of the course.
        person: name, number, contact, birth, recorded_gender, sex_at_birth; empty where not told.
        library: the knowledge.
        as_of: the day of writing.

    Raises:
        ReadError: the record, or what was said, has not the shape it should have.
    """
    read, problems = (
        admission_in(place, library, as_of) if place else (Admission(Identity(new_pseudonym()), {}, {}, {}), ())
    )
    who = {part: person.get(part) or getattr(read.identity, part) for part in ("name", "birth", "number", "contact")}
    known = {**read.person, **{part: person[part] for part in PERSON if person.get(part)}}
    said = {**read.settings, **{name: value for name, value in settings.items() if value is not None}}
    document = {
        "isocourse": "1",
        "patient": {**known, **({"birth": who["birth"]} if who["birth"] else {})},
        **{name: said[name] for name in said if name not in DATES},
        "course": {name: said[name] for name in DATES if name in said},
    }
    checked = native_record_of(node_of(document), "what was said", library.catalogue, as_of)
    if checked.problems and not place:
        raise RegisterError(f"{checked.problems[0].line()} Nothing was written.")
    return Admission(Identity(read.identity.patient, **who), known, said, read.visit, read.received), problems


def admission_in(path: Path, library: Library, as_of: int) -> tuple[Admission, tuple[Problem, ...]]:
    """The one patient in a file.

    Raises:
        ReadError: it holds none, or several.
    """
    found = list(admissions_in(path, library, as_of))
    if len(found) != 1:
        raise ReadError(
            str(path), 0, 0, f"it speaks of {len(found)} patients; `isocourse register import` takes several"
        )
    return found[0]


def admissions_in(path: Path, library: Library, as_of: int) -> Iterator[tuple[Admission, tuple[Problem, ...]]]:
    """The patients in a file, ready to be added, and what of them cannot be believed."""
    if path.suffix.lower() == ".csv":
        yield from _of_table(path, library, as_of)
        return
    text = read_text(path)
    if text.lstrip()[:1] not in ("{", "["):
        yield admission_of(load_text(text, str(path)), str(path), library, as_of, number=path.stem)
        return
    from isocourse.fhir import looks_like_fhir, parse_json

    document = parse_json(text, str(path))
    if not looks_like_fhir(document):
        yield admission_of(node_of(document), str(path), library, as_of, number=path.stem)
        return
    yield _of_fhir(document, path, library, as_of)


def _of_fhir(document: Any, path: Path, library: Library, as_of: int) -> tuple[Admission, tuple[Problem, ...]]:  # noqa: ANN401 - parsed JSON
    from isocourse.fhir import record_of
    from isocourse.fhir.anonymous import person_of, text_of, without_names

    record = record_of(document, str(path), library.catalogue, as_of)
    name, birth, number = person_of(document)
    identity = Identity(new_pseudonym(), name, birth, number or path.stem)
    bare = text_of(without_names(document))
    return Admission(identity, {}, {}, {}, (("document received", bare),)), record.problems


def _of_table(path: Path, library: Library, as_of: int) -> Iterator[tuple[Admission, tuple[Problem, ...]]]:
    rows = list(_rows(path))
    for number in dict.fromkeys(row["number"] for row in rows):
        theirs = [row for row in rows if row["number"] == number]
        yield admission_of(
            node_of(_document(theirs)), f"{path}: number {number}", library, as_of,
            name=theirs[0].get("name", ""), number=number, contact=theirs[0].get("contact", ""),
        )  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, str]]:
    lines = csv.reader(read_text(path).splitlines())
    heads = next(lines, [])
    for needed in ("number", "part"):
        if needed not in heads:
            raise ReadError(
                str(path),
                1,
                1,
                f'there is no column "{needed}"{did_you_mean(needed, heads)}; `isocourse register export` shows the columns',
            )
    for place, cells in enumerate(lines, 2):
        if len(cells) != len(heads):
            raise ReadError(
                str(path), place, 1, f"{len(cells)} cells under {len(heads)} columns; check the quotes and commas"
            )
        row = {head: _plain_cell(cell) for head, cell in zip(heads, cells, strict=True) if cell}
        if not row.get("number"):
            raise ReadError(str(path), place, 1, "the row names no patient: its number is empty")
        if row.get("part", "") not in (*PART_OF, ""):
            raise ReadError(
                str(path),
                place,
                1,
                f'part "{row["part"]}"{did_you_mean(row["part"], PART_OF)}; one of {", ".join(PART_OF)}',
            )
        yield row


def _document(rows: Sequence[Mapping[str, str]]) -> dict[str, object]:
    first = rows[0]
    document: dict[str, object] = {
        "isocourse": "1",
        "patient": {name: first[name] for name in ("birth", *PERSON) if name in first},
    }
    document |= {name: first[name] for name in SETTINGS if name in first}
    if dates := {name: first[name] for name in DATES if name in first}:
        document["course"] = dates
    for part in PART_OF:
        entries = [
            {name: cell for name, cell in row.items() if name not in (*WHO, "part")}
            for row in rows
            if row.get("part") == part
        ]
        if entries:
            document[part] = entries
    return document


# out -------------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, and what it could not hold."""

    written: int
    words: str
    left_out: tuple[str, ...]


@contextmanager
def _exporting(register: Register, stamp: Stamp, what: str, place: Path) -> Iterator[TextIO]:
    """A new file to write to, readable by its owner only; that it was written is an event of its own.

    Raises:
        RegisterError: there is a file already, or it cannot be written.
    """
    if place.exists():
        raise RegisterError(f"{place}: there is a file here already; it was left as it is")
    with register.writing(stamp) as writer:
        writer.append([Draft(kinds.REGISTER_EXPORTED, {"what": what})])
    try:
        with os.fdopen(
            os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            yield file
    except OSError as problem:
        place.unlink(missing_ok=True)
        raise RegisterError(f"{place}: it cannot be written ({problem.strerror}). The register is as it was.") from None


def export_table(register: Register, stamp: Stamp, place: Path, progress: Progress = quiet) -> Exported:
    """Writes every course as one table of entries, the one that `bring_in` reads."""
    with _exporting(register, stamp, "table", place) as file:
        courses, left = _write_table(register, file, progress)
    told = (f"{left} FHIR documents, which a table cannot hold; --fhir COURSE exports them",) if left else ()
    return Exported(courses, f"{courses} courses", told)


def export_fhir(register: Register, stamp: Stamp, library: Library, course: str, as_of: int, place: Path) -> Exported:
    """Writes one course as a FHIR R4 Bundle: what was entered in our codes, and documents received as they came."""
    from isocourse.fhir.writer import bundle_of

    known = know(register, library, course, as_of)
    found = dossier(known.events, course, known.identity)
    made = bundle_of(found.native, library.catalogue, known.patient)
    beside = [place.with_name(f"{place.stem}-{number}{place.suffix}") for number in range(1, len(found.received) + 1)]
    with _exporting(register, stamp, "fhir", place) as file:
        file.write(made.text)
    for each, path in zip(found.received, beside, strict=True):
        with _exporting(register, stamp, "fhir", path) as file:
            file.write(each.text)
    also = f" (and {len(beside)} documents received, beside it)" if beside else ""
    return Exported(made.resources, f"{made.resources} resources{also}", made.left_out)


def _write_table(register: Register, file: TextIO, progress: Progress) -> tuple[int, int]:
    """Courses written, and documents that a table cannot hold."""
    rows: list[dict[str, str]] = []
    courses = left = 0
    with register.reading() as connection:
        for events in by_patient(connection):
            identity = identity_of(connection, events[0].patient)
            if identity is None:
                continue
            for course in dict.fromkeys(event.course for event in events if event.course):
                own = [event for event in events if event.course in ("", course)]
                found = dossier(own, course, identity)
                rows.extend(_table_rows(found.native, identity))
                courses, left = courses + 1, left + len(found.received)
                progress(1)
    heads = list(dict.fromkeys((*WHO, *ENTRY, *(name for row in rows for name in row))))
    table = csv.DictWriter(file, heads, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows({name: _guarded(cell) for name, cell in row.items()} for row in rows)
    return courses, left


def _table_rows(native: Mapping[str, object], identity: Identity) -> Iterator[dict[str, str]]:
    person = cast("Mapping[str, str]", native["patient"])
    who = {"number": identity.number or identity.patient, "name": identity.name, "contact": identity.contact, **person}
    who |= {name: str(native[name]) for name in SETTINGS if name in native} | dict(
        cast("Mapping[str, str]", native.get("course", {}))
    )
    entries = [
        {"part": part, **entry}
        for part in PART_OF
        for entry in cast("Sequence[Mapping[str, str]]", native.get(part, ()))
    ]
    for entry in entries or [{"part": ""}]:
        yield {**who, **entry}


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith((*_FORMULA, "'")) else cell


def _plain_cell(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell
