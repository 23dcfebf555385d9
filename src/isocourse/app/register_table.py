"""All courses as one table of entries (CSV), one entry a row, and such a table as patients to be added."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO, cast

from isocourse.app.register import PERSON, Admission, admission_of
from isocourse.facts.frames import codes, near, said
from isocourse.facts.problem import Problem, ReadError
from isocourse.library import Library
from isocourse.reading.records import node_of
from isocourse.register.document import dossier
from isocourse.register.events import ENTRIES
from isocourse.register.fold import DATES
from isocourse.register.identity import Identity
from isocourse.register.journal import by_patient
from isocourse.register.projections import Progress, quiet
from isocourse.register.register import Register, identity_of

SETTING = {"jurisdiction": "jurisdiction", "course_product": "product"}
"""Columns about the place of a course; an order may have a product of its own."""

WHO = ("number", "name", "birth", *PERSON, "contact", "course", *SETTING, *DATES)
"""Columns about the patient and the course; they are read from the course's first row."""

ENTRY = (
    "part", "stream", "list", "item", "is", "value", "day", "known", "from", "until", "to", "by", "state", "dose", "daily_dose",
    "times_a_day", "strength", "capsules", "repeats", "days", "reason", "formulation", "product", "upper_limit", "fasting", "setting",
    "basis", "dispensed", "adherence", "missed", "note",
)  # fmt: skip
"""Columns of an entry that are always written; other parts of a stream get columns of their own."""

SEVERAL = "; "
"""Parts the days that were missed, where a cell holds several."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, str]


# in --------------------------------------------------------------------------------------------------------------------------
def read_table(text: str, path: str, library: Library, as_of: int) -> Iterator[tuple[Admission, tuple[Problem, ...]]]:
    """The patients of a table, each with all her courses.

    Raises:
        ReadError: a row has not the shape it should have.
    """
    patients: dict[str, dict[str, list[Row]]] = {}
    for row in _rows(text, path):
        patients.setdefault(row["number"], {}).setdefault(row.get("course", ""), []).append(row)
    for number, courses in patients.items():
        read = [_course(rows, f"{path}: number {number}", library, as_of) for rows in courses.values()]
        more = tuple((admission.settings, admission.visit) for admission, _ in read[1:])
        first = read[0][0]
        whole = Admission(first.identity, first.person, first.settings, first.visit, (), more)
        yield whole, tuple(problem for _, problems in read for problem in problems)


def _course(rows: Sequence[Row], where: str, library: Library, as_of: int) -> tuple[Admission, tuple[Problem, ...]]:
    first = rows[0]
    name, number, contact = (first.get(part, "") for part in ("name", "number", "contact"))
    root = node_of(_document(rows))
    return admission_of(root, where, library, as_of, name=name, number=number, contact=contact)


def _rows(text: str, path: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text, newline=""))
    heads = next(lines, [])
    for needed in ("number", "part"):
        if needed not in heads:
            wrong = near(said("table.no_column", name=needed), needed, heads)
            raise ReadError(path, 1, 1, said("table.columns", said=wrong))
    for cells in lines:
        place = lines.line_num
        if len(cells) != len(heads):
            raise ReadError(path, place, 1, said("table.cells", n=len(cells), heads=str(len(heads))))
        row = {head: _plain_cell(cell) for head, cell in zip(heads, cells, strict=True) if cell}
        if not row.get("number"):
            raise ReadError(path, place, 1, "the row names no patient: its number is empty")
        if (part := row.get("part", "")) not in (*ENTRIES, ""):
            raise ReadError(
                path,
                place,
                1,
                said(
                    "table.one_of", said=near(said("table.part", part=part), part, ENTRIES), known=codes(ENTRIES, ", ")
                ),
            )
        yield row


def _document(rows: Sequence[Row]) -> dict[str, object]:
    """The native record that the rows of one course are."""
    first = rows[0]
    person = {name: first[name] for name in ("birth", *PERSON) if name in first}
    document: dict[str, object] = {"isocourse": "1", "patient": person}
    document |= {name: first[column] for column, name in SETTING.items() if column in first}
    if dates := {name: first[name] for name in DATES if name in first}:
        document["course"] = dates
    for part in ENTRIES:
        if entries := [_entry(row) for row in rows if row.get("part") == part]:
            document[part] = entries
    return document


def _entry(row: Row) -> dict[str, object]:
    entry: dict[str, object] = {name: cell for name, cell in row.items() if name not in (*WHO, "part")}
    missed = row.get("missed", "")
    return entry | {"missed": missed.split(SEVERAL)} if "-" in missed else entry


# out -------------------------------------------------------------------------------------------------------------------------
def write_table(register: Register, file: TextIO, progress: Progress = quiet) -> tuple[int, dict[str, int]]:
    """Writes every course; how many, and how much of what a table cannot hold."""
    rows: list[Row] = []
    courses, left = 0, {"FHIR documents; --fhir COURSE exports them": 0, "stated facts": 0, "parts of a plan": 0}
    documents, facts, plans = left
    with register.reading() as connection:
        for events in by_patient(connection):
            identity = identity_of(connection, events[0].patient)
            for course in dict.fromkeys(event.course for event in events if event.course and identity):
                found = dossier([event for event in events if event.course in ("", course)], course, identity)
                assert identity is not None
                rows.extend(_table_rows(found.native, identity, course))
                courses += 1
                left[documents] += len(found.received)
                left[facts] += len(cast("Mapping[str, str]", found.native.get("facts", {})))
                left[plans] += len(cast("Mapping[str, str]", found.native.get("plan", {})))
                progress(1)
    table = csv.DictWriter(
        file,
        list(dict.fromkeys((*WHO, *ENTRY, *(name for row in rows for name in row)))),
        restval="",
        lineterminator="\n",
    )
    table.writeheader()
    table.writerows({name: guarded(cell) for name, cell in row.items()} for row in rows)
    return courses, left


def _table_rows(native: Mapping[str, object], identity: Identity, course: str) -> Iterator[Row]:
    person = cast("Mapping[str, str]", native["patient"])
    who: Row = {
        "number": identity.number or identity.patient,
        "name": identity.name,
        "contact": identity.contact,
        **person,
    }
    who |= {"course": course, **cast("Mapping[str, str]", native.get("course", {}))}
    who |= {column: str(native[name]) for column, name in SETTING.items() if name in native}
    entries = [
        (part, entry) for part in ENTRIES for entry in cast("Sequence[Mapping[str, object]]", native.get(part, ()))
    ]
    for part, entry in entries or [("", {})]:
        yield {**who, "part": part, **{name: _cell(value) for name, value in entry.items()}}


def _cell(value: object) -> str:
    return SEVERAL.join(value) if isinstance(value, list) else str(value)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith((*_FORMULA, "'")) else cell


def _plain_cell(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell
