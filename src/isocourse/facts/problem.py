"""A Problem: something in a patient's data that could not be used as it stands. It is never an exception."""

from __future__ import annotations

from msgspec import Struct

from isocourse.facts.frames import said
from isocourse.facts.sentence import where_known
from isocourse.facts.wording import Wording


class Problem(Struct, frozen=True):
    """Where, what was found, what was expected, what to do, what happens now."""

    where: str
    found: str
    expected: str
    do: str
    now: str
    left_out: bool = True
    """Whether a value was left out because of it (exit code 3)."""

    def line(self, w: Wording | None = None) -> str:
        """The problem on one line; in English where no language is asked for.

        >>> Problem("Observation/tg-3", "triglycerides 620 mmol/L", "0.1-130 mmol/L", "check the unit",
        ...         "The value was left out.").line()
        'Observation/tg-3: triglycerides 620 mmol/L; expected 0.1-130 mmol/L; check the unit. The value was left out.'
        """
        told = _told(self.found, w)
        if self.expected:
            told = _told(said("line.expected", said=told, expected=_told(self.expected, w)), w)
        if self.do:
            told = _told(said("line.do", said=told, do=_told(self.do, w)), w)
        return " ".join(f"{_place(self.where, w)}: {told}. {_told(self.now, w)}".split())


def _told(text: str, w: Wording | None) -> str:
    return where_known(text, w) if w else text


def _place(where: str, w: Wording | None) -> str:
    """Where it stands: a place in a file keeps the words of the file, in brackets where the page is in another language."""
    if w is None or w.language == "en":
        return where
    return w(where) if w.translated(where) else f"[{where}]"


class ReadError(Exception):
    """A file that is refused as what it claims to be: where, and what is wrong, on one line."""

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        self.path, self.line, self.column, self.message = path, line, column, message
        where = f"{path}:{line}:{column}" if line else path
        super().__init__(f"{where}: {message}")

    def told(self, w: Wording) -> str:
        """What is wrong, in a language."""
        return where_known(self.message, w)
