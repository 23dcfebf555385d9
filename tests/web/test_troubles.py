"""What goes wrong is said in the reader's language, and nothing is lost: a locked register, a full disk, an old one, an ended session."""

import ast
import contextlib
import html
import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from litestar.testing import TestClient

import isocourse.register
from isocourse.cli.serve import _register as register_to_serve
from isocourse.register.backup import FORMAT, back_up
from isocourse.register.events import Stamp
from isocourse.register.identity import LONGEST
from isocourse.register.problem import BusyError, ConflictError, RegisterError, VersionError
from isocourse.register.register import Register, init_register, open_register
from isocourse.register.verify import verify
from isocourse.web import server as workbench
from isocourse.web.desk import Desk
from isocourse.web.settings import Settings
from isocourse.web.speech import LANGUAGES, speech_of
from isocourse.web.troubles import LINES, line_of, status_of
from isocourse.web.watch import _again
from tests.web.bench import BASE, DAY, INSTANT, OURS, RECORD, TOKEN, Bench, version

VISIT = {"visit": "2026-11-24", "s.weight": "57.5", "s.weight~unit": "kg"}


def told(page: str) -> str:
    """The text of a page, its entities read."""
    return html.unescape(page)


@contextmanager
def locked(register: Register) -> Iterator[None]:
    """Another program that is writing."""
    other = sqlite3.connect(str(register.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def in_language(clinic: Bench, language: str) -> None:
    """Another language from here on."""
    clinic.send("/language", language=language, back="/")


def number(language: str) -> str:
    """A weight as readers of a language write it."""
    return speech_of(language).number("57.5")


# the register cannot be written ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_locked_register_is_told_and_the_visit_comes_back_as_filled_in(
    clinic: Bench, course: str, register: Register, language: str
) -> None:
    in_language(clinic, language)
    fields = VISIT | {"expected": version(clinic, course), "s.weight": number(language)}
    with locked(register):
        reply = clinic.send(f"{course}/visit", **fields)
    assert reply.status_code == 503
    assert speech_of(language)(LINES["busy"]) in told(reply.text)
    assert f'name="s.weight" value="{number(language)}"' in reply.text
    assert clinic.send(f"{course}/visit", **fields).status_code == 200
    assert verify(register).faults == []


def test_a_locked_register_loses_no_name_no_reason_and_no_date(clinic: Bench, course: str, register: Register) -> None:
    home = clinic.send("/read", text=RECORD).headers["location"]
    number = version(clinic, course)
    with locked(register):
        kept = clinic.send(f"{home}/keep", name="Zarina Petrova", number="A-18", contact="at work")
        undone = clinic.send(f"{course}/undo", seq="4", why="of another patient")
        changed = clinic.send(f"{course}/change", expected=number, last_dose="2026-11-20")
        opened = clinic.send(f"{course}/plan")
    for reply, value in ((kept, "Zarina Petrova"), (undone, "of another patient"), (changed, "2026-11-20")):
        assert reply.status_code == 503
        assert "Another program is writing to the register" in reply.text
        assert f'value="{value}"' in reply.text
    assert opened.status_code in (422, 503)
    assert clinic.send(f"{home}/keep", name="Zarina Petrova").status_code == 303


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_told_and_nothing_is_lost(desk: Desk, tmp_path: Path, signing_key: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        register = init_register(str(disk / "register.db"), signing_key, Stamp("tests", INSTANT))
        with served(desk, register) as clinic:
            home = clinic.send("/read", text=RECORD).headers["location"]
            course = clinic.send(f"{home}/keep", name="Nilufar Karimova").headers["location"]
            expected = version(clinic, course)
            in_language(clinic, "ru")
            fill_up(disk)
            reply = clinic.send(f"{course}/visit", expected=expected, **VISIT | {"s.weight": "57,5"})
            assert reply.status_code == 507, reply.text[-900:]
            assert speech_of("ru")(LINES["full"]) in told(reply.text)
            assert 'value="57,5"' in reply.text
            (disk / "ballast").unlink()
            assert clinic.send(f"{course}/visit", expected=expected, **VISIT | {"s.weight": "57,5"}).status_code == 200
            assert verify(register).faults == []
        register.close()
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def fill_up(disk: Path) -> None:
    """Takes every byte that is left."""
    with (disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        while True:
            ballast.write(b"x" * 4096)


@contextmanager
def served(desk: Desk, register: Register | RegisterError) -> Iterator[Bench]:
    """A server with that register, and somebody signed in."""
    lines: list[str] = []
    settings = Settings("127.0.0.1", 8765, lambda: 1000.0, lambda: DAY, lines.append, "a-program", lambda: INSTANT)
    app, _ = workbench.server(settings, desk, register)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        found = Bench(app, [1000.0], lines, client)
        found.come_in()
        yield found


# another version -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def older(tmp_path: Path, signing_key: Path) -> str:
    """A register whose tables are of an older version."""
    place = str(tmp_path / "older.db")
    init_register(place, signing_key, Stamp("tests", INSTANT)).close()
    with sqlite3.connect(place) as file:
        file.execute("UPDATE alembic_version SET version_num = '0000'")
    file.close()
    return place


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_older_register_is_told_on_its_pages_and_not_touched(
    desk: Desk, older: str, signing_key: Path, language: str
) -> None:
    before = Path(older).read_bytes()
    with pytest.raises(VersionError) as problem:
        open_register(older, signing_key)
    with served(desk, problem.value) as clinic:
        in_language(clinic, language)
        for path in ("/register", "/register/files", "/course/any", "/course/any/visit"):
            reply = clinic.client.get(path)
            assert reply.status_code == 503, path
            assert speech_of(language)(LINES["older"]) in told(reply.text)
            assert reply.headers["retry-after"]
        assert clinic.client.get("/patient/alt-trebled").status_code == 200
    assert Path(older).read_bytes() == before


def test_the_workbench_starts_with_an_older_register_and_says_why_it_is_not_open(
    older: str, signing_key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = register_to_serve(older, signing_key)
    assert isinstance(found, VersionError)
    assert "isocourse register upgrade" in capsys.readouterr().err


PARTS: dict[str, str | int] = {"n": 50, "words": "Abdullaev", "format": "isocourse 9", "ours": "isocourse 1"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_of_a_register_has_words_in_every_language(language: str) -> None:
    for cause, line in LINES.items():
        kind = BusyError if cause == "busy" else ConflictError if cause == "version" else RegisterError
        problem = kind.of(cause, "raw", **PARTS)
        said = line_of(speech_of(language), problem)
        assert (said == line.format(**PARTS)) is (language == "en")
        assert all(str(PARTS[name]) in said for name in PARTS if f"{{{name}}}" in line)
        assert status_of(problem) in (404, 409, 422, 503, 507)
    assert line_of(speech_of(language), RegisterError("as the register tells it")) == "as the register tells it"


ONLY_AT_THE_TERMINAL = {
    "database.py": "an address that is none, a driver that is missing: the workbench does not start",
    "signing.py": "no key, or none that can be read: the workbench does not start",
    "trail.py": "a key that the register does not know: the workbench does not start",
    "workers.py": "rebuild and upgrade",
    "projections.py": "rebuild and upgrade",
    "register.py": "init, and restore into a place that is taken",
    "backup.py": "a place that is taken, a register that is in use, a file that is gone",
}
"""Where the register refuses in English alone, and why no page shows it."""


def test_whatever_the_register_refuses_on_a_page_has_a_name_by_which_it_is_worded() -> None:
    named, plain = set[str](), set[str]()
    for path in Path(isocourse.register.__file__).parent.glob("*.py"):
        for each in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(each, ast.Raise) and isinstance(each.exc, ast.Call)):
                continue
            called = ast.unparse(each.exc.func)
            if called.endswith("Error.of"):
                named.add(ast.unparse(each.exc.args[0]).strip("'"))
            elif called == "RegisterError":
                plain.add(path.name)
    assert plain == set(ONLY_AT_THE_TERMINAL)
    assert len(named) > 8
    assert named - {"part"} <= set(LINES)
    assert {"name", "number", "contact"} <= set(LINES)  # the parts of an identity


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_what_the_register_refuses_is_told_in_the_language_of_the_page(
    clinic: Bench, course: str, register: Register, tmp_path: Path, language: str
) -> None:
    in_language(clinic, language)
    home = clinic.send("/read", text=RECORD).headers["location"]
    speech = speech_of(language)
    long = clinic.send(f"{home}/keep", name="Z" * 400)
    assert speech(LINES["name"], n=LONGEST) in told(long.text)
    back_up(register, tmp_path / "b.jsonl", Stamp("tests", INSTANT))
    whole = (tmp_path / "b.jsonl").read_text()
    for damaged, cause in (
        (whole[: len(whole) // 2], "backup_not_whole"),
        (whole.replace("A-17", "A-18"), "backup_checksum"),
        (whole.replace(FORMAT, "isocourse register 999", 1), "backup_format"),
    ):
        form, files = {"token": clinic.token()}, {"file": ("a", damaged.encode())}
        reply = clinic.client.post("/register/restore", data=form, files=files, headers=OURS)
        parts = {"format": "isocourse register 999", "ours": FORMAT}
        assert speech(LINES[cause], **parts) in told(reply.text), cause
    patient = register.patient_of(course.rpartition("/")[2])
    expected = version(clinic, course)
    with register.writing(Stamp("tests", INSTANT)) as writer:
        writer.erase(patient, "asked for")
    gone = clinic.send(f"{course}/visit", expected=expected, **VISIT | {"s.weight": number(language)})
    assert speech(LINES["no_course"]) in told(gone.text)


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_a_trail_that_cannot_be_written_is_told_in_the_language_of_the_page(language: str) -> None:
    """Whoever looks is told as whoever writes is: by the cause, not by the English of the register."""
    problem = BusyError.of("busy", "raw")
    again = _again(problem)
    assert again is not problem
    assert line_of(speech_of(language), again) == speech_of(language)(LINES["busy"])


# an ended session ------------------------------------------------------------------------------------------------------------
def sent_again(page: str) -> dict[str, str]:
    """The fields that a refusal hands back."""
    return {name: html.unescape(text) for name, text in re.findall(r'<textarea name="([^"]+)" hidden>([^<]*)<', page)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_sent_after_the_session_ended_is_handed_back_and_taken_after_coming_in(
    clinic: Bench, course: str, language: str
) -> None:
    in_language(clinic, language)
    old, fields = clinic.token(), VISIT | {"expected": version(clinic, course)}
    clinic.clock[0] += 31 * 60
    reply = clinic.client.post(f"{course}/visit", data={"token": old, **fields}, headers=OURS)
    assert reply.status_code == 401
    assert sent_again(reply.text) == fields
    assert old not in reply.text
    clinic.come_in()
    again = clinic.client.post(f"{course}/visit", data={"token": "", **sent_again(reply.text)}, headers=OURS)
    assert again.status_code == 403
    assert sent_again(again.text) == fields
    fresh = TOKEN.search(again.text)
    assert fresh is not None
    taken = clinic.client.post(f"{course}/visit", data={"token": fresh[1], **sent_again(again.text)}, headers=OURS)
    assert taken.status_code == 200
    assert "57.5 kg" in clinic.client.get(course).text


def test_another_sites_form_is_never_handed_back(clinic: Bench, course: str) -> None:
    evil = {"origin": "http://evil.example"}
    reply = clinic.client.post(f"{course}/visit", data={"token": "", **VISIT}, headers=evil)
    assert reply.status_code == 403
    assert sent_again(reply.text) == {}
    clinic.clock[0] += 31 * 60
    reply = clinic.client.post(f"{course}/visit", data={"token": "", **VISIT}, headers=evil)
    assert reply.status_code == 401
    assert sent_again(reply.text) == {}


def test_a_form_that_is_to_be_corrected_is_not_sent_again_as_it_is(clinic: Bench, course: str) -> None:
    reply = clinic.send(f"{course}/undo", seq="2", why="")
    assert reply.status_code == 422
    assert "again" not in re.findall(r'class="(\w+)"', reply.text)
