"""Brings courses into a register and takes them out again: native records, FHIR, and one table of entries."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from msgspec import Struct

from isocourse.app.record import read_text
from isocourse.app.register import PERSON, Admission, admission_of, admit, know
from isocourse.app.register_table import read_table, write_table
from isocourse.facts.problem import Problem, ReadError
from isocourse.library import Library
from isocourse.reading.records import node_of
from isocourse.reading.records import record_of as native_record_of
from isocourse.reading.yaml_text import load_text
from isocourse.register import events as kinds
from isocourse.register.document import dossier
from isocourse.register.events import Draft, Stamp
from isocourse.register.fold import DATES
from isocourse.register.identity import Identity, new_pseudonym
from isocourse.register.problem import RegisterError
from isocourse.register.projections import Progress, quiet
from isocourse.register.register import Register

BATCH = 500
"""Patients added in one transaction."""


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
        yield from read_table(read_text(path), str(path), library, as_of)
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


# out -------------------------------------------------------------------------------------------------------------------------
class Exported(Struct, frozen=True):
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
        courses, left = write_table(register, file, progress)
    return Exported(courses, f"{courses} courses", tuple(f"{count} {what}" for what, count in left.items() if count))


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
