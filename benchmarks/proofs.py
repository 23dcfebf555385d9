"""How long it takes to decide all pairs of positions, with witnesses, to prove all theorems, and to check all the knowledge."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

from stopwatch import table

from isocourse.app.check import check
from isocourse.app.contradictions import find_partings
from isocourse.app.knowledge import load_library
from isocourse.app.prove import prove


def main() -> None:
    """Prints seconds on one core, and what came out."""
    library = load_library()
    start = perf_counter()
    partings = find_partings(library)
    pairs_s = perf_counter() - start
    start = perf_counter()
    shown = list(prove(library))
    proofs_s = perf_counter() - start
    start = perf_counter()
    checked = check()
    check_s = perf_counter() - start
    relations = Counter(parting.pair.relation.value for parting in partings)
    outcomes = Counter(each.proof.outcome.value for each in shown)
    table(
        "the solver and the check, one core",
        [
            ("what", "s", "came out"),
            (
                f"{len(partings)} pairs of positions",
                f"{pairs_s:.1f}",
                ", ".join(f"{n} {name}" for name, n in relations.most_common()),
            ),
            (
                f"{len(shown)} questions of theorems",
                f"{proofs_s:.1f}",
                ", ".join(f"{n} {name}" for name, n in outcomes.most_common()),
            ),
            (f"check, {checked.cases} cases", f"{check_s:.1f}", f"{len(checked.mistakes)} mistakes"),
        ],
    )


if __name__ == "__main__":
    main()
