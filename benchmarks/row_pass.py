"""How long one patient takes to pass all rows, with the trace: compiled Python beside a plain eager interpreter."""

from __future__ import annotations

from stopwatch import AS_OF, SAMPLE, middle, nanoseconds, table

from isocourse.app.knowledge import load_library
from isocourse.app.record import read_record
from isocourse.facts.snapshot import take_snapshot
from isocourse.logic.compiled import compile_program
from isocourse.logic.reference import evaluate


def main() -> None:
    """Prints nanoseconds a node; every node of the program is live."""
    library = load_library()
    program = library.program
    record = read_record(SAMPLE, library.catalogue, AS_OF)
    facts = {fact.name: fact for fact in library.facts}
    state = take_snapshot(program, library.sources, facts, record, library.catalogue, AS_OF).state
    run = compile_program(program)
    assert run(state) == [int(answer) for answer in evaluate(program, state)]
    compiled = middle(nanoseconds(lambda: run(state), repeats=25, loops=400))
    eager = middle(nanoseconds(lambda: evaluate(program, state), repeats=25, loops=20))
    count = len(program.nodes)
    table(
        f"row pass over {count} live nodes and {len(program.slots)} slots, trace included (median of 25)",
        [
            ("lowering", "us a patient", "ns a node"),
            ("compiled Python", f"{compiled / 1e3:.1f}", f"{compiled / count:.0f}"),
            ("plain eager interpreter", f"{eager / 1e3:.1f}", f"{eager / count:.0f}"),
        ],
    )


if __name__ == "__main__":
    main()
