"""What an author hears when a condition cannot be read."""

from __future__ import annotations

from collections.abc import Iterable


class LanguageError(Exception):
    """A condition that cannot be read: what is wrong, and at which column of its text (from 1)."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """The tail of a message that names the nearest known word, or nothing.

    >>> did_you_mean("triglyceride", ["triglycerides", "weight"])
    '; did you mean "triglycerides"?'
    """
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""
