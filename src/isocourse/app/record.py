"""Reads a patient's record from a file or folder, whatever of the known forms it has."""

from __future__ import annotations

from pathlib import Path

from isocourse.facts.problem import ReadError
from isocourse.facts.record import Record
from isocourse.facts.streams import Catalogue
from isocourse.facts.utf8 import utf8

LARGEST = 400 * 1024 * 1024
"""Bytes; a larger file is refused before it is read."""


def read_record(path: Path, catalogue: Catalogue, as_of: int) -> Record:
    """The record in a file or folder.

    Raises:
        ReadError: it cannot be read as what it claims to be; one line that says what to do.
    """
    if path.is_dir():
        from isocourse.fhir import folder_document

        return _fhir(folder_document(_texts(path), str(path)), str(path), catalogue, as_of)
    return record_of_text(read_text(path), str(path), catalogue, as_of)


def record_of_text(text: str, name: str, catalogue: Catalogue, as_of: int) -> Record:
    """The record in a text, however it came here; the name stands in front of what is wrong with it.

    Raises:
        ReadError: it cannot be read as what it claims to be; one line that says what to do.
    """
    if text.lstrip()[:1] in ("{", "["):
        return _of_json(text, name, catalogue, as_of)
    from isocourse.reading.records import record_of
    from isocourse.reading.yaml_text import load_text

    return record_of(load_text(text, name), name, catalogue, as_of)


# A start from cold loads only the reader that the record needs: either one takes longer to load than to judge the patient.
def _of_json(text: str, path: str, catalogue: Catalogue, as_of: int) -> Record:
    from isocourse.fhir import looks_like_fhir, parse_json

    document = parse_json(text, path)
    if looks_like_fhir(document):
        return _fhir(document, path, catalogue, as_of)
    from isocourse.reading.records import node_of, record_of

    return record_of(node_of(document), path, catalogue, as_of)


def _fhir(document: object, path: str, catalogue: Catalogue, as_of: int) -> Record:
    from isocourse.fhir import record_of

    return record_of(document, path, catalogue, as_of)


def _texts(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.iterdir() if file.suffix in (".json", ".ndjson") and file.is_file())
    if not files:
        raise ReadError(
            str(folder), 0, 0, "no .json file is in this folder; give a record file, or a folder of FHIR resources"
        )
    return {str(file): read_text(file) for file in files}


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        ReadError: it is missing, not a file, too large, empty or not UTF-8.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ReadError(
                str(path),
                0,
                0,
                f"the file has {path.stat().st_size // 1048576} MB, more than {LARGEST // 1048576}; split it by patient",
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ReadError(str(path), 0, 0, "there is no such file; check the path") from None
    except OSError as problem:
        raise ReadError(
            str(path), 0, 0, f"it cannot be opened ({problem.strerror}); check the path and its permissions"
        ) from None
    text = utf8(raw, str(path))
    if not text.strip():
        raise ReadError(str(path), 0, 0, "the file is empty; give a record, a FHIR bundle or a CDS Hooks request")
    return text
