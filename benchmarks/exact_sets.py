"""How long one patient takes when half of the facts are missing, and when nearly all are: the exact sets, and whole answers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from time import process_time_ns

from stopwatch import AS_OF, at, middle, table

from isocourse.app.knowledge import load_library
from isocourse.decisions.answers import Answer, judge
from isocourse.decisions.notes import Notes
from isocourse.decisions.tables import Shape
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Origin, Snapshot
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.exact import reachable_rows
from isocourse.logic.tree import State
from tests.agree.states import Patients

PATIENTS = 200
TIMES = 3
"""Each patient is answered so often, and the least time counts: what else runs on the machine only ever adds."""


def answers(library: Library, state: State) -> list[Answer]:
    """Every answer of every edition on every point for one patient: the row pass, then the exact sets."""
    values = compile_program(library.program)(state)
    snapshot = Snapshot(state, (Origin(),) * len(library.program.slots), AS_OF, Record())
    notes = Notes(library.program, values, snapshot)
    return [
        answer
        for point in library.points
        for edition in library.editions
        for answer in judge(library.program, values, snapshot, edition, point, outside=False, notes=notes)
    ]


def tables(library: Library) -> tuple[tuple[int, ...], ...]:
    """What has to be made exact: every table of which the first row counts, and every other row and duty by itself."""
    found: dict[tuple[int, ...], None] = {}
    for point in library.points:
        for edition in library.editions:
            for position in edition.cell(point.name).positions:
                for reading in position.readings:
                    rows = tuple(row.when for row in reading.rows)
                    if point.shape in (Shape.CHOICE, Shape.RANGE):
                        found[rows] = None
                    else:
                        met = (row.duty.met for row in reading.rows if row.duty is not None and row.duty.met >= 0)
                        found |= dict.fromkeys((each,) for each in (*rows, *met))
    return tuple(found)


def exact(library: Library, state: State, asked: tuple[tuple[int, ...], ...]) -> list[frozenset[int]]:
    """The row pass, then for every table the rows that can still be reached."""
    values = compile_program(library.program)(state)
    return [reachable_rows(library.program, state, rows, values) for rows in asked]


def timed(library: Library, missing: float, work: Callable[[State], object]) -> list[float]:
    """Milliseconds of processor time for each of many random patients."""
    patients = Patients(library.program, Random(7), missing)
    work(patients.next())
    return [min(once(work, state) for _ in range(TIMES)) for state in (patients.next() for _ in range(PATIENTS))]


def once(work: Callable[[State], object], state: State) -> float:
    """Milliseconds of processor time for one patient, nothing kept from the time before."""
    start = process_time_ns()
    work(state)
    return (process_time_ns() - start) / 1e6


def main() -> None:
    """Prints median, 95th percentile and worst."""
    library = load_library()
    asked = tables(library)
    rows = [("what", "facts missing", "median ms", "p95 ms", "worst ms")]
    for what, work in (
        (f"exact sets of {len(asked)} tables", lambda state: exact(library, state, asked)),
        ("whole answers", lambda state: answers(library, state)),
    ):
        for name, missing in (("half", 0.5), ("nearly all", 0.95), ("all", 1.0)):
            found = timed(library, missing, work)
            rows.append((what, name, f"{middle(found):.2f}", f"{at(found, 0.95):.2f}", f"{max(found):.2f}"))
    table(
        f"one patient, processor time ({PATIENTS} random patients each, least of {TIMES}); a whole answer also has its reasons, "
        "what is missing, and its marks",
        rows,
    )


if __name__ == "__main__":
    main()
