"""Our own rules about a course, which no source states: when it begins, which order is judged, who could carry a pregnancy.

Each is named in knowledge/facts/courses.yaml with its reason; this file is what they do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, completed_months, completed_years, show, show_span
from isocourse.facts.imply import ORGANS
from isocourse.facts.record import Event, Order, Part, Quantity, Record
from isocourse.logic.truth import Truth


class Worked(Struct, frozen=True):
    """A value worked out by one of our rules: the part, where it comes from, and what to say of it."""

    value: Part | None
    written: str = ""
    origins: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


LIVE = ("draft", "current", "supply_ended")
"""States in which an order is judged; `supply_ended` is said to be active, so it is asked about first and judged all the same."""


def judged_orders(record: Record) -> tuple[Order, ...]:
    """The orders that are judged: drafts if there are any, else current ones, else those said to be active."""
    for state in LIVE:
        found = tuple(order for order in record.orders if order.state == state)
        if found:
            return found
    return ()


SUPPLY_DAYS = 30
"""The longest supply of any protocol read (claim ipledge.supply.days_30; the European texts say the same)."""


def renewal_due(record: Record, as_of: int) -> bool:
    """Whether every supply on file is over, or may be, so that what was shown for it says nothing of a supply today."""
    orders = judged_orders(record)
    if not orders or any(order.state == "draft" for order in orders):
        return False
    return not any(order.state == "current" and _covers(order, as_of) for order in orders)


def _covers(order: Order, as_of: int) -> bool:
    days = min(order.days_supply.low, SUPPLY_DAYS) if order.days_supply else SUPPLY_DAYS
    return order.day is not None and as_of <= order.day.first + days


def work_out(name: str, record: Record, as_of: int) -> Worked:
    """The value of a built-in fact.

    Raises:
        KeyError: there is no such rule.
    """
    return BUILT_IN[name](record, as_of)


def _today(_: Record, as_of: int) -> Worked:
    return Worked(Span.of(as_of), show(as_of))


def _age(record: Record, as_of: int) -> Worked:
    if record.birth is None:
        return Worked(None)
    least, most = completed_years(record.birth.last, as_of), completed_years(record.birth.first, as_of)
    shown = f"{least} years" if least == most else f"{least} or {most} years"
    return Worked(Quantity(least, most, "years"), f"{shown}, born {show_span(record.birth)}", ("patient",))


def _female_organs(record: Record, as_of: int) -> Worked:
    """Whether she could carry a pregnancy by anatomy; an explicit no needs `male` and nothing that speaks against it."""
    for_it = [event for event in record.events if event.stream == ORGANS and event.happened.first <= as_of]
    if for_it:
        return Worked(Truth.YES, f"from {for_it[0].written}", (for_it[0].origin,))
    for stream in ("sex_at_birth", "recorded_gender"):
        said = next((event for event in record.events if event.stream == stream), None)
        if said is not None:
            return _from_sex(said, stream)
    return Worked(None)


def _from_sex(said: Event, stream: str) -> Worked:
    origin = "recorded gender" if stream == "recorded_gender" else "sex at birth"
    if said.value == ("male",):
        return Worked(Truth.NO, f"cannot become pregnant, from {origin}", (said.origin,), (f"from {origin}",))
    if said.value == ("female",):
        return Worked(Truth.YES, f"female, from {origin}", (said.origin,), (f"from {origin}",))
    return Worked(None, f"{origin} does not tell", (said.origin,))


def _first_dose(record: Record, as_of: int) -> Worked:
    told = _told(record, "first_dose", as_of=LAST_DAY)
    if told is not None and isinstance(told.value, Span) and not _of_earlier_course(record, told, as_of):
        return Worked(told.value, show_span(told.value), (told.origin,))
    running = [order for order in record.orders if order.state in ("current", "supply_ended", "ended") and order.day]
    if further := _newer(record, _over(record, as_of)):
        running = [order for order in running if order in further]
    if running:
        begin = min(order.day.first for order in running if order.day)
        return Worked(
            Span(begin, max(begin, as_of)),
            f"not recorded; not before {show(begin)}",
            tuple(order.origin for order in running),
            ("first dose not recorded",),
        )
    return Worked(None, marks=("nothing says whether treatment has begun",) if record.orders else ())


def _last_dose(record: Record, as_of: int) -> Worked:
    """The last dose of this course; that of a course before it is not the end of a further one that is ordered or has begun."""
    told = _told(record, "last_dose", as_of=LAST_DAY)
    if told is not None and isinstance(told.value, Span):
        if _further_course(record, as_of):
            began = _on_treatment(record, as_of).value is Truth.YES
            open_ = Span(as_of if began else told.value.first, LAST_DAY)
            words = f"{show_span(told.value)} of an earlier course; that of the further one is not recorded"
            return Worked(open_, words, (told.origin,), ("last dose of the further course not recorded",))
        return Worked(told.value, show_span(told.value), (told.origin,))
    if any(order.state in ("current", "supply_ended") for order in record.orders):
        return Worked(Span(as_of if not _only_ended(record) else FIRST_DAY, LAST_DAY), "not recorded")
    return Worked(None)


def _only_ended(record: Record) -> bool:
    return not any(order.state == "current" for order in record.orders)


def _told(record: Record, stream: str, as_of: int) -> Event | None:
    told = [event for event in record.events if event.stream == stream and event.happened.first <= as_of]
    return max(told, key=lambda event: event.happened.first, default=None)


def _on_treatment(record: Record, as_of: int) -> Worked:
    """Whether capsules are being taken; an order alone does not say that the first one has been swallowed."""
    ended = _over(record, as_of)
    begun = _told(record, "first_dose", as_of=LAST_DAY)
    if (
        ended is not None
        and not _begun_since(record, ended, as_of)
        and all(order.state == "draft" for order in _newer(record, ended))
    ):
        return Worked(Truth.NO, f"last dose {_shown(ended)}", (ended.origin,))
    if begun is not None and isinstance(begun.value, Span) and not _of_earlier_course(record, begun, as_of):
        if begun.value.last <= as_of:
            return Worked(Truth.YES, f"since {show_span(begun.value)}", (begun.origin,))
        if begun.value.first > as_of:
            return Worked(Truth.NO, f"the first dose is planned for {show_span(begun.value)}", (begun.origin,))
    origins = tuple(order.origin for order in record.orders)
    states = {order.state for order in record.orders}
    if "supply_ended" in states and not states & {"current", "draft"}:
        mark = "said to be active, supply ended"
        return Worked(None, "said to be active, but the supply has ended", origins, (mark,))
    if states & {"current", "draft", "supply_ended"}:
        return Worked(None, "an order is open; nothing says whether treatment has begun", origins)
    return Worked(None)


def _over(record: Record, as_of: int) -> Event | None:
    """The last dose told, if it surely lies in the past."""
    ended = _told(record, "last_dose", as_of=as_of)
    return ended if ended is not None and isinstance(ended.value, Span) and ended.value.last < as_of else None


def _shown(ended: Event) -> str:
    return show_span(ended.value) if isinstance(ended.value, Span) else ended.written


def _newer(record: Record, ended: Event | None) -> list[Order]:
    """The open orders that are newer than the last dose told, or of unknown day: a further course."""
    if ended is None:
        return []
    last = ended.value.last if isinstance(ended.value, Span) else LAST_DAY
    return [order for order in record.orders if order.state in LIVE and (order.day is None or order.day.last >= last)]


def _further_course(record: Record, as_of: int) -> bool:
    """Whether a further course is ordered, or a first dose is told, after a last dose that lies in the past."""
    ended = _over(record, as_of)
    if ended is None:
        return False
    return _begun_since(record, ended, as_of) or any(order.state != "draft" for order in _newer(record, ended))


def _begun_since(record: Record, ended: Event, as_of: int) -> bool:
    """Whether a first dose is told for a day after a last dose, and that day has come."""
    begun = _told(record, "first_dose", as_of=as_of)
    if begun is None or not isinstance(begun.value, Span) or not isinstance(ended.value, Span):
        return False
    return begun.value.first > ended.value.last and begun.value.last <= as_of


def _of_earlier_course(record: Record, begun: Event, as_of: int) -> bool:
    """Whether a first dose told lies before a last dose after which a further course was ordered or drafted."""
    ended = _over(record, as_of)
    if ended is None or not isinstance(ended.value, Span) or not isinstance(begun.value, Span):
        return False
    return begun.value.first <= ended.value.last and bool(_newer(record, ended))


def _finished(record: Record, as_of: int) -> Worked:
    ended = _told(record, "last_dose", as_of=as_of)
    if any(order.state == "draft" for order in record.orders):
        return Worked(Truth.NO, "another order is drafted", tuple(order.origin for order in record.orders))
    if ended is not None and isinstance(ended.value, Span):
        newer = _newer(record, ended)
        if _begun_since(record, ended, as_of):
            return Worked(
                Truth.NO, f"a further course has begun since the last dose of {_shown(ended)}", (ended.origin,)
            )
        if any(_surely_after(order, ended.value) for order in newer):
            return Worked(Truth.NO, "another order is open", tuple(order.origin for order in newer))
        over = ended.value.last < as_of and not newer
        return Worked(Truth.YES if over else None, f"last dose {show_span(ended.value)}", (ended.origin,))
    if any(order.state == "current" for order in record.orders):
        return Worked(Truth.NO, "an order is open", tuple(order.origin for order in record.orders))
    return Worked(None)


def _surely_after(order: Order, ended: Span) -> bool:
    """Whether a running order was written after the last dose of the course before it, by days that leave no doubt."""
    return order.state == "current" and order.day is not None and order.day.first > ended.last


def _order_state(record: Record, as_of: int) -> Worked:
    orders = judged_orders(record) or record.orders
    if not orders:
        return Worked(None)
    return Worked(
        (orders[0].state,), "; ".join(_state_words(order) for order in orders), tuple(order.origin for order in orders)
    )


def _state_words(order: Order) -> str:
    if order.state == "supply_ended" and order.supply_ended:
        return f"said to be active, but supply ended on {show_span(order.supply_ended)}"
    return {"draft": "drafted, judged if given", "current": "active", "ended": "ended"}.get(order.state, order.state)


def _prescription_day(record: Record, as_of: int) -> Worked:
    orders = judged_orders(record)
    if any(order.state == "draft" for order in orders):
        return Worked(Span.of(as_of), f"{show(as_of)}, if written today", tuple(order.origin for order in orders))
    days = [order.day for order in orders if order.day]
    if not days:
        return Worked(None)
    newest = max(days, key=lambda day: day.first)
    return Worked(newest, show_span(newest), tuple(order.origin for order in orders))


def _daily_dose(record: Record, as_of: int) -> Worked:
    """Orders at once may be taken together or one instead of the other: from the larger to the sum; one without a dose adds any."""
    orders = judged_orders(record)
    doses = [order.daily_dose for order in orders if order.daily_dose]
    if not doses:
        return Worked(None)
    low = max(dose.low for dose in doses)
    high = sum(dose.high for dose in doses) if len(doses) == len(orders) else MOST
    marks = ("more than one order: from the larger to the sum of all",) if len(orders) > 1 else ()
    written = "; ".join(order.written for order in orders)
    return Worked(Quantity(low, high, "mg/day"), written, tuple(order.origin for order in orders), marks)


def _highest_dose(record: Record, as_of: int) -> Worked:
    """The highest daily dose of any single order that is not over, drafted or running."""
    orders = [order for order in record.orders if order.state in LIVE]
    doses = [order.daily_dose for order in orders if order.daily_dose]
    if not doses:
        return Worked(None)
    top = max(doses, key=lambda dose: dose.low)
    written = "; ".join(order.written for order in orders if order.daily_dose == top)
    origins = tuple(order.origin for order in orders if order.daily_dose == top)
    return Worked(Quantity(top.low, max(dose.high for dose in doses), "mg/day"), written, origins)


MOST = 1 << 40
"""No upper bound of its own; the fact's plausible range closes it."""


def _of_orders(attribute: str) -> Callable[[Record, int], Worked]:
    def worked(record: Record, as_of: int) -> Worked:
        orders = judged_orders(record)
        amounts = [amount for order in orders if (amount := getattr(order, attribute)) is not None]
        if not amounts:
            return Worked(None)
        high = max(amount.high for amount in amounts) if len(amounts) == len(orders) else MOST
        whole = Quantity(max(amount.low for amount in amounts), high)
        return Worked(whole, "; ".join(order.written for order in orders), tuple(order.origin for order in orders))

    return worked


def _reason_acne(record: Record, as_of: int) -> Worked:
    orders = judged_orders(record)
    answers = {order.reason_acne for order in orders}
    if not orders or Truth.UNKNOWN in answers or len(answers) > 1:
        return Worked(None)
    return Worked(
        answers.pop(),
        "; ".join(order.reason for order in orders if order.reason),
        tuple(order.origin for order in orders),
    )


def _formulation(record: Record, as_of: int) -> Worked:
    orders = judged_orders(record)
    kinds = {kind for order in orders for kind in order.formulation}
    if not orders or not kinds or any(not order.formulation for order in orders):
        return Worked(None)
    return Worked(
        tuple(sorted(kinds)),
        "; ".join(order.product or order.written for order in orders),
        tuple(order.origin for order in orders),
    )


def _months_since(stream: str) -> Callable[[Record, int], Worked]:
    """Full calendar months from the day told in a stream until today; nothing before that day."""

    def worked(record: Record, as_of: int) -> Worked:
        told = _told(record, stream, as_of=as_of)
        if told is None or not isinstance(told.value, Span) or told.value.first > as_of:
            return Worked(None)
        least, most = completed_months(min(told.value.last, as_of), as_of), completed_months(told.value.first, as_of)
        if stream == "last_dose" and _further_course(record, as_of):
            if _on_treatment(record, as_of).value is Truth.YES:
                return Worked(None, "a further course is running", (told.origin,))
            least = 0
        return Worked(
            Quantity(least, most, "months"), f"{most} full months since {show_span(told.value)}", (told.origin,)
        )

    return worked


COURSE_DAYS = 90
"""How long before the first dose an order may still be of this course, and how far apart two orders of one course may lie where
no first dose is told: our choice, the same 90 days as for a baseline."""


def _dose_moved(*, up: bool) -> Callable[[Record, int], Worked]:
    """Whether the newest order of this course asks for more (or less) a day than the order before it.

    Not known unless both doses, both days and the capsules are known; an order alone says nothing of a change.
    """

    def worked(record: Record, as_of: int) -> Worked:
        step = _newest_step(record)
        if step is None:
            return Worked(None, "fewer than two orders whose days tell which came last" if record.orders else "")
        before, after = step
        written = f"{_dose_words(before)}, then {_dose_words(after)}"
        origins = tuple(order.origin for order in (*before, *after))
        doubt = _step_doubt(record, before, after)
        if doubt:
            return Worked(None, f"{written}: {doubt}", origins)
        old, new = _dose_of(record, before), _dose_of(record, after)
        if old is None or new is None:
            return Worked(None, f"{written}: a dose is not known", origins)
        over, under = (new, old) if up else (old, new)
        if over.low > under.high:
            return Worked(Truth.YES, written, origins, _step_marks(before, after))
        return Worked(Truth.NO if over.high <= under.low else None, written, origins, _step_marks(before, after))

    return worked


Step = tuple[tuple[Order, ...], tuple[Order, ...]]
"""The orders of the day before the newest one, and those of the newest day."""


def _newest_step(record: Record) -> Step | None:
    """The two newest days on which something was ordered, where the days are known well enough to tell their order."""
    orders = record.orders
    if len(orders) < 2 or any(order.day is None for order in orders):
        return None
    days = sorted({order.day for order in orders if order.day}, key=lambda day: (day.last, day.first))
    if len(days) < 2 or any(days[-1].first <= day.last for day in days[:-1]):
        return None
    if any(days[-2].first <= day.last for day in days[:-2]):
        return None
    before, after = (tuple(order for order in orders if order.day == day) for day in days[-2:])
    return before, after


def _step_doubt(record: Record, before: Sequence[Order], after: Sequence[Order]) -> str:
    """Why the two cannot be compared: they are not surely of one course, or not surely of one kind of capsule."""
    old, new = before[0].day, after[0].day
    assert old is not None
    assert new is not None
    begun, ended = (_told(record, stream, as_of=LAST_DAY) for stream in ("first_dose", "last_dose"))
    if (
        ended is not None
        and isinstance(ended.value, Span)
        and old.first <= ended.value.last
        and ended.value.first < new.last
    ):
        return "a course may have ended between them"
    if begun is not None and isinstance(begun.value, Span):
        if old.first < begun.value.last - COURSE_DAYS:
            return "the earlier one may be of another course"
    elif new.last - old.first > COURSE_DAYS:
        return f"more than {COURSE_DAYS} days apart and no first dose told, so perhaps of two courses"
    kinds = {order.formulation for order in (*before, *after)}
    if len(kinds) > 1 or any(len(kind) > 1 for kind in kinds):
        return "perhaps of two formulations, whose milligrams are not the same"
    return ""


def _dose_of(record: Record, orders: Sequence[Order]) -> Quantity | None:
    """mg/day from that day on: the larger of that day's orders, up to the sum with those that may still have been taken beside them."""
    doses = [order.daily_dose for order in orders if order.daily_dose]
    if not doses or len(doses) < len(orders):
        return None
    own = max(doses, key=lambda dose: dose.low)
    beside = [order for order in record.orders if _beside(order, orders)]
    high = sum(dose.high for dose in doses) if len(doses) > 1 else own.high
    if any(order.daily_dose is None for order in beside):
        return Quantity(own.low, MOST, "mg/day")
    return Quantity(own.low, high + sum(order.daily_dose.high for order in beside if order.daily_dose), "mg/day")


def _beside(order: Order, orders: Sequence[Order]) -> bool:
    """Whether an earlier order was running beside these; a draft stands in place of what runs, a running order may be added to it."""
    day, own = orders[0].day, order.day
    if day is None or own is None or own.last >= day.first or "draft" in (order.state, orders[0].state):
        return False
    return order.state == "current" and orders[0].state == "current"


def _dose_words(orders: Sequence[Order]) -> str:
    """Orders of one day in words: the dose as ordered and the day."""
    day = orders[0].day
    return " and ".join(order.written for order in orders) + (f" on {show_span(day)}" if day else "")


def _step_marks(before: Sequence[Order], after: Sequence[Order]) -> tuple[str, ...]:
    if any(order.formulation for order in (*before, *after)):
        return ()
    return ("the orders do not name their formulation; taken to be the same",)


BUILT_IN: dict[str, Callable[[Record, int], Worked]] = {
    "today": _today,
    "age": _age,
    "female_organs": _female_organs,
    "first_dose": _first_dose,
    "last_dose": _last_dose,
    "on_treatment": _on_treatment,
    "finished": _finished,
    "order_state": _order_state,
    "prescription_day": _prescription_day,
    "ordered_daily_dose": _daily_dose,
    "highest_ordered_dose": _highest_dose,
    "order_days_supply": _of_orders("days_supply"),
    "order_repeats": _of_orders("repeats"),
    "times_a_day": _of_orders("times_a_day"),
    "order_reason_acne": _reason_acne,
    "formulation": _formulation,
    "dose_raised": _dose_moved(up=True),
    "dose_lowered": _dose_moved(up=False),
    "months_since_last_dose": _months_since("last_dose"),
    "months_clear": _months_since("clear_since"),
}
"""The facts worked out here, by name."""

RULES: Sequence[str] = tuple(BUILT_IN)
