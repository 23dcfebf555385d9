"""Sample patients and small records, judged as of one day."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from isocourse.app.knowledge import shipped
from isocourse.app.plan import plan
from isocourse.app.record import read_record
from isocourse.course.plan import Plan
from isocourse.course.wanted import Wanted
from isocourse.facts.days import Span, day_number
from isocourse.facts.record import Event, Part, Quantity, Record
from isocourse.library import Asked, Library

TODAY = day_number(2026, 11, 24)

Kept = Callable[..., Record]
Planned = Callable[..., Plan]


def event(stream: str, value: Part, day: int = TODAY, item: str = "") -> Event:
    """Something that happened and was known on one day."""
    return Event(stream, value, Span.of(day), None, "test", "as told", item)


def kg(weight: int) -> Quantity:
    """A body weight in the steps of its stream."""
    return Quantity(weight * 10**8, weight * 10**8, "kg")


@pytest.fixture(scope="session")
def sample(library: Library) -> Kept:
    """The record of a shipped sample patient, with streams left out, events added and places changed."""

    def kept(name: str, *, without: tuple[str, ...] = (), with_: tuple[Event, ...] = (), **changes: str) -> Record:
        read = read_record(Path(shipped() / f"patients/{name}.yaml"), library.catalogue, TODAY)
        events = tuple(each for each in read.events if each.stream not in without) + with_
        return replace(read, events=events, **changes)

    return kept


def boy(*events: Event, jurisdiction: str = "EU", product: str = "eu-conventional") -> Record:
    """A young man with nothing on file but what is given."""
    told = (event("recorded_gender", ("male",)), *events)
    return Record(Span.of(day_number(2003, 2, 26)), False, told, jurisdiction=jurisdiction, product=product)


@pytest.fixture(scope="session")
def planned(library: Library) -> Planned:
    """The plan of a record."""

    def made(record: Record, wanted: Wanted, *, as_of: int = TODAY) -> Plan:
        return plan(library, record, Asked(as_of), wanted)

    return made
