"""One register of patients and courses: opened, read, written, upgraded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import final

from sqlalchemy import Connection, Engine, select, text

from isocourse.register import events as kinds
from isocourse.register.database import is_sqlite, open_engine, reading, told, writing
from isocourse.register.events import Draft, Opened, Stamp
from isocourse.register.identity import Identity
from isocourse.register.journal import events_of, last_seq_of
from isocourse.register.problem import AbsentError, RegisterError
from isocourse.register.projections import Progress, quiet, rebuild
from isocourse.register.signing import Head, Signer, new_signer, read_signer
from isocourse.register.tables import COURSE, HEAD, IDENTITY
from isocourse.register.versions import VERSION, require_newest, upgrade, version_of
from isocourse.register.writer import Writer, public_keys


@final
class Register:
    """A register at one address. Nothing of it is held in memory: several programs may have it open."""

    def __init__(self, engine: Engine, key: Path) -> None:
        self.engine, self.key = engine, key

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        return self.engine.url.render_as_string()

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()

    def signer(self) -> Signer:
        """The signing key of this machine."""
        return read_signer(self.key)

    # reading -----------------------------------------------------------------------------------------------------------------
    def reading(self) -> AbstractContextManager[Connection]:
        """One unchanging view."""
        return reading(self.engine)

    def events_of(self, patient: str) -> list[Opened]:
        """Everything written of a patient."""
        with self.reading() as connection:
            return events_of(connection, patient)

    def identity_of(self, patient: str) -> Identity | None:
        """Who stands behind a pseudonym; None once erased."""
        with self.reading() as connection:
            return identity_of(connection, patient)

    def head(self) -> Head | None:
        """The newest signed head."""
        with self.reading() as connection:
            return newest_head(connection)

    def patient_of(self, course: str) -> str:
        """Whose course it is.

        Raises:
            RegisterError: there is no such course.
        """
        with self.reading() as connection:
            return _patient_of(connection, course)

    def last_seq(self, course: str) -> int:
        """The number of the last entry of the patient whose course it is.

        Raises:
            RegisterError: there is no such course.
        """
        with self.reading() as connection:
            return last_seq_of(connection, _patient_of(connection, course))

    # writing -----------------------------------------------------------------------------------------------------------------
    @contextmanager
    def writing(self, stamp: Stamp) -> Iterator[Writer]:
        """One transaction: what was appended is kept, signed, at its end, or nothing of it is."""
        signer = self.signer()
        with writing(self.engine) as connection:
            writer = Writer(connection, stamp)
            yield writer
            writer.finish(signer)

    def erase(self, stamp: Stamp, patient: str, why: str) -> None:
        """Destroys the identity and the key of a patient, and clears what the database would keep of them."""
        with self.writing(stamp) as writer:
            writer.erase(patient, why)
        with told(self.engine), self.engine.connect() as connection:
            if is_sqlite(connection):
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            else:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in ("identity", "patient", "course", "latest", "worklist"):
                    alone.execute(text(f"VACUUM {table}"))

    def rebuild(self, progress: Progress = quiet, workers: int | None = None) -> int:
        """Makes the projections anew from all events; how many there were. `workers`: processes; None: as many as fit."""
        with writing(self.engine) as connection:
            return rebuild(connection, progress, workers)

    def adopt(self, stamp: Stamp) -> Signer:
        """Writes the public half of this machine's key into the chain, so that this machine may sign."""
        signer = self.signer()
        with self.writing(stamp) as writer:
            if signer.public not in public_keys(writer.connection):
                writer.append([Draft(kinds.REGISTER_KEYED, {"public": signer.public})])
        return signer

    def rekey(self, stamp: Stamp) -> Signer:
        """A new signing key, written into the chain; the old file is kept beside it."""
        if self.key.exists():
            old = self.key.with_suffix(f".{stamp.at[:19].replace(':', '')}.old")
            self.key.rename(old)
        new_signer(self.key)
        return self.adopt(stamp)


def _patient_of(connection: Connection, course: str) -> str:
    found = connection.execute(select(COURSE.c.patient).where(COURSE.c.course == course)).scalar()
    if found is None:
        raise AbsentError.of("no_course", 'no course "{course}" here; see `isocourse register search`', course=course)
    return str(found)


def identity_of(connection: Connection, patient: str) -> Identity | None:
    """Who stands behind a pseudonym."""
    c = IDENTITY.c
    asked = select(c.patient, c.name, c.birth, c.number, c.contact).where(c.patient == patient)
    found = connection.execute(asked).first()
    return Identity(*found) if found else None


def newest_head(connection: Connection) -> Head | None:
    """The newest signed head."""
    found = connection.execute(select(HEAD).order_by(HEAD.c.seq.desc()).limit(1)).first()
    return Head(*found) if found else None


@contextmanager
def _opened(words: str, key: Path, *, create: bool = False) -> Iterator[Register]:
    """A register whose connections are let go if it turns out that it cannot be used."""
    register = Register(open_engine(words, create=create), key)
    try:
        yield register
    except BaseException:
        register.close()
        raise


def open_register(words: str, key: Path) -> Register:
    """The register at an address.

    Raises:
        RegisterError: there is none, or it is of another version.
    """
    with _opened(words, key) as register:
        require_newest(register.engine)
        return register


def empty_register(words: str, key: Path) -> Register:
    """The tables of a register with nothing in them, to restore into; a signing key is made if there is none.

    Raises:
        RegisterError: there is a register already.
    """
    with _opened(words, key, create=True) as register:
        if version_of(register.engine):
            raise RegisterError(f"{register.address}: there is a register here already; it was left as it is")
        if not key.exists():
            new_signer(key)
        upgrade(register.engine)
        return register


def init_register(words: str, key: Path, stamp: Stamp) -> Register:
    """A new, empty register; a signing key is made if there is none.

    Raises:
        RegisterError: there is a register already.
    """
    register = empty_register(words, key)
    signer = register.signer()
    with register.writing(stamp) as writer:
        writer.append([Draft(kinds.REGISTER_OPENED, {"tables": VERSION, "public": signer.public})])
    return register


def upgrade_register(words: str, key: Path, progress: Progress = quiet) -> tuple[str, int]:
    """Takes an older register to the newest tables and makes its projections; the version it had, and its events.

    Raises:
        RegisterError: there is no register, or a newer one.
    """
    with _opened(words, key) as register:
        before = version_of(register.engine)
        if not before or before > VERSION:
            require_newest(register.engine)
        events = upgrade(register.engine, then=lambda connection: rebuild(connection, progress, None))
        register.close()
    return before, events
