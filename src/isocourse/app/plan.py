"""Plans a course: the record judged, then a plan, what slips, and what changed since an earlier visit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from isocourse.app.assess import assess
from isocourse.course.alerts import WITHIN, Alerts, alerts
from isocourse.course.amounts import Amount
from isocourse.course.exposure import Period
from isocourse.course.outline import PLANNED
from isocourse.course.plan import Plan
from isocourse.course.planner import make_plan, taken_before
from isocourse.course.slip import Slip, slip
from isocourse.course.wanted import Wanted
from isocourse.facts.courses import judged_orders
from isocourse.facts.days import Span, iso
from isocourse.facts.known import known_by
from isocourse.facts.record import Order, Record
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.truth import Truth

if TYPE_CHECKING:
    from isocourse.kinetics import Regimen


def judged(library: Library, record: Record, asked: Asked, wanted: Wanted) -> Assessment:
    """The record judged under everything loaded with what is planned: the product asked for, and a draft where no order is open."""
    asked = replace(asked, product=wanted.product or asked.product)
    whole = assess(library, _drafted(library, record, asked), replace(asked, protocols=()))
    return _shown(whole, asked.protocols)


def _shown(whole: Assessment, protocols: tuple[str, ...]) -> Assessment:
    """The same assessment with what was asked to be seen, and whatever governs.

    A choice of protocols says what a page shows. What stops a course, holds it up or bounds its dose is found before, among all.
    """
    asked = replace(whole.asked, protocols=protocols)
    editions = tuple(each for each in whole.editions if asked.shows(each) or each in whole.governs)
    return replace(
        whole,
        asked=asked,
        editions=editions,
        answers=tuple(each for each in whole.answers if each.edition in editions),
        doubts=tuple(each for each in whole.doubts if any(each[0] == edition.key for edition in editions)),
    )


def _drafted(library: Library, record: Record, asked: Asked) -> Record:
    """A plan is a prescription being thought of: where none is open, the record is judged as if one were drafted today."""
    product = library.product(asked.product or record.product)
    if judged_orders(record) or record.died:
        return record
    draft = Order(
        PLANNED,
        "planned",
        Span.of(asked.as_of),
        "draft",
        reason="acne",
        reason_acne=Truth.YES,
        formulation=(product.formulation,) if product else (),
        product=product.name if product else "",
    )
    return replace(record, orders=(*record.orders, draft))


def plan(library: Library, record: Record, asked: Asked, wanted: Wanted) -> Plan:
    """The plan of a record as of a day."""
    return make_plan(judged(library, record, asked, wanted), wanted)


def slipped(library: Library, record: Record, asked: Asked, wanted: Wanted, handle: str, to: int | None) -> Slip:
    """The cascade if a happening of the plan falls on another day, or on none.

    Raises:
        SlipError: there is no such happening, or it cannot be moved there.
    """
    return slip(judged(library, record, asked, wanted), wanted, handle, to)


def since(
    library: Library, record: Record, asked: Asked, wanted: Wanted, earlier: int, within: int = WITHIN
) -> tuple[Alerts, Plan]:
    """What wants attention since an earlier visit: the record as it was known then, against the record as it is."""
    before = judged(library, known_by(record, earlier), replace(asked, as_of=earlier), wanted)
    now = plan(library, record, asked, wanted)
    return alerts(before, now.assessment, now, within), now


def course_key(record: Record, name: str) -> str:
    """What tells this course from others where nobody gave a key: the name of the file and the date of birth, as a digest.

    Nothing that a slip moves enters it, so that a second import moves events and does not double them.
    """
    born = (iso(record.birth.first), iso(record.birth.last)) if record.birth else ()
    return hashlib.sha256("\x1f".join((name, *born)).encode()).hexdigest()[:16]


def simulated(made: Plan, food: str = "meal") -> tuple[Regimen, tuple[str, ...], int]:
    """The plan as a regimen, with what was taken before it where that is known day by day; what to say of it; and the day of hour 0.

    Raises:
        NoRegimenError: the plan gives no intakes.
    """
    from isocourse.course.regimen import regimen_of

    first = made.steps[0].first if made.steps else 0
    past = taken_before(made) if made.running else ()
    known = bool(past) and all(_one_dose(each) for each in past) and _unbroken(past, first)
    if made.running and not known:
        told = "what was taken before the plan is not known day by day, so levels begin at the plan's first day"
    else:
        told = (
            f"what was taken from {iso(past[0].first)} on is included" if past else "a first course, from its first day"
        )
    lines = (f"the plan from {iso(first)} to {iso(made.steps[-1].last)}" if made.steps else "no dose is planned", told)
    taken = past if known else ()
    return regimen_of(made, taken, food), lines, min([first, *(each.first for each in taken)])


def _one_dose(period: Period) -> bool:
    return period.daily_mg.known and period.taken == Amount.of(1) and bool(period.formulation)


def _unbroken(past: Sequence[Period], first: int) -> bool:
    ordered = sorted(past, key=lambda each: each.first)
    return all(one.last + 1 == other.first for one, other in pairwise(ordered)) and ordered[-1].last == first - 1
