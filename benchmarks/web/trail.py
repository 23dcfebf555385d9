"""What the trail of who looks at what costs: a look by itself, fifty people at once, and finding one among many; on SQLite and PostgreSQL.

python benchmarks/web/trail.py [--looks 2000] [--postgresql URL]
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from isocourse.register.database import insert_rows, writing
from isocourse.register.events import Stamp
from isocourse.register.register import Register, init_register
from isocourse.register.tables import COURSE
from isocourse.register.trail import Look, Trail, Wish, lines
from isocourse.web.sessions import Session
from isocourse.web.watch import Watch, watched

AT = "2026-11-24T09:30:00.000000Z"
PEOPLE = 50
MANY, COURSES = 200_000, 2000


def name(number: int) -> str:
    """The pseudonym of a course."""
    return f"c{number:012}"


def scope() -> dict[str, object]:
    """One request at a course, marked as one to be written down."""
    made: dict[str, object] = {
        "method": "GET",
        "path_template": "/course/{course}",
        "path_params": {"course": "c-abcdefghijk"},
    }
    watched(
        made,
        Session("f3a1c2d4-0000-4000-8000-000000000001", frozenset({"clinician"}), 0.0, 0.0, called="Dr A. Example"),
    )  # type: ignore[arg-type]
    return made


async def looking(watch: Watch, people: int, looks: int) -> tuple[list[float], float]:
    """So many people who look one after another; the seconds that each look waited, and all of it took."""
    took: list[float] = []

    async def person() -> None:
        for _ in range(looks // people):
            began = time.perf_counter()
            await watch.write(scope(), 200)  # type: ignore[arg-type]
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(person() for _ in range(people)))
    return took, time.perf_counter() - began


def measure(database: str, register: Register, looks: int) -> None:
    """Prints one database's lines."""
    trail = Trail(register)
    watch = Watch(trail, lambda: AT)
    for people in (1, PEOPLE):
        processor = time.process_time()
        took, wall = asyncio.run(looking(watch, people, looks))
        processor = (time.process_time() - processor) / looks
        print(
            f"{database}, {people} at once: {median(took) * 1000:.1f} ms a look at the middle, {quantiles(took, n=100)[98] * 1000:.1f} at the "
            f"slowest hundredth; {looks / wall:,.0f} looks/s; {processor * 1e6:.0f} us of processor each"
        )
    with writing(register.engine) as connection:  # courses to look at, without their events
        rows = [(name(n), f"p{n:012}", 1, "", "", "", "", "", 0, 1, " ") for n in range(COURSES)]
        insert_rows(connection, COURSE, rows)
    for start in range(0, MANY, 5000):
        trail.append(
            [
                Look(
                    AT, f"sub-{n % 40}", f"Dr {n % 40}", "clinician", "GET /course/{course}", 200, (name(n % COURSES),)
                )
                for n in range(start, start + 5000)
            ]
        )
    for words, wish in (
        ("the newest", Wish()),
        ("one course", Wish(course=name(7))),
        ("one course by a part of its name", Wish(course=name(7)[1:])),
        ("one course on one day", Wish(course=name(7), since="2026-11-25")),
        ("one day and person", Wish(who="sub-7", since="2026-11-25")),
    ):
        began = time.perf_counter()
        with register.reading() as connection:
            lines(connection, wish, 101)
        print(f"{database}, {MANY:,} entries, finding {words}: {(time.perf_counter() - began) * 1000:.0f} ms")


def main() -> None:
    """Both databases, or the one that there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--looks", type=int, default=2000)
    parser.add_argument("--postgresql", default="", metavar="URL", help="an empty database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, url in (("SQLite", f"{folder}/register.db"), ("PostgreSQL", given.postgresql)):
            if url:
                register = init_register(url, Path(folder) / f"{name}.pem", Stamp("bench", AT))
                measure(name, register, given.looks)
                register.close()
        size = Path(folder, "register.db").stat().st_size
        print(f"SQLite: {size / (MANY + 2 * given.looks):.0f} bytes an entry")


if __name__ == "__main__":
    main()
