"""How long a register of 100,000 patients takes to list, search, verify and rebuild, whatever its events are like.

size.py [--patients 100000] [--events 40] [--at ADDRESS --keep FOLDER]   one register of what a clinic writes: every list, search, and the whole
size.py --mixes [--patients 5000] [--events 40]                          a rebuild and a verification for each kind of event mix

Without an address a SQLite file in a temporary folder. What lies in FOLDER already is measured again instead of made.
"""

from __future__ import annotations

import argparse
import os
import pickle
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from inventing import MIXES, STAMP, Everybody, clinic, invent
from sqlalchemy import delete, select
from stopwatch import AS_OF, at, table

from isocourse.app.knowledge import load_library
from isocourse.app.register_worklist import judge_course, known
from isocourse.facts.days import iso
from isocourse.library import Library
from isocourse.register.database import driver_rows, insert_rows, writing
from isocourse.register.events import bound_to
from isocourse.register.fold import UNREAD
from isocourse.register.journal import CHUNK, all_keys
from isocourse.register.listing import RANKS, Filter, Judged, Told, ages, put, search, to_judge, totals, worklist
from isocourse.register.register import Register, init_register, open_register
from isocourse.register.replay import uncollected
from isocourse.register.tables import EVENT, PROJECTIONS
from isocourse.register.verify import Found, verify
from isocourse.register.workers import MOST, WORTH_IT

Given = TypeVar("Given")
Work = Callable[..., object]
REPEATS = 15
PAGE = 50


def timed(work: Callable[[], Given]) -> tuple[float, float, Given]:
    """Seconds on the clock and of the processor, of all its processes, that some work took, and what it gave."""
    began, busy = perf_counter(), process_time() + _of_children()
    given = work()
    return perf_counter() - began, process_time() + _of_children() - busy, given


def _of_children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def made(folder: Path, address: str, patients: int, events: int) -> tuple[Register, Everybody]:
    """The register in a folder, made if it is not there."""
    kept, key = folder / "people.pickle", folder / "key.pem"
    if kept.exists():
        return open_register(address, key), Everybody(pickle.loads(kept.read_bytes()), 0)  # our own file
    register = init_register(address, key, STAMP)
    clock, busy, everybody = timed(lambda: invent(register, clinic, patients, events))
    print(f"{everybody.events} events made in {clock:.0f} s, {busy:.0f} s of the processor")
    kept.write_bytes(pickle.dumps(everybody.people))
    return register, everybody


def judge(register: Register, library: Library, everybody: Everybody) -> float:
    """Judges one course of each kind of history and puts its line on the list for all that have it; processor seconds for one judgement."""
    told: dict[int, Told] = {}
    spent = 0.0
    for patient, course, kind in everybody.people:
        if kind not in told:
            events, person = register.events_of(patient), register.identity_of(patient)
            began = process_time()
            told[kind] = judge_course(library, known(events, person, course, library, AS_OF).record, AS_OF)
            spent += process_time() - began
    judged = [
        Judged(course, patient, iso(AS_OF), library.digest, 1 << 40, told[kind])
        for patient, course, kind in everybody.people
    ]
    with writing(register.engine) as connection:
        for start in range(0, len(judged), 5000):
            put(connection, judged[start : start + 5000])
    return spent / len(told)


def questions(library: Library, patients: int) -> Iterator[tuple[str, Work]]:
    """What is asked of lists and searches: each filter alone and some together, the first page, one in the middle and the last."""
    day = iso(AS_OF)
    filters = {
        "everything": Filter(),
        **{why: Filter(why=(why,)) for why in RANKS[:-1]},
        "overdue, one country": Filter(why=("overdue",), jurisdiction="UK"),
        "closing by a day": Filter(closes_by="2026-11-30"),
        "one product, running": Filter(product="eu-conventional", state="running"),
        "ended": Filter(state="ended"),
        "a stream on file": Filter(stream="alt"),
        "not seen since": Filter(not_seen_since="2026-10-01"),
        "nobody: a country without courses": Filter(jurisdiction="FR"),
        "part of a name": Filter(words="novak sat"),
        "a record number": Filter(words="N4711"),
        "a name that nobody has": Filter(words="nobody at all"),
    }
    for name, wanted in filters.items():
        for what, ask in (("worklist", worklist), ("search", search)):
            if what == "search" and wanted.why:
                continue
            for page, offset in (("first", 0), ("middle", patients // 2), ("last", patients - PAGE)):
                if offset and wanted.words:
                    continue
                yield (
                    f"{what}, {name}: {page} page",
                    lambda c, ask=ask, wanted=wanted, offset=offset: ask(c, wanted, day, library.digest, PAGE, offset),
                )
    yield "how many stand where", totals
    yield "how old the list is", ages
    yield "what waits to be judged", lambda c: to_judge(c, day, library.digest, 11)


def asked(register: Register, work: Work) -> list[tuple[float, float]]:
    """Milliseconds of a question on the clock and of the processor, each with a view of its own; the first has it cold."""
    spent = []
    register.close()
    for _ in range(REPEATS):
        began, busy = perf_counter(), process_time()
        with register.reading() as connection:
            work(connection)
        spent.append((1000 * (perf_counter() - began), 1000 * (process_time() - busy)))
    return spent


def lists(register: Register, library: Library, patients: int) -> None:
    """Prints how long each question takes."""
    rows = [("question", "first, ms", "median ms", "worst ms", "median ms of processor")]
    for name, work in questions(library, patients):
        spent = asked(register, work)
        clock, busy = ([each[way] for each in spent] for way in (0, 1))
        rows.append((name, f"{clock[0]:.0f}", f"{at(clock, 0.5):.1f}", f"{max(clock):.0f}", f"{at(busy, 0.5):.1f}"))
    table(f"{patients} patients, {register.engine.dialect.name} (of {REPEATS})", rows)


def least(register: Register) -> int:
    """What no rebuild can do without, by plain calls of the driver and the two libraries: events read, opened and parsed, rows written."""
    c = EVENT.c
    with register.reading() as connection:
        decrypt = {patient: AESGCM(key).decrypt for patient, key in all_keys(connection).items()}
        columns = (c.seq, c.patient, c.course, c.version, c.kind, c.body)
        asked = select(*columns).where(c.patient > "").order_by(c.seq.desc())
        events = 0
        for _, patient, course, version, kind, body in driver_rows(connection, asked, CHUNK):
            events += 1
            if kind not in UNREAD:
                parse(decrypt[patient](body[1:13], body[13:], bound_to(patient, course, version, kind)))
        rows = {table: [tuple(row) for row in connection.execute(select(table))] for table in PROJECTIONS}
    with writing(register.engine) as connection:
        for table in PROJECTIONS:
            connection.execute(delete(table))
            insert_rows(connection, table, rows[table])
    return events


parse = msgspec.json.Decoder().decode


def whole(register: Register, events: int) -> list[tuple[str, ...]]:
    """What no rebuild can do without, a rebuild by one process and by several, and a verification."""
    own = register.signer().public
    work: list[tuple[str, Work]] = [
        ("projections rebuilt, one process", lambda: register.rebuild(workers=1)),
        ("read, open, parse, write: plain calls alone", lambda: uncollected()(least)(register)),
        *((f"projections rebuilt, {n} processes", lambda n=n: register.rebuild(workers=n)) for n in several(events)),
        ("verified: chain, seals, identities, projections", lambda: sound(verify(register, own_key=own))),
    ]
    rows: list[tuple[str, ...]] = []
    for name, each in work:
        clock, busy, _ = timed(each)
        rows.append((name, f"{busy:.1f}", f"{events / busy:,.0f}", f"{events / clock:,.0f}"))
    return rows


def several(events: int) -> tuple[int, ...]:
    """How many processes beside one are worth measuring."""
    return (min(MOST, os.cpu_count() or 1),) if events >= WORTH_IT else ()


def sound(found: Found) -> None:
    """Nothing is wrong with the register.

    Raises:
        AssertionError: something is.
    """
    assert found.sound, found.faults


WHOLE = ("work", "seconds of processor", "events/s of processor", "events/s on the clock")


def of_each_mix(patients: int, events: int) -> None:
    """Prints the figures for each kind of event mix; one more of three events a patient."""
    rows: list[tuple[str, ...]] = [("mix", *WHOLE)]
    for name, mix in MIXES.items():
        for each in (events, 3) if mix is clinic else (events,):
            with tempfile.TemporaryDirectory() as folder:
                register = init_register(f"{folder}/register.db", Path(folder) / "key.pem", STAMP)
                people = patients * events // each
                invented = invent(register, mix, people, each)
                rows += [(f"{name}, {people} x {each}", *row) for row in whole(register, invented.events)]
                register.close()
    table("the whole register", rows)


def main() -> None:
    """Prints the sizes and the times."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--patients", type=int)
    options.add_argument("--events", type=int, default=40, help="of each patient")
    options.add_argument("--at", default="", help="the address of the register")
    options.add_argument("--keep", type=Path, help="a folder for register and key")
    options.add_argument("--mixes", action="store_true")
    given = options.parse_args()
    if given.mixes:
        of_each_mix(given.patients or 5000, given.events)
        return
    with tempfile.TemporaryDirectory() as folder:
        place: Path = given.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        run(place, given.at or f"{place}/register.db", given.patients or 100_000, given.events)


def run(place: Path, address: str, patients: int, events: int) -> None:
    """Makes what is not there, then measures."""
    library = load_library()
    register, everybody = made(place, address, patients, events)
    patients = len(everybody.people)
    table("the whole register", [WHOLE, *whole(register, patients * events)])
    one = judge(register, library, everybody)
    lists(register, library, patients)
    print(
        f"One course judged: {1000 * one:.0f} ms of the processor, {patients * one / 60:.0f} minutes for all of them on one core."
    )
    size = os.path.getsize(place / "register.db") / 1e6 if (place / "register.db").exists() else 0
    print(f"File: {size:.0f} MB. Most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")
    register.close()


if __name__ == "__main__":
    main()
