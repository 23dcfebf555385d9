"""Timelines: tiny files of one invented patient, and what the facts must be folded to from them."""

from __future__ import annotations

from msgspec import Struct

from isocourse.facts.record import Record


class Timeline(Struct, frozen=True):
    """A case of facts: what is on file, as of which day, and what each fact then is."""

    where: str
    name: str
    as_of: int
    record: Record
    expect: tuple[tuple[str, str], ...]
    """For each fact, part of an event (`x.day`), fold as a condition has it, or `recorded(x)`: its possible values, written with ` | `."""


class Untimed(Struct, frozen=True):
    """A fact that is excused from having cases, and why."""

    where: str
    fact: str
    why: str
