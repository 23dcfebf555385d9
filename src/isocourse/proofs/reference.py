"""The reference patient as values of slots: what witnesses are measured against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A named invented patient: the value of every slot, and for amounts the step in which a clinician would write them."""

    values: tuple[int, ...]
    grid: tuple[int, ...]
    last: frozenset[int] = frozenset()
    """Slots that may differ before others do: the values that change during a course, rather than those it began with."""
