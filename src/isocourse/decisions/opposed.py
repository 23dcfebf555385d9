"""Opposition: two positions that cannot both be satisfied by one patient. Unequal otherwise is "differ", and is no contradiction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from msgspec import Struct

from isocourse.decisions.amounts import apart
from isocourse.decisions.answers import Answer, Stance, Verdict, by_point
from isocourse.decisions.dates import DayOf, due
from isocourse.decisions.kept import Kept
from isocourse.decisions.steps_apart import rows_steps_opposed
from isocourse.decisions.tables import Duty, Point, Row, Shape
from isocourse.logic.truth import Truth


class Clash(Struct, frozen=True):
    """Two answers on one point that part. `kind`: opposed, possible (depends on what is missing), or split (one kept, one broken)."""

    point: Point
    one: Answer
    other: Answer
    kind: str
    about: str = ""
    anchor: str = ""
    """For duties whose windows do not meet: what the windows lie around."""


class _Side(Struct, frozen=True):
    """One answer, and what of it another can oppose; worked out once, since each answer is compared with many."""

    answer: Answer
    kept: Kept
    stands: tuple[tuple[str, str], ...] = ()
    """For findings: the kinds that it forbids or allows by name, with force."""
    duties: tuple[Duty, ...] = ()
    """For a schedule: the duties that it lays on this patient, with force."""
    whats: frozenset[str] = frozenset()
    """What those duties are about."""


def clashes(answers: Sequence[Answer], day_of: DayOf) -> tuple[Clash, ...]:
    """Every pair of answers on one point that part for this patient.

    Editions of one protocol are compared too; positions of one edition that clash are its contradiction with itself.
    """
    speaking = by_point(answer for answer in answers if answer.speaks).values()
    pairs = (pair for here in speaking for pair in combinations([_side(answer) for answer in here], 2))
    return tuple(clash for one, other in pairs for clash in _pair(one, other, day_of))


def _side(answer: Answer) -> _Side:
    if answer.point.shape is Shape.FINDINGS:
        return _Side(answer, answer.kept, _stands(answer.point, answer.verdicts))
    if answer.point.shape is Shape.SCHEDULE:
        duties = tuple(v.row.duty for v in answer.verdicts if v.row.duty and _holds(v, None))
        return _Side(answer, answer.kept, (), duties, frozenset(duty.what for duty in duties))
    return _Side(answer, answer.kept)


def _pair(mine: _Side, theirs: _Side, day_of: DayOf) -> list[Clash]:
    one, other, shape = mine.answer, theirs.answer, mine.answer.point.shape
    if shape is Shape.FINDINGS:
        found = [("opposed", find, "") for find in _findings(mine, theirs)]
    elif shape is Shape.SCHEDULE:
        found = [("opposed", what, anchor) for what, anchor in _duties(mine, theirs, day_of)]
    elif shape is Shape.STEPS:
        found = [("opposed", what, "") for what in _steps(one.verdicts, other.verdicts)]
    else:
        found = [(kind, "", "") for kind in _stances(one.point, one.stances, other.stances)]
    if not found and mine.kept is not theirs.kept and {mine.kept, theirs.kept} == {Kept.KEPT, Kept.BROKEN}:
        found = [("split", "", "")]
    return [Clash(one.point, one, other, *parted) for parted in found]


def _stances(point: Point, ones: Sequence[Stance], others: Sequence[Stance]) -> list[str]:
    """opposed if every reachable pair is; possible if some pair is; nothing if none is."""
    pairs = [stances_opposed(point, one, other) for one in ones for other in others]
    if True not in pairs:
        return []
    return ["possible" if False in pairs else "opposed"]


def stances_opposed(point: Point, one: Stance, other: Stance) -> bool:
    """Whether no common option or amount satisfies both. Silence opposes nothing."""
    return one.row is not None and other.row is not None and rows_opposed(point, one.row, other.row)


def rows_opposed(point: Point, one: Row, other: Row) -> bool:
    """Whether no common option or amount satisfies both rows."""
    if "none" in (one.force, other.force, one.of, other.of):
        return False
    if point.shape is Shape.CHOICE:
        return not set(one.take) & set(other.take)
    return apart(one, other)


_CONTRARY = {"forbids": "allows", "allows": "forbids"}


def _stands(point: Point, verdicts: Sequence[Verdict]) -> tuple[tuple[str, str], ...]:
    """The kinds that rows which hold forbid or allow by name, each with the one or the other."""
    found: list[tuple[str, str]] = []
    for verdict in verdicts:
        if _holds(verdict, point):
            stands = {point.option(name).stand for name in verdict.row.take}
            if stands in ({"forbids"}, {"allows"}):
                found.append((verdict.row.find, stands.pop()))
    return tuple(found)


def _findings(mine: _Side, theirs: _Side) -> list[str]:
    """The kinds that one forbids and the other allows by name."""
    if not mine.stands or not theirs.stands:
        return []
    found = [find for find, stand in mine.stands if (find, _CONTRARY[stand]) in theirs.stands]
    return list(dict.fromkeys(found))


def _holds(verdict: Verdict, point: Point | None) -> bool:
    """Whether a row applies and says what to do; what is said with no force opposes nothing, unless it states how things are."""
    return verdict.applies is Truth.YES and (verdict.row.force != "none" or (point is not None and point.states))


def _duties(one: _Side, two: _Side, day_of: DayOf) -> list[tuple[str, str]]:
    """Duties kept up inside what the other avoids, or windows of one duty that do not meet."""
    if one.whats.isdisjoint(two.whats):
        return []
    mine, theirs = one.duties, two.duties
    found = [
        (duty.what, "")
        for duty in mine
        for other in theirs
        if duty.what == other.what and (duty.verb == "avoid") != (other.verb == "avoid")
    ]
    anchored: dict[tuple[str, str], None] = {
        (duty.what, duty.at.anchor): None for duty in mine if duty.verb == "do" and duty.at
    }
    for what, anchor in anchored:
        here = [duty for duty in mine if _same(duty, what, anchor)]
        there = [duty for duty in theirs if _same(duty, what, anchor)]
        if here and there and not any(_meet(one, other, day_of) for one in here for other in there):
            found.append((what, anchor))
    return list(dict.fromkeys(found))


def _steps(ones: Sequence[Verdict], others: Sequence[Verdict]) -> list[str]:
    """The drugs of which two rows that apply ask for steps that cannot both be taken, as far as their conditions hold."""
    found = [
        one.row.steps[mine].what
        for one in ones
        for other in others
        if one.applies is other.applies is Truth.YES
        for mine, theirs in rows_steps_opposed(one.row, other.row)
        if one.holds[mine] is other.holds[theirs] is Truth.YES
    ]
    return list(dict.fromkeys(found))


def _same(duty: Duty, what: str, anchor: str) -> bool:
    return duty.verb == "do" and duty.what == what and duty.at is not None and duty.at.anchor == anchor


def _meet(one: Duty, other: Duty, day_of: DayOf) -> bool:
    """Whether two windows share a day; undated months are 28 to 31 days, so they meet if they might."""
    mine, theirs = due(one, day_of), due(other, day_of)
    if mine.first is not None and mine.last is not None and theirs.first is not None and theirs.last is not None:
        return mine.first <= theirs.last and theirs.first <= mine.last
    return windows_meet(one, other)


def windows_meet(one: Duty, other: Duty) -> bool:
    """Whether two windows around one anchor, whose day is not known, may share a day."""
    (low, high), (least, most) = _span(one), _span(other)
    return low <= most and least <= high


def _span(duty: Duty) -> tuple[int, int]:
    """The days around the anchor that a window may reach."""
    assert duty.at is not None
    window = duty.window
    ends = (
        [(duty.at.offset, duty.at.unit)] if window is None else [(window.low, window.unit), (window.high, window.unit)]
    )
    days = [day for count, unit in ends for day in _days(count, unit)]
    return min(days), max(days)


def _days(count: int, unit: str) -> tuple[int, int]:
    if unit == "months":
        return count * 28, count * 31
    size = count * (7 if unit == "weeks" else 1)
    return size, size
