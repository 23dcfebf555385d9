"""How many acknowledged events are lost when whoever writes to a register is killed a thousand times; with PostgreSQL the server too.

Usage: kill.py [ROUNDS [sqlite|postgresql]]; needs the development install, and for PostgreSQL its server programs.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from stopwatch import table

from isocourse.register.signing import new_signer
from tests.register.conftest import Place
from tests.register.killing import Tally, kill_often
from tests.register.postgresql import Server, programs

WRITERS = 2


def main() -> None:
    """Prints what came of it."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    kinds = sys.argv[2:] or ["sqlite", "postgresql"]
    rows = [("database", "rounds", "acknowledged", "lost", "kept without word", "faults", "seconds")]
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            began = perf_counter()
            tally = killed(kind, Path(folder), rounds)
        found = (tally.rounds, tally.acknowledged, len(tally.lost), tally.unacknowledged, len(tally.faults))
        rows.append((kind, *map(str, found), f"{perf_counter() - began:.0f}"))
    table(f"killed while {WRITERS} wrote at once", rows)


def killed(kind: str, folder: Path, rounds: int) -> Tally:
    """The rounds on one database."""
    key = new_signer(folder / "key.pem").place
    if kind == "sqlite":
        return kill_often(Place(kind, str(folder / "register.db"), key, None), rounds, seed=1, writers=WRITERS)
    found = programs()
    assert found is not None, "no PostgreSQL server is installed"
    server = Server(found, safe=True)
    try:
        server.start()
        return kill_often(Place(kind, server.url, key, server), rounds, seed=1, writers=WRITERS)
    finally:
        server.close()


if __name__ == "__main__":
    main()
