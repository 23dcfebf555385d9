"""No patient's data in a log, an address or an error page: canaries are sent everywhere, and looked for."""

import json
import logging
import re
from collections.abc import Callable

import pytest

from isocourse.web.settings import Settings
from tests.web.bench import OURS, PROGRAM, Bench

CANARIES = ("Zumrad", "Canaryova", "1987-05-19", "777-123-4567", "kanareyka@example", "MRN-90210", "61.37")
"""A name, a birth date, a telephone, an address, a number and a weight that stand nowhere else."""

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "MRN-90210",
                "name": [{"family": "Canaryova", "given": ["Zumrad"]}],
                "telecom": [{"value": "777-123-4567"}, {"value": "kanareyka@example"}],
                "birthDate": "1987-05-19",
                "gender": "female",
            }
        },
        {
            "resource": {
                "resourceType": "Observation",
                "id": "w",
                "status": "final",
                "subject": {"reference": "Patient/MRN-90210"},
                "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
                "effectiveDateTime": "2026-11-20",
                "valueQuantity": {"value": 61.37, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
            }
        },
    ],
}
RECORD = """isocourse: '1'
patient: {birth: '1987-05-19', recorded_gender: female, note: 'Zumrad Canaryova MRN-90210'}
orders: [{state: active, day: '2026-11-20', dose: 20 mg, times_a_day: '2', reason: acne}]
events:
  - {stream: alt, value: 61.37 U/L, day: '2026-11-20', upper_limit: 40 U/L}
course: {first_dose: '2026-10-01'}
"""
HANDED_BACK = re.compile(r"<textarea name=[^>]* hidden>[^<]*</textarea>")
"""What somebody filled in and gets back with a refusal, to be sent once more."""

BROKEN = RECORD.replace("stream: alt", "stream: Canaryova")


def everything(bench: Bench) -> list[tuple[str, str, int, str]]:
    """Sends the canaries to every kind of address; each reply as (asked, address it leads to, status, text)."""
    found = []

    def note(asked: str, reply: object) -> None:
        status, headers, text = reply.status_code, reply.headers, reply.text  # type: ignore[attr-defined]  # a reply of httpx
        found.append((asked, headers.get("location", ""), status, text))

    for text in (RECORD, json.dumps(BUNDLE)):
        reply = bench.send("/read", text=text)
        note("/read", reply)
        home = reply.headers["location"]
        for tail in ("", "/matrix", "/matrix?show=all", "/why/lab_stop/seed-review/2025", "/nothing"):
            note(home + tail, bench.client.get(home + tail, follow_redirects=False))
        note("asked", bench.send(f"{home}/asked", as_of="2026-11-23", jurisdiction="EU"))
        note("asked", bench.send(f"{home}/asked", as_of="Canaryova"))
        note("asked", bench.send(f"{home}/asked", jurisdiction="MRN-90210"))
        note("asked", bench.send(f"{home}/asked", product="Zumrad"))
        note("language", bench.send("/language", language="Canaryova", back="//Zumrad.example"))
    note(
        "/enter",
        bench.send("/enter", birth="1987-05-19", visit="2026-11-24", **{"s.weight": "61.37", "s.weight~unit": "kg"}),
    )
    note("/enter", bench.send("/enter", Canaryova="Zumrad"))
    note("/simulate", bench.send("/simulate", Zumrad="61.37"))
    for body in (
        {"record": BUNDLE, "as_of": "2026-11-24"},
        {"record": {"Canaryova": "MRN-90210"}, "as_of": "1987-05-19"},
    ):
        note("/api/assess", bench.ask("/api/assess", body))
        note("/api/assess", bench.ask("/api/assess", body | {"Zumrad": 1}))
        note("/api/assess", bench.ask("/api/assess", body | {"jurisdiction": "Canaryova"}))
        note("/api/assess", bench.client.post("/api/assess", content='{"Zumrad": "MRN-90210", ', headers=PROGRAM))
    for method in ("PUT", "DELETE", "PATCH"):
        note(method, bench.client.request(method, "/enter", content="Canaryova", headers=OURS))
    note("403", bench.client.post("/read", data={"token": "Canaryova", "text": RECORD}, headers=OURS))
    note("404", bench.client.get("/patient/xyz"))
    note("415", bench.client.post("/read", content="Canaryova", headers=OURS | {"content-type": "text/plain"}))
    note("413", bench.client.post("/read", content=b"Zumrad" * 2_000_000, headers=OURS))
    return found


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that any logger says."""
    caplog.set_level(logging.DEBUG)
    return caplog


def test_no_canary_reaches_a_log_an_address_or_an_error_page(bench: Bench, logged: pytest.LogCaptureFixture) -> None:
    replies = everything(bench)
    assert {200, 303, 400, 403, 404, 405, 413, 422} <= {status for _, _, status, _ in replies}
    said = "\n".join(record.getMessage() + (record.exc_text or "") for record in logged.records)
    assert said.count('"route"') >= len(replies)
    for canary in CANARIES:
        assert canary not in said
        assert [asked for asked, where, _, _ in replies if canary in where] == []
        errors = [
            (asked, status)
            for asked, _, status, text in replies
            if status >= 400 and canary in HANDED_BACK.sub("", text)
        ]
        assert errors in ([], [("/enter", 422)]), canary  # the form itself comes back as it was filled in


def test_the_canaries_would_be_seen(bench: Bench) -> None:
    home = bench.send("/read", text=RECORD).headers["location"]
    assert "61.37" in bench.client.get(f"{home}/why/lab_stop/seed-review/2025").text


def test_a_refused_record_is_explained_to_whoever_sent_it_and_to_nobody_else(
    bench: Bench, logged: pytest.LogCaptureFixture
) -> None:
    reply = bench.send("/read", text=BROKEN)
    assert reply.status_code == 422
    assert "no stream" in reply.text
    assert "Canaryova" not in "\n".join(record.getMessage() for record in logged.records)


def test_a_mistake_of_ours_is_logged_by_place_and_never_with_what(
    bench: Bench, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("Zumrad Canaryova 1987-05-19")

    monkeypatch.setattr(type(bench.house.desk), "judged", breaks)
    for reply in (
        bench.client.get("/patient/alt-trebled/matrix"),
        bench.client.get("/api/samples/alt-trebled/assessment", headers=PROGRAM),
    ):
        assert reply.status_code == 500
        assert "Canaryova" not in reply.text
    said = "\n".join(record.getMessage() + (record.exc_text or "") for record in logged.records)
    assert "mistake: ValueError in" in said
    assert "Canaryova" not in said
    assert not re.search(r"Traceback", said)


def test_addresses_of_patients_are_random(bench: Bench) -> None:
    homes = {bench.send("/read", text=RECORD).headers["location"] for _ in range(3)}
    assert len(homes) == 3
    assert all(re.fullmatch(r"/patient/[\w-]{12}", home) for home in homes)


def test_a_log_line_names_the_route_and_not_the_address(bench: Bench, logged: pytest.LogCaptureFixture) -> None:
    bench.client.get("/patient/secret-handle/matrix?show=Canaryova")
    lines = [json.loads(each.getMessage()) for each in logged.records if each.name == "isocourse.web"]
    assert lines[-1]["route"].startswith("/patient/{handle")
    assert set(lines[-1]) == {"method", "route", "status", "ms"}


def test_leaving_forgets_the_records(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench()
    bench.come_in()
    home = bench.send("/read", text=RECORD).headers["location"]
    bench.send("/leave")
    bench.come_in()
    assert bench.client.get(home).status_code == 404
    assert isinstance(bench.house.settings, Settings)
