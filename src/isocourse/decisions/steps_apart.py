"""Whether two rows of steps cannot both be followed: ranges that do not meet, or a dose that must go two ways at one time."""

from __future__ import annotations

from collections.abc import Iterator

from isocourse.decisions.amounts import apart
from isocourse.decisions.stages import Stage, stages
from isocourse.decisions.tables import Moment, Row, Step
from isocourse.facts.days import Span, day_number

SAMPLES = (day_number(2027, 1, 1), day_number(2027, 1, 31), day_number(2028, 2, 29))
"""Days on which an anchor is put where its own day is not known, before long and short months."""

CONTRARY = (("raise", "lower"), ("raise", "keep"), ("lower", "keep"))
"""Ways of a dose that exclude each other."""


def rows_steps_opposed(one: Row, other: Row) -> Iterator[tuple[int, int]]:
    """The places of steps of two rows that cannot both be taken, whatever the day from which both are counted.

    Both must be said with some force, be of one drug, and overlap for certain, counted from one and the same anchor. A row that
    keeps the dose over the whole course also excludes that the other lowers it at a time of which the source says nothing.
    """
    pairs = [
        (place, where)
        for place, mine in enumerate(one.steps)
        for where, theirs in enumerate(other.steps)
        if mine.what == theirs.what and "none" not in (mine.force, theirs.force) and _exclude(mine, theirs)
    ]
    if not pairs:
        return
    dated = [(_dated(one, sample), _dated(other, sample)) for sample in SAMPLES]
    for place, where in pairs:
        mine, theirs = one.steps[place], other.steps[where]
        whole = (_keeps_whole(mine) and theirs.verb == "lower") or (_keeps_whole(theirs) and mine.verb == "lower")
        if whole or all(_share(ones[place], others[where]) for ones, others in dated):
            yield place, where


def _exclude(one: Step, other: Step) -> bool:
    """Whether two steps exclude each other while both last."""
    verbs = (one.verb, other.verb)
    if "avoid" in verbs:
        return verbs != ("avoid", "avoid")
    if verbs in CONTRARY or verbs[::-1] in CONTRARY:
        return True
    return ranges_apart(one, other)


def ranges_apart(one: Step, other: Step) -> bool:
    """Whether two ranges in one unit and formulation have no dose in common."""
    return bool(one.low and other.low) and apart(one, other)


def _keeps_whole(step: Step) -> bool:
    """Whether the dose stays as it is from the first dose to the end."""
    ends = step.open or step.until == Moment("last_dose")
    return step.verb == "keep" and step.begin == Moment("start") and ends


def _dated(row: Row, sample: int) -> tuple[Stage, ...]:
    """The stages of a row where every anchor is put on one day."""
    return stages(row, lambda _: Span.of(sample))


def _share(one: Stage, other: Stage) -> bool:
    """Whether two stages counted from one anchor share a day for certain."""
    mine, theirs = one.certain, other.certain
    if mine is None or theirs is None or len(one.anchors) != 1 or one.anchors != other.anchors:
        return False
    return mine.first <= theirs.last and theirs.first <= mine.last
