"""Coming in at this machine: a start address that opens one session, once, told at the terminal, never in the browser; and leaving."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from litestar import MediaType, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery
from litestar.response import Redirect

from isocourse.web.rates import Rates
from isocourse.web.refusals import NotAllowedError, NotSignedInError, TooOftenError, to_say
from isocourse.web.roles import EVERYTHING, Needs
from isocourse.web.settings import Settings
from isocourse.web.speech import speech_of
from isocourse.web.visit import Asking, Visit, house_of, language_of, made_page, origin_is_ours, session_of
from isocourse.web.watch import watched


class Door:
    """The start tokens that have not been used. Only their hashes are kept."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._open = settings, set[str]()
        self._knocks = Rates(settings.now)

    def tell(self) -> None:
        """Says a new start address at the terminal; older ones no longer open."""
        token = secrets.token_urlsafe(24)
        self._open = {_hash(token)}
        self._settings.tell(f"http://{self._settings.host}:{self._settings.port}/start?token={token}")

    def opens(self, token: str) -> bool:
        """Whether the token opens; it does so once."""
        found = next((each for each in self._open if hmac.compare_digest(each, _hash(token))), None)
        self._open.discard(found or "")
        return found is not None

    def knock(self, who: str) -> None:
        """Counts a try to come in.

        Raises:
            TooOftenError: too many of them.
        """
        if wait := self._knocks.wait_s(who, self._settings.limits.knocks_per_minute):
            raise TooOftenError("too many tries to come in; wait a moment. Nothing was done.", wait)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@get("/start", opt={"needs": Needs.NOTHING}, include_in_schema=False, sync_to_thread=False)
def start(request: Asking, token: FromQuery[str] = "") -> Redirect:
    """Opens a session for whoever has the start address, and leads on to an address without the token."""
    house = house_of(request)
    door: Door = request.app.state.door
    door.knock(client_of(request))
    if not door.opens(token):
        raise NotSignedInError(
            "this start address was used already, or is old; ask for a new one below. Nothing was done."
        )
    key, session = house.sessions.open(to_say("the person at this machine"), EVERYTHING)
    session.language = language_of(request)
    return Redirect("/", status_code=303, cookies=[cookie(house.settings, key)])


def cookie(settings: Settings, key: str) -> Cookie:
    """The session cookie: for this server alone, out of reach of scripts, gone with the browser."""
    return Cookie(key=settings.cookie, value=key, path="/", httponly=True, secure=settings.secure, samesite="lax")


@post("/knock", opt={"needs": Needs.NOTHING}, include_in_schema=False, status_code=200, sync_to_thread=False)
def knock(request: Asking) -> Response[str]:
    """Says a new start address at the terminal."""
    house = house_of(request)
    if not origin_is_ours(request, house.settings):
        raise NotAllowedError("the form was sent from another site. Nothing was done.")
    door: Door = request.app.state.door
    door.knock(client_of(request))
    door.tell()
    return made_page(house, "door.html", speech_of(language_of(request)), None, 200, {"told": True})


@post("/leave", opt={"needs": Needs.NOTHING}, include_in_schema=False)
async def leave(request: Asking) -> Redirect:
    """Ends the session; what it held at hand is forgotten."""
    house, session = house_of(request), session_of(request)
    if session is not None:
        await Visit(request, house, session).form("token")
        house.sessions.close(request.cookies[house.settings.cookie])
        watched(request.scope, session)
    gone = cookie(house.settings, "")
    gone.max_age = 0
    return Redirect("/signed-out" if house.settings.clinic else "/", status_code=303, cookies=[gone])


@get("/alive", opt={"needs": Needs.NOTHING}, include_in_schema=False, media_type=MediaType.TEXT, sync_to_thread=False)
def alive() -> str:
    """Whether the server answers; nothing else is said."""
    return "alive\n"


def client_of(request: Asking) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


AT_THIS_MACHINE = (start, knock)
"""How the person at this machine comes in; a clinic has no such door."""
HANDLERS = (leave, alive)
