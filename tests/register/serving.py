"""Kills the workbench itself while browsers write to it, again and again, and counts what it had acknowledged and lost."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from isocourse.register.events import COURSE_CHANGED, Opened
from isocourse.register.register import open_register
from isocourse.register.verify import verify
from tests.conftest import REPOSITORY
from tests.register.conftest import Place
from tests.register.invented import admit
from tests.register.killing import Tally

COMMAND = [sys.executable, "-c", "from isocourse.cli.main import program; program()", "serve"]
START = re.compile(r"/start\?token=(\S+)")
TOKEN = re.compile(rb'name="token" value="([0-9a-f]+)"')
FORM = "application/x-www-form-urlencoded"
FIRST_DAY = date(2026, 1, 1)
LONGEST_S = 0.3
"""A round ends after some acknowledged writes, and a moment of at most so long."""


@dataclass(slots=True)
class Written:
    """One course and the versions of it that were acknowledged."""

    patient: str
    course: str
    version: int
    acknowledged: list[int] = field(default_factory=list)


def kill_server_often(place: Place, rounds: int, seed: int, *, writers: int = 2, with_database: bool = False) -> Tally:
    """Starts `isocourse serve`, lets several browsers write to a course each, kills it at a random moment, opens the register, counts.

    Args:
        place: where the register is made.
        rounds: how many times.
        seed: of the moments.
        writers: browsers at once.
        with_database: whether every second time the database server is killed with it.
    """
    rng, tally = random.Random(seed), Tally()
    register = place.made()
    courses = [
        Written(opened.patient, opened.course, opened.version)
        for opened in (admit(register)[1] for _ in range(writers))
    ]
    register.close()
    for number in range(rounds):
        _one_round(place, courses, rng, database=with_database and number % 2 == 1)
        if place.server is not None and place.server.process is not None and place.server.process.poll() is not None:
            place.server.start()
        _count(place, courses, tally)
    register = open_register(place.url, place.key)
    tally.faults = verify(register, own_key=register.signer().public).faults
    register.close()
    return tally


@contextmanager
def _serving(place: Place) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """The workbench as a process of its own: process, port, start token. It is killed at the end, whatever happens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = os.environ | {"PYTHONPATH": str(REPOSITORY / "src"), "PYTHONUNBUFFERED": "1"}
    command = [*COMMAND, "--port", str(port), "--register", place.url, "--key", str(place.key)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=told)
    try:
        assert process.stdout is not None
        token = next((match[1] for line in process.stdout if (match := START.search(line))), "")
        assert token, "the server ended before it told its start address"
        yield process, port, token
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _one_round(place: Place, courses: list[Written], rng: random.Random, *, database: bool) -> None:
    enough, stop = threading.Semaphore(0), threading.Event()
    with _serving(place) as (process, port, token):
        cookie, form_token = _signed_in(port, token)
        browsers = [
            threading.Thread(target=_write, args=(port, cookie, form_token, each, enough, stop), daemon=True)
            for each in courses
        ]
        for browser in browsers:
            browser.start()
        for _ in range(rng.randint(1, 8)):
            assert enough.acquire(timeout=60), "the server acknowledges nothing"
        time.sleep(rng.uniform(0, LONGEST_S))
        if database:
            assert place.server is not None
            place.server.kill()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        stop.set()
        for browser in browsers:
            browser.join()


def _signed_in(port: int, token: str) -> tuple[str, str]:
    """The session cookie and a form's token, as a browser gets them."""
    until = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", f"/start?token={token}")
            break
        except ConnectionRefusedError:
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.02)
    reply = connection.getresponse()
    reply.read()
    cookie = str(reply.getheader("set-cookie")).partition(";")[0]
    connection.request("GET", "/", headers={"cookie": cookie})
    found = TOKEN.search(connection.getresponse().read())
    connection.close()
    assert found is not None
    return cookie, found[1].decode()


def _write(
    port: int, cookie: str, token: str, course: Written, enough: threading.Semaphore, stop: threading.Event
) -> None:
    """Changes a course as a browser's form does, once after the other; a redirect to the course is the word that it was kept."""
    headers = {"cookie": cookie, "content-type": FORM, "origin": f"http://127.0.0.1:{port}"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    version = course.version
    while not stop.is_set():
        said = {"token": token, "expected": str(version), "first_dose": told(version + 1)}
        try:
            connection.request("POST", f"/course/{course.course}/change", urlencode(said), headers)
            reply = connection.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            return
        if reply.status != 303:
            return
        version += 1
        course.acknowledged.append(version)
        enough.release()


def told(version: int) -> str:
    """What is written as a version of a course: a day for each."""
    return (FIRST_DAY + timedelta(days=version)).isoformat()


def _count(place: Place, courses: list[Written], tally: Tally) -> None:
    register = open_register(place.url, place.key)
    tally.rounds += 1
    for course in courses:
        found = {each.version: each for each in register.events_of(course.patient) if each.course == course.course}
        tally.acknowledged += len(course.acknowledged)
        tally.lost += [version for version in course.acknowledged if not _as_told(found.get(version))]
        newest = max(found)
        tally.unacknowledged += newest - max([course.version, *course.acknowledged])
        course.version, course.acknowledged = newest, []
    register.close()


def _as_told(event: Opened | None) -> bool:
    """Whether an event is there and holds what was written."""
    return (
        event is not None
        and event.kind == COURSE_CHANGED
        and event.body == {"set": {"first_dose": told(event.version)}}
    )
