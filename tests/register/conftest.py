"""Every test of the register runs on SQLite and on PostgreSQL; where no PostgreSQL server is installed, that half is skipped, saying so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from isocourse.register.events import Stamp
from isocourse.register.register import Register, init_register, open_register
from isocourse.register.signing import new_signer
from tests.register.postgresql import Server, programs

AT = "2026-11-24T09:30:00.000000Z"
AS_OF = 739_944
"""24 November 2026."""
STAMP = Stamp("dr-a", AT, "k1")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a test's register lives."""

    kind: str
    url: str
    key: Path
    server: Server | None

    def made(self) -> Register:
        """A new register there."""
        return init_register(self.url, self.key, STAMP)

    def opened(self) -> Register:
        """The register there, opened once more."""
        return open_register(self.url, self.key)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server is installed (on Debian: apt install postgresql)")
    made = Server(found)
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_signer(tmp_path_factory.mktemp("key") / "key.pem").place


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, signing_key: Path) -> Place:
    """An empty place for a register, on each database in turn."""
    if request.param == "sqlite":
        return Place("sqlite", str(tmp_path / "register.db"), signing_key, None)
    server: Server = request.getfixturevalue("server")
    server.empty()
    return Place("postgresql", server.url, signing_key, server)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory, signing_key: Path) -> Path:
    """A new register in a SQLite file, to be copied: the steps of the tables take longer than most tests."""
    made = Place("sqlite", str(tmp_path_factory.mktemp("blank") / "register.db"), signing_key, None)
    made.made().close()
    return Path(made.url)


@pytest.fixture
def register(request: pytest.FixtureRequest, place: Place) -> Iterator[Register]:
    """A new, empty register, on each database in turn."""
    if place.server is None:
        shutil.copyfile(request.getfixturevalue("blank"), place.url)
    elif not place.server.refill():
        place.made().close()
        place.server.keep()
    made = place.opened()
    yield made
    made.close()
