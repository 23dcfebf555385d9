"""The native record of a course, put together from its events (docs/guide/records.md), and the documents received whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from isocourse.register import events as kinds
from isocourse.register.events import Opened
from isocourse.register.fold import DATES, SETTINGS, Entry, change, void
from isocourse.register.identity import Identity


@dataclass(frozen=True, slots=True)
class Received:
    """A document kept as it came."""

    seq: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a course's record is made of."""

    native: Mapping[str, object]
    """The native record."""
    received: tuple[Received, ...]
    """FHIR documents, beside it."""
    ended_before: str = ""
    """The last dose of the newest course that was over before this one began."""
    given_up: tuple[int, ...] = ()
    """Which of the record's orders are drafts that came to nothing: a later visit wrote an order, or their course is over."""


def dossier(events: Sequence[Opened], course: str, identity: Identity | None) -> Dossier:
    """The record of one course.

    What is known of the patient counts in every course: results, lists, coverage. Dates, place, product, doses taken, what is wanted
    of a plan, and stated facts are the course's own. Orders of another course count too, as ended once that course has a last dose.
    """
    undone = void(events)
    standing = [event for event in events if event.seq not in undone]
    said = {event.course: dict[str, str]() for event in standing if event.course}
    person = dict[str, str]()
    for event in standing:
        if event.kind in (kinds.COURSE_OPENED, kinds.COURSE_CHANGED):
            change(said[event.course], cast("Mapping[str, str | None]", event.body.get("set", {})))
        elif event.kind in (kinds.PATIENT_ADDED, kinds.PATIENT_CHANGED):
            change(person, cast("Mapping[str, str | None]", event.body.get("patient", {})))
    if identity is not None and identity.birth:
        person["birth"] = identity.birth
    visits = [event for event in standing if event.kind == kinds.VISIT_RECORDED]
    own = said.get(course, {})
    parts: dict[str, object] = {
        **{name: own[name] for name in SETTINGS if own.get(name)},
        "course": {name: own[name] for name in DATES if own.get(name)},
        "orders": [order for visit in visits for order in _orders(visit, course, said)],
        **{
            part: [entry for visit in visits for entry in _part(visit, part)]
            for part in ("events", "lists", "coverage")
        },
        "doses": [entry for visit in visits if visit.course == course for entry in _part(visit, "doses")],
        **{part: _own(visits, course, part) for part in ("facts", "plan")},
    }
    native = {"isocourse": "1", "patient": person, **{name: part for name, part in parts.items() if part}}
    received = tuple(
        Received(event.seq, str(event.body["name"]), str(event.body["text"]))
        for event in standing
        if event.kind == kinds.DOCUMENT_RECEIVED
    )
    return Dossier(native, received, _ended_before(said, course), tuple(_given_up(visits, course)))


def _given_up(visits: Sequence[Opened], course: str) -> Iterator[int]:
    place = 0
    for number, visit in enumerate(visits):
        later = visit.course != course or any(
            each.course == course and _part(each, "orders") for each in visits[number + 1 :]
        )
        for order in _part(visit, "orders"):
            if later and order["state"] == "draft":
                yield place
            place += 1


def _ended_before(said: Mapping[str, Mapping[str, str]], course: str) -> str:
    begun = said.get(course, {}).get("first_dose", "")
    over = [last for name, each in said.items() if name != course and (last := each.get("last_dose"))]
    return max((last for last in over if not begun or last < begun), default="")


def _part(visit: Opened, part: str) -> Sequence[Entry]:
    return cast("Sequence[Entry]", visit.body.get(part, ()))


def _own(visits: Sequence[Opened], course: str, part: str) -> Mapping[str, object]:
    """What visits of the course said by name; a later word counts before an earlier one."""
    said = [cast("Mapping[str, object]", visit.body.get(part, {})) for visit in visits if visit.course == course]
    return {name: value for each in said for name, value in each.items()}


def _orders(visit: Opened, course: str, said: Mapping[str, Mapping[str, str]]) -> list[Entry]:
    over = visit.course != course and bool(said[visit.course].get("last_dose"))
    return [
        {**order, "state": "ended"} if over and order["state"] == "active" else order
        for order in _part(visit, "orders")
    ]
