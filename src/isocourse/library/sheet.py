"""What the sheet for the patient is made of: its frame, what to avoid, and what to call for at once, each sentence with its claims."""

from __future__ import annotations

from dataclasses import dataclass

from isocourse.decisions.tables import Say

MEANT_FOR = ("all", "able")
"""Everybody; or who can become pregnant, and who is not shown to be unable to."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sentence, whom it is for, and the claims behind it."""

    name: str
    say: Say
    claims: tuple[str, ...]
    audience: str = "all"


@dataclass(frozen=True, slots=True)
class PatientSheet:
    """The sentences of the sheet."""

    words: tuple[tuple[str, Say], ...] = ()
    """The frame: words without a statement of their own, by name."""
    avoid: tuple[SheetLine, ...] = ()
    red: tuple[SheetLine, ...] = ()
    """For each red line, what a patient may notice or be told."""

    def word(self, name: str) -> Say:
        """A text of the frame by name."""
        return dict(self.words)[name]

    def sign(self, red: str) -> SheetLine | None:
        """The sentence of a red line; None for a rule of the governing protocol that is no red line of ours."""
        return next((line for line in self.red if line.name == red), None)
