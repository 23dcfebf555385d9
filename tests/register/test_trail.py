"""Who looked at what is written before anything is shown, holds nothing of a patient, and whatever is done to it behind our back is named."""

from __future__ import annotations

import threading
from hashlib import sha256
from pathlib import Path

import pytest

from isocourse.register.backup import back_up, restore
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register, empty_register
from isocourse.register.signing import new_signer
from isocourse.register.trail import Line, Look, Trail, Wish, every_line, lines, trail_link
from isocourse.register.verify import Found, verify
from tests.register.conftest import AT, STAMP, Place
from tests.register.invented import admit, by_force, politely, weight

ROUTE = "GET /course/{course}"


def look(course: str = "", *, who: str = "sub-1", at: str = AT, what: str = ROUTE, outcome: int = 200) -> Look:
    """One request of a clinician."""
    return Look(at, who, "Dr Karimova", "clinician", what, outcome, (course,) if course else ())


@pytest.fixture
def course(register: Register) -> str:
    """A course that is in the register."""
    return admit(register, [weight(58)])[1].course


@pytest.fixture
def trail(register: Register, course: str) -> Trail:
    """A trail of five entries, the third of a route that was refused."""
    found = Trail(register)
    found.append([look(course), look()])
    found.append([look(course, outcome=403), look(who="sub-2"), look(at="2026-11-25T08:00:00.000000Z")])
    return found


ALL = Wish()


def told(register: Register, wish: Wish = ALL) -> list[Line]:
    with register.reading() as connection:
        return lines(connection, wish, 100)


def looked_at(register: Register) -> Found:
    return verify(register, own_key=register.signer().public)


def test_what_was_looked_at_is_found_again_newest_first(register: Register, trail: Trail, course: str) -> None:
    found = told(register)
    assert [line.seq for line in found] == [5, 4, 3, 2, 1]
    assert found[-1] == Line(1, AT, "sub-1", "Dr Karimova", "clinician", ROUTE, course, 200, found[-1].hash)
    checked = looked_at(register)
    assert (checked.faults, checked.trail) == ([], 5)


def test_only_pseudonyms_of_courses_that_are_there_are_kept(register: Register, trail: Trail, course: str) -> None:
    trail.append([Look(AT, "sub-1", "Dr K", "clinician", ROUTE, 404, ("Zumrad Canaryova", course, "61.37", course))])
    assert told(register)[0].courses == course


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        pytest.param(Wish(who="sub-2"), [4], id="by-subject"),
        pytest.param(Wish(who="Karim"), [5, 4, 3, 2, 1], id="by-part-of-a-name"),
        pytest.param(Wish(who="Dr %"), [], id="a-sign-of-the-database-is-only-a-letter"),
        pytest.param(Wish(since="2026-11-25"), [5], id="since-a-day"),
        pytest.param(Wish(until="2026-11-24"), [4, 3, 2, 1], id="until-the-end-of-a-day"),
        pytest.param(Wish(outcome="refused"), [3], id="refused"),
        pytest.param(Wish(outcome="answered", what="/course"), [5, 4, 2, 1], id="answered-on-a-route"),
    ],
)
def test_an_auditor_finds_entries(register: Register, trail: Trail, wish: Wish, found: list[int]) -> None:
    assert [line.seq for line in told(register, wish)] == found
    with register.reading() as connection:
        assert [line.seq for line in every_line(connection, wish)] == found[::-1]


def test_who_saw_a_course_is_found_by_its_pseudonym(register: Register, trail: Trail, course: str) -> None:
    assert [line.seq for line in told(register, Wish(course=course))] == [3, 1]
    with register.reading() as connection:
        assert [line.seq for line in every_line(connection, Wish(course=course, outcome="refused"))] == [3]


@pytest.mark.parametrize("part", [slice(0, 6), slice(4, 9)], ids=["its-beginning", "its-middle"])
def test_and_by_part_of_it(register: Register, trail: Trail, course: str, part: slice) -> None:
    assert [line.seq for line in told(register, Wish(course=course[part]))] == [3, 1]
    assert told(register, Wish(course="%")) == []


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        pytest.param("DELETE FROM trail_course WHERE seq = 1", 1, id="a-look-is-hidden"),
        pytest.param("DELETE FROM trail_course", 1, id="all-are"),
        pytest.param("UPDATE trail_course SET course = 'cother' WHERE seq = 3", 3, id="it-is-laid-to-another-course"),
        pytest.param("INSERT INTO trail_course VALUES ('cother', 2)", 2, id="a-look-that-was-none"),
        pytest.param("INSERT INTO trail_course VALUES ('cother', 9)", 9, id="an-entry-that-there-is-not"),
    ],
)
def test_an_entry_that_is_not_found_by_its_courses_is_named(
    place: Place, register: Register, trail: Trail, statement: str, seq: int
) -> None:
    by_force(place, statement)
    [fault] = looked_at(register).faults
    assert fault.startswith(f"trail entry {seq}: it is not found under the courses that it names")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET who = 'sub-9' WHERE seq = 2",
        "DELETE FROM trail WHERE seq = 5",
        "DELETE FROM trail",
        "UPDATE trail_course SET seq = 9",
        "DELETE FROM trail_course WHERE seq = 1",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(
    place: Place, register: Register, trail: Trail, statement: str
) -> None:
    assert "append-only" in politely(place, statement)
    if place.kind == "postgresql":
        assert "append-only" in politely(place, "TRUNCATE trail")
        assert "append-only" in politely(place, "TRUNCATE trail_course")
    else:
        columns = "seq, at, who, called, roles, what, courses, outcome, prev, hash"
        replace = f"REPLACE INTO trail ({columns}) SELECT {columns.replace('who', '9')} FROM trail WHERE seq = 2"
        assert "append-only" in politely(place, replace)
    assert looked_at(register).faults == []


@pytest.mark.parametrize("column", ["at", "who", "called", "roles", "what", "courses", "outcome", "prev", "hash"])
def test_a_changed_entry_is_named_whatever_was_changed_in_it(
    place: Place, register: Register, trail: Trail, column: str
) -> None:
    new = "99" if column == "outcome" else "'x'"
    if column in ("prev", "hash"):
        new = "X'0102'" if place.kind == "sqlite" else r"'\x0102'::bytea"
    by_force(place, f"UPDATE trail SET {column} = {new} WHERE seq = 2")
    assert looked_at(register).faults[0].startswith("trail entry 2: its content is not what was written")


def test_an_entry_rewritten_with_a_fitting_hash_is_named_by_the_one_after_it(
    place: Place, register: Register, trail: Trail
) -> None:
    first, second = told(register)[-1], told(register)[-2]
    said = (2, second.at, "sub-9", second.called, second.roles, second.what, second.courses, second.outcome)
    link = trail_link(bytes.fromhex(first.hash), said).hex()
    new = f"X'{link}'" if place.kind == "sqlite" else f"'\\x{link}'::bytea"
    by_force(place, f"UPDATE trail SET who = 'sub-9', hash = {new} WHERE seq = 2")
    assert looked_at(register).faults[0].startswith("trail entry 2: it was rewritten: entry 3, unchanged")


def test_a_removed_entry_is_named(place: Place, register: Register, trail: Trail) -> None:
    by_force(place, "DELETE FROM trail WHERE seq = 3")
    assert "between entries 2 and 4 is missing" in looked_at(register).faults[0]


@pytest.mark.parametrize("statement", ["DELETE FROM trail WHERE seq > 3", "DELETE FROM trail"])
def test_a_removed_tail_is_named_by_the_signed_head(
    place: Place, register: Register, trail: Trail, statement: str
) -> None:
    by_force(place, statement)
    assert "to 5 are missing at the end" in looked_at(register).faults[-1]


def test_a_removed_head_is_named(place: Place, register: Register, trail: Trail) -> None:
    by_force(place, "DELETE FROM trail_head")
    assert "no signed head covers its end" in looked_at(register).faults[0]


def test_a_trail_rewritten_whole_shows_by_its_signature(place: Place, register: Register, trail: Trail) -> None:
    saved = told(register)
    by_force(place, "DELETE FROM trail", "DELETE FROM trail_head")
    other = new_signer(register.key.parent / f"forged-{place.kind}.pem")
    trail._signer = other
    trail.append([Look(line.at, "sub-9", line.called, line.roles, line.what, line.outcome) for line in saved[::-1]])
    other.place.unlink()
    assert "not signed by a key of this register" in looked_at(register).faults[0]


def test_a_head_of_the_events_is_no_head_of_the_trail(place: Place, register: Register, trail: Trail) -> None:
    by_force(place, "DELETE FROM trail_head", "INSERT INTO trail_head SELECT * FROM head")
    assert "not signed by a key of this register" in looked_at(register).faults[0]


def test_two_servers_write_one_trail(register: Register, trail: Trail, course: str) -> None:
    other = Trail(register)

    def many(one: Trail) -> None:
        for _ in range(20):
            one.append([look(course)])

    threads = [threading.Thread(target=many, args=(each,)) for each in (trail, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checked = looked_at(register)
    assert (checked.faults, checked.trail) == ([], 45)


def test_a_machine_whose_key_the_register_does_not_know_keeps_no_trail(
    register: Register, trail: Trail, tmp_path: Path
) -> None:
    stranger = Register(register.engine, new_signer(tmp_path / "other.pem").place)
    with pytest.raises(RegisterError, match="does not know this key"):
        Trail(stranger)


def test_a_backup_takes_the_trail_along(register: Register, trail: Trail, course: str, tmp_path: Path) -> None:
    back_up(register, tmp_path / "all.jsonl", STAMP)
    other = empty_register(str(tmp_path / "other.db"), tmp_path / "other.pem")
    restore(other, tmp_path / "all.jsonl", STAMP)
    assert told(other) == told(register)
    assert told(other, Wish(course=course)) == told(register, Wish(course=course)) != []
    Trail(other).append([look()])
    checked = looked_at(other)
    assert (checked.faults, checked.trail) == ([], 6)
    other.close()


def test_a_backup_with_a_changed_trail_is_refused(register: Register, trail: Trail, tmp_path: Path) -> None:
    saved = tmp_path / "all.jsonl"
    back_up(register, saved, STAMP)
    body = saved.read_bytes().replace(b'"sub-2"', b'"sub-3"').splitlines(keepends=True)[:-1]
    saved.write_bytes(b"".join(body) + b'{"sha256":"%b"}\n' % sha256(b"".join(body)).hexdigest().encode())
    other = empty_register(str(tmp_path / "other.db"), register.key)
    with pytest.raises(RegisterError, match="trail entry 4 does not fit"):
        restore(other, saved, STAMP)
    assert told(other) == []
    other.close()


def test_erasing_a_patient_leaves_the_trail_whole(register: Register, course: str, trail: Trail) -> None:
    register.erase(STAMP, register.patient_of(course), "asked")
    assert looked_at(register).faults == []
    assert [line.seq for line in told(register, Wish(course=course))] == [3, 1]
