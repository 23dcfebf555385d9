"""What authors wrote down of disagreements: statements that clash, contradictions known by a number, myths, what a test measures."""

from __future__ import annotations

from dataclasses import dataclass

from isocourse.decisions.tables import Say


@dataclass(frozen=True, slots=True)
class Clashing:
    """Two statements that cannot both be right as they stand, and why they clash."""

    name: str
    topic: str
    one: str
    other: str
    """Claims."""
    why: str
    point: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A contradiction that a reader of the documents numbered, to be found again among those the program finds."""

    name: str
    say: str
    kind: str
    """opposed, different, across, statement or damaged."""
    points: tuple[str, ...]
    between: tuple[tuple[str, str], ...]
    """Protocols or editions of which one side is held by the first and one by the second."""
    hinges_on: str = ""
    asks: str = ""
    never_has: str = ""
    """For a gap across points: what is asked about, and what is never measured."""
    pair: str = ""
    claims: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Myth:
    """A belief that the review, or another source, sets out to dispel."""

    name: str
    say: Say
    points: tuple[str, ...]
    against: tuple[str, ...]
    lends: tuple[str, ...] = ()
    """Claims that lend it support."""
    other: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What a test or examination among the duties makes known: streams, or kinds of a list."""

    duty: str
    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """All of it."""

    pairs: tuple[Clashing, ...] = ()
    known: tuple[Known, ...] = ()
    myths: tuple[Myth, ...] = ()
    measured: tuple[Measured, ...] = ()
    statements: tuple[str, ...] = ()
    """The numbered statements of the review, each of which some claim carries."""
