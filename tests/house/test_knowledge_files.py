"""Knowledge files are plain data, and no file of the repository speaks of one machine."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
KNOWLEDGE = ROOT / "src" / "isocourse" / "knowledge"
FILES = sorted(path for path in KNOWLEDGE.rglob("*") if path.suffix in {".yaml", ".yml"})

ONE_MACHINE = re.compile(r"(?<![\w.:/-])(?:/(?:work|root|home/\w+|Users/\w+)/\w|shared/(?:\w+/|\w+\.md\b))")


def test_there_is_knowledge() -> None:
    assert FILES


def test_every_knowledge_file_has_one_spelling_of_its_ending() -> None:
    assert [path for path in FILES if path.suffix == ".yml"] == []


def test_a_knowledge_file_is_plain_data() -> None:
    found = {path.relative_to(KNOWLEDGE).as_posix(): list(traps(path.read_text(encoding="utf-8"))) for path in FILES}
    assert {name: seen for name, seen in found.items() if seen} == {}


@pytest.mark.parametrize(
    ("text", "trap"),
    [
        pytest.param("a: &x 1\n", "line 1: anchor x", id="anchor"),
        pytest.param("a: &x 1\nb: *x\n", "line 2: alias x", id="alias"),
        pytest.param("a: !!int 1\n", "line 1: tag tag:yaml.org,2002:int", id="tag"),
        pytest.param("a: !own 1\n", "line 1: tag !own", id="own-tag"),
        pytest.param("a: 1\nb: 2\na: 3\n", "line 3: key a for the second time", id="doubled-key"),
        pytest.param(
            "rows:\n  - {when: 'x', when: 'y'}\n", "line 2: key when for the second time", id="doubled-in-a-row"
        ),
        pytest.param("a: 1\n---\nb: 2\n", "a second document", id="second-document"),
        pytest.param("", "nothing in it", id="empty"),
        pytest.param(
            "a: {take: at least 2 of (b, c)}\n", "line 1: key c) without a value", id="condition-without-quotes"
        ),
    ],
)
def test_a_trap_is_found(text: str, trap: str) -> None:
    assert trap in list(traps(text))


def test_bare_words_are_left_to_the_schema() -> None:
    assert list(traps("a: no\nb: on\nc: 12:30\nd: 1.10\n")) == []


def test_no_file_speaks_of_one_machine() -> None:
    found = {path.relative_to(ROOT).as_posix(): hit.group() for path in repository_files() if (hit := mentions(path))}
    assert found == {}


@pytest.mark.parametrize("folder", ["work", "root", "home/ann", "shared"])
def test_a_path_of_one_machine_is_found(folder: str) -> None:
    slash = "" if folder == "shared" else "/"
    assert ONE_MACHINE.search(f"see {slash}{folder}/notes/rules.md")


@pytest.mark.parametrize(
    "text", ["https://example.org/work/it", "social/work/home", "shared decisions", "network/root/cause"]
)
def test_ordinary_prose_is_not_taken_for_a_path(text: str) -> None:
    assert not ONE_MACHINE.search(text)


def traps(text: str) -> Iterator[str]:
    """What in a YAML text would change meaning between readers."""
    for event in yaml.parse(text, yaml.CSafeLoader):
        yield from marks(event)
    documents = list(yaml.compose_all(text, yaml.CSafeLoader))
    if not documents:
        yield "nothing in it"
    if len(documents) > 1:
        yield "a second document"
    for document in documents:
        yield from bad_keys(document)


def marks(event: yaml.Event) -> Iterator[str]:
    """The anchor, alias or tag that an event carries."""
    line = line_of(event)
    if isinstance(event, yaml.AliasEvent):
        yield f"{line}: alias {event.anchor}"
    elif isinstance(event, yaml.NodeEvent) and event.anchor:
        yield f"{line}: anchor {event.anchor}"
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
        yield f"{line}: tag {event.tag}"


def bad_keys(node: yaml.Node) -> Iterator[str]:
    """Keys given twice, and keys that are a piece of an unquoted condition."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from bad_keys(item)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        line = line_of(key)
        if not isinstance(key, yaml.ScalarNode):
            yield f"{line}: key that is not text"
            continue
        if key.value in seen:
            yield f"{line}: key {key.value} for the second time"
        if isinstance(value, yaml.ScalarNode) and value.value == "" and not value.style and node.flow_style:
            yield f"{line}: key {key.value} without a value"
        seen.add(key.value)
        yield from bad_keys(value)


def line_of(found: yaml.Event | yaml.Node) -> str:
    """Where an event or a node begins, in words."""
    return f"line {found.start_mark.line + 1}" if found.start_mark else "some line"


def repository_files() -> list[Path]:
    """Every file that is or would be part of the repository; all files where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not ignored(path.relative_to(ROOT))]
    return [path for path in paths if path.is_file()]


def ignored(path: Path) -> bool:
    """Whether a path lies in an environment, a cache or a build."""
    kept = {".ci", ".editorconfig", ".gitignore"}
    return any(
        (part.startswith(".") and part not in kept) or part in {"__pycache__", "build", "dist"} for part in path.parts
    )


def mentions(path: Path) -> re.Match[str] | None:
    """The first path of one machine in a file, if any."""
    return ONE_MACHINE.search(path.read_text(encoding="utf-8", errors="ignore"))
