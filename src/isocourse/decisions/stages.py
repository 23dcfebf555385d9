"""When each step of a titration, a taper or an overlap of two drugs falls, as days or as what they depend on."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from isocourse.decisions.dates import ANCHOR_WORDS, DayOf, moved
from isocourse.decisions.tables import UNSTATED, Length, Moment, Row, Step
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span
from isocourse.logic.truth import Truth

NOT_NAMED = "a day that the source does not name"


class Stage(Struct, frozen=True):
    """One step of a row with its days."""

    step: Step
    begins: Span | None
    """The days on which it may begin; up to the last day there is where only the earliest is known; None where no day is."""
    ends: Span | None
    """The days that may be its last; None where it goes on or no day is known."""
    holds: Truth
    """Whether its condition holds; not known for a stage still to come, whatever is true today."""
    claims: tuple[str, ...]
    anchors: tuple[str, ...] = ()
    """What its days are counted from."""
    depends_on: tuple[str, ...] = ()
    """What must be known before it has days, in words."""

    @property
    def open(self) -> bool:
        """Whether it goes on with no end of its own."""
        return self.step.open

    @property
    def certain(self) -> Span | None:
        """The days that certainly belong to it; None where there are none."""
        if self.begins is None or (self.ends is None and not self.open):
            return None
        last = LAST_DAY if self.ends is None else self.ends.first
        return Span(self.begins.last, last) if self.begins.last <= last and self.begins.last < LAST_DAY else None


def stages(row: Row, day_of: DayOf, holds: Sequence[Truth] = ()) -> tuple[Stage, ...]:
    """The steps of a row in the order of the source, each with its days as far as they can be told.

    Of one drug they stand in order of time and never overlap; a step counted from an anchor without an offset takes the anchor's
    day in. Both ends of a stage belong to it: 4 weeks from 1 March are 1 to 28 March.

    Args:
        row: a row of a steps table; any other row has no stages.
        day_of: the days that an anchor may be.
        holds: whether the condition of each step holds today; nothing where no patient is judged.
    """
    found: list[Stage] = []
    for place, step in enumerate(row.steps):
        truth = holds[place] if holds else Truth.YES if step.when < 0 else Truth.UNKNOWN
        before = next((each for each in reversed(found) if each.step.what == step.what), None)
        found.append(_stage(row, step, before, day_of, truth))
    return tuple(found)


def _stage(row: Row, step: Step, before: Stage | None, day_of: DayOf, holds: Truth) -> Stage:
    begins, anchors, missing = _begin(step, before, day_of)
    ends, end_anchors, also = _end(step, begins, day_of)
    if begins is None and step.begin is None and not step.then and step.until and ends and step.length:
        begins = _back(ends, step.length)
    depends = tuple(dict.fromkeys((*missing, *also)))
    if step.when >= 0 and not _begun(begins, day_of):
        holds = Truth.UNKNOWN
    return Stage(step, begins, ends, holds, row.claims, tuple(dict.fromkeys((*anchors, *end_anchors))), depends)


def _begin(step: Step, before: Stage | None, day_of: DayOf) -> tuple[Span | None, tuple[str, ...], tuple[str, ...]]:
    if step.begin is not None:
        return _moment(step.begin, day_of)
    if step.then and before is not None:
        if before.ends is None:
            return None, before.anchors, before.depends_on
        missing = before.depends_on if before.step.length != UNSTATED else (NOT_NAMED,)
        return _clamped(before.ends.first + 1, before.ends.last + 1), before.anchors, missing
    return None, (), () if step.until else (NOT_NAMED,)


def _end(step: Step, begins: Span | None, day_of: DayOf) -> tuple[Span | None, tuple[str, ...], tuple[str, ...]]:
    if step.until is not None:
        return _moment(step.until, day_of)
    if step.length is None or begins is None:
        return None, (), ()
    length = step.length
    last = LAST_DAY if length.high is None else moved(begins.last, length.high, length.unit) - 1
    return _clamped(moved(begins.first, length.low, length.unit) - 1, last), (), ()


def _back(ends: Span, length: Length) -> Span:
    """The days on which a step began that lasted so long up to its last day."""
    first = FIRST_DAY if length.high is None else moved(ends.first + 1, -length.high, length.unit)
    return _clamped(first, moved(ends.last + 1, -length.low, length.unit))


def _moment(moment: Moment, day_of: DayOf) -> tuple[Span | None, tuple[str, ...], tuple[str, ...]]:
    span = day_of(moment.anchor)
    if span is None or (span.first <= FIRST_DAY and span.last >= LAST_DAY):
        return None, (moment.anchor,), (ANCHOR_WORDS[moment.anchor],)
    first, last = (moved(day, moment.offset, moment.unit) for day in (span.first, span.last))
    return _clamped(first, last), (moment.anchor,), ()


def _clamped(first: int, last: int) -> Span:
    return Span(max(FIRST_DAY, min(first, LAST_DAY)), max(FIRST_DAY, min(last, LAST_DAY)))


def _begun(begins: Span | None, day_of: DayOf) -> bool:
    """Whether a stage has certainly begun by today."""
    today = day_of("each_visit")
    return begins is not None and today is not None and today.known and begins.last <= today.first


def stage_of_today(found: Sequence[Stage], day_of: DayOf, what: str = "dose") -> Stage | None:
    """The stage of a drug that certainly holds today, if one does."""
    today = day_of("each_visit")
    if today is None or not today.known:
        return None
    for stage in found:
        certain = stage.certain
        if stage.step.what == what and certain and certain.first <= today.first <= certain.last:
            return stage
    return None
