"""Writing: one after the other, never over each other, all of it or nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from isocourse.register import events as kinds
from isocourse.register.events import Draft
from isocourse.register.identity import Identity, new_pseudonym
from isocourse.register.problem import ConflictError, RegisterError
from isocourse.register.register import Register, identity_of
from isocourse.register.signing import new_signer
from isocourse.register.verify import verify
from tests.register.conftest import STAMP, Place
from tests.register.invented import admit, visit, weight


def test_two_who_edit_one_course_from_the_same_version_do_not_overwrite_each_other(
    place: Place, register: Register
) -> None:
    course = admit(register)[1]
    other = place.opened()
    first = visit(register, course, weight(60), expected=course.version)
    with pytest.raises(ConflictError) as refused:
        visit(other, course, weight(61), expected=course.version)
    assert "read at version 1 and now stands at version 2" in str(refused.value)
    second = visit(other, course, weight(61), expected=first.version)
    assert [event.kind for event in register.events_of(course.patient)].count(kinds.VISIT_RECORDED) == 2
    assert second.version == 3
    other.close()


def test_of_many_who_write_at_once_each_gets_its_place_or_a_conflict(place: Place, register: Register) -> None:
    course, gate, rounds = admit(register)[1], threading.Barrier(4), 5

    def write(kg: int) -> tuple[int, int]:
        opened, kept, refused = place.opened(), 0, 0
        gate.wait()
        for _ in range(rounds):
            seen = max(event.version for event in opened.events_of(course.patient) if event.course == course.course)
            try:
                visit(opened, course, weight(kg), expected=seen)
                kept += 1
            except ConflictError:
                refused += 1
        opened.close()
        return kept, refused

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(write, range(60, 64)))
    kept = sum(each for each, _ in done)
    assert kept + sum(refused for _, refused in done) == 4 * rounds
    assert kept >= rounds
    assert [event.kind for event in register.events_of(course.patient)].count(kinds.VISIT_RECORDED) == kept
    assert verify(register).faults == []


def test_a_batch_is_kept_whole_or_not_at_all(register: Register) -> None:
    course = admit(register)[1]
    good = Draft(kinds.VISIT_RECORDED, weight(60), course.patient, course.course)
    stale = Draft(kinds.VISIT_RECORDED, weight(61), course.patient, course.course, expected=1)
    with pytest.raises(ConflictError):
        _write(register, [good, good], [stale])
    assert len(register.events_of(course.patient)) == 2
    assert verify(register).faults == []


def _write(register: Register, *batches: list[Draft]) -> None:
    with register.writing(STAMP) as writer:
        for drafts in batches:
            writer.append(drafts)


def test_an_error_in_between_leaves_nothing(register: Register) -> None:
    course = admit(register)[1]

    good = Draft(kinds.VISIT_RECORDED, weight(60), course.patient, course.course)
    unwritable = Draft(kinds.VISIT_RECORDED, {"events": object()}, course.patient, course.course)
    with pytest.raises(TypeError):
        _write(register, [good], [unwritable])
    assert len(register.events_of(course.patient)) == 2


def test_a_patient_who_is_not_there_is_not_written_to(register: Register) -> None:
    with pytest.raises(RegisterError, match="no such patient"), register.writing(STAMP) as writer:
        writer.append([Draft(kinds.VISIT_RECORDED, weight(60), "pnobody", "cnowhere")])


def test_without_the_signing_key_nothing_is_written(register: Register, tmp_path: pytest.TempPathFactory) -> None:
    course = admit(register)[1]
    keyless = Register(register.engine, register.key.with_name("nowhere.pem"))
    with pytest.raises(RegisterError, match="there is no signing key"):
        visit(keyless, course, weight(60))
    assert len(register.events_of(course.patient)) == 2


def test_a_signing_key_is_never_overwritten(register: Register) -> None:
    before = register.key.read_bytes()
    with pytest.raises(RegisterError, match="cannot be written"):
        new_signer(register.key)
    assert register.key.read_bytes() == before


def test_a_second_register_is_not_made_over_the_first(place: Place, register: Register) -> None:
    admit(register)
    with pytest.raises(RegisterError, match="there is a register here already"):
        place.made()
    assert verify(register).events == 3


def test_reading_does_not_wait_for_a_writer(place: Place, register: Register) -> None:
    course = admit(register, [weight(60)])[1]
    with register.writing(STAMP) as writer:
        writer.append([Draft(kinds.VISIT_RECORDED, weight(61), course.patient, course.course)])
        reader = place.opened()
        assert len(reader.events_of(course.patient)) == 3
        reader.close()
    assert len(register.events_of(course.patient)) == 4


@pytest.mark.parametrize(
    ("part", "said"),
    [
        pytest.param({"name": "A\nB"}, "name of the patient", id="two-lines"),
        pytest.param({"contact": "x" * 301}, "contact of the patient", id="too-long"),
        pytest.param({"number": "\x00"}, "number of the patient", id="not-to-be-shown"),
        pytest.param({"birth": "17 April 1999"}, "birth of the patient", id="no-date"),
    ],
)
def test_an_identity_that_cannot_be_shown_is_refused_on_both_databases(
    register: Register, part: dict[str, str], said: str
) -> None:
    person = Identity(new_pseudonym(), **part)
    with pytest.raises(RegisterError, match=said), register.writing(STAMP) as writer:
        writer.admit([person])
    with register.reading() as connection:
        assert identity_of(connection, person.patient) is None
