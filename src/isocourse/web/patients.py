"""A record at hand: what was pasted, uploaded, filled in or chosen, how it is to be judged, and the answers while they hold."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from isocourse.facts.record import Record
from isocourse.library import Asked, Assessment

KEPT = 4
"""Assessments of one patient that are kept: by day asked for, jurisdiction, product and language."""


@dataclass(slots=True)
class Patient:
    """One record at hand. Its handle is random, so that an address says nothing of anybody."""

    title: str
    """What it is: a sample by name, pasted, uploaded, filled in."""
    record: Callable[[int], Record]
    """The record as read by a day."""
    asked: Asked
    filled: Mapping[str, str] = field(default_factory=dict)
    """What stands in the form, if it was filled in."""
    wishes: Mapping[str, str] = field(default_factory=dict)
    """What is asked of the plan, as typed."""
    text: str = ""
    """The record as written, for the person who wants to keep it."""
    handle: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    judged: dict[tuple[Asked, str], Assessment] = field(default_factory=dict, repr=False)

    def keep(self, key: tuple[Asked, str], seen: Assessment) -> None:
        """Keeps an assessment; the oldest goes where there are too many."""
        self.judged[key] = seen
        while len(self.judged) > KEPT:
            del self.judged[next(iter(self.judged))]
