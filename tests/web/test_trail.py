"""Who looked at a patient, or wrote, is on disk before the answer is sent; if it cannot be written, nothing is shown."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from isocourse.register.register import Register
from isocourse.register.trail import Look, Trail, Wish, lines
from isocourse.register.verify import verify
from isocourse.web.desk import Desk
from isocourse.web.speech import speech_of
from isocourse.web.watch import WATCHED
from tests.web.bench import RECORD, Bench, version
from tests.web.catalogue import messages
from tests.web.clinic import ADDRESS, OURS, ClinicBench, clinic_bench, group, kept_course
from tests.web.test_access import routes
from tests.web.test_languages import OTHERS, first, visible
from tests.web.test_roles_and_routes import address_of, asked


@pytest.fixture
def clinic(desk: Desk, tmp_path: Path) -> Iterator[ClinicBench]:
    """A clinic's server; a clinician is signed in."""
    with clinic_bench(desk, tmp_path) as found:
        found.come_in()
        yield found


@pytest.fixture
def course(clinic: ClinicBench) -> str:
    """A course that was kept: its pseudonym."""
    return kept_course(clinic, RECORD).rpartition("/")[2]


def file_of(clinic: ClinicBench) -> str:
    """The register's file."""
    assert clinic.register is not None
    return str(clinic.register.engine.url.database)


def test_a_look_at_a_patient_says_who_when_what_and_how_it_ended(clinic: ClinicBench, course: str) -> None:
    assert clinic.client.get(f"/course/{course}").status_code == 200
    line = clinic.trail()[0]
    assert (line.who, line.called, line.roles) == ("sub-1", "Dr Karimova", "clinician")
    assert (line.what, line.courses, line.outcome) == ("GET /course/{course}", course, 200)
    assert line.at == "2026-11-24T09:30:00.000000Z"


def test_every_route_about_a_patient_leaves_its_entry(clinic: ClinicBench, course: str) -> None:
    for method, path, needs in routes(clinic):
        before = clinic.trail()[0].seq
        asked(clinic, method, address_of(path, course).replace("alt-trebled", course), "clinician")
        new = [line for line in clinic.trail() if line.seq > before]
        if needs in WATCHED or path == "/leave":
            assert [line.what for line in new] == [f"{method} {path}"], path
            if "{course}" in path or "{handle}" in path:
                assert new[0].courses == course, path
        else:
            assert new == [], path


def test_a_list_names_every_course_that_it_showed(clinic: ClinicBench, course: str) -> None:
    other = kept_course(clinic, RECORD, "Zarina Saidova").rpartition("/")[2]
    clinic.client.get("/register")
    assert set(clinic.trail()[0].courses.split()) == {course, other}
    clinic.send("/register/find", words="Zarina")
    assert clinic.trail()[0].courses.split() == [other]
    assert "Zarina" not in str(clinic.trail())


def test_what_was_refused_is_in_it_too(clinic: ClinicBench, course: str) -> None:
    clinic.sign_in("reader", sub="sub-2", name="A. Reader")
    assert clinic.client.get(f"/course/{course}").status_code == 403
    line = clinic.trail()[0]
    assert (line.who, line.roles, line.what, line.outcome) == ("sub-2", "reader", "GET /course/{course}", 403)


def test_strangers_and_addresses_that_lead_nowhere_leave_none(clinic: ClinicBench) -> None:
    before = len(clinic.trail())
    clinic.client.get("/nothing/at/all")
    clinic.client.get("/protocols")
    clinic.client.cookies.clear()
    clinic.client.get("/register")
    clinic.client.get("/course/x")
    assert len(clinic.trail()) == before


def test_a_made_up_course_is_not_copied_into_it(clinic: ClinicBench) -> None:
    assert clinic.client.get("/course/Zumrad Canaryova 61.37").status_code == 404
    line = clinic.trail()[0]
    assert (line.what, line.courses, line.outcome) == ("GET /course/{course}", "", 404)


def spied(clinic: ClinicBench, path: str) -> list[tuple[str, int]]:
    """What is sent for a request, and how many entries are on disk by then."""
    cookie = f"{clinic.house.settings.cookie}={clinic.client.cookies[clinic.house.settings.cookie]}"
    host = ADDRESS.removeprefix("https://").encode()
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "https",
        "headers": [(b"host", host), (b"cookie", cookie.encode())],
        "client": ("10.0.0.1", 1),
        "server": (host.decode(), 443),
        "root_path": "",
        "http_version": "1.1",
        "asgi": {"version": "3.0"},
        "extensions": {},
    }
    sent: list[tuple[str, int]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        with sqlite3.connect(f"file:{file_of(clinic)}?mode=ro", uri=True) as other:
            (count,) = other.execute("SELECT count(*) FROM trail").fetchone()
        other.close()
        sent.append((message["type"], count))

    asyncio.run(clinic.app(scope, receive, send))  # type: ignore[arg-type]  # plain dictionaries, as ASGI has them
    return sent


def test_the_entry_is_on_disk_before_the_first_byte_is_sent(clinic: ClinicBench, course: str) -> None:
    before = len(clinic.trail())
    sent = spied(clinic, f"/course/{course}")
    assert sent[0] == ("http.response.start", before + 1)
    assert {count for _, count in sent} == {before + 1}


def without_a_trail(clinic: ClinicBench) -> None:
    """Takes the table away: whatever is asked, the database cannot write it down."""
    with sqlite3.connect(file_of(clinic)) as connection:
        connection.execute("ALTER TABLE trail RENAME TO gone")
    connection.close()


def test_a_page_whose_look_cannot_be_written_down_is_not_shown(clinic: ClinicBench, course: str) -> None:
    without_a_trail(clinic)
    for path in (f"/course/{course}", f"/patient/{course}", f"/patient/{course}/plan.json", "/register"):
        reply = clinic.client.get(path)
        assert reply.status_code == 503, path
        assert "Nilufar" not in reply.text
        assert "27-year-old" not in reply.text
        assert "cannot be written, so this is not shown" in reply.text
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "content-disposition" not in reply.headers
        assert "content-encoding" not in reply.headers
    reply = clinic.ask("/api/assess", {"record": {"isocourse": "1", "patient": {}}, "as_of": "2026-11-24"})
    assert (reply.status_code, reply.json()["status"]) == (503, 503)
    assert clinic.client.get("/protocols").status_code == 200


def test_the_refusal_speaks_the_language_of_whoever_asks(clinic: ClinicBench, course: str) -> None:
    clinic.send("/language", language="uz", back="/")
    without_a_trail(clinic)
    assert "kirish jurnalini yozib boʻlmadi" in clinic.client.get(f"/course/{course}").text.lower()


def test_what_was_sent_may_be_kept_all_the_same_and_that_is_said(clinic: ClinicBench, course: str) -> None:
    fields = {"visit": "2026-11-24", "expected": version(clinic, f"/course/{course}"), "s.nodular": "yes"}
    without_a_trail(clinic)
    reply = clinic.send(f"/course/{course}/visit", **fields)
    assert reply.status_code == 503
    assert "may be kept: look before you send it again" in reply.text
    assert clinic.register is not None
    events = clinic.register.events_of(clinic.register.patient_of(course))
    assert events[-1].actor == "Dr Karimova (sub-1)"  # the chain of events says who, whatever becomes of the trail


def test_nobody_is_signed_in_whose_coming_cannot_be_written_down(clinic: ClinicBench) -> None:
    clinic.send("/leave")
    without_a_trail(clinic)
    reply = clinic.sign_in("clinician")
    assert reply.status_code == 503
    assert "set-cookie" not in reply.headers
    assert clinic.client.get("/").status_code == 401


def test_a_short_lock_is_waited_for(clinic: ClinicBench, course: str) -> None:
    other = sqlite3.connect(file_of(clinic), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, other.execute, ("ROLLBACK",)).start()
    began = time.monotonic()
    assert clinic.client.get(f"/course/{course}").status_code == 200
    assert time.monotonic() - began > 0.4
    other.close()


def test_requests_that_come_together_are_written_together_and_none_is_lost(
    clinic: ClinicBench, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    append = Trail.append

    def slow(self: Trail, looks: Sequence[Look]) -> None:
        sizes.append(len(looks))
        time.sleep(0.05)
        append(self, looks)

    monkeypatch.setattr(Trail, "append", slow)
    before = len(clinic.trail())
    cookies = dict(clinic.client.cookies)

    async def many() -> list[int]:
        transport = httpx.ASGITransport(app=clinic.app)  # type: ignore[arg-type]  # an ASGI application
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=cookies) as client:
            replies = await asyncio.gather(*(client.get(f"/course/{course}") for _ in range(40)))
        return [reply.status_code for reply in replies]

    assert asyncio.run(many()) == [200] * 40
    assert sum(sizes) == 40
    assert len(sizes) < 20
    assert len(clinic.trail()) == before + 40
    assert clinic.register is not None
    assert verify(clinic.register).faults == []


def test_on_ones_own_machine_no_trail_is_kept(clinic: ClinicBench, bench: Bench) -> None:
    assert bench.app.watch is None
    assert clinic.app.watch is not None


# the auditor's page ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def auditor(clinic: ClinicBench, course: str) -> ClinicBench:
    """An auditor is signed in, after a clinician looked at a course and a reader was refused it."""
    clinic.client.get(f"/course/{course}")
    clinic.sign_in("reader", sub="sub-2", name='=HYPERLINK("evil")')
    clinic.client.get(f"/course/{course}")
    clinic.sign_in("auditor", sub="sub-3", name="An Auditor")
    return clinic


def test_an_auditor_sees_who_looked_at_what(auditor: ClinicBench, course: str) -> None:
    page = auditor.client.get("/trail").text
    assert "Dr Karimova" in page
    assert "sub-2" in page
    assert f"/course/{course}" in page
    assert "Nilufar" not in page
    only = auditor.send("/trail/find", outcome="refused").text
    assert "sub-2" in only
    assert "Dr Karimova" not in only
    assert auditor.trail()[0].what == "POST /trail/find"


def test_an_administrator_sees_the_trail_and_no_way_to_the_course(auditor: ClinicBench, course: str) -> None:
    auditor.sign_in("admin", sub="sub-4", name="An Admin")
    page = auditor.client.get("/trail").text
    assert course in page
    assert f'href="/course/{course}"' not in page


def test_the_filter_is_read_strictly(auditor: ClinicBench) -> None:
    assert auditor.send("/trail/find", since="2026-13-01").status_code == 422
    assert auditor.send("/trail/find", outcome="whatever").status_code == 422
    assert auditor.send("/trail/find", before="-1").status_code == 422
    assert auditor.send("/trail/find", patient="x").status_code == 400
    assert "No entry is like that" in auditor.send("/trail/find", who="nobody at all").text


def test_older_entries_are_reached_page_by_page(auditor: ClinicBench) -> None:
    assert auditor.register is not None
    Trail(auditor.register).append(
        [Look("2026-11-24T10:00:00.000000Z", "many", "", "reader", f"GET /{n}", 200) for n in range(250)]
    )
    page = auditor.client.get("/trail").text
    assert page.count("<code>GET /") == 100
    seen = page.split('name="before" value="')[1].split('"')[0]
    older = auditor.send("/trail/find", before=seen).text
    assert older.count("<code>GET /") == 100
    assert set(numbers(page)) & set(numbers(older)) == set()
    assert min(numbers(page)) == max(numbers(older)) + 1


def numbers(page: str) -> list[int]:
    """The numbers of the entries on a page."""
    return [int(part.split("<")[0]) for part in page.split('<th scope="row">')[1:]]


def test_the_table_to_take_along_holds_all_of_it_and_no_formula(auditor: ClinicBench, course: str) -> None:
    reply = auditor.send("/trail/table", who="sub-2")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [row["what"] for row in rows] == ["GET /signed-in", "GET /course/{course}"]
    assert {row["called"] for row in rows} == {'\'=HYPERLINK("evil")'}
    assert rows[-1]["courses"] == course
    assert auditor.trail()[0].what == "POST /trail/table"
    whole = list(csv.DictReader(io.StringIO(auditor.send("/trail/table").text)))
    assert [int(row["seq"]) for row in whole] == list(range(1, len(whole) + 1))


def test_the_pages_need_no_script_and_hold_none(auditor: ClinicBench) -> None:
    page = auditor.client.get("/trail").text
    assert "<script>" not in page
    assert " style=" not in page
    assert 'href="/trail"' in page
    auditor.provider.claims = {"groups": [group("clinician")]}
    auditor.sign_in("clinician")
    assert 'href="/trail"' not in auditor.client.get("/").text


@pytest.mark.parametrize("language", OTHERS)
def test_the_clinics_pages_speak_one_language(auditor: ClinicBench, language: str) -> None:
    auditor.send("/language", language=language, back="/")
    pages = [auditor.client.get("/trail").text, auditor.send("/trail/find", outcome="failed").text]
    auditor.send("/leave")
    auditor.client.headers["accept-language"] = language
    pages += [auditor.client.get("/signed-out").text, auditor.client.get("/").text, auditor.sign_in("nurse").text]
    speech = speech_of(language)
    for page in pages:
        assert f'<html lang="{language}"' in page
        told = visible(page)
        left = [
            text
            for text in map(first, messages())
            if len(text) > 3
            and "{" not in text
            and speech(text) != text
            and re.search(rf"(?<![\w/]){re.escape(text)}(?![\w/])", told)
        ]
        assert left == [], told


def test_the_whole_register_verifies_after_a_day_of_looking(auditor: ClinicBench) -> None:
    assert auditor.register is not None
    found = verify(auditor.register, own_key=auditor.register.signer().public)
    assert found.faults == []
    assert found.trail == len(auditor.trail()) > 5


def test_somebody_who_looks_while_it_is_read_does_not_wait(auditor: ClinicBench) -> None:
    register: Register | None = auditor.register
    assert register is not None
    with register.reading() as connection:
        lines(connection, Wish(), 10)
        Trail(register).append([Look("2026-11-24T10:00:00.000000Z", "sub-9", "", "reader", "GET /", 200)])
    assert auditor.trail()[0].who == "sub-9"


def test_a_form_of_ours_is_needed_to_search(auditor: ClinicBench) -> None:
    assert auditor.client.post("/trail/find", data={"token": "00" * 64}, headers=OURS).status_code == 403
