"""What bears on handing out capsules on a day, of a record that was judged as if they were handed out then."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.breaches import Breach
from isocourse.decisions.dates import Due, due
from isocourse.decisions.gate import Gate
from isocourse.decisions.lapsed import Lapsed
from isocourse.decisions.today import Held
from isocourse.facts.courses import judged_orders
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span
from isocourse.library import Assessment
from isocourse.logic.truth import Truth

POINT = "supply_window"
"""The question from when until when capsules may be handed out."""

CURRENT, ENDED, NONE = "current", "ended", "none"
OPEN, CLOSED, CANNOT_TELL = "open", "closed", "cannot_tell"
NOTES = {CLOSED: "gate closed: ", CANNOT_TELL: "gate not known to be open: "}
"""What stands before the reason of somebody who handed out all the same."""
NOT_OPEN = tuple(NOTES)


class SupplyWindow(Struct, frozen=True):
    """From when until when one text lets the capsules be handed out, and whether the day lies in it as far as the file shows."""

    answer: Answer
    verdict: Verdict
    due: Due

    @property
    def inside(self) -> Truth:
        """Whether the day lies inside; a text known at second hand is read off the file like any other."""
        return self.verdict.shown


class Dispensing(Struct, frozen=True):
    """What bears on handing out capsules on a day."""

    seen: Assessment
    """Everything, judged as if capsules were handed out on its day."""
    gate: str
    """closed, cannot_tell or open. Open says that nothing was found against it, never that it is safe."""
    windows: tuple[SupplyWindow, ...]
    order: str
    """Where the orders on file stand: current, supply_ended, draft, ended, or none at all. Only a current one is a prescription."""
    prescribed: Span | None
    """The day of the order that runs; None: not known, or there is none."""

    @property
    def closing(self) -> tuple[Held, ...]:
        """What closes it besides red lines."""
        return tuple(each for each in self.seen.today.not_today if _of_supply(each))

    @property
    def besides(self) -> tuple[Held, ...]:
        """What else stands against a start or a supply, and does not close it."""
        return tuple(each for each in self.seen.today.not_today if not _of_supply(each))


def dispensing(seen: Assessment) -> Dispensing:
    """What bears on it, of a record that was judged as if capsules were handed out on its day.

    What closes it: a red line, one that rests on a value too old to count, the rule that no supply is free while a pregnancy is not
    excluded, or a window for handing out that does not hold the day. Where the file does not show whether the day lies inside, or
    shows no order that runs (a draft is no prescription), that is not known, which is no yes.
    """
    windows = tuple(_windows(seen))
    order = _order(seen)
    return Dispensing(
        seen, _gate(seen, windows, order), windows, order, _prescribed(seen) if order == CURRENT else None
    )


def _gate(seen: Assessment, windows: tuple[SupplyWindow, ...], order: str) -> str:
    if seen.today.stop_now or any(_of_supply(each) for each in seen.today.not_today):
        return CLOSED
    if any(each.inside is Truth.NO for each in windows):
        return CLOSED
    unknown = order != CURRENT or any(each.inside is Truth.UNKNOWN for each in windows)
    return CANNOT_TELL if unknown else OPEN


def _order(seen: Assessment) -> str:
    judged = judged_orders(seen.record)
    return judged[0].state if judged else ENDED if seen.record.orders else NONE


def _of_supply(held: Held) -> bool:
    """Whether it closes a supply by itself: the gate on pregnancy, what was red and is to be found out first, a window that is broken."""
    return isinstance(held, Gate | Lapsed) or (isinstance(held, Breach) and held.point.name == POINT)


def _windows(seen: Assessment) -> Iterator[SupplyWindow]:
    """The windows that apply, or may: of what governs, else of every text that speaks."""
    for answer in seen.answers:
        if answer.point.name != POINT or (seen.governs and answer.edition not in seen.governs):
            continue
        for verdict in answer.verdicts:
            duty = verdict.row.duty
            if duty is not None and duty.verb == "do" and verdict.applies is not Truth.NO:
                yield SupplyWindow(answer, verdict, due(duty, seen.day_of))


def _prescribed(seen: Assessment) -> Span | None:
    """The day of the order, where there is one and its day is known at all."""
    span = seen.day_of("each_prescription")
    return None if span is None or (span.first <= FIRST_DAY and span.last >= LAST_DAY) else span
