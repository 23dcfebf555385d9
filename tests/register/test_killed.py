"""A power cut in the middle of writing loses nothing that was acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.register.conftest import Place
from tests.register.killing import kill_often
from tests.register.postgresql import Server, programs
from tests.register.serving import kill_server_often

WRITERS = 2


@pytest.fixture
def safe_server() -> Iterator[Server]:
    """A server that waits for the disk, as a clinic's does."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server is installed (on Debian: apt install postgresql)")
    made = Server(found, safe=True)
    made.start()
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, signing_key: Path) -> Place:
    if request.param == "sqlite":
        return Place("sqlite", str(tmp_path / "register.db"), signing_key, None)
    server: Server = request.getfixturevalue("safe_server")
    return Place("postgresql", server.url, signing_key, server)


@pytest.mark.parametrize(
    "rounds", [pytest.param(3, id="a-few-times"), pytest.param(100, id="a-hundred-times", marks=pytest.mark.slow)]
)
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_no_acknowledged_event_is_lost_when_writers_and_server_are_killed(kept: Place, rounds: int) -> None:
    tally = kill_often(kept, rounds, seed=20261124, writers=WRITERS)
    assert tally.rounds == rounds
    assert tally.acknowledged >= rounds
    assert tally.lost == []
    assert tally.unacknowledged <= rounds * WRITERS
    assert tally.faults == []


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_writer_who_acknowledges_what_is_not_kept_yet_is_found_out(kept: Place) -> None:
    assert kill_often(kept, 3, seed=7, too_early=True).lost != []


@pytest.mark.parametrize(
    "rounds", [pytest.param(2, id="twice"), pytest.param(100, id="a-hundred-times", marks=pytest.mark.slow)]
)
def test_no_write_that_the_workbench_acknowledged_is_lost_when_it_is_killed(kept: Place, rounds: int) -> None:
    tally = kill_server_often(kept, rounds, seed=20261130, writers=WRITERS, with_database=kept.server is not None)
    assert tally.rounds == rounds
    assert tally.acknowledged >= rounds
    assert tally.lost == []
    assert tally.unacknowledged <= rounds * WRITERS
    assert tally.faults == []
