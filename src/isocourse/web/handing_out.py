"""Capsules handed out, through whichever door of the workbench they are written: the one gate, and what a page says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, cast

from isocourse.app.dispensing import NoDay
from isocourse.course.dispensing import OPEN
from isocourse.register.events import VISIT_RECORDED
from isocourse.web.entries import entries
from isocourse.web.refusals import to_say
from isocourse.web.sessions import Session

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.app.register_gate import AtGate, Written
    from isocourse.register.events import Opened
    from isocourse.render.dispensing_text import Said
    from isocourse.web.shelf import Shelf
    from isocourse.web.speech import Speech
    from isocourse.web.visit import Visit

ASKED = ("confirm", "reason")
"""The fields of a form that says that capsules were handed out at a gate that is not open, and why."""
CONFIRM = to_say("If the capsules were handed out all the same, confirm it below and say why. Nothing was written.")
NO_DAY = {
    NoDay.UNCLEAR: to_say("write the whole day, such as 2026-03-02"),
    NoDay.AHEAD: to_say("this day lies ahead; what was handed out is written, not what is planned"),
}
"""What is to be corrected of a day, by what it is."""
NOT_YOURS = to_say(
    "Only what you wrote yourself of capsules handed out can be undone here; whoever enters visits can undo the rest. Nothing was written."
)
SEND = to_say("If they were handed out all the same, send gate_not_open and a reason. Nothing was written.")
UNKNOWN_PRODUCT = to_say("product: not known here; see /api/products. Nothing was written.")


async def at_gate(
    visit: Visit, shelf: Shelf, known: Known, record: Written, confirmed: Collection[str], reason: str
) -> AtGate:
    """Whether what is to be written may be, as far as it says that capsules were handed out.

    Args:
        visit: who asks, on which day and in which language.
        shelf: the register.
        known: the course as it is.
        record: what is to be written.
        confirmed: the gates at which whoever writes says that capsules were handed out all the same.
        reason: why; at an open gate, where nobody asks, it is kept too.

    Raises:
        ReadError: an entry has not the shape it should have.
        RegisterError: a setting is none, or its date is no day.
    """
    reasons = dict.fromkeys((*confirmed, OPEN), reason)
    return await asyncio.to_thread(shelf.at_gate, known, record, visit.settings.today(), reasons, visit.words)


def asks(at: AtGate, speech: Speech, how: str = CONFIRM) -> str:
    """What the rules say, and what is to be done if the capsules were handed out all the same."""
    return " ".join([*(each.said.verdict for each in at.days if each.held), speech(how)])


def correct(no_day: NoDay, speech: Speech) -> str:
    """What is to be corrected of a day."""
    return speech(NO_DAY[no_day])


def said_at(at: AtGate) -> Said | None:
    """What the rules say of the day that a form names; nothing if there are no capsules in it."""
    return at.days[0].said if at.days else None


def shown(said: Said | None) -> dict[str, object]:
    """What the rules say, for a page."""
    return {"gate": said, "closing": entries(said.closing), "besides": entries(said.besides)} if said else {}


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
