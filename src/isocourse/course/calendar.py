"""The calendar of a course: every duty of every protocol in force, with its window and how the source counts the days."""

from __future__ import annotations

from dataclasses import dataclass

from isocourse.decisions.tables import Edition, Point, Row
from isocourse.logic.truth import Truth


@dataclass(frozen=True, slots=True)
class Happening:
    """Something planned on a day, which duties hang on and which `slip` can move."""

    handle: str
    """`start`, `supply-2`, `visit-3`, `test-2`, `last-dose`, `birthday-18`, `weighed-2`."""
    kind: str
    """start, supply, visit, test, last_dose, birthday, step, weight."""
    day: int | None
    """None: not known yet."""
    words: str
    assumed: str = ""
    """Why the day is ours, where nobody gave it."""
    done: bool = False
    """Whether the file shows that it happened."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty of one protocol at one occurrence of what it hangs on."""

    uid: str
    """Stable: it stays the same when the day moves."""
    edition: Edition
    point: Point
    position: str
    row: Row
    handle: str
    """The happening it hangs on; empty for a stretch between two."""
    number: int
    """Which occurrence, from 1."""
    applies: Truth
    """Whether the duty applies then, with what will be unknown on that day left open."""
    as_stands: Truth
    """Whether it applies if what holds today still holds then."""
    first: int | None
    last: int | None
    """The window, both ends included; None where it depends on a day that is not known."""
    depends_on: tuple[str, ...]
    counted: str
    """How the source counts, in its own units."""
    shown: Truth
    """Whether the file shows the duty met; unknown for what lies ahead."""
    governs: bool
    marks: tuple[str, ...] = ()
