"""Observations as events: laboratory values, weight, pregnancy tests; unit and code together, or not at all."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from isocourse.decisions.sentence import of_day
from isocourse.facts.believe import LEFT_OUT, name_of
from isocourse.facts.days import FIRST_DAY, Span, reason_of
from isocourse.facts.frames import codes, said
from isocourse.facts.problem import Problem
from isocourse.facts.record import Event, Part, Unjudged
from isocourse.facts.refused import Refused
from isocourse.facts.streams import Catalogue, Coding, Stream
from isocourse.fhir.elements import Resource, called, codings, maps, one, origin, printable, text, when
from isocourse.fhir.gathered import Read, together
from isocourse.fhir.quantities import believed, shown_limit, upper_limit
from isocourse.logic.truth import Truth

NO_RESULT = {"entered-in-error": "entered in error", "cancelled": "cancelled", "registered": "registered only"}
"""Statuses under which there is no result."""

NOT_FINAL = {"preliminary": "preliminary", "unknown": "of unknown status"}
"""Statuses under which the result may still change: it counts as neither, and an older one is not the latest."""


class _Place(Struct, frozen=True):
    """Where an Observation stands, and when it was."""

    where: str
    happened: Span
    known: Span | None


def read_observation(resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    """An Observation and its components as events."""
    where, status = origin(resource), text(resource.get("status"))
    name = called(resource.get("code"))
    if status in NO_RESULT or maps(resource.get("focus")):
        why = NO_RESULT.get(status, "about somebody or something else")
        return Read(unjudged=(Unjudged("observation", name, where, why),))
    place, problems = _placed(resource, name, as_of)
    if place.happened.first > as_of:
        wrong = said("date.dated_after", name=name, day=of_day(as_of))
        late = Problem(where, wrong, "a day up to then", "check the date", LEFT_OUT(name))
        found = _stream_of(resource, catalogue)
        unsure = (Refused(found[0].name, Span(FIRST_DAY, as_of), place.known, where, _sent(resource)),) if found else ()
        return Read(problems=(late,), refused=unsure)
    components = maps(resource.get("component"))
    reads = [_measured(resource, catalogue, place)] if _whole(resource, components, catalogue) else []
    reads += [_measured(each, catalogue, replace(place, where=f"{where} component")) for each in components]
    read = together([*reads, Read(problems=problems)])
    return _unsettled(read, NOT_FINAL[status]) if status in NOT_FINAL else read


def _whole(resource: Resource, components: list[Resource], catalogue: Catalogue) -> bool:
    """Whether the Observation itself is to be read: a panel that only holds components says nothing by itself."""
    return not components or (
        _stream_of(resource, catalogue) is not None and any(key.startswith("value") for key in resource)
    )


def _unsettled(read: Read, why: str) -> Read:
    refused = tuple(
        Refused(event.stream, event.happened, event.known, event.origin, f"{event.written}, {why}")
        for event in read.events
    )
    named = tuple(
        Unjudged("observation", f"{event.stream.replace('_', ' ')} {event.written}", event.origin, why)
        for event in read.events
    )
    return Read((), (*read.unjudged, *named), read.problems, refused=(*read.refused, *refused))


# when it was -----------------------------------------------------------------------------------------------------------
def _placed(resource: Resource, name: str, as_of: int) -> tuple[_Place, tuple[Problem, ...]]:
    """Its own time, or, without one that can be read, some time up to the day it was issued."""
    problems: list[Problem] = []
    own = _date(resource, name, problems, "effectiveDateTime", "effectiveInstant", "effectivePeriod")
    issued = _date(resource, name, problems, "issued")
    if own is None:
        last = as_of if issued is None else issued.last
        own = issued if issued and issued.first > as_of else Span(FIRST_DAY, min(last, as_of))
    return _Place(origin(resource), own, issued), tuple(problems)


def _date(resource: Resource, name: str, problems: list[Problem], *keys: str) -> Span | None:
    try:
        return when(resource, *keys)
    except ValueError as problem:
        wrong = said("date.of", name=name, what=reason_of(problem))
        problems.append(
            Problem(origin(resource), wrong, "a FHIR date", "correct the date", "Its day counts as not known.")
        )
        return None


# what it measures ------------------------------------------------------------------------------------------------------
def _stream_of(element: Resource, catalogue: Catalogue) -> tuple[Stream, tuple[Coding, ...]] | None:
    """The stream that its codes belong to, with every coding of it; None if there is none, or if they name two."""
    hits = [
        hit
        for system, code, _ in codings(element.get("code"))
        if system and (hit := catalogue.stream_of_code(system, code))
    ]
    if len({stream.name for stream, _ in hits}) != 1:
        return None
    return hits[0][0], tuple(coding for _, coding in hits)


def _measured(element: Resource, catalogue: Catalogue, place: _Place) -> Read:
    name = called(element.get("code"))
    found = _stream_of(element, catalogue)
    if found is None:
        return Read(unjudged=(Unjudged("observation", name, place.where, "no rule here reads this code"),))
    if element.get("dataAbsentReason") is not None:
        why: str = said("fhir.no_value_because", why=called(element.get("dataAbsentReason")))
        empty = Refused(found[0].name, place.happened, place.known, place.where, why)
        return Read(unjudged=(Unjudged("observation", name, place.where, why),), refused=(empty,))
    stream, under = found
    if any(coding.unreadable for coding in under):
        why = "a number, not a result; what it means is for a clinician to say"
        number = Refused(stream.name, place.happened, place.known, place.where, name)
        return Read(unjudged=(Unjudged("observation", name, place.where, why),), refused=(number,))
    value = _value(element, stream, under, catalogue, place.where)
    if isinstance(value, Problem):
        refused = Refused(stream.name, place.happened, place.known, place.where, _sent(element))
        return Read(problems=(value,), refused=(refused,))
    limit = upper_limit(element, stream, place.where)
    if limit is None or isinstance(limit, Problem):
        event = Event(stream.name, value[0], place.happened, place.known, place.where, value[1])
        return Read((event,), problems=(limit,) if limit else ())
    written = said("value.with_limit", value=value[1], limit=shown_limit(element))
    return Read(
        (Event(stream.name, value[0], place.happened, place.known, place.where, written, parts={"upper_limit": limit}),)
    )


def _value(
    element: Resource, stream: Stream, under: tuple[Coding, ...], catalogue: Catalogue, where: str
) -> tuple[Part, str] | Problem:
    if stream.kind == "quantity":
        return believed(element, stream, under, where)
    if stream.kind == "coded":
        return _coded(element, stream, catalogue, where)
    return _yes_no(element, stream, where)


def _yes_no(element: Resource, stream: Stream, where: str) -> tuple[Part, str] | Problem:
    answer = element.get("valueBoolean")
    if isinstance(answer, bool):
        return Truth.of(answer), "yes" if answer else "no"
    return _no_value(element, stream, "valueBoolean", where)


def _coded(element: Resource, stream: Stream, catalogue: Catalogue, where: str) -> tuple[Part, str] | Problem:
    """A coded result; words only where they are exactly one of the values."""
    concept = one(element.get("valueCodeableConcept"))
    values = {
        value
        for system, code, _ in codings(concept)
        if system and (value := catalogue.value_of_code(stream, system, code))
    }
    said = (text(concept.get("text")) or text(element.get("valueString"))).strip().lower()
    if not values and said in stream.values:
        values = {said}
    if not values:
        return _no_value(element, stream, codes(stream.values), where)
    return tuple(value for value in stream.values if value in values), " or ".join(sorted(values))


def _no_value(element: Resource, stream: Stream, expected: str, where: str) -> Problem:
    name = name_of(stream)
    concept = element.get("valueCodeableConcept")
    key = next((key for key in element if key.startswith("value")), "")
    shown = called(concept) if concept else printable(element[key]) if key else ""
    wrong = said("date.of", name=name, what=shown) if shown else said("value.none", name=name)
    return Problem(where, wrong, expected, "send a result of that kind", LEFT_OUT(name))


def _sent(element: Resource) -> str:
    """The value as it was sent, whatever is wrong with it."""
    quantity = one(element.get("valueQuantity"))
    if quantity:
        unit = text(quantity.get("code")) or text(quantity.get("unit"))
        return f"{'?' if quantity.get('value') is None else printable(quantity['value'])} {unit}".strip()
    key = next((key for key in element if key.startswith("value")), "")
    return called(element[key]) if key == "valueCodeableConcept" else printable(element[key]) if key else "?"
