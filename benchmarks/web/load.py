"""Fifty users look at patients for a minute: requests a second, the middle and the slowest hundredth, errors; and the server's own time for Today.

python benchmarks/web/load.py [--users 50] [--seconds 60]
"""

import argparse
import asyncio
import os
import re
import resource
import subprocess
import sys
import time
from statistics import median, quantiles

import httpx

TOKEN = re.compile(r"(http://\S+)/start\?token=(\S+)")
PATHS = ["", "/matrix", "/why/lab_stop/seed-review/2025"]


def started(port: int) -> tuple[subprocess.Popen[str], str, str, float]:
    """The server, its address, its start token, and the seconds until it answered."""
    began = time.perf_counter()
    command = [sys.executable, "-c", "from isocourse.cli.main import run; run()", "serve", "--port", str(port)]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    assert serving.stdout is not None
    found = next(match for line in serving.stdout if (match := TOKEN.search(line)))
    while True:
        try:
            httpx.get(f"{found[1]}/alive", timeout=1)
            return serving, found[1], found[2], time.perf_counter() - began
        except httpx.TransportError:
            time.sleep(0.01)


async def user(client: httpx.AsyncClient, names: list[str], until: float, took: list[float], wrong: list[int]) -> None:
    """One user who looks at one page after another."""
    turn = 0
    while time.perf_counter() < until:
        path = f"/patient/{names[turn % len(names)]}{PATHS[turn % len(PATHS)]}"
        began = time.perf_counter()
        reply = await client.get(path)
        took.append(time.perf_counter() - began)
        if reply.status_code != 200:
            wrong.append(reply.status_code)
        turn += 1
        await asyncio.sleep(0.5)


async def load(base: str, cookies: httpx.Cookies, users: int, seconds: float) -> tuple[list[float], list[int]]:
    """Everybody at once."""
    names = ["alt-trebled", "doxycycline", "boy-of-16", "relapse"]
    took: list[float] = []
    wrong: list[int] = []
    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(base_url=base, cookies=cookies, timeout=60, limits=limits) as client:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(user(client, names, until, took, wrong) for _ in range(users)))
    return took, wrong


def main() -> None:
    """Runs the load and prints the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=50)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--port", type=int, default=8791)
    asked = options.parse_args()
    serving, base, token, ready = started(asked.port)
    try:
        with httpx.Client(base_url=base) as first:
            first.get(f"/start?token={token}")
            alone = []
            for again in range(12):
                began = time.perf_counter()
                first.get("/patient/alt-trebled")
                alone.append(time.perf_counter() - began)
                if again == 0:
                    judged = alone.pop()
            took, wrong = asyncio.run(load(base, first.cookies, asked.users, asked.seconds))
    finally:
        serving.terminate()
        serving.wait(10)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"ready after {ready:.2f} s (knowledge from the cache)")
    print(
        f"Today, one user: {1000 * judged:.0f} ms with judging, then {1000 * median(alone):.1f} ms in the middle of {len(alone)}"
    )
    print(
        f"{asked.users} users for {asked.seconds:.0f} s: {len(took)} pages, {len(wrong)} errors, "
        f"p50 {1000 * median(took):.0f} ms, p99 {1000 * quantiles(took, n=100)[98]:.0f} ms"
    )
    print(f"server: {spent.ru_utime + spent.ru_stime:.1f} s of processor time, {spent.ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
