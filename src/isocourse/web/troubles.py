"""What goes wrong with the register, in the language of whoever asks: what happened, what to do, and what happened to the data."""

from __future__ import annotations

from collections.abc import Mapping

from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.problem import ReadError
from isocourse.facts.sentence import where_known
from isocourse.register.problem import ConflictError, RegisterError
from isocourse.web.refusals import to_say
from isocourse.web.speech import Speech

LINES: Mapping[str, str] = {
    "busy": to_say(
        "Another program is writing to the register; try again in a moment. "
        "Nothing of this was written; what was written before is safe."
    ),
    "full": to_say(
        "The disk is full, or a file may not grow any further; free space and try again. "
        "Nothing of this was written; what was written before is safe."
    ),
    "version": to_say(
        "Somebody else has written to this course since you opened it. Nothing of this was written; what they wrote is safe."
    ),
    "access": to_say(
        "The register may not be read or written by the user that runs this program; check the owner of its file. "
        "Nothing of this was written."
    ),
    "damaged": to_say(
        "The file is not a register, or it is damaged; keep a copy of it as it is, and restore the last backup. "
        "Nothing of this was written."
    ),
    "away": to_say(
        "The database of the register does not answer; check that it runs, then try again. "
        "Nothing of this was written; what was written before is safe."
    ),
    "older": to_say(
        "The register is of an older version of this program. Make a copy of it, then run: isocourse register upgrade. "
        "It takes over everything or changes nothing. Nothing was written."
    ),
    "newer": to_say(
        "The register is of a newer version of this program, and this one cannot read it; install the newer one. Nothing was written."
    ),
}
STATUS: Mapping[str, int] = {"busy": 503, "away": 503, "older": 503, "newer": 503, "damaged": 503, "full": 507}


def line_of(speech: Speech, problem: Exception, w: Wording = ENGLISH) -> str:
    """The problem in one line; where we have no words of our own for it, as the register tells it."""
    said = LINES.get(cause_of(problem), "")
    if said:
        return speech(said)
    if isinstance(problem, ReadError):
        return problem.told(w)
    return where_known(problem.args[0], w) if problem.args and isinstance(problem.args[0], str) else str(problem)


def status_of(problem: Exception) -> int:
    """The status of a reply that tells it."""
    if isinstance(problem, ConflictError):
        return 409
    return STATUS.get(cause_of(problem), 422)


def cause_of(problem: Exception) -> str:
    """By which name the problem is worded."""
    if isinstance(problem, ConflictError):
        return "version"
    return problem.cause if isinstance(problem, RegisterError) else ""
