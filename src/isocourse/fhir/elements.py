"""Small parts of FHIR resources, read defensively: whatever has the wrong type counts as absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from isocourse.facts.days import FIRST_DAY, Span, parse_span
from isocourse.facts.frames import said
from isocourse.facts.streams import Catalogue, Item
from isocourse.fhir.strict_json import Digits

Resource = dict[str, Any]

SYSTEMS = {
    "http://loinc.org": "loinc",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://snomed.info/sct": "snomed",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://www.whocc.no/atc": "atc",
    "http://hl7.org/fhir/sid/ndc": "ndc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "urn:oid:2.16.840.1.113883.6.90": "icd10cm",
    "urn:oid:2.16.840.1.113883.6.3": "icd10",
    "urn:oid:2.16.840.1.113883.6.69": "ndc",
    "urn:oid:2.16.840.1.113883.6.73": "atc",
}
"""Our short names for code systems; any other system matches nothing, whatever its code."""

LONGEST_NAME = 160
"""Letters of a name that are shown; the rest of a very long one is cut."""

_REFERENCE = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?$")


def system_of(uri: str) -> str:
    """Our short name of a code system; "" for one that is not known.

    >>> system_of("https://loinc.org/"), system_of("http://snomed.info/sct/900000000000207008"), system_of("SNOMED")
    ('loinc', 'snomed', '')
    """
    plain = ("http://" + uri[8:] if uri.startswith("https://") else uri).rstrip("/")
    return "snomed" if plain.startswith("http://snomed.info/sct/") else SYSTEMS.get(plain, "")


def maps(value: Any) -> list[Resource]:  # noqa: ANN401 - parsed JSON
    """The objects of a list, or one object, or nothing."""
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def one(value: Any) -> Resource:  # noqa: ANN401 - parsed JSON
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:  # noqa: ANN401 - parsed JSON
    """A string, or nothing; a number is not a string. What no screen can show becomes a question mark."""
    if not isinstance(value, str) or isinstance(value, Digits):
        return ""
    if value.isprintable():
        return value
    return "".join(each if each.isprintable() else " " if each.isspace() else "?" for each in value)


def printable(value: Any) -> str:  # noqa: ANN401 - parsed JSON
    """A value of any type in a few letters, for people."""
    if isinstance(value, bool):
        return "true" if value else "false"
    shown = text(str(value)) if isinstance(value, str) else f"a JSON {'list' if isinstance(value, list) else 'object'}"
    return shown[:40] or "an empty text"


def codings(concept: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - parsed JSON
    """(system, code, display) of a concept, with our short names of systems."""
    for coding in maps(one(concept).get("coding")):
        yield system_of(text(coding.get("system"))), text(coding.get("code")), text(coding.get("display"))


def has_code(concept: Any, *codes: str) -> bool:  # noqa: ANN401 - parsed JSON
    """Whether a concept of a status value set has one of the codes, or says it as its text."""
    found = {text(coding.get("code")) for coding in maps(one(concept).get("coding"))}
    return bool((found | {text(one(concept).get("text")).lower()}) & set(codes))


def called(concept: Any) -> str:  # noqa: ANN401 - parsed JSON
    """What a concept is called, for people."""
    shown = [display or code for _, code, display in codings(concept)]
    name = text(one(concept).get("text")) or next((each for each in shown if each), "") or "without a name"
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."


def words_of(concept: Any) -> list[str]:  # noqa: ANN401 - parsed JSON
    """Every text by which a concept is called."""
    return [each for each in (text(one(concept).get("text")), *(display for _, _, display in codings(concept))) if each]


def origin(resource: Resource) -> str:
    """Type/id."""
    return f"{text(resource.get('resourceType'))[:64]}/{text(resource.get('id'))[:64] or '(no id)'}"


def reference_of(reference: Any) -> str:  # noqa: ANN401 - parsed JSON
    """Type/id of a reference, without server and version; a urn stays as it is.

    >>> reference_of({"reference": "https://example.org/fhir/Patient/7/_history/2"})
    'Patient/7'
    """
    written = text(one(reference).get("reference"))
    match = _REFERENCE.search(written)
    return f"{match[1]}/{match[2]}" if match else written


def span_of(value: Any) -> Span:  # noqa: ANN401 - parsed JSON
    """The days of a FHIR date, dateTime or instant.

    Raises:
        ValueError: it is not one.
    """
    if not text(value):
        raise ValueError(said("date.not_one", value=printable(value)))
    return parse_span(text(value))


def when(resource: Resource, *keys: str) -> Span | None:
    """The first of several date elements; a Period spans from its start to its end.

    Raises:
        ValueError: an element is there but is no date.
    """
    for key in keys:
        value = resource.get(key)
        if isinstance(value, dict):
            if (period := _period(value)) is not None:
                return period
        elif value is not None:
            return span_of(value)
    return None


def _period(value: Resource) -> Span | None:
    begin = span_of(value["start"]) if value.get("start") is not None else None
    end = span_of(value["end"]) if value.get("end") is not None else None
    if begin and end and begin.first > end.last:
        raise ValueError(said("date.backwards", start=text(value["start"]), end=text(value["end"])))
    if begin is None:
        return Span(FIRST_DAY, end.last) if end else None
    return Span(begin.first, (end or begin).last)


def items_of(catalogue: Catalogue, vocabulary: str, concept: Any) -> list[tuple[Item, str]]:  # noqa: ANN401 - parsed JSON
    """The items that a concept's codes stand for, each with the display beside its code."""
    found: list[tuple[Item, str]] = []
    for system, code, display in codings(concept):
        if system and code:
            found.extend((item, display) for item in catalogue.items_of_code(vocabulary, system, code))
    return found
