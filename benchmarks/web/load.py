"""Fifty users work for a minute: requests a second, the middle and the slowest hundredth, errors; how soon the server is ready; Today's own time.

python benchmarks/web/load.py [--users 50] [--seconds 60] [--python PYTHON]

They look at Today, the course, the matrix and the worklist, and now and then enter a visit, in a register of invented courses that is made first.
With `--python` the server runs in another environment, for example one with `isocourse[web]` and nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1] / "register"))

from inventing import STAMP, clinic, invent

from isocourse.app.knowledge import load_library
from isocourse.app.register_worklist import refresh
from isocourse.register.register import init_register
from isocourse.web.ahead import FIRST

TOKEN = re.compile(r"/start\?token=(\S+)")
FORM_TOKEN = re.compile(rb'name="token" value="([0-9a-f]+)"')
EXPECTED = re.compile(rb'name="expected" value="(\d+)"')
THINKS_S = (1.0, 3.0)
DOES = (("today", 40), ("course", 20), ("matrix", 10), ("why", 10), ("worklist", 16), ("visit", 4))
"""What a user does next, in a hundred times."""
COURSE = re.compile(rb'href="/course/([^"/]+)"')
COLD, READS_S = 5, 8.0
"""Courses looked at before any list was; how long one reads a list before the first click."""
IDLE_S = 3.0
"""A connection that was not used for so long is opened anew: the server closes it after five."""
SESSIONS = 9
"""A session holds twenty records; each is shared by five or six users with a course of their own. More could not come in within a minute."""


class Line:
    """One connection that stays open, as a browser's does; as little work as possible, since the load shares the machine with the server."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie
        self._pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """A request and its answer: status, headers, body."""
        if self._pair is None or time.perf_counter() - self._used > IDLE_S:
            if self._pair is not None:
                self._pair[1].close()
            self._pair = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        reader, writer = self._pair
        body = urlencode(form).encode() if form is not None else b""
        head = [
            f"{'GET' if form is None else 'POST'} {path} HTTP/1.1",
            f"host: 127.0.0.1:{self.port}",
            f"cookie: {self.cookie}",
            f"origin: http://127.0.0.1:{self.port}",
            *(
                ["content-type: application/x-www-form-urlencoded", f"content-length: {len(body)}"]
                if form is not None
                else []
            ),
        ]
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        status, *told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in told if line)}
        self._used = time.perf_counter()
        return int(status.split()[1]), headers, await reader.readexactly(int(headers.get("content-length", "0")))


@dataclass
class Server:
    """A server as a process of its own."""

    process: subprocess.Popen[str]
    port: int
    token: str
    began: float

    def told(self) -> str:
        """The next start token that it prints."""
        assert self.process.stdout is not None
        return next(match[1] for line in self.process.stdout if (match := TOKEN.search(line)))

    def spent_s(self) -> float:
        """Processor seconds until now."""
        said = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")

    def most_mb(self) -> int:
        """Most memory until now."""
        said = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", said)[1]) // 1024  # type: ignore[index]  # Linux says it


def started(python: str, port: int, address: str, key: Path) -> Server:
    """The server, from the moment at which it was called."""
    began = time.perf_counter()
    words = [
        "serve",
        "--port",
        str(port),
        *(["--register", address, "--key", str(key)] if address else ["--no-register"]),
    ]
    command = [python, "-c", "from isocourse.cli.main import program; program()", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    made = Server(process, port, "", began)
    made.token = made.told()
    return made


async def alive(server: Server) -> None:
    """Until the server says that it is."""
    while True:
        try:
            status, _, _ = await Line(server.port).ask("/alive")
            assert status == 200
            return
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)


async def signed_in(server: Server, token: str) -> str:
    """The cookie of a new session."""
    status, headers, _ = await Line(server.port).ask(f"/start?token={token}")
    assert status == 303, status
    return headers["set-cookie"].partition(";")[0]


async def ready(server: Server) -> tuple[float, float, float, float]:
    """Seconds from the call to the first word and to the first Today, each on the clock and of the processor."""
    await alive(server)
    first = time.perf_counter() - server.began, server.spent_s()
    line = Line(server.port, await signed_in(server, server.token))
    status, _, _ = await line.ask("/patient/alt-trebled")
    assert status == 200
    return (*first, time.perf_counter() - server.began, server.spent_s())


@dataclass
class Tally:
    """What the users saw: milliseconds by what they did, and answers that were none."""

    took: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name, _ in DOES})
    wrong: list[tuple[str, int]] = field(default_factory=list)


async def user(line: Line, course: str, token: str, rng: random.Random, until: float, tally: Tally) -> None:
    """One user with one course."""
    paths = {"today": f"/patient/{course}", "course": f"/course/{course}", "worklist": "/register"}
    paths |= {"matrix": f"/patient/{course}/matrix", "why": f"/patient/{course}/why/lab_stop/seed-review/2025"}
    names, weights = zip(*DOES, strict=True)
    await asyncio.sleep(rng.uniform(0, THINKS_S[1]))
    while time.perf_counter() < until:
        does = rng.choices(names, weights)[0]
        form = None
        if does == "visit":
            _, _, page = await line.ask(f"/course/{course}/visit")
            found = EXPECTED.search(page)
            assert found is not None
            form = {
                "token": token,
                "expected": found[1].decode(),
                "visit": time.strftime("%Y-%m-%d"),
                "s.nodular": rng.choice(["yes", "no"]),
            }
        began = time.perf_counter()
        status, _, _ = await line.ask(paths.get(does, f"/course/{course}/visit"), form)
        tally.took[does].append(1000 * (time.perf_counter() - began))
        if status != 200:
            tally.wrong.append((does, status))
        await asyncio.sleep(rng.uniform(*THINKS_S))


async def load(server: Server, courses: list[str], seconds: float) -> Tally:
    """Everybody at once."""
    cookies = []
    for _ in range(SESSIONS):
        status, _, _ = await Line(server.port).ask("/knock", {})
        assert status == 200, status
        cookies.append(await signed_in(server, server.told()))
    users = []
    for number, course in enumerate(courses):
        line = Line(server.port, cookies[number % SESSIONS])
        found = FORM_TOKEN.search((await line.ask("/"))[2])
        assert found is not None
        await line.ask(f"/course/{course}")  # puts the course among the records at hand
        users.append((line, course, found[1].decode()))
    tally, until = Tally(), time.perf_counter() + seconds
    await asyncio.gather(*(user(*each, random.Random(number), until, tally) for number, each in enumerate(users)))
    return tally


@dataclass
class Alone:
    """Milliseconds of the server for Today, for one user: with judging, from a list, and once more; and of the last on the clock."""

    judged: list[float] = field(default_factory=list)
    clicked: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)


async def alone(server: Server, courses: list[str]) -> Alone:
    """Today of courses nobody has looked at; then of those on the worklist, a while after it was shown; then of the same again."""
    line, found = Line(server.port, await signed_in(server, server.token)), Alone()
    for course in courses[-COLD:]:
        found.judged.append(await _today(line, course, found.clock))
    _, _, page = await line.ask("/register")
    listed = list(dict.fromkeys(each.decode() for each in COURSE.findall(page)))[:FIRST]
    await asyncio.sleep(READS_S)
    found.clock.clear()
    for took in (found.clicked, found.again):
        for course in listed:
            took.append(await _today(line, course, found.clock))
    return found


async def _today(line: Line, course: str, clock: list[float]) -> float:
    began = time.perf_counter()
    status, headers, _ = await line.ask(f"/patient/{course}")
    clock.append(1000 * (time.perf_counter() - began))
    assert status == 200, status
    return float(headers["server-timing"].partition("dur=")[2])


def shown(tally: Tally) -> Iterator[str]:
    """The figures, one line for each thing done and one for all."""
    together = [each for took in tally.took.values() for each in took]
    for name, took in [*tally.took.items(), ("all", together)]:
        if len(took) > 1:
            yield f"  {name:9} {len(took):5} times, p50 {median(took):5.0f} ms, p99 {quantiles(took, n=100, method='inclusive')[98]:6.0f} ms"


def main() -> None:
    """Runs the load and prints the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=50)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--port", type=int, default=8791)
    options.add_argument("--python", default=sys.executable)
    asked = options.parse_args()
    for _ in range(2):  # the first reads the knowledge into the cache
        server = started(asked.python, asked.port, "", Path())
        try:
            first, first_cpu, page, page_cpu = asyncio.run(ready(server))
        finally:
            server.process.kill()
            server.process.wait()
    print(
        f"ready after {first:.2f} s ({first_cpu:.2f} s of processor); first Today after {page:.2f} s ({page_cpu:.2f} s)"
    )
    with tempfile.TemporaryDirectory() as folder:
        register = init_register(f"{folder}/register.db", Path(folder) / "key.pem", STAMP)
        made = invent(register, clinic, asked.users, 20)
        register.rebuild()
        refresh(register, load_library(), int(time.time() // 86400) + 719163)
        register.close()
        server = started(asked.python, asked.port, f"{folder}/register.db", Path(folder) / "key.pem")
        try:
            asyncio.run(alive(server))
            one = asyncio.run(alone(server, [course for _, course, _ in made.people]))
            before = server.spent_s()
            tally = asyncio.run(load(server, [course for _, course, _ in made.people], asked.seconds))
            spent, most = server.spent_s() - before, server.most_mb()
        finally:
            server.process.kill()
            server.process.wait()
    for what, took in (("with judging", one.judged), ("clicked on a list", one.clicked), ("again", one.again)):
        print(
            f"Today, one user, {what}: server {median(took):.1f} ms in the middle of {len(took)}, at most {max(took):.1f}"
        )
    print(f"the same from a list and again, on the clock of the one who asks: {median(one.clock):.1f} ms")
    print(f"{asked.users} users for {asked.seconds:.0f} s, errors: {len(tally.wrong)} {tally.wrong[:5] or ''}")
    print("\n".join(shown(tally)))
    print(f"server: {spent:.1f} s of processor time, {most} MB at most")


if __name__ == "__main__":
    main()
