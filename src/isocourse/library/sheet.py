"""What the sheet for the patient is made of: its frame, and the sentences that it takes from the page for the patient."""

from __future__ import annotations

from msgspec import Struct

from isocourse.decisions.tables import Say


class PatientSheet(Struct, frozen=True):
    """The sentences of the sheet."""

    words: tuple[tuple[str, Say], ...] = ()
    """The frame: words without a statement of their own, by name."""
    avoid: tuple[str, ...] = ()
    """What to avoid: the names of sentences of the page for the patient, each "section.line"."""

    def texts(self) -> tuple[tuple[str, Say], ...]:
        """Every text of the sheet's own, each under its name."""
        return self.words

    def word(self, name: str) -> Say:
        """A text of the frame by name."""
        return dict(self.words)[name]
