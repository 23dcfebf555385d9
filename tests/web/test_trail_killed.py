"""A server killed in the middle of a day loses no look that was answered, however many were written together; on both databases."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import pytest

from isocourse.register.register import open_register
from isocourse.register.trail import Trail, Wish, lines
from isocourse.register.verify import verify
from isocourse.web.sessions import Session
from isocourse.web.watch import Watch, watched
from tests.register.conftest import AT, Place
from tests.register.test_killed import kept, safe_server

__all__ = ["kept", "safe_server"]  # fixtures

PEOPLE, LONGEST_S = 8, 0.05


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from isocourse.register.signing import new_signer

    return new_signer(tmp_path_factory.mktemp("key") / "key.pem").place


def looking(place: Place, write: int, reads: int, round_: int, *, too_early: bool) -> int:
    """A server process at which several people look at one page after another; each answer is acknowledged on a pipe."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.close(reads)
        register = open_register(place.url, place.key)
        watch = Watch(Trail(register), lambda: AT)

        async def person(number: int) -> None:
            for turn in range(1_000_000):
                scope = {"method": "GET", "path_template": f"/{round_}/{number}/{turn}", "path_params": {}}
                watched(scope, Session("sub-1", frozenset({"clinician"}), 0.0, 0.0))  # type: ignore[arg-type]  # enough of a scope
                said = f"GET /{round_}/{number}/{turn}\n".encode()
                if too_early:
                    os.write(write, said)
                    await asyncio.sleep(2 * LONGEST_S)
                await watch.write(scope, 200)  # type: ignore[arg-type]
                if not too_early:
                    os.write(write, said)

        async def day() -> None:
            await asyncio.gather(*(person(number) for number in range(PEOPLE)))

        asyncio.run(day())
    finally:
        os._exit(1)


def one_round(place: Place, rng: random.Random, round_: int, *, too_early: bool) -> list[str]:
    """Kills the server, and with PostgreSQL the database too, at a random moment; what was acknowledged."""
    reads, write = os.pipe()
    pid = looking(place, write, reads, round_, too_early=too_early)
    os.close(write)
    with os.fdopen(reads, "rb") as acknowledged:
        first = [acknowledged.readline() for _ in range(rng.randint(PEOPLE, 5 * PEOPLE))]
        time.sleep(rng.uniform(0, LONGEST_S))
        if place.server is not None:
            place.server.kill()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        found = [*first, *acknowledged.readlines()]
    if place.server is not None:
        place.server.start()
    return [line.decode().strip() for line in found if line.endswith(b"\n")]


def lost(place: Place, rounds: int, seed: int, *, too_early: bool = False) -> tuple[int, set[str]]:
    """How many looks were acknowledged over some rounds, and which of them are not in the trail."""
    rng, acknowledged = random.Random(seed), list[str]()
    place.made().close()
    for round_ in range(rounds):
        acknowledged += one_round(place, rng, round_, too_early=too_early)
    register = place.opened()
    with register.reading() as connection:
        there = {line.what for line in lines(connection, Wish(), 1_000_000)}
    found = verify(register, own_key=register.signer().public)
    register.close()
    assert found.faults == []
    assert found.trail == len(there)
    return len(acknowledged), set(acknowledged) - there


@pytest.mark.parametrize(
    "rounds", [pytest.param(3, id="a-few-times"), pytest.param(100, id="a-hundred-times", marks=pytest.mark.slow)]
)
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_no_look_that_was_answered_is_lost_when_server_and_database_are_killed(kept: Place, rounds: int) -> None:
    acknowledged, gone = lost(kept, rounds, seed=20261124)
    assert acknowledged >= rounds * PEOPLE
    assert gone == set()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_server_that_answers_before_it_is_written_is_found_out(kept: Place) -> None:
    _, gone = lost(kept, 3, seed=7, too_early=True)
    assert gone != set()
