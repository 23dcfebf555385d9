"""Opens SQLite or PostgreSQL by one URL, begins transactions so that nothing acknowledged is lost, and words what goes wrong."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from isocourse.register.problem import BusyError, ConflictError, RegisterError

WAIT_S = 10
"""How long a write waits for another one before it gives up."""

_LOCK = 7_363_027_511
"""Names the advisory lock under which events are appended in PostgreSQL."""

TRAIL_LOCK = 7_363_027_512
"""The same for the trail: whoever reads does not wait for whoever writes."""

_PRAGMAS = (
    f"PRAGMA busy_timeout = {WAIT_S * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -65536",
)


_SETTINGS = ("random_page_cost = 1.1", "work_mem = '32MB'", "jit = off")
"""For PostgreSQL, which by default reckons with turning disks and would sort a whole list where an index has it in order."""


def url_of(words: str) -> URL:
    """The address of a register: a URL, or the path of a SQLite file.

    Raises:
        RegisterError: it is neither SQLite nor PostgreSQL.
    """
    if "://" not in words:
        return URL.create("sqlite", database=os.path.abspath(os.path.expanduser(words)))
    try:
        url = make_url(words)
    except (ArgumentError, ValueError):
        raise RegisterError(
            f'"{_hidden(words)}" is no address of a database; write postgresql://user@host/name, or a path'
        ) from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite")
    raise RegisterError(
        f'"{url.render_as_string()}": a register is kept in a SQLite file or in PostgreSQL; write a path, or postgresql://user@host/name'
    )


def _hidden(words: str) -> str:
    """An address without what may be a password."""
    scheme, _, rest = words.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def open_engine(words: str, *, create: bool = False, wait_s: int = WAIT_S) -> Engine:
    """The engine for an address. A SQLite file is made only if asked for.

    Raises:
        RegisterError: there is no such file, or the driver for PostgreSQL is not installed.
    """
    url = url_of(words)
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        _file(Path(str(url.database)), create=create)
    try:
        engine = create_engine(url, pool_pre_ping=not sqlite, pool_size=5)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise RegisterError("PostgreSQL needs its driver; install it with: pip install 'isocourse[clinic]'") from None
    event.listen(engine, "connect", _sqlite_connected(wait_s) if sqlite else _postgresql_connected(wait_s))
    if sqlite:
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _file(place: Path, *, create: bool) -> None:
    if place.is_file():
        return
    if not create:
        raise RegisterError(
            f"{place}: there is no register here; make one with `isocourse register init`, or name another with --register"
        )
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as problem:
        raise RegisterError(f"{place}: the register cannot be made ({problem.strerror})") from None


def _sqlite_connected(wait_s: int) -> Any:  # noqa: ANN401 - a listener with SQLAlchemy's signature
    def connected(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in (*_PRAGMAS, f"PRAGMA busy_timeout = {wait_s * 1000}"):
            connection.execute(pragma)

    return connected


def _postgresql_connected(wait_s: int) -> Any:  # noqa: ANN401 - a listener with SQLAlchemy's signature
    def connected(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver is optional
        with connection.cursor() as cursor:
            for setting in (*_SETTINGS, f"lock_timeout = '{wait_s}s'"):
                cursor.execute(f"SET {setting}")
        connection.commit()

    return connected


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_sqlite(connection: Connection) -> bool:
    """Whether the register lies in a SQLite file."""
    return connection.dialect.name == "sqlite"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One unchanging view of the register."""
    with told(engine), engine.connect() as connection:
        if not is_sqlite(connection):
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, lock: int = _LOCK) -> Iterator[Connection]:
    """The only writer of its kind at this moment; everything is kept at the end, or nothing."""
    with told(engine), engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            if not is_sqlite(connection):
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
            yield connection


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Inserts whole rows, in the order of the table's columns, as fast as the database takes them."""
    if not rows:
        return
    names = [column.name for column in table.columns]
    driver: Any = connection.connection.driver_connection
    if is_sqlite(connection):
        marks = ", ".join("?" * len(names))
        driver.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", rows)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def driver_rows(connection: Connection, asked: Select[*tuple[Any, ...]], size: int) -> Iterator[tuple[Any, ...]]:
    """Rows as the driver has them, some at a time, however many there are; who stops early leaves nothing open."""
    statement = str(asked.compile(connection, compile_kwargs={"literal_binds": True}))
    driver: Any = connection.connection.driver_connection
    if is_sqlite(connection):
        rows = driver.cursor()
        rows.arraysize = size
    else:
        rows = driver.cursor(name="isocourse_rows", binary=True)
        rows.itersize = size
    try:
        rows.execute(statement)
        yield from rows
    finally:
        rows.close()


# what went wrong -----------------------------------------------------------------------------------------------------------
@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turns what a database says into one line that says what to do and what happened to the data."""
    try:
        yield
    except DBAPIError as problem:
        raise _worded(engine.url, problem.orig) from None
    except Exception as problem:
        if getattr(problem, "sqlstate", None) or type(problem).__module__.startswith(("sqlite3", "psycopg")):
            raise _worded(engine.url, problem) from None
        raise


KEPT = "Nothing of this was written; what was acknowledged before is safe."

_SAID: dict[str, tuple[type[RegisterError], str]] = {
    "busy": (BusyError, f"another program is writing to it; try again in a moment. {KEPT}"),
    "full": (RegisterError, f"the disk is full, or a file may not grow any further; free space and try again. {KEPT}"),
    "version": (
        ConflictError,
        f"somebody else wrote to the same course at this moment; look at it again, then decide. {KEPT}",
    ),
    "append": (RegisterError, f"an event may not be changed or removed; write a correcting one. {KEPT}"),
    "access": (RegisterError, f"this user may not read or write it; check its owner and permissions. {KEPT}"),
    "damaged": (
        RegisterError,
        "this is not a register, or the file is damaged; keep a copy of it as it is, and restore the last backup into a new one",
    ),
    "away": (
        RegisterError,
        f"the database server does not answer; check that it runs and the address is right. {KEPT}",
    ),
    "absent": (RegisterError, "there is no such database; make it with createdb, then run `isocourse register init`"),
    "no_tables": (RegisterError, "there is no register here yet; make one with `isocourse register init`"),
}

_SQLITE = {
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_FULL": "full",
    "SQLITE_IOERR": "full",
    "SQLITE_CONSTRAINT_UNIQUE": "version",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "version",
    "SQLITE_CONSTRAINT_TRIGGER": "append",
    "SQLITE_READONLY": "access",
    "SQLITE_CANTOPEN": "access",
    "SQLITE_PERM": "access",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
}

_POSTGRESQL = {
    "55P03": "busy",
    "40001": "busy",
    "53100": "full",
    "58030": "full",
    "23505": "version",
    "P0001": "append",
    "42501": "access",
    "28": "access",
    "3D000": "absent",
    "42P01": "no_tables",
    "08": "away",
    "57": "away",
    "XX001": "damaged",
}


def _worded(url: URL, problem: BaseException | None) -> RegisterError:
    where = url.database if url.get_backend_name() == "sqlite" else f"the register {url.render_as_string()}"
    cause = _cause(problem)
    kind, said = _SAID.get(cause, (RegisterError, ""))
    first = str(problem).strip().partition("\n")[0]
    worded = kind(f"{where}: {said or f'{first}. {KEPT}'}")
    worded.cause = cause
    return worded


def _cause(problem: BaseException | None) -> str:
    name = getattr(problem, "sqlite_errorname", "")
    if name:
        if name == "SQLITE_ERROR" and "no such table" in str(problem):
            return "no_tables"
        return next((cause for start, cause in _SQLITE.items() if name.startswith(start)), "")
    state = getattr(problem, "sqlstate", None)
    if state:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2]) or ""
    if "does not exist" in str(problem) and "database" in str(problem):
        return "absent"
    return "away" if type(problem).__module__.startswith("psycopg") and not isinstance(problem, ValueError) else ""
