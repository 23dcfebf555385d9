"""What was filled in when a session had ended or the register was busy: it comes back with the refusal, to be sent once more."""

from __future__ import annotations

from typing import Any

from litestar import Request

from isocourse.web.refusals import RefusalError
from isocourse.web.strict import Form, form_of

MOST_BYTES = 512 * 1024
"""The largest form that is handed back; a visit is far smaller, and nobody is signed in yet."""

KEY = "isocourse_sent"
NOT_AGAIN = ("/leave", "/language", "/knock")
"""Forms that hold nothing to lose."""

WORTH_IT = (401, 403, 429, 503, 507)
"""Refusals after which the same form may be taken; any other says what is to be corrected."""


def stash(request: Any, form: Form) -> None:  # noqa: ANN401 - a request of any state
    """Remembers a form of this request, so that a refusal can hand it back."""
    request.scope[KEY] = form.fields


async def keep_what_was_sent(connection: Any) -> None:  # noqa: ANN401 - a connection of any state
    """Reads the form of a request that nobody is signed in for, if it can be handed back."""
    length = int(connection.headers.get("content-length", "0") or 0)
    if not isinstance(connection, Request) or connection.method != "POST" or not 0 < length <= MOST_BYTES:
        return
    try:
        stash(connection, form_of(await connection.body(), connection.headers.get("content-type", "")))
    except RefusalError:
        return


def sent_again(request: Any, status: int, *, ours: bool) -> dict[str, object]:  # noqa: ANN401 - a request of any state
    """For a refusal of a form that came from a page of ours: where it was sent, and its fields but for the old token."""
    fields: dict[str, str] = request.scope.get(KEY, {})
    kept = {name: text for name, text in fields.items() if name != "token" and text}
    path = str(request.url.path)
    again = ours and bool(kept) and status in WORTH_IT and path not in NOT_AGAIN
    return {"sent": kept, "sent_to": path} if again else {"sent": {}, "sent_to": ""}
