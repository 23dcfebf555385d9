"""How the workbench is run: where it listens, who may come in, and how long a session lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from isocourse.web.clinic import Clinic, RefusedToListenError, near

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""The names under which a browser on this machine reaches it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may ask for; our choices, far above what a clinic's day needs."""

    idle_s: float = 30 * 60.0
    """A session ends after so long without a request."""
    longest_s: float = 12 * 3600.0
    """A session ends after so long whatever happens: a working day."""
    body_bytes: int = 8 * 1024 * 1024
    """The largest request; a FHIR bundle of one patient is far smaller."""
    depth: int = 64
    """How deep JSON may be nested."""
    per_minute: int = 6000
    """Requests from one address in a minute: fifty people behind one address, two requests a second each."""
    heavy_per_minute: int = 30
    """Of requests that take long, such as a simulation."""
    knocks_per_minute: int = 20
    """Tries to come in from one address in a minute."""
    sign_ins_per_minute: int = 120
    """Steps of signing in from one address in a minute: two for each person, and a clinic begins its day behind one address."""
    patients: int = 20
    """Records that one session holds at hand; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the server is told."""

    host: str
    port: int
    now: Callable[[], float]
    """Seconds on a clock that never goes back."""
    today: Callable[[], int]
    """The number of the day it is."""
    tell: Callable[[str], None]
    """Says a line to whoever sits at the terminal: the start address goes there and nowhere else."""
    api_token: str
    """What a program on this machine sends as its bearer token; empty where none is let in."""
    instant: Callable[[], str] = str
    """This instant in UTC, as the register writes it."""
    knowledge: Path | None = None
    limits: Limits = Limits()
    clinic: Clinic | None = None
    """Where people sign in from other machines; without it the one at this machine needs the start address."""

    @property
    def hosts(self) -> frozenset[str]:
        """The Host headers that are answered; any other is a stranger's name for this machine."""
        if self.clinic is not None:
            return frozenset({self.clinic.host})
        return frozenset(f"{name}:{self.port}" for name in (*LOOPBACK_NAMES, self.host))

    @property
    def origins(self) -> frozenset[str]:
        """The origins from which a form may be sent."""
        if self.clinic is not None:
            return frozenset({self.clinic.address})
        return frozenset(f"http://{host}" for host in self.hosts)

    @property
    def secure(self) -> bool:
        """Whether every request must come over TLS."""
        return self.clinic is not None

    @property
    def cookie(self) -> str:
        """The session cookie: on this machine one for each port, since browsers do not keep ports apart; in a clinic bound to its host."""
        return f"isocourse_{self.port}" if self.clinic is None else "__Host-isocourse"


def checked_host(host: str) -> str:
    """A host that may be listened at: this machine alone, as long as nobody has to sign in.

    Raises:
        RefusedToListenError: others could reach it.

    >>> checked_host("127.0.0.1")
    '127.0.0.1'
    """
    if not near(host):
        raise RefusedToListenError(
            f"{host}: others could reach the workbench there, and nobody would have to sign in; leave --host out to listen on this machine only, "
            "or let people sign in (--issuer and what goes with it; docs/guide/workbench.md). Nothing was started."
        )
    return host
