"""A rebuild that is killed in the middle leaves the projections of before, and the events as they were."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest
from sqlalchemy import Connection, event, select

from isocourse.register import projections
from isocourse.register.fold import Folded
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register, open_register
from isocourse.register.tables import EVENT, LATEST, PROJECTIONS
from isocourse.register.verify import verify
from tests.register.conftest import Place
from tests.register.invented import admit, by_force, visit, weight
from tests.register.test_killed import kept, safe_server  # noqa: F401 - its places

PATIENTS = 6
Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def filled(kept: Place) -> Place:  # noqa: F811 - the fixture
    """A register whose rows a rebuild would change: one of them is not what the events give."""
    register = kept.made()
    for number in range(PATIENTS):
        visit(register, admit(register)[1], weight(50 + number))
    register.close()
    by_force(kept, "UPDATE latest SET value = '1 kg' WHERE seq = (SELECT max(seq) FROM latest)")
    return kept


def rows_of(register: Register) -> Rows:
    with register.reading() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in (*PROJECTIONS, EVENT)
        }


def rebuilding(place: Place, stops_at: int, write: int) -> None:
    """Rebuilds, patient by patient, and says when so many have been written; then it waits to be killed."""
    projections.FLUSH = 1
    written, write_rows = 0, projections.write_rows

    def told(connection: Connection, folded: list[Folded]) -> None:
        nonlocal written
        if stops_at == 0:
            wait()
        write_rows(connection, folded)
        written += len(folded)
        if written == stops_at:
            wait()

    def wait() -> None:
        os.write(write, b"x")
        time.sleep(600)

    projections.write_rows = told  # type: ignore[assignment]  # a process of its own, which ends here
    register = open_register(place.url, place.key)
    if place.server is None:
        _spilling(register)
    register.rebuild(workers=1)


def _spilling(register: Register) -> None:
    """Lets SQLite put pages into its log before the end, as it does when a rebuild is larger than its cache."""
    register.close()
    event.listen(register.engine, "connect", lambda connection, _: connection.execute("PRAGMA cache_size = 1"))


def killed(place: Place, stops_at: int) -> None:
    """A rebuild killed at a moment, and with PostgreSQL the server with it."""
    reads, write = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            rebuilding(place, stops_at, write)
        except RegisterError as problem:
            sys.stderr.write(str(problem))
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(reads, "rb") as word:
        assert word.read(1) == b"x", "the rebuild ended before it was killed"
        if place.server is not None:
            place.server.kill()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert place.server is not None or os.path.getsize(f"{place.url}-wal") > 0, "nothing had been written yet"
    if place.server is not None:
        place.server.start()


@pytest.mark.parametrize(
    "stops_at",
    [
        pytest.param(0, id="when-everything-was-removed"),
        pytest.param(PATIENTS // 2, id="when-half-was-written"),
        pytest.param(PATIENTS, id="when-all-was-written-and-not-kept"),
    ],
)
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_rebuild_that_is_killed_leaves_the_rows_and_the_events_of_before(filled: Place, stops_at: int) -> None:
    register = filled.opened()
    before = rows_of(register)
    register.close()
    killed(filled, stops_at)
    register = filled.opened()
    assert rows_of(register) == before
    assert len(before[LATEST.name]) == PATIENTS
    [fault, also] = verify(register, own_key=register.signer().public).faults
    assert {fault.partition(":")[0], also.partition(":")[0]} == {"latest"}
    register.rebuild()
    assert verify(register, own_key=register.signer().public).faults == []
    after = rows_of(register)
    assert after != before
    assert after[EVENT.name] == before[EVENT.name]
    register.close()
