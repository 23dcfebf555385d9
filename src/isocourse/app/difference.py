"""What changed between two editions: point by point, for whom, and which sample patients get another answer."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from isocourse.app.reference import reference_patient
from isocourse.decisions.answers import differs, judge
from isocourse.decisions.tables import Cell, Definition, Edition, Point, Row, Shape, Status
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Snapshot, take_snapshot
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.proofs.pairs import fires
from isocourse.proofs.question import Asker, Found
from isocourse.render.changes import Change, Ruled, Side
from isocourse.render.rows import row_words
from isocourse.render.values import given_text


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
        sides = Side(_status(before), term=before), Side(_status(after), term=after)
        if before and after and before.status is after.status is Status.ANSWERED:
            where = z3.Xor(asker.lowered.node(before.node), asker.lowered.node(after.node))
            if asker.exists(where) is not Found.NOBODY:
                patient = _patient(library, asker, where)
                found.append(Change(name, "definition", (before.text,), (after.text,), patient, sides))
        elif _status(before) != _status(after):
            codes = [(_status(each).value,) for each in (before, after)]
            found.append(Change(name, "definition", codes[0], codes[1], sides=sides))
    return found


def _status(definition: Definition | None) -> Status:
    return definition.status if definition else Status.SILENT


def _cells(library: Library, asker: Asker, point: Point, old: Cell, new: Cell) -> list[Change]:
    if old.status is not Status.ANSWERED or new.status is not Status.ANSWERED:
        if old.status is new.status:
            return []
        what = f"{old.status.value} -> {new.status.value}"
        sides = Side(old.status, _ruled(old)), Side(new.status, _ruled(new))
        return [Change(point.name, what, _all(point, old), _all(point, new), sides=sides)]
    rows = [_ruled(cell) for cell in (old, new)]
    said = [_by_meaning(point, side) for side in rows]
    found = []
    for what, mine, other, cell in (("row gone", 0, 1, old), ("row new", 1, 0, new)):
        for key, several in said[mine].items():
            if key not in said[other]:
                where = _speaks(asker, point, cell, key)
                patient = _patient(library, asker, where) if asker.exists(where) is Found.SOME else None
                found.append(_one_sided(point, what, several, patient))
    for key in [key for key in said[0] if key in said[1]]:
        where = z3.Xor(_speaks(asker, point, old, key), _speaks(asker, point, new, key))
        if asker.exists(where) is not Found.NOBODY:
            found.append(_for_others(point, said[0][key], said[1][key], _patient(library, asker, where)))
    return found


def _by_meaning(point: Point, rows: tuple[Ruled, ...]) -> dict[tuple[object, ...], tuple[Ruled, ...]]:
    """Rows that say the same, together."""
    found = dict[tuple[object, ...], tuple[Ruled, ...]]()
    for each in rows:
        key = _meaning(point, each.row)
        found[key] = (*found.get(key, ()), each)
    return found


def _ruled(cell: Cell) -> tuple[Ruled, ...]:
    """Every row of a table that acts, with its position's name where it has one of its own."""
    return tuple(
        Ruled(row, position.acting.rows, "" if position.name == "main" else position.name)
        for position in cell.positions
        for row in position.acting.rows
    )


def _one_sided(
    point: Point, what: str, several: tuple[Ruled, ...], patient: tuple[tuple[str, str], ...] | None
) -> Change:
    """What one of the two says, and the other never."""
    words, none = (row_words(point, several[-1].row),), Side(Status.ANSWERED)
    said = Side(Status.ANSWERED, several)
    if what == "row gone":
        return Change(point.name, what, words, (), patient, (said, none))
    return Change(point.name, what, (), words, patient, (none, said))


def _for_others(
    point: Point, before: tuple[Ruled, ...], after: tuple[Ruled, ...], patient: tuple[tuple[str, str], ...] | None
) -> Change:
    """The same said to others."""
    words = row_words(point, before[0].row)
    texts = [tuple(f"{words} — when {each.row.text}" for each in side) for side in (before, after)]
    sides = Side(Status.ANSWERED, before), Side(Status.ANSWERED, after)
    return Change(point.name, "for others", texts[0], texts[1], patient, sides)


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
