"""Every hazard has a control, and every test that a control rests on exists.

The file that this reads, `knowledge/safety/hazards.yaml`:

    hazards:
      - id: unknown_pregnancy
        hazard: The course is started although a pregnancy has not been excluded.
        control: Start is never unqualified without a negative last test inside its window.
        tests: [tests/app/test_start.py::test_no_go_on_unknown]
"""

import ast
from pathlib import Path
from typing import TypedDict, cast

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HAZARDS = ROOT / "src" / "isocourse" / "knowledge" / "safety" / "hazards.yaml"


class Hazard(TypedDict, total=False):
    """One row of the hazard list, as it should be."""

    id: str
    hazard: str
    control: str
    tests: list[str]


def test_there_are_hazards_and_each_is_listed_once() -> None:
    ids = [hazard["id"] for hazard in hazards()]
    assert ids
    assert len(ids) == len(set(ids))


def test_every_hazard_has_a_control_and_a_test() -> None:
    bare = [each["id"] for each in hazards() if not (each.get("hazard") and each.get("control") and each.get("tests"))]
    assert bare == []


def test_every_test_that_a_hazard_names_exists() -> None:
    missing = [f"{each['id']}: {name}" for each in hazards() for name in each.get("tests", []) if not exists(name)]
    assert missing == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("tests/house/test_nowhere.py::test_x", id="no-such-file"),
        pytest.param("tests/house/test_hazards.py::test_that_no_one_wrote", id="no-such-test"),
        pytest.param("tests/house/test_hazards.py::exists", id="a-function-that-is-no-test"),
        pytest.param(
            "tests/house/test_hazards.py::test_a_missing_test_is_found[no-such-file]", id="one-case-of-a-test"
        ),
        pytest.param("tests/house/test_hazards.py", id="a-whole-file"),
        pytest.param("../tests/house/test_hazards.py::test_a_test_in_place_is_found", id="outside-the-repository"),
    ],
)
def test_a_missing_test_is_found(name: str) -> None:
    assert not exists(name)


def test_a_test_in_place_is_found() -> None:
    assert exists("tests/house/test_hazards.py::test_a_missing_test_is_found")


def hazards() -> list[Hazard]:
    """The hazards as written, every scalar as text."""
    held = yaml.load(HAZARDS.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return cast("list[Hazard]", held["hazards"])


def exists(name: str) -> bool:
    """Whether `path::test` or `path::Class::test` names a test function of this repository."""
    path, *parts = name.split("::")
    file = ROOT / path
    if not parts or not path.startswith("tests/") or not file.is_file() or not parts[-1].startswith("test_"):
        return False
    body: list[ast.stmt] = ast.parse(file.read_text(encoding="utf-8")).body
    for part in parts:
        found = next((node for node in body if getattr(node, "name", None) == part), None)
        if not isinstance(found, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        body = found.body
    return True
