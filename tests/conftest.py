"""What every test may ask for."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from isocourse.app.knowledge import load_library
from isocourse.facts.streams import Catalogue
from isocourse.library import Library

REPOSITORY = Path(__file__).parents[1]
OUTSIDE = REPOSITORY.parent / "shared" / "data"
COMMAND = "from isocourse.cli.main import run; run()"


SOAK = ("tests/web/", "tests/register/", "tests/app/test_register.py", "tests/cli/test_register.py")
"""What starts databases, servers and browsers of its own: `make soak`. With them the other suites would take over half an hour on
two cores."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what belongs to the long suite."""
    for item in items:
        if item.nodeid.startswith(SOAK):
            item.add_marker(pytest.mark.soak)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def outside() -> Path:
    """The folder of public records that no one here wrote; tests that need it are skipped, with the reason, where it is absent."""
    if not OUTSIDE.is_dir():
        pytest.skip(f"the outside records are not here: {OUTSIDE} is absent")
    return OUTSIDE


@pytest.fixture(scope="session")
def library() -> Library:
    """The knowledge that ships, read from its files."""
    return load_library(cache=False)


@pytest.fixture(scope="session")
def catalogue(library: Library) -> Catalogue:
    """The streams and vocabularies that ship."""
    return library.catalogue


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Ran]:
    """The command line as a user has it: another process, its exit code and what it printed."""
    place = os.environ | {
        "PYTHONPATH": str(REPOSITORY / "src"),
        "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")),
        "PYTHONIOENCODING": "utf-8",
    }

    def ran(*words: str | Path, limit_s: int = 300, given: str = "") -> Ran:
        command = [sys.executable, "-c", COMMAND, *map(str, words)]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env=place, check=False, timeout=limit_s, input=given
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return ran
