"""A server that listens on this machine, and a browser that walks its pages."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import which

import pytest
import uvicorn

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
    """One running server."""

    base: str
    told: list[str]
    tell: object
    server: uvicorn.Server

    def start_address(self) -> str:
        """A fresh start address."""
        self.tell()  # type: ignore[operator]  # a function without arguments
        return self.told[-1]


@contextmanager
def running(desk: Desk, day: int) -> Iterator[Live]:
    """A server on a free port of this machine, until it is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told: list[str] = []
    settings = Settings("127.0.0.1", port, time.monotonic, lambda: day, told.append, "a-program")
    settings = replace(settings, limits=Limits(per_minute=1_000_000, heavy_per_minute=10_000, knocks_per_minute=10_000))
    app, door = server(settings, desk)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False, log_level="error", lifespan="on")
    serving = uvicorn.Server(config)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not serving.started and time.monotonic() < until:
        time.sleep(0.02)
    assert serving.started
    try:
        yield Live(f"http://127.0.0.1:{port}", told, door.tell, serving)
    finally:
        serving.should_exit = True
        thread.join(10)


def chromium() -> str:
    """Where Chromium is; the test is skipped, with the reason, where there is none."""
    found = which("chromium") or which("chromium-browser") or which("google-chrome")
    if found is None:
        pytest.skip("no Chromium is installed here; on Debian: apt-get install chromium")
    return found
