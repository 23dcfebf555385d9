"""Invented registers of any size: whole histories of courses, written visit by visit across all patients, as a clinic writes them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import msgspec
from sqlalchemy import Connection

from isocourse.register import events as kinds
from isocourse.register.canonical import canonical, link
from isocourse.register.database import insert_rows, is_sqlite, writing
from isocourse.register.events import Body, Stamp, bound_to
from isocourse.register.identity import Identity, name_key, new_course, new_pseudonym
from isocourse.register.journal import end_of_chain
from isocourse.register.register import Register
from isocourse.register.seal import new_key, seal
from isocourse.register.tables import EVENT, IDENTITY
from isocourse.register.writer import write_head

STAMP = Stamp("benchmark", "2026-11-24T09:30:00.000000Z", "benchmark")
AS_OF = date(2026, 11, 24)
HISTORIES = 40
"""Different histories of a mix; each patient has one of them."""
AT_ONCE = 100_000
"""Events in one transaction."""
FIRST = ("Ann", "Bo", "Cem", "Dilnoza", "Eva", "Farhod", "Gul", "Hugo", "Irina", "Jamshid")
LAST = ("Karimov", "Lindqvist", "Malik", "Novak", "Orlova", "Petit", "Qodirov", "Rossi", "Sato", "Tashkent")

Told = tuple[str, Body]
"""Kind and body of an event."""
History = tuple[Told, ...]
"""One course after it was opened; an undoing names the place of what it undoes, counted from the first entry here."""
Mix = Callable[[random.Random, int], tuple[Body, History]]


@dataclass(frozen=True, slots=True)
class Everybody:
    """Who was invented: pseudonym, course and kind of history of each."""

    people: list[tuple[str, str, int]]
    events: int


def invent(register: Register, mix: Mix, patients: int, each: int, seed: int = 7) -> Everybody:
    """Writes a register of so many patients with so many events each: the same chain, seals and signed head as the program's own writing.

    Projections are not made; `register.rebuild()` makes them.
    """
    rng = random.Random(seed)
    made = [mix(rng, each - 2) for _ in range(HISTORIES)]
    people = [(_person(rng, number), new_key(), new_course(), rng.randrange(HISTORIES)) for number in range(patients)]
    with writing(register.engine) as connection:
        _faster(connection)
        insert_rows(
            connection,
            IDENTITY,
            [(p.patient, key, p.name, name_key(p.name), p.birth, p.number, "") for p, key, *_ in people],
        )
    rows = _rows(people, made, each, rng)
    events, more = 0, True
    while more:
        with writing(register.engine) as connection:
            more = bool(wrote := _write(connection, islice(rows, AT_ONCE), register))
            events += wrote
    return Everybody([(person.patient, course, kind) for person, _, course, kind in people], events)


def _faster(connection: Connection) -> None:
    if is_sqlite(connection):
        connection.exec_driver_sql("PRAGMA cache_size = -1000000")


Row = tuple[str, str, int, str, bytes]
"""Patient, course, version, kind, sealed body."""


def _rows(
    people: Sequence[tuple[Identity, bytes, str, int]],
    made: Sequence[tuple[Body, History]],
    each: int,
    rng: random.Random,
) -> Iterator[Callable[[int], Row]]:
    """The events in the order in which they are written: everybody's first, then everybody's second, ..."""
    first: dict[str, list[int]] = {person.patient: [] for person, *_ in people}

    def sealed(patient: str, course: str, version: int, kind: str, body: Body, key: bytes) -> Row:
        return patient, course, version, kind, seal(key, canonical(body), bound_to(patient, course, version, kind))

    for person, key, _, _ in people:
        added = {"patient": {"recorded_gender": rng.choice(["female", "male"])}, "identity": person.digest}
        yield lambda _, p=person, k=key, a=added: sealed(p.patient, "", 1, kinds.PATIENT_ADDED, a, k)
    for person, key, course, kind in people:
        yield lambda _, p=person, k=key, c=course, h=kind: sealed(p.patient, c, 1, kinds.COURSE_OPENED, made[h][0], k)
    for place in range(each - 2):
        for person, key, course, history in people:
            kind, body = made[history][1][place]
            seqs = first[person.patient]

            def row(
                seq: int,
                p: str = person.patient,
                c: str = course,
                k: bytes = key,
                kind: str = kind,
                body: Body = body,
                seqs: list[int] = seqs,
            ) -> Row:
                seqs.append(seq)
                if kind == kinds.ENTRY_UNDONE:
                    body = {"of": seqs[int(str(body["of"]))], "why": "typed for another patient"}
                return sealed(p, c, len(seqs) + 1, kind, body, k)

            yield row


def _write(connection: Connection, waiting: Iterator[Callable[[int], Row]], register: Register) -> int:
    seq, prev = end_of_chain(connection)
    rows = []
    for make in waiting:
        seq += 1
        *said, body = make(seq)
        told = (seq, *said, STAMP.actor, STAMP.at, STAMP.knowledge)
        now = link(prev, told, body)  # type: ignore[arg-type]  # in the order of the table
        rows.append((*told, body, prev, now))
        prev = now
    insert_rows(connection, EVENT, rows)
    if rows:
        write_head(connection, register.signer(), seq, prev, STAMP.at)
    return len(rows)


def _person(rng: random.Random, number: int) -> Identity:
    born = f"{rng.randint(1980, 2012)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return Identity(new_pseudonym(), f"{rng.choice(FIRST)} {rng.choice(LAST)} {rng.choice(LAST)}", born, f"N{number}")


# mixes -----------------------------------------------------------------------------------------------------------------------
def _opened(rng: random.Random) -> tuple[Body, date]:
    start = AS_OF - timedelta(days=rng.randint(0, 240))
    said = {
        "jurisdiction": rng.choice(["EU", "UK", "US"]),
        "product": "eu-conventional",
        "first_dose": start.isoformat(),
    }
    if rng.random() < 0.2:
        said["last_dose"] = (start + timedelta(days=200)).isoformat()
    return {"set": said}, start


def _day(start: date, place: int, of: int) -> str:
    return (start + timedelta(days=place * max(1, (AS_OF - start).days) // max(1, of))).isoformat()


def _result(rng: random.Random, day: str) -> dict[str, str]:
    stream, value = rng.choice(
        [
            ("weight", f"{rng.randint(45, 90)} kg"),
            ("alt", f"{rng.randint(10, 90)} U/L"),
            ("ast", f"{rng.randint(10, 90)} U/L"),
            ("triglycerides", f"{rng.randint(60, 500)} mg/dL"),
            ("cholesterol", f"{rng.randint(38, 70) / 10} mmol/L"),
            ("pregnancy_test", "negative"),
        ]
    )
    return {"stream": stream, "value": value, "day": day}


def one_result(rng: random.Random, entries: int) -> tuple[Body, History]:
    """Visits with one result each."""
    opened, start = _opened(rng)
    return opened, tuple(
        (kinds.VISIT_RECORDED, {"events": [_result(rng, _day(start, place, entries))]}) for place in range(entries)
    )


def clinic(rng: random.Random, entries: int) -> tuple[Body, History]:
    """What a clinic writes: visits of one to six results, orders, capsules handed out, lists; now and then a change, a correction, a document."""
    opened, start = _opened(rng)
    made: list[Told] = []
    for place in range(entries):
        day, lot = _day(start, place, entries), rng.random()
        if place and lot < 0.04:
            made.append((kinds.ENTRY_UNDONE, {"of": rng.randrange(place)}))
        elif lot < 0.08:
            made.append((kinds.COURSE_CHANGED, {"set": {"dispensed_on": day}}))
        elif lot < 0.10:
            made.append(_document(rng, day, 8))
        else:
            made.append((kinds.VISIT_RECORDED, _visit(rng, day)))
    return opened, _undo_once(made)


ORDER = {
    "state": "ended",
    "dose": "20 mg",
    "times_a_day": "2",
    "strength": "20 mg",
    "capsules": "60",
    "repeats": "0",
    "reason": "acne",
    "formulation": "conventional",
}


def _visit(rng: random.Random, day: str) -> Body:
    visit: dict[str, object] = {"events": [_result(rng, day) for _ in range(rng.randint(1, 6))]}
    if rng.random() < 0.3:
        visit["orders"] = [{"day": day, **ORDER}]
    if rng.random() < 0.3:
        visit["doses"] = [{"dispensed": day, "strength": "20 mg", "capsules": "60", "days": "30"}]
    if rng.random() < 0.3:
        visit["lists"] = [
            {"list": "drugs", "item": rng.choice(["doxycycline", "ibuprofen", "paracetamol"]), "is": "no", "day": day}
        ]
    return visit


def _undo_once(made: Sequence[Told]) -> History:
    """The same, without undoing what cannot be undone, or a second time."""
    undone: set[int] = set()
    kept: list[Told] = []
    for kind, body in made:
        of = int(str(body["of"])) if kind == kinds.ENTRY_UNDONE else -1
        if of >= 0 and (of in undone or made[of][0] == kinds.ENTRY_UNDONE):
            kept.append((kinds.COURSE_CHANGED, {"set": {"product": "eu-conventional"}}))
            continue
        undone.add(of)
        kept.append((kind, body))
    return tuple(kept)


def _document(rng: random.Random, day: str, results: int) -> Told:
    entries = [
        {
            "resource": {
                "resourceType": "Observation",
                "id": f"o{place}",
                "status": "final",
                "code": {
                    "coding": [{"system": "http://loinc.org", "code": "1742-6", "display": "Alanine aminotransferase"}]
                },
                "effectiveDateTime": day,
                "valueQuantity": {
                    "value": rng.randint(10, 90),
                    "unit": "U/L",
                    "system": "http://unitsofmeasure.org",
                    "code": "U/L",
                },
            }
        }
        for place in range(results)
    ]
    text = msgspec.json.encode({"resourceType": "Bundle", "type": "collection", "entry": entries}).decode()
    return kinds.DOCUMENT_RECEIVED, {"format": "fhir", "name": "document received", "text": text}


def documents(rng: random.Random, entries: int) -> tuple[Body, History]:
    """Nothing but documents of about 20 KB."""
    opened, start = _opened(rng)
    return opened, tuple(_document(rng, _day(start, place, entries), 60) for place in range(entries))


def corrections(rng: random.Random, entries: int) -> tuple[Body, History]:
    """Every second event undoes the one before it."""
    opened, start = _opened(rng)
    return opened, tuple(
        (kinds.ENTRY_UNDONE, {"of": place - 1})
        if place % 2
        else (kinds.VISIT_RECORDED, _visit(rng, _day(start, place, entries)))
        for place in range(entries)
    )


def changes(rng: random.Random, entries: int) -> tuple[Body, History]:
    """Nothing but changes of dates and product."""
    opened, start = _opened(rng)
    return opened, tuple(
        (kinds.COURSE_CHANGED, {"set": {"dispensed_on": _day(start, place, entries)}}) for place in range(entries)
    )


def long_visits(rng: random.Random, entries: int) -> tuple[Body, History]:
    """Visits of fifteen results and a list each."""
    opened, start = _opened(rng)
    made = []
    for place in range(entries):
        day = _day(start, place, entries)
        made.append((kinds.VISIT_RECORDED, {**_visit(rng, day), "events": [_result(rng, day) for _ in range(15)]}))
    return opened, tuple(made)


MIXES: dict[str, Mix] = {
    "clinic": clinic,
    "one result a visit": one_result,
    "fifteen results a visit": long_visits,
    "every second one a correction": corrections,
    "changes only": changes,
    "documents of 20 KB": documents,
}
