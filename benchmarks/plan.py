"""How long a plan takes beside the assessment that guards it, and the search for capsules by itself; in processor time."""

from __future__ import annotations

from fractions import Fraction
from time import process_time_ns

from stopwatch import AS_OF, SAMPLE, middle, table

from isocourse.app.knowledge import load_library
from isocourse.app.plan import judged
from isocourse.app.record import read_record
from isocourse.course.capsules import patterns
from isocourse.course.planner import make_plan
from isocourse.course.wanted import Wanted
from isocourse.library import Asked, Library

TIMES = 7
CAPSULES = (
    ("8, 16", 200, (8, 16)),
    ("5, 10, 20, 30, 40", 300, (5, 10, 20, 30, 40)),
    ("8 to 32", 300, (8, 16, 20, 24, 28, 32)),
)


def milliseconds(work: object) -> float:
    """Processor time of one call, the middle of several."""
    assert callable(work)
    found = []
    for _ in range(TIMES):
        start = process_time_ns()
        work()
        found.append((process_time_ns() - start) / 1e6)
    return middle(found)


def plans(library: Library) -> list[tuple[str, ...]]:
    """For each sample patient: the assessment, the plan beside it, and how many times as long."""
    rows = [("sample patient", "assess ms", "plan ms", "ratio", "duties", "forecasts")]
    for path in sorted(SAMPLE.parent.glob("*.yaml")):
        record = read_record(path, library.catalogue, AS_OF)
        asked, wanted = Asked(AS_OF), Wanted()
        seen = judged(library, record, asked, wanted)
        made = make_plan(seen, wanted)
        assess = milliseconds(lambda record=record, asked=asked, wanted=wanted: judged(library, record, asked, wanted))
        plan = milliseconds(lambda seen=seen, wanted=wanted: make_plan(seen, wanted))
        counts = (str(len(made.calendar)), str(len(made.forecasts)))
        rows.append((path.stem, f"{assess:.0f}", f"{plan:.0f}", f"{plan / assess:.1f}", *counts))
    return rows


def main() -> None:
    """Prints both tables."""
    table("A plan: forecast over 400 days and calendar of every edition", plans(load_library()))
    rows = [("strengths in mg", "mg/day", "ms")]
    for name, target, strengths in CAPSULES:
        sizes = [Fraction(each) for each in strengths]
        took = milliseconds(
            lambda target=target, sizes=sizes: patterns(
                Fraction(target), sizes, times_a_day=2, ceiling=None, floor=None
            )
        )
        rows.append((name, str(target), f"{took:.1f}"))
    table("The capsules of one dose, twice a day", rows)


if __name__ == "__main__":
    main()
