"""The server: its routes, who may use them, and what is said when something goes wrong."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Litestar, MediaType, Response, Router, get
from litestar.config.compression import CompressionConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import FromPath
from litestar.types import Scope

from isocourse.decisions.wording import Wording
from isocourse.facts.days import parse_span
from isocourse.facts.sentence import in_language
from isocourse.register.problem import RegisterError
from isocourse.web import api, door, pages
from isocourse.web.desk import Desk
from isocourse.web.door import Door
from isocourse.web.doorkeeper import LOG, Doorkeeper
from isocourse.web.rates import Rates
from isocourse.web.ready import settle
from isocourse.web.refusals import NotAllowedError, NotSignedInError, RefusalError, TooOftenError, to_say
from isocourse.web.resend import keep_what_was_sent, sent_again
from isocourse.web.roles import EVERYTHING, Needs, may
from isocourse.web.served_files import served_files
from isocourse.web.sessions import Session, Sessions
from isocourse.web.settings import Settings
from isocourse.web.speech import Speech, speech_of
from isocourse.web.strict import RawSchema
from isocourse.web.troubles import line_of, status_of
from isocourse.web.visit import Asking, House, house_of, language_of, made_page, origin_is_ours, session_of, visit_of
from isocourse.web.watch import WATCHED, Watch, watched

if TYPE_CHECKING:
    from isocourse.register.register import Register
    from isocourse.web.ahead import Ahead
    from isocourse.web.shelf import Shelf
    from isocourse.web.sign_in import Entrance

HERE = Path(__file__).parent
SAFE = ("GET", "HEAD", "OPTIONS")


def server(
    settings: Settings, desk: Desk, register: Register | RegisterError | None = None, transport: object = None
) -> tuple[Doorkeeper, Door]:
    """The whole server, and the door at which a start address can be asked for.

    Args:
        settings: what it is told.
        desk: the knowledge.
        register: patients and courses, or why they cannot be used, which its pages then tell; a clinic needs one, since the trail
            of who looks at what is kept there.
        transport: how the provider is reached, if not over the network.
    """
    assert not isinstance(register, RegisterError | None) or settings.clinic is None, (
        "a clinic needs a register: the trail is kept there"
    )
    unread = register if isinstance(register, RegisterError) else None
    opened = None if isinstance(register, RegisterError) else register
    shelf, ahead = _shelf(opened, desk) if opened is not None else (None, None)
    sessions, files = Sessions(settings.now, settings.limits), served_files(HERE / "static")
    house = House(settings, desk, sessions, _pages(), files, shelf, ahead, unread)
    at_door = Door(settings)
    entrance, entrances = _entrance(settings, transport)
    app = Litestar(
        [*entrances, *door.HANDLERS, *pages.HANDLERS, *api.HANDLERS, file_of_ours, icon],
        guards=[guard],
        dependencies={"visit": Provide(visit_of)},
        exception_handlers={
            RefusalError: refused,
            RegisterError: register_trouble,
            HTTPException: not_answered,
            Exception: went_wrong,
        },
        openapi_config=OpenAPIConfig(
            "Isocourse",
            "1",
            description="Judges a course of oral isotretinoin under published guidance. The same answers as the command line.",
            path="/api",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
            openapi_router=Router("/api", route_handlers=[], opt={"needs": Needs.KNOWLEDGE}),
        ),
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=1000, gzip_compress_level=5, exclude=["^/static/"]
        ),
        plugins=[RawSchema()],
        request_max_body_size=settings.limits.body_bytes,
        logging_config=None,
        debug=False,
        state=State({"house": house, "door": at_door, "heavy": Rates(settings.now), "entrance": entrance}),
        on_startup=[partial(settle, house)],
    )
    if opened is None or settings.clinic is None:
        return Doorkeeper(app, settings), at_door
    from isocourse.register.trail import Trail

    watch = Watch(Trail(opened), settings.instant)
    return Doorkeeper(app, settings, watch, lambda scope: unwritten(house, scope)), at_door


def _entrance(settings: Settings, transport: object) -> tuple[Entrance | None, tuple[HTTPRouteHandler, ...]]:
    """How people come in, and the routes for it."""
    if settings.clinic is None:
        return None, door.AT_THIS_MACHINE
    from isocourse.web import sign_in
    from isocourse.web.provider import Provider

    wall = lambda: datetime.fromisoformat(settings.instant()).timestamp()  # noqa: E731
    return sign_in.Entrance(settings, Provider(settings.clinic, settings.now, wall, transport)), sign_in.HANDLERS


def _shelf(register: Register, desk: Desk) -> tuple[Shelf, Ahead]:
    from isocourse.web.ahead import Ahead  # a workbench without a register loads no database
    from isocourse.web.judging import Judging
    from isocourse.web.shelf import Shelf

    shelf = Shelf(register, desk.library, Judging(register, desk.library))
    return shelf, Ahead(desk, shelf)


def _pages() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters["twice"] = lambda text: (text, text)
    env.filters["with_words"] = _with_words
    env.filters["told"] = _told_in
    env.filters["day"] = _day_in
    env.filters["capital"] = lambda text: text[:1].upper() + text[1:]
    return env


@pass_context
def _with_words(context: Context, value: str) -> tuple[str, str]:
    """A value or a unit of a form, and what it is called in the language of the page; as it stands where nobody translates it."""
    w: Wording = context["w"]
    told = value.replace("_", " ")
    return value, w(told) if w.translated(told) else told


@pass_context
def _told_in(context: Context, text: str) -> str:
    """A text in the language of the page: a sentence of ours is told anew, anything else stays as it is."""
    w: Wording = context["w"]
    return in_language(text, w)


@pass_context
def _day_in(context: Context, text: str) -> str:
    """A day that was written as year, month and day, as readers of the page write it; what is no whole day stays as it is."""
    speech: Speech = context["speech"]
    try:
        span = parse_span(text)
    except ValueError:
        return text
    return speech.day(span.first) if span.known else text


# who may ----------------------------------------------------------------------------------------------------------------
async def guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]  # any of them
    """Lets a request through to a route if whoever asks may use it; a route that does not say who may is closed."""
    needs = handler.opt.get("needs")
    if needs is Needs.NOTHING:
        return
    session = _program(connection) or session_of(connection)
    if session is None:
        if origin_is_ours(connection, house_of(connection).settings):
            await keep_what_was_sent(connection)
        raise NotSignedInError("nobody is signed in. Nothing was done.")
    if needs in WATCHED:
        watched(connection.scope, session)
    if needs is None or not may(session.roles, needs):
        raise NotAllowedError("your role does not allow this. Nothing was done.")
    if handler.opt.get("heavy"):
        _slow_down(connection, session)
    if connection.scope.get("method") not in SAFE and connection.url.path.startswith("/api/"):
        _from_our_page(connection, session)


def _program(connection: ASGIConnection) -> Session | None:  # type: ignore[type-arg]  # any of them
    """A program on this machine that has the server's own token; it has no cookie, so nobody can send it unawares."""
    import hmac

    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    settings = house_of(connection).settings
    if kind.lower() != "bearer" or not settings.api_token:
        return None
    if not hmac.compare_digest(token.encode(), settings.api_token.encode()):
        return None
    session = Session(to_say("a program on this machine"), EVERYTHING, settings.now(), settings.now())
    connection.scope["isocourse_session"] = session  # type: ignore[typeddict-unknown-key]  # as ASGI allows
    connection.scope["isocourse_program"] = True  # type: ignore[typeddict-unknown-key]
    return session


def _from_our_page(connection: ASGIConnection, session: Session) -> None:  # type: ignore[type-arg]  # any of them
    if connection.scope.get("isocourse_program"):
        return
    ours = origin_is_ours(connection, house_of(connection).settings)
    if not ours or not session.knows(connection.headers.get("x-form-token", "")):
        raise NotAllowedError(
            "send the bearer token that the server printed, or come from a page of ours. Nothing was done."
        )


def _slow_down(connection: ASGIConnection, session: Session) -> None:  # type: ignore[type-arg]  # any of them
    rates, limits = connection.app.state.heavy, house_of(connection).settings.limits
    if wait := rates.wait_s(
        str(id(session)) if not connection.scope.get("isocourse_program") else "program", limits.heavy_per_minute
    ):
        raise TooOftenError("too many long requests; wait a moment. Nothing was done.", wait)


# what is said when something goes wrong ---------------------------------------------------------------------------------
def refused(request: Asking, problem: RefusalError) -> Response[str]:
    """A refusal of ours."""
    headers = {"retry-after": str(int(problem.wait_s) + 1)} if isinstance(problem, TooOftenError) else {}
    return _told(request, problem.status, problem.line, headers)


def register_trouble(request: Asking, problem: RegisterError) -> Response[str]:
    """The register could not be read or written."""
    session = session_of(request)
    headers = {"retry-after": "5"} if status_of(problem) == 503 else {}
    language = session.language if session else language_of(request)
    line = line_of(speech_of(language), problem, house_of(request).desk.words(language))
    return _told(request, status_of(problem), line, headers)


LINES = {
    404: to_say("there is nothing at this address. Nothing was done."),
    405: to_say("this address does not take this kind of request. Nothing was done."),
    413: to_say("the request is too large. Nothing was done."),
}


def not_answered(request: Asking, problem: HTTPException) -> Response[str]:
    """A refusal of the web library: its own words may repeat what was sent, so ours stand in their place."""
    status = problem.status_code
    line = LINES.get(status, to_say("the request cannot be read as what this address takes. Nothing was done."))
    headers = {name: text for name, text in (problem.headers or {}).items() if name.lower() == "allow"}
    return _told(request, status, line, headers)


def went_wrong(request: Asking, problem: Exception) -> Response[str]:
    """A mistake of ours: where it happened is logged, never with what."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    LOG.error("mistake: %s in %s:%d", type(problem).__name__, Path(last.filename).name, last.lineno or 0)
    return _told(request, 500, to_say("a mistake of this program; its place was logged. Nothing was done."), {})


def _told(request: Asking, status: int, line: str, headers: Mapping[str, str]) -> Response[str]:
    import msgspec

    if request.url.path.startswith("/api"):
        body = msgspec.json.encode({"status": status, "line": line}).decode()
        return Response(body, media_type=MediaType.JSON, status_code=status, headers=dict(headers))
    house, session = house_of(request), session_of(request)
    speech = speech_of(session.language if session else language_of(request))
    at_the_door = "door.html" if house.settings.clinic is None else "sign_in.html"
    template = at_the_door if session is None and status == 401 else "refused.html"
    given = {"line": speech(line), "status": status, "told": False, "out": ""}
    given |= sent_again(request, status, ours=origin_is_ours(request, house.settings))
    page = made_page(house, template, speech, session, status, given)
    page.headers.update(headers)
    return page


def unwritten(house: House, scope: Scope) -> tuple[str, bytes]:
    """What is sent when an answer must not be, because the trail of who looks at what cannot be written."""
    import msgspec

    if scope.get("method") in SAFE:
        line = to_say(
            "the trail of who looks at what cannot be written, so this is not shown; try again in a moment, or tell whoever runs the workbench."
        )
    else:
        line = to_say(
            "the trail of who does what cannot be written, so the answer is not shown. What you sent may be kept: look before you send it again."
        )
    session: Session | None = scope.get("isocourse_watched")  # type: ignore[assignment]  # a scope holds anything
    if scope["path"].startswith("/api"):
        return "application/json", msgspec.json.encode({"status": 503, "line": line})
    speech = speech_of(session.language if session else "en")
    given = {
        "line": speech(line),
        "status": 503,
        "sent": {},
        "sent_to": "",
    }  # a form is not handed back: it may be kept
    page = made_page(house, "refused.html", speech, session, 503, given)
    return "text/html; charset=utf-8", page.content.encode()


# files ------------------------------------------------------------------------------------------------------------------
@get("/static/{mark:str}/{name:str}", opt={"needs": Needs.NOTHING}, include_in_schema=False, sync_to_thread=False)
def file_of_ours(request: Asking, mark: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A file for browsers; it may be kept for ever, since another content has another address."""
    file = house_of(request).files.get(name)
    if file is None or file.address != f"/static/{mark}/{name}":
        raise RefusalError(LINES[404], 404)
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(file.packed if packed else file.plain, media_type=file.kind, headers=headers)


@get("/favicon.ico", opt={"needs": Needs.NOTHING}, include_in_schema=False, sync_to_thread=False)
def icon(request: Asking) -> Response[bytes]:
    """The mark, for browsers that ask for it by this name."""
    file = house_of(request).files["mark.svg"]
    return Response(file.plain, media_type=file.kind)
