"""Whatever is done to a register behind our back is found and named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from isocourse.register.register import Register
from isocourse.register.tables import EVENT, METADATA
from isocourse.register.verify import Found, verify
from tests.register.conftest import STAMP, Place
from tests.register.invented import admit, by_force, politely, visit, weight


@pytest.fixture
def course(register: Register) -> str:
    """A course with eight events before it and in it; event 1 opened the register."""
    return admit(register, [weight(kg) for kg in range(50, 55)])[1].course


def looked_at(register: Register) -> Found:
    return verify(register, own_key=register.signer().public)


def test_what_was_written_is_sound(register: Register, course: str) -> None:
    found = looked_at(register)
    assert found.faults == []
    assert found.events == 8
    assert "up to event 8" in found.head


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE event SET actor = 'dr-b' WHERE seq = 4", id="changed"),
        pytest.param("DELETE FROM event WHERE seq = 8", id="removed"),
        pytest.param("DELETE FROM event", id="all-removed"),
    ],
)
def test_the_database_itself_refuses_to_change_an_event(
    place: Place, register: Register, course: str, statement: str
) -> None:
    assert "append-only" in politely(place, statement)
    assert looked_at(register).faults == []


def test_the_database_refuses_to_replace_an_event(place: Place, register: Register, course: str) -> None:
    columns = "seq, patient, course, version, kind, actor, at, knowledge, body, prev, hash"
    if place.kind == "sqlite":
        said = politely(
            place,
            f"REPLACE INTO event ({columns}) SELECT {columns.replace('actor', chr(39) + 'x' + chr(39))} FROM event WHERE seq = 4",
        )
    else:
        said = politely(
            place,
            f"INSERT INTO event ({columns}) SELECT {columns} FROM event WHERE seq = 4 ON CONFLICT (seq) DO UPDATE SET actor = 'x'",
        )
    assert "append-only" in said
    if place.kind == "postgresql":
        assert "append-only" in politely(place, "TRUNCATE event")
    assert looked_at(register).faults == []


@pytest.mark.parametrize(
    "column", ["patient", "course", "version", "kind", "actor", "at", "knowledge", "body", "prev", "hash"]
)
def test_a_changed_event_is_named_whatever_was_changed_in_it(
    place: Place, register: Register, course: str, column: str
) -> None:
    new = {"version": "99", "patient": "'px'", "course": "'cx'"}.get(column, "'x'")
    if column in ("body", "prev", "hash"):
        new = "X'0102'" if place.kind == "sqlite" else r"'\x0102'::bytea"
    by_force(place, f"UPDATE event SET {column} = {new} WHERE seq = 5")
    faults = looked_at(register).faults
    assert faults
    assert faults[0].startswith("event 5: its content is not what was written"), faults


def test_a_removed_event_is_named(place: Place, register: Register, course: str) -> None:
    by_force(place, "DELETE FROM event WHERE seq = 5")
    assert "event 5 is missing: it was removed" in looked_at(register).faults


def test_a_removed_tail_is_named_by_the_signed_head(place: Place, register: Register, course: str) -> None:
    by_force(place, "DELETE FROM event WHERE seq >= 7")
    [fault] = looked_at(register).faults
    assert "events 7 to 8 are missing at the end" in fault


def test_a_removed_tail_is_named_by_a_head_kept_elsewhere_even_if_its_own_head_went_too(
    place: Place, register: Register, course: str
) -> None:
    before = register.head()
    visit(register, admit(register)[1], weight(60))
    kept = register.head()
    assert before is not None
    assert kept is not None
    by_force(
        place,
        "DELETE FROM event WHERE seq > 8",
        "DELETE FROM head",
        f"INSERT INTO head VALUES (8, '{before.hash}', '{before.at}', '{before.key}', '{before.signature}')",
        "DELETE FROM identity WHERE patient NOT IN (SELECT patient FROM event)",
        "DELETE FROM patient WHERE patient NOT IN (SELECT patient FROM event)",
        "DELETE FROM course WHERE patient NOT IN (SELECT patient FROM event)",
        "DELETE FROM latest WHERE patient NOT IN (SELECT patient FROM event)",
    )
    assert looked_at(register).faults == []
    [fault] = verify(register, (kept,), own_key=register.signer().public).faults
    assert fault.startswith("published head of event 11")
    assert "are missing at the end" in fault


def test_without_any_head_a_missing_tail_would_not_show_and_that_is_said(
    place: Place, register: Register, course: str
) -> None:
    by_force(place, "DELETE FROM head")
    [fault] = looked_at(register).faults
    assert "no signed head is stored" in fault


def test_a_head_that_was_changed_is_found(place: Place, register: Register, course: str) -> None:
    by_force(place, "UPDATE head SET at = '2026-11-25T00:00:00.000000Z'")
    [fault] = looked_at(register).faults
    assert fault == "stored head of event 8: its signature does not hold: it was changed"


def test_events_appended_by_another_program_are_found(place: Place, register: Register, course: str) -> None:
    head = register.head()
    assert head is not None
    visit(register, admit(register)[1], weight(60))
    by_force(
        place,
        "DELETE FROM head",
        f"INSERT INTO head VALUES (8, '{head.hash}', '{head.at}', '{head.key}', '{head.signature}')",
    )
    [fault] = looked_at(register).faults
    assert fault.startswith("events 9 to 11: no signed head covers them")


def test_a_register_rewritten_and_signed_with_another_key_is_found(
    place: Place, register: Register, course: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Place(place.kind, place.url, tmp_path_factory.mktemp("other") / "key.pem", place.server)
    mine = register.signer().public
    tables = list(METADATA.tables)
    by_force(
        place,
        "DROP TABLE alembic_version",
        *(f"DROP TABLE {table}" for table in tables),
        *(["DROP FUNCTION event_append_only"] if place.server else []),
    )
    forged = other.made()
    assert verify(forged).faults == []
    assert any("signed by another key than this machine's" in fault for fault in verify(forged, own_key=mine).faults)
    forged.close()


@pytest.mark.parametrize("part", ["name", "birth", "number", "contact"])
def test_an_identity_changed_without_an_event_is_found(
    place: Place, register: Register, course: str, part: str
) -> None:
    by_force(place, f"UPDATE identity SET {part} = '2001'")
    [fault] = looked_at(register).faults
    assert fault.endswith("it was changed without an event")


def test_an_identity_removed_without_an_erasure_is_found(place: Place, register: Register, course: str) -> None:
    by_force(place, "DELETE FROM identity")
    [fault] = looked_at(register).faults
    assert fault.endswith("it is gone, and no erasure is on record")


def test_a_changed_key_is_found(place: Place, register: Register, course: str) -> None:
    admit(register)
    key = "(SELECT key FROM identity WHERE patient <> (SELECT patient FROM event WHERE seq = 2))"
    with register.reading() as connection:
        patient = connection.execute(select(EVENT.c.patient).where(EVENT.c.seq == 2)).scalar_one()
        theirs = connection.execute(select(EVENT.c.seq).where(EVENT.c.patient == patient)).scalars().all()
    by_force(place, f"UPDATE identity SET key = {key} WHERE patient = (SELECT patient FROM event WHERE seq = 2)")
    said = [f"event {seq}: its body does not open with the patient's key: the key was changed" for seq in theirs]
    assert looked_at(register).faults[0] in said


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        pytest.param("UPDATE course SET jurisdiction = 'US'", "course: the row of c", id="course-changed"),
        pytest.param("UPDATE latest SET value = '90 kg'", "latest: the row of p", id="newest-value-changed"),
        pytest.param("UPDATE patient SET recorded_gender = 'male'", "patient: the row of p", id="patient-changed"),
        pytest.param("DELETE FROM latest", "latest: the row of p", id="row-missing"),
        pytest.param(
            "INSERT INTO patient VALUES ('px', '', '', 0, 1)", "patient: 1 rows that no event gives", id="row-of-nobody"
        ),
    ],
)
def test_a_projection_that_differs_is_named(
    place: Place, register: Register, course: str, statement: str, named: str
) -> None:
    by_force(place, statement)
    found = looked_at(register)
    assert found.faults
    assert found.faults[0].startswith(named)
    register.rebuild()
    assert looked_at(register).faults == []


def test_the_fault_of_a_projection_names_no_value_of_a_patient(place: Place, register: Register, course: str) -> None:
    by_force(place, "UPDATE latest SET value = '91 kg'")
    assert not any("91" in fault or "54" in fault for fault in looked_at(register).faults)


def test_a_new_key_takes_over_and_the_old_heads_still_count(
    place: Place, register: Register, course: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    key = tmp_path_factory.mktemp("rekey") / "key.pem"
    key.write_bytes(register.key.read_bytes())
    mine = Register(register.engine, key)
    old = mine.head()
    assert old is not None
    later = replace(STAMP, at="2026-11-25T09:30:00.000000Z")
    signer = mine.rekey(later)
    assert signer.public != old.key
    assert verify(mine, (old,), own_key=signer.public).faults == []
    assert len(list(key.parent.iterdir())) == 2
