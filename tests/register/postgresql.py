"""A PostgreSQL server of our own: on loopback, its socket in a folder of its own, run by an unprivileged user, gone at the end."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

ROLE, DATABASE, BLANK = "iso", "isocourse", "blank"
LONGEST_START_S = 60


def programs() -> Path | None:
    """The folder of the newest server's programs, if one is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


class Server:
    """One server and its data; a `safe` one waits for the disk, as a clinic's does."""

    def __init__(self, bin_: Path, *, safe: bool = False) -> None:
        self.bin, self.safe = bin_, safe
        self.home = Path(tempfile.mkdtemp(prefix="isocourse-pg-"))
        self.data, self.socket = self.home / "data", self.home / "socket"
        self.user = _unprivileged()
        for folder in (self.home, self.data, self.socket):
            folder.mkdir(exist_ok=True)
            if self.user is not None:
                os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self.home.chmod(0o755)
        self.data.chmod(0o700)
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._run(
            "initdb", "-D", str(self.data), "-A", "trust", "-U", ROLE, "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"
        )

    @property
    def url(self) -> str:
        """The address, by its socket."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={self.socket}&port={self.port}"

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [str(self.bin / program), *words], cwd=self.home, capture_output=True, text=True, check=False, **self._as()
        )  # type: ignore[call-overload]  # user and group are given by name
        assert done.returncode == 0, done.stderr

    def _as(self) -> dict[str, int | list[int]]:
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.socket,
            "shared_buffers": "64MB",
            "max_connections": 30,
            "autovacuum": "off",
            "fsync": "on" if self.safe else "off",
            "recovery_init_sync_method": "syncfs",  # after a kill, not file by file
        }
        words = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.bin / "postgres"), "-D", str(self.data), *words],
                cwd=self.home,
                stdout=log,
                stderr=log,
                **self._as(),
            )  # type: ignore[call-overload]  # user and group are given by name
        self.wait("postgres")
        with contextlib.suppress(psycopg.errors.DuplicateDatabase), self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def connect(self, database: str = DATABASE) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the driver's own, outside the register."""
        return psycopg.connect(host=str(self.socket), port=self.port, user=ROLE, dbname=database, autocommit=True)

    def wait(self, database: str = DATABASE) -> None:
        """Waits until the server answers."""
        last = time.monotonic() + LONGEST_START_S
        while True:
            try:
                self.connect(database).close()
            except psycopg.OperationalError:
                assert self.process is not None
                assert self.process.poll() is None, (self.home / "log").read_text()[-2000:]
                assert time.monotonic() < last, "the server does not answer"
                time.sleep(0.02)
            else:
                return

    def empty(self) -> None:
        """Takes everything out of the database."""
        with self.connect() as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")

    def keep(self) -> None:
        """Keeps what is in the database, to begin with it again."""
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {BLANK} TEMPLATE {DATABASE}")

    def refill(self) -> bool:
        """Puts what was kept in place of the database; whether anything was."""
        with self.connect("postgres") as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (BLANK,)).fetchone()
            if found is not None:
                connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
                connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {BLANK}")
        return found is not None

    def kill(self) -> None:
        """Kills the server and every process of it at once, as a power cut would, and waits until they are gone."""
        assert self.process is not None
        mine = [self.process.pid, *_children(self.process.pid)]
        for pid in mine:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        while any(_alive(pid) for pid in mine[1:]):
            time.sleep(0.005)

    def close(self) -> None:
        """Stops the server and removes its data."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)  # at once: the data is not kept
            self.process.wait(timeout=60)
        shutil.rmtree(self.home, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Who is to run the server: ourselves, or, since it refuses to be run by root, the user that its package makes."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
