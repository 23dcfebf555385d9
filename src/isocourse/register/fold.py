"""Folds the events of one patient into what a list or a search shows; the same events always give the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from sys import intern
from typing import cast

import msgspec

from isocourse.register import events as kinds
from isocourse.register.events import Opened, Written

Entry = Mapping[str, str]
Row = tuple[object, ...]

SETTINGS = ("jurisdiction", "product")
DATES = ("first_dose", "last_dose", "dispensed_on")


UNREAD = (kinds.DOCUMENT_RECEIVED, kinds.PATIENT_IDENTIFIED)
"""Kinds of event of which the rows need that they happened, not what they say."""


Held = tuple[str, str, int]
"""Day, value and event of the newest entry of a name."""


# what of a body is read: parts in the order of their names, in which they are written -----------------------------------------
class _Result(msgspec.Struct, gc=False, kw_only=True):
    day: str = ""
    known: str = ""
    stream: str
    value: str


class _Item(msgspec.Struct, gc=False, kw_only=True, rename={"is_": "is", "from_": "from"}):
    day: str = ""
    from_: str = ""
    is_: str
    item: str
    known: str = ""
    list: str


class _Order(msgspec.Struct, gc=False, kw_only=True):
    daily_dose: str = ""
    day: str = ""
    dose: str = ""
    state: str
    times_a_day: str = ""


class _Dose(msgspec.Struct, gc=False, rename={"from_": "from"}):
    basis: str = "dispensed"
    capsules: str = ""
    daily_dose: str = ""
    dispensed: str = ""
    from_: str = ""
    strength: str = ""
    until: str = ""


class _Visit(msgspec.Struct, gc=False):
    coverage: tuple[msgspec.Raw, ...] = ()
    doses: tuple[_Dose, ...] = ()
    events: tuple[_Result, ...] = ()
    lists: tuple[_Item, ...] = ()
    orders: tuple[_Order, ...] = ()


class _Set(msgspec.Struct):
    set: dict[str, str | None] = {}


class _Person(msgspec.Struct):
    identity: str = ""
    patient: dict[str, str | None] = {}


class _Undoing(msgspec.Struct):
    of: int = 0


_visit_of = msgspec.json.Decoder(_Visit).decode
_set_of = msgspec.json.Decoder(_Set).decode
_person_of = msgspec.json.Decoder(_Person).decode
_undoing_of = msgspec.json.Decoder(_Undoing).decode


class _Course(msgspec.Struct, gc=False):
    """One course while it is folded."""

    patient: str
    course: str
    version: int
    last_seq: int
    said: dict[str, str | None] = {}
    last_day: str = ""
    entries: int = 0
    results: dict[str, Held] = {}
    """By stream."""
    named: dict[tuple[str, str], Held] = {}
    """By list, orders or doses, and item."""


class Folded(msgspec.Struct, frozen=True, gc=False):
    """One patient: the rows in each projection, in the order of the tables' columns, and what is on record of the identity."""

    name: str
    patient: Row | None
    courses: tuple[Row, ...]
    latest: tuple[Row, ...]
    digest: str = ""
    """Of the identity, as the newest event that speaks of it has it."""
    events: int = 0

    @property
    def erased(self) -> bool:
        """Whether an erasure is on record; nothing is shown of the patient then."""
        return self.patient is None


def void(events: Sequence[Opened]) -> frozenset[int]:
    """The numbers of the events that a later one has undone; an undoing that was undone itself undoes nothing."""
    return _undone(
        (event.seq, cast("int", event.body["of"])) for event in reversed(events) if event.kind == kinds.ENTRY_UNDONE
    )


def _undone(newest_first: Iterable[tuple[int, int]]) -> frozenset[int]:
    """What was undone, from each undoing and what it undoes."""
    undone: set[int] = set()
    for seq, of in newest_first:
        if seq not in undone:
            undone.add(of)
    return frozenset(undone)


def fold(events: Sequence[Written]) -> Folded:
    """The rows of one patient, from all of the patient's events in the order in which they were written."""
    made = Folding(events[0][1])
    for seq, _, course, version, kind, text in reversed(events):
        made.tell(seq, course, version, kind, text)
    return made.rows()


class Folding:
    """One patient while the events are read.

    They are read the newest first: what was undone is then known before it is met, and most of what is older changes nothing.
    """

    __slots__ = ("_courses", "_digest", "_last", "_person", "_undone", "erased", "events", "patient")

    def __init__(self, patient: str) -> None:
        self.patient, self.erased, self.events, self._last, self._digest = patient, False, 0, 0, ""
        self._undone: Set[int] = NOBODY
        self._person: dict[str, str | None] = {}
        self._courses: dict[str, _Course] = {}

    def tell(self, seq: int, name: str, version: int, kind: str, text: bytes) -> None:
        """One event, older than all that were told before."""
        self.events += 1
        if not self._last:
            self._last, self.erased = seq, kind == kinds.PATIENT_ERASED
        if self.erased:
            return
        course = self._courses.get(name)
        if course is None and name:
            course = self._courses[name] = _Course(self.patient, name, version, seq)
        if seq in self._undone:
            return
        if kind == kinds.VISIT_RECORDED and course is not None:
            _visit(course, seq, _visit_of(text))
        else:
            self._settle(course, kind, text)

    def _settle(self, course: _Course | None, kind: str, text: bytes) -> None:
        if kind == kinds.ENTRY_UNDONE:
            self._undone = {*self._undone, _undoing_of(text).of}
        elif course is not None:
            _tell(course, kind, text)
        elif kind in (kinds.PATIENT_ADDED, kinds.PATIENT_CHANGED, kinds.PATIENT_IDENTIFIED):
            said = _person_of(text)
            _older(self._person, said.patient)
            self._digest = self._digest or said.identity

    def rows(self) -> Folded:
        """What all that was told gives."""
        if self.erased:
            return Folded(self.patient, None, (), (), events=self.events)
        person, ordered = self._person, [self._courses[name] for name in sorted(self._courses)]
        gender, sex = (person.get(part) or "" for part in ("recorded_gender", "sex_at_birth"))
        return Folded(
            self.patient,
            (self.patient, gender, sex, len(ordered), self._last),
            tuple(map(_course_row, ordered)),
            tuple(row for course in ordered for row in _latest_rows(course)),
            self._digest,
            self.events,
        )


A_DAY = len("2026-11-24")
LONGEST, LONGEST_STREAMS = 100, 1500
"""Characters of a place or a product, and of all streams, that a course's row tells: the indexes of PostgreSQL refuse long rows."""

MANY = "*"
"""In place of more streams than a row tells: they are looked up."""

NOBODY: Set[int] = frozenset()
"""Nothing was undone."""


def _older(said: dict[str, str | None], earlier: Mapping[str, str | None]) -> None:
    """Takes what was told earlier under what was told later; None says that it was taken back."""
    for name, value in earlier.items():
        said.setdefault(name, value)


def change(said: dict[str, str], changes: Mapping[str, str | None]) -> None:
    """Takes what is told over what was told before; None takes it back."""
    for name, value in changes.items():
        if value is None:
            said.pop(name, None)
        else:
            said[name] = value


def _tell(course: _Course, kind: str, text: bytes) -> None:
    if kind in (kinds.COURSE_OPENED, kinds.COURSE_CHANGED):
        _older(course.said, _set_of(text).set)
    elif kind == kinds.DOCUMENT_RECEIVED:
        course.entries += 1


def _visit(course: _Course, seq: int, visit: _Visit) -> None:
    """Results, which are many, have a loop of their own; coverage is only counted. Of one day, what was written last counts."""
    events, lists, orders, doses = visit.events, visit.lists, visit.orders, visit.doses
    course.entries += len(events) + len(lists) + len(orders) + len(doses) + len(visit.coverage)
    results = course.results
    for each in reversed(events):
        held, day = results.get(each.stream), each.day or each.known
        if held is None or day > held[0]:
            day = intern(day[:A_DAY])
            if held is None or day > held[0]:
                results[intern(each.stream)] = (day, each.value, seq)
                if day > course.last_day:
                    course.last_day = day
    for item in reversed(lists):
        day = item.day or item.from_ or item.known
        if _newer(course, (item.list, item.item), day):
            _hold(course, (item.list, item.item), day, item.is_, seq)
    for order in reversed(orders):
        if _newer(course, ("orders", order.state), order.day):
            told = order.daily_dose or " ".join(filter(None, (order.dose, order.times_a_day)))
            _hold(course, ("orders", order.state), order.day, told, seq)
    for dose in reversed(doses):
        day = dose.dispensed or dose.until or dose.from_
        if _newer(course, ("doses", dose.basis), day):
            told = dose.daily_dose or " x ".join(filter(None, (dose.capsules, dose.strength)))
            _hold(course, ("doses", dose.basis), day, told, seq)


def _newer(course: _Course, name: tuple[str, str], day: str) -> bool:
    held = course.named.get(name)
    return held is None or day[:A_DAY] > held[0]


def _hold(course: _Course, name: tuple[str, str], day: str, value: str, seq: int) -> None:
    day = intern(day[:A_DAY])
    course.named[name] = (day, value, seq)
    course.last_day = max(course.last_day, day)


def _course_row(course: _Course) -> Row:
    said = course.said
    return (
        course.course,
        course.patient,
        course.version,
        (said.get("jurisdiction") or "")[:LONGEST],
        (said.get("product") or "")[:LONGEST],
        (said.get("first_dose") or "")[:10],
        (said.get("last_dose") or "")[:10],
        course.last_day,
        course.entries,
        course.last_seq,
        _streams(course),
    )


def _streams(course: _Course) -> str:
    """What something is on file of, as a course's row tells it."""
    told = " ".join(("", *sorted({*course.results, *(stream for stream, _ in course.named)}), ""))
    return told if len(told) <= LONGEST_STREAMS else MANY


def _latest_rows(course: _Course) -> list[Row]:
    patient, name, named = course.patient, course.course, course.named
    rows = [
        (patient, name, stream, "", day, value, seq)
        for stream, (day, value, seq) in course.results.items()
        if (stream, "") not in named
    ]
    rows += [(patient, name, stream, item, day, value, seq) for (stream, item), (day, value, seq) in named.items()]
    rows.sort()
    return list[Row](rows)
