"""Each page of a list follows on the one before, whatever is asked for, and a list that is not of today says so."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from isocourse.app.register_worklist import refresh, work
from isocourse.library import Library
from isocourse.register import events as kinds
from isocourse.register.events import Draft
from isocourse.register.identity import Identity, new_course, new_pseudonym
from isocourse.register.listing import RANKS, Filter, Line, Told, search, to_judge, worklist
from isocourse.register.register import Register
from isocourse.register.tables import COPIED, LATEST
from isocourse.register.verify import verify
from isocourse.web.judging import AT_ONCE, Judging
from tests.register.conftest import AS_OF, STAMP, Place
from tests.register.invented import by_force

TODAY = "2026-11-24"
COURSES = 60
ALL = 1000


def told(rng: random.Random) -> Told:
    """Reasons to be on the list, or none."""
    return Told(
        ("pregnant",) if rng.random() < 0.2 else (),
        ("no_go_on_unknown",) if rng.random() < 0.3 else (),
        ("visits/visit",) if rng.random() < 0.3 else (),
        ((f"2026-12-0{rng.randint(1, 9)}", "visits/visit"),) if rng.random() < 0.4 else (),
        ("age",) if rng.random() < 0.3 else (),
    )


@pytest.fixture
def filled(register: Register, library: Library) -> Register:
    """Sixty courses of people with few names, all judged."""
    rng = random.Random(5)
    people = [
        Identity(new_pseudonym(), rng.choice(["Ann Sato", "Bo Novak", "Ann Novak"]), "", f"N{n}")
        for n in range(COURSES)
    ]
    with register.writing(STAMP) as writer:
        writer.admit(people)
        for person in people:
            course, start = new_course(), f"2026-{rng.randint(1, 12):02}-15"
            said = {"jurisdiction": rng.choice(["EU", "UK"]), "product": rng.choice(["a", "b"]), "first_dose": start}
            said |= {"last_dose": "2026-11-01"} if rng.random() < 0.3 and start < "2026-11" else {}
            visit = {
                "events": [
                    {"stream": rng.choice(["alt", "weight"]), "value": "1", "day": f"2026-{rng.randint(1, 11):02}-20"}
                ]
            }
            writer.append(
                [
                    Draft(kinds.PATIENT_ADDED, {"patient": {}, "identity": person.digest}, person.patient),
                    Draft(kinds.COURSE_OPENED, {"set": said}, person.patient, course),
                    Draft(kinds.VISIT_RECORDED, visit, person.patient, course),
                ]
            )
    refresh(register, library, AS_OF, judge=lambda *_: told(rng))
    return register


FILTERS = [
    pytest.param(Filter(), id="everything"),
    pytest.param(Filter(words="novak"), id="part-of-a-name"),
    pytest.param(Filter(words="N7"), id="a-number"),
    pytest.param(Filter(jurisdiction="UK"), id="a-country"),
    pytest.param(Filter(product="a", state="running"), id="a-product-running"),
    pytest.param(Filter(state="ended"), id="ended"),
    pytest.param(Filter(state="planned"), id="planned"),
    pytest.param(Filter(why=("red",)), id="red"),
    pytest.param(Filter(why=("overdue", "closing")), id="overdue-or-closing"),
    pytest.param(Filter(why=("cannot_tell",), jurisdiction="EU", words="ann"), id="three-at-once"),
    pytest.param(Filter(stream="alt"), id="a-stream-on-file"),
    pytest.param(Filter(stream="al"), id="not-a-part-of-a-stream"),
    pytest.param(Filter(stream="alt", why=("not_today",)), id="a-stream-and-a-reason"),
    pytest.param(Filter(not_seen_since="2026-06-01"), id="not-seen-since"),
    pytest.param(Filter(closes_by="2026-12-05", stream="alt", state="running", jurisdiction="EU"), id="four-at-once"),
    pytest.param(Filter(closes_by="2026-12-05"), id="closes-by"),
    pytest.param(Filter(jurisdiction="FR"), id="nobody"),
]


@pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)
def test_pages_follow_on_each_other_and_hold_what_the_filter_asks_for(
    filled: Register, library: Library, place: Place
) -> None:
    with filled.reading() as connection:
        everything = search(connection, Filter(), TODAY, library.digest, ALL)
        streams: dict[str, set[str]] = {}
        for course, stream in connection.execute(select(LATEST.c.course, LATEST.c.stream)):
            streams.setdefault(course, set()).add(stream)
        assert {"alt"} in streams.values()
        assert {"weight"} in streams.values()
        for wanted in (each.values[0] for each in FILTERS):
            assert isinstance(wanted, Filter)
            fitting = [line for line in everything if fits(line, wanted, streams[line.course])]
            listed = [line for line in fitting if line.rank != "nothing"]
            for asked, expected in ((search, found_order(fitting, wanted)), (worklist, sorted(listed, key=grave))):
                pages = [
                    asked(connection, wanted, TODAY, library.digest, 7, start) for start in range(0, COURSES + 7, 7)
                ]
                assert [line for page in pages for line in page] == expected, (asked.__name__, wanted)


def found_order(lines: list[Line], wanted: Filter) -> list[Line]:
    if wanted.words:
        return sorted(lines, key=lambda line: (line.name.casefold(), line.course))
    return sorted(lines, key=lambda line: (line.last_day, line.course), reverse=True)


def grave(line: Line) -> tuple[int, str, str]:
    return RANKS.index(line.rank), min((day for day, _ in line.told.closing), default=""), line.course


def fits(line: Line, wanted: Filter, streams: set[str]) -> bool:
    """Whether everything that is asked for holds, by what the line itself says."""
    begun, over = bool(line.first_dose) and line.first_dose <= TODAY, bool(line.last_dose) and line.last_dose < TODAY
    state = "ended" if over else "running" if begun else "planned"
    said = line.told
    why = {
        "red": line.rank == "red",
        "not_today": bool(said.held),
        "overdue": bool(said.overdue),
        "closing": bool(said.closing),
        "cannot_tell": bool(said.asks),
    }
    closes = min((day for day, _ in said.closing), default="")
    return all(
        [
            not wanted.words
            or wanted.words in line.name.casefold()
            or wanted.words in (line.number, line.course, line.patient),
            wanted.jurisdiction in ("", line.jurisdiction),
            wanted.product in ("", line.product),
            wanted.state in ("", state),
            not wanted.why or any(why[each] for each in wanted.why),
            not wanted.stream or wanted.stream in streams,
            not wanted.not_seen_since or line.last_day < wanted.not_seen_since,
            not wanted.closes_by or (closes != "" and closes <= wanted.closes_by),
        ]
    )


def test_what_is_written_of_a_course_shows_on_its_line_before_it_is_judged_again(
    filled: Register, library: Library
) -> None:
    def listed(wanted: Filter) -> list[Line]:
        with filled.reading() as connection:
            return worklist(connection, wanted, TODAY, library.digest, ALL)

    line = next(each for each in listed(Filter()) if each.jurisdiction == "UK")
    with filled.writing(replace(STAMP, at="2026-11-24T10:00:00.000000Z")) as writer:
        changed = {"set": {"jurisdiction": "FR", "first_dose": "2027-01-01", "last_dose": None, "product": "ж" * 3000}}
        writer.append([Draft(kinds.COURSE_CHANGED, changed, line.patient, line.course)])
        visit = {"lists": [{"list": "methods", "item": "condom", "is": "yes", "from": "2026-11-23"}]}
        writer.append([Draft(kinds.VISIT_RECORDED, visit, line.patient, line.course)])
    for wanted in (Filter(jurisdiction="FR", state="planned"), Filter(stream="methods"), Filter(product="ж" * 100)):
        [found] = listed(wanted)
        assert (found.course, found.behind, found.last_day) == (line.course, True, "2026-11-23")
    assert line.course not in {each.course for each in listed(Filter(jurisdiction="UK"))}
    filled.rebuild()
    assert len(listed(Filter(jurisdiction="FR", state="planned", stream="methods"))) == 1
    refresh(filled, library, AS_OF, judge=lambda *_: Told(("pregnant",)))
    assert [each.behind for each in listed(Filter(jurisdiction="FR", state="planned", stream="methods"))] == [False]
    assert verify(filled, own_key=filled.signer().public).faults == []


def test_a_course_with_more_streams_than_its_row_tells_is_found_by_each_of_them(
    filled: Register, library: Library
) -> None:
    with filled.reading() as connection:
        line = worklist(connection, Filter(), TODAY, library.digest, 1)[0]
    many = [{"stream": f"a_long_name_of_a_stream_{n}", "value": "1", "day": "2026-11-01"} for n in range(200)]
    with filled.writing(STAMP) as writer:
        writer.append([Draft(kinds.VISIT_RECORDED, {"events": many}, line.patient, line.course)])
    with filled.reading() as connection:
        for name, found in (("a_long_name_of_a_stream_150", [line.course]), ("a_long_name_of_a_stream", [])):
            for asked in (search, worklist):
                wanted = Filter(stream=name)
                assert [each.course for each in asked(connection, wanted, TODAY, library.digest, ALL)] == found
    assert verify(filled, own_key=filled.signer().public).faults == []


@pytest.mark.parametrize("column", COPIED)
def test_a_line_that_tells_of_its_course_what_is_not_so_is_named_and_made_anew(
    filled: Register, place: Place, column: str
) -> None:
    by_force(place, f"UPDATE worklist SET {column} = 'x' WHERE course = (SELECT max(course) FROM worklist)")
    [fault] = verify(filled, own_key=filled.signer().public).faults
    assert fault.endswith("tells of it what its events do not; `isocourse register rebuild` makes it anew")
    filled.rebuild()
    assert verify(filled, own_key=filled.signer().public).faults == []


@pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)
def test_what_waits_to_be_judged_is_named_as_far_as_asked(filled: Register, library: Library, place: Place) -> None:
    def waiting(day: str, most: int | None = None) -> list[tuple[str, str]]:
        with filled.reading() as connection:
            return to_judge(connection, day, library.digest, most)

    assert waiting(TODAY) == []
    assert len(waiting("2026-11-25")) == COURSES
    assert len(waiting("2026-11-25", 4)) == 4
    person = Identity(new_pseudonym(), "Cem Malik", "", "X")
    with filled.reading() as connection:
        seen = search(connection, Filter(), TODAY, library.digest, 1)[0]
    with filled.writing(replace(STAMP, at="2026-11-24T10:00:00.000000Z")) as writer:
        writer.admit([person])
        writer.append([Draft(kinds.COURSE_OPENED, {"set": {}}, person.patient, "cnew")])
        writer.append([Draft(kinds.VISIT_RECORDED, {}, seen.patient, seen.course)])
    assert waiting(TODAY) == [(seen.patient, seen.course), (person.patient, "cnew")]
    assert waiting(TODAY, 1) == [(seen.patient, seen.course)]


def test_few_courses_are_judged_at_once_and_many_beside_the_page(
    tmp_path: Path, signing_key: Path, library: Library
) -> None:
    register = Place("sqlite", str(tmp_path / "register.db"), signing_key, None).made()
    judging = Judging(register, library, pause_s=0.0)

    def add(count: int) -> None:
        people = [Identity(new_pseudonym(), "Ann Sato", "", "") for _ in range(count)]
        with register.writing(STAMP) as writer:
            writer.admit(people)
            writer.append([Draft(kinds.COURSE_OPENED, {"set": {}}, each.patient, new_course()) for each in people])

    def old() -> int:
        return work(register, library, Filter(), AS_OF, 10).old

    add(2)
    assert old() == 2
    judging.bring_up(AS_OF)
    assert old() == 0
    add(AT_ONCE + 1)
    judging.bring_up(AS_OF)
    judging.wait()
    assert old() == 0
    register.close()
