"""One request as the pages see it: who asks, in which language, with which knowledge; and how a page is made for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from jinja2 import Environment
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.response import Redirect

from isocourse.decisions.wording import Wording
from isocourse.register.problem import AbsentError, RegisterError
from isocourse.web.desk import Desk
from isocourse.web.patients import Patient
from isocourse.web.refusals import NotSignedInError, RefusalError
from isocourse.web.resend import stash
from isocourse.web.roles import Needs, may
from isocourse.web.served_files import Served
from isocourse.web.sessions import Session, Sessions
from isocourse.web.settings import Settings
from isocourse.web.speech import LANGUAGES, Speech, speech_of
from isocourse.web.strict import Form, form_of, own_form
from isocourse.web.watch import saw

if TYPE_CHECKING:
    from isocourse.web.ahead import Ahead
    from isocourse.web.shelf import Shelf

Asking = Request[Any, Any, State]
Connection = ASGIConnection[Any, Any, Any, State]


@dataclass(frozen=True, slots=True)
class House:
    """What the server was made of; one for each server."""

    settings: Settings
    desk: Desk
    sessions: Sessions
    pages: Environment
    files: Mapping[str, Served]
    shelf: Shelf | None = None
    """The register, if the server was started with one."""
    ahead: Ahead | None = None
    """Who makes Today ready before it is asked for."""
    unread: RegisterError | None = None
    """Why the register that the server was started with cannot be used, if it cannot."""


class Visit:
    """One request by somebody who is signed in."""

    def __init__(self, request: Asking, house: House, session: Session) -> None:
        self.request, self.house, self.session = request, house, session
        self.desk, self.settings = house.desk, house.settings

    @property
    def speech(self) -> Speech:
        """The language of whoever asks."""
        return speech_of(self.session.language)

    @property
    def words(self) -> Wording:
        """The clinical words of that language."""
        return self.desk.words(self.session.language)

    def may(self, needs: Needs) -> bool:
        """Whether whoever asks may do this."""
        return may(self.session.roles, needs)

    def saw(self, *courses: str) -> None:
        """Notes for the trail that the answer shows these courses, where the address does not name them."""
        saw(self.request.scope, *courses)

    def page(self, template: str, *, status: int = 200, **given: object) -> Response[str]:
        """A page in the language of whoever asks."""
        return made_page(self.house, template, self.speech, self.session, status, given)

    def go(self, address: str) -> Redirect:
        """On to another page, after a form was taken."""
        return Redirect(address, status_code=303)

    async def form(self, *names: str) -> Form:
        """The form that was sent, if it is one of ours and has no field but these.

        Raises:
            RefusalError: it is not.
        """
        form = form_of(await self.request.body(), self.request.headers.get("content-type", ""))
        stash(self.request, form)
        own_form(self.session.knows(form.text("token")), origin_is_ours(self.request, self.settings))
        return form.only("token", *names) if names else form

    def patient(self, handle: str) -> Patient:
        """A record at hand, a sample, or a course of the register as of its last entry, whoever wrote that.

        Raises:
            RefusalError: it is not at hand, or no longer.
            RegisterError: the register cannot be read.
        """
        found = self.session.patients.get(handle) or self.desk.samples.get(handle)
        if found is None or found.version:
            found = self._of_register(handle, found)
        if found is None:
            raise RefusalError(
                self.speech("This record is not at hand any more; it was never stored. Enter it again."), 404
            )
        if found.by_today and found.asked.as_of != self.settings.today():
            found.asked = msgspec.structs.replace(found.asked, as_of=self.settings.today())
        return found

    def ahead(self, *courses: str, at_hand: bool = False) -> None:
        """Has Today of these courses made ready, for the click that may follow."""
        if self.house.ahead is not None:
            self.house.ahead.of(courses, self.settings.today(), self.session.language, at_hand=at_hand)

    def _of_register(self, course: str, before: Patient | None) -> Patient | None:
        """A course of the register: as it was at hand, if nothing was written since, or read anew."""
        shelf, today = self.house.shelf, self.settings.today()
        if shelf is None:
            return None
        from isocourse.web.courses import at_hand  # a workbench without a register loads no database

        try:
            found = at_hand(shelf, course, before, today)
        except AbsentError:
            return None
        self.session.keep(found, self.settings.limits.patients)
        return found


Visiting = NamedDependency[Visit]
"""A visit, as handlers are given it."""


def origin_is_ours(request: Connection, settings: Settings) -> bool:
    """Whether a browser says that the request came from our own page. One that says nothing is not believed."""
    origin = request.headers.get("origin")
    if origin is not None and origin != "null":
        return origin in settings.origins
    return request.headers.get("sec-fetch-site") == "same-origin"


def language_of(connection: Connection) -> str:
    """The first of our languages that the browser asks for."""
    for part in connection.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"


def house_of(connection: Connection) -> House:
    """The server's own things."""
    house: House = connection.app.state.house
    return house


def session_of(connection: Connection) -> Session | None:
    """Who asks: the person behind a cookie, or a program on this machine with the server's own token."""
    house = house_of(connection)
    session: Session | None = connection.scope.get("isocourse_session")  # type: ignore[assignment]  # a scope holds anything
    if session is None and (key := connection.cookies.get(house.settings.cookie)):
        session = house.sessions.find(key)
        connection.scope["isocourse_session"] = session  # type: ignore[typeddict-unknown-key]  # as ASGI allows
    return session


async def visit_of(request: Asking) -> Visit:
    """The visit of a request; its guard has let it through.

    Raises:
        NotSignedInError: nobody is signed in.
    """
    session = session_of(request)
    if session is None:
        raise NotSignedInError("nobody is signed in. Nothing was done.")
    visit = Visit(request, house_of(request), session)
    if visit.house.ahead is not None and visit.may(Needs.PATIENT):
        visit.house.ahead.of_seen_last(visit.settings.today(), session.language)
    return visit


def made_page(
    house: House, template: str, speech: Speech, session: Session | None, status: int, given: Mapping[str, object]
) -> Response[str]:
    """A page; never kept by a browser or anyone between."""
    shared = {
        "_": speech,
        "speech": speech,
        "counted": speech.count,
        "w": house.desk.words(speech.language),
        "session": session,
        "languages": LANGUAGES,
        "static": {name: file.address for name, file in house.files.items()},
        "registered": house.shelf is not None or house.unread is not None,
        "clinic": house.settings.clinic is not None,
        "token": session.form_token() if session else "",
        "may": (lambda needs: may(session.roles, Needs(needs))) if session else (lambda _: False),
    }
    text = house.pages.get_template(template).render({**shared, **given})
    return Response(text, media_type=MediaType.HTML, status_code=status)
