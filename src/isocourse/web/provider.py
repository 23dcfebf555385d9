"""The provider that vouches for people (OpenID Connect): where it is, what it signs with, and whether what it says is to be believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from isocourse.web.clinic import Clinic, trusted_address

T = TypeVar("T")
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""What a token may be signed with: a key that only the provider has. Never "none", never a secret that both sides know."""
SCOPE = "openid profile"
WAIT_S = 10.0
"""How long the provider may take to answer."""
KEPT_S = 3600.0
"""How long what the provider says of itself is kept."""
KEYS_AGAIN_S = 60.0
"""An unknown key is asked for no more often than this."""
LEEWAY_S = 60
"""How far the two clocks may be apart."""


class NotAnsweringError(Exception):
    """The provider does not answer, or not as a provider does. The text is for the log: it holds nothing that was sent."""


class NotBelievedError(Exception):
    """What the provider, or somebody in its name, said is not to be believed. The text is for the log."""


class About(msgspec.Struct, frozen=True):
    """What a provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Provider:
    """One provider, and what is known of it."""

    def __init__(
        self, clinic: Clinic, now: Callable[[], float], wall: Callable[[], float], transport: object = None
    ) -> None:
        self.clinic, self._now, self._wall = clinic, now, wall
        self._transport = transport
        self._about: About | None = None
        self._about_at = self._keys_at = -KEPT_S
        self._keys: dict[str, object] = {}

    async def about(self) -> About:
        """What the provider says of itself; asked again after an hour, and the last answer stands where there is none.

        Raises:
            NotAnsweringError: it never answered, or it is another one than was named.
        """
        if self._about is None or self._now() - self._about_at > KEPT_S:
            try:
                self._about, self._about_at = await self._asked_about(), self._now()
            except NotAnsweringError:
                if self._about is None:
                    raise
        return self._about

    async def _asked_about(self) -> About:
        place = f"{self.clinic.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = await self._fetched(place, About)
        if found.issuer != self.clinic.issuer:
            raise NotAnsweringError("it calls itself by another name than --issuer")
        needed = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        offered = tuple(each for each in (found.userinfo_endpoint, found.end_session_endpoint) if each)
        if not all(map(trusted_address, needed + offered)):
            raise NotAnsweringError("an address of it is not https")
        return found

    async def _fetched(self, place: str, kind: type[T], **headers: str) -> T:
        import httpx2

        try:
            async with self._client() as client:
                answer = await client.request("GET", place, withhold_token=True, headers=headers)
            if answer.status_code != 200:
                raise NotAnsweringError(f"status {answer.status_code} instead of what was asked")
            return msgspec.json.decode(answer.content, type=kind)
        except httpx2.HTTPError as problem:
            raise NotAnsweringError(type(problem).__name__) from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise NotAnsweringError("its answer is not what a provider says") from None

    def _client(self, method: str = "client_secret_basic") -> Any:  # noqa: ANN401 - a library without types
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        given: dict[str, object] = {"timeout": WAIT_S, "follow_redirects": False}
        if self._transport is not None:
            given["transport"] = self._transport
        return AsyncOAuth2Client(
            self.clinic.client_id,
            self.clinic.client_secret,
            token_endpoint_auth_method=method,
            scope=SCOPE,
            redirect_uri=self.clinic.back,
            code_challenge_method="S256",
            **given,
        )

    async def way_in(self, state: str, nonce: str, verifier: str) -> str:
        """The address at the provider to which somebody is sent to sign in."""
        about = await self.about()
        address, _ = self._client().create_authorization_url(
            about.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
        )
        return str(address)

    async def way_out(self) -> str:
        """The address at which somebody ends the session at the provider itself; empty where it has none."""
        try:
            place = (await self.about()).end_session_endpoint
        except NotAnsweringError:
            return ""
        return (
            f"{place}{'&' if '?' in place else '?'}{urlencode({'client_id': self.clinic.client_id})}" if place else ""
        )

    async def answered_by(self, issuer: str) -> None:
        """Whether an answer names the provider that was asked (RFC 9207): no other one may slip in its own.

        Raises:
            NotBelievedError: it names another one, or none where it always does.
        """
        expected = (await self.about()).authorization_response_iss_parameter_supported
        if (issuer and issuer != self.clinic.issuer) or (expected and not issuer):
            raise NotBelievedError("the answer is of another issuer")

    async def claims(self, code: str, nonce: str, verifier: str) -> Mapping[str, object]:
        """What the provider says of whoever came back with a code.

        Raises:
            NotAnsweringError: it does not answer.
            NotBelievedError: what it says is not signed by it, not for us, not of now, or not of this sign-in.
        """
        about = await self.about()
        token = await self._token(about, code, verifier)
        claims = await self._believed(about, str(token.get("id_token") or ""), str(token["access_token"]), nonce)
        if self.clinic.says(claims) or not about.userinfo_endpoint:
            return claims
        more = await self._fetched(
            about.userinfo_endpoint, dict[str, object], authorization=f"Bearer {token['access_token']}"
        )
        if more.get("sub") != claims["sub"]:
            raise NotBelievedError("what it says of somebody is of somebody else")
        return {**more, **claims}

    async def _token(self, about: About, code: str, verifier: str) -> Mapping[str, object]:
        import httpx2
        from authlib.common.errors import AuthlibBaseError

        methods = about.token_endpoint_auth_methods_supported
        method = "client_secret_post" if "client_secret_basic" not in methods else "client_secret_basic"
        try:
            async with self._client(method) as client:
                token = await client.fetch_token(
                    about.token_endpoint, code=code, code_verifier=verifier, grant_type="authorization_code"
                )
        except httpx2.HTTPError as problem:
            raise NotAnsweringError(type(problem).__name__) from None
        except AuthlibBaseError:
            raise NotBelievedError("the provider did not take the code") from None
        except ValueError:
            raise NotAnsweringError("its answer is no token") from None
        if not isinstance(token.get("access_token"), str) or not isinstance(token.get("id_token"), str):
            raise NotBelievedError("there is no identity in its answer")
        return dict(token)

    async def _believed(self, about: About, text: str, access: str, nonce: str) -> dict[str, object]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        try:
            try:
                token = jwt.decode(text, await self._key_set(about), algorithms=ALGORITHMS)
            except InvalidKeyIdError:
                token = jwt.decode(text, await self._key_set(about, anew=True), algorithms=ALGORITHMS)
            options = {
                "iss": {"essential": True, "value": self.clinic.issuer},
                "aud": {"essential": True, "value": self.clinic.client_id},
            }
            params = {"nonce": nonce, "client_id": self.clinic.client_id, "access_token": access}
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=int(self._wall()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError) as problem:
            raise NotBelievedError(f"the identity does not hold: {type(problem).__name__}{_which(problem)}") from None
        subject = claims["sub"]
        if not (isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isprintable()):
            raise NotBelievedError("the identity names nobody")
        return dict(claims)

    async def _key_set(self, about: About, *, anew: bool = False) -> Any:  # noqa: ANN401 - the library's own
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet, import_key

        if not self._keys or (anew and self._now() - self._keys_at > KEYS_AGAIN_S):
            self._keys, self._keys_at = await self._fetched(about.jwks_uri, dict[str, object]), self._now()
        listed, keys = self._keys.get("keys"), []
        for each in listed if isinstance(listed, list) else []:
            if isinstance(each, dict) and each.get("kty") in ("RSA", "EC") and each.get("use", "sig") == "sig":
                try:
                    keys.append(import_key(each))
                except (JoseError, ValueError):
                    continue
        return KeySet(keys)


def _which(problem: Exception) -> str:
    """The name of the claim that does not hold; never its value."""
    claim = getattr(problem, "claim", "")
    return f" ({claim})" if claim else ""
