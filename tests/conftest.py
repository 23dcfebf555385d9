"""What every test may ask for."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from isocourse.app import knowledge
from isocourse.app.knowledge import load_library
from isocourse.cli.main import run as entry
from isocourse.facts.streams import Catalogue
from isocourse.library import Library

REPOSITORY = Path(__file__).parents[1]
OUTSIDE = REPOSITORY.parent / "shared" / "data"
FromCache = Callable[[Path, bytes], Library | None]
COMMAND = "from isocourse.cli.main import program; program()"


SOAK = ("tests/web/", "tests/register/", "tests/app/test_register.py", "tests/cli/test_register.py")
"""What starts databases, servers and browsers of its own: `make soak`, and `make long` for what is also slow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs them."""
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
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a command: the program of this repository, and a cache of its own."""
    return {
        "PYTHONPATH": str(REPOSITORY / "src"),
        "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")),
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture(scope="session")
def run_apart(environment: dict[str, str]) -> Callable[..., Ran]:
    """The command line in a process of its own, as a user has it; it takes a second or two to start."""

    def ran(*words: str | Path, limit_s: int = 300, given: str = "") -> Ran:
        command = [sys.executable, "-c", COMMAND, *map(str, words)]
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            env=os.environ | environment,
            check=False,
            timeout=limit_s,
            input=given,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return ran


@pytest.fixture(scope="session")
def run(environment: dict[str, str]) -> Iterator[Callable[..., Ran]]:
    """The command line's own entry point, called here: its exit code and what it printed.

    `test_apart.py` shows that a process of its own says the same. Knowledge is kept between calls by the place of its cache and the
    names, sizes and times of every file it was made of.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COLUMNS", raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(knowledge, "_from_cache", cache_of(knowledge._from_cache))
        yield _run_here


def cache_of(read: FromCache) -> FromCache:
    """Keeps the last few that were read; nothing is kept of a reading that failed."""
    kept: dict[tuple[Path, bytes], Library] = {}

    def from_cache(path: Path, made_of: bytes) -> Library | None:
        asked = path, made_of
        if asked not in kept and (found := read(path, made_of)) is not None:
            kept[asked] = found
            while len(kept) > 3:
                del kept[next(iter(kept))]
        return kept.get(asked)

    return from_cache


def _run_here(*words: str | Path, given: str = "") -> Ran:
    out, err = _written(), _written()
    before, code = (sys.stdin, sys.stdout, sys.stderr), 0
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"), out, err
    try:
        entry([str(word) for word in words])
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else 1
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    return Ran(code, _said(out), _said(err))


def _written() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n", write_through=True)


def _said(stream: io.TextIOWrapper) -> str:
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()
