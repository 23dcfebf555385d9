"""A table of text in columns, each cell wrapped to its own width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import zip_longest

GAP = 2
BOUND = re.compile(r"(?<=\d) (?=[A-Z][a-z]{2} \d{4})|(?<=[A-Z][a-z]{2}) (?=\d{4})|(?<=\d) (?=(?:mg|kg|days?|packs?)\b)")
"""Spaces at which a cell is not folded: inside a date, and between a number and its unit."""
FIXED = "\N{NO-BREAK SPACE}"


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """The lines of a table no wider than `width`, its heads over a rule.

    >>> grid(["day", "what"], [["1 Dec", "two capsules"]], 15)
    ['day    what', '-----  --------', '1 Dec  two', '       capsules']
    """
    held = [[BOUND.sub(FIXED, cell) for cell in row] for row in rows]
    widths = _widths([heads, *held], width)
    lines = [*_row(heads, widths), "  ".join("-" * size for size in widths)]
    for row in held:
        lines += _row(row, widths)
    return [line.replace(FIXED, " ") for line in lines]


def _row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    folded = [
        textwrap.wrap(cell, size, break_on_hyphens=False) or [""] for cell, size in zip(cells, widths, strict=True)
    ]
    return [
        "  ".join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()
        for parts in zip_longest(*folded, fillvalue="")
    ]


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """As wide as the widest cell needs; what does not fit is taken from the widest columns, never below the longest word."""
    most = [max(map(len, column)) for column in zip(*rows, strict=True)]
    least = [
        max((len(word) for cell in column for word in cell.split(" ")), default=1) for column in zip(*rows, strict=True)
    ]
    room = width - GAP * (len(most) - 1)
    while sum(most) > room and any(size > low for size, low in zip(most, least, strict=True)):
        place = max((size, place) for place, size in enumerate(most) if size > least[place])[1]
        most[place] -= 1
    return most
