"""The form of a visit asks first for what is due, folds the rest, and hides nothing that somebody filled in."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from isocourse.web.courses import over
from tests.web.bench import RECORD, Bench, version


class Folds(HTMLParser):
    """For each field of a form, the folds around it: whether each is open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.found: dict[str, list[bool]] = {}
        self.order: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Steps into a fold, or meets a field."""
        told = dict(attrs)
        if tag == "details":
            self.open.append("open" in told)
        elif tag in ("input", "select", "textarea") and told.get("name"):
            name = told["name"] or ""
            assert name not in self.found, f"{name} stands twice"
            self.found[name] = list(self.open)
            self.order.append(name)

    def handle_endtag(self, tag: str) -> None:
        """Steps out of a fold."""
        if tag == "details":
            self.open.pop()


def folds(page: str) -> Folds:
    """The folds of the form of a page."""
    form = re.search(r'<form method="post" action="[^"]*" class="record">.*?</form>', page, flags=re.DOTALL)
    assert form is not None
    found = Folds()
    found.feed(form[0])
    return found


def form_of(clinic: Bench, course: str) -> Folds:
    """The form of a visit today."""
    return folds(clinic.client.get(f"{course}/visit").text)


def test_what_is_due_comes_first_and_open(clinic: Bench, course: str) -> None:
    found = form_of(clinic, course)
    for name in ("s.pregnancy_test", "s.weight", "s.alt.now", "s.triglycerides.now"):
        assert found.found[name] == [True], name
    first_folded = next(
        place for place, name in enumerate(found.order) if found.found[name] == [False] and name.startswith("s.")
    )
    assert found.order.index("s.alt.now") < first_folded


def test_what_belongs_before_a_first_dose_is_folded_twice_once_the_course_has_begun(clinic: Bench, course: str) -> None:
    found = form_of(clinic, course)
    for name in ("s.alt.baseline", "s.triglycerides.baseline", "s.ast.baseline"):
        assert found.found[name] == [False, False], name


def test_before_a_first_dose_values_of_before_it_are_not_put_apart(clinic: Bench) -> None:
    home = clinic.send("/read", text=RECORD.replace("course: {first_dose: '2026-09-21'}\n", "")).headers["location"]
    course = clinic.send(f"{home}/keep", name="Zarina", number="A-18").headers["location"]
    assert len(form_of(clinic, course).found["s.alt.baseline"]) == 1


def test_every_field_of_the_form_is_still_there_once(clinic: Bench, course: str) -> None:
    names = set(form_of(clinic, course).found)
    wanted = {field.name for section in clinic.house.desk.sections for field in section.fields}
    assert wanted <= names
    assert {"dispensed.strength", "order.dose", "more.drugs", "complete.conditions"} <= names


@pytest.mark.parametrize(
    ("field", "said"),
    [
        pytest.param("s.ldl.baseline", "3", id="a-value-of-before-the-first-dose"),
        pytest.param("dispensed.strength", "20", id="capsules"),
        pytest.param("order.dose", "20", id="an-order"),
        pytest.param("l.conditions.depression", "yes", id="a-condition"),
    ],
)
def test_a_fold_that_holds_something_comes_back_open(clinic: Bench, course: str, field: str, said: str) -> None:
    wrong = {"s.weight": "much", field: said}
    reply = clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course), **wrong)
    assert reply.status_code == 422
    assert folds(reply.text).found[field][0] is True
    assert html.unescape(reply.text).count('value="much"') == 1


def test_a_course_is_over_on_the_day_after_its_last_dose_for_the_plan_and_for_a_further_course(
    clinic: Bench, course: str
) -> None:
    name = course.rpartition("/")[2]
    clinic.send(f"{course}/change", expected=version(clinic, course), last_dose="2026-11-24")
    for days, is_over in ((0, False), (1, True)):
        clinic.today[0] += days
        page = clinic.client.get(course).text
        session = next(iter(clinic.house.sessions))
        assert over(session.patients[name]) is is_over
        assert ("Open a further course" in page) is is_over
        assert ("This course is over" in clinic.client.get(f"/patient/{name}/plan").text) is is_over
        assert clinic.send(f"{course}/further").status_code == (303 if is_over else 422)
