"""YAML as plain text with positions: every scalar stays text, and the traps of YAML are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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

QUOTES = ("'", '"')
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_text(text: str, path: str) -> Node:
    """The one document of a YAML text.

    Raises:
        ReadError: bad syntax, nesting without end, no document or several, a duplicate key, an anchor, an alias or a tag.
    """
    loader = _LOADER(text)
    try:
        return _Events(loader.get_event, path).document()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ReadError(path, line, column, said("form.yaml", problem=str(problem.problem or problem))) from None
    except yaml.YAMLError as problem:
        raise ReadError(path, 1, 1, said("form.yaml", problem=" ".join(str(problem).split()))) from None
    except RecursionError:
        raise ReadError(path, 1, 1, said("form.yaml", problem="exceeded maximum nesting depth")) from None
    finally:
        loader.dispose()


class _Events:
    """Nodes from the events of a parser: what makes numbers, dates and yes or no of plain scalars is never asked."""

    def __init__(self, following: Callable[[], yaml.Event], path: str) -> None:
        self.following, self.path = following, path

    def document(self) -> Node:
        """The one document."""
        self.following()  # the stream begins
        if isinstance(self.following(), yaml.StreamEndEvent):
            raise ReadError(self.path, 1, 1, "the file is empty")
        root = self.node(self.following())
        self.following()  # the document ends
        if not isinstance(after := self.following(), yaml.StreamEndEvent):
            raise ReadError(self.path, *_at(after), said("form.yaml", problem="but found another document"))
        return root

    def node(self, event: yaml.Event) -> Node:
        """The node that begins with an event."""
        line, column = _at(event)
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) or event.anchor is not None:
            raise ReadError(self.path, line, column, "anchors and aliases are not used here; write it out")
        if event.tag is not None and event.tag != "!":
            raise ReadError(self.path, line, column, "tags are not used here; every scalar is text")
        if isinstance(event, yaml.ScalarEvent):
            return Text(event.value, line, column, event.style in QUOTES)
        if isinstance(event, yaml.SequenceStartEvent):
            return Seq(list(self.items()), line, column)
        return self.map(Map({}, line, column))

    def items(self) -> Iterator[Node]:
        """The nodes of a list."""
        while not isinstance(event := self.following(), yaml.SequenceEndEvent):
            yield self.node(event)

    def map(self, made: Map) -> Map:
        """A mapping, filled."""
        while not isinstance(event := self.following(), yaml.MappingEndEvent):
            key = self.node(event)
            at = (key.line, key.column)
            if not isinstance(key, Text):
                raise ReadError(self.path, *at, "a key is one text")
            if key.text in made.entries:
                raise ReadError(self.path, *at, said("form.twice", key=key.text))
            made.entries[key.text] = self.node(self.following())
            made.positions[key.text] = at
        return made


def _at(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
