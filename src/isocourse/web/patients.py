"""A record at hand: what was pasted, uploaded, filled in or chosen, how it is to be judged, and the answers while they hold."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from isocourse.course.plan import Plan
from isocourse.facts.record import Record
from isocourse.library import Asked, Assessment
from isocourse.web.entries import TodayView
from isocourse.web.matrix import MatrixView
from isocourse.web.refusals import to_say

K = TypeVar("K")
V = TypeVar("V")
UNNAMED = PASTED, UPLOADED, FILLED_IN, WITNESS = (
    to_say("pasted record"),
    to_say("uploaded record"),
    to_say("filled-in form"),
    to_say("witness of a contradiction"),
)
"""What a record is called that nobody named; told in the language of whoever looks at it."""
KEPT = 4
"""Assessments, and plans, of one patient that are kept: by day asked for, jurisdiction, product, language, wishes."""


@dataclass(slots=True)
class Worked:
    """What was worked out for one record, by what was asked; it holds as long as the record does."""

    records: dict[int, Record] = field(default_factory=dict)
    """The record as read by a day, of a course of the register."""
    judged: dict[Asked, Assessment] = field(default_factory=dict)
    today: dict[tuple[Asked, str], TodayView] = field(default_factory=dict)
    """Today in words, by language too."""
    matrices: dict[tuple[Asked, str, bool], MatrixView] = field(default_factory=dict)
    planned: dict[tuple[Asked, tuple[tuple[str, str], ...]], Plan] = field(default_factory=dict)
    drawn: dict[tuple[Asked, tuple[tuple[str, str], ...]], dict[str, object]] = field(default_factory=dict)
    """The drawings and tables of a plan: far longer in the making than the page around them."""

    @property
    def heavy(self) -> bool:
        """Whether it holds more than a few pages of words."""
        return bool(self.records or self.judged or self.matrices or self.planned or self.drawn)

    def lighten(self) -> None:
        """Keeps the words of Today only; the rest is worked out again where somebody asks."""
        for kept in (self.records, self.judged, self.matrices, self.planned, self.drawn):
            kept.clear()


@dataclass(slots=True)
class Patient:
    """One record at hand. Its handle is random, so that an address says nothing of anybody."""

    title: str
    """A sample by name, a patient by name, or one of `UNNAMED`."""
    record: Callable[[int], Record]
    """The record as read by a day."""
    asked: Asked
    by_today: bool = True
    """Whether it is judged by the day it is, also past midnight; no, once another day was asked for."""
    filled: Mapping[str, str] = field(default_factory=dict)
    """What stands in the form, if it was filled in."""
    text: str = ""
    """The record as written, for the person who wants to keep it."""
    version: int = 0
    """For a course of the register: its last entry that was read."""
    further: bool = False
    """Whether it is a further course without a last dose of its own; the last dose on file is then that of the course before."""
    handle: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    wishes: Mapping[str, str] | None = None
    """What is asked of the plan, as typed; None: what the record itself says of it."""
    worked: Worked = field(default_factory=Worked, repr=False)
    """What was worked out for it; a course of the register shares this between all who look at it."""

    def called(self, speech: Callable[[str], str]) -> str:
        """What it is called in a language."""
        return speech(self.title) if self.title in UNNAMED else self.title


def remember(kept: dict[K, V], key: K, value: V) -> None:
    """Keeps a value; the oldest goes where there are too many."""
    kept[key] = value
    while len(kept) > KEPT:
        kept.pop(next(iter(kept)), None)  # another request may have been quicker
