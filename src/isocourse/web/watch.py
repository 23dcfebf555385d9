"""Every request that touches patients is written into the register's trail before its answer is sent; unwritten, it is not sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from litestar.types import Scope

from isocourse.register.problem import RegisterError
from isocourse.web.roles import Needs
from isocourse.web.sessions import Session

if TYPE_CHECKING:
    from isocourse.register.trail import Look, Trail

WATCHED = frozenset({Needs.PATIENT, Needs.RECORD, Needs.DISPENSE, Needs.TRAIL, Needs.PEOPLE})
"""What is written down when somebody asks for it, whether or not they may."""
MOST = 200
"""Entries written at once."""
PLACES = ("course", "handle")
"""Parts of an address that may name a course; the trail keeps those that do."""


def watched(scope: Scope, session: Session) -> None:
    """Marks a request as one to be written down, with who asks."""
    cast("dict[str, Any]", scope)["isocourse_watched"] = session


def saw(scope: Scope, *courses: str) -> None:
    """Notes courses that an answer shows and its address does not name."""
    cast("dict[str, Any]", scope).setdefault("isocourse_saw", []).extend(courses)


class Watch:
    """Writes requests down. Those that come together are written together, and each waits until it is on disk."""

    def __init__(self, trail: Trail, instant: Callable[[], str]) -> None:
        self._trail, self._instant = trail, instant
        self._waiting: list[tuple[Look, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, scope: Scope, status: int) -> None:
        """Returns once the request is written down, or if there is nothing to write.

        Raises:
            RegisterError: it cannot be written; its answer must not be sent.
        """
        from isocourse.register.trail import Look  # a workbench without a trail loads no database

        given = cast("dict[str, Any]", scope)
        session: Session | None = given.get("isocourse_watched")
        if session is None:
            return
        parts = scope.get("path_params") or {}
        courses = (*(str(parts[name]) for name in PLACES if name in parts), *given.get("isocourse_saw", ()))
        what = f"{scope.get('method')} {scope.get('path_template')}"
        roles = " ".join(sorted(session.roles))
        look = Look(self._instant(), session.who, session.called, roles, what, status, courses)
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((look, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._drain())
        await done

    async def _drain(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            problem = await asyncio.to_thread(self._kept, [look for look, _ in some])
            for _, done in some:
                if done.done():
                    continue
                if problem is None:
                    done.set_result(None)
                else:
                    done.set_exception(_again(problem))

    def _kept(self, looks: list[Look]) -> RegisterError | None:
        try:
            self._trail.append(looks)
        except RegisterError as problem:
            return problem
        except Exception as problem:  # whatever it is: nobody who waits may be left waiting, and nothing is shown
            return RegisterError.of("not_noted", type(problem).__name__)
        return None


def _again(problem: RegisterError) -> RegisterError:
    """The same problem for one more of those who wait; an exception is raised once."""
    made = type(problem)(*problem.args)
    made.cause, made.parts = problem.cause, problem.parts
    return made
