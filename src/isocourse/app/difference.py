"""What changed between two editions: point by point, for whom, and which sample patients get another answer."""

from __future__ import annotations

from collections.abc import Sequence

import z3
from msgspec import Struct

from isocourse.app.reference import reference_patient
from isocourse.decisions.answers import differs, judge
from isocourse.decisions.tables import Cell, Definition, Edition, Point, Row, Shape, Status
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Snapshot, take_snapshot
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.proofs.pairs import fires
from isocourse.proofs.question import Asker, Found
from isocourse.render.rows import row_words
from isocourse.render.values import given_text


class Change(Struct, frozen=True):
    """One thing that another edition says otherwise."""

    point: str
    what: str
    """`now silent`, `now speaks`, `not read`, `definition`, `row gone`, `row new`, `for others`."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    patient: tuple[tuple[str, str], ...] | None = None
    """The patient nearest to the reference who gets another answer; None where no patient was looked for."""


def changes(library: Library, old: Edition, new: Edition) -> list[Change]:
    """Every point on which two editions say different things, with a patient for whom they do."""
    asker = Asker(library.program)
    found = list(_definitions(library, asker, old, new))
    for point in library.points:
        found.extend(_cells(library, asker, point, old.cell(point.name), new.cell(point.name)))
    return found


def _definitions(library: Library, asker: Asker, old: Edition, new: Edition) -> list[Change]:
    found = []
    for name in dict.fromkeys(each.name for edition in (old, new) for each in edition.definitions):
        before, after = old.definition(name), new.definition(name)
        if before and after and before.status is after.status is Status.ANSWERED:
            where = z3.Xor(asker.lowered.node(before.node), asker.lowered.node(after.node))
            if asker.exists(where) is not Found.NOBODY:
                found.append(Change(name, "definition", (before.text,), (after.text,), _patient(library, asker, where)))
        elif _status(before) != _status(after):
            found.append(Change(name, "definition", (_status(before),), (_status(after),)))
    return found


def _status(definition: Definition | None) -> str:
    return definition.status.value if definition else Status.SILENT.value


def _cells(library: Library, asker: Asker, point: Point, old: Cell, new: Cell) -> list[Change]:
    if old.status is not Status.ANSWERED or new.status is not Status.ANSWERED:
        if old.status is new.status:
            return []
        return [Change(point.name, f"{old.status.value} -> {new.status.value}", _all(point, old), _all(point, new))]
    rows = [[row for position in cell.positions for row in position.acting.rows] for cell in (old, new)]
    said = [{_meaning(point, row): row for row in side} for side in rows]
    found = []
    for what, mine, other in (("row gone", 0, 1), ("row new", 1, 0)):
        for key, row in said[mine].items():
            if key not in said[other]:
                where = asker.lowered.node(row.when)
                words = (row_words(point, row),)
                patient = _patient(library, asker, where) if asker.exists(where) is Found.SOME else None
                found.append(Change(point.name, what, words if mine == 0 else (), words if mine else (), patient))
    for key in said[0].keys() & said[1].keys():
        where = z3.Xor(_speaks(asker, point, old, key), _speaks(asker, point, new, key))
        if asker.exists(where) is not Found.NOBODY:
            told = row_words(point, said[0][key])
            texts = tuple(tuple(row.text for row in side if _meaning(point, row) == key) for side in rows)
            found.append(
                Change(
                    point.name,
                    "for others",
                    tuple(f"{told} — when {text}" for text in texts[0]),
                    tuple(f"{told} — when {text}" for text in texts[1]),
                    _patient(library, asker, where),
                )
            )
    return found


def _meaning(point: Point, row: Row) -> tuple[object, ...]:
    duty = row.duty
    timed = (duty.verb, duty.what, duty.at, duty.window, duty.begin, duty.until, duty.every) if duty else ()
    steps = tuple(step.said for step in row.steps)
    return (*row.meaning, row.find, row.force, timed, steps)


def _speaks(asker: Asker, point: Point, cell: Cell, key: tuple[object, ...]) -> z3.BoolRef:
    """Whom a table says this to."""
    formulas = []
    for position in cell.positions:
        rows = position.acting.rows
        if point.shape in (Shape.CHOICE, Shape.RANGE):
            formulas += [formula for row, formula in fires(asker.lowered, rows) if _meaning(point, row) == key]
        else:
            formulas += [asker.lowered.node(row.when) for row in rows if _meaning(point, row) == key]
    return z3.Or(formulas)


def _all(point: Point, cell: Cell) -> tuple[str, ...]:
    return tuple(row_words(point, row) for position in cell.positions for row in position.acting.rows)


def _patient(library: Library, asker: Asker, where: z3.BoolRef) -> tuple[tuple[str, str], ...] | None:
    reference = reference_patient(library)
    values = asker.nearest(reference, where)
    if values is None:
        return None
    return tuple(
        given_text(library, place, value) for place, value in enumerate(values) if value != reference.values[place]
    )


def affected(
    library: Library, old: Edition, new: Edition, patients: Sequence[tuple[str, Record]], as_of: int
) -> list[tuple[str, tuple[str, ...]]]:
    """The sample patients who get another answer, and on which points."""
    run = compile_program(library.program)
    facts = library.fact_by_name
    found = []
    for name, record in patients:
        snapshot = take_snapshot(library.program, library.sources, facts, record, library.catalogue, as_of)
        values = run(snapshot.state)
        points = tuple(point.name for point in library.points if _otherwise(library, values, snapshot, old, new, point))
        if points:
            found.append((name, points))
    return found


def _otherwise(
    library: Library, values: list[int], snapshot: Snapshot, old: Edition, new: Edition, point: Point
) -> bool:
    before, after = (judge(library.program, values, snapshot, edition, point, outside=False) for edition in (old, new))
    if [answer.status for answer in before] != [answer.status for answer in after]:
        return True
    return any(differs(one, other) for one, other in zip(before, after, strict=True))
