"""YAML as plain text with positions: every scalar stays text, and the traps of YAML are refused."""

from __future__ import annotations

import yaml
from msgspec import Struct, field

from isocourse.facts.frames import said
from isocourse.facts.problem import ReadError


class Text(Struct):
    """One scalar, as written."""

    text: str
    line: int
    column: int
    quoted: bool = False


class Seq(Struct):
    """A list."""

    items: list[Node]
    line: int
    column: int


class Map(Struct):
    """A mapping, in the order written."""

    entries: dict[str, Node]
    line: int
    column: int
    positions: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Line and column of each key."""


Node = Map | Seq | Text

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_text(text: str, path: str) -> Node:
    """The one document of a YAML text.

    Raises:
        ReadError: bad syntax, no document or several, a duplicate key, an anchor, an alias or a tag.
    """
    loader = _LOADER(text)
    try:
        _refuse_anchors(text, path)
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ReadError(path, line, column, said("form.yaml", problem=str(problem.problem or problem))) from None
    except yaml.YAMLError as problem:
        raise ReadError(path, 1, 1, said("form.yaml", problem=" ".join(str(problem).split()))) from None
    finally:
        loader.dispose()
    if root is None:
        raise ReadError(path, 1, 1, "the file is empty")
    return _node(root, path)


def _refuse_anchors(text: str, path: str) -> None:
    if "&" not in text and "*" not in text and "!" not in text:
        return
    for event in yaml.parse(text, Loader=_LOADER):
        mark = event.start_mark
        assert mark is not None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ReadError(path, mark.line + 1, mark.column + 1, "anchors and aliases are not used here; write it out")
        if getattr(event, "tag", None) not in (None, "!"):
            raise ReadError(path, mark.line + 1, mark.column + 1, "tags are not used here; every scalar is text")


def _node(node: yaml.Node, path: str) -> Node:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.ScalarNode):
        return Text(node.value, line, column, node.style in ("'", '"'))
    if isinstance(node, yaml.SequenceNode):
        return Seq([_node(each, path) for each in node.value], line, column)
    made = Map({}, line, column)
    for key, value in node.value:
        at = (key.start_mark.line + 1, key.start_mark.column + 1)
        if not isinstance(key, yaml.ScalarNode):
            raise ReadError(path, *at, "a key is one text")
        if key.value in made.entries:
            raise ReadError(path, *at, said("form.twice", key=key.value))
        made.entries[key.value] = _node(value, path)
        made.positions[key.value] = at
    return made
