"""From a document to its resources: a Bundle of any type, one resource, a folder of them, or a CDS Hooks request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from isocourse.facts.problem import Problem, ReadError
from isocourse.fhir.elements import Resource, maps, one, origin, text
from isocourse.fhir.strict_json import parse_json


@dataclass(frozen=True, slots=True)
class Met:
    """One resource met in a document."""

    resource: Resource
    draft: bool = False
    """It is an order under discussion, dated by the call."""


def looks_like_fhir(document: Any) -> bool:  # noqa: ANN401 - parsed JSON
    """Whether a parsed document is FHIR or a CDS Hooks request rather than a native record."""
    if isinstance(document, list):
        return True
    return isinstance(document, dict) and ("resourceType" in document or "hook" in document or "isocourse" not in document)


def folder_document(texts: Mapping[str, str], path: str) -> list[Any]:
    """The documents of a folder as one list. A file of several lines, each a resource, is read line by line."""
    found: list[Any] = []
    for name, content in texts.items():
        lines = [line for line in content.splitlines() if line.strip()]
        if name.endswith(".ndjson"):
            found.extend(parse_json(line, name) for line in lines)
        else:
            found.append(parse_json(content, name))
    return found


def resources(document: Any, path: str) -> tuple[list[Met], str, list[Problem]]:  # noqa: ANN401 - parsed JSON
    """Every resource once, the kind of document, and what was met on the way.

    Raises:
        ReadError: there is nothing in it that is FHIR.
    """
    problems: list[Problem] = []
    hook = isinstance(document, dict) and "hook" in document
    met = list(_hook(document, problems)) if hook else list(_walk(document, problems))
    if not met:
        raise ReadError(path, 0, 0, "no FHIR resource was found; give a native record, a FHIR R4 resource or Bundle, or a CDS Hooks request")
    return _once(met, problems), "cds-hooks" if hook else "fhir", problems


def _walk(document: Any, problems: list[Problem], depth: int = 0) -> Iterator[Met]:  # noqa: ANN401 - parsed JSON
    if depth > 8:
        problems.append(Problem("Bundle", "bundles nested more than 8 deep", "", "flatten them", "What lies deeper was left out."))
        return
    if isinstance(document, list):
        for each in document:
            yield from _walk(each, problems, depth + 1)
    elif isinstance(document, dict) and document.get("resourceType") == "Bundle":
        for entry in maps(document.get("entry")):
            inner = entry["resource"] if "resource" in entry else entry if "resourceType" in entry else None
            if inner is None:
                if not entry.get("request") and not entry.get("response"):
                    problems.append(Problem("Bundle entry", "no resource in it", "entry.resource", "send the resource itself", "It was left out."))
                continue
            yield from _walk(inner, problems, depth + 1)
    elif isinstance(document, dict) and isinstance(document.get("resourceType"), str):
        yield Met(document)
    elif document is not None:
        problems.append(Problem("document", "a part that is no FHIR resource", "an object with resourceType", "check the export", "It was left out."))


def _hook(document: Resource, problems: list[Problem]) -> Iterator[Met]:
    """The orders of the context first, then what the service was sent beforehand."""
    context = one(document.get("context"))
    for key in ("draftOrders", "medications", "order", "orders"):
        for met in _walk(context[key], problems) if context.get(key) is not None else ():
            yield Met(met.resource, draft=True)
    for key, value in one(document.get("prefetch")).items():
        if value is None:
            problems.append(Problem(f"prefetch.{key}", "null: the caller found nothing", "", "", "Nothing was read from it.", left_out=False))
            continue
        for met in _walk(value, problems):
            if met.resource.get("resourceType") == "OperationOutcome":
                problems.append(Problem(f"prefetch.{key}", "the caller could not fetch it", "", "ask for it in the record system",
                                        "What it would have held counts as not known."))
            else:
                yield met


def _once(met: list[Met], problems: list[Problem]) -> list[Met]:
    """Each resource once. The same id with another content is kept, so that the worse reading stays possible."""
    seen: dict[str, list[tuple[str, Met]]] = {}
    kept: list[Met] = []
    for each in met:
        key = origin(each.resource)
        content = json.dumps(each.resource, sort_keys=True)
        earlier = seen.setdefault(key, []) if text(each.resource.get("id")) else []
        if any(other == content for other, _ in earlier):
            problems.append(Problem(key, "stands more than once with the same content", "", "", "It was read once.", left_out=False))
            continue
        if earlier:
            problems.append(Problem(key, "stands twice with different content", "one content for one id", "ask which one holds",
                                    "Both are considered, and the worse reading is kept.", left_out=False))
        earlier.append((content, each))
        kept.append(each)
    return kept
