"""Signing in at a clinic: out to the provider and back, once each, in the same browser; and signing out."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.response import Redirect

from isocourse.web.door import client_of, cookie
from isocourse.web.provider import NotAnsweringError, NotBelievedError, Provider
from isocourse.web.rates import Rates
from isocourse.web.refusals import NotAllowedError, NotSignedInError, RefusalError, TooOftenError
from isocourse.web.roles import Needs
from isocourse.web.sessions import Session
from isocourse.web.settings import Settings
from isocourse.web.speech import speech_of
from isocourse.web.visit import Asking, House, house_of, language_of, made_page, session_of
from isocourse.web.watch import watched

LOG = logging.getLogger("isocourse.web")
LONGEST_S = 600.0
"""Somebody who began to sign in must be back by then."""
MOST = 10_000
"""Sign-ins under way; the oldest goes first."""
BROWSER = "__Host-isocourse-sign-in"
"""The cookie that ties a sign-in to the browser in which it was begun."""
NAMES = ("name", "preferred_username", "email")
"""Where the provider says what people call somebody; the first that is there."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Begun:
    """One sign-in under way."""

    browser: str
    nonce: str
    verifier: str
    at: float


class Entrance:
    """The provider, and the sign-ins under way."""

    def __init__(self, settings: Settings, provider: Provider) -> None:
        self.provider, self._settings = provider, settings
        self._begun: dict[str, Begun] = {}
        self._knocks = Rates(settings.now)

    def knock(self, who: str) -> None:
        """Counts a try to come in.

        Raises:
            TooOftenError: too many of them.
        """
        if wait := self._knocks.wait_s(who, self._settings.limits.sign_ins_per_minute):
            raise TooOftenError("too many tries to come in; wait a moment. Nothing was done.", wait)

    async def begin(self) -> tuple[str, str]:
        """Where to send somebody, and what their browser is to keep."""
        state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        address = await self.provider.way_in(state, nonce, verifier)
        self._begun[_hash(state)] = Begun(_hash(browser), nonce, verifier, self._settings.now())
        while len(self._begun) > MOST:
            del self._begun[next(iter(self._begun))]
        return address, browser

    def take(self, state: str, browser: str) -> Begun | None:
        """The sign-in that somebody comes back from: once, in time, and in the browser in which it was begun."""
        found = self._begun.get(_hash(state))
        if found is None or not hmac.compare_digest(found.browser, _hash(browser)):
            return None
        del self._begun[_hash(state)]
        return found if self._settings.now() - found.at <= LONGEST_S else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


@get("/sign-in", opt={"needs": Needs.NOTHING}, include_in_schema=False)
async def sign_in(request: Asking) -> Redirect:
    """Sends somebody to the provider."""
    entrance: Entrance = request.app.state.entrance
    entrance.knock(client_of(request))
    try:
        address, browser = await entrance.begin()
    except NotAnsweringError as problem:
        raise _away(problem) from None
    kept = _bound(browser, int(LONGEST_S))
    return Redirect(address, status_code=303, cookies=[kept])


def _bound(browser: str, seconds: int) -> Cookie:
    return Cookie(key=BROWSER, value=browser, path="/", httponly=True, secure=True, samesite="lax", max_age=seconds)


@get("/signed-in", opt={"needs": Needs.NOTHING}, include_in_schema=False)
async def signed_in(request: Asking) -> Redirect:
    """Somebody comes back from the provider: a new session, or one line that says why not."""
    house = house_of(request)
    entrance: Entrance = request.app.state.entrance
    entrance.knock(client_of(request))
    code, state, issuer, error = (_said(request, name) for name in ("code", "state", "iss", "error"))
    begun = entrance.take(state, request.cookies.get(BROWSER, ""))
    if begun is None:
        LOG.warning("sign-in refused: it was not begun here, was used already, or is too old")
        raise NotSignedInError(
            "this sign-in was begun in another browser, was used already, or took too long; begin again. Nobody was signed in."
        )
    try:
        await entrance.provider.answered_by(issuer)
        if error or not code:
            LOG.warning("sign-in refused: the provider did not let somebody in")
            raise NotSignedInError("the sign-in service did not let you in; begin again. Nobody was signed in.")
        claims = await entrance.provider.claims(code, begun.nonce, begun.verifier)
    except NotAnsweringError as problem:
        raise _away(problem) from None
    except NotBelievedError as problem:
        LOG.warning("sign-in refused: %s", problem)
        raise NotSignedInError(
            "what the sign-in service answered cannot be trusted; begin again, or tell whoever runs the workbench. Nobody was signed in."
        ) from None
    return _opened(request, house, claims)


def _said(request: Asking, name: str) -> str:
    """A part of the address that somebody comes back with; one that stands twice says nothing."""
    found = request.query_params.getall(name, [])
    return str(found[0]) if len(found) == 1 else ""


def _away(problem: NotAnsweringError) -> RefusalError:
    LOG.warning("sign-in refused: the provider does not answer: %s", problem)
    return RefusalError(
        "the sign-in service does not answer; try again in a moment, or tell whoever runs the workbench. Nobody was signed in.",
        503,
    )


def _opened(request: Asking, house: House, claims: Mapping[str, object]) -> Redirect:
    clinic = house.settings.clinic
    assert clinic is not None
    who, roles, now = str(claims["sub"]), clinic.roles_of(claims), house.settings.now()
    if not roles:
        watched(request.scope, Session(who, roles, now, now, called=_called(claims)))
        raise NotAllowedError(
            "you are known to the sign-in service, and have no role here; ask whoever runs the workbench for one. Nobody was signed in."
        )
    house.sessions.close(request.cookies.get(house.settings.cookie, ""))
    key, session = house.sessions.open(who, roles)
    session.called, session.language = _called(claims), language_of(request)
    watched(request.scope, session)
    return Redirect("/", status_code=303, cookies=[cookie(house.settings, key), _bound("", 0)])


def _called(claims: Mapping[str, object]) -> str:
    for name in NAMES:
        said = claims.get(name)
        if isinstance(said, str) and said.strip():
            return "".join(letter for letter in said.strip() if letter.isprintable())[:LONGEST_NAME]
    return ""


@get("/signed-out", opt={"needs": Needs.NOTHING}, include_in_schema=False)
async def signed_out(request: Asking) -> Response[str] | Redirect:
    """What is left to do after signing out: the provider may still know this browser."""
    if session_of(request) is not None:
        return Redirect("/", status_code=303)
    entrance: Entrance = request.app.state.entrance
    given = {"line": "", "out": await entrance.provider.way_out()}
    return made_page(house_of(request), "sign_in.html", speech_of(language_of(request)), None, 200, given)


HANDLERS = (sign_in, signed_in, signed_out)
