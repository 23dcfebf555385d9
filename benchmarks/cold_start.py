"""How long `isocourse assess` takes from nothing: with the knowledge cached, and in the first run after a change."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from stopwatch import SAMPLE, middle, table


def seconds(command: list[str], home: str) -> float:
    """Wall time of one process, with its modules compiled, as they are after the first run."""
    place = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = perf_counter_ns()
    done = subprocess.run(command, env={**place, "XDG_CACHE_HOME": home}, capture_output=True, check=False)
    assert done.returncode in (0, 3, 10), done.stderr.decode()
    return (perf_counter_ns() - start) / 1e9


def main() -> None:
    """Prints minimum and median."""
    program = "import sys; from isocourse.cli.main import program; sys.argv[0] = 'isocourse'; program()"
    script = Path(sys.executable).with_name("isocourse")
    start = [str(script)] if script.exists() else [sys.executable, "-c", program]
    command = [*start, "assess", str(SAMPLE), "--as-of", "2026-11-24"]
    with TemporaryDirectory() as home:
        seconds(command, home)
        cached = [seconds(command, home) for _ in range(20)]
        first = []
        for _ in range(7):
            for kept in Path(home).rglob("*.knowledge"):
                kept.unlink()
            first.append(seconds(command, home))
        bare = [seconds([sys.executable, "-c", "pass"], home) for _ in range(20)]
    rows = [("start", "min s", "median s")]
    for name, found in (("cached", cached), ("first run after a change", first), ("Python itself", bare)):
        rows.append((name, f"{min(found):.3f}", f"{middle(found):.3f}"))
    table("isocourse assess, a process of its own", rows)


if __name__ == "__main__":
    main()
