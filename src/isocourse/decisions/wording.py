"""English, the language that needs nothing; and what every page asks of a language."""

from __future__ import annotations

from isocourse.decisions.tables import Say, words
from isocourse.facts.days import show
from isocourse.facts.wording import Wording, filled


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


__all__ = ["ENGLISH", "English", "Wording", "english", "filled"]
