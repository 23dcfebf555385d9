"""Editions side by side, for people and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from isocourse.decisions.tables import Bound, Cell, Edition, Point, Row, Status, words
from isocourse.facts.days import iso, show
from isocourse.library import Library
from isocourse.logic.syntax import UNLIMITED
from isocourse.render.conditions import whom_words
from isocourse.render.rows import row_words
from isocourse.render.words import STATUS, position_words


class Standing(Struct, frozen=True):
    """How two positions stand to each other over all patients."""

    one: str
    other: str
    relation: str
    about: tuple[str, ...]
    """The findings or duties on which they are opposed."""


class Compared(Struct, frozen=True):
    """One decision point, and how each two positions on it stand to each other."""

    point: Point
    pairs: tuple[Standing, ...]


def compared_lines(
    library: Library, editions: Sequence[Edition], found: Sequence[Compared], width: int
) -> Iterator[str]:
    """The editions' cards, then point by point what each says and how they stand to each other."""
    for edition in editions:
        yield from _fold(f"{edition.key}: {words(edition.title)}", width, "", "    ")
        yield from _fold(_card(edition), width, "    ", "    ")
    for each in found:
        yield ""
        yield from _fold(
            f"{words(each.point.title).upper()} ({each.point.name}, binds on {each.point.binds_on}): {words(each.point.question)}",
            width,
            "",
            "  ",
        )
        for edition in editions:
            for text in cell_words(library, each.point, edition.cell(each.point.name)):
                yield from _fold(f"{words(edition.short)}: {text}", width, "  ", "      ")
        for pair in each.pairs:
            yield from _fold(f"{pair.one} and {pair.other}: {pair_words(each.point, pair)}", width, "    ", "      ")


def _card(edition: Edition) -> str:
    begins = _bound(edition.begins, "from")
    ends = _bound(edition.ends, "to")
    related = ", ".join(f"{how.replace('_', ' ')} {other}" for how, other in edition.relations)
    parts = [
        edition.authority,
        f"binds in {', '.join(edition.jurisdictions)}" if edition.jurisdictions else "binds nobody",
        f"for {', '.join(edition.formulations)} capsules" if edition.formulations else "",
        begins,
        ends,
        related,
    ]
    return "; ".join(part for part in parts if part)


def _bound(bound: Bound | None, word: str) -> str:
    if bound is None:
        return ""
    if bound.certainty == "unknown":
        return f"{word} a day that is not known"
    certain = {"read": "", "second_hand": " (second hand)", "planned": " (planned)"}[bound.certainty]
    return f"{word} {show(bound.day)}{certain}"


def cell_words(library: Library, point: Point, cell: Cell) -> Iterator[str]:
    """What a table says, row by row, with whom it says it to."""
    return _rows(point, cell, lambda rows, row: whom_words(library, point, rows, row), position_words)


def cell_code(point: Point, cell: Cell) -> Iterator[str]:
    """The same with each condition as code."""
    return _rows(point, cell, lambda _, row: "" if row.text in UNLIMITED else row.text, str)


def _rows(
    point: Point, cell: Cell, whom: Callable[[Sequence[Row], Row], str], called: Callable[[str], str]
) -> Iterator[str]:
    if cell.status is not Status.ANSWERED:
        yield f"{STATUS[cell.status]} (looked at: {cell.looked})"
        return
    for position in cell.positions:
        for row in position.acting.rows:
            of = f" — when {told}" if (told := whom(position.acting.rows, row)) else ""
            second = " [second hand]" if row.second_hand else ""
            yield f"({called(position.name)}) {row_words(point, row)}{second}{of}"


RELATIONS = {
    "opposed": "opposed: some patient cannot satisfy both",
    "stricter": "the first is the stricter",
    "different": "different, and both can be satisfied",
    "alike": "alike wherever both speak",
    "apart": "never speak of the same patient",
    "undecided": "undecided by the solver",
}
"""How two positions stand to each other, in words."""


def pair_words(point: Point, pair: Standing) -> str:
    """How two positions stand to each other, and about what."""
    about = f" ({', '.join(words(point.say_of(name)) for name in pair.about)})" if pair.about else ""
    return RELATIONS[pair.relation] + about


def _fold(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def compared_data(library: Library, editions: Sequence[Edition], found: Sequence[Compared]) -> dict[str, object]:
    """The same as plain data."""
    return {
        "editions": [
            {
                "edition": edition.key,
                "title": words(edition.title),
                "authority": edition.authority,
                "jurisdictions": list(edition.jurisdictions),
                "formulations": list(edition.formulations),
                "from": _day(edition.begins),
                "to": _day(edition.ends),
                "relations": [{"is": how, "edition": other} for how, other in edition.relations],
            }
            for edition in editions
        ],
        "points": [
            {
                "decision": each.point.name,
                "binds_on": each.point.binds_on,
                "says": {
                    edition.key: {
                        "status": edition.cell(each.point.name).status.value,
                        "rows": list(cell_code(each.point, edition.cell(each.point.name))),
                        "rows_in_words": list(cell_words(library, each.point, edition.cell(each.point.name))),
                    }
                    for edition in editions
                },
                "pairs": [
                    {
                        "one": pair.one,
                        "other": pair.other,
                        "relation": pair.relation,
                        "about": list(pair.about),
                    }
                    for pair in each.pairs
                ],
            }
            for each in found
        ],
    }


def _day(bound: Bound | None) -> dict[str, str] | None:
    if bound is None:
        return None
    return {"date": "" if bound.certainty == "unknown" else iso(bound.day), "certainty": bound.certainty}
