"""The register as the pages use it: every call is stamped with who asks, and what goes wrong is told in one line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from msgspec.structs import replace

from isocourse.app.plan import judged, plan
from isocourse.app.register import (
    Known,
    Line,
    admission_of,
    admit,
    history,
    know,
    open_course,
    parsed,
    undo,
    visit_of,
)
from isocourse.app.register_gate import AtGate, at_gate, said_of
from isocourse.app.register_visit import enter_visit
from isocourse.app.register_worklist import Work, found, seen_last, wish, work
from isocourse.course.alerts import WITHIN, alerts
from isocourse.course.wanted import Wanted
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.problem import Problem
from isocourse.library import Asked, Library
from isocourse.register.events import Body, Stamp
from isocourse.register.listing import Line as Listed
from isocourse.register.register import Register
from isocourse.render.alerts_text import alerts_page
from isocourse.render.dispensing_text import Said
from isocourse.web.judging import Judging
from isocourse.web.opened import Opened

MOST = 200
"""Courses on one page of a list."""
VISIT = ("events", "lists", "orders", "doses", "coverage")


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a visit that was written."""

    told: str
    """What wants attention since, as a page of the terminal."""
    entries: tuple[int, ...]
    """The numbers of its entries in the register."""
    problems: tuple[str, ...]
    """Values that were kept as written and cannot be believed."""
    withheld: bool = False
    """Whether a red line holds, so that nothing of a plan was worked out."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A register with the knowledge by which its courses are judged."""

    register: Register
    library: Library
    judging: Judging
    opened: Opened = field(default_factory=Opened)
    """What was worked out for the courses that were looked at last."""

    def work(self, why: tuple[str, ...], day: int, w: Wording = ENGLISH) -> Work:
        """What is to be done, as far as it was judged; a few courses are judged anew first, many in the background."""
        self.judging.bring_up(day)
        return work(self.register, self.library, wish({"why": why}), day, MOST, w=w)

    def find(self, given: Mapping[str, object], day: int, w: Wording = ENGLISH) -> list[Listed]:
        """Courses by name, number, place, product or state."""
        return found(self.register, self.library, wish(given), day, MOST, w=w)

    def seen_last(self, day: int, most: int) -> list[str]:
        """Courses that are not over, those with the newest entries first."""
        return seen_last(self.register, self.library, day, most)

    def know(self, course: str, day: int) -> Known:
        """One course."""
        return know(self.register, self.library, course, day)

    def last_seq(self, course: str) -> int:
        """The number of the last entry of the patient whose course this is.

        Raises:
            AbsentError: there is no such course.
        """
        return self.register.last_seq(course)

    def has_today(self, course: str, day: int, language: str) -> bool:
        """Whether Today of a course is there in words."""
        found = self.opened.find(course, self.last_seq(course))
        return found is not None and (Asked(day), language) in found.worked.today

    def history(self, known: Known) -> list[Line]:
        """What was written of it."""
        return history(known, self.library.catalogue)

    def add(self, stamp: Stamp, text: str, person: Mapping[str, str], day: int) -> str:
        """Keeps a record as a new patient with a first course; the course."""
        admission, _ = admission_of(parsed(text, "record"), "record", self.library, day, **person)
        return admit(self.register, stamp, [admission])[0].course

    def visit(
        self, stamp: Stamp, course: str, record: Mapping[str, object], expected: int, day: int, w: Wording = ENGLISH
    ) -> Saved:
        """Writes a visit; what wants attention since, as the terminal tells it.

        Raises:
            ConflictError: somebody else has written to the course meanwhile.
            ReadError: an entry has not the shape it should have.
            RegisterError: nothing was filled in, or it cannot be written.
        """
        entries, told = self._read(record, day)
        asked = Asked(day)
        before = judged(self.library, self.know(course, day).record, asked, Wanted())
        stored = enter_visit(self.register, stamp, course, entries, _settings(record), expected, _note(record))
        made = plan(self.library, self.know(course, day).record, asked, Wanted())
        in_language = replace(made, assessment=replace(made.assessment, words=w))
        page = alerts_page(alerts(before, made.assessment, made, WITHIN), in_language, 100_000)
        return Saved(
            page, tuple(each.seq for each in stored), tuple(each.line(w) for each in told), bool(made.withheld)
        )

    def dispensing(self, known: Known, day: int, w: Wording = ENGLISH) -> Said:
        """What the rules say of handing out capsules on a day, in words."""
        return said_of(self.library, known, day, w=w)

    def at_gate(
        self, known: Known, record: Mapping[str, object], today: int, reasons: Mapping[str, str], w: Wording = ENGLISH
    ) -> AtGate:
        """Whether what is to be written may be, as far as it says that capsules were handed out.

        Raises:
            ReadError: an entry of it has not the shape it should have.
            RegisterError: a setting is none, or its date is no day.
        """
        self._read(record, today)
        return at_gate(self.library, known, record, today, reasons, w)

    def unbelieved(self, record: Mapping[str, object], day: int) -> tuple[Problem, ...]:
        """What of a visit cannot be believed; nothing is written."""
        return self._read(record, day)[1]

    def _read(self, record: Mapping[str, object], day: int) -> tuple[Body, tuple[Problem, ...]]:
        body = {part: record[part] for part in VISIT if record.get(part)}
        return visit_of(parsed(json.dumps(body), "visit"), "visit", self.library, day) if body else ({}, ())

    def change(self, stamp: Stamp, course: str, record: Mapping[str, object], expected: int) -> None:
        """Sets dates, place or product of a course."""
        enter_visit(self.register, stamp, course, {}, _settings(record), expected, _note(record))

    def keep_plan(self, stamp: Stamp, course: str, wishes: Mapping[str, str], expected: int) -> None:
        """Writes what is asked of the plan to the course; a wish of before that is not among them is taken back."""
        enter_visit(self.register, stamp, course, {"plan": dict(wishes)}, {}, expected)

    def further(self, stamp: Stamp, course: str, settings: Mapping[str, str]) -> str:
        """Opens a further course of the same patient; the course."""
        return open_course(self.register, stamp, self.register.patient_of(course), settings).course

    def undo(self, stamp: Stamp, course: str, seq: int, why: str) -> None:
        """Undoes one entry by a correcting entry; both stay."""
        undo(self.register, stamp, self.register.patient_of(course), seq, why)


def _settings(record: Mapping[str, object]) -> Mapping[str, str]:
    return cast("Mapping[str, str]", record.get("course", {}))


def _note(record: Mapping[str, object]) -> str:
    return cast("str", record.get("note", ""))
