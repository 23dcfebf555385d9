"""The gate that capsules pass on their way into a register, whichever door they come by: where it is not open, why is asked and kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from isocourse.app.dispensing import HANDED_OUT, NoDay, day_handed_out, if_handed_out
from isocourse.app.register import PARTS, Known
from isocourse.app.register_visit import as_if_written
from isocourse.course.dispensing import NOTES, OPEN
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.library import Library
from isocourse.render.dispensing_text import Said, said

Dose = dict[str, str]
Written = Mapping[str, object]
"""What is to be written: parts of a visit, and under `course` the settings."""
LONGEST_REASON = 300


class OnDay(Struct, frozen=True):
    """What the gate makes of the capsules of one day."""

    day: int
    said: Said
    """What the rules say of that day."""
    reason: str = ""
    """Why they were handed out all the same; nothing where nobody said that, or only of a gate that stood otherwise."""

    @property
    def held(self) -> bool:
        """Whether they may not be written: the gate is not open, and that was not confirmed, or no reason was given."""
        return self.said.gate != OPEN and not self.reason


class AtGate(Struct, frozen=True):
    """What the gate makes of something that is to be written."""

    record: Written
    """It, with why capsules were handed out where the gate was not open."""
    days: tuple[OnDay, ...] = ()
    """Each day on which they were handed out, the first one first; none: there are no capsules in it."""
    no_day: NoDay | None = None
    """What is to be corrected of a day."""

    @property
    def held(self) -> bool:
        """Whether nothing may be written, because of what the rules say."""
        return any(each.held for each in self.days)


def hands_out(record: Written) -> bool:
    """Whether what is to be written says that capsules were handed out."""
    return any(True for _ in _days_said(record))


def at_gate(
    library: Library, known: Known, record: Written, today: int, reasons: Mapping[str, str], w: Wording = ENGLISH
) -> AtGate:
    """Whether what is to be written may be, as far as it says that capsules were handed out; everything else of it counts as on file.

    Args:
        library: the knowledge.
        known: the course as it is.
        record: what is to be written; its entries were read before, and have the shape that they should have.
        today: the day it is.
        reasons: by the state of a gate, why capsules were handed out at it all the same; what was shown as not known is not
            confirmed once it is closed.
        w: the language of what the rules say.

    Raises:
        RegisterError: a setting is none, or its date is no day.
    """
    days = dict[str, int]()
    for text in _days_said(record):
        day = day_handed_out(text, today)
        if isinstance(day, NoDay):
            return AtGate(record, no_day=day)
        days[text] = day
    told = dict[int, OnDay]()
    for day in sorted(set(days.values())):
        found = said_of(library, known, day, _besides(record, [text for text in days if days[text] < day]), w)
        told[day] = OnDay(day, found, reasons.get(found.gate, "").strip()[:LONGEST_REASON])
    return AtGate(_with_reasons(record, {text: told[day] for text, day in days.items()}), tuple(told.values()))


def said_of(library: Library, known: Known, day: int, record: Written | None = None, w: Wording = ENGLISH) -> Said:
    """What the rules say of handing out capsules on a day, in words; what is to be written besides counts as on file.

    Raises:
        RegisterError: a setting is none, or its date is no day.
    """
    besides = record or {}
    entries = {part: besides[part] for part in PARTS if besides.get(part)}
    on_file = as_if_written(known, library, entries, _settings(besides), day)
    found = if_handed_out(library, on_file, day)
    return said(replace(found, seen=replace(found.seen, words=w)))


def _days_said(record: Written) -> Iterator[str]:
    """Each day on which capsules were handed out, as it is written."""
    yield from (dose["dispensed"] for dose in _doses(record) if "dispensed" in dose)
    if day := _settings(record).get(HANDED_OUT):
        yield day


def _besides(record: Written, before: Collection[str]) -> Written:
    """What else is to be written, and what was handed out on the days before: the capsules of the day itself are what is asked about."""
    doses = [dose for dose in _doses(record) if "dispensed" not in dose or dose["dispensed"] in before]
    settings = {name: text for name, text in _settings(record).items() if name != HANDED_OUT}
    return {**record, "doses": doses, "course": settings}


def _with_reasons(record: Written, told: Mapping[str, OnDay]) -> Written:
    """It, with the reason in the note of each entry that it is the reason of; a note of the entry's own stays behind it."""
    found = dict(record)
    if doses := _doses(record):
        found["doses"] = [_noted(dose, told[dose["dispensed"]]) if "dispensed" in dose else dose for dose in doses]
    if day := _settings(record).get(HANDED_OUT):
        found = _noted(found, told[day])
    return found


def _noted(entry: Mapping[str, object], on: OnDay) -> dict[str, object]:
    """An entry, with the reason before what was noted of it."""
    if not on.reason:
        return dict(entry)
    own = f"; {entry['note']}" if entry.get("note") else ""
    return {**entry, "note": f"{NOTES.get(on.said.gate, '')}{on.reason}{own}"}


def _doses(record: Written) -> list[Dose]:
    return cast("list[Dose]", record.get("doses", []))


def _settings(record: Written) -> Mapping[str, str | None]:
    return cast("Mapping[str, str | None]", record.get("course", {}))
