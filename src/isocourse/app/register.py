"""Keeps patients and courses in a register: adds them, records visits, undoes, and gives back the record that `assess` judges."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from isocourse.app.register_words import entry_lines, event_line
from isocourse.facts.contradictions import contradictions
from isocourse.facts.days import parse_span, reason_of
from isocourse.facts.frames import codes, near
from isocourse.facts.frames import said as told
from isocourse.facts.problem import Problem, ReadError
from isocourse.facts.record import Record
from isocourse.facts.sentence import of_words, sentence
from isocourse.facts.streams import Catalogue
from isocourse.library import Library
from isocourse.reading.records import node_of
from isocourse.reading.records import record_of as native_record_of
from isocourse.reading.yaml_text import Map, Node, Seq, Text, load_text
from isocourse.register import events as kinds
from isocourse.register.document import Dossier, Received, dossier
from isocourse.register.events import Body, Draft, Opened, Stamp, Stored
from isocourse.register.fold import DATES, SETTINGS, void
from isocourse.register.identity import Identity, new_course, new_pseudonym
from isocourse.register.journal import events_of
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register, identity_of
from isocourse.render.history_frames import REFUSED
from isocourse.render.history_frames import SETTINGS as SETTING_WORDS

T = TypeVar("T")
PARTS = (*kinds.ENTRIES, "facts", "plan")
PERSON = ("recorded_gender", "sex_at_birth")
LONGEST_ITEM = 200


class Admission(Struct, frozen=True):
    """A patient to be added with a first course."""

    identity: Identity
    person: Mapping[str, str]
    settings: Mapping[str, str]
    """jurisdiction, product, first_dose, last_dose, dispensed_on."""
    visit: Body
    """What is known already; may be empty."""
    received: tuple[tuple[str, str], ...] = ()
    """FHIR documents: name and text."""
    more: tuple[tuple[Mapping[str, str], Body], ...] = ()
    """Further courses: settings and what is known already."""


class Known(Struct, frozen=True):
    """A course as the register knows it at one moment."""

    patient: str
    course: str
    version: int
    last_seq: int
    identity: Identity | None
    record: Record
    events: tuple[Opened, ...]


# reading what is to be written -----------------------------------------------------------------------------------------------
def admission_of(
    root: Node, path: str, library: Library, as_of: int, *, name: str = "", number: str = "", contact: str = ""
) -> tuple[Admission, tuple[Problem, ...]]:
    """What a native record holds, ready to be added, and what in it cannot be believed.

    Args:
        root: the record as parsed.
        path: where it stands, for messages.
        library: the knowledge, for what streams there are.
        as_of: the day of writing.
        name: who it is; a record does not say it.
        number: the medical record number.
        contact: how to reach the patient.

    Raises:
        ReadError: it has not the shape of a record.
    """
    record = native_record_of(root, path, library.catalogue, as_of)
    plain = cast("dict[str, dict[str, str]]", _plain(root))
    person = dict(plain["patient"])
    settings = {each: str(plain[each]) for each in SETTINGS if each in plain}
    settings |= {each: plain["course"][each] for each in DATES if each in plain.get("course", {})}
    visit = {part: plain[part] for part in PARTS if part in plain}
    identity = Identity(new_pseudonym(), name, person.get("birth", "")[:10], number, contact)
    known = {each: person[each] for each in PERSON if each in person}
    return Admission(identity, known, settings, visit), record.problems


def visit_of(root: Node, path: str, library: Library, as_of: int) -> tuple[Body, tuple[Problem, ...]]:
    """The entries of a visit, ready to be written, and what in them cannot be believed; that is kept all the same, as written.

    Raises:
        ReadError: a key is misspelt, a stream is not known: nothing that the record's schema has.
    """
    if not isinstance(root, Map):
        raise ReadError(
            path,
            root.line,
            root.column,
            "a visit is a mapping with events, lists, orders, doses or coverage (docs/guide/records.md)",
        )
    for key in root.entries:
        if key not in PARTS:
            raise ReadError(
                path,
                *root.positions.get(key, (0, 0)),
                told(
                    "form.known",
                    said=near(told("form.unknown", what=of_words("a visit"), key=key), key, PARTS),
                    known=codes(PARTS, ", "),
                ),
            )
    if not root.entries:
        raise ReadError(path, root.line, root.column, "the visit is empty; nothing would be written")
    whole = Map(
        {"isocourse": Text("1", 0, 0), "patient": Map({}, 0, 0), **root.entries}, root.line, root.column, root.positions
    )
    record = native_record_of(whole, path, library.catalogue, as_of)
    body = cast("dict[str, list[dict[str, str]]]", _plain(root))
    for entry in (entry for part in kinds.ENTRIES for entry in body.get(part, ())):
        if len(entry.get("item", "")) > LONGEST_ITEM:
            raise ReadError(
                path,
                0,
                0,
                told("form.long_item", most=str(LONGEST_ITEM)),
            )
    return body, record.problems


def _plain(node: Node) -> object:
    """Parsed text as plain data; every scalar stays text."""
    if isinstance(node, Map):
        return {key: _plain(each) for key, each in node.entries.items()}
    if isinstance(node, Seq):
        return [_plain(each) for each in node.items]
    return node.text


# writing ---------------------------------------------------------------------------------------------------------------------
def admit(register: Register, stamp: Stamp, several: Sequence[Admission]) -> list[Stored]:
    """Adds patients, each with a first course, all in one transaction; the opened courses."""
    with register.writing(stamp) as writer:
        writer.admit([each.identity for each in several])
        stored = writer.append([draft for each in several for draft in _admitted(each)])
    return [each for each in stored if each.kind == kinds.COURSE_OPENED]


def _admitted(each: Admission) -> list[Draft]:
    patient, course = each.identity.patient, new_course()
    added = {"patient": dict(each.person), "identity": each.identity.digest}
    return [
        Draft(kinds.PATIENT_ADDED, added, patient, "", 0),
        *_begun(patient, course, each.settings, each.visit),
        *(
            Draft(kinds.DOCUMENT_RECEIVED, {"format": "fhir", "name": name, "text": text}, patient, course)
            for name, text in each.received
        ),
        *(draft for settings, visit in each.more for draft in _begun(patient, new_course(), settings, visit)),
    ]


def _begun(patient: str, course: str, settings: Mapping[str, str], visit: Body) -> list[Draft]:
    opened = Draft(kinds.COURSE_OPENED, {"set": dict(settings)}, patient, course, 0)
    return [opened, Draft(kinds.VISIT_RECORDED, visit, patient, course)] if visit else [opened]


def open_course(register: Register, stamp: Stamp, patient: str, settings: Mapping[str, str]) -> Stored:
    """Another course of a patient who is there already."""
    with register.writing(stamp) as writer:
        return writer.append([Draft(kinds.COURSE_OPENED, {"set": dict(settings)}, patient, new_course(), 0)])[0]


def record_visit(register: Register, stamp: Stamp, course: str, visit: Body, expected: int | None = None) -> Stored:
    """Writes a visit to a course.

    Raises:
        ConflictError: the course has grown since version `expected` was read.
        RegisterError: there is no such course.
    """
    return _append(register, stamp, course, kinds.VISIT_RECORDED, visit, expected)


def change_course(
    register: Register,
    stamp: Stamp,
    course: str,
    settings: Mapping[str, str | None],
    expected: int | None = None,
    note: str = "",
) -> Stored:
    """Sets dates, place or product of a course; None takes back what was said, a note says why they are as they are."""
    require_settings(settings)
    body = {"set": dict(settings), **({"note": note} if note else {})}
    return _append(register, stamp, course, kinds.COURSE_CHANGED, body, expected)


def require_settings(settings: Mapping[str, str | None]) -> None:
    """Whether these are settings that a course has, and its dates are days.

    Raises:
        RegisterError: they are not.
    """
    if unknown := [name for name in settings if name not in (*SETTINGS, *DATES)]:
        raise RegisterError(
            sentence(
                REFUSED["setting.unknown"],
                said=near(
                    told("form.unknown", what=of_words("a course"), key=unknown[0]), unknown[0], (*SETTINGS, *DATES)
                ),
            )
        )
    for name in DATES:
        if (said := settings.get(name)) is not None:
            try:
                parse_span(said)
            except ValueError as problem:
                raise RegisterError(
                    sentence(REFUSED["setting.date"], name=of_words(SETTING_WORDS[name]), why=reason_of(problem))
                ) from None


def _append(register: Register, stamp: Stamp, course: str, kind: str, body: Body, expected: int | None) -> Stored:
    patient = register.patient_of(course)
    with register.writing(stamp) as writer:
        return writer.append([Draft(kind, body, patient, course, expected)])[0]


def undo(register: Register, stamp: Stamp, patient: str, seq: int, why: str) -> Stored:
    """Undoes one event by a correcting event; both stay in the chain.

    Raises:
        RegisterError: there is no such event of this patient, or it is of a kind that cannot be undone, or it was undone already.
    """
    with register.writing(stamp) as writer:
        theirs = events_of(writer.connection, patient)
        if theirs and theirs[-1].kind == kinds.PATIENT_ERASED:
            raise RegisterError(sentence(REFUSED["undo.erased"], patient=patient))
        event = next((each for each in theirs if each.seq == seq), None)
        if event is None:
            raise RegisterError(sentence(REFUSED["undo.nobody"], n=str(seq), patient=patient))
        if event.kind not in kinds.CAN_BE_UNDONE:
            raise RegisterError(sentence(REFUSED["undo.kind"], n=str(seq)))
        if seq in void(theirs):
            raise RegisterError(sentence(REFUSED["undo.before"], n=str(seq)))
        return writer.append([Draft(kinds.ENTRY_UNDONE, {"of": seq, "why": why}, patient, event.course)])[0]


# reading back ----------------------------------------------------------------------------------------------------------------
def know(register: Register, library: Library, course: str, as_of: int) -> Known:
    """A course with its record as of a day, all of one moment.

    Raises:
        RegisterError: there is no such course.
    """
    patient = register.patient_of(course)
    with register.reading() as connection:
        events, identity = events_of(connection, patient), identity_of(connection, patient)
    return known(events, identity, course, library, as_of)


def known(events: Sequence[Opened], identity: Identity | None, course: str, library: Library, as_of: int) -> Known:
    """The same, from the events of a patient."""
    own = [event.version for event in events if event.course == course]
    record = record_of(dossier(events, course, identity), f"course {course}", library, as_of)
    return Known(events[0].patient, course, max(own, default=0), events[-1].seq, identity, record, tuple(events))


def record_of(found: Dossier, path: str, library: Library, as_of: int) -> Record:
    """The record of a course: what was entered, and FHIR documents received, read as any file is."""
    native = native_record_of(node_of(_as_it_stands(found)), path, library.catalogue, as_of)
    if not found.received:
        return native
    return _together([native, *(_received(each, library, as_of) for each in found.received)], library.catalogue)


def _as_it_stands(found: Dossier) -> Mapping[str, object]:
    """The native record as it is judged.

    Until the course has a last dose of its own, that of the course before it counts: a further course waits for it. A draft that
    came to nothing is not judged as if it were given today.
    """
    dates = cast("Mapping[str, str]", found.native.get("course", {}))
    orders = cast("Sequence[object]", found.native.get("orders", ()))
    native = dict(found.native)
    if found.ended_before and not dates.get("last_dose"):
        native["course"] = {**dates, "last_dose": found.ended_before}
    if found.given_up:
        native["orders"] = [order for place, order in enumerate(orders) if place not in found.given_up]
    return native


def _received(each: Received, library: Library, as_of: int) -> Record:
    from isocourse.fhir import parse_json
    from isocourse.fhir import record_of as fhir_record_of

    return fhir_record_of(parse_json(each.text, each.name), each.name, library.catalogue, as_of)


def _together(several: Sequence[Record], catalogue: Catalogue) -> Record:
    """Records of one patient as one."""
    first = several[0]
    events = tuple(event for each in several for event in each.events)
    told = tuple(dict.fromkeys((*_all(each.problems for each in several), *contradictions(events, catalogue))))
    return replace(
        first,
        birth=next((each.birth for each in several if each.birth), None),
        died=any(each.died for each in several),
        events=events,
        orders=_all(each.orders for each in several),
        doses=_all(each.doses for each in several),
        coverage=_all(each.coverage for each in several),
        unjudged=_all(each.unjudged for each in several),
        problems=told,
        source=several[-1].source if not first.events and not first.orders and len(several) == 2 else first.source,
        counts=dict(sum((Counter(each.counts) for each in several), Counter())),
    )


def _all(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(one for part in parts for one in part)


# people ----------------------------------------------------------------------------------------------------------------------
def identify(register: Register, stamp: Stamp, patient: str, changes: Mapping[str, str | None]) -> Identity:
    """Changes who stands behind a pseudonym; parts that are None stay as they are.

    Raises:
        RegisterError: there is no such patient.
    """
    with register.writing(stamp) as writer:
        now = identity_of(writer.connection, patient)
        if now is None:
            raise RegisterError.of(
                "erased", "{patient}: no such patient, or the patient was erased. Nothing was written.", patient=patient
            )
        now = dataclasses.replace(now, **{part: said for part, said in changes.items() if said is not None})
        writer.identify(now)
    return now


class Line(Struct, frozen=True):
    """One event of a course as its history shows it."""

    seq: int
    at: str
    actor: str
    kind: str
    words: str
    undone: bool
    entries: tuple[str, ...] = ()
    """Each thing that a visit wrote."""


def history(known: Known, catalogue: Catalogue) -> list[Line]:
    """What was written of a course, and of its patient, oldest first."""
    undone = void(known.events)
    theirs = [event for event in known.events if event.course in ("", known.course)]
    return [
        Line(
            each.seq, each.at, each.actor, each.kind, event_line(each), each.seq in undone, entry_lines(each, catalogue)
        )
        for each in theirs
    ]


def parsed(text: str, name: str) -> Node:
    """A text as YAML or JSON, every scalar as text.

    Raises:
        ReadError: it is neither.
    """
    if text.lstrip()[:1] == "{":
        from isocourse.fhir import parse_json

        return node_of(parse_json(text, name))
    return load_text(text, name)
