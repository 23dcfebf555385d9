"""The course page plans like the command line, keeps the plan before it when a wish cannot be read, and gives files to take along."""

import json
import re
from collections.abc import Callable

import pytest

from isocourse.app.knowledge import shipped
from tests.conftest import Ran
from tests.web.bench import Bench

HOME = "/patient/alt-trebled"


def test_the_plan_says_what_the_command_line_says(bench: Bench, run: Callable[..., Ran]) -> None:
    path = shipped() / "patients" / "alt-trebled.yaml"
    printed = json.loads(run("plan", path, "--as-of", "2026-11-24", "--dose", "0.5 mg/kg/day", "--json").out)
    home = bench.send(f"{HOME}/plan", dose="0.5 mg/kg/day").headers["location"]
    page = bench.client.get(home).text
    assert printed["steps"]
    assert f"({len(printed['supplies'])})" in page
    assert "0.5 mg/kg/day" in page
    assert page.count("<svg") >= 2
    for name in ("Dose", "Running total", "When it may end", "Calendar"):
        assert f"<h2>{name}</h2>" in page


def test_a_red_line_leaves_no_dose_on_the_page(bench: Bench) -> None:
    page = bench.client.get("/patient/doxycycline/plan").text
    drawn = page[page.index('id="drawn"') :]
    assert "mg capsule" not in drawn
    assert "<h2>Dose</h2>" not in drawn
    assert "<svg" not in drawn


def test_what_is_open_heads_the_plan(bench: Bench) -> None:
    page = bench.client.get("/patient/boy-of-16/plan").text
    assert page.index("Not until") < page.index("<h2>Dose</h2>")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dose", "a lot"),
        ("dose", "0,5 mg/kg/day"),
        ("steps", "20 mg/day, then 40 mg/day"),
        ("start", "2027-02-31"),
        ("times_a_day", "two"),
        ("times_a_day", "99"),
        ("weights", "2027-01-01: 5 kg"),
        ("breaks", "2027-02-01..2027-01-01"),
        ("target", "a lot"),
        ("supply_days", "9999"),
        ("product", "nothing-like-it"),
        ("moved", "supply-2"),
        ("steps", "x" * 600),
    ],
)
def test_a_wish_that_cannot_be_read_is_named_and_nothing_is_lost(bench: Bench, name: str, text: str) -> None:
    reply = bench.send(f"{HOME}/plan", **({"until": "2027-03-01"} | {name: text}))
    assert reply.status_code == 422, reply.text[:200]
    assert 'role="alert"' in reply.text
    assert "The plan before stands" in reply.text
    assert 'value="2027-03-01"' in reply.text


def test_half_a_milligram_with_a_comma_is_half_a_milligram_where_the_comma_is_decimal(bench: Bench) -> None:
    bench.send("/language", language="ru", back="/")
    reply = bench.send(f"{HOME}/plan", dose="0,5 mg/kg/day")
    assert reply.status_code == 303
    page = bench.client.get(reply.headers["location"]).text
    asked = re.findall(r"<td>([^<]*мг/кг/сут[^<]*)</td>", page)
    assert any(text.startswith("0,5 мг/кг/сут") for text in asked), asked


def test_planning_a_sample_leaves_the_sample_as_it_is(bench: Bench) -> None:
    reply = bench.send(f"{HOME}/plan", dose="0.37 mg/kg/day")
    assert reply.headers["location"] != f"{HOME}/plan"
    assert "0.37 mg/kg/day" in bench.client.get(reply.headers["location"]).text
    assert "0.37 mg/kg/day" not in bench.client.get(f"{HOME}/plan").text


def test_a_slipped_date_shows_its_cascade_and_changes_nothing(bench: Bench) -> None:
    page = bench.client.get(f"{HOME}/plan").text
    events = re.findall(r'<option value="([a-z-]+\d*)">', page[page.index("If a date slips") :])
    supply = next(event for event in events if event.startswith("supply-"))
    reply = bench.send(f"{HOME}/slip", event=supply, to="2027-01-20")
    assert reply.status_code == 200
    assert "Nothing was changed yet" in reply.text
    assert "20 Jan 2027" in reply.text
    assert bench.send(f"{HOME}/slip", event="nothing", to="2027-01-20").status_code == 422
    assert bench.send(f"{HOME}/slip", event=supply, to="soon").status_code == 422


def test_files_to_take_along_are_files(bench: Bench) -> None:
    for name, begin in (
        ("plan.ics", "BEGIN:VCALENDAR"),
        ("plan.html", "<!doctype html>"),
        ("sheet.html", "<!doctype html>"),
    ):
        reply = bench.client.get(f"{HOME}/{name}")
        assert reply.status_code == 200
        assert reply.text.lstrip().startswith(begin), name
        assert "attachment" in reply.headers["content-disposition"]
    bundle = bench.client.get(f"{HOME}/plan.json").json()
    assert bundle["resourceType"] == "Bundle"


def test_a_calendar_of_a_protocol_that_is_not_there_is_not_made(bench: Bench) -> None:
    assert bench.client.get(f"{HOME}/plan.ics?protocol=none").status_code == 404
    assert bench.client.get("/patient/relapse/plan.ics").status_code in (200, 422)
