"""Capsules that are handed out pass one gate, through whichever door they are written; where it is not open, why is asked and kept."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from isocourse.register.verify import verify
from isocourse.web.desk import Desk
from tests.conftest import Ran
from tests.register.at_gate import CAPSULES, KEPT, NO_DAYS, OLD_TEST, READY, RECORD, RECORDS
from tests.register.at_gate import WHY as SEEN
from tests.web.clinic import ClinicBench, clinic_bench
from tests.web.test_dispensing import SUPPLY, as_, body, history, opened, version_of

WHY = {"reason": SEEN}
Send = Callable[..., int]
ALONE = {"dispensed_on": "2026-11-24"}


@pytest.fixture(scope="module")
def clinic(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClinicBench]:
    """A clinic's server."""
    with clinic_bench(desk, tmp_path_factory.mktemp("clinic")) as found:
        yield found


def _version(clinic: ClinicBench, course: str) -> int:
    shelf = clinic.house.shelf
    assert shelf is not None
    return shelf.know(course.rpartition("/")[2], clinic.house.settings.today()).version


def _through_visit(clinic: ClinicBench, course: str, **asked: str) -> int:
    sent = {"visit": "2026-11-24", "expected": str(_version(clinic, course)), **SUPPLY, **asked}
    return clinic.send(f"{course}/visit", **sent).status_code


def _through_a_day_alone(clinic: ClinicBench, course: str, **asked: str) -> int:
    sent = {"visit": "2026-11-24", "expected": str(_version(clinic, course)), **ALONE, **asked}
    return clinic.send(f"{course}/visit", **sent).status_code


def _through_settings(clinic: ClinicBench, course: str, **asked: str) -> int:
    status = clinic.send(f"{course}/change", expected=str(_version(clinic, course)), **ALONE, **asked).status_code
    return 200 if status == 303 else status


def _through_dispensing(clinic: ClinicBench, course: str, **asked: str) -> int:
    return clinic.send(f"{course}/dispense", expected=str(_version(clinic, course)), **SUPPLY, **asked).status_code


def _through_json(clinic: ClinicBench, course: str, **asked: str) -> int:
    path = f"/api/courses/{course.rpartition('/')[2]}/dispensing"
    sent: dict[str, object] = {"reason": asked.get("reason", ""), "gate_not_open": "confirm" in asked}
    return clinic.ask(path, body(_version(clinic, course), **sent)).status_code


DOORS = [
    pytest.param("clinician", _through_visit, id="a-visit"),
    pytest.param("clinician", _through_a_day_alone, id="the-day-alone-in-a-visit"),
    pytest.param("clinician", _through_settings, id="the-dates-of-a-course"),
    pytest.param("pharmacist", _through_dispensing, id="dispensing"),
    pytest.param("pharmacist", _through_json, id="json"),
]


@pytest.mark.parametrize(("role", "send"), DOORS)
def test_at_an_open_gate_nobody_is_asked_why(clinic: ClinicBench, role: str, send: Send) -> None:
    course = opened(clinic, READY)
    as_(clinic, role, role)
    assert send(clinic, course) == 200
    assert "handing out was" not in history(clinic, course)


@pytest.mark.parametrize("gate", ["closed", "cannot_tell"])
@pytest.mark.parametrize(("role", "send"), DOORS)
def test_where_it_is_not_open_it_is_confirmed_and_the_reason_stays_with_the_entry(
    clinic: ClinicBench, role: str, send: Send, gate: str
) -> None:
    course = opened(clinic, RECORDS[gate])
    as_(clinic, role, role)
    before = _version(clinic, course)
    for asked in ({}, {"confirm": gate}, WHY, {"confirm": gate, "reason": "  "}):
        assert send(clinic, course, **asked) == 422
    assert _version(clinic, course) == before
    assert send(clinic, course, confirm=gate, **WHY) == 200
    assert _version(clinic, course) == before + 1
    page = history(clinic, course)
    assert KEPT[gate] in page
    assert f"The {role}" in page


@pytest.mark.parametrize(("role", "send"), [each for each in DOORS if each.id != "json"])
def test_what_was_shown_as_not_known_is_not_confirmed_once_it_is_closed(
    clinic: ClinicBench, role: str, send: Send
) -> None:
    course = opened(clinic, RECORD)
    as_(clinic, role, role)
    assert send(clinic, course, confirm="cannot_tell", **WHY) == 422
    assert send(clinic, course, confirm="yes", **WHY) == 422


def test_a_test_of_the_same_visit_opens_it(clinic: ClinicBench) -> None:
    course = opened(clinic, OLD_TEST)
    as_(clinic, "clinician", "doctor")
    assert _through_visit(clinic, course) == 422
    test = {"s.pregnancy_test": "negative", "s.pregnancy_test~day": "2026-11-22"}
    order = {"order.state": "active", "order.day": "2026-11-22", "order.dose": "20"}
    assert _through_visit(clinic, course, **test, **order) == 200


def test_a_test_of_the_same_visit_closes_it(clinic: ClinicBench) -> None:
    course = opened(clinic, READY)
    as_(clinic, "clinician", "doctor")
    test = {"s.pregnancy_test": "positive", "s.pregnancy_test~day": "2026-11-24"}
    assert _through_visit(clinic, course, **test) == 422
    assert _through_visit(clinic, course, **test, confirm="closed", **WHY) == 200
    assert KEPT["closed"] in history(clinic, course)


def test_a_last_dose_written_with_it_counts(clinic: ClinicBench) -> None:
    """The dates of a course are judged as they will stand, not as they stood."""
    course = opened(clinic, READY)
    as_(clinic, "clinician", "doctor")
    number = str(_version(clinic, course))
    reply = clinic.send(f"{course}/change", expected=number, last_dose="2026-02-31", **ALONE)
    assert reply.status_code == 422
    assert "Nothing was written" in reply.text
    assert str(_version(clinic, course)) == number


def test_the_form_comes_back_with_what_the_rules_say_and_everything_that_was_filled_in(clinic: ClinicBench) -> None:
    course = opened(clinic, RECORD)
    as_(clinic, "clinician", "doctor")
    number = str(_version(clinic, course))
    sent = {
        "visit": "2026-11-24",
        "expected": number,
        **SUPPLY,
        "s.weight": "57",
        "s.weight~unit": "kg",
        "reason": "half a reason",
    }
    page = html.unescape(clinic.send(f"{course}/visit", **sent).text)
    for text in (
        "The visit was not written.",
        "✕ Handing out is closed",
        "From when until when",
        'value="57"',
        'value="half a reason"',
    ):
        assert text in page
    assert page.index("✕ Handing out is closed") < page.index('name="confirm" value="closed"') < page.rindex("</form>")
    assert page.index('class="record"') < page.index("✕ Handing out is closed")
    assert version_of(page) == number
    assert "hx-" not in page


def test_a_reason_is_not_lost_while_something_else_is_corrected(clinic: ClinicBench) -> None:
    course = opened(clinic, RECORD)
    as_(clinic, "clinician", "doctor")
    sent = {"visit": "2026-11-24", "expected": str(_version(clinic, course)), **SUPPLY, "confirm": "closed", **WHY}
    wrong = html.unescape(clinic.send(f"{course}/visit", **(sent | {"s.weight": "much"})).text)
    assert '<input type="hidden" name="reason" value="seen on paper">' in wrong
    assert '<input type="hidden" name="confirm" value="closed">' in wrong
    assert clinic.send(f"{course}/visit", **sent).status_code == 200
    late = html.unescape(clinic.send(f"{course}/visit", **sent).text)
    assert 'name="confirm" value="closed" checked' in late
    assert 'value="seen on paper"' in late


@pytest.mark.parametrize(("day", "said"), NO_DAYS)
@pytest.mark.parametrize("path", ["visit", "change"])
def test_a_day_on_which_nothing_can_have_been_handed_out_is_asked_about(
    clinic: ClinicBench, path: str, day: str, said: str
) -> None:
    course = opened(clinic, READY)
    as_(clinic, "clinician", "doctor")
    visit = {"visit": "2026-11-24"} if path == "visit" else {}
    number = _version(clinic, course)
    reply = clinic.send(f"{course}/{path}", expected=str(number), dispensed_on=day, **visit)
    assert reply.status_code == 422
    assert said in html.unescape(reply.text).casefold()
    assert _version(clinic, course) == number


def test_the_terminal_writes_to_the_same_register_what_the_browser_writes(
    clinic: ClinicBench, run: Callable[..., Ran], tmp_path: Path
) -> None:
    """One gate for both: the same refusal, then the same entry, and the next page of either shows what the other wrote."""
    assert clinic.register is not None
    register = ("--register", clinic.register.address, "--key", clinic.register.key)
    mine, theirs = opened(clinic, RECORD), opened(clinic, RECORD)
    as_(clinic, "clinician", "doctor")
    assert _through_visit(clinic, mine, confirm="closed", **WHY) == 200
    visit = tmp_path / "visit.json"
    visit.write_text(json.dumps({"doses": [CAPSULES]}), encoding="utf-8")
    words = ("visit", theirs.rpartition("/")[2], visit, "--as-of", CAPSULES["dispensed"])
    assert run("register", *register, *words).code == 4
    done = run("register", *register, *words, "--although-closed", SEEN)
    assert done.code == 0, done.err
    assert _through_settings(clinic, mine, confirm="closed", **WHY) == 200
    day = ("change", theirs.rpartition("/")[2], "dispensed_on=2026-11-24", "--as-of", "2026-11-24")
    assert run("register", *register, *day, "--although-closed", SEEN).code == 0
    shelf, today = clinic.house.shelf, clinic.house.settings.today()
    assert shelf is not None
    known = [shelf.know(course.rpartition("/")[2], today) for course in (mine, theirs)]
    assert [(each.kind, each.body, each.knowledge) for each in known[0].events[-2:]] == [
        (each.kind, each.body, each.knowledge) for each in known[1].events[-2:]
    ]
    assert history(clinic, theirs).count(KEPT["closed"]) == history(clinic, mine).count(KEPT["closed"]) == 2
    assert verify(clinic.register).sound
