"""In a clinic too: no patient's data in a log, an address, an error page or the trail, and no secret of signing in anywhere."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocourse.app.register_trail import table_of
from isocourse.register.trail import Wish
from isocourse.web.desk import Desk
from tests.web.bench import version
from tests.web.clinic import CLINIC, ClinicBench, clinic_bench
from tests.web.test_no_leaks import CANARIES, RECORD, everything

PERSON = {"name": "Zumrad Canaryova", "number": "MRN-90210", "contact": "777-123-4567 kanareyka@example"}


@pytest.fixture
def clinic(desk: Desk, tmp_path: Path) -> Iterator[ClinicBench]:
    """A clinic's server; a clinician is signed in."""
    with clinic_bench(desk, tmp_path) as found:
        found.come_in()
        yield found


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that any logger says."""
    caplog.set_level(logging.DEBUG)
    return caplog


def said(logged: pytest.LogCaptureFixture) -> str:
    """What the loggers said, as one text; the browser of these tests is httpx, the server itself uses httpx2."""
    ours = [record for record in logged.records if record.name != "httpx"]
    return "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours)


def a_day(clinic: ClinicBench) -> list[tuple[str, str, int, str]]:
    """Everything that is done at one machine, and besides it a course that is kept, visited, changed, sought and looked for in vain."""
    found = everything(clinic)

    def note(asked: str, reply: object) -> None:
        status, headers, text = reply.status_code, reply.headers, reply.text  # type: ignore[attr-defined]  # a reply of httpx
        found.append((asked, headers.get("location", ""), status, text))

    home = clinic.send("/read", text=RECORD).headers["location"]
    kept = clinic.send(f"{home}/keep", **PERSON)
    note("keep", kept)
    course = kept.headers["location"]
    handle = course.rpartition("/")[2]
    number = version(clinic, course)
    note("visit", clinic.send(f"{course}/visit", visit="2026-11-24", expected=number, **{"s.weight.now": "61.37"}))
    note("visit", clinic.send(f"{course}/visit", visit="Canaryova", expected=number))
    note("change", clinic.send(f"{course}/change", expected=number, last_dose="1987-05-19", product="Canaryova"))
    note("undo", clinic.send(f"{course}/undo", seq="2", why="Zumrad Canaryova was typed for another"))
    note("find", clinic.send("/register/find", words="Canaryova"))
    note("find", clinic.send("/register/find", words="MRN-90210", Zumrad="1"))
    for path in (f"{course}?name=Canaryova", f"/patient/{handle}/plan?x=Zumrad", "/register?why=MRN-90210"):
        note(path.partition("?")[0], clinic.client.get(path))
    for path in ("/course/Canaryova", "/course/MRN-90210/visit", "/patient/Zumrad/plan", "/course/61.37", "/Canaryova"):
        note("lost", clinic.client.get(path))
    clinic.sign_in("reader", sub="sub-2", name="A. Reader")
    note("refused", clinic.client.get(course))
    clinic.sign_in("auditor", sub="sub-3", name="An Auditor")
    note("trail", clinic.send("/trail/find", what="Canaryova", course="MRN-90210"))
    note("trail", clinic.send("/trail/find", since="Canaryova"))
    return found


def test_no_canary_reaches_the_trail_a_log_an_address_or_an_error_page(
    clinic: ClinicBench, logged: pytest.LogCaptureFixture
) -> None:
    replies = a_day(clinic)
    assert {200, 303, 400, 403, 404, 422} <= {status for _, _, status, _ in replies}
    assert clinic.register is not None
    trail = b"".join(table_of(clinic.register, Wish())).decode()
    assert len(clinic.trail()) > 40
    assert {"GET /course/{course}", "POST /register/find", "POST /api/assess"} <= {line.what for line in clinic.trail()}
    for canary in CANARIES:
        assert canary not in trail
        assert canary not in said(logged)
        assert [asked for asked, where, _, _ in replies if canary in where] == []
        errors = {asked for asked, _, status, text in replies if status >= 400 and canary in text}
        assert errors <= {"/enter", "visit", "undo"}, (
            canary
        )  # the form, or the page of the course, comes back to whoever sent it


def test_the_canaries_were_there_to_be_found(clinic: ClinicBench) -> None:
    replies = a_day(clinic)
    shown = "\n".join(text for _, _, status, text in replies if status == 200)
    assert "Zumrad Canaryova" in shown
    assert "MRN-90210" in shown


def test_the_trails_table_holds_no_canary_on_disk(clinic: ClinicBench) -> None:
    a_day(clinic)
    assert clinic.register is not None
    with sqlite3.connect(str(clinic.register.engine.url.database)) as connection:
        rows = connection.execute("SELECT * FROM trail").fetchall()
    connection.close()
    assert len(rows) > 40
    assert [row for row in rows if any(canary in str(row) for canary in CANARIES)] == []


def test_no_secret_of_signing_in_is_logged_or_shown(clinic: ClinicBench, logged: pytest.LogCaptureFixture) -> None:
    clinic.send("/leave")
    back = clinic.out_and_back("code-very-secret")
    clinic.provider.claims = {"nonce": "nonce-of-a-stranger", "sub": "subject-of-a-stranger"}
    refused = clinic.client.get("/signed-in", params=back)
    again = clinic.client.get("/signed-in", params=back | {"error_description": "Zumrad", "error": "Canaryova"})
    clinic.provider.away = True
    clinic.clock[0] += 4000
    back = clinic.out_and_back("code-very-secret")
    away = clinic.client.get("/signed-in", params=back)
    assert [refused.status_code, again.status_code, away.status_code] == [401, 401, 503]
    secrets = (
        CLINIC.client_secret,
        "code-very-secret",
        back["state"],
        "nonce-of-a-stranger",
        "subject-of-a-stranger",
        "Zumrad",
        "Canaryova",
    )
    for secret in secrets:
        assert secret not in said(logged), secret
        assert secret not in refused.text + again.text + away.text, secret
    assert "sign-in refused: the identity does not hold" in said(logged)
    assert any(record.name == "httpx2" for record in logged.records)  # what it says was among what was looked at


def test_a_mistake_of_ours_in_a_clinic_is_logged_by_place_and_never_with_what(
    clinic: ClinicBench, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("Zumrad Canaryova 1987-05-19")

    monkeypatch.setattr(type(clinic.house.desk), "judged", breaks)
    reply = clinic.client.get("/patient/alt-trebled/matrix")
    assert reply.status_code == 500
    assert "Canaryova" not in reply.text + said(logged)
    assert (clinic.trail()[0].what, clinic.trail()[0].outcome) == ("GET /patient/{handle}/matrix", 500)
