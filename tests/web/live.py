"""A server that listens on this machine, and a browser that walks its pages."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from shutil import which

import pytest
import uvicorn

from isocourse.register.register import Register
from isocourse.web.desk import Desk
from isocourse.web.server import server
from isocourse.web.settings import Limits, Settings

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parent / "axe" / "axe-4.14.1.min.js"


@dataclass
class Live:
    """One running server, on the day that a test says it is."""

    base: str
    told: list[str]
    tell: object
    server: uvicorn.Server
    today: list[int]

    def start_address(self) -> str:
        """A fresh start address."""
        self.tell()  # type: ignore[operator]  # a function without arguments
        return self.told[-1]


@contextmanager
def running(desk: Desk, day: int, register: Register | None = None) -> Iterator[Live]:
    """A server on a free port of this machine, until it is left."""
    today = [day]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told: list[str] = []
    settings = Settings(
        "127.0.0.1", port, time.monotonic, lambda: today[0], told.append, "a-program", lambda: instant(today[0])
    )
    settings = replace(settings, limits=Limits(per_minute=1_000_000, heavy_per_minute=10_000, knocks_per_minute=10_000))
    app, door = server(settings, desk, register)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False, log_level="error", lifespan="on")
    serving = uvicorn.Server(config)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not serving.started and time.monotonic() < until:
        time.sleep(0.02)
    assert serving.started
    try:
        yield Live(f"http://127.0.0.1:{port}", told, door.tell, serving, today)
    finally:
        serving.should_exit = True
        thread.join(10)


def instant(day: int) -> str:
    """The middle of a day, as the register writes it."""
    return f"{date.fromordinal(day).isoformat()}T12:00:00.000000Z"


def chromium() -> str:
    """Where Chromium is; the test is skipped, with the reason, where there is none."""
    found = which("chromium") or which("chromium-browser") or which("google-chrome")
    if found is None:
        pytest.skip("no Chromium is installed here; on Debian: apt-get install chromium")
    return found
