"""How many cells differ between the reference interpreter and compiled Python, with most amounts on a border."""

from __future__ import annotations

from random import Random

from stopwatch import table

from isocourse.app.knowledge import load_library
from isocourse.logic.compiled import compile_program
from isocourse.logic.reference import evaluate
from isocourse.logic.tree import Program
from tests.agree.programs import random_program
from tests.agree.states import Patients, differing

CELLS = 1_000_000


def compared(program: Program, seed: int, cells: int) -> tuple[int, int, Patients]:
    """Cells compared, cells that differ, and the patients used."""
    patients, run = Patients(program, Random(seed)), compile_program(program)
    done = differ = 0
    while done < cells:
        state = patients.next()
        answers = run(state)
        differ += differing(evaluate(program, state), answers)
        done += len(answers)
    return done, differ, patients


def random_trees(cells: int) -> tuple[int, int, float]:
    """The same over many random trees, with the share of amounts on a border."""
    done = differ = amounts = on_border = seed = 0
    while done < cells:
        program = random_program(Random(seed), slots=12, atoms=40, joints=60)
        more, wrong, patients = compared(program, seed, 5_000)
        done, differ, seed = done + more, differ + wrong, seed + 1
        amounts, on_border = amounts + patients.amounts, on_border + patients.on_border
    return done, differ, on_border / amounts


def main() -> None:
    """Prints the count; 0 may differ."""
    done, differ, patients = compared(load_library().program, 1, CELLS)
    trees, trees_differ, share = random_trees(CELLS)
    table(
        "reference interpreter against compiled Python",
        [
            ("rules", "cells", "differ", "amounts on a border"),
            ("real knowledge", f"{done:,}", str(differ), f"{patients.border_share:.0%}"),
            ("random trees", f"{trees:,}", str(trees_differ), f"{share:.0%}"),
        ],
    )
    if differ or trees_differ:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
