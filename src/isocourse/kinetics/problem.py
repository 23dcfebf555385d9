"""A question about kinetics that cannot be computed as put: where, what was found, what was expected, what to do."""

from __future__ import annotations


class KineticsError(ValueError):
    """A model, a patient or a regimen that contradicts itself; the message is one line."""

    def __init__(self, where: str, found: str, expected: str, do: str) -> None:
        self.where, self.found, self.expected, self.do = where, found, expected, do
        super().__init__(f"{where}: {found}; expected {expected}; {do}.")
