"""A calendar, a slip and alerts as data: what `calendar`, `slip` and `alerts` print with `--json`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from isocourse.course.alerts import Alerts
from isocourse.course.calendar import Entry
from isocourse.course.heading import held_up
from isocourse.course.plan import Plan
from isocourse.course.slip import Slip
from isocourse.decisions.sentence import written
from isocourse.decisions.wording import Wording
from isocourse.facts.days import iso
from isocourse.render.alerts_text import red_title, stricter_words
from isocourse.render.plan_report import JsonEntry, JsonHappening, entry_data, happening_data
from isocourse.render.plan_words import live
from isocourse.render.slip_text import broken_words

CALENDAR, SLIP, ALERTS = "isocourse/calendar/1", "isocourse/slip/1", "isocourse/alerts/1"


class JsonCalendar(msgspec.Struct, frozen=True):
    """The happenings that `slip` can move, and every duty with its window."""

    schema: str
    as_of: str
    headed: str
    governs: list[str]
    happenings: list[JsonHappening]
    calendar: list[JsonEntry]


class JsonMoved(msgspec.Struct, frozen=True):
    """A happening before and after; null where it is new or gone."""

    before: JsonHappening | None
    after: JsonHappening | None


class JsonShifted(msgspec.Struct, frozen=True):
    """A duty before and after; null where it is new or gone."""

    before: JsonEntry | None
    after: JsonEntry | None


class JsonBroken(msgspec.Struct, frozen=True):
    """A duty that would not be met on the new day."""

    protocol: str
    decision: str
    position: str
    row: str
    day: str
    handle: str
    governs: bool
    was_met: str
    words: str
    claims: list[str]


class JsonSlip(msgspec.Struct, frozen=True):
    """The cascade of one date."""

    schema: str
    as_of: str
    headed: str
    event: str
    old_day: str
    new_day: str | None
    broken: list[JsonBroken]
    without_capsules: list[str]
    happenings: list[JsonMoved]
    duties: list[JsonShifted]


class JsonStricter(msgspec.Struct, frozen=True):
    """An answer that became stricter."""

    protocol: str
    decision: str
    position: str
    about: str
    governs: bool
    words: str
    claims: list[str]


class JsonSupplyOut(msgspec.Struct, frozen=True):
    """A supply that runs out."""

    origin: str
    last_day: str


class JsonAlerts(msgspec.Struct, frozen=True):
    """What wants attention."""

    schema: str
    since: str
    as_of: str
    days_ahead: int
    headed: str
    red: list[str]
    gate_closed: bool
    stricter: list[JsonStricter]
    closed: list[JsonEntry]
    closing: list[JsonEntry]
    due: list[JsonEntry]
    supply: list[JsonSupplyOut]


def calendar_json(plan: Plan) -> bytes:
    """The calendar as indented JSON."""
    today = plan.assessment.asked.as_of
    return _bytes(
        JsonCalendar(
            CALENDAR,
            iso(today),
            held_up(plan),
            list(plan.governs),
            [happening_data(each) for each in plan.happenings],
            [entry_data(each, today, plan.assessment.words) for each in live(plan.calendar)],
        ),
        plan.assessment.words,
    )


def slip_json(found: Slip) -> bytes:
    """The cascade as indented JSON."""
    today, w = found.after.assessment.asked.as_of, found.after.assessment.words
    return _bytes(
        JsonSlip(
            SLIP,
            iso(today),
            held_up(found.after),
            found.handle,
            iso(found.old),
            iso(found.new) if found.new is not None else None,
            [
                JsonBroken(
                    each.edition.key, each.point.name, each.position, each.row.name, iso(each.day), each.handle, each.governs,
                    each.was.name.lower(), broken_words(found, each), list(each.row.claims),
                )
                for each in found.broken
            ],
            [iso(day) for day in found.without_capsules],
            [
                JsonMoved(*(happening_data(side) if side else None for side in (each.before, each.after)))
                for each in found.happenings
            ],
            [JsonShifted(_entry(each.before, today, w), _entry(each.after, today, w)) for each in found.duties],
        ),
        w,
    )  # fmt: skip


def _entry(entry: Entry | None, today: int, w: Wording) -> JsonEntry | None:
    return entry_data(entry, today, w) if entry is not None else None


def alerts_json(found: Alerts, plan: Plan) -> bytes:
    """The alerts as indented JSON."""

    def data(entries: Sequence[Entry]) -> list[JsonEntry]:
        return [entry_data(each, found.today, plan.assessment.words) for each in entries]

    return _bytes(
        JsonAlerts(
            ALERTS,
            iso(found.since),
            iso(found.today),
            found.within,
            held_up(plan),
            [red_title(plan, name) for name in found.red],
            found.gate_closed,
            [
                JsonStricter(
                    each.after.edition.key, each.after.point.name, each.after.position, each.about, each.governs,
                    stricter_words(each, plan), list(each.after.claims),
                )
                for each in found.stricter
            ],
            data(found.closed),
            data(found.closing),
            data(found.due),
            [JsonSupplyOut(each.origin, iso(each.last)) for each in found.supply],
        ),
        plan.assessment.words,
    )  # fmt: skip


def _bytes(data: msgspec.Struct, w: Wording) -> bytes:
    return msgspec.json.format(msgspec.json.encode(data, enc_hook=written(w)), indent=2)
