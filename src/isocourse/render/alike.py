"""What is said alike of several things, said once: the things stand together, and what is said of them stays whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_HERE = "\x00"


def said_once(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Each text once, with all the things that it says the same of.

    Args:
        pairs: a thing, and a text that names it.

    >>> said_once([("peel", "peel: postpone it"), ("waxing", "waxing: postpone it"), ("cut", "cut: no reason to wait")])
    ['peel, waxing: postpone it', 'cut: no reason to wait']
    """
    gathered: dict[str, dict[str, None]] = {}
    for thing, text in pairs:
        gathered.setdefault(_without(thing, text), {})[thing] = None
    return [said.replace(_HERE, ", ".join(things)) for said, things in gathered.items()]


def frame(thing: str, lines: Iterable[str]) -> tuple[str, ...]:
    """Lines with the thing taken out: two things of which the same is said have the same frame."""
    return tuple(_without(thing, line) for line in lines)


def _without(thing: str, text: str) -> str:
    return _whole(thing).sub(_HERE, text) if thing else text


@lru_cache(maxsize=4096)
def _whole(thing: str) -> re.Pattern[str]:
    """The thing where it is no part of a longer word."""
    return re.compile(rf"(?<!\w){re.escape(thing)}(?!\w)")


def filled(lines: Iterable[str], things: Iterable[str]) -> list[str]:
    """A frame with the things put in again."""
    told = ", ".join(things)
    return [line.replace(_HERE, told) for line in lines]
