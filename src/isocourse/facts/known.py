"""A record as it was known on an earlier day: what happened or became known later is left out."""

from __future__ import annotations

from msgspec.structs import replace

from isocourse.facts.record import Event, Order, Record


def known_by(record: Record, day: int) -> Record:
    """The record without what happened, or became known, after a day.

    A result taken before the day and reported after it was not known yet. What has no day stays.
    """
    return replace(
        record,
        events=tuple(event for event in record.events if _known(event, day)),
        orders=tuple(order for order in record.orders if _written(order, day)),
        doses=tuple(dose for dose in record.doses if dose.first.first <= day),
    )


def _known(event: Event, day: int) -> bool:
    return event.happened.first <= day and (event.known is None or event.known.first <= day)


def _written(order: Order, day: int) -> bool:
    return order.day is None or order.day.first <= day
