"""The door: every request passes it. It turns strangers' names, floods and oversized bodies away, sets the headers, and writes the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from isocourse.register.problem import RegisterError
from isocourse.web.rates import Rates
from isocourse.web.settings import Settings
from isocourse.web.watch import Watch

LOG = logging.getLogger("isocourse.web")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
"""What every answer carries; a file of ours may be kept, since its address changes with its content."""


TLS_ONLY = {"strict-transport-security": "max-age=31536000"}
"""What an answer in a clinic carries besides."""
Unwritten = Callable[[Scope], tuple[str, bytes]]
"""What is sent in place of an answer that could not be written into the trail: its kind, and its text."""


class Doorkeeper:
    """Wraps the whole server."""

    def __init__(
        self, app: ASGIApp, settings: Settings, watch: Watch | None = None, unwritten: Unwritten | None = None
    ) -> None:
        self.app, self.settings, self.watch, self.unwritten = app, settings, watch, unwritten
        self.rates = Rates(settings.now)
        self.headers = HEADERS | (TLS_ONLY if settings.secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the start and end of the server."""
        if str(getattr(scope["type"], "value", scope["type"])) != "http":
            await self.app(scope, receive, send)
            return
        began = self.settings.now()
        status, kept = [500], [True]

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                spent = f"app;dur={1000 * (self.settings.now() - began):.1f}".encode()
                message["headers"] = [
                    *message["headers"],
                    *self._missing(message["headers"]),
                    (b"server-timing", spent),
                ]
                kept[0] = await self._written(scope, message["status"])
                status[0] = message["status"] if kept[0] else 503
                if not kept[0]:
                    await self._withhold(scope, send)
            if kept[0]:
                await send(message)

        told = self._turned_away(scope)
        if told:
            await _refuse(*told, dressed)
        else:
            await self.app(scope, receive, dressed)
        LOG.info(log_line(scope, status[0], self.settings.now() - began))

    def _turned_away(self, scope: Scope) -> tuple[int, str, float] | None:
        headers = dict(scope["headers"])
        if headers.get(b"host", b"").decode("latin-1").lower() not in self.settings.hosts:
            return (
                400,
                "this name is not one of this server's; open the address that it printed when it was started",
                0.0,
            )
        if self.settings.secure and scope["scheme"] != "https":
            return 400, "this server is reached over TLS only; a proxy must say that it was", 0.0
        if int(headers.get(b"content-length", b"0") or 0) > self.settings.limits.body_bytes:
            return 413, f"more than {self.settings.limits.body_bytes // 1048576} MB; send one patient at a time", 0.0
        client = scope.get("client")
        wait = self.rates.wait_s(client[0] if client else "", self.settings.limits.per_minute)
        return (429, "too many requests; wait a moment", wait) if wait else None

    async def _written(self, scope: Scope, status: int) -> bool:
        """Whether the request is in the trail, if it belongs there."""
        try:
            if self.watch is not None:
                await self.watch.write(scope, status)
        except RegisterError as problem:
            LOG.error("the trail cannot be written: %s", problem)
            return False
        return True

    async def _withhold(self, scope: Scope, send: Send) -> None:
        assert self.unwritten is not None
        kind, body = self.unwritten(scope)
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        headers += self._missing(headers)
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _missing(self, headers: object) -> list[tuple[bytes, bytes]]:
        there = {name.lower() for name, _ in headers}  # type: ignore[attr-defined]  # pairs of bytes, as ASGI has them
        return [(name.encode(), text.encode()) for name, text in self.headers.items() if name.encode() not in there]


def log_line(scope: Scope, status: int, took_s: float) -> str:
    """What is written of a request: the route, not the address; no name, no value, no header."""
    route = scope.get("path_template") or "-"
    return json.dumps({"method": scope.get("method"), "route": route, "status": status, "ms": round(took_s * 1000, 1)})


async def _refuse(status: int, line: str, wait_s: float, send: Callable[[Message], object]) -> None:
    body = f"{line}. Nothing was done.\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if wait_s:
        headers.append((b"retry-after", str(int(wait_s) + 1).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})  # type: ignore[misc]  # a coroutine, as ASGI has it
    await send({"type": "http.response.body", "body": body, "more_body": False})  # type: ignore[misc]  # a coroutine, as ASGI has it
