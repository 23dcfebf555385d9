"""What goes wrong with a register, told on one line: where, what was found, what to do, and what happens now."""

from __future__ import annotations


class RegisterError(Exception):
    """The register could not do what was asked; nothing of it was written."""

    cause: str = ""
    """What went wrong, by a name that a face can word in its reader's language; empty where only the text says it."""


class ConflictError(RegisterError):
    """Somebody else has written to the same course since it was read; both versions can be seen, none is lost."""


class BusyError(RegisterError):
    """Another program holds the register; the same call may go through later."""


class AbsentError(RegisterError):
    """What was asked for is not in the register."""


class VersionError(RegisterError):
    """The tables are of another version than this program's."""
