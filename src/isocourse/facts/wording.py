"""How a text is put into the reader's language: what every room may ask for, without knowing who answers."""

from __future__ import annotations

from typing import Protocol

Say = tuple[tuple[str, str], ...]
"""A text by language."""


class Wording(Protocol):
    """A language that pages are written in. A text that has no translation comes out in English, with a mark."""

    @property
    def language(self) -> str:
        """en, ru or uz."""

    @property
    def draft(self) -> bool:
        """Whether what it says has not been read by a second person."""

    def __call__(self, text: str | Say, /, **parts: str | int) -> str:
        """A text in this language, its placeholders filled. A whole number among the parts chooses the plural."""

    def translated(self, text: str | Say, /) -> bool:
        """Whether the text, as it stands in English today, has a translation."""

    def day(self, day: int) -> str:
        """A day as people read it."""

    def number(self, digits: str) -> str:
        """A number, given in plain digits, as people write it."""


def filled(text: str, parts: dict[str, str | int]) -> str:
    """A text with its placeholders filled.

    >>> filled("{n} days", {"n": 7})
    '7 days'
    """
    return text.format(**parts) if parts else text
