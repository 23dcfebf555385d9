"""A clinic keeps its courses in the browser: add, visit, undo, find, what is to be done; nothing is lost when two people write at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from isocourse.register.events import Stamp
from isocourse.register.register import Register, init_register
from isocourse.web.desk import Desk
from isocourse.web.server import server
from isocourse.web.settings import Limits, Settings
from tests.web.bench import BASE, DAY, Bench

INSTANT = "2026-11-24T09:30:00.000000Z"
RECORD = """isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: female}
jurisdiction: EU
product: eu-conventional
course: {first_dose: '2026-09-21'}
orders: [{state: active, day: '2026-11-20', dose: 20 mg, times_a_day: '2', reason: acne}]
events:
  - {stream: weight, value: 58 kg, day: '2026-11-20'}
  - {stream: alt, value: 20 U/L, day: '2026-09-14', upper_limit: 40 U/L}
"""


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """An empty register in a file."""
    found = init_register(str(tmp_path / "register.db"), tmp_path / "key.pem", Stamp("tests", INSTANT))
    yield found
    found.close()


@pytest.fixture
def clinic(desk: Desk, register: Register) -> Iterator[Bench]:
    """A server with a register, and somebody signed in."""
    told: list[str] = []
    settings = Settings(
        "127.0.0.1",
        8765,
        lambda: 1000.0,
        lambda: DAY,
        told.append,
        "a-program",
        lambda: INSTANT,
        limits=Limits(per_minute=100_000, heavy_per_minute=10_000, knocks_per_minute=1000),
    )
    app, _ = server(settings, desk, register)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        found = Bench(app, [1000.0], told, client)
        found.come_in()
        yield found


@pytest.fixture
def course(clinic: Bench) -> str:
    """A course that was kept: where its page is."""
    home = clinic.send("/read", text=RECORD).headers["location"]
    reply = clinic.send(f"{home}/keep", name="Nilufar Karimova", number="A-17")
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


def version(clinic: Bench, course: str) -> str:
    """The version that the visit form was handed out for."""
    found = re.search(r'name="expected" value="(\d+)"', clinic.client.get(f"{course}/visit").text)
    assert found is not None
    return found[1]


def test_a_kept_record_is_judged_as_it_was(clinic: Bench, course: str) -> None:
    page = clinic.client.get(course).text
    assert "Nilufar Karimova" in page
    today = clinic.client.get(f"/patient/{course.rpartition('/')[2]}").text
    assert "27-year-old woman" in today
    assert "Keep this record" not in today


def test_no_name_stands_in_an_address(clinic: Bench, course: str) -> None:
    assert "Nilufar" not in course
    reply = clinic.send("/register/find", words="karimova")
    assert reply.status_code == 200
    assert "Nilufar Karimova" in reply.text
    assert course in reply.text
    assert all("Nilufar" not in link for link in re.findall(r'(?:href|action)="([^"]*)"', reply.text))
    assert "Nilufar" not in clinic.send("/register/find", words="ivanova").text


def test_a_visit_says_what_became_stricter(clinic: Bench, course: str) -> None:
    now = {"s.alt.now": "130", "s.alt.now~unit": "U/L", "s.alt.now~day": "2026-11-23", "s.alt.now~upper": "40"}
    reply = clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course), **now)
    assert reply.status_code == 200, reply.text[-500:]
    assert "The visit was written" in reply.text
    assert "130 U/L" in reply.text or "stop" in reply.text.lower()
    why = clinic.client.get(f"/patient/{course.rpartition('/')[2]}/why/lab_stop/seed-review/2025").text
    assert "6.5 times" in why


def test_an_entry_is_undone_by_a_correcting_entry_and_stays(clinic: Bench, course: str) -> None:
    now = {"s.alt.now": "130", "s.alt.now~unit": "U/L", "s.alt.now~day": "2026-11-23"}
    clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course), **now)
    page = clinic.client.get(course).text
    seq = re.findall(r'name="seq" value="(\d+)"', page)[0]
    assert clinic.send(f"{course}/undo", seq=seq, why="").status_code == 422
    assert clinic.send(f"{course}/undo", seq=seq, why="wrong patient").status_code == 303
    page = clinic.client.get(course).text
    assert "<s>visit" in page
    assert "wrong patient" in page
    why = clinic.client.get(f"/patient/{course.rpartition('/')[2]}/why/lab_stop/seed-review/2025").text
    assert "6.5 times" not in why
    assert clinic.send(f"{course}/undo", seq=seq, why="again").status_code == 422


def test_two_people_who_write_at_once_lose_nothing(clinic: Bench, course: str) -> None:
    seen = version(clinic, course)
    first = clinic.send(f"{course}/visit", visit="2026-11-24", expected=seen, **{"s.nodular": "yes"})
    assert first.status_code == 200
    second = clinic.send(f"{course}/visit", visit="2026-11-24", expected=seen, **{"s.scarring": "yes"})
    assert second.status_code == 409
    assert re.search(r'name="s.scarring".*?value="yes" selected', second.text, flags=re.DOTALL)
    assert f'name="expected" value="{seen}"' not in second.text
    again = re.search(r'name="expected" value="(\d+)"', second.text)
    assert again is not None
    assert (
        clinic.send(f"{course}/visit", visit="2026-11-24", expected=again[1], **{"s.scarring": "yes"}).status_code
        == 200
    )


def test_an_empty_visit_is_not_written(clinic: Bench, course: str) -> None:
    reply = clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course))
    assert reply.status_code == 422
    assert clinic.client.get(course).text.count("visit:") <= 1


def test_what_is_to_be_done_lists_the_gravest_first(clinic: Bench, course: str) -> None:
    red = clinic.send(
        "/read", text=RECORD + "lists: [{list: drugs, item: doxycycline, is: yes, from: '2026-11-18'}]\n"
    ).headers["location"]
    clinic.send(f"{red}/keep", name="Zarina Red", number="A-18")
    page = clinic.client.get("/register").text
    assert page.index("Zarina Red") < page.index("Nilufar Karimova")
    only = clinic.client.get("/register?why=red").text
    assert "Zarina Red" in only
    assert "Nilufar Karimova" not in only


def test_dates_of_a_course_are_set_and_seen(clinic: Bench, course: str) -> None:
    number = version(clinic, course)
    assert clinic.send(f"{course}/change", expected=number, last_dose="2026-11-20").status_code == 303
    assert clinic.send(f"{course}/change", expected=number, last_dose="2026-11-21").status_code == 409
    assert clinic.send(f"{course}/change", expected=version(clinic, course), last_dose="2026-02-31").status_code == 422
    assert "2026-11-20" in clinic.client.get(course).text


@pytest.mark.parametrize("path", ["/register", "/course/none", "/course/none/visit"])
def test_without_a_register_its_pages_say_so(bench: Bench, path: str) -> None:
    reply = bench.client.get(path)
    assert reply.status_code == 404
    assert "--register" in reply.text


def test_a_course_that_is_not_there_is_said_plainly(clinic: Bench) -> None:
    assert clinic.client.get("/course/none").status_code == 404
    assert clinic.send("/course/none/undo", seq="1", why="x").status_code == 422


def test_whoever_only_reads_writes_nothing(clinic: Bench, course: str, register: Register) -> None:
    number, head = version(clinic, course), register.head()
    next(iter(clinic.house.sessions)).roles = frozenset({"auditor"})
    for path, fields in (
        (f"{course}/visit", {"s.nodular": "yes", "expected": number}),
        (f"{course}/undo", {"seq": "2", "why": "x"}),
        (f"{course}/change", {"expected": number, "last_dose": "2026-11-20"}),
    ):
        assert clinic.send(path, **fields).status_code == 403
    assert clinic.client.get(course).status_code == 200
    assert register.head() == head


def test_the_register_needs_no_script(clinic: Bench, course: str) -> None:
    for path in ("/register", course, f"{course}/visit"):
        page = clinic.client.get(path).text
        assert "hx-" not in page
        assert 'method="post"' in page
