"""A line without what it tells a user of the command line to type, for whoever reads it in a browser or on paper."""

from __future__ import annotations

import re

_BRACKETED = re.compile(r" \(--[^()]*\)")
_TRAILING = re.compile(r",? --[a-z-]+(?=\))")
_COMMAND = re.compile(r"[;:,]?[^;:,.(]*(?:(?<!\w)--[a-z]+|`isocourse[^`]*`)[^;.,)]*")


def without_commands(text: str) -> str:
    """A line without what it tells a user of the command line to type; a page has a place for it.

    >>> without_commands("the file does not say where the course is; give --jurisdiction. What is broken stands first.")
    'the file does not say where the course is. What is broken stands first.'
    >>> without_commands("drawn as if it began today (--start gives another day)")
    'drawn as if it began today'
    >>> without_commands("older than 90 days (weigh again, --weight)")
    'older than 90 days (weigh again)'
    """
    if "--" not in text and "`isocourse" not in text:
        return text
    return _COMMAND.sub("", _TRAILING.sub("", _BRACKETED.sub("", text)))
