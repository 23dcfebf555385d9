"""The solver answers in a process of its own: several may ask at once, and a fault of it ends no server and is no answer."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from isocourse.app.difference import changes
from isocourse.app.solving import SolverEndedError, changes_apart, disagreements_apart
from isocourse.library import Library
from isocourse.web.desk import Desk, Later
from tests.conftest import REPOSITORY
from tests.web.bench import Bench

MHRA = ("uk-mhra/2023-10", "uk-mhra/2026-01")
FRENCH = ("eu-label/2003", "eu-label/2018")


def test_several_who_ask_at_once_are_told_what_one_is_told(library: Library) -> None:
    pytest.importorskip("z3")
    asked = [MHRA, FRENCH, MHRA]
    with ThreadPoolExecutor(len(asked)) as several:
        found = list(several.map(lambda pair: changes_apart(library, None, *pair), asked))
    alone = [changes(library, *(library.edition(key) for key in pair)) for pair in (MHRA, FRENCH)]
    assert found == [*alone, alone[0]]
    assert all(alone)


def test_a_server_that_compares_editions_loads_no_solver_itself(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    said = (
        "import sys; from isocourse.web.desk import Desk; desk = Desk(); "
        f"found = desk.changes(*(desk.library.edition(key) for key in {MHRA!r})); print(len(found), 'z3' in sys.modules)"
    )
    told = os.environ | {"PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, env=told)
    count, loaded = done.stdout.split()
    assert int(count) > 0
    assert loaded == "False"


def test_a_list_that_is_kept_is_not_asked_for_again(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{library.digest}.disagreements").write_bytes(msgspec.msgpack.encode([]))
    monkeypatch.setattr("isocourse.app.solving._ask", None)
    assert disagreements_apart(library, None, tmp_path) == []


def test_knowledge_that_was_changed_since_is_not_answered_from(
    library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SolverEndedError):
        changes_apart(replace(library, digest="of another day"), None, *MHRA)
    assert "has changed since the server began" in capfd.readouterr().err


def test_a_solver_that_ends_without_an_answer_is_told_and_asked_anew(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> None:
        raise SolverEndedError("the solver ended with -11")

    with monkeypatch.context() as broken:
        broken.setattr(Desk, "changes", ended)
        reply = bench.client.get("/changes/" + "/".join([MHRA[0], MHRA[1].partition("/")[2]]))
    assert reply.status_code == 503
    assert "The solver ended without an answer; try again." in reply.text


def test_what_failed_in_the_background_is_begun_anew_by_the_next_to_ask() -> None:
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise SolverEndedError("the solver ended with -11")
        return "done"

    later = Later(work)
    assert later.wait() is None
    assert later.wait() == "done"
    assert later.ask() == "done"
    assert len(tries) == 2
