"""How long a register of 100,000 patients takes to list, search, verify and rebuild; the worklist holds real judgements of invented courses.

Usage: size.py [PATIENTS [EVENTS_EACH [ADDRESS]]]; without an address a SQLite file in a temporary folder.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from stopwatch import AS_OF, at, table

from isocourse.app.knowledge import load_library
from isocourse.app.register_worklist import judge_course, known
from isocourse.facts.days import iso
from isocourse.library import Library
from isocourse.register import events as kinds
from isocourse.register.events import Body, Draft, Stamp
from isocourse.register.identity import Identity, new_course, new_pseudonym
from isocourse.register.listing import Filter, Judged, Told, put, search, totals, worklist
from isocourse.register.register import Register, init_register
from isocourse.register.verify import verify

Given = TypeVar("Given")
STAMP = Stamp("benchmark", "2026-11-24T09:30:00.000000Z", "benchmark")
BATCH = 500
KINDS_OF_COURSE = 40
"""Different histories; each is judged once, and the line goes to every course that has it."""
REPEATS = 15
FIRST = ("Ann", "Bo", "Cem", "Dilnoza", "Eva", "Farhod", "Gul", "Hugo", "Irina", "Jamshid")
LAST = ("Karimov", "Lindqvist", "Malik", "Novak", "Orlova", "Petit", "Qodirov", "Rossi", "Sato", "Tashkent")


def history(rng: random.Random, visits: int) -> tuple[dict[str, str], list[Body]]:
    """One invented course: its settings, and a visit for each entry."""
    start = date.fromordinal(AS_OF) - timedelta(days=rng.randint(0, 240))
    settings = {
        "jurisdiction": rng.choice(["EU", "UK", "US"]),
        "product": "eu-conventional",
        "first_dose": start.isoformat(),
    }
    made: list[Body] = []
    for place in range(visits):
        day = (start + timedelta(days=place * max(1, (AS_OF - start.toordinal()) // visits))).isoformat()
        stream, value = rng.choice(
            [
                ("weight", f"{rng.randint(45, 90)} kg"),
                ("alt", f"{rng.randint(10, 90)} U/L"),
                ("triglycerides", f"{rng.randint(60, 500)} mg/dL"),
                ("pregnancy_test", "negative"),
            ]
        )
        made.append({"events": [{"stream": stream, "value": value, "day": day}]})
    return settings, made


def fill(register: Register, patients: int, each: int, rng: random.Random) -> list[tuple[str, str, int]]:
    """Adds everybody; pseudonym, course and kind of history of each. Events of one batch lie between each other, as visits do."""
    histories = [history(rng, each - 2) for _ in range(KINDS_OF_COURSE)]
    found: list[tuple[str, str, int]] = []
    for start in range(0, patients, BATCH):
        people = [_person(rng, number) for number in range(start, min(start + BATCH, patients))]
        begun = [(person, new_course(), rng.randrange(KINDS_OF_COURSE)) for person in people]
        with register.writing(STAMP) as writer:
            writer.admit(people)
            writer.append(
                [
                    draft
                    for person, course, kind in begun
                    for draft in (
                        Draft(
                            kinds.PATIENT_ADDED,
                            {"patient": {"recorded_gender": rng.choice(["female", "male"])}, "identity": person.digest},
                            person.patient,
                        ),
                        Draft(kinds.COURSE_OPENED, {"set": histories[kind][0]}, person.patient, course),
                    )
                ]
            )
            for place in range(each - 2):
                writer.append(
                    [
                        Draft(kinds.VISIT_RECORDED, histories[kind][1][place], person.patient, course)
                        for person, course, kind in begun
                    ]
                )
        found += [(person.patient, course, kind) for person, course, kind in begun]
    return found


def _person(rng: random.Random, number: int) -> Identity:
    born = f"{rng.randint(1980, 2012)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return Identity(new_pseudonym(), f"{rng.choice(FIRST)} {rng.choice(LAST)} {rng.choice(LAST)}", born, f"N{number}")


def judge(register: Register, library: Library, everybody: Sequence[tuple[str, str, int]]) -> float:
    """Judges one course of each kind of history and puts its line on the list for all that have it; processor seconds for one judgement."""
    told: dict[int, Told] = {}
    spent = 0.0
    for patient, course, kind in everybody:
        if kind not in told:
            events, person = register.events_of(patient), register.identity_of(patient)
            began = process_time()
            told[kind] = judge_course(library, known(events, person, course, library, AS_OF).record, AS_OF)
            spent += process_time() - began
    for start in range(0, len(everybody), 5000):
        some = [
            Judged(course, patient, iso(AS_OF), library.digest, 1 << 40, told[kind])
            for patient, course, kind in everybody[start : start + 5000]
        ]
        with register.engine.connect().execution_options(writes=True) as connection, connection.begin():
            put(connection, some)
    return spent / len(told)


def asked(register: Register, work: Callable[..., object]) -> list[tuple[float, float]]:
    """Milliseconds of a question on the clock and of the processor, each with a view of its own."""
    spent = []
    for _ in range(REPEATS):
        began, busy = perf_counter(), process_time()
        with register.reading() as connection:
            work(connection)
        spent.append((1000 * (perf_counter() - began), 1000 * (process_time() - busy)))
    return spent


def timed(work: Callable[[], Given]) -> tuple[float, float, Given]:
    """Seconds on the clock and of the processor that some work took, and what it gave."""
    began, busy = perf_counter(), process_time()
    given = work()
    return perf_counter() - began, process_time() - busy, given


def main() -> None:
    """Prints the sizes and the times."""
    patients, each = (int(word) for word in (*sys.argv[1:3], *("100000", "40")[len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[3] if len(sys.argv) > 3 else f"{folder}/register.db"
        register = init_register(address, Path(folder) / "key.pem", STAMP)
        run(register, patients, each, Path(folder))
        register.close()


def run(register: Register, patients: int, each: int, folder: Path) -> None:
    """Fills, then measures."""
    library, day = load_library(), iso(AS_OF)
    *filled, everybody = timed(lambda: fill(register, patients, each, random.Random(7)))
    one = judge(register, library, everybody)
    events = patients * each + 1
    questions = {
        "worklist, first 50": lambda c: worklist(c, Filter(), day, library.digest, 50),
        "worklist, red only": lambda c: worklist(c, Filter(why=("red",)), day, library.digest, 50),
        "worklist, overdue in one country": lambda c: worklist(
            c, Filter(why=("overdue",), jurisdiction="UK"), day, library.digest, 50
        ),
        "worklist, closing by a day": lambda c: worklist(c, Filter(closes_by="2026-11-30"), day, library.digest, 50),
        "worklist, page 200": lambda c: worklist(c, Filter(), day, library.digest, 50, 10_000),
        "how many stand where": totals,
        "search, part of a name": lambda c: search(c, Filter(words="novak sat"), day, library.digest, 50),
        "search, a record number": lambda c: search(c, Filter(words="N4711"), day, library.digest, 50),
        "search, nobody": lambda c: search(c, Filter(words="nobody at all"), day, library.digest, 50),
        "search, ended, newest first": lambda c: search(c, Filter(state="ended"), day, library.digest, 50),
        "search, running, newest first": lambda c: search(c, Filter(state="running"), day, library.digest, 50),
    }
    rows = [("question", "median ms", "worst ms", "median ms of processor")]
    for name, work in questions.items():
        spent = asked(register, work)
        clock, busy = ([each[way] for each in spent] for way in (0, 1))
        rows.append((name, f"{at(clock, 0.5):.1f}", f"{max(clock):.1f}", f"{at(busy, 0.5):.1f}"))
    table(f"{patients} patients, {events} events, {register.engine.dialect.name} (of {REPEATS})", rows)
    *rebuilt, _ = timed(register.rebuild)
    *verified, found = timed(lambda: verify(register, own_key=register.signer().public))
    file = folder / "register.db"
    table(
        "the whole register",
        [
            ("work", "seconds", "of processor", "events/s of processor"),
            *(
                (name, f"{spent[0]:.1f}", f"{spent[1]:.1f}", f"{events / spent[1]:,.0f}")
                for name, spent in (
                    ("added in batches of 500 patients", filled),
                    ("projections rebuilt", rebuilt),
                    ("verified: chain, seals, identities, projections", verified),
                )
            ),
        ],
    )
    print(
        f"One course judged: {1000 * one:.0f} ms, so {patients * one / 60:.0f} minutes for a refresh of all on one core."
    )
    spent = resource.getrusage(resource.RUSAGE_SELF)
    size = os.path.getsize(file) / 1e6 if file.exists() else 0
    print(f"Sound: {found.sound}. File: {size:.0f} MB. Most memory: {spent.ru_maxrss / 1024:.0f} MB.")


if __name__ == "__main__":
    main()
