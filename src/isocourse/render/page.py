"""A page: lines of a fixed width."""

from __future__ import annotations

import textwrap
from collections.abc import Callable


class Page:
    """Lines of a fixed width."""

    def __init__(self, width: int) -> None:
        self.width = max(40, width)
        self.lines: list[str] = []

    def put(self, text: str, indent: int = 0, hang: int = 2) -> None:
        """Text, wrapped, with later lines hanging."""
        for line in text.split("\n"):
            self.lines.extend(
                textwrap.wrap(
                    line,
                    self.width,
                    initial_indent=" " * indent,
                    subsequent_indent=" " * (indent + hang),
                    break_long_words=False,
                    break_on_hyphens=False,
                )
                or [""]
            )

    def put_some(self, texts: list[str], more: Callable[[int], str], full: bool, most: int = 25) -> None:
        """Each text on lines of its own; past `most` only how many more there are, in the words of `more`, unless everything is asked for."""
        shown = texts if full else texts[:most]
        for text in shown:
            self.put(text, 2)
        if len(texts) > len(shown):
            self.put(more(len(texts) - len(shown)), 2)

    def head(self, text: str) -> None:
        """A heading, set off by a blank line and a rule of its own length."""
        self.lines.extend(["", text, "-" * min(len(text), self.width)])

    def text(self) -> str:
        """The page."""
        return "\n".join(line.rstrip() for line in self.lines) + "\n"


class Lines(Page):
    """The same lines unfolded, each with its indent, for a face that folds by itself."""

    def __init__(self) -> None:
        super().__init__(80)
        self.told: list[tuple[int, str]] = []
        """Indent and text; a heading has the indent -1."""

    def put(self, text: str, indent: int = 0, hang: int = 2) -> None:
        """A text of one line."""
        if text:
            self.told.append((indent, text))

    def head(self, text: str) -> None:
        """A heading."""
        self.told.append((-1, text))
