"""Timing and tables for the benchmark scripts; run by itself it prints nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter_ns

REPOSITORY = Path(__file__).parents[1]
SAMPLE = REPOSITORY / "src" / "isocourse" / "knowledge" / "patients" / "alt-trebled.yaml"
AS_OF = 739_944
"""24 November 2026."""

if str(REPOSITORY) not in sys.path:
    sys.path.insert(0, str(REPOSITORY))  # the makers of random patients stand in tests/agree


def nanoseconds(work: Callable[[], object], *, repeats: int, loops: int) -> list[float]:
    """How long one call takes, once for each repeat."""
    found = []
    for _ in range(repeats):
        start = perf_counter_ns()
        for _ in range(loops):
            work()
        found.append((perf_counter_ns() - start) / loops)
    return found


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def at(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(title: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Prints aligned rows under a title; the first row is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(title)
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  " + "  ".join(cells).rstrip())
    print()
