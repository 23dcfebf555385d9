"""Asks the solver in a process of its own: two threads must not ask it at once, and no fault of it may end a server.

As a program (`python -m isocourse.app.solving`) it answers one question, read from its input.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import msgspec

from isocourse.app.disagreement import Disagreement
from isocourse.app.knowledge import load_library
from isocourse.app.solved import kept_disagreements, solved_disagreements
from isocourse.library import Library
from isocourse.render.changes import Change

POLITE = 5
"""How far the solver steps back behind the pages that people wait for."""


class Question(msgspec.Struct, frozen=True):
    """What is asked: the list of disagreements, or what changed from one edition to another."""

    knowledge: str
    """The folder of knowledge of one's own, if there is one."""
    digest: str
    """Of the knowledge of whoever asks; what was changed on the disk since is not answered from."""
    keep: str
    """Where the list is kept."""
    editions: tuple[str, str] | None = None


class SolverEndedError(Exception):
    """The process ended before it had an answer."""


def disagreements_apart(library: Library, knowledge: Path | None, keep: Path | None) -> list[Disagreement]:
    """The list of disagreements, from the folder where it is kept if it is there.

    Raises:
        SolverEndedError: the solver ended without an answer.
    """
    found = kept_disagreements(library, keep)
    if found is not None:
        return found
    return cast("list[Disagreement]", _ask(_question(library, knowledge, keep), list[Disagreement]))


def changes_apart(library: Library, knowledge: Path | None, before: str, after: str) -> list[Change]:
    """What one edition says otherwise than another, by their keys.

    Raises:
        SolverEndedError: the solver ended without an answer.
    """
    return cast("list[Change]", _ask(_question(library, knowledge, None, (before, after)), list[Change]))


def _question(
    library: Library, knowledge: Path | None, keep: Path | None, editions: tuple[str, str] | None = None
) -> Question:
    return Question(str(knowledge or ""), library.digest, str(keep or ""), editions)


def _ask(question: Question, kind: Any) -> object:  # noqa: ANN401 - a type
    done = subprocess.run(
        [sys.executable, "-m", "isocourse.app.solving"],
        input=msgspec.msgpack.encode(question),
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,  # a key that stops the server is not told to the solver, which ends by itself
        check=False,
    )
    try:
        return msgspec.msgpack.decode(done.stdout, type=kind)
    except msgspec.MsgspecError:
        raise SolverEndedError(f"the solver ended with {done.returncode}") from None


# the process of its own ------------------------------------------------------------------------------------------------------------
def main() -> None:
    """Answers one question."""
    if hasattr(os, "nice"):
        os.nice(POLITE)
    question = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Question)
    knowledge, keep = (Path(each) if each else None for each in (question.knowledge, question.keep))
    library = load_library(knowledge)
    if library.digest != question.digest:
        sys.exit("The knowledge on the disk has changed since the server began; start it anew.")
    try:
        sys.stdout.buffer.write(msgspec.msgpack.encode(_answer(library, keep, question.editions)))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody waits any more


def _answer(library: Library, keep: Path | None, editions: tuple[str, str] | None) -> object:
    if editions is None:
        return solved_disagreements(library, keep)
    from isocourse.app.difference import changes

    before, after = (library.edition(key) for key in editions)
    return changes(library, before, after)


if __name__ == "__main__":
    main()
