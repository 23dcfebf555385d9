"""A full disk, a locked or damaged file, a log torn in the middle: a clear line, and nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from isocourse.register.database import open_engine, writing
from isocourse.register.problem import BusyError, RegisterError
from isocourse.register.register import Register, open_register
from isocourse.register.verify import verify
from tests.conftest import REPOSITORY
from tests.register.conftest import Place
from tests.register.invented import admit, visit, weight


@pytest.fixture
def desk(tmp_path: Path, signing_key: Path) -> Place:
    """A place for a register in a SQLite file."""
    return Place("sqlite", str(tmp_path / "register.db"), signing_key, None)


def test_a_writer_who_waits_too_long_is_told_so_and_loses_nothing(place: Place, register: Register) -> None:
    course = admit(register)[1]
    impatient = Register(open_engine(place.url, wait_s=1), place.key)
    with writing(register.engine), pytest.raises(BusyError, match="another program is writing"):
        visit(impatient, course, weight(60))
    assert visit(impatient, course, weight(60)).version == 2
    assert verify(impatient).faults == []
    impatient.close()


# a full disk -----------------------------------------------------------------------------------------------------------------
LIMITED = """
import resource, signal, sys
from pathlib import Path
from isocourse.register.problem import RegisterError
from isocourse.register.register import open_register
from tests.register.invented import visit, weight
from tests.register.killing import _course

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
register = open_register(sys.argv[1], Path(sys.argv[2]))
course, size = _course(register), int(sys.argv[3])
if size:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    while True:
        print(visit(register, course, {**weight(60), "facts": {"x": "y" * 4000}}).seq, flush=True)
except RegisterError as problem:
    print(problem)
"""


def until_full(place: Place, limit: int) -> tuple[list[int], str]:
    """Writes until nothing more goes in; the acknowledged events, and what was said."""
    told = os.environ | {"PYTHONPATH": f"{REPOSITORY / 'src'}{os.pathsep}{REPOSITORY}"}
    command = [sys.executable, "-c", LIMITED, place.url, str(place.key), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, env=told, check=False, timeout=120)
    *acknowledged, said = done.stdout.strip().splitlines() or [done.stderr]
    return [int(each) for each in acknowledged], said


def test_when_a_file_may_not_grow_any_further_nothing_acknowledged_is_lost(desk: Place) -> None:
    made = desk.made()
    admit(made)
    made.close()
    acknowledged, said = until_full(desk, 300_000)
    assert acknowledged
    assert "the disk is full" in said
    assert "acknowledged before is safe" in said
    later = desk.opened()
    found = verify(later)
    assert found.faults == []
    assert found.events >= acknowledged[-1]
    visit(later, admit(later)[1], weight(60))
    later.close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk")
def test_when_the_disk_is_full_nothing_acknowledged_is_lost(tmp_path: Path, signing_key: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    ).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        place = Place("sqlite", str(disk / "register.db"), signing_key, None)
        made = place.made()
        admit(made)
        made.close()
        acknowledged, said = until_full(place, 0)
        assert acknowledged
        assert "the disk is full" in said
        rescued = Place("sqlite", str(tmp_path / "rescued.db"), signing_key, None)
        for each in disk.glob("register.db*"):
            shutil.copy(each, tmp_path / each.name.replace("register", "rescued"))
        later = rescued.opened()
        found = verify(later)
        assert found.faults == []
        assert found.events >= acknowledged[-1]
        later.close()
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_a_full_server_is_told_in_the_same_words() -> None:
    from isocourse.register.database import _cause

    class FullError(Exception):
        sqlstate = "53100"

    assert _cause(FullError()) == "full"


# damage ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(6))
def test_a_torn_log_leaves_a_whole_chain_of_what_came_before_the_tear(desk: Place, seed: int) -> None:
    made = desk.made()
    course = admit(made)[1]
    made.close()
    engine = open_engine(desk.url)
    holder = sqlite3.connect(desk.url)  # keeps the log from being folded in when the writer closes
    holder.execute("PRAGMA wal_autocheckpoint = 0")
    holder.execute("SELECT count(*) FROM event").fetchone()
    writer = Register(engine, desk.key)
    for kg in range(50, 60):
        visit(writer, course, weight(kg))
    whole = verify(writer).events
    log = Path(desk.url + "-wal").read_bytes()
    torn = Path(desk.url).parent / "torn.db"
    shutil.copy(desk.url, torn)
    Path(f"{torn}-wal").write_bytes(log[: random.Random(seed).randrange(len(log))])
    writer.close()
    holder.close()
    later = open_register(str(torn), desk.key)
    found = verify(later)
    assert found.faults == []
    assert found.events <= whole
    visit(later, course, weight(70))
    assert verify(later).faults == []
    later.close()


def test_a_log_that_is_whole_loses_nothing(desk: Place) -> None:
    made = desk.made()
    course = admit(made)[1]
    holder = sqlite3.connect(desk.url)
    holder.execute("SELECT count(*) FROM event").fetchone()
    for kg in range(50, 60):
        visit(made, course, weight(kg))
    copy = Path(desk.url).parent / "copy.db"
    shutil.copy(desk.url, copy)
    shutil.copy(desk.url + "-wal", f"{copy}-wal")
    later = open_register(str(copy), desk.key)
    assert verify(later).events == verify(made).events
    for each in (later, made, holder):
        each.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"not a database at all" * 100, "not a register, or the file is damaged", id="another-file"),
        pytest.param(b"", "there is no register here yet", id="an-empty-file"),
    ],
)
def test_a_file_that_is_no_register_is_told_so(desk: Place, content: bytes, said: str) -> None:
    Path(desk.url).write_bytes(content)
    with pytest.raises(RegisterError, match=said):
        desk.opened()
    assert Path(desk.url).read_bytes()[: len(content)] == content


def test_a_page_overwritten_in_the_middle_of_the_file_is_noticed(desk: Place) -> None:
    made = desk.made()
    admit(made, [weight(60)] * 400)
    made.close()
    size = Path(desk.url).stat().st_size
    with Path(desk.url).open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xff" * 8192)
    later = desk.opened()
    assert "damaged" in noticed(later) or "event" in noticed(later)
    later.close()


def noticed(register: Register) -> str:
    """What verifying says: the faults, or that it cannot be read at all."""
    try:
        return "; ".join(verify(register).faults)
    except RegisterError as problem:
        return str(problem)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_only_be_read_is_told_so(desk: Place) -> None:
    made = desk.made()
    course = admit(made)[1]
    made.close()
    Path(desk.url).chmod(0o400)
    later = desk.opened()
    with pytest.raises(RegisterError, match="may not read or write"):
        visit(later, course, weight(60))
    later.close()


def test_a_server_that_goes_away_is_told_so(place: Place, register: Register) -> None:
    if place.server is None:
        pytest.skip("there is no server")
    course = admit(register)[1]
    place.server.kill()
    try:
        with pytest.raises(RegisterError, match="does not answer"):
            visit(register, course, weight(60))
    finally:
        place.server.start()
    assert visit(register, course, weight(60)).version == 2


def test_a_database_that_is_not_there_is_told_so(place: Place) -> None:
    if place.server is None:
        pytest.skip("a SQLite file is made by init")
    with pytest.raises(RegisterError, match="there is no such database"):
        open_register(place.url.replace("/isocourse?", "/nowhere?"), place.key)
