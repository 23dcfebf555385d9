"""The house keeps its shape: fixed files, names, sizes, docstrings, and no clock in the inner rooms."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "isocourse"
MODULES = sorted(HOUSE.rglob("*.py"))
ROOMS = sorted({module.parent for module in MODULES})

LONGEST_MODULE = 600
NAMELESS = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.localtime",
    "time.monotonic",
    "time.perf_counter",
    "time.time",
}
CLOCK_ROOMS = {"cli", "web"}
ARRAY_ROOMS = {"kinetics"}
ARRAYS = {"jax", "numba", "numpy"}


def test_there_is_a_house() -> None:
    assert HOUSE in ROOMS
    assert len(ROOMS) > 1


def test_a_room_says_what_it_is_and_what_others_may_use() -> None:
    assert [room for room in ROOMS if not (room / "__init__.py").is_file()] == []
    fronts = {room: parsed(room / "__init__.py") for room in ROOMS}
    assert [room for room, front in fronts.items() if not assigns(front, "__all__")] == []
    assert [
        room for room, front in fronts.items() if not (ast.get_docstring(front) or (room / "README.md").is_file())
    ] == []


def test_the_knowledge_room_holds_data_only() -> None:
    assert (HOUSE / "knowledge").is_dir()
    assert [path for path in MODULES if path.is_relative_to(HOUSE / "knowledge")] == []


def test_a_module_can_be_read_in_one_sitting() -> None:
    lines = {name_of(module): len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}


def test_every_file_is_named_by_a_noun_or_a_question() -> None:
    files = [*MODULES, *(ROOT / "tests").rglob("*.py")]
    assert [path for path in files if path.stem.removeprefix("test_") in NAMELESS] == []


def test_everything_public_is_documented() -> None:
    found = {name_of(module): list(undocumented(parsed(module))) for module in MODULES}
    assert {name: names for name, names in found.items() if names} == {}


def test_only_a_face_reads_the_clock() -> None:
    inner = [module for module in MODULES if room_of(module) not in CLOCK_ROOMS]
    assert [name_of(module) for module in inner if CLOCKS & set(used_names(parsed(module)))] == []


def test_arrays_stay_in_the_rooms_that_need_them() -> None:
    others = [module for module in MODULES if room_of(module) not in ARRAY_ROOMS]
    assert [name_of(module) for module in others if imported_packages(parsed(module)) & ARRAYS] == []


def test_nothing_is_evaluated_from_text() -> None:
    assert [name_of(module) for module in MODULES if "eval" in set(used_names(parsed(module)))] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("def dose():\n    return 1", ["dose"], id="function"),
        pytest.param("class Course:\n    '''One treatment.'''\n    def end(self): ...", ["Course.end"], id="method"),
        pytest.param("def _dose(): ...\nclass _Course:\n    def end(self): ...", [], id="private-names-are-excused"),
        pytest.param("class Course:\n    '''One.'''\n    def __len__(self): ...", [], id="special-methods-are-excused"),
        pytest.param("def dose():\n    '''One.'''\n    def inner(): ...", [], id="inner-functions-are-excused"),
    ],
)
def test_a_missing_docstring_is_found(source: str, found: list[str]) -> None:
    assert list(undocumented(ast.parse("'''A module.'''\n" + source))) == found


def test_a_clock_is_found_however_it_is_imported() -> None:
    assert "date.today" in used_names(ast.parse("import datetime\nt = datetime.date.today()"))
    assert "date.today" in used_names(ast.parse("from datetime import date\nt = date.today()"))
    assert "time.time" in used_names(ast.parse("from time import time\nt = time()"))
    assert "datetime.now" in used_names(ast.parse("from datetime import datetime as dt\nt = dt.now()"))


def name_of(module: Path) -> str:
    """A module as its path within the house."""
    return module.relative_to(HOUSE).as_posix()


def room_of(module: Path) -> str:
    """The room in which a module lies."""
    return module.relative_to(HOUSE).parts[0]


@cache
def parsed(module: Path) -> ast.Module:
    """The syntax tree of one module."""
    return ast.parse(module.read_text(encoding="utf-8"), filename=str(module))


def assigns(tree: ast.Module, name: str) -> bool:
    """Whether the module gives `name` a value at its top level."""
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def undocumented(tree: ast.Module) -> Iterator[str]:
    """The public names without a docstring, the module itself among them."""
    if not ast.get_docstring(tree):
        yield "the module itself"
    yield from undocumented_in(tree, "")


def undocumented_in(owner: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    """The public functions and classes directly in `owner` that have no docstring, methods included."""
    for node in owner.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not is_overload(node):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from undocumented_in(node, f"{prefix}{node.name}.")


def is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether the node is only one typed face of a function that is documented elsewhere."""
    return any(ast.unparse(mark).rpartition(".")[2] in {"overload", "setter"} for mark in node.decorator_list)


def used_names(tree: ast.AST) -> Iterator[str]:
    """Every name used, and every `owner.name` pair, with imported names spelt as where they come from."""
    origin = {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    renamed = {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            module, name = origin.get(node.id, ("", node.id))
            yield name
            if module:
                yield f"{module}.{name}"
        elif isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).rpartition(".")[2]
            yield f"{origin.get(owner, ('', renamed.get(owner, owner)))[1]}.{node.attr}"


def imported_packages(tree: ast.AST) -> set[str]:
    """The first part of every imported name."""
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in plain | parts}
