"""What happens when a date slips: what moves with it, which windows no longer hold, and what is then broken under the rules of that day."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from isocourse.course.ahead import governing_by_then, met
from isocourse.course.calendar import Entry, Happening
from isocourse.course.frames import FIXED
from isocourse.course.plan import Plan
from isocourse.course.planner import make_plan
from isocourse.course.project import projector
from isocourse.course.wanted import Wanted
from isocourse.decisions.binding import in_force
from isocourse.decisions.notes import Notes
from isocourse.decisions.sentence import of_text, sentence
from isocourse.decisions.tables import Edition, Point, Row, Shape, Status
from isocourse.library import Assessment
from isocourse.logic.truth import Truth

MOVABLE = ("start", "supply", "visit", "test", "last_dose")
"""Kinds of happening that a prescriber can move; a birthday stays where it is."""


class SlipError(Exception):
    """There is no such happening, or it cannot be moved there; the message says what there is."""


class Moved(Struct, frozen=True):
    """A happening or a duty that has another day; one side is None where it is gone or new."""

    before: Happening | None
    after: Happening | None


class Shifted(Struct, frozen=True):
    """A duty whose window moved, came up, or fell away."""

    before: Entry | None
    after: Entry | None


class Broken(Struct, frozen=True):
    """A duty that would not be met on the new day, though nothing said so on the old one."""

    edition: Edition
    point: Point
    position: str
    row: Row
    day: int
    handle: str
    """The happening on whose day it is judged."""
    governs: bool
    was: Truth
    """Whether it would have been met on the old day; unknown where it was not settled."""
    applies: Truth = Truth.YES
    """Whether the duty surely applies then. Where nobody knows, as of a test whether she can become pregnant, it counts as applying."""


class Slip(Struct, frozen=True):
    """The cascade of one date."""

    handle: str
    old: int
    new: int | None
    """None: it is missed, and not made up for."""
    before: Plan
    after: Plan
    happenings: tuple[Moved, ...]
    duties: tuple[Shifted, ...]
    broken: tuple[Broken, ...]
    without_capsules: tuple[int, ...]
    """Days of the course left without capsules in hand."""


def slip(assessment: Assessment, wanted: Wanted, handle: str, to: int | None) -> Slip:
    """What moves, and what breaks, if a happening falls on another day, or on none.

    Raises:
        SlipError: there is no such happening, it is over, or it cannot be moved there.
    """
    before = make_plan(assessment, wanted)
    happening = _named(before, handle)
    assert happening.day is not None
    after = make_plan(assessment, _moved(wanted, before, happening, to))
    gap = sorted(set(after.without_capsules) - set(before.without_capsules))
    return Slip(
        handle,
        happening.day,
        to,
        before,
        after,
        tuple(_happenings(before, after)),
        tuple(_duties(before, after)),
        tuple(_broken(before, after, happening)),
        tuple(gap),
    )


def _named(plan: Plan, handle: str) -> Happening:
    movable = {each.handle: each for each in plan.happenings if each.kind in MOVABLE and each.day is not None}
    if handle not in movable:
        there = ", ".join(movable) or "nothing, since the plan is withheld"
        raise SlipError(sentence(FIXED["cannot_move.unknown"], handle=handle[:40], there=there))
    found = movable[handle]
    if found.done:
        raise SlipError(sentence(FIXED["cannot_move.past"], handle=handle))
    return found


def _moved(wanted: Wanted, plan: Plan, happening: Happening, to: int | None) -> Wanted:
    if to is not None and to < plan.assessment.asked.as_of:
        raise SlipError(of_text(FIXED["cannot_move.to_past"]))
    if happening.kind == "start":
        if to is None:
            raise SlipError(of_text(FIXED["cannot_move.start"]))
        return replace(wanted, start=to)
    if happening.kind == "last_dose":
        return replace(wanted, until=to)
    kept = tuple((name, day) for name, day in wanted.moved if name != happening.handle)
    return replace(wanted, moved=(*kept, (happening.handle, to)))


def _happenings(before: Plan, after: Plan) -> Iterator[Moved]:
    old, new = ({each.handle: each for each in plan.happenings} for plan in (before, after))
    for handle in dict.fromkeys((*old, *new)):
        was, now = old.get(handle), new.get(handle)
        if was is None or now is None or was.day != now.day:
            yield Moved(was, now)


def _duties(before: Plan, after: Plan) -> Iterator[Shifted]:
    old, new = ({entry.uid: entry for entry in plan.calendar} for plan in (before, after))
    for uid in dict.fromkeys((*old, *new)):
        was, now = old.get(uid), new.get(uid)
        if was is None or now is None or (was.first, was.last, was.applies) != (now.first, now.last, now.applies):
            yield Shifted(was, now)


# broken ----------------------------------------------------------------------------------------------------------------------------
def _broken(before: Plan, after: Plan, slipped: Happening) -> Iterator[Broken]:
    """Duties that are not met on the day of a supply, visit or start that moved, judged by the editions in force on that day."""
    seen: set[tuple[str, str, str, str]] = set()
    old = {each.handle: each for each in before.happenings}
    for now in after.happenings:
        was = old.get(now.handle)
        if now.day is None or now.kind not in ("start", "supply") or was is None or was.day is None:
            continue
        if was.day == now.day and now.handle.rpartition("-")[2] != slipped.handle.rpartition("-")[2]:
            continue
        for found in _unmet(before, after, was.day, now):
            key = (found.edition.key, found.point.name, found.position, found.row.name)
            if key not in seen:
                seen.add(key)
                yield found


def _unmet(before: Plan, after: Plan, old: int, now: Happening) -> Iterator[Broken]:
    assert now.day is not None
    library = after.assessment.library
    then = projector(library, before.assessment.snapshot, before.outline)(old).stands
    there = projector(library, after.assessment.snapshot, after.outline)(now.day).stands
    governs = governing_by_then(after.assessment)
    for edition in in_force(met(after.assessment), now.day):
        for point, position, row in _with_proof(library.points, edition):
            applies = _applies(point, row, there)
            if applies is Truth.NO or there.truth(_met(row)) is not Truth.NO:
                continue
            was = then.truth(_met(row)) if _applies(point, row, then) in (applies, Truth.YES) else Truth.UNKNOWN
            if was is not Truth.NO:
                own = edition.protocol in governs
                yield Broken(edition, point, position, row, now.day, now.handle, own, was, applies)


def _with_proof(points: tuple[Point, ...], edition: Edition) -> Iterator[tuple[Point, str, Row]]:
    """The duties that name what the file must show."""
    for point in points:
        if point.shape is Shape.SCHEDULE and edition.cell(point.name).status is Status.ANSWERED:
            for position in edition.cell(point.name).positions:
                for row in position.acting.rows:
                    if row.duty is not None and row.duty.met >= 0:
                        yield point, position.name, row


def _met(row: Row) -> int:
    assert row.duty is not None
    return row.duty.met


def _applies(point: Point, row: Row, notes: Notes) -> Truth:
    return Truth.NO if notes.truth(point.applies) is Truth.NO else notes.truth(row.when)
