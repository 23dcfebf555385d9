"""Folds the events of one patient into what a list or a search shows; the same events always give the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from isocourse.register import events as kinds
from isocourse.register.events import Opened

Entry = Mapping[str, str]
Row = tuple[object, ...]

SETTINGS = ("jurisdiction", "product")
DATES = ("first_dose", "last_dose", "dispensed_on")


@dataclass(slots=True)
class _Course:
    """One course while it is folded."""

    patient: str
    course: str
    version: int = 0
    said: dict[str, str] = field(default_factory=dict)
    last_day: str = ""
    entries: int = 0
    last_seq: int = 0
    latest: dict[tuple[str, str], tuple[str, str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Folded:
    """The rows of one patient in each projection, in the order of the tables' columns."""

    patient: Row | None
    courses: tuple[Row, ...]
    latest: tuple[Row, ...]


NOTHING = Folded(None, (), ())


def void(events: Sequence[Opened]) -> frozenset[int]:
    """The numbers of the events that a later one has undone; an undoing that was undone itself undoes nothing."""
    undone: set[int] = set()
    for event in reversed(events):
        if event.kind == kinds.ENTRY_UNDONE and event.seq not in undone:
            undone.add(cast("int", event.body["of"]))
    return frozenset(undone)


def fold(events: Sequence[Opened]) -> Folded:
    """The rows of one patient, from all of the patient's events in the order in which they were written."""
    if not events or events[-1].kind == kinds.PATIENT_ERASED:
        return NOTHING
    undone = void(events)
    patient, person, courses = events[0].patient, dict[str, str](), dict[str, _Course]()
    for event in events:
        if event.course:
            course = courses.get(event.course)
            if course is None:
                course = courses[event.course] = _Course(patient, event.course)
            course.version, course.last_seq = event.version, event.seq
            if event.seq not in undone:
                _tell(course, event)
        elif event.seq not in undone and event.kind in (kinds.PATIENT_ADDED, kinds.PATIENT_CHANGED):
            change(person, cast("Mapping[str, str | None]", event.body.get("patient", {})))
    row: Row = (
        patient,
        person.get("recorded_gender", ""),
        person.get("sex_at_birth", ""),
        len(courses),
        events[-1].seq,
    )
    ordered = [courses[name] for name in sorted(courses)]
    return Folded(
        row, tuple(map(_course_row, ordered)), tuple(row for course in ordered for row in _latest_rows(course))
    )


def change(said: dict[str, str], changes: Mapping[str, str | None]) -> None:
    """Takes what is told over what was told before; None takes it back."""
    for name, value in changes.items():
        if value is None:
            said.pop(name, None)
        else:
            said[name] = value


def _tell(course: _Course, event: Opened) -> None:
    if event.kind == kinds.VISIT_RECORDED:
        _visit(course, event)
    elif event.kind in (kinds.COURSE_OPENED, kinds.COURSE_CHANGED):
        change(course.said, cast("Mapping[str, str | None]", event.body.get("set", {})))
    elif event.kind == kinds.DOCUMENT_RECEIVED:
        course.entries += 1


def _visit(course: _Course, event: Opened) -> None:
    seq = event.seq
    for part, entries in cast("Mapping[str, Sequence[Entry]]", event.body).items():
        named = _NAMED.get(part)
        if named is not None:
            course.entries += len(entries)
            for entry in entries:
                _newest(course, *named(entry), seq)
        elif part in kinds.ENTRIES:
            course.entries += len(entries)


Named = tuple[tuple[str, str], str, str]
"""Stream and item, day, and value of an entry."""


def _result(entry: Entry) -> Named:
    return (entry["stream"], ""), entry.get("day") or entry.get("known") or "", entry["value"]


def _item(entry: Entry) -> Named:
    day = entry.get("day") or entry.get("from") or entry.get("known") or ""
    return (entry["list"], entry["item"]), day, entry["is"]


def _order(entry: Entry) -> Named:
    told = entry.get("daily_dose") or " ".join(entry[part] for part in ("dose", "times_a_day") if part in entry)
    return ("orders", entry["state"]), entry.get("day", ""), told


def _dose(entry: Entry) -> Named:
    day = entry.get("dispensed") or entry.get("until") or entry.get("from") or ""
    told = entry.get("daily_dose") or " x ".join(entry[part] for part in ("capsules", "strength") if part in entry)
    return ("doses", entry.get("basis", "dispensed")), day, told


_NAMED: Mapping[str, Callable[[Entry], Named]] = {"events": _result, "lists": _item, "orders": _order, "doses": _dose}
"""How an entry of each part is named; coverage is only counted."""


def _newest(course: _Course, name: tuple[str, str], day: str, value: str, seq: int) -> None:
    day = day[:10]
    if day > course.last_day:
        course.last_day = day
    held = course.latest.get(name)
    if held is None or day >= held[0]:
        course.latest[name] = (day, value, seq)


def _course_row(course: _Course) -> Row:
    said = course.said
    return (
        course.course,
        course.patient,
        course.version,
        said.get("jurisdiction", ""),
        said.get("product", ""),
        said.get("first_dose", "")[:10],
        said.get("last_dose", "")[:10],
        course.last_day,
        course.entries,
        course.last_seq,
    )


def _latest_rows(course: _Course) -> list[Row]:
    return [
        (course.patient, course.course, stream, item, *held) for (stream, item), held in sorted(course.latest.items())
    ]
