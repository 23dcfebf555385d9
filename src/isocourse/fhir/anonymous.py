"""A FHIR document without what says who the patient is, and who that was."""

from __future__ import annotations

import json
from typing import Any

from isocourse.fhir.elements import maps, one, text
from isocourse.fhir.strict_json import Digits

NAMING = (
    "name",
    "telecom",
    "address",
    "photo",
    "contact",
    "identifier",
    "communication",
    "generalPractitioner",
    "managingOrganization",
)
"""Elements of a Patient that say who it is."""


def person_of(document: Any) -> tuple[str, str, str]:  # noqa: ANN401 - parsed JSON
    """Name, birth date as written, and the first record number of the patient; empty where the document does not say."""
    patient = next((each for each in _resources(document) if each.get("resourceType") == "Patient"), {})
    named = one(next(iter(maps(patient.get("name"))), {}))
    given = named.get("given")
    parts = [text(each) for each in (given if isinstance(given, list) else [])] + [text(named.get("family"))]
    name = text(named.get("text")) or " ".join(part for part in parts if part)
    number = text(next(iter(maps(patient.get("identifier"))), {}).get("value"))
    return name, text(patient.get("birthDate"))[:10], number


def without_names(document: Any) -> Any:  # noqa: ANN401 - parsed JSON
    """The same document without names, contacts and numbers of the patient, narratives, and display texts of references to her."""
    if isinstance(document, list):
        return [without_names(each) for each in document]
    if not isinstance(document, dict):
        return document
    left_out = {"text"} if "resourceType" in document else set()
    if document.get("resourceType") == "Patient":
        left_out.update(NAMING, ("birthDate",))
    kept = {key: without_names(value) for key, value in document.items() if key not in left_out}
    for key in ("subject", "patient", "individual"):
        if isinstance(kept.get(key), dict):
            kept[key] = {name: value for name, value in kept[key].items() if name not in ("display", "identifier")}
    return kept


def text_of(document: Any) -> str:  # noqa: ANN401 - parsed JSON
    """A parsed document as JSON again; numbers keep their digits.

    >>> text_of({"value": Digits("72.50"), "unit": "kg", "ok": [True, None]})
    '{"value":72.50,"unit":"kg","ok":[true,null]}'
    """
    if isinstance(document, Digits):
        return str(document)
    if isinstance(document, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{text_of(value)}" for key, value in document.items()) + "}"
    if isinstance(document, list):
        return "[" + ",".join(text_of(each) for each in document) + "]"
    return json.dumps(document, ensure_ascii=False)


def _resources(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - parsed JSON
    if isinstance(document, list):
        return [found for each in document for found in _resources(each)]
    if not isinstance(document, dict):
        return []
    inner = [found for value in document.values() if isinstance(value, dict | list) for found in _resources(value)]
    return [document, *inner] if "resourceType" in document else inner
