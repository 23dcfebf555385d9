"""What authors wrote down of disagreements: statements that clash, contradictions known by a number, myths, what a test measures."""

from msgspec import Struct

from isocourse.decisions.tables import Say


class Clashing(Struct, frozen=True):
    """Two statements that cannot both be right as they stand, and why they clash."""

    name: str
    topic: str
    one: str
    other: str
    """Claims."""
    why: str
    point: str = ""


class Known(Struct, frozen=True):
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


class Myth(Struct, frozen=True):
    """A belief that the review, or another source, sets out to dispel."""

    name: str
    say: Say
    points: tuple[str, ...]
    against: tuple[str, ...]
    lends: tuple[str, ...] = ()
    """Claims that lend it support."""
    other: tuple[str, ...] = ()


class Measured(Struct, frozen=True):
    """What a test or examination among the duties makes known: streams, or kinds of a list."""

    duty: str
    streams: tuple[str, ...]


class Disagreements(Struct, frozen=True):
    """All of it."""

    pairs: tuple[Clashing, ...] = ()
    known: tuple[Known, ...] = ()
    myths: tuple[Myth, ...] = ()
    measured: tuple[Measured, ...] = ()
    statements: tuple[str, ...] = ()
    """The numbered statements of the review, each of which some claim carries."""
