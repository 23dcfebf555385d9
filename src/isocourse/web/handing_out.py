"""Capsules handed out, through whichever door they are written: one gate for all, which asks for confirmation and a reason where it is not open."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from isocourse.app.dispensing import HANDED_OUT
from isocourse.course.dispensing import CANNOT_TELL, CLOSED, NOTES, OPEN
from isocourse.facts.days import whole_day
from isocourse.register.events import VISIT_RECORDED
from isocourse.web.entries import entries
from isocourse.web.refusals import to_say
from isocourse.web.sessions import Session

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.register.events import Opened
    from isocourse.render.dispensing_text import Said
    from isocourse.web.shelf import Shelf
    from isocourse.web.speech import Speech
    from isocourse.web.visit import Visit

Dose = dict[str, str]
Written = Mapping[str, object]
"""What is to be written: parts of a visit, and under `course` the settings."""
NOT_OPEN = (CLOSED, CANNOT_TELL)
ASKED = ("confirm", "reason")
"""The fields of a form that says that capsules were handed out at a gate that is not open, and why."""
CONFIRM = to_say("If the capsules were handed out all the same, confirm it below and say why. Nothing was written.")
WHOLE_DAY = to_say("write the whole day, such as 2026-03-02")
AHEAD = to_say("this day lies ahead; what was handed out is written, not what is planned")
NOT_YOURS = to_say(
    "Only what you wrote yourself of capsules handed out can be undone here; whoever enters visits can undo the rest. Nothing was written."
)
SEND = to_say("If they were handed out all the same, send gate_not_open and a reason. Nothing was written.")
UNKNOWN_PRODUCT = to_say("product: not known here; see /api/products. Nothing was written.")
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class AtGate:
    """What the gate makes of something that is to be written."""

    record: Written
    """It, with why capsules were handed out where the gate was not open."""
    day: int
    """The day on which they were handed out; today where there are none in it."""
    said: Said | None = None
    """What the rules say of that day; None: no capsules in it, or its day is wrong."""
    held: bool = False
    """Whether nothing may be written: the gate is not open, and that was not confirmed, or no reason was given."""
    wrong_day: str = ""
    """What is to be corrected of the day."""

    def asks(self, speech: Speech, how: str = CONFIRM) -> str:
        """What the rules say, and what is to be done if the capsules were handed out all the same."""
        return f"{self.said.verdict} {speech(how)}" if self.said else speech(how)


async def at_gate(
    visit: Visit, shelf: Shelf, known: Known, record: Written, confirmed: Collection[str], reason: str
) -> AtGate:
    """Whether what is to be written may be, as far as it says that capsules were handed out; everything else of it counts as on file.

    Args:
        visit: who asks, on which day and in which language.
        shelf: the register.
        known: the course as it is.
        record: what is to be written.
        confirmed: the gates at which whoever writes says that capsules were handed out all the same; what was shown as not known
            is not confirmed once it is closed.
        reason: why.

    Raises:
        ReadError: an entry has not the shape it should have.
        RegisterError: a setting is none, or its date is no day.
    """
    today = visit.settings.today()
    text = _day_said(record)
    if not text:
        return AtGate(record, today)
    day = day_handed_out(text, today)
    if isinstance(day, str):
        return AtGate(record, today, wrong_day=day)
    said = await asyncio.to_thread(shelf.dispensing, known, day, visit.words, _besides(record))
    if said.gate != OPEN and not (said.gate in confirmed and reason.strip()):
        return AtGate(record, day, said, held=True)
    return AtGate(_with_reason(record, said.gate, reason), day, said)


def shown(said: Said | None) -> dict[str, object]:
    """What the rules say, for a page."""
    return {"gate": said, "closing": entries(said.closing), "besides": entries(said.besides)} if said else {}


def day_handed_out(text: str, today: int) -> int | str:
    """The day, or what is to be corrected."""
    try:
        day = whole_day(text)
    except ValueError:
        return WHOLE_DAY
    return AHEAD if day > today else day


def _day_said(record: Written) -> str:
    doses = cast("list[Mapping[str, str]]", record.get("doses", []))
    settings = cast("Mapping[str, str]", record.get("course", {}))
    return next((dose["dispensed"] for dose in doses if "dispensed" in dose), settings.get(HANDED_OUT, ""))


def _besides(record: Written) -> Written:
    """What else is to be written: the capsules themselves and their day are what is asked about."""
    settings = {
        name: text for name, text in cast("Mapping[str, str]", record.get("course", {})).items() if name != HANDED_OUT
    }
    return {**{part: said for part, said in record.items() if part != "doses"}, "course": settings}


def _with_reason(record: Written, gate: str, reason: str) -> Written:
    note = f"{NOTES.get(gate, '')}{reason.strip()[:LONGEST_REASON]}"
    if not note:
        return record
    doses = cast("list[Dose]", record.get("doses", []))
    return {**record, "doses": [dose | {"note": note} for dose in doses]} if doses else {**record, "note": note}


def only_handed_out(event: Opened) -> bool:
    """Whether an entry of the register says what was handed out, and nothing else."""
    doses = cast("list[Mapping[str, str]]", event.body.get("doses", []))
    return (
        event.kind == VISIT_RECORDED
        and set(event.body) == {"doses"}
        and bool(doses)
        and all("dispensed" in dose for dose in doses)
    )


def own_entries(known: Known, session: Session) -> set[int]:
    """The entries of a course that somebody wrote themselves, of capsules handed out and nothing else: they may take them back."""
    return {
        each.seq
        for each in known.events
        if each.course == known.course and only_handed_out(each) and wrote_it(session, each.actor)
    }


def wrote_it(session: Session, actor: str) -> bool:
    """Whether somebody wrote an entry, whatever they were called then."""
    return actor in (session.who, session.actor) or actor.endswith(f" ({session.who})")
