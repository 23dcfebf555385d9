"""What goes wrong with a register, told on one line: where, what was found, what to do, and what happens now."""

from __future__ import annotations


class RegisterError(Exception):
    """The register could not do what was asked; nothing of it was written."""


class ConflictError(RegisterError):
    """Somebody else has written to the same course since it was read; both versions can be seen, none is lost."""


class BusyError(RegisterError):
    """Another program holds the register; the same call may go through later."""
