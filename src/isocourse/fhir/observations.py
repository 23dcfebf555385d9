"""Observations as events: laboratory values, weight, pregnancy tests; unit and code together, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from isocourse.facts.believe import LEFT_OUT, believe
from isocourse.facts.days import FIRST_DAY, Span, show
from isocourse.facts.problem import Problem
from isocourse.facts.record import Event, Part, Quantity, Unjudged
from isocourse.facts.streams import Catalogue, Coding, Stream
from isocourse.fhir.elements import Resource, called, codings, maps, one, origin, text, when
from isocourse.fhir.strict_json import Digits

NOT_RESULTS = {
    "entered-in-error": "entered in error",
    "cancelled": "cancelled",
    "registered": "registered only",
    "preliminary": "preliminary",
}


@dataclass(frozen=True, slots=True)
class Read:
    """What one resource gave."""

    events: tuple[Event, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_observation(resource: Resource, catalogue: Catalogue, as_of: int) -> Read:
    """An Observation and its components as events."""
    where, status = origin(resource), text(resource.get("status"))
    name = called(resource.get("code"))
    if status in NOT_RESULTS:
        return Read(unjudged=(Unjudged("observation", name, where, NOT_RESULTS[status]),))
    try:
        happened, known = _when(resource, as_of)
    except ValueError as problem:
        return Read(problems=(Problem(where, str(problem), "a FHIR date", "correct the date", LEFT_OUT(name)),))
    if happened.first > as_of:
        return Read(
            problems=(
                Problem(
                    where, f"{name} is dated after {show(as_of)}", "a day up to then", "check the date", LEFT_OUT(name)
                ),
            )
        )
    parts = [_measured(resource, resource, catalogue, where, happened, known)]
    parts += [
        _measured(component, resource, catalogue, f"{where} component", happened, known)
        for component in maps(resource.get("component"))
    ]
    whole = [part for part in parts if part is not None]
    if not any(part.events or part.problems for part in whole) and not maps(resource.get("component")):
        return (
            whole[0]
            if whole
            else Read(unjudged=(Unjudged("observation", name, where, "no rule here reads this code"),))
        )
    return Read(
        tuple(event for part in whole for event in part.events),
        tuple(each for part in whole for each in part.unjudged),
        tuple(problem for part in whole for problem in part.problems),
    )


def _when(resource: Resource, as_of: int) -> tuple[Span, Span | None]:
    """When it happened: its own time, or, without one, some time up to the day it was issued."""
    own = when(resource, "effectiveDateTime", "effectiveInstant", "effectivePeriod")
    issued = when(resource, "issued")
    if own is not None:
        return own, issued
    return Span(
        FIRST_DAY, min(issued.last, as_of) if issued and issued.first <= as_of else issued.last if issued else as_of
    ), issued


def _measured(
    element: Resource, resource: Resource, catalogue: Catalogue, where: str, happened: Span, known: Span | None
) -> Read | None:
    found = next(
        (
            hit
            for system, code, _ in codings(element.get("code"))
            if system and (hit := catalogue.stream_of_code(system, code))
        ),
        None,
    )
    name = called(element.get("code"))
    if found is None:
        if element is resource and maps(resource.get("component")):
            return None
        return Read(unjudged=(Unjudged("observation", name, where, "no rule here reads this code"),))
    stream, coding = found
    if element.get("dataAbsentReason") is not None:
        return Read(
            unjudged=(Unjudged("observation", name, where, f"no value: {called(element.get('dataAbsentReason'))}"),)
        )
    value = _value(element, stream, coding, catalogue, where)
    if isinstance(value, Problem):
        return Read(problems=(value,))
    part, written = value
    limit = _upper_limit(element, stream, where)
    parts: dict[str, Part] = {"upper_limit": limit} if isinstance(limit, Quantity) else {}
    shown = written + (f", upper limit {_limit_words(element)}" if parts else "")
    problems = (limit,) if isinstance(limit, Problem) else ()
    return Read((Event(stream.name, part, happened, known, where, shown, parts=parts),), problems=problems)


def _value(
    element: Resource, stream: Stream, coding: Coding, catalogue: Catalogue, where: str
) -> tuple[Part, str] | Problem:
    if stream.kind == "quantity":
        return _quantity(element, stream, coding, where)
    if stream.kind == "coded":
        return _coded(element, stream, catalogue, where)
    return Problem(
        where,
        f"{stream.name.replace('_', ' ')} as an observation",
        "a value this stream takes",
        "enter it in the record itself",
        LEFT_OUT(stream.name.replace("_", " ")),
    )


def _quantity(element: Resource, stream: Stream, coding: Coding, where: str) -> tuple[Part, str] | Problem:
    name = stream.name.replace("_", " ")
    found = one(element.get("valueQuantity"))
    if not found:
        shown = next(
            (f"{key} {str(value)[:40]}" for key, value in element.items() if key.startswith("value")), "no value"
        )
        return Problem(
            where, f"{name}: {shown}", "valueQuantity with a number and a unit", "send it as a quantity", LEFT_OUT(name)
        )
    digits, unit = found.get("value"), text(found.get("code")) or text(found.get("unit"))
    if not isinstance(digits, Digits):
        return Problem(where, f"{name} {str(digits)[:40]}", "a number", "send the number itself", LEFT_OUT(name))
    if coding.unit and unit and stream.steps_in(unit) is not None and unit != coding.unit:
        return Problem(
            where,
            f"{name} {digits} {unit} under a code whose unit is {coding.unit}",
            coding.unit,
            "correct the code or the unit",
            LEFT_OUT(name),
        )
    comparator = text(found.get("comparator"))
    quantity = believe(stream, str(digits), unit, where, comparator=comparator)
    return quantity if isinstance(quantity, Problem) else (quantity, f"{comparator}{digits} {unit}".strip())


def _coded(element: Resource, stream: Stream, catalogue: Catalogue, where: str) -> tuple[Part, str] | Problem:
    concept = element.get("valueCodeableConcept")
    values = {
        value
        for system, code, _ in codings(concept)
        if system and (value := catalogue.value_of_code(stream, system, code))
    }
    said = text(one(concept).get("text")) or text(element.get("valueString"))
    if not values and said.strip().lower() in stream.values:
        values = {said.strip().lower()}
    name = stream.name.replace("_", " ")
    if not values:
        shown = said or called(concept) if concept or said else "no value"
        return Problem(where, f"{name}: {shown}", " or ".join(stream.values), "send a coded result", LEFT_OUT(name))
    return tuple(sorted(values)), " or ".join(sorted(values))


def _upper_limit(element: Resource, stream: Stream, where: str) -> Quantity | Problem | None:
    """The upper limit of normal from the result itself; several that differ are none."""
    if stream.attribute("upper_limit") is None:
        return None
    highs = [
        one(each.get("high"))
        for each in maps(element.get("referenceRange"))
        if isinstance(one(each.get("high")).get("value"), Digits)
    ]
    limits = []
    for high in highs:
        attribute = stream.attribute("upper_limit")
        assert attribute is not None
        found = believe(
            attribute, str(high["value"]), text(high.get("code")) or text(high.get("unit")), f"{where} reference range"
        )
        if isinstance(found, Problem):
            return found
        limits.append(found)
    if not limits:
        return None
    return Quantity(min(each.low for each in limits), max(each.high for each in limits), limits[0].unit)


def _limit_words(element: Resource) -> str:
    high: Any = next(
        (one(each.get("high")) for each in maps(element.get("referenceRange")) if one(each.get("high"))), {}
    )
    return f"{high.get('value')} {text(high.get('code')) or text(high.get('unit'))}".strip()
