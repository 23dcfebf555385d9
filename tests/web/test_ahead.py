"""Today of a course is there when it is clicked, and is never of another entry than the last."""

from pathlib import Path

import pytest

from isocourse.app.assess import assess
from isocourse.app.register_visit import enter_visit
from isocourse.library import Asked
from isocourse.register.events import Stamp
from isocourse.register.register import Register
from isocourse.web.ahead import RESTS
from isocourse.web.desk import Desk
from isocourse.web.opened import Opened
from isocourse.web.patients import Patient
from tests.web.bench import DAY, INSTANT, RECORD, Bench, version
from tests.web.clinic import clinic_bench

POSITIVE = {"events": [{"stream": "pregnancy_test", "value": "positive", "day": "2026-11-23"}]}


@pytest.fixture
def judgements(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """What was asked of every judgement since."""
    made: list[Asked] = []

    def counted(library: object, record: object, asked: Asked, **more: object) -> object:
        made.append(asked)
        return assess(library, record, asked, **more)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr("isocourse.web.desk.assess", counted)
    return made


def ready(clinic: Bench) -> None:
    """Lets the background do what it was asked for."""
    assert clinic.house.ahead is not None
    clinic.house.ahead.wait()


def test_who_clicks_on_a_line_of_the_worklist_waits_for_no_judgement(
    clinic: Bench, course: str, judgements: list[Asked]
) -> None:
    assert clinic.client.get("/register").status_code == 200
    ready(clinic)
    assert judgements == [Asked(DAY)]
    page = clinic.client.get(f"/patient/{course.rpartition('/')[2]}")
    assert "27-year-old woman" in page.text
    assert judgements == [Asked(DAY)], "the page was made of what was worked out ahead"
    clinic.client.get("/register")
    ready(clinic)
    assert judgements == [Asked(DAY)], "what is there is not worked out again"


def test_a_list_in_another_language_makes_today_ready_in_it(
    clinic: Bench, course: str, judgements: list[Asked]
) -> None:
    clinic.send("/language", language="ru")
    clinic.client.get("/register")
    ready(clinic)
    before = len(judgements)
    page = clinic.client.get(f"/patient/{course.rpartition('/')[2]}").text
    assert "женщина" in page.lower()
    assert len(judgements) == before


def test_a_course_that_stood_on_no_list_is_there_for_who_follows_a_link_to_it(
    clinic: Bench, course: str, judgements: list[Asked]
) -> None:
    ready(clinic)
    clinic.today[0] += 1
    clinic.client.get("/protocols")
    ready(clinic)
    assert judgements == [Asked(DAY + 1)], "whoever is there is enough: no list was looked at"
    assert "27-year-old woman" in clinic.client.get(f"/patient/{course.rpartition('/')[2]}").text
    assert judgements == [Asked(DAY + 1)], "the page was made of what was worked out ahead"
    clinic.client.get("/protocols")
    ready(clinic)
    assert judgements == [Asked(DAY + 1)], "once for each day is enough"


def test_who_reads_another_language_finds_it_in_that_language(
    clinic: Bench, course: str, judgements: list[Asked]
) -> None:
    ready(clinic)
    clinic.send("/language", language="uz")
    clinic.client.get("/protocols")
    ready(clinic)
    assert clinic.house.shelf is not None
    assert clinic.house.shelf.has_today(course.rpartition("/")[2], DAY, "uz")


def test_a_list_comes_before_what_nobody_asked_for(clinic: Bench, course: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(clinic)
    ahead, made = clinic.house.ahead, list[str]()
    assert ahead is not None
    name = course.rpartition("/")[2]

    def make(each: str, *_: object, rests: int, **__: object) -> int:
        made.append(f"{each} {rests}")
        return 0

    monkeypatch.setattr(ahead, "_make", make)
    with ahead._lock:
        ahead._seen_last.extend([("seen-last", DAY, "en"), ("seen-before", DAY, "en")])
    ahead.of([name], DAY, "en")
    ahead.wait()
    assert made == [f"{name} 1", f"seen-last {RESTS}", f"seen-before {RESTS}"]


def test_only_who_may_see_patients_has_their_courses_worked_out(desk: Desk, tmp_path: Path) -> None:
    with clinic_bench(desk, tmp_path) as bench:
        bench.sign_in("reader", "admin")
        bench.client.get("/protocols")
        assert bench.house.ahead is not None
        assert bench.house.ahead._begun == (0, frozenset())


def test_courses_that_run_come_before_those_that_are_planned_and_one_that_is_over_does_not_come(
    clinic: Bench, course: str
) -> None:
    dates = "course: {first_dose: '2026-09-21'}\n"
    home = clinic.send("/read", text=RECORD.replace(dates, "")).headers["location"]
    planned = clinic.send(f"{home}/keep", name="Zarina", number="A-18").headers["location"]
    home = clinic.send("/read", text=RECORD).headers["location"]
    over = clinic.send(f"{home}/keep", name="Dilnoza", number="A-19").headers["location"]
    clinic.send(f"{over}/change", expected=version(clinic, over), last_dose="2026-11-20")
    shelf = clinic.house.shelf
    assert shelf is not None
    assert shelf.seen_last(DAY, 10) == [each.rpartition("/")[2] for each in (course, planned)]
    assert shelf.seen_last(DAY, 1) == [course.rpartition("/")[2]]


def test_what_a_colleague_writes_is_on_the_page_that_is_already_at_hand(
    clinic: Bench, course: str, register: Register
) -> None:
    name = course.rpartition("/")[2]
    before = clinic.client.get(f"/patient/{name}").text
    assert "pregnancy test is positive" not in before.lower()
    version = max(event.version for event in register.events_of(register.patient_of(name)) if event.course == name)
    enter_visit(register, Stamp("a colleague", INSTANT), name, POSITIVE, {}, version)
    after = clinic.client.get(f"/patient/{name}").text
    assert "positive" in after.lower()
    assert after != before


def looked_at(course: str, seq: int) -> Patient:
    """A course as of an entry, with something worked out for it."""
    patient = Patient(course, lambda _: pytest.fail("nobody reads it"), Asked(DAY), handle=course, version=seq)
    patient.worked.drawn[Asked(DAY), ()] = {"a": "drawing"}
    return patient


def test_a_course_that_was_written_to_is_worked_out_anew() -> None:
    opened = Opened()
    kept = opened.keep(looked_at("a", 7))
    assert opened.find("a", 7) is kept
    assert opened.find("a", 8) is None
    assert opened.keep(looked_at("a", 8)) is not kept
    assert opened.find("a", 7) is None, "an older entry brings nothing back"


def test_the_courses_looked_at_longest_ago_are_let_go_of_first() -> None:
    opened = Opened(most=2, heavy=1)
    first, second = opened.keep(looked_at("first", 1)), opened.keep(looked_at("second", 1))
    assert second.worked.heavy
    assert not first.worked.heavy
    opened.find("first", 1)
    opened.keep(looked_at("third", 1))
    assert opened.find("second", 1) is None
    assert opened.find("first", 1) is first


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_ours_on_one_course_does_not_end_the_working_ahead(
    clinic: Bench, course: str, judgements: list[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Desk, "today", lambda desk, patient, language: str(1 / 0))
        clinic.client.get("/register")
        ready(clinic)
    before = len(judgements)
    clinic.client.get("/register")
    ready(clinic)
    assert len(judgements) == before + 1
