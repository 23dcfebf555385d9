"""The commands of a course through the real command line."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from isocourse.app.knowledge import shipped
from tests.conftest import Ran

Run = Callable[..., Ran]
PATIENTS = shipped() / "patients"
ON = ("--as-of", "2026-11-24")

START = """
isocourse: '1'
patient: {birth: '2003-02-26', recorded_gender: male}
jurisdiction: EU
product: eu-conventional
events:
  - {stream: weight, value: 60 kg, day: '2026-11-20'}
"""


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "boy.yaml"
    path.write_text(START, encoding="utf-8")
    return path


def test_a_plan_says_what_it_rests_on_and_lays_out_capsules(run: Run, record: Path) -> None:
    told = run("plan", record, *ON, "--dose", "0.5 mg/kg/day", "--until", "2027-03-23")
    assert told.code == 0
    assert "30 mg/day" in told.out
    assert "as asked" in told.out
    assert "NOT TO BE STARTED UNTIL" in told.out


def test_a_red_line_prints_no_dose_and_exits_10(run: Run) -> None:
    told = run("plan", PATIENTS / "doxycycline.yaml", *ON, "--dose", "40 mg/day", "--json")
    data = json.loads(told.out)
    assert told.code == 10
    assert data["stop_now"]
    assert (data["steps"], data["supplies"]) == ([], [])
    assert "capsule" not in run("plan", PATIENTS / "doxycycline.yaml", *ON, "--dose", "40 mg/day").out


def test_the_plan_of_the_record_holds_unless_an_option_says_otherwise(run: Run, record: Path) -> None:
    record.write_text(START + "plan: {dose: 40 mg/day, until: '2027-03-23'}\n", encoding="utf-8")
    kept = json.loads(run("plan", record, *ON, "--json").out)
    over = json.loads(run("plan", record, *ON, "--json", "--dose", "20 mg/day").out)
    assert [each["steps"][0]["wanted"] for each in (kept, over)] == ["40 mg/day", "20 mg/day"]
    assert kept["end"] == over["end"] == "2027-03-23"


@pytest.mark.parametrize(
    ("option", "text", "part"),
    [
        pytest.param("--dose", "0,5 mg/kg/day", "dose", id="decimal-comma"),
        pytest.param("--dose", "0.5 mg/kg", "mg/kg/day", id="no-day"),
        pytest.param("--steps", "0.5 mg/kg/day then 1 mg/kg/day", "length", id="no-length"),
        pytest.param("--taper", "20 mg/day", "length", id="taper-without-length"),
        pytest.param("--weight", "58", "kg", id="no-unit"),
        pytest.param("--break", "2027-02-01..2027-01-01", "backwards", id="backwards"),
        pytest.param("--start", "2026-13-40", "2026-11-24", id="no-such-day"),
        pytest.param("--move", "supply-2", "supply-2: 2027-02-01", id="nowhere"),
        pytest.param("--product", "acnecuttan", "acnecutan", id="misspelt-product"),
        pytest.param("--steps", "8 mg/day of acnecuttan", "acnecutan", id="misspelt-product-of-a-step"),
    ],
)
def test_a_wish_that_cannot_be_read_is_one_line_and_exit_1(
    run: Run, record: Path, option: str, text: str, part: str
) -> None:
    told = run("plan", record, *ON, option, text)
    assert told.code == 1
    assert part in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_a_calendar_names_the_events_that_can_slip(run: Run, record: Path) -> None:
    told = run("calendar", record, *ON, "--dose", "40 mg/day")
    assert "supply-2" in told.out
    data = json.loads(run("calendar", record, *ON, "--dose", "40 mg/day", "--json").out)
    assert data["schema"] == "isocourse/calendar/1"
    assert {"start", "supply-1", "last-dose"} <= {each["handle"] for each in data["happenings"]}
    assert data["calendar"]


def test_a_late_supply_shows_its_cascade(run: Run, record: Path) -> None:
    words = ("slip", record, "supply-2", *ON, "--dose", "40 mg/day", "--to", "2027-01-03")
    data = json.loads(run(*words, "--json").out)
    assert (data["old_day"], data["new_day"]) == ("2026-12-24", "2027-01-03")
    assert len(data["without_capsules"]) == 10
    moved = {each["after"]["handle"]: each["after"]["day"] for each in data["happenings"] if each["after"]}
    assert moved["supply-3"] == "2027-02-02"
    assert "10 days of the course" in run(*words).out


def test_a_missed_supply_leaves_its_whole_span_without(run: Run, record: Path) -> None:
    data = json.loads(run("slip", record, "supply-2", *ON, "--dose", "40 mg/day", "--miss", "--json").out)
    assert data["new_day"] is None
    assert len(data["without_capsules"]) == 30


@pytest.mark.parametrize(
    ("event", "to", "code", "part"),
    [
        pytest.param("supply-99", "2027-01-03", 2, "there is: ", id="no-such-event"),
        pytest.param("supply-2", "2025-01-03", 2, "past", id="into-the-past"),
        pytest.param("birthday-18", "2027-01-03", 2, "no planned event", id="a-birthday-stays"),
    ],
)
def test_an_event_that_cannot_slip_is_refused_in_one_line(
    run: Run, record: Path, event: str, to: str, code: int, part: str
) -> None:
    told = run("slip", record, event, *ON, "--dose", "40 mg/day", "--to", to)
    assert told.code == code
    assert part in told.err
    assert "Traceback" not in told.err


def test_a_slip_without_a_day_says_what_to_give(run: Run, record: Path) -> None:
    told = run("slip", record, "supply-2", *ON)
    assert told.code == 1
    assert "--to" in told.err


def test_what_became_stricter_since_a_visit_is_said_with_both_answers(run: Run, tmp_path: Path) -> None:
    told = (PATIENTS / "alt-trebled.yaml").read_text(encoding="utf-8")
    path = tmp_path / "patient.yaml"
    path.write_text(told, encoding="utf-8")
    data = json.loads(run("alerts", path, "--since", "2026-11-10", *ON, "--json").out)
    stop = [each for each in data["stricter"] if each["decision"] == "lab_stop"]
    assert ("seed-review/2025", "body") in {(each["protocol"], each["position"]) for each in stop}
    assert any("stop isotretinoin" in each["words"] for each in stop)


def test_a_result_reported_after_the_visit_was_not_known_at_it(run: Run, tmp_path: Path) -> None:
    told = (PATIENTS / "alt-trebled.yaml").read_text(encoding="utf-8")
    path = tmp_path / "patient.yaml"
    late = told.replace("value: 62 U/L, day: '2026-11-16'", "value: 62 U/L, day: '2026-11-09', known: '2026-11-12'")
    assert late != told
    path.write_text(late, encoding="utf-8")
    for since, stricter in (("2026-11-11", True), ("2026-11-13", False)):
        data = json.loads(run("alerts", path, "--since", since, *ON, "--json").out)
        found = {
            each["protocol"]
            for each in data["stricter"]
            if each["decision"] == "lab_stop" and each["position"] == "body"
        }
        assert ("seed-review/2025" in found) is stricter


def test_an_earlier_visit_lies_before_today(run: Run, record: Path) -> None:
    told = run("alerts", record, *ON, "--since", "2027-01-01")
    assert told.code == 1
    assert "--since" in told.err


def test_files_are_written_whole_or_not_at_all(run: Run, record: Path, tmp_path: Path) -> None:
    told = run("plan", record, *ON, "--dose", "40 mg/day", "--ics", tmp_path / "none" / "course.ics")
    assert told.code == 2
    assert "cannot be written" in told.err
    assert not (tmp_path / "none").exists()


def test_a_pipe_is_written_to_and_stays_a_pipe(run: Run, record: Path, tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    told = run("plan", record, *ON, "--dose", "40 mg/day", "--ics", pipe)
    reader.join(timeout=60)
    assert told.code == 0, told.err
    assert pipe.is_fifo()
    assert "BEGIN:VCALENDAR" in read[0]


def test_a_link_stays_a_link_to_the_file_that_is_written(run: Run, record: Path, tmp_path: Path) -> None:
    (tmp_path / "old.ics").write_text("old", encoding="utf-8")
    (tmp_path / "link.ics").symlink_to(tmp_path / "old.ics")
    assert run("plan", record, *ON, "--dose", "40 mg/day", "--ics", tmp_path / "link.ics").code == 0
    assert (tmp_path / "link.ics").is_symlink()
    assert "BEGIN:VCALENDAR" in (tmp_path / "old.ics").read_text(encoding="utf-8")


def test_a_calendar_file_needs_a_protocol_where_none_governs(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "nowhere.yaml"
    path.write_text(START.replace("jurisdiction: EU\n", ""), encoding="utf-8")
    told = run("plan", path, *ON, "--dose", "40 mg/day", "--ics", tmp_path / "course.ics")
    assert told.code == 1
    assert "--ics-protocol" in told.err
    named = run(
        "plan", path, *ON, "--dose", "40 mg/day", "--ics", tmp_path / "course.ics", "--ics-protocol", "aad/2024"
    )
    assert named.code == 0
    assert "AAD" in (tmp_path / "course.ics").read_text(encoding="utf-8")


def test_the_wishes_can_be_asked_for_one_by_one(run: Run, record: Path) -> None:
    sound = "lists:\n  - {list: conditions, item: severe_renal_insufficiency, is: no, day: '2026-11-20'}\n"
    record.write_text(START + sound, encoding="utf-8")
    told = run("plan", record, *ON, "--ask", "--json", given="\n\n1 mg/kg/day\n\n\n")
    assert "the start that it names" in told.err
    assert json.loads(told.out)["steps"][0]["wanted"] == "1 mg/kg/day"


def test_a_later_day_says_what_holds_and_what_to_ask_again(run: Run, record: Path) -> None:
    words = ("project", record, *ON, "--dose", "40 mg/day", "--to", "2027-01-15")
    data = {each["fact"]: each for each in json.loads(run(*words, "--json").out)}
    assert (data["weight"]["future"], data["today"]["future"]) == ("unknown", "moves")
    assert data["on_treatment"]["future"] == "planned"
    assert "MAY HAVE CHANGED BY THEN" in run(*words).out


def test_a_later_day_lies_after_today(run: Run, record: Path) -> None:
    told = run("project", record, *ON, "--to", "2026-11-24")
    assert told.code == 1
    assert "--to" in told.err


def test_a_further_course_says_when_it_may_begin_and_how_much_against_the_first(run: Run) -> None:
    told = run(
        "plan", PATIENTS / "relapse.yaml", *ON, "--start", "2026-12-01", "--dose", "20 mg/day", "--width", "160"
    ).out
    assert "a further course may begin under Seed 2025: not before 15 Dec 2026" in told
    assert "Dose of a second course: should: less and for a shorter time" in told
    assert "A FURTHER COURSE" not in run("plan", PATIENTS / "nodules-fell.yaml", *ON).out


def test_while_a_red_line_holds_no_list_says_that_nothing_is_due(run: Run) -> None:
    ran = run("alerts", shipped() / "patients" / "doxycycline.yaml", "--as-of", "2026-11-24", "--since", "2026-11-10")
    assert "STOP" in ran.out
    assert "No window" not in ran.out
    assert "Nothing with a day" not in ran.out
