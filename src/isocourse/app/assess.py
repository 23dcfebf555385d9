"""Judges one patient: a record becomes a snapshot, the snapshot is judged under every edition in force, and Today is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace

from isocourse.app.given import refused_given, with_given
from isocourse.app.place import with_place
from isocourse.app.product_in_hand import with_product
from isocourse.decisions.answers import Answer, judge
from isocourse.decisions.binding import doubt, governing, in_force
from isocourse.decisions.dates import days_of
from isocourse.decisions.gate import TERM, gate
from isocourse.decisions.lapsed import Lapsed, lapsed
from isocourse.decisions.notes import Notes
from isocourse.decisions.opposed import clashes
from isocourse.decisions.tables import Edition, Status
from isocourse.decisions.today import Seen, today
from isocourse.facts.axioms import broken
from isocourse.facts.courses import judged_orders, renewal_due
from isocourse.facts.presume import presumed
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Snapshot, take_snapshot
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.exact import reachable_truths
from isocourse.logic.reference import evaluate
from isocourse.logic.tree import State
from isocourse.logic.truth import Truth


def assess(
    library: Library, record: Record, asked: Asked, *, run: Callable[[State], Sequence[int]] | None = None
) -> Assessment:
    """Judges a record as of a day.

    Args:
        library: the loaded knowledge.
        record: the patient, as read.
        asked: the day, and what the user chose.
        run: the lowering to use. The reference interpreter by default, which is ready at once; whoever judges many patients
            compiles the program first.
    """
    run = run or partial(evaluate, library.program)
    record, asked = with_place(library, record, asked)
    record, product = with_product(library, record, asked)
    snapshot = take_snapshot(
        library.program,
        library.sources,
        library.fact_by_name,
        record,
        library.catalogue,
        asked.as_of,
    )
    if asked.presume:
        snapshot = _presumed(library, record, snapshot)
    if record.given:
        refused = dict(refused_given(library, dict(record.given)))
        usable = {name: text for name, text in record.given if name not in refused}
        snapshot, contradicted = with_given(library, snapshot, usable)
        record = replace(record, problems=(*record.problems, *refused.values(), *contradicted))
    values = run(snapshot.state)
    record = replace(record, problems=(*record.problems, *broken(library.axioms, values)))
    loaded = in_force(library.editions, asked.as_of)
    at_start = in_force(library.editions, _start(library, snapshot, asked.as_of))
    editions = tuple(
        edition
        for edition in library.editions
        if (edition in loaded or (edition in at_start and _asks_at_start(edition, library))) and asked.shows(edition)
    )
    places, label = library.places(asked.jurisdiction or record.jurisdiction), product.label if product else ""
    governs = governing(editions, places, label)
    reasons = [order.reason_acne for order in judged_orders(record)]
    outside = bool(reasons) and all(reason is Truth.NO for reason in reasons)
    notes = Notes(library.program, values, snapshot)
    judged = tuple(
        answer
        for point in library.points
        for edition in (at_start if point.binds_on == "start" else loaded)
        for answer in judge(library.program, values, snapshot, edition, point, outside=outside, notes=notes)
    )
    answers = tuple(answer for answer in judged if answer.edition in editions)
    able = tuple((edition.key, _able(library, snapshot, edition)) for edition in loaded if _defines(edition))
    day_of = days_of(library.program, snapshot)
    seen = Seen(
        answers,
        governs,
        tuple(line for line in library.red if _certain(library, snapshot, line.node)),
        tuple(check for check in library.checks if _certain(library, snapshot, check.node)),
        gate(
            judged,
            dict(able),
            governing(loaded, places, label),
            negative=_negative(library, snapshot),
            renewal_due=renewal_due(record, asked.as_of),
            suspected=_suspected(library, snapshot, record, asked.as_of),
        ),
        clashes(answers, day_of),
        library.fact_by_name,
        () if outside else tuple(each for each in library.tactics if _certain(library, snapshot, each.node)),
        _lapsed(library, record, asked.as_of, values, answers, governs, run) if snapshot.aged else (),
        frozenset(point.name for point in library.points if values[point.applies] == Truth.YES),
    )
    doubts = tuple((edition.key, why) for edition in editions if (why := doubt(edition, asked.as_of)))
    return Assessment(
        library,
        record,
        snapshot,
        tuple(values),
        asked,
        editions,
        governs,
        doubts,
        tuple((key, truth) for key, truth in able if any(edition.key == key for edition in editions)),
        answers,
        today(seen),
        record.orders,
        outside,
        product,
        day_of,
    )


def _lapsed(
    library: Library,
    record: Record,
    as_of: int,
    values: Sequence[int],
    answers: Sequence[Answer],
    governs: Sequence[Edition],
    run: Callable[[State], Sequence[int]],
) -> tuple[Lapsed, ...]:
    """What would be red today if no value were too old."""
    facts = library.fact_by_name
    aged = take_snapshot(library.program, library.sources, facts, record, library.catalogue, as_of, ageless=True)
    ageless = run(aged.state)
    return lapsed(library.program, values, ageless, library.red, answers, governs)


def _presumed(library: Library, record: Record, snapshot: Snapshot) -> Snapshot:
    """The snapshot with what lists on file do not name taken for a no; never what bears on red lines, pregnancy or allergies."""
    program, never = library.program, library.presumptions.never
    nodes = [line.node for line in library.red]
    nodes += [each.node for edition in library.editions for each in edition.definitions if each.node >= 0]
    barred = set(program.slots_under(nodes))
    for place, slot in enumerate(program.slots):
        if any(kind in slot.name for kind in never):
            barred.add(place)
    facts = library.fact_by_name
    rules = library.presumptions.rules
    return presumed(program, library.sources, facts, snapshot, record, rules, frozenset(barred))


def _start(library: Library, snapshot: Snapshot, as_of: int) -> int:
    """The day of the first dose, past or planned, by which what is asked at a start is bound; today where it is not known."""
    span = days_of(library.program, snapshot)("start")
    return span.first if span is not None and span.known else as_of


def _asks_at_start(edition: Edition, library: Library) -> bool:
    """Whether the edition answers anything that is bound on the day of the first dose."""
    bound = {point.name for point in library.points if point.binds_on == "start"}
    return any(cell.status is Status.ANSWERED and cell.point in bound for cell in edition.cells)


def _defines(edition: Edition) -> bool:
    definition = edition.definition(TERM)
    return definition is not None and definition.status is Status.ANSWERED


def _able(library: Library, snapshot: Snapshot, edition: Edition) -> Truth:
    definition = edition.definition(TERM)
    assert definition is not None
    return Truth(reachable_truths(library.program, snapshot.state, definition.node))


def _certain(library: Library, snapshot: Snapshot, node: int) -> bool:
    return reachable_truths(library.program, snapshot.state, node) == Truth.YES


def _negative(library: Library, snapshot: Snapshot) -> Truth:
    """Whether the last pregnancy test is negative; nothing on file is not known."""
    slot = library.program.slot_named("last_pregnancy_test")
    if slot is None:
        return Truth.UNKNOWN
    bit = 1 << library.program.slots[slot].values.index("negative")
    possible = snapshot.state.low[slot]
    return Truth.YES if possible == bit else Truth.UNKNOWN if possible & bit else Truth.NO


POSITIVE_DAYS = 60
"""Days for which a positive test holds up a start or supply although a later one is negative, until somebody states that she is not pregnant.

Our assumption: no document read names a time; a longer one asks more often, and never less.
"""


def _suspected(library: Library, snapshot: Snapshot, record: Record, as_of: int) -> bool:
    """Whether the file speaks of a pregnancy that is neither confirmed nor refuted: an entry of one, or a positive test."""
    slot = library.program.slot_named("pregnant")
    if slot is not None and snapshot.state.recorded[slot] == Truth.YES and snapshot.state.low[slot] == Truth.UNKNOWN:
        return True
    positive = [
        event.happened.last
        for event in record.events
        if event.stream == "pregnancy_test"
        and isinstance(event.value, tuple)
        and "positive" in event.value
        and as_of - POSITIVE_DAYS <= event.happened.last
        and event.happened.first <= as_of
    ]
    refuted = [
        event.happened.first
        for event in record.events
        if event.stream == "conditions" and event.item == "pregnancy" and event.value is Truth.NO
    ]
    return bool(positive) and not any(day >= max(positive) for day in refuted)
