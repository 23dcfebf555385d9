"""One patient at a desk never waits for a library that the answer does not need."""

import subprocess
import sys

import pytest

HEAVY = {
    "alembic",
    "babel",
    "cryptography",
    "duckdb",
    "hypothesis",
    "icalendar",
    "jax",
    "jinja2",
    "litestar",
    "numba",
    "numpy",
    "platformdirs",
    "psycopg",
    "sqlalchemy",
    "vl_convert",
    "z3",
}
COLOUR = {"rich"}  # loaded only where coloured output is drawn


@pytest.mark.parametrize("module", ["isocourse.app.assess", "isocourse.cli.main"])
def test_an_answer_loads_no_heavy_library(module: str) -> None:
    assert loaded_by(f"import {module}") & (HEAVY | COLOUR) == set()


def test_a_simulation_loads_no_drawing_and_no_second_engine() -> None:
    loaded = loaded_by("import isocourse.app.simulate, isocourse.render.simulation_text")
    assert "numpy" in loaded
    assert loaded & ((HEAVY | COLOUR) - {"numpy"}) == set()


def test_a_loaded_library_is_seen() -> None:
    assert loaded_by("import rich") & COLOUR == COLOUR


def loaded_by(statement: str) -> set[str]:
    """The packages that a fresh interpreter has loaded after `statement`."""
    code = f"import sys\n{statement}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())
