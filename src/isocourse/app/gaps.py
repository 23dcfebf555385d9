"""Gaps across points: a document asks about something that it never has measured."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from isocourse.decisions.tables import Edition, Row, Status
from isocourse.library import Library

MEASURING = ("work_up", "lab_schedule")
"""The points whose duties say what is measured."""


class Gap(Struct, frozen=True):
    """A row reads something that no duty of the same document ever measures."""

    edition: Edition
    point: str
    position: str
    row: Row
    asks: str
    """The stream, or the kind of a list, that the row reads."""
    duties: tuple[str, ...]
    """Any of these would measure it."""


def gaps(library: Library) -> Iterator[Gap]:
    """Every gap of every edition whose work-up and laboratory schedule were read; what was not read is no gap."""
    for edition in library.editions:
        cells = [edition.cell(point) for point in MEASURING]
        if any(cell.status is Status.NOT_READ for cell in cells):
            continue
        measured = {
            row.duty.what
            for cell in cells
            for position in cell.positions
            for row in position.acting.rows
            if row.duty and row.duty.verb != "avoid"
        }
        yield from _of(library, edition, measured)


def _of(library: Library, edition: Edition, measured: set[str]) -> Iterator[Gap]:
    told: set[tuple[str, str, str]] = set()
    for cell in edition.cells:
        for position in cell.positions:
            for row in position.acting.rows:
                for asks in _asked(library, row):
                    would = tuple(each.duty for each in library.disagreements.measured if asks in each.streams)
                    key = (cell.point, row.name, asks)
                    if would and not measured.intersection(would) and key not in told:
                        told.add(key)
                        yield Gap(edition, cell.point, position.name, row, asks, would)


def _asked(library: Library, row: Row) -> Iterator[str]:
    """The streams, and kinds of lists, that a row's condition reads."""
    facts = library.fact_by_name
    for place in library.program.slots_under((row.when,)):
        source = library.sources[place]
        fact = facts.get(source.fact)
        fold = source.fold or (fact.fold if fact else None)
        if fold is None:
            continue
        kinds = [value for each in fold.where if each.part == "kind" for value in each.values]
        yield from (f"{fold.stream}.{kind}" for kind in kinds) if kinds else (fold.stream,)
