"""A FHIR quantity as whole steps of a stream: unit and code must fit, and the digits are kept."""

from __future__ import annotations

from typing import Any

from isocourse.facts.believe import LEFT_OUT, believe, name_of
from isocourse.facts.frames import codes, said
from isocourse.facts.problem import Problem
from isocourse.facts.record import Part, Quantity
from isocourse.facts.sentence import joined
from isocourse.facts.streams import Attribute, Coding, Stream
from isocourse.fhir.elements import Resource, has_code, maps, one, printable, text
from isocourse.fhir.strict_json import Digits

LITRES = (("/l", "/L"), ("/dl", "/dL"), ("/ml", "/mL"))
"""UCUM writes a litre l or L; the streams write L."""


def believed(element: Resource, stream: Stream, under: tuple[Coding, ...], where: str) -> tuple[Part, str] | Problem:
    """The amount of an Observation or component, and how it is shown; `under` are the codes it stands under."""
    name = name_of(stream)
    found = one(element.get("valueQuantity")) or _alone(element, stream)
    if not found:
        key = next((key for key in element if key.startswith("value")), "")
        held = f"{key} {printable(element[key])}" if key else ""
        shown = said("date.of", name=name, what=held) if key else said("value.none", name=name)
        return Problem(where, shown, "valueQuantity with a number and a unit", "send it as a quantity", LEFT_OUT(name))
    digits, unit = found.get("value"), unit_of(found, stream)
    if not isinstance(digits, Digits):
        shown = said("value.no_number", name=name) if digits is None else joined((name, printable(digits)), " ")
        return Problem(where, shown, "a number", "send the number itself", LEFT_OUT(name))
    if (wrong := _does_not_fit(found, unit, stream, under, digits[:40])) is not None:
        return Problem(where, wrong, "", "correct the code or the unit", LEFT_OUT(name))
    comparator = text(found.get("comparator"))
    quantity = believe(stream, str(digits), unit, where, comparator=comparator)
    return quantity if isinstance(quantity, Problem) else (quantity, f"{comparator}{digits} {unit}".strip())


def _alone(element: Resource, stream: Stream) -> Resource:
    """A whole number sent without a quantity around it, where it can mean one unit only."""
    return {"value": element["valueInteger"]} if stream.bare and "valueInteger" in element else {}


def unit_of(quantity: Resource, stream: Stream | Attribute) -> str:
    """The unit of a quantity in the stream's spelling if there is one: its code, else its words."""
    return _spelt(text(quantity.get("code")) or text(quantity.get("unit")), stream)


def _spelt(unit: str, stream: Stream | Attribute) -> str:
    """A unit in the spelling of the stream, where only the letter for litre or micro differs.

    The stream's own spelling wins: nothing else is made equal here.
    """
    known = {rule.unit for rule in stream.units}
    if unit in known:
        return unit
    plain = unit.replace("\u03bc", "\u00b5")
    for small, large in LITRES:
        if plain.endswith(small):
            plain = plain.removesuffix(small) + large
    return plain if plain in known else unit


def _does_not_fit(quantity: Resource, unit: str, stream: Stream, under: tuple[Coding, ...], digits: str) -> str | None:
    """Why a unit does not go with the code it stands under, or with its own words."""
    steps, name = stream.steps_in(unit), name_of(stream)
    words = text(quantity.get("unit"))
    spoken = stream.steps_in(_spelt(words, stream))
    if steps is not None and spoken is not None and spoken != steps:
        return said("value.two_units", name=name, digits=digits, words=words, unit=unit)
    wanted = [coding.unit for coding in under if coding.unit]
    if steps is None or not wanted or steps in [stream.steps_in(each) for each in wanted]:
        return None
    return said("value.other_unit", name=name, digits=digits, unit=unit, wanted=codes(wanted))


def upper_limit(element: Resource, stream: Stream, where: str) -> Quantity | Problem | None:
    """The upper limit of normal from the result itself; where several are given, anything between them."""
    attribute = stream.attribute("upper_limit")
    highs = _highs(element)
    if attribute is None or not highs:
        return None
    limits = []
    for high in highs:
        found = believe(attribute, str(high["value"]), unit_of(high, attribute), f"{where} reference range")
        if isinstance(found, Problem):
            return found
        limits.append(found)
    return Quantity(min(each.low for each in limits), max(each.high for each in limits), limits[0].unit)


def _highs(element: Resource) -> list[Resource]:
    """The upper ends of its reference ranges; a range for another purpose than normal is not one."""
    normal = [
        each for each in maps(element.get("referenceRange")) if not each.get("type") or has_code(each["type"], "normal")
    ]
    highs: list[dict[str, Any]] = [one(each.get("high")) for each in normal]
    return [high for high in highs if isinstance(high.get("value"), Digits)]


def shown_limit(element: Resource) -> str:
    """The upper limits as written."""
    written = (
        f"{high['value']} {text(high.get('code')) or text(high.get('unit'))}".strip() for high in _highs(element)
    )
    return " or ".join(dict.fromkeys(written))
