"""What goes wrong with a register, told on one line: where, what was found, what to do, and what happens now."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Self


class RegisterError(Exception):
    """The register could not do what was asked; nothing of it was written."""

    cause: str = ""
    """What went wrong, by a name that a face can word in its reader's language; empty where only the text says it."""
    parts: Mapping[str, str | int] = MappingProxyType({})
    """What the wording is filled with."""

    @classmethod
    def of(cls, cause: str, line: str, /, **parts: str | int) -> Self:
        """What went wrong by name, and the same in English with its parts filled in.

        >>> str(RegisterError.of("full", "{place}: the disk is full", place="a.db"))
        'a.db: the disk is full'
        """
        made = cls(line.format(**parts))
        made.cause, made.parts = cause, parts
        return made


class ConflictError(RegisterError):
    """Somebody else has written to the same course since it was read; both versions can be seen, none is lost."""


class BusyError(RegisterError):
    """Another program holds the register; the same call may go through later."""


class AbsentError(RegisterError):
    """What was asked for is not in the register."""


class VersionError(RegisterError):
    """The tables are of another version than this program's."""
