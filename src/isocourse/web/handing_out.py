"""Capsules handed out, as the page and the JSON interface write them: the same event as a visit writes, and no other kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from isocourse.course.dispensing import NOTES
from isocourse.register.events import VISIT_RECORDED
from isocourse.web.refusals import to_say
from isocourse.web.sessions import Session

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.register.events import Opened

Dose = dict[str, str]
CONFIRM = to_say(
    "Handing out is closed, or not known to be open. If the capsules were handed out all the same, confirm it below and say why. Nothing was written."
)
WHOLE_DAY = to_say("write the whole day, such as 2026-03-02")
AHEAD = to_say("this day lies ahead; what was handed out is written, not what is planned")
NOT_YOURS = to_say(
    "Only what you wrote yourself of capsules handed out can be undone here; whoever enters visits can undo the rest. Nothing was written."
)
LONGEST_REASON = 300


def day_handed_out(dose: Mapping[str, str], today: int) -> int | str:
    """The day, or what is to be corrected."""
    try:
        day = date.fromisoformat(dose["dispensed"]).toordinal()
    except ValueError:
        return WHOLE_DAY
    return AHEAD if day > today else day


def with_reason(dose: Dose, gate: str, reason: str) -> Dose:
    """The entry with why it was handed out, where the gate was not open."""
    note = f"{NOTES.get(gate, '')}{reason.strip()[:LONGEST_REASON]}"
    return dose | ({"note": note} if note else {})


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
