"""How a text is put into the reader's language: what every page asks for, and English, which needs nothing."""

from __future__ import annotations

from typing import Protocol

from isocourse.decisions.tables import Say, words
from isocourse.facts.days import show


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


class English:
    """English: every text as it stands."""

    language = "en"
    draft = False

    def __call__(self, text: str | Say, /, **parts: str | int) -> str:
        """The text as it stands, its placeholders filled."""
        return str(filled(english(text), parts))

    def translated(self, text: str | Say, /) -> bool:
        """Always: it needs no translation."""
        return True

    def day(self, day: int) -> str:
        """A day as people read it: 2 Feb 2026."""
        return show(day)

    def number(self, digits: str) -> str:
        """A number as it stands."""
        return digits


ENGLISH = English()


def english(text: str | Say) -> str:
    """The English of a text."""
    return text if isinstance(text, str) else words(text)


def filled(text: str, parts: dict[str, str | int]) -> str:
    """A text with its placeholders filled.

    >>> filled("{n} days", {"n": 7})
    '7 days'
    """
    return text.format(**parts) if parts else text
