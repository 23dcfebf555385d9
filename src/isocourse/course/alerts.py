"""What changed between two visits: answers that became stricter, windows that close, duties that fall due, a supply that runs out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.course.calendar import Entry
from isocourse.course.plan import Plan
from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.gate import Gate
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import Point, Shape
from isocourse.facts.courses import judged_orders
from isocourse.library import Assessment
from isocourse.logic.truth import Truth
from isocourse.logic.units import exact

WITHIN = 7
"""Days ahead that an alert looks, unless asked otherwise: our choice, one week of a clinic's diary."""


class Stricter(Struct, frozen=True):
    """One answer that asks for more, or allows less, than it did at the earlier visit."""

    before: Answer | None
    """None: it did not speak of this patient then."""
    after: Answer
    governs: bool
    about: str = ""
    """For findings and duties: which of them."""


class SupplyOut(Struct, frozen=True):
    """The day after which there are no capsules left, as far as the file tells."""

    origin: str
    last: int


class Alerts(Struct, frozen=True):
    """Everything that wants attention between an earlier day and today, and for some days ahead."""

    since: int
    today: int
    within: int
    red: tuple[str, ...]
    """Red lines that hold now and did not then, by name."""
    gate_closed: bool
    """Whether start or supply was free then and is not now."""
    stricter: tuple[Stricter, ...]
    closed: tuple[Entry, ...]
    """Windows that closed since then without the duty on file."""
    closing: tuple[Entry, ...]
    """Windows that are open now and close within the days ahead."""
    due: tuple[Entry, ...]
    """Duties whose day, or window, begins within the days ahead."""
    supply: tuple[SupplyOut, ...]


def alerts(before: Assessment, after: Assessment, plan: Plan, within: int = WITHIN) -> Alerts:
    """What wants attention: two assessments of one record, as it was known then and as it is now, and the plan of today."""
    since, today = before.asked.as_of, after.asked.as_of
    dated = [entry for entry in plan.calendar if entry.last is not None and entry.as_stands is not Truth.NO]
    points = [(entry, entry.first if entry.first is not None else entry.last, entry.last) for entry in dated]
    open_ = [(entry, first, last) for entry, first, last in points if entry.shown is not Truth.YES and _acts(entry)]
    ahead = today + within
    return Alerts(
        since,
        today,
        within,
        tuple(name for name in _red(after) if name not in _red(before)),
        _held(after) and not _held(before),
        tuple(stricter(before, after)),
        tuple(entry for entry, _, last in open_ if last is not None and since <= last < today),
        tuple(
            entry
            for entry, first, last in open_
            if first is not None and last is not None and first <= today <= last <= ahead
        ),
        tuple(entry for entry, first, _ in open_ if first is not None and today < first <= ahead),
        tuple(out for out in _supplies(after) if out.last <= ahead),
    )


def _acts(entry: Entry) -> bool:
    """Whether the duty is something to do on a day, rather than to keep up or avoid."""
    return entry.row.duty is not None and entry.row.duty.verb == "do"


def _red(assessment: Assessment) -> tuple[str, ...]:
    return tuple(
        finding.line.name if finding.line else finding.verdict.row.find if finding.verdict else ""
        for finding in assessment.today.stop_now
    )


def _held(assessment: Assessment) -> bool:
    return any(isinstance(each, Gate) for each in assessment.today.not_today)


def _supplies(assessment: Assessment) -> Iterator[SupplyOut]:
    for order in judged_orders(assessment.record):
        if order.state != "draft" and order.day is not None and order.days_supply is not None:
            yield SupplyOut(order.origin, order.day.first + order.days_supply.low - 1)


# stricter --------------------------------------------------------------------------------------------------------------------------
def stricter(before: Assessment, after: Assessment) -> Iterator[Stricter]:
    """The answers of editions in force on both days that became stricter, governing ones first."""
    then = {(answer.edition.key, answer.point.name, answer.position): answer for answer in before.answers}
    governs = {edition.key for edition in after.governs}
    found = [
        Stricter(was if was and was.speaks else None, now, now.edition.key in governs, about)
        for now in after.answers
        if now.speaks
        for was in [then.get((now.edition.key, now.point.name, now.position))]
        for about in _became(was, now)
    ]
    yield from sorted(found, key=lambda each: not each.governs)


def _became(was: Answer | None, now: Answer) -> Sequence[str]:
    """What became stricter: an empty word for a choice or range, the kinds of finding or duty otherwise; nothing if it did not."""
    if now.point.shape is Shape.CHOICE:
        return [""] if _choice_stricter(now.point, _takes(was), _takes(now)) else []
    if now.point.shape is Shape.RANGE:
        tops = _top(was), _top(now)
        return [""] if tops[1] is not None and (tops[0] is None or tops[1] < tops[0]) and was is not None else []
    old = {verdict.row.name: verdict for verdict in was.verdicts} if was else {}
    return [
        _about(verdict) for verdict in now.verdicts if _verdict_stricter(now.point, old.get(verdict.row.name), verdict)
    ]


def _takes(answer: Answer | None) -> frozenset[str]:
    return (
        frozenset(take for stance in answer.stances for take in stance.take)
        if answer and answer.speaks
        else frozenset()
    )


def _choice_stricter(point: Point, was: frozenset[str], now: frozenset[str]) -> bool:
    """Whether what is newly allowed is safer than something before it, and what is no longer allowed less safe than something left."""
    if was == now or not now:
        return False
    if not was:
        return any(point.safer(take, option.name) for take in now for option in point.options)
    added = all(any(point.safer(new, old) for old in was) for new in now - was)
    dropped = all(any(point.safer(new, old) for new in now) for old in was - now)
    return added and dropped


def _top(answer: Answer | None) -> tuple[Fraction, bool] | None:
    """The highest upper end, and whether it belongs to its range itself; the lower of two compares as the stricter."""
    rows = [stance.row for stance in answer.stances if stance.row and stance.row.high] if answer else []
    return max(((exact(row.high), not row.below) for row in rows), default=None)


def _verdict_stricter(point: Point, was: Verdict | None, now: Verdict) -> bool:
    if now.applies is not Truth.YES or now.row.force == "none":
        return False
    applied = was is not None and was.applies is Truth.YES
    if now.row.duty is not None:
        return now.kept is Kept.BROKEN and not (applied and was is not None and was.kept is Kept.BROKEN)
    forbids = any(point.option(name).stand != "allows" for name in now.row.take)
    return forbids and not applied


def _about(verdict: Verdict) -> str:
    return verdict.row.duty.what if verdict.row.duty else verdict.row.find
