"""One million patients through 20 weeks on one core: areas, peak, trough, sebum and percentile bands, with time and memory."""

from __future__ import annotations

import os
import resource
import sys
from time import perf_counter, process_time

from isocourse.app.simulate import load_kinetics
from isocourse.kinetics import Band, Exposure, Peak, Population, Regimen, Skin, Trough, simulate

N = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    model = load_kinetics().model
    course = Regimen.daily(20, times_a_day=2, weeks=20)
    watch = [Exposure(), Trough(), Peak("course"), Band(), Skin(with_lesions=False)]
    simulate(
        Population.sample(model, 2000), course, watch, follow_days=0, backend="numba"
    )  # compiled before the clock starts
    start, cpu = perf_counter(), process_time()
    made = simulate(Population.sample(model, N, seed=1), course, watch, follow_days=0, backend="numba")
    wall, used = perf_counter() - start, process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{N:,} patients x 140 days, hourly bands of 3 species: {used:.1f} s of one core ({wall:.1f} s by the clock), {memory:.2f} GB"
    )
    for name in ("parent.auc", "parent.cmax", "parent.trough", "sebum.end"):
        found = made.summary(name)
        print(f"  {name}: mean {found.mean:.4g}, CV {found.cv_percent:.3g} %")
    level = made.bands[0].levels[:, 100, 0, 4]
    print(f"  parent on day 101, hour 5: 5 % {level[0]:.1f}, median {level[1]:.1f}, 95 % {level[2]:.1f} ng/mL")


if __name__ == "__main__":
    main()
