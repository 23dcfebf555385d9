"""Sessions, kept on the server: who is here, since when, and the records at hand; they end by time, by leaving, or with the program."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from isocourse.web.patients import Patient
from isocourse.web.settings import Limits

SECRET_BYTES = 32


@dataclass(slots=True)
class Session:
    """One person at one browser."""

    who: str
    roles: frozenset[str]
    began: float
    seen: float
    language: str = "en"
    called: str = ""
    """What people call them, where whoever vouches for them says so."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(SECRET_BYTES))
    patients: dict[str, Patient] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """Who writes, as the register keeps it: the name for people, and the one that never changes."""
        return f"{self.called} ({self.who})" if self.called and self.called != self.who else self.who

    def form_token(self) -> str:
        """A token for a form; another one each time, so that a compressed page gives nothing of it away."""
        mask = secrets.token_bytes(SECRET_BYTES)
        return (mask + _joined(mask, self.secret)).hex()

    def knows(self, token: str) -> bool:
        """Whether a form's token is of this session."""
        try:
            raw = bytes.fromhex(token)
        except ValueError:
            return False
        mask, masked = raw[:SECRET_BYTES], raw[SECRET_BYTES:]
        return len(masked) == SECRET_BYTES and hmac.compare_digest(_joined(mask, masked), self.secret)

    def keep(self, patient: Patient, most: int) -> None:
        """Keeps a record at hand; the oldest goes where there are too many."""
        self.patients[patient.handle] = patient
        while len(self.patients) > most:
            del self.patients[next(iter(self.patients))]


def _joined(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))


class Sessions:
    """Every session that is open. Only a hash of its key is kept."""

    def __init__(self, now: Callable[[], float], limits: Limits) -> None:
        self._now, self._limits = now, limits
        self._open: dict[str, Session] = {}

    def open(self, who: str, roles: frozenset[str]) -> tuple[str, Session]:
        """A new session and its key."""
        self._sweep()
        key, now = secrets.token_urlsafe(SECRET_BYTES), self._now()
        session = Session(who, roles, now, now)
        self._open[_hash(key)] = session
        return key, session

    def find(self, key: str) -> Session | None:
        """The session of a key, if it has not ended; finding it is a sign of life."""
        session = self._open.get(_hash(key))
        if session is None:
            return None
        if self._over(session):
            del self._open[_hash(key)]
            return None
        session.seen = self._now()
        return session

    def close(self, key: str) -> None:
        """Ends a session and forgets what it held."""
        self._open.pop(_hash(key), None)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._open.values()))

    def _over(self, session: Session) -> bool:
        now = self._now()
        return now - session.seen > self._limits.idle_s or now - session.began > self._limits.longest_s

    def _sweep(self) -> None:
        for key, session in list(self._open.items()):
            if self._over(session):
                del self._open[key]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
