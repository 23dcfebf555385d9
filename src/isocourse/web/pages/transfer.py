"""In and out of the register: patients from a file, all courses as a table, one course as FHIR, a backup, and a backup made into a register."""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from litestar import Response, get, post
from litestar.params import FromPath

from isocourse.facts.problem import ReadError
from isocourse.facts.utf8 import utf8
from isocourse.register.problem import RegisterError
from isocourse.web.pages.register import known_of, shelf_of, stamp_of
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.strict import Form
from isocourse.web.troubles import line_of, status_of
from isocourse.web.visit import Visit, Visiting

if TYPE_CHECKING:
    from isocourse.app.register_upload import Brought
    from isocourse.register.register import Register

T = TypeVar("T")
PEOPLE = {"needs": Needs.PEOPLE}
_ODD = re.compile(r"[^\w.-]+")
TABLE, RECORD, BACKUP = ".csv", ".yaml", ".jsonl"


@get("/register/files", opt=PEOPLE, include_in_schema=False)
async def files(visit: Visiting) -> Response[str]:
    """What can be brought in and taken out."""
    shelf_of(visit)
    return _page(visit)


@post("/register/import", opt=PEOPLE, include_in_schema=False)
async def bring_in(visit: Visiting) -> Response[str]:
    """Adds the patients of a file."""
    form = await visit.form("file", "again")
    again = form.text("again") == "yes"

    def brought(place: Path) -> Brought:
        from isocourse.app.register_upload import upload  # a workbench without a register loads no database

        shelf = shelf_of(visit)
        return upload(shelf.register, stamp_of(visit), shelf.library, place, visit.settings.today(), again=again)

    try:
        done = await asyncio.to_thread(_with_file, visit, form, brought)
    except RefusalError as problem:
        return _page(visit, problem.line, problem.status)
    except (RegisterError, ReadError) as problem:
        return _page(visit, _at_line(visit, problem), status_of(problem))
    if done.there:
        shown = ", ".join(done.there[:10]) + (" …" if len(done.there) > 10 else "")
        line = visit.speech(
            "In the register already, by their numbers: {numbers}. Nothing was written. "
            "To add them as further patients all the same, say so below and send the file again.",
            numbers=shown,
        )
        return _page(visit, line, 409)
    return _page(visit, done=done)


@post("/register/export", opt=PEOPLE, include_in_schema=False)
async def take_out(visit: Visiting) -> Response[bytes] | Response[str]:
    """Every course as one table; that it was taken out is written into the register."""
    await visit.form("token")
    register, stamp = shelf_of(visit).register, stamp_of(visit)
    from isocourse.app.register_transfer import export_table

    data = await asyncio.to_thread(_made, "courses.csv", lambda place: export_table(register, stamp, place))
    return _file(data[0], "text/csv; charset=utf-8", "courses.csv")


@post("/course/{course:str}/fhir", opt=PEOPLE, include_in_schema=False)
async def take_out_course(visit: Visiting, course: FromPath[str]) -> Response[bytes]:
    """One course as a FHIR bundle; with the documents received, if there are any, as one archive."""
    await visit.form("token")
    known, shelf, day = await known_of(visit, course), shelf_of(visit), visit.settings.today()
    stamp = stamp_of(visit)
    from isocourse.app.register_transfer import export_fhir

    made = await asyncio.to_thread(
        _made,
        "course.fhir.json",
        lambda place: export_fhir(shelf.register, stamp, shelf.library, known.course, day, place),
    )
    if len(made) == 1:
        return _file(made[0], "application/fhir+json", "course.fhir.json")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(made):
            archive.writestr(f"course-{number}.fhir.json" if number else "course.fhir.json", data)
    return _file(packed.getvalue(), "application/zip", "course.fhir.zip")


@post("/register/backup", opt=PEOPLE, include_in_schema=False)
async def take_backup(visit: Visiting) -> Response[bytes]:
    """Everything, names and keys too, as JSON lines with a checksum."""
    await visit.form("token")
    register, stamp = shelf_of(visit).register, stamp_of(visit)
    from isocourse.register.backup import back_up

    data = await asyncio.to_thread(_made, "register.jsonl", lambda place: back_up(register, place, stamp))
    day = stamp.at[:10]
    return _file(data[0], "application/jsonl", f"register-{day}.jsonl")


@post("/register/restore", opt=PEOPLE, include_in_schema=False)
async def bring_back(visit: Visiting) -> Response[str]:
    """Makes a new register of a backup, beside the one that is open; that one is not touched."""
    form = await visit.form("file")
    register = shelf_of(visit).register
    home = register.engine.url
    if home.get_backend_name() != "sqlite":
        line = visit.speech(
            "This register lies in PostgreSQL. Make an empty database, then run: "
            "isocourse register restore FILE --register ADDRESS. Nothing was written."
        )
        return _page(visit, line, 422)
    stamp = stamp_of(visit)
    mark = re.sub(r"\D", "", stamp.at)[:14]
    place = Path(str(home.database)).with_name(f"register-restored-{mark}.db")
    try:
        events, faults = await asyncio.to_thread(
            _with_file, visit, form, lambda file: _restored(register, place, file, visit), BACKUP
        )
    except RefusalError as problem:
        return _page(visit, problem.line, problem.status)
    except (RegisterError, ReadError) as problem:
        return _page(visit, _at_line(visit, problem), status_of(problem))
    return _page(visit, restored={"events": events, "faults": faults, "place": str(place)})


def _restored(register: Register, place: Path, file: Path, visit: Visit) -> tuple[int, list[str]]:
    from isocourse.register.backup import restore
    from isocourse.register.register import empty_register
    from isocourse.register.verify import verify

    made = empty_register(str(place), register.key)
    try:
        events = restore(made, file, stamp_of(visit))
        return events, verify(made).faults
    except BaseException:
        made.close()
        for each in place.parent.glob(f"{place.name}*"):
            each.unlink(missing_ok=True)
        raise
    finally:
        made.close()


# files -----------------------------------------------------------------------------------------------------------------------
def _with_file(visit: Visit, form: Form, use: Callable[[Path], T], suffix: str = "") -> T:
    """What comes of the uploaded file, which lies on disk only as long as it is looked at.

    Raises:
        RefusalError: there is none, or it is of a kind that cannot be read here.
        ReadError: a byte of it is not UTF-8.
    """
    from isocourse.app.register_upload import kind_of

    data = form.files.get("file", b"")
    if not data.strip():
        raise RefusalError(visit.speech("No file was chosen, or it is empty. Nothing was written."), 422)
    if kind := kind_of(data):
        raise RefusalError(_wrong_kind(visit, kind, table=not suffix), 415)
    text = utf8(data, "")
    stem = _ODD.sub("-", Path(form.names.get("file", "")).stem)[:60] or "file"
    with tempfile.TemporaryDirectory(prefix="isocourse-") as folder:
        place = Path(folder) / f"{stem}{suffix or _suffix(text)}"
        place.write_text(text, encoding="utf-8", newline="")
        return use(place)


def _suffix(text: str) -> str:
    """What the file is, told by how it begins, since its name may say anything."""
    first = text.lstrip().split("\n", 1)[0]
    return TABLE if not first.startswith(("{", "[")) and "," in first and ":" not in first.split(",")[0] else RECORD


def _wrong_kind(visit: Visit, kind: str, *, table: bool) -> str:
    said = {
        "a workbook or an archive": visit.speech("a workbook or an archive"),
        "an old workbook": visit.speech("a workbook or an archive"),
        "a PDF": visit.speech("a PDF"),
        "a picture": visit.speech("a picture"),
        "a compressed file": visit.speech("a compressed file"),
        "a database": visit.speech("a database"),
    }.get(kind, visit.speech("no text"))
    line = visit.speech("This file cannot be read: it is {kind}.", kind=said)
    do = (
        visit.speech("Save a table as CSV (UTF-8), or give a record (YAML, JSON) or FHIR R4. Nothing was written.")
        if table
        else visit.speech("Give the file that Backup wrote (.jsonl). Nothing was written.")
    )
    return f"{line} {do}"


def _at_line(visit: Visit, problem: Exception) -> str:
    """The problem without the place of our temporary copy, which says nothing to whoever sent the file."""
    if isinstance(problem, ReadError):
        where, nothing = visit.speech("line {n}", n=problem.line), visit.speech("Nothing was written.")
        told = problem.told(visit.words)
        told = told if told.endswith((".", "?")) else f"{told}."
        return f"{where}: {told} {nothing}" if problem.line else f"{told} {nothing}"
    line = line_of(visit.speech, problem, visit.words)
    return re.sub(r"^\S*isocourse-\S+?: ", "", line)


def _made(name: str, make: Callable[[Path], object]) -> list[bytes]:
    """The files that something writes."""
    with tempfile.TemporaryDirectory(prefix="isocourse-") as folder:
        make(Path(folder) / name)
        return [
            path.read_bytes()
            for path in sorted(Path(folder).iterdir(), key=lambda path: (path.name != name, path.name))
        ]


def _file(data: bytes, kind: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=kind, status_code=200, headers=headers)


def _page(
    visit: Visit, wrong: str = "", status: int = 200, done: Brought | None = None, restored: object = None
) -> Response[str]:
    return visit.page("files.html", status=status, wrong=wrong, done=done, restored=restored)


HANDLERS = (files, bring_in, take_out, take_out_course, take_backup, bring_back)
