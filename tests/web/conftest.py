"""The workbench with a clock that the tests move; one browser, one server without a register, and one PostgreSQL for all tests."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from litestar.testing import TestClient
from playwright.sync_api import Browser, sync_playwright

from isocourse.register.database import open_engine
from isocourse.register.events import Stamp
from isocourse.register.register import Register, init_register
from isocourse.web import server as workbench
from isocourse.web.desk import Desk
from isocourse.web.settings import Limits, Settings
from tests.register.conftest import server, signing_key
from tests.web.bench import BASE, DAY, INSTANT, RECORD, Bench
from tests.web.live import FLAGS, Live, chromium, running
from tests.web.visitor import Visitor, made_visitor

__all__ = ["server", "signing_key"]  # fixtures


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The knowledge that ships, compiled once."""
    return Desk(keep=tmp_path_factory.mktemp("kept"))


PATIENT = Limits(per_minute=100_000, heavy_per_minute=10_000, knocks_per_minute=1000)
"""Limits that no test reaches unawares."""


class Made:
    """One server, with the clock and the terminal that its tests share, one after the other."""

    def __init__(self, desk: Desk, limits: Limits) -> None:
        self.clock, self.told = [1000.0], list[str]()
        settings = Settings(
            "127.0.0.1", 8765, lambda: self.clock[0], lambda: DAY, self.told.append, "a-program", limits=limits
        )
        self.app, _ = workbench.server(settings, desk)

    def opened(self) -> Bench:
        """The server as new: nobody is signed in, and nothing was told."""
        bench = Bench(self.app, self.clock, self.told, TestClient(self.app, BASE, raise_server_exceptions=False))
        self.clock[0] += 1_000_000.0  # whatever was asked for too often is forgotten
        self.told.clear()
        bench.house.sessions._open.clear()
        return bench


@pytest.fixture(scope="session")
def made(desk: Desk) -> Made:
    """A server for all tests that ask for no limits of their own: making one takes longer than most of them."""
    return Made(desk, PATIENT)


@pytest.fixture
def open_bench(desk: Desk, made: Made) -> Iterator[Callable[..., Bench]]:
    """Makes servers; nobody is signed in at them yet."""
    opened_: list[Bench] = []

    def opened(**limits: int) -> Bench:
        at = Made(desk, replace(PATIENT, **limits)) if limits else made
        opened_.append(at.opened())
        opened_[-1].client.__enter__()
        return opened_[-1]

    yield opened
    for bench in opened_:
        bench.client.__exit__(None, None, None)


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    """A server at which the person at this machine is signed in."""
    found = open_bench()
    found.come_in()
    return found


# a register ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def register(tmp_path: Path, signing_key: Path) -> Iterator[Register]:
    """An empty register in a file, whose writers are not patient."""
    init_register(str(tmp_path / "register.db"), signing_key, Stamp("tests", INSTANT)).close()
    found = Register(open_engine(str(tmp_path / "register.db"), wait_s=1), signing_key)
    yield found
    found.close()


@pytest.fixture
def clinic(desk: Desk, register: Register) -> Iterator[Bench]:
    """A server with a register, and somebody signed in."""
    told, clock, today = list[str](), [1000.0], [DAY]
    settings = Settings(
        "127.0.0.1",
        8765,
        lambda: clock[0],
        lambda: today[0],
        told.append,
        "a-program",
        lambda: INSTANT,
        limits=PATIENT,
    )
    app, _ = workbench.server(settings, desk, register)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        found = Bench(app, clock, told, client, today=today)
        found.come_in()
        yield found


@pytest.fixture
def course(clinic: Bench) -> str:
    """A course that was kept: where its page is."""
    home = clinic.send("/read", text=RECORD).headers["location"]
    reply = clinic.send(f"{home}/keep", name="Nilufar Karimova", number="A-17")
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


# a browser ---------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = chromium()
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def live(desk: Desk) -> Iterator[Live]:
    """A running server without a register."""
    with running(desk, DAY) as found:
        yield found


@pytest.fixture
def visitors(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors at any running server; a complaint of the browser fails the test."""
    made: list[Visitor] = []

    def opened(at: Live, width: int = 1280, *, scripts: bool = True, language: str = "en-GB") -> Visitor:
        made.append(made_visitor(browser, at, width, scripts=scripts, language=language))
        return made[-1]

    yield opened
    for visitor in made:
        visitor.page.context.close()
        assert visitor.complaints == []


@pytest.fixture
def open_visitor(visitors: Callable[..., Visitor], live: Live) -> Callable[..., Visitor]:
    """Makes visitors at the server without a register."""

    def opened(width: int = 1280, *, scripts: bool = True, language: str = "en-GB") -> Visitor:
        return visitors(live, width, scripts=scripts, language=language)

    return opened
