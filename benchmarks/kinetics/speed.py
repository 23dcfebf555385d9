"""How fast 280 doses of 1,000 patients are followed, hour by hour and day by day, beside other programs in the same run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import process_time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from peers import PEERS
from stopwatch import table

from isocourse.app.simulate import load_kinetics
from isocourse.kinetics import Population, Regimen
from isocourse.kinetics.plan import laid_out
from isocourse.kinetics.room import Room
from isocourse.kinetics.sketch import Sketch
from isocourse.kinetics.tile import Options, followed, prepared, tile_of

N, TILE, ROUNDS = 8000, 1000, 5
PLAN = laid_out(Regimen.daily(20, times_a_day=2, weeks=20))
POPULATION = Population.sample(load_kinetics().model, N, seed=1)
HOURS = np.zeros((N, PLAN.days, 3, 24))


def rate(work: Callable[[], object]) -> float:
    """Patients a second of one core, the best of some rounds."""
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return N / best


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = [("engine", "hourly stored", "of the store roof", "daily", "summary", "bands", "daily + sebum", "error")]
    roof = rate(lambda: HOURS.fill(1.0))
    print(
        f"Store bandwidth of this core: {HOURS.nbytes / N * roof / 1e9:.1f} GB/s, or {roof:,.0f} patients/s of {HOURS.nbytes // N:,} bytes\n"
    )
    made = [prepared(POPULATION, PLAN, start, start + TILE, Options()) for start in range(0, N, TILE)]
    ours = {"NumPy": engine("numpy", made), **({"numba": engine("numba", made)} if find_spec("numba") else {})}
    for name, found in ours.items():
        hourly = found["hourly"]
        rows.append(
            (
                name,
                f"{hourly:,.0f}",
                f"{100 * hourly / roof:.0f} %",
                f"{found['daily']:,.0f} ({found['daily'] / hourly:.1f}x)",
                f"{found['summary']:,.0f} ({100 * found['summary'] / hourly:.0f} %)",
                f"{found['bands']:,.0f} ({100 * found['bands'] / hourly:.0f} %)",
                f"{found['sebum']:,.0f}",
                f"{found['error']:.1e}",
            )
        )
    table("Patients a second of one core; 140 days, 280 doses, 3,360 hours of 3 species", rows)
    peers = [("peer", "hourly", "error", "NumPy is", "numba is")]
    people = [tile_of(POPULATION, PLAN, 0, 300, Options())]
    for name, module, run in PEERS:
        if find_spec(module) is None:
            peers.append((name, "not installed", "", "", ""))
            continue
        speed, error = run(people[0], PLAN)
        ratios = [f"{ours[each]['hourly'] / speed:,.0f} x" if each in ours else "-" for each in ("NumPy", "numba")]
        peers.append((name, f"{speed:,.1f}", f"{error:.1e}", *ratios))
    table("The same patients, hours and doses by other programs (rates of a core; errors against ours)", peers)


def engine(name: str, made: list[object]) -> dict[str, float]:
    """Every rate of one engine; patients' values are given, as they are to the peers."""
    room = Room()
    if name == "numba":
        from isocourse.kinetics.compiled_tile import compiled_followed, compiled_tile_of

        def follow(number: int, *, hours: bool) -> object:
            return compiled_followed(POPULATION, PLAN, number * TILE, Options(), made[number], hours=hours, room=room)  # type: ignore[arg-type]

        whole = compiled_tile_of
    else:

        def follow(number: int, *, hours: bool) -> object:
            return followed(POPULATION, PLAN, number * TILE, Options(), made[number], hours=hours, room=room)  # type: ignore[arg-type]

        whole = tile_of
    numbers = range(N // TILE)

    def each(work: Callable[[object], object], *, hours: bool = True) -> Callable[[], object]:
        return lambda: [work(follow(number, hours=hours)) for number in numbers]

    sketch = Sketch.empty((PLAN.days, 3, 24))
    model = POPULATION.model
    tile = whole(POPULATION, PLAN, 0, 8, Options())
    return {
        "hourly": rate(each(lambda t: t.hours(0, PLAN.days, out=HOURS[t.start : t.start + TILE]))),  # type: ignore[attr-defined]
        "daily": rate(each(lambda t: t.ends(), hours=False)),  # type: ignore[attr-defined]
        "summary": rate(each(lambda t: (t.peaks(0, PLAN.days), t.areas(), t.ends()[:, -1]))),  # type: ignore[attr-defined]
        "bands": rate(each(lambda t: t.count_into(sketch))),  # type: ignore[attr-defined]
        "sebum": rate(each(lambda t: t.sebum(t.areas()[0] / 24.0, model.sebum), hours=False)),  # type: ignore[attr-defined]
        "error": exact_error(tile),
    }


def exact_error(tile: object) -> float:
    """The largest relative error of two patients at every hour, against 40 digits."""
    from exact import forty_digits

    worst = 0.0
    for patient in (0, 5):
        found = tile.hours(0, PLAN.days, slice(patient, patient + 1))[0].transpose(0, 2, 1).reshape(-1, 3)  # type: ignore[attr-defined]
        exact = forty_digits(tile, PLAN, patient)
        seen = exact > 1e-6
        worst = max(worst, float(np.abs(found / np.where(seen, exact, 1.0) - 1.0)[seen].max()))
    return worst


if __name__ == "__main__":
    main()
