"""A clinic's workbench, a provider of identities that does what a test tells it, and people who sign in."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey
from litestar.testing import TestClient

from isocourse.register.events import Stamp
from isocourse.register.register import Register, init_register
from isocourse.register.trail import Line, Wish, lines
from isocourse.web.clinic import Clinic, clinic_of
from isocourse.web.desk import Desk
from isocourse.web.server import server
from isocourse.web.settings import Limits, Settings
from tests.web.bench import DAY, Bench

ADDRESS = "https://isocourse.clinic.example"
ISSUER = "https://sso.clinic.example/staff"
OURS = {"origin": ADDRESS}
START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC).timestamp()
CLINIC = clinic_of(
    ADDRESS,
    ISSUER,
    "isocourse",
    "a-secret-of-the-clinic",
    "groups",
    [f"{role}s of the clinic={role}" for role in ("reader", "clinician", "pharmacist", "auditor", "admin")],
)
KEY = ECKey.generate_key("P-256", auto_kid=True)


def group(role: str) -> str:
    """The group at the provider that gives a role here."""
    return f"{role}s of the clinic"


@dataclass
class FakeProvider:
    """Answers as a provider of OpenID Connect does, except where a test wants otherwise."""

    wall: Callable[[], float]
    about: dict[str, Any] = field(default_factory=dict)
    """What it says of itself otherwise than it should."""
    claims: dict[str, Any] = field(default_factory=dict)
    """What stands in the token otherwise than it should; None leaves it out."""
    sign: Callable[[dict[str, Any], dict[str, Any]], str] = lambda header, claims: jwt.encode(header, claims, KEY)
    keys: list[Any] = field(default_factory=lambda: [KEY.as_dict(private=False) | {"use": "sig"}])
    userinfo: dict[str, Any] = field(default_factory=dict)
    away: bool = False
    asked: list[httpx2.Request] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Codes that were handed out and not used, with what they were asked for with."""

    def transport(self) -> httpx2.MockTransport:
        """How the workbench reaches it."""
        return httpx2.MockTransport(self.answer)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """One request by the workbench."""
        self.asked.append(request)
        if self.away:
            raise httpx2.ConnectError("nobody there")
        path = request.url.path.removeprefix("/staff")
        if path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json=self._about())
        if path == "/jwks":
            return httpx2.Response(200, json={"keys": self.keys})
        if path == "/userinfo":
            return httpx2.Response(200, json=self.userinfo)
        assert path == "/token"
        return self._token(request)

    def _about(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "end_session_endpoint": f"{ISSUER}/out",
            "authorization_response_iss_parameter_supported": True,
            **self.about,
        }

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        given = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        basic = base64.b64encode(f"{CLINIC.client_id}:{CLINIC.client_secret}".encode()).decode()
        asked = self.codes.pop(given["code"], None)
        challenge = base64.urlsafe_b64encode(sha256(given["code_verifier"].encode()).digest()).decode().rstrip("=")
        if (
            request.headers["authorization"] != f"Basic {basic}"
            or asked is None
            or asked["code_challenge"] != challenge
            or given["redirect_uri"] != CLINIC.back
        ):
            return httpx2.Response(400, json={"error": "invalid_grant"})
        now = int(self.wall())
        claims = {
            "iss": ISSUER,
            "aud": CLINIC.client_id,
            "sub": "sub-1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        token = self.sign({"alg": "ES256", "kid": KEY.kid}, kept)
        return httpx2.Response(200, json={"access_token": "at-1", "token_type": "Bearer", "id_token": token})

    def sign_in_at(self, address: str, code: str = "code-1") -> dict[str, str]:
        """Somebody gives their password at the provider; what they come back with."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/authorize"
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["response_type"] == "code"
        assert asked["redirect_uri"] == CLINIC.back
        assert asked["scope"].split()[0] == "openid"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": ISSUER}


@dataclass
class ClinicBench(Bench):
    """A clinic's server, its provider, and one browser."""

    provider: FakeProvider = field(default_factory=lambda: FakeProvider(lambda: START))
    register: Register | None = None

    def out_and_back(self, code: str = "code-1") -> dict[str, str]:
        """Somebody begins to sign in and gives their password; what they come back with."""
        reply = self.client.get("/sign-in", follow_redirects=False)
        assert reply.status_code == 303, reply.text
        return self.provider.sign_in_at(reply.headers["location"], code)

    def sign_in(self, *roles: str, sub: str = "sub-1", name: str = "Dr Karimova") -> httpx.Response:
        """Somebody signs in whose groups give these roles."""
        wanted = {"sub": sub, "name": name, "groups": [group(role) for role in roles]}
        self.provider.claims = {**wanted, **self.provider.claims}
        reply = self.client.get("/signed-in", params=self.out_and_back(), follow_redirects=False)
        self.provider.claims = {
            key: value for key, value in self.provider.claims.items() if key not in wanted or value != wanted[key]
        }
        return reply

    def come_in(self) -> None:
        """A clinician signs in."""
        reply = self.sign_in("clinician")
        assert reply.status_code == 303, reply.text

    def send(self, address: str, **fields: str) -> httpx.Response:
        """Sends a form of ours."""
        return self.client.post(address, data={"token": self.token(), **fields}, headers=OURS, follow_redirects=False)

    def ask(self, address: str, body: object) -> httpx.Response:
        """Asks the JSON interface as a page of ours does."""
        return self.client.post(address, json=body, headers=OURS | {"x-form-token": self.token()})

    def trail(self) -> list[Line]:
        """Every entry, the newest first."""
        assert self.register is not None
        with self.register.reading() as connection:
            return lines(connection, Wish(), 10_000)


@contextmanager
def clinic_bench(desk: Desk, folder: Path, clinic: Clinic = CLINIC, **limits: int) -> Iterator[ClinicBench]:
    """A clinic's server on a register of its own, until it is left."""
    clock, told = [1000.0], list[str]()

    def wall() -> float:
        return START + clock[0] - 1000.0

    def instant() -> str:
        return datetime.fromtimestamp(wall(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    register = init_register(str(folder / "register.db"), folder / "key.pem", Stamp("tests", instant()))
    settings = Settings("0.0.0.0", 8765, lambda: clock[0], lambda: DAY, told.append, "", instant, clinic=clinic)
    most = Limits(per_minute=100_000, heavy_per_minute=10_000, sign_ins_per_minute=10_000)
    provider = FakeProvider(wall)
    app, _ = server(replace(settings, limits=replace(most, **limits)), desk, register, provider.transport())
    with TestClient(app, base_url=clinic.address, raise_server_exceptions=False) as client:
        yield ClinicBench(app, clock, told, client, provider, register)
    register.close()


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token that says of itself that it is not signed."""
    parts = ({"alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts) + "."


def kept_course(bench: ClinicBench, record: str, name: str = "Nilufar Karimova") -> str:
    """A record that a clinician keeps: where its page is."""
    home = bench.send("/read", text=record).headers["location"]
    reply = bench.send(f"{home}/keep", name=name, number="A-17")
    assert re.fullmatch(r"/course/\w+", reply.headers["location"])
    return str(reply.headers["location"])
