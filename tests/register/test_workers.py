"""Whether one process folds all patients or several do, the rows are the same, and what goes wrong in one of them is told."""

from __future__ import annotations

import os
import random
import signal

import pytest

from isocourse.register import events as kinds
from isocourse.register import replay, workers
from isocourse.register.database import writing
from isocourse.register.events import Draft
from isocourse.register.fold import Folded
from isocourse.register.journal import all_keys, end_of_chain
from isocourse.register.problem import RegisterError
from isocourse.register.projections import differences, quiet, rebuild
from isocourse.register.register import Register
from isocourse.register.replay import Share, replayed
from isocourse.register.seal import SealError
from isocourse.register.verify import verify
from isocourse.register.workers import all_folded
from isocourse.register.writer import Writer
from tests.register.conftest import STAMP, Place
from tests.register.invented import admit, by_force, visit, weight

PATIENTS = 9


@pytest.fixture
def filled(register: Register) -> Register:
    """Nine patients; one was erased, one was corrected, one has a document."""
    rng = random.Random(3)
    admitted = [admit(register, [weight(50 + n) for n in range(rng.randint(0, 4))])[1] for _ in range(PATIENTS)]
    wrong = visit(register, admitted[1], weight(99))
    with register.writing(STAMP) as writer:
        writer.append([Draft(kinds.ENTRY_UNDONE, {"of": wrong.seq, "why": "x"}, wrong.patient, wrong.course)])
        writer.append([Draft(kinds.DOCUMENT_RECEIVED, {"name": "n", "text": "{}"}, wrong.patient, wrong.course)])
    register.erase(STAMP, admitted[0].patient, "asked")
    return register


def folded(register: Register, several: int) -> list[Folded]:
    with register.reading() as connection:
        return list(all_folded(connection, quiet, workers=several))


def not_erased(all_of_them: list[Folded]) -> list[Folded]:
    """Pseudonyms are drawn by chance, so the erased one may stand anywhere."""
    return [each for each in all_of_them if not each.erased]


@pytest.mark.parametrize("several", [2, 3, 20], ids=["two", "three", "more-than-patients"])
def test_several_processes_give_what_one_gives(filled: Register, several: int) -> None:
    alone = folded(filled, 1)
    assert len(alone) == PATIENTS
    assert [each.name for each in alone] == sorted(each.name for each in alone)
    assert sum(each.erased for each in alone) == 1
    assert folded(filled, several) == alone


def test_and_so_do_several_readings_of_the_events(filled: Register) -> None:
    with filled.reading() as connection:
        share = Share(all_keys(connection), end_of_chain(connection)[0], at_once=2)
        assert sorted(replayed(connection, share, quiet), key=lambda each: each.name) == folded(filled, 1)


@pytest.mark.parametrize("gathered", [1, 3, 7], ids=["one", "three", "seven"])
def test_and_so_do_events_gathered_a_few_at_a_time(
    filled: Register, monkeypatch: pytest.MonkeyPatch, gathered: int
) -> None:
    alone, told = folded(filled, 1), list[int]()
    monkeypatch.setattr(replay, "CHUNK", 1)
    monkeypatch.setattr(replay, "GATHERED", gathered)
    with filled.reading() as connection:
        assert list(all_folded(connection, told.append)) == alone
    assert sum(told) == sum(each.events for each in alone)


def test_rebuilt_and_verified_by_several_the_register_is_sound(filled: Register) -> None:
    assert filled.rebuild(workers=3) == filled.rebuild(workers=1)
    assert verify(filled, own_key=filled.signer().public, workers=3).faults == []


@pytest.mark.parametrize("several", [1, 3], ids=["one-process", "three"])
def test_several_find_the_row_that_was_changed(place: Place, filled: Register, several: int) -> None:
    by_force(place, "UPDATE latest SET value = '61 kg' WHERE seq = (SELECT max(seq) FROM latest)")
    with filled.reading() as connection:
        faults = differences(connection, workers=several)
    assert [fault.partition(":")[0] for fault in faults] == ["latest", "latest"]


def test_what_is_written_meanwhile_is_not_seen_by_any_of_them(filled: Register) -> None:
    before = folded(filled, 1)
    with filled.reading() as connection:
        assert end_of_chain(connection)[0] > 0  # the view begins with the first question
        changed, *_, erased = not_erased(before)
        with filled.writing(STAMP) as writer:
            writer.append([Draft(kinds.PATIENT_CHANGED, {"patient": {"sex_at_birth": "female"}}, changed.name)])
        filled.erase(STAMP, erased.name, "asked")
        assert list(all_folded(connection, quiet, workers=2)) == before
    assert folded(filled, 2) != before


@pytest.mark.parametrize("several", [1, 3], ids=["one-process", "three"])
def test_a_body_that_does_not_open_is_named(place: Place, filled: Register, several: int) -> None:
    zero = "zeroblob(32)" if place.kind == "sqlite" else r"decode(repeat('00', 32), 'hex')"
    by_force(place, f"UPDATE identity SET key = {zero} WHERE patient = (SELECT max(patient) FROM identity)")
    with pytest.raises(SealError) as problem:
        folded(filled, several)
    [fault] = verify(filled, own_key=filled.signer().public, workers=several).faults
    assert fault == f"event {problem.value.seq}: its body does not open with the patient's key: the key was changed"


def test_if_one_of_them_is_killed_nothing_is_changed(filled: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(worker: workers._Worker, work: workers.Work) -> None:
        os.kill(worker.process.pid, signal.SIGKILL)

    monkeypatch.setattr(workers._Worker, "tell", killed)
    with pytest.raises(RegisterError, match=r"ended before it was done; try again\. Nothing of this was written"):
        filled.rebuild(workers=2)
    monkeypatch.undo()
    assert verify(filled, own_key=filled.signer().public, workers=1).faults == []


def test_what_the_database_says_in_one_of_them_is_told(filled: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    tell = workers._Worker.tell
    elsewhere = "/nowhere/register.db"
    monkeypatch.setattr(workers._Worker, "tell", lambda worker, work: tell(worker, workers.Work(elsewhere, work.share)))
    with pytest.raises(RegisterError, match="there is no register here"):
        filled.rebuild(workers=2)


def test_events_that_the_others_cannot_see_yet_are_not_passed_over(filled: Register) -> None:
    before = folded(filled, 1)

    def unseen() -> None:
        with writing(filled.engine) as one:
            Writer(one, STAMP).append([Draft(kinds.PATIENT_CHANGED, {"patient": {}}, not_erased(before)[-1].name)])
            rebuild(one, workers=2)

    with pytest.raises(RegisterError, match=r"of \d+ events of patients \d+ were read"):
        unseen()
    assert folded(filled, 1) == before
