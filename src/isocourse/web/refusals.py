"""What is not answered: each refusal says what happened, what to do and what happens now, and repeats nothing that was sent."""

from __future__ import annotations


def to_say(text: str) -> str:
    """The text as it stands; marks it for the catalogues of interface text."""
    return text


class RefusalError(Exception):
    """A request that is refused. The text never holds what was sent, except where it says so."""

    status = 400

    def __init__(self, line: str, status: int | None = None) -> None:
        super().__init__(line)
        self.line = line
        self.status = status or self.status


class NotSignedInError(RefusalError):
    """Nobody is signed in."""

    status = 401


class NotAllowedError(RefusalError):
    """Somebody is signed in, and may not do this."""

    status = 403


class TooOftenError(RefusalError):
    """Too many requests."""

    status = 429

    def __init__(self, line: str, wait_s: float) -> None:
        super().__init__(line)
        self.wait_s = wait_s
