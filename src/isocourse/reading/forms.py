"""Forms: a YAML mapping read key by key, with every mistake named by file, line and column."""

from __future__ import annotations

from collections.abc import Iterable

from isocourse.facts.frames import codes, near, said
from isocourse.facts.problem import ReadError
from isocourse.facts.sentence import Sentence, of_words
from isocourse.reading.yaml_text import Map, Node, Seq, Text


class Form:
    """One mapping of a knowledge file; keys it does not know are refused when it is opened."""

    def __init__(
        self, node: Node, path: str, what: str, *, required: Iterable[str] = (), optional: Iterable[str] = ()
    ) -> None:
        self.path = path
        self.what = whole = what if isinstance(what, Sentence) else of_words(what)
        if not isinstance(node, Map):
            raise self.fail(node, said("form.mapping", what=whole))
        self.node = node
        known = [*required, *optional]
        for key, (line, column) in node.positions.items():
            if key not in known:
                raise ReadError(
                    path,
                    line,
                    column,
                    said(
                        "form.known",
                        said=near(said("form.unknown", what=whole, key=key), key, known),
                        known=codes(known, ", "),
                    ),
                )
        for key in required:
            if key not in node.entries:
                raise self.fail(node, said("form.needs", what=whole, key=key))

    def fail(self, node: Node, message: str, shift: int = 0) -> ReadError:
        """A mistake at a node."""
        return ReadError(self.path, node.line, node.column + shift, message)

    def has(self, key: str) -> bool:
        """Whether the key stands there."""
        return key in self.node.entries

    def get(self, key: str) -> Node:
        """The node under a key that is known to be there."""
        return self.node.entries[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A scalar, as text."""
        if key not in self.node.entries:
            if default is None:
                raise self.fail(self.node, said("form.needs", what=self.what, key=key))
            return default
        node = self.node.entries[key]
        if not isinstance(node, Text):
            raise self.fail(node, said("form.one_text", key=key))
        return node.text

    def one_of(self, key: str, options: Iterable[str], default: str | None = None) -> str:
        """A scalar that is one of a few words."""
        found, known = self.text(key, default), list(options)
        if found not in known:
            raise self.fail(
                self.node.entries[key],
                near(said("form.one_of", key=key, known=codes(known, ", "), found=found), found, known),
            )
        return found

    def flag(self, key: str, default: bool = False) -> bool:
        """`yes` or `no`."""
        return self.one_of(key, ("yes", "no"), "yes" if default else "no") == "yes"

    def list_of(self, key: str) -> list[Node]:
        """The nodes of a list, or nothing."""
        if key not in self.node.entries:
            return []
        node = self.node.entries[key]
        if not isinstance(node, Seq):
            raise self.fail(node, said("form.list", key=key))
        return list(node.items)

    def items_of(self, node: Node) -> list[Node]:
        """The nodes of a list."""
        if not isinstance(node, Seq):
            raise self.fail(node, "expected a list")
        return list(node.items)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of scalars, or nothing."""
        return tuple(self.as_text(node) for node in self.list_of(key))

    def as_text(self, node: Node) -> str:
        """A node that must be one text."""
        if not isinstance(node, Text):
            raise self.fail(node, "expected one text")
        return node.text

    def condition(self, node: Node) -> str:
        """A condition: in quotes if it is more than a word, since YAML would drop what follows a `#`, and stop at a `: `."""
        text = self.as_text(node)
        if isinstance(node, Text) and not node.quoted and not text.isidentifier():
            raise self.fail(node, f"a condition stands in single quotes; found {text}, write '{text}'")
        return text

    def pairs(self, key: str) -> list[tuple[str, Node]]:
        """The entries of a mapping under a key, or nothing."""
        if key not in self.node.entries:
            return []
        node = self.node.entries[key]
        if not isinstance(node, Map):
            raise self.fail(node, said("form.is_mapping", key=key))
        return list(node.entries.items())

    def say(self, key: str) -> tuple[tuple[str, str], ...]:
        """A text in English; its translations stand in files of their own, each with a hash of the English it was made from."""
        spoken = tuple((language, self.as_text(node)) for language, node in self.pairs(key))
        for language, _ in spoken:
            if language != "en":
                message = (
                    f'only English stands here; the "{language}" of it belongs into words/{language}, under its key'
                )
                raise self.fail(self.node.entries[key], message)
        return spoken
