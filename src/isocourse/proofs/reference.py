"""The reference patient as values of slots: what witnesses are measured against."""

from __future__ import annotations

from msgspec import Struct


class Reference(Struct, frozen=True):
    """A named invented patient: the value of every slot, and for amounts the step in which a clinician would write them."""

    values: tuple[int, ...]
    grid: tuple[int, ...]
    last: frozenset[int] = frozenset()
    """Slots that may differ before others do: the values that change during a course, rather than those it began with."""
