"""An older register is taken to the newest tables whole, or left as it was; a newer one is not touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, MetaData, Table, text

from isocourse.register import versions, workers
from isocourse.register.canonical import GENESIS
from isocourse.register.database import insert_rows, open_engine, reading, writing
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register, open_register, upgrade_register
from isocourse.register.tables import METADATA, TRAIL
from isocourse.register.trail import Wish, lines, trail_link
from isocourse.register.verify import verify
from isocourse.register.versions import VERSION, upgrade, version_of
from tests.register.conftest import STAMP, Place
from tests.register.invented import admit, by_force, visit, weight

OLD = (Path(__file__).parent / "older" / "version-1.sql").read_text(encoding="utf-8")
EVENTS = 12
"""In the register of version 1: two patients, and one who was erased."""


@pytest.fixture
def old(place: Place) -> Place:
    """A register of version 1: on SQLite as it was dumped then, on PostgreSQL the same rows in tables of then."""
    if place.server is None:
        file = sqlite3.connect(place.url)
        file.executescript(OLD)
        file.close()
        return place
    memory = sqlite3.connect(":memory:")
    memory.executescript(OLD)
    engine = open_engine(place.url)
    upgrade(engine, "0001")
    with writing(engine) as connection:
        for name in ("event", "identity", "head", "patient", "course"):
            rows = memory.execute(f"SELECT * FROM {name} ORDER BY 1")
            then = Table(name, MetaData(), *(Column(told[0]) for told in rows.description))
            insert_rows(connection, then, rows.fetchall())
    engine.dispose()
    memory.close()
    return place


@pytest.fixture
def upgraded(old: Place) -> Iterator[Register]:
    assert upgrade_register(old.url, old.key) == ("0001", EVENTS - 1)
    register = old.opened()
    yield register
    register.close()


def test_an_older_register_is_not_written_to_by_accident(old: Place) -> None:
    with pytest.raises(RegisterError, match=r"version 0001.*isocourse register upgrade"):
        old.opened()


def test_after_an_upgrade_every_event_is_there_and_the_rows_are_made(upgraded: Register) -> None:
    found = verify(upgraded)
    assert found.faults == []
    assert (found.events, found.erased) == (EVENTS, 1)
    with upgraded.reading() as connection:
        assert connection.execute(text("SELECT DISTINCT streams FROM course")).scalars().all() == [" weight "]
        assert connection.execute(text("SELECT count(*) FROM latest")).scalar_one() == 2
        names = sorted(connection.execute(text("SELECT name FROM identity")).scalars())
    assert names == ["Ann Example", "Oʻktam Gʻaniyev"]


def test_a_machine_whose_key_the_register_does_not_know_may_not_sign_until_it_is_adopted(upgraded: Register) -> None:
    with pytest.raises(RegisterError, match="does not know this key"):
        admit(upgraded)
    assert verify(upgraded).events == EVENTS
    upgraded.adopt(STAMP)
    visit(upgraded, admit(upgraded)[1], weight(60))
    assert verify(upgraded, own_key=upgraded.signer().public).faults == []


def test_upgrading_twice_changes_nothing(upgraded: Register) -> None:
    before = verify(upgraded).last
    assert upgrade_register(_address(upgraded), upgraded.key)[0] == VERSION
    assert verify(upgraded).last == before


def _address(register: Register) -> str:
    url = register.engine.url
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=False)


def test_an_upgrade_that_fails_leaves_the_register_as_it_was(old: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(old.url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE worklist (x INTEGER)"))  # in the way of the second step's second table
    with pytest.raises(RegisterError):
        upgrade_register(old.url, old.key)
    assert version_of(engine) == "0001"
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE worklist"))
    engine.dispose()
    assert upgrade_register(old.url, old.key) == ("0001", EVENTS - 1)


def test_so_does_one_whose_rows_cannot_be_made(old: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise RegisterError("the disk is full")

    monkeypatch.setattr("isocourse.register.register.rebuild", full)
    with pytest.raises(RegisterError, match="the disk is full"):
        upgrade_register(old.url, old.key)
    monkeypatch.undo()
    engine = open_engine(old.url)
    assert version_of(engine) == "0001"
    with writing(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM course")).scalar_one() == 2
    engine.dispose()
    assert upgrade_register(old.url, old.key) == ("0001", EVENTS - 1)


def test_several_processes_make_the_rows_of_an_older_register_too(old: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_fitting", lambda _: 2)
    assert upgrade_register(old.url, old.key) == ("0001", EVENTS - 1)
    register = old.opened()
    assert verify(register).faults == []
    register.close()


def test_a_trail_of_before_is_found_by_course_and_the_courses_tell_their_streams(place: Place) -> None:
    engine = open_engine(place.url, create=place.server is None)
    upgrade(engine, "0004")
    told = [(1, STAMP.at, "sub-1", "Dr K", "clinician", "GET /courses", "cone ctwo", 200)]
    told += [(2, STAMP.at, "sub-1", "Dr K", "clinician", "GET /trail", "", 200)]
    told += [(3, STAMP.at, "sub-2", "Dr L", "clinician", "GET /course/{course}", "ctwo", 200)]
    prev = GENESIS
    with writing(engine) as connection:
        for each in told:
            insert_rows(connection, TRAIL, [(*each, prev, link := trail_link(prev, each))])
            prev = link
    engine.dispose()
    assert upgrade_register(place.url, place.key) == ("0004", 0)
    register = place.opened()
    with register.reading() as connection:
        assert [line.seq for line in lines(connection, Wish(course="ctwo"), 9)] == [3, 1]
    assert [fault for fault in verify(register).faults if "found under" in fault] == []
    register.close()


def test_a_newer_register_is_left_alone(place: Place, register: Register) -> None:
    by_force(place, "UPDATE alembic_version SET version_num = '0099'")
    for touch in (lambda: open_register(place.url, place.key), lambda: upgrade_register(place.url, place.key)):
        with pytest.raises(RegisterError, match="newer isocourse"):
            touch()


def test_the_steps_lead_to_the_tables_that_the_program_uses(register: Register) -> None:
    with reading(register.engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_newest_step_is_the_version_that_is_written(place: Place) -> None:
    steps = sorted((Path(versions.__file__).parent / "migrations" / "versions").glob("v*.py"))
    assert steps[-1].name.startswith(f"v{VERSION}_")
