"""Orders, statements and supplies of drugs: whether each is taken. Orders for isotretinoin are read in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from isocourse.decisions.sentence import of_day
from isocourse.facts.days import FIRST_DAY, Span, reason_of
from isocourse.facts.frames import said
from isocourse.facts.problem import Problem
from isocourse.facts.record import DoseEntry, Event, Order, Unjudged
from isocourse.facts.streams import Catalogue, Item
from isocourse.fhir.doses import handed_out_or_given, said_to_be_taken
from isocourse.fhir.drugs import ISOTRETINOIN, Drug, disagreements, identify
from isocourse.fhir.elements import Resource, one, origin, span_of, text, when
from isocourse.fhir.gathered import Read
from isocourse.fhir.isotretinoin import days_supplied, read_order
from isocourse.logic.truth import Truth

KINDS = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")

ENDED = ("stopped", "completed", "ended")
NOT_READ = {
    "cancelled": "cancelled",
    "entered-in-error": "entered in error",
    "declined": "declined",
    "not-done": "not done",
}
PROPOSED = ("proposal", "plan", "option")


class _Taken(Struct, frozen=True):
    """A drug as it stands in one resource, with the days it has."""

    resource: Resource
    drug: Drug
    where: str
    status: str
    day: Span | None
    until: Span | None
    draft: bool


def read_medication(
    resource: Resource, index: Mapping[str, Resource], catalogue: Catalogue, as_of: int, *, draft: bool
) -> Read:
    """A MedicationRequest, Statement, Dispense or Administration."""
    where, status = origin(resource), text(resource.get("status"))
    drug = identify(resource, index, catalogue)
    if status in NOT_READ or resource.get("doNotPerform") is True:
        why = NOT_READ.get(status, "an order not to give it")
        return Read(unjudged=(Unjudged("drug", drug.called, where, why),))
    problems = disagreements(drug, where)
    draft = draft or status in ("draft", "intended") or text(resource.get("intent")) in PROPOSED
    day, until = _days(resource, drug, problems, as_of)
    if not draft and day is not None and day.first > as_of:
        late, now = said("date.dated_after", name=drug.called, day=of_day(as_of)), "It is judged as if given today."
        problems.append(Problem(where, late, "a day up to then", "check the date", now))
        draft, day = True, None
    taken = _Taken(resource, drug, where, status, day, until, draft)
    return _of_items(taken, index, catalogue, as_of, problems)


def _of_items(
    taken: _Taken, index: Mapping[str, Resource], catalogue: Catalogue, as_of: int, problems: list[Problem]
) -> Read:
    drug, items = taken.drug, taken.drug.items
    denial = _denial(drug, catalogue) and taken.status not in (*ENDED, "not-taken")
    events = [_event(taken, "drugs", "*", Truth.NO, as_of)] if denial else []
    events += [
        _event(taken, "methods", item.name, Truth.UNKNOWN, as_of)
        for item in drug.methods
        if taken.status != "not-taken"
    ]
    if not items:
        live = taken.status not in (*ENDED, "not-taken")
        unknown = Unjudged(
            "drugs" if live else "drug", drug.called, taken.where, "no drug of that code or name is known here"
        )
        return Read(tuple(events), () if denial or drug.methods else (unknown,), tuple(problems))
    orders = []
    doses: tuple[DoseEntry, ...] = ()
    for item in items:
        if item.name != ISOTRETINOIN:
            events.extend([_event(taken, "drugs", item.name, _truth(taken), as_of)] if item.judged else [])
        elif taken.resource["resourceType"] in ("MedicationRequest", "MedicationStatement"):
            order, more = read_order(
                taken.resource, drug, index, catalogue, as_of, taken.day, _order_state(taken, problems)
            )
            orders.append(order)
            problems.extend(more)
            doses = () if drug.contested else tuple(_said(taken, order, as_of))
        else:
            events.extend(_handed_out(taken))
            if taken.day is not None and taken.status in ("completed", "") and not drug.contested:
                doses = tuple(handed_out_or_given(taken.resource, drug, catalogue, taken.day, problems))
    return Read(tuple(events), _not_judged(taken), tuple(problems), tuple(orders), doses=doses)


# when ------------------------------------------------------------------------------------------------------------------
def _days(resource: Resource, drug: Drug, problems: list[Problem], as_of: int) -> tuple[Span | None, Span | None]:
    """The day it was ordered, begun or handed out, and the day it ended, as far as the file says."""
    period = one(resource.get("effectivePeriod"))
    begun = _date({"start": period.get("start")}, drug, resource, problems, "start")
    ended = _date({"end": period.get("end")}, drug, resource, problems, "end")
    keys = ("authoredOn", "effectiveDateTime", "whenHandedOver", "whenPrepared")
    day = (
        _date(resource, drug, resource, problems, *keys)
        or begun
        or _date(resource, drug, resource, problems, "dateAsserted")
    )
    days = days_supplied(resource)
    if ended is None and day is not None and days is not None:
        ended = Span(day.first + days - 1, day.last + days - 1)
    return day, ended


def _date(element: Resource, drug: Drug, resource: Resource, problems: list[Problem], *keys: str) -> Span | None:
    try:
        found = [
            span_of(element[key]) for key in keys if element.get(key) is not None and not isinstance(element[key], dict)
        ]
        return found[0] if found else when(element, *keys)
    except ValueError as problem:
        wrong = said("date.of", name=drug.called, what=reason_of(problem))
        problems.append(
            Problem(origin(resource), wrong, "a FHIR date", "correct the date", "Its day counts as not known.")
        )
        return None


# other drugs -----------------------------------------------------------------------------------------------------------
def _event(taken: _Taken, stream: str, item: str, truth: Truth, as_of: int) -> Event:
    day = (
        taken.day
        if taken.day is not None and not taken.draft
        else Span(as_of, as_of)
        if taken.draft
        else Span(FIRST_DAY, as_of)
    )
    over = taken.until is not None and taken.until.last < as_of
    ended = over if _once(taken) else taken.status in ENDED
    state = "ended" if ended else "said_active" if over else "current"
    shown = f"not taken: {taken.drug.called}" if taken.status == "not-taken" else taken.drug.called
    return Event(
        stream, truth, Span(day.first, min(day.last, as_of)), None, taken.where, shown, item, taken.until, state
    )


def _truth(taken: _Taken) -> Truth:
    """Whether it is taken: one drug, said to be so. Which of two drugs, on hold, or given once, is not known."""
    if taken.status == "not-taken":
        return Truth.NO
    unsure = taken.status in ("on-hold", "unknown") or (_once(taken) and taken.until is None)
    return Truth.UNKNOWN if taken.drug.contested or unsure else Truth.YES


def _once(taken: _Taken) -> bool:
    """Whether it was handed out or given, rather than ordered or said to be taken."""
    return text(taken.resource.get("resourceType")) in ("MedicationDispense", "MedicationAdministration")


def _denial(drug: Drug, catalogue: Catalogue) -> bool:
    """Whether its code says that there are no drugs at all."""
    denials = [
        (each.system, each.code)
        for kind, codes in catalogue.vocabulary("drugs").negations
        if kind == "*"
        for each in codes
    ]
    return any(code in denials for code in drug.codes)


def _not_judged(taken: _Taken) -> tuple[Unjudged, ...]:
    drug = taken.drug
    single = len(drug.items) == 1
    return tuple(
        Unjudged(
            "drug",
            drug.called if single else f"{item.name.replace('_', ' ')} (as {drug.called})",
            taken.where,
            _why(item),
        )
        for item in drug.items
        if not item.judged
    )


def _why(item: Item) -> str:
    return (
        "harmful to the liver; no protocol here judges it"
        if "hepatotoxic" in item.kinds
        else "no protocol here judges it"
    )


# isotretinoin ----------------------------------------------------------------------------------------------------------
def _order_state(taken: _Taken, problems: list[Problem]) -> str:
    if taken.status == "on-hold":
        problems.append(
            Problem(
                taken.where,
                "an order on hold",
                "",
                "ask whether it is still taken",
                "It is read as not running.",
                left_out=False,
            )
        )
        return "ended"
    return "draft" if taken.draft else "ended" if taken.status in (*ENDED, "not-taken") else "active"


def _said(taken: _Taken, order: Order, as_of: int) -> Iterator[DoseEntry]:
    """The days of a statement that it is, or was, taken."""
    stated = taken.resource["resourceType"] == "MedicationStatement" and taken.status in ("active", *ENDED)
    if stated and not taken.draft:
        yield from said_to_be_taken(order, taken.day, taken.until, as_of, over=taken.status in ENDED)


def _handed_out(taken: _Taken) -> list[Event]:
    if (
        taken.day is None
        or taken.resource["resourceType"] != "MedicationDispense"
        or taken.status not in ("completed", "")
    ):
        return []
    return [Event("dispensed_on", taken.day, taken.day, None, taken.where, taken.drug.called)]
