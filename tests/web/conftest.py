"""The workbench with a clock that the tests move."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from isocourse.web.desk import Desk
from isocourse.web.server import server
from isocourse.web.settings import Limits, Settings
from tests.web.bench import BASE, DAY, Bench


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The knowledge that ships, compiled once."""
    return Desk(keep=tmp_path_factory.mktemp("kept"))


@pytest.fixture
def open_bench(desk: Desk) -> Iterator[Callable[..., Bench]]:
    """Makes servers; nobody is signed in at them yet."""
    made: list[Bench] = []

    def opened(**limits: int) -> Bench:
        clock, told = [1000.0], list[str]()
        settings = Settings(
            "127.0.0.1",
            8765,
            lambda: clock[0],
            lambda: DAY,
            told.append,
            "a-program",
            limits=replace(Limits(per_minute=100_000, heavy_per_minute=10_000, knocks_per_minute=1000), **limits),
        )
        app, _ = server(settings, desk)
        client = TestClient(app, base_url=BASE, raise_server_exceptions=False)
        client.__enter__()
        made.append(Bench(app, clock, told, client))
        return made[-1]

    yield opened
    for bench in made:
        bench.client.__exit__(None, None, None)


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    """A server at which the person at this machine is signed in."""
    found = open_bench()
    found.come_in()
    return found
