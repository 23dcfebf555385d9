"""A Problem: something in a patient's data that could not be used as it stands. It is never an exception."""

from __future__ import annotations

from msgspec import Struct


class Problem(Struct, frozen=True):
    """Where, what was found, what was expected, what to do, what happens now."""

    where: str
    found: str
    expected: str
    do: str
    now: str
    left_out: bool = True
    """Whether a value was left out because of it (exit code 3)."""

    def line(self) -> str:
        """The problem on one line.

        >>> Problem("Observation/tg-3", "triglycerides 620 mmol/L", "0.1-130 mmol/L", "check the unit",
        ...         "The value was left out.").line()
        'Observation/tg-3: triglycerides 620 mmol/L; expected 0.1-130 mmol/L; check the unit. The value was left out.'
        """
        expected = f"; expected {self.expected}" if self.expected else ""
        do = f"; {self.do}" if self.do else ""
        return " ".join(f"{self.where}: {self.found}{expected}{do}. {self.now}".split())


class ReadError(Exception):
    """A file that is refused as what it claims to be: where, and what is wrong, on one line."""

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        self.path, self.line, self.column, self.message = path, line, column, message
        where = f"{path}:{line}:{column}" if line else path
        super().__init__(f"{where}: {message}")
