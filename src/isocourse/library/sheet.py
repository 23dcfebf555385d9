"""What the sheet for the patient is made of: its frame, and what to avoid, each sentence with its claims."""

from __future__ import annotations

from msgspec import Struct

from isocourse.decisions.tables import Say

MEANT_FOR = ("all", "able")
"""Everybody; or who can become pregnant, and who is not shown to be unable to."""


class SheetLine(Struct, frozen=True):
    """One sentence, whom it is for, and the claims behind it."""

    name: str
    say: Say
    claims: tuple[str, ...]
    audience: str = "all"


class PatientSheet(Struct, frozen=True):
    """The sentences of the sheet."""

    words: tuple[tuple[str, Say], ...] = ()
    """The frame: words without a statement of their own, by name."""
    avoid: tuple[SheetLine, ...] = ()

    def texts(self) -> tuple[tuple[str, Say], ...]:
        """Every text of the sheet, each under its name."""
        avoid = tuple((f"avoid.{line.name}", line.say) for line in self.avoid)
        return (*self.words, *avoid)

    def word(self, name: str) -> Say:
        """A text of the frame by name."""
        return dict(self.words)[name]
