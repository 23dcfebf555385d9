"""How long all answers take for one patient when half of the facts are missing, and when nearly all are."""

from __future__ import annotations

from random import Random
from time import process_time_ns

from stopwatch import AS_OF, at, middle, table

from isocourse.app.knowledge import load_library
from isocourse.decisions.answers import Answer, judge
from isocourse.decisions.notes import Notes
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Origin, Snapshot
from isocourse.library import Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.tree import State
from tests.agree.states import Patients

PATIENTS = 400
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


def timed(library: Library, missing: float) -> list[float]:
    """Milliseconds of processor time for each of many random patients."""
    patients = Patients(library.program, Random(7), missing)
    answers(library, patients.next())
    found = []
    for _ in range(PATIENTS):
        state = patients.next()
        found.append(min(once(library, state) for _ in range(TIMES)))
    return found


def once(library: Library, state: State) -> float:
    """Milliseconds of processor time for one patient, nothing kept from the time before."""
    start = process_time_ns()
    answers(library, state)
    return (process_time_ns() - start) / 1e6


def main() -> None:
    """Prints median, 95th percentile and worst."""
    library = load_library()
    rows = [("facts missing", "median ms", "p95 ms", "worst ms")]
    for name, missing in (("half", 0.5), ("nearly all", 0.95), ("all", 1.0)):
        found = timed(library, missing)
        rows.append((name, f"{middle(found):.2f}", f"{at(found, 0.95):.2f}", f"{max(found):.2f}"))
    table(
        f"all answers of one patient, exact, processor time ({PATIENTS} random patients each, least of {TIMES})", rows
    )


if __name__ == "__main__":
    main()
