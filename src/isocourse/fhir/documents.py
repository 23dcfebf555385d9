"""From a document to its resources: a Bundle of any type, one resource, a folder of them, or a CDS Hooks request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from isocourse.facts.frames import said
from isocourse.facts.problem import Problem, ReadError
from isocourse.fhir.elements import Resource, maps, one, origin, text
from isocourse.fhir.strict_json import parse_json

DEEPEST = 8
"""Bundles within Bundles; what lies deeper is left out and named."""


class Met(Struct, frozen=True):
    """One resource met in a document."""

    resource: Resource
    draft: bool = False
    """It is an order under discussion, dated by the call."""
    full_url: str = ""
    """Its address in the Bundle, by which other entries may refer to it."""


def looks_like_fhir(document: Any) -> bool:  # noqa: ANN401 - parsed JSON
    """Whether a parsed document is FHIR or a CDS Hooks request rather than a native record."""
    if isinstance(document, list):
        return True
    return isinstance(document, dict) and (
        "resourceType" in document or "hook" in document or "isocourse" not in document
    )


def folder_document(texts: Mapping[str, str], path: str) -> list[Any]:
    """The documents of a folder as one list. A file of several lines, each a resource, is read line by line."""
    found: list[Any] = []
    for name, content in texts.items():
        parsed = parse_json(content, name)
        found.extend(parsed if isinstance(parsed, list) else [parsed])
    return found


def hook_patient(document: Any) -> str:  # noqa: ANN401 - parsed JSON
    """The patient that a CDS Hooks request is about."""
    named = text(one(one(document).get("context")).get("patientId"))
    return f"Patient/{named.removeprefix('Patient/')}" if named and "hook" in document else ""


def resources(document: Any, path: str) -> tuple[list[Met], str, list[Problem]]:  # noqa: ANN401 - parsed JSON
    """Every resource once, the kind of document, and what was met on the way.

    Raises:
        ReadError: there is nothing in it that is FHIR.
    """
    problems: list[Problem] = []
    hook = isinstance(document, dict) and "hook" in document
    try:
        met = _once(list(_hook(document, problems) if hook else _walk(document, problems)), problems)
    except RecursionError:
        raise ReadError(path, 0, 0, "the JSON is nested too deep to be a patient's record") from None
    if not met:
        raise ReadError(
            path,
            0,
            0,
            "no FHIR resource was found; give a native record, a FHIR R4 resource or Bundle, or a CDS Hooks request",
        )
    return met, "cds-hooks" if hook else "fhir", problems


def _walk(document: Any, problems: list[Problem], depth: int = 0) -> Iterator[Met]:  # noqa: ANN401 - parsed JSON
    if depth > DEEPEST:
        problems.append(
            Problem(
                "Bundle",
                said("fhir.deep", most=str(DEEPEST)),
                "",
                "flatten them",
                "What lies deeper was left out.",
            )
        )
    elif isinstance(document, list):
        for each in document:
            yield from _walk(each, problems, depth + 1)
    elif isinstance(document, dict) and document.get("resourceType") == "Bundle":
        yield from _bundle(document, problems, depth)
    elif isinstance(document, dict) and text(document.get("resourceType")):
        yield Met(document)
    elif document is not None:
        problems.append(
            Problem(
                "document",
                "a part that is no FHIR resource",
                "an object with resourceType",
                "check the export",
                "It was left out.",
            )
        )


def _bundle(bundle: Resource, problems: list[Problem], depth: int) -> Iterator[Met]:
    if any(text(link.get("relation")) == "next" for link in maps(bundle.get("link"))):
        problems.append(
            Problem(
                origin(bundle),
                "it has a next page, which is not here",
                "every page",
                "fetch the other pages too",
                "What stands there counts as not known.",
            )
        )
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else [] if entries is None else [entries]:
        inner = one(entry).get("resource", entry if "resourceType" in one(entry) else None)
        if inner is not None:
            for met in _walk(inner, problems, depth + 1):
                yield met if met.full_url else Met(met.resource, full_url=text(one(entry).get("fullUrl")))
        elif not one(entry).get("request") and not one(entry).get("response"):
            problems.append(
                Problem(
                    "Bundle entry",
                    "no resource in it",
                    "entry.resource",
                    "send the resource itself",
                    "It was left out.",
                )
            )


def _hook(document: Resource, problems: list[Problem]) -> Iterator[Met]:
    """The orders of the context first, then what the service was sent beforehand."""
    context = one(document.get("context"))
    for key in ("draftOrders", "medications", "order", "orders"):
        value = context.get(key)
        for met in _walk(value, problems) if isinstance(value, dict | list) else ():
            yield Met(met.resource, draft=True, full_url=met.full_url)
    for key, value in one(document.get("prefetch")).items():
        yield from _prefetched(f"prefetch.{text(key)[:60]}", value, problems)


def _prefetched(where: str, value: Any, problems: list[Problem]) -> Iterator[Met]:  # noqa: ANN401 - parsed JSON
    if value is None:
        problems.append(
            Problem(where, "null: the caller found nothing", "", "", "Nothing was read from it.", left_out=False)
        )
        return
    for met in _walk(value, problems):
        if met.resource.get("resourceType") == "OperationOutcome":
            problems.append(
                Problem(
                    where,
                    "the caller could not fetch it",
                    "",
                    "ask for it in the record system",
                    "What it would have held counts as not known.",
                )
            )
        else:
            yield met


def _once(met: list[Met], problems: list[Problem]) -> list[Met]:
    """Each resource once. The same id with another content is kept, so that the worse reading stays possible."""
    seen: dict[str, set[bytes]] = {}
    kept: list[Met] = []
    for each in met:
        key = origin(each.resource)
        content = _digest(each.resource)
        earlier = seen.setdefault(key, set()) if text(each.resource.get("id")) else set()
        if content in earlier:
            problems.append(
                Problem(key, "stands more than once with the same content", "", "", "It was read once.", left_out=False)
            )
            continue
        if earlier:
            problems.append(
                Problem(
                    key,
                    "stands twice with different content",
                    "one content for one id",
                    "ask which one holds",
                    "Both are considered, and the worse reading is kept.",
                    left_out=False,
                )
            )
        earlier.add(content)
        kept.append(each)
    return kept


def _digest(resource: Resource) -> bytes:
    """What stands in a resource, in 16 bytes; its version stamp and its printed summary are not content."""
    content = {key: value for key, value in resource.items() if key not in ("meta", "text")}
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=16).digest()
