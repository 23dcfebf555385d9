"""JSON without surprises: numbers keep their digits, duplicate keys and NaN are refused, and every refusal says where."""

from __future__ import annotations

import json
import re
from typing import Any

from isocourse.facts.frames import said
from isocourse.facts.problem import ReadError

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""How one half of a character is written, whether or not the other half follows."""


class Digits(str):
    """A JSON number, as its digits: 72.50 stays 72.50, and never passes for a text."""

    __slots__ = ()


class _RefusedError(Exception):
    """Something valid JSON readers let through and this one does not."""


def parse_json(text: str, path: str) -> Any:  # noqa: ANN401 - parsed JSON
    """The parsed text; where every line is a document of its own (NDJSON), the list of them.

    Raises:
        ReadError: it is not JSON, it is cut off, a key stands twice, or it holds NaN or Infinity.
    """
    try:
        return _load(text)
    except _RefusedError as problem:
        raise ReadError(path, 0, 0, problem.args[0]) from None
    except json.JSONDecodeError as problem:
        if problem.msg == "Extra data" and (lines := _by_line(text)) is not None:
            return lines
        frame = "form.json_cut" if _cut_off(problem, text) else "form.json"
        raise ReadError(path, problem.lineno, problem.colno, said(frame, problem=problem.msg)) from None
    except RecursionError:
        raise ReadError(path, 0, 0, "the JSON is nested too deep to be a patient's record") from None


def _load(text: str) -> Any:  # noqa: ANN401 - parsed JSON
    found = json.loads(text, parse_float=Digits, parse_int=Digits, parse_constant=_constant, object_pairs_hook=_pairs)
    return _whole(found) if _HALF.search(text) else found


def _whole(value: Any) -> Any:  # noqa: ANN401 - parsed JSON
    """The same with a question mark for every half of a character: it can neither be shown nor stored, and a text is not lost for it."""
    if isinstance(value, dict):
        return _pairs([(_whole(key), _whole(each)) for key, each in value.items()])
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return value.encode(errors="replace").decode() if type(value) is str else value


def _by_line(text: str) -> list[Any] | None:
    try:
        return [_load(line) for line in text.splitlines() if line.strip()]
    except (json.JSONDecodeError, _RefusedError, RecursionError):
        return None


def _cut_off(problem: json.JSONDecodeError, text: str) -> bool:
    return problem.pos >= len(text.rstrip()) - 1 or problem.msg.startswith("Unterminated string")


def _constant(word: str) -> None:
    raise _RefusedError(said("form.json_constant", word=word))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RefusedError(said("form.json_twice", key=_plain(key)))
            seen.add(key)
    return made


def _plain(key: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in key[:60])
