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
    "append": to_say(
        "An entry of the register may not be changed or removed; write a correcting one. "
        "Nothing of this was written; what was written before is safe."
    ),
    "absent": to_say(
        "There is no such database; make it with createdb, then run: isocourse register init. Nothing was written."
    ),
    "no_tables": to_say("There is no register here yet; make one with: isocourse register init. Nothing was written."),
    "other_key": to_say(
        "The register does not know the signing key of this machine; copy the key from where the register was kept, or run: "
        "isocourse register key --adopt. Nothing was written."
    ),
    "not_noted": to_say(
        "Who looks at a patient cannot be noted in the trail, so nothing is shown; try again in a moment. Nothing was written."
    ),
    "no_course": to_say("There is no such course in the register."),
    "erased": to_say("There is no such patient in the register any more; the patient was erased. Nothing was written."),
    "many_named": to_say('More than {n} people have "{words}" in their name; write more of it.'),
    "birth": to_say("Born: write a day, a month or a year, such as 2006-02-17. Nothing was written."),
    "name": to_say(
        "Name: up to {n} characters that can be shown on one line are expected; write it so. Nothing was written."
    ),
    "number": to_say(
        "Number: up to {n} characters that can be shown on one line are expected; write it so. Nothing was written."
    ),
    "contact": to_say(
        "Contact: up to {n} characters that can be shown on one line are expected; write it so. Nothing was written."
    ),
    "backup_not_written": to_say(
        "The backup cannot be written; look whether the disk is full. There is none, and the register is as it was."
    ),
    "backup_not_whole": to_say(
        "This is not a whole backup of a register: its first or last line is missing; fetch it again. Nothing was written."
    ),
    "backup_format": to_say('"{format}" cannot be read; this reads "{ours}" and older ones. Nothing was written.'),
    "backup_checksum": to_say(
        "The backup is not what was written: its checksum does not fit; fetch it again. Nothing was written."
    ),
    "backup_event": to_say(
        "Event {n} of the backup does not fit the one before it: it was tampered with before. Nothing was written."
    ),
    "backup_trail": to_say(
        "Entry {n} of the trail in the backup does not fit the one before it: it was tampered with before. Nothing was written."
    ),
}
STATUS: Mapping[str, int] = {
    **dict.fromkeys(("busy", "away", "older", "newer", "damaged", "absent", "no_tables", "not_noted"), 503),
    "full": 507,
    "no_course": 404,
}


def line_of(speech: Speech, problem: Exception, w: Wording = ENGLISH) -> str:
    """The problem in one line; where we have no words of our own for it, as the register tells it."""
    said = LINES.get(cause_of(problem), "")
    if said:
        return speech(said, **(problem.parts if isinstance(problem, RegisterError) else {}))
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
