"""The command line as a user has it: every command, its words, its widths, its exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from isocourse.app.knowledge import shipped
from tests.conftest import REPOSITORY, Ran

SAMPLE = shipped() / "patients" / "alt-trebled.yaml"
Run = Callable[..., Ran]


@pytest.mark.parametrize("width", [80, 160])
def test_an_assessment_is_readable_without_colour_at_80_and_160_columns(run: Run, width: int) -> None:
    ran = run("assess", SAMPLE, "--as-of", "2026-11-24", "--width", str(width), "--matrix")
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert max(len(line) for line in ran.out.split("\n")) <= width
    order = [
        ran.out.index(title)
        for title in (
            "STOP NOW",
            "NOT TODAY, BECAUSE",
            "CANNOT TELL UNTIL",
            "DISAGREEMENTS",
            "THE REST",
            "EVERY QUESTION",
        )
    ]
    assert order == sorted(order)


def test_the_demo_shows_a_real_opposition_and_ends(run: Run) -> None:
    ran = run("demo")
    assert ran.code in (0, 10)
    assert "cannot both be satisfied" in ran.out
    assert "Seed 2025 (body): should: stop isotretinoin" in ran.out
    assert "Seed 2025 (conclusion): should: carry on" in ran.out


def test_the_demo_lists_its_patients(run: Run) -> None:
    names = run("demo", "--list").out.split()
    assert "alt-trebled" in names
    for name in names:
        assert run("demo", name).code in (0, 3, 10)


def test_the_json_is_what_its_committed_schema_says(run: Run) -> None:
    committed = (REPOSITORY / "docs" / "schema" / "assess-1.json").read_text(encoding="utf-8")
    assert json.loads(run("schema").out) == json.loads(committed), "run `isocourse schema > docs/schema/assess-1.json`"
    found = json.loads(run("assess", SAMPLE, "--as-of", "2026-11-24", "--json").out)
    assert found["schema"] == "isocourse/assess/1"
    assert set(found) == set(json.loads(committed)["$defs"]["JsonAssessment"]["required"])
    keys = set(json.loads(committed)["$defs"]["JsonAnswer"]["required"])
    assert all(set(answer) == keys for answer in found["answers"])


def test_every_answer_names_its_source_and_edition(run: Run) -> None:
    found = json.loads(run("assess", SAMPLE, "--as-of", "2026-11-24", "--json").out)
    for answer in found["answers"]:
        assert answer["protocol"]
        assert answer["edition"]
        if answer["status"] in ("answered", "cannot_tell", "silent_here"):
            assert answer["claims"]
            assert all(claim in found["claims"] for claim in answer["claims"])
        if answer["status"] in ("not_read", "silent"):
            assert answer["looked"]


def test_an_explanation_names_rows_facts_claims_and_what_is_missing(run: Run) -> None:
    ran = run("explain", SAMPLE, "lab_stop", "--as-of", "2026-11-24", "--width", "400")
    assert ran.code == 0
    for words in (
        "rise of ALT over its baseline is at least 3 times: yes (3.1 times: ALT now: 62 U/L",
        "upper limit 40 U/L",
        "Source:",
        "Would be settled by:",
        "Where we looked:",
    ):
        assert words in ran.out


@pytest.mark.parametrize("language", ["en", "ru", "uz"])
def test_an_explanation_shows_no_code(run: Run, language: str) -> None:
    """Beside the words stands only where in the file a fact was found, and which claim is meant, in square brackets."""
    code = re.compile(r"[a-z]_[a-z]|[<>]|kind = |\b(?:any|count|recorded|not)\(")
    for point in ("lab_stop", "pregnancy_tests", "contraception", "contraindications", "supply_window"):
        asked = ("explain", SAMPLE, point, "--as-of", "2026-11-24", "--width", "400", "--language", language)
        told = re.sub(r"\[[^\[\]]*\]", "", run(*asked).out)
        assert len(told) > 5000
        assert [line for line in told.splitlines() if code.search(line)] == [], point
        assert "(not known)" not in told


def test_an_explanation_as_json_holds_only_that_point(run: Run) -> None:
    found = json.loads(run("explain", SAMPLE, "lab_stop", "--json").out)
    assert {answer["decision"] for answer in found} == {"lab_stop"}


def test_the_knowledge_checks_out(run: Run) -> None:
    ran = run("check")
    assert ran.code == 0
    assert "no mistake found" in ran.out


def test_facts_and_protocols_are_listed(run: Run) -> None:
    assert "triglycerides_now" in run("facts", "triglycerides").out
    assert "No fact has" in run("facts", "nonsense").out
    protocols = run("protocols")
    assert "us-ipledge/2026" in protocols.out
    listed = json.loads(run("protocols", "--json").out)
    assert {each["protocol"] for each in listed} >= {
        "seed-review",
        "us-label",
        "us-ipledge",
        "eu-label",
        "uk-mhra",
        "uk-bnf",
        "uz-moh",
    }
    assert json.loads(run("facts", "--json").out)


def test_one_protocol_may_be_asked_alone(run: Run) -> None:
    found = json.loads(run("assess", SAMPLE, "--protocol", "us-ipledge/2023-discretion", "--json").out)
    assert {(answer["protocol"], answer["edition"]) for answer in found["answers"]} == {
        ("us-ipledge", "2023-discretion")
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["assess", str(SAMPLE), "--protocol", "us-ipledg"], 'did you mean "us-ipledge"?', id="protocol"),
        pytest.param(["assess", str(SAMPLE), "--jurisdiction", "Mars"], "known: ", id="jurisdiction"),
        pytest.param(["assess", str(SAMPLE), "--product", "absorika"], 'did you mean "absorica"?', id="product"),
        pytest.param(["assess", str(SAMPLE), "--as-of", "24.11.2026"], "write it as 2026-11-24", id="day"),
        pytest.param(["explain", str(SAMPLE), "labstop"], 'did you mean "lab_stop"?', id="point"),
        pytest.param(["asses"], "No such command", id="command"),
        pytest.param(["assess"], "Missing argument", id="no-record"),
        pytest.param(["demo", "nobody"], 'no sample "nobody"', id="sample"),
    ],
)
def test_wrong_usage_ends_with_1_and_says_what_to_write(run: Run, words: list[str], said: str) -> None:
    ran = run(*words)
    assert ran.code == 1
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_product_in_hand_decides_formulation_and_label(run: Run, tmp_path: Path) -> None:
    plain = tmp_path / "record.yaml"
    plain.write_text(
        "isocourse: '1'\npatient: {recorded_gender: male}\norders: [{day: '2026-11-20', state: active, daily_dose: 60 mg}]\n"
        "events: [{stream: weight, value: 60 kg, day: '2026-11-20'}]\n",
        encoding="utf-8",
    )
    found = json.loads(
        run("assess", plain, "--product", "absorica-ld", "--jurisdiction", "US", "--as-of", "2026-11-24", "--json").out
    )
    doses = {
        answer["position"]: answer
        for answer in found["answers"]
        if answer["decision"] == "dose_range" and answer["protocol"] == "us-label"
    }
    assert doses["micronised"]["stances"]
    assert doses["lidose"]["status"] == "silent_here"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_is_printed(run: Run, shell: str) -> None:
    ran = run("completion", shell)
    assert ran.code == 0
    assert "_ISOCOURSE_COMPLETE" in ran.out


def test_help_says_what_the_exit_codes_mean(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    for words in ("assess", "explain", "check", "facts", "protocols", "10 a red finding"):
        assert words in ran.out
