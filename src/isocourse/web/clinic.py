"""How a clinic runs the workbench: the address it is seen under, who vouches for people, and which of their groups is which role."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from isocourse.logic.problems import did_you_mean
from isocourse.web.roles import ROLES

NOTHING_STARTED = "Nothing was started."


class RefusedToListenError(Exception):
    """The place to listen at is not allowed as things are; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """People come from other machines, and each signs in at a provider of OpenID Connect."""

    address: str
    """What browsers open, such as https://isocourse.clinic.example: behind a proxy it is the proxy's."""
    issuer: str
    """The provider, named as it names itself."""
    client_id: str
    client_secret: str = field(repr=False)
    roles: Mapping[str, str]
    """For each value of the claim, a role of ours."""
    claim: str = "groups"
    """What the provider says somebody's groups in; a path such as realm_access.roles leads inwards."""

    @property
    def host(self) -> str:
        """The Host header that browsers send."""
        return self.address.removeprefix("https://")

    @property
    def back(self) -> str:
        """Where the provider sends people back to; it must be told to the provider."""
        return f"{self.address}/signed-in"

    def roles_of(self, claims: Mapping[str, object]) -> frozenset[str]:
        """The roles that somebody has here; those of the provider that we do not know give none.

        >>> clinic = Clinic("https://a.example", "https://b.example", "c", "d", {"derm": "clinician"}, "realm_access.roles")
        >>> clinic.roles_of({"realm_access": {"roles": ["derm", "golf"]}})
        frozenset({'clinician'})
        >>> clinic.roles_of({"realm_access": "derm"})
        frozenset()
        """
        found = _within(claims, self.claim)
        values = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return frozenset(self.roles[each] for each in values if isinstance(each, str) and each in self.roles)

    def says(self, claims: Mapping[str, object]) -> bool:
        """Whether the claim is there at all."""
        return _within(claims, self.claim) is not None


def _within(claims: Mapping[str, object], path: str) -> object:
    """A claim by its name, or else by a path: names such as https://clinic.example/roles have points of their own."""
    if path in claims:
        return claims[path]
    found: object = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def clinic_of(
    address: str, issuer: str, client_id: str, client_secret: str, claim: str, roles: Iterable[str]
) -> Clinic:
    """A clinic's way of running the workbench, from what was typed.

    Args:
        address: what browsers open.
        issuer: the provider.
        client_id: how the provider knows us.
        client_secret: what it knows us by.
        claim: where it says people's groups.
        roles: lines such as "Dermatology doctors=clinician".

    Raises:
        RefusedToListenError: something is missing or not safe; one line says what.
    """
    missing = [
        name
        for name, given in (
            ("--address", address),
            ("--issuer", issuer),
            ("--client-id", client_id),
            ("--client-secret-file", client_secret),
            ("--role", list(roles)),
            ("--roles-claim", claim),
        )
        if not given
    ]
    if missing:
        raise RefusedToListenError(
            f"people are to sign in, and {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; "
            f"docs/guide/workbench.md shows a whole command. {NOTHING_STARTED}"
        )
    return Clinic(_address(address), _issuer(issuer), client_id, client_secret, _roles(roles), claim)


def _address(typed: str) -> str:
    parts = urlsplit(typed.strip().lower())
    if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.username:
        raise RefusedToListenError(
            f"--address {typed}: expected what browsers open, over TLS and without a path, such as https://isocourse.example. {NOTHING_STARTED}"
        )
    return f"https://{parts.netloc.removesuffix(':443')}"


def _issuer(typed: str) -> str:
    if not trusted_address(typed):
        raise RefusedToListenError(
            f"--issuer {typed}: expected the provider's own name for itself, such as https://sso.clinic.example/realms/staff; it must be https, "
            f"unless it is on this machine. {NOTHING_STARTED}"
        )
    return typed.strip()


def trusted_address(typed: str) -> bool:
    """Whether what is sent there is read by nobody on the way: over TLS, or within this machine.

    >>> trusted_address("https://sso.example"), trusted_address("http://127.0.0.1:9"), trusted_address("http://sso.example")
    (True, True, False)
    """
    try:
        parts = urlsplit(typed.strip())
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and near(parts.hostname or "")))


def near(host: str) -> bool:
    """Whether a name is that of this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _roles(lines: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        group, _, role = (part.strip() for part in line.rpartition("="))
        if role not in ROLES or not group:
            raise RefusedToListenError(
                f"--role {line}: expected GROUP=ROLE, where ROLE is one of {', '.join(ROLES)}{did_you_mean(role, tuple(ROLES))}. {NOTHING_STARTED}"
            )
        if found.get(group, role) != role:
            raise RefusedToListenError(
                f"--role {line}: {group} is {found[group]} already; give a group one role, and people several groups. {NOTHING_STARTED}"
            )
        found[group] = role
    return found
