"""Today of a course is there when it is clicked, and is never of another entry than the last."""

import pytest

from isocourse.app.assess import assess
from isocourse.app.register_visit import enter_visit
from isocourse.library import Asked
from isocourse.register.events import Stamp
from isocourse.register.register import Register
from isocourse.web.opened import Opened
from isocourse.web.patients import Patient
from tests.web.bench import DAY, INSTANT, Bench

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
