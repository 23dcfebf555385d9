"""How many acknowledged events are lost when whoever writes to a register is killed a thousand times; with PostgreSQL the server too.

Usage: kill.py [--serve|--trail] [ROUNDS [sqlite|postgresql]]; needs the development install, and for PostgreSQL its server programs. With `--serve`
it is `isocourse serve` that is killed while browsers write to it, and with PostgreSQL, every second time, the database with it. With `--trail` it is
a process in which eight people look at pages, each look written into the trail before it is answered; with PostgreSQL the database dies with it.
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
from tests.register.serving import kill_server_often
from tests.web.test_trail_killed import lost

WRITERS = 2
KILLED = {
    "": f"writers killed while {WRITERS} wrote at once",
    "--serve": f"isocourse serve killed while {WRITERS} wrote at once",
    "--trail": "a process killed while eight people looked at pages; looks that were answered",
}


def main() -> None:
    """Prints what came of it."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    rounds = int(given[0]) if given else 1000
    kinds = given[1:] or ["sqlite", "postgresql"]
    what = next((word for word in ("--serve", "--trail") if word in sys.argv), "")
    rows = [("database", "rounds", "acknowledged", "lost", "kept without word", "faults", "seconds")]
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            began = perf_counter()
            tally = killed(kind, Path(folder), rounds, what)
        wordless = "not counted" if what == "--trail" else tally.unacknowledged
        found = (tally.rounds, tally.acknowledged, len(tally.lost), wordless, len(tally.faults))
        rows.append((kind, *map(str, found), f"{perf_counter() - began:.0f}"))
    table(KILLED[what], rows)


def killed(kind: str, folder: Path, rounds: int, what: str) -> Tally:
    """The rounds on one database."""
    key = new_signer(folder / "key.pem").place
    if kind == "sqlite":
        return _often(Place(kind, str(folder / "register.db"), key, None), rounds, what)
    found = programs()
    assert found is not None, "no PostgreSQL server is installed"
    server = Server(found, safe=True)
    try:
        server.start()
        return _often(Place(kind, server.url, key, server), rounds, what)
    finally:
        server.close()


def _often(place: Place, rounds: int, what: str) -> Tally:
    if what == "--trail":
        answered, gone = lost(place, rounds, seed=1)  # it fails if `verify` finds a fault
        return Tally(rounds, answered, list(range(len(gone))))
    if what == "--serve":
        return kill_server_often(place, rounds, seed=1, writers=WRITERS, with_database=place.server is not None)
    return kill_often(place, rounds, seed=1, writers=WRITERS)


if __name__ == "__main__":
    main()
