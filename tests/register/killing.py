"""Kills whoever writes to a register, again and again, and counts what was acknowledged and lost."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from isocourse.register.events import VISIT_RECORDED, Draft, Stored
from isocourse.register.journal import end_of_chain
from isocourse.register.register import Register, open_register
from isocourse.register.tables import EVENT
from isocourse.register.verify import verify
from tests.register.conftest import STAMP, Place
from tests.register.invented import admit, visit, weight

MOST_EVENTS, LONGEST_S = 12, 0.03
"""A round ends after some acknowledged events, at most so many, and a moment of at most so long: about one event's time."""


@dataclass(slots=True)
class Tally:
    """What came of it."""

    rounds: int = 0
    acknowledged: int = 0
    lost: list[int] = field(default_factory=list)
    unacknowledged: int = 0
    """Events found that nobody had acknowledged: written, and killed before the word was out."""
    faults: list[str] = field(default_factory=list)


def kill_often(place: Place, rounds: int, seed: int, *, writers: int = 1, too_early: bool = False) -> Tally:
    """Starts writers, kills them (and with PostgreSQL the server itself) at a random moment, opens the register again, counts.

    Writers that acknowledge `too_early`, before the event is kept, are there to show that a loss is seen.
    """
    rng, tally = random.Random(seed), Tally()
    register = place.made()
    admit(register)
    register.close()
    known = 3
    for _ in range(rounds):
        acknowledged = _one_round(place, rng, writers, too_early=too_early)
        if place.server is not None:
            place.server.start()
        register = open_register(place.url, place.key)
        known = _count(register, known, acknowledged, tally)
        register.close()
    register = open_register(place.url, place.key)
    tally.faults = verify(register, own_key=register.signer().public).faults
    register.close()
    return tally


def _one_round(place: Place, rng: random.Random, writers: int, *, too_early: bool) -> dict[int, bytes]:
    reads, write = os.pipe()
    pids = [_writer(place, write, reads, too_early=too_early) for _ in range(writers)]
    os.close(write)
    with os.fdopen(reads, "rb") as acknowledged:
        first = [acknowledged.readline() for _ in range(rng.randint(1, MOST_EVENTS))]
        time.sleep(rng.uniform(0, LONGEST_S))
        if place.server is not None:
            place.server.kill()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            os.waitpid(pid, 0)
        lines = [*first, *acknowledged.readlines()]
    return dict(_said(lines))


def _writer(place: Place, write: int, reads: int, *, too_early: bool) -> int:
    """A process that writes events for as long as it lives and acknowledges each with its number and hash."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.close(reads)
        register = open_register(place.url, place.key)
        course = _course(register)
        while True:
            if too_early:
                _lie(register, course, write)
            else:
                _acknowledge(write, visit(register, course, weight(60)))
    finally:
        os._exit(1)


def _acknowledge(write: int, stored: Stored) -> None:
    os.write(write, b"%d %s\n" % (stored.seq, stored.hash.hex().encode()))


def _lie(register: Register, course: Stored, write: int) -> None:
    with register.writing(STAMP) as writer:
        [stored] = writer.append([Draft(VISIT_RECORDED, weight(60), course.patient, course.course)])
        _acknowledge(write, stored)
        time.sleep(2 * LONGEST_S)


def _course(register: Register) -> Stored:
    """The course that is written to."""
    c = EVENT.c
    with register.reading() as connection:
        asked = select(c.seq, c.patient, c.course, c.version, c.kind, c.hash).where(c.kind == "course.opened")
        return Stored(*connection.execute(asked).one())


def _said(lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
    for line in lines:
        if line.endswith(b"\n"):  # the last word may have been cut off
            seq, hash_ = line.split()
            yield int(seq), bytes.fromhex(hash_.decode())


def _count(register: Register, known: int, acknowledged: dict[int, bytes], tally: Tally) -> int:
    with register.reading() as connection:
        last, _ = end_of_chain(connection)
        rows = connection.execute(select(EVENT.c.seq, EVENT.c.hash).where(EVENT.c.seq > known))
        found = {row.seq: bytes(row.hash) for row in rows}
    tally.rounds += 1
    tally.acknowledged += len(acknowledged)
    tally.lost += [seq for seq, hash_ in acknowledged.items() if found.get(seq) != hash_]
    tally.unacknowledged += len(found.keys() - acknowledged.keys())
    return last
