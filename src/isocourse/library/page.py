"""The page for the patient: its sentences with their claims, and for each red line what she can notice, hear and do."""

from msgspec import Struct

from isocourse.decisions.tables import Say

AUDIENCES = ("all", "able", "not_able")
"""Whom a sentence is for: everybody; who can become pregnant, or is not shown to be unable to; and who certainly cannot."""


class PageText(Struct, frozen=True):
    """One text of the page, by its name."""

    name: str
    say: Say


class PageLine(Struct, frozen=True):
    """One sentence of the page, whom it is for, and the claims behind it."""

    text: PageText
    claims: tuple[str, ...]
    audience: str = "all"


class RedWords(Struct, frozen=True):
    """A red line in plain words: the sign to look out for, what was found, and what to do besides stopping and calling."""

    red: str
    sign: PageText | None
    """None where nothing of it can be noticed without a test."""
    found: PageText
    do: PageText
    claims: tuple[str, ...]


class PageSection(Struct, frozen=True):
    """A heading and its sentences."""

    name: str
    head: PageText
    lines: tuple[PageLine, ...]


class PatientPage(Struct, frozen=True):
    """Everything that a page for a patient is made of."""

    words: tuple[PageText, ...] = ()
    """The frame: words without a statement of their own."""
    red: tuple[RedWords, ...] = ()
    sections: tuple[PageSection, ...] = ()

    def texts(self) -> tuple[PageText, ...]:
        """Every text of the page, each under its name."""
        found = list(self.words)
        for each in self.red:
            found.extend(text for text in (each.sign, each.found, each.do) if text is not None)
        for section in self.sections:
            found.append(section.head)
            found.extend(line.text for line in section.lines)
        return tuple(found)

    def word(self, name: str) -> Say:
        """A text of the frame by name."""
        return next(text.say for text in self.words if text.name == name)

    def line(self, name: str) -> PageLine:
        """A sentence by "section.line"."""
        return next(line for section in self.sections for line in section.lines if line.text.name == name)

    def section(self, name: str) -> PageSection:
        """A section by name."""
        return next(section for section in self.sections if section.name == name)
