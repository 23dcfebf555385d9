"""The language of the pages: chosen in the head of every page, kept with the session."""

from __future__ import annotations

from litestar import post
from litestar.response import Redirect

from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.speech import LANGUAGES
from isocourse.web.visit import Visiting


@post("/language", opt={"needs": Needs.KNOWLEDGE}, include_in_schema=False)
async def choose(visit: Visiting) -> Redirect:
    """Another language; then back to the page it was chosen on."""
    form = await visit.form("language", "back")
    if form.text("language") not in LANGUAGES:
        raise RefusalError("this language is not one of ours. Nothing was changed.")
    visit.session.language = form.text("language")
    back = form.text("back")
    return visit.go(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")


HANDLERS = (choose,)
