"""A patient who asks to be forgotten is forgotten, and the chain stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from isocourse.app.register_worklist import refresh
from isocourse.library import Library
from isocourse.register.document import dossier
from isocourse.register.problem import RegisterError
from isocourse.register.projections import differences
from isocourse.register.register import Register
from isocourse.register.verify import verify
from tests.register.conftest import AS_OF, STAMP, Place
from tests.register.invented import admit, visit, weight

CANARY = "Zebedee Canary"
TABLES = ("event", "identity", "head", "patient", "course", "latest", "worklist")


def everything(register: Register) -> bytes:
    """Every value in every table."""
    with register.reading() as connection:
        return b"\n".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for table in TABLES
            for row in connection.execute(text(f"SELECT * FROM {table}"))
            for value in row
        )


def test_after_an_erasure_nothing_of_the_patient_can_be_read(
    place: Place, register: Register, library: Library
) -> None:
    gone = admit(register, [weight(77)], name=CANARY)[1]
    stays = admit(register, [weight(55)], name="Ann")[1]
    refresh(register, library, AS_OF)
    key = bytes(_key(register, gone.patient))
    assert b"Canary" in everything(register)
    assert b"77 kg" in everything(register)
    register.erase(STAMP, gone.patient, "asked by letter")
    left = everything(register)
    assert not any(trace in left for trace in (b"Canary", b"canary", b"77 kg", key))
    assert b"55 kg" in left
    assert register.identity_of(gone.patient) is None
    assert dossier(register.events_of(stays.patient), stays.course, None).native["events"]
    found = verify(register, own_key=register.signer().public)
    assert (found.faults, found.erased) == ([], 1)


def _key(register: Register, patient: str) -> bytes:
    with register.reading() as connection:
        return bytes(
            connection.execute(text("SELECT key FROM identity WHERE patient = :p"), {"p": patient}).scalar_one()
        )


def test_what_sqlite_freed_does_not_stay_in_its_files(place: Place, register: Register) -> None:
    if place.server is not None:
        pytest.skip("files of a PostgreSQL server are its own; the guide says what may stay in them")
    gone = admit(register, [weight(77)], name=CANARY)[1]
    key = _key(register, gone.patient)
    register.erase(STAMP, gone.patient, "asked")
    kept = b"".join(each.read_bytes() for each in Path(place.url).parent.glob("register.db*"))
    assert key not in kept
    assert CANARY.encode() not in kept


def test_the_events_hold_no_identity_even_before(place: Place, register: Register) -> None:
    admit(register, [weight(77)], name=CANARY)
    with register.reading() as connection:
        rows = connection.execute(text("SELECT * FROM event")).all()
    whole = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for row in rows for value in row
    )
    assert CANARY.encode() not in whole
    assert b"1999" not in whole
    assert b"77 kg" not in whole


def test_an_erased_patient_is_not_written_to_again(register: Register) -> None:
    gone = admit(register)[1]
    register.erase(STAMP, gone.patient, "asked")
    with pytest.raises(RegisterError, match="was erased"):
        visit(register, gone, weight(60))
    with pytest.raises(RegisterError, match="was erased"):
        register.erase(STAMP, gone.patient, "asked twice")
    with pytest.raises(RegisterError, match="no course"):
        register.patient_of(gone.course)


def test_rebuilding_after_an_erasure_brings_nothing_back(register: Register) -> None:
    gone = admit(register, [weight(77)], name=CANARY)[1]
    admit(register)
    register.erase(STAMP, gone.patient, "asked")
    register.rebuild()
    with register.reading() as connection:
        assert differences(connection) == []
        assert connection.execute(text("SELECT count(*) FROM course")).scalar_one() == 1
    assert b"77 kg" not in everything(register)


def test_an_identity_that_came_back_after_an_erasure_is_found(place: Place, register: Register) -> None:
    gone = admit(register)[1]
    with register.reading() as connection:
        row = connection.execute(text("SELECT * FROM identity")).one()
    register.erase(STAMP, gone.patient, "asked")
    with register.engine.begin() as connection:
        names = ("patient", "key", "name", "name_key", "birth", "number", "contact")
        marks = ", ".join(f":{name}" for name in names)
        connection.execute(text(f"INSERT INTO identity VALUES ({marks})"), dict(zip(names, row, strict=True)))
    assert verify(register).faults == [f"identity of {gone.patient}: it is still there although it was erased"]
