"""The sample cases V2, V4, V5 and V9 to V12, through the command line, with their reasons."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isocourse.app.knowledge import shipped
from tests.conftest import Ran

Judge = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def judged(run: Callable[..., Ran]) -> Judge:
    def judge(name: str, as_of: str = "2026-11-24", *options: str) -> dict[str, Any]:
        ran = run("assess", shipped() / "patients" / f"{name}.yaml", "--as-of", as_of, "--json", *options)
        found: dict[str, Any] = json.loads(ran.out)
        assert ran.code == found["exit_code"]
        return found

    return judge


def answer(found: dict[str, Any], protocol: str, decision: str, position: str = "") -> dict[str, Any]:
    """The one answer of a protocol on a decision."""
    hits = [
        each
        for each in found["answers"]
        if each["protocol"] == protocol and each["decision"] == decision and position in ("", each["position"])
    ]
    assert len(hits) == 1, [(each["edition"], each["position"]) for each in hits]
    hit: dict[str, Any] = hits[0]
    return hit


def row(found: dict[str, Any], name: str) -> dict[str, Any]:
    """One verdict of an answer."""
    hit: dict[str, Any] = next(each for each in found["verdicts"] if each["row"] == name)
    return hit


# V2 ------------------------------------------------------------------------------------------------------------------
def test_a_tubal_ligation_exempts_in_the_uk_and_nowhere_else(judged: Judge) -> None:
    found = judged("tubal-ligation")
    able = {f"{each['protocol']}/{each['edition']}": each["able_to_become_pregnant"] for each in found["editions"]}
    assert (
        able["us-ipledge/2023-discretion"]
        == able["us-ipledge/2026"]
        == able["us-label/2026-08"]
        == able["eu-label/2018"]
        == "yes"
    )
    assert able["uk-mhra/2026-01"] == "no"
    assert able["seed-review/2025"] == "silent"
    assert able["uz-moh/2024"] == "not_read"


def test_without_a_test_nothing_starts_after_a_tubal_ligation_in_the_us(judged: Judge) -> None:
    held_us = [
        item["kind"] for item in judged("tubal-ligation", "2026-11-24", "--jurisdiction", "US")["today"]["not_today"]
    ]
    assert held_us[0] == "no_go_on_unknown"


def test_looking_at_one_protocol_alone_frees_nobody_whom_another_one_holds(judged: Judge) -> None:
    programme = judged("tubal-ligation", "2026-11-24", "--jurisdiction", "UK", "--protocol", "uk-mhra")
    assert "no_go_on_unknown" in [item["kind"] for item in programme["today"]["not_today"]]


# V4 ------------------------------------------------------------------------------------------------------------------
def test_triglycerides_that_almost_trebled_stop_nothing_by_ratio_and_alarm_by_value(judged: Judge) -> None:
    found = judged("triglycerides-almost-trebled")
    formulary = answer(found, "uk-bnf", "lab_stop", "print")
    assert {option for stance in formulary["stances"] for option in stance["take"]} >= {"act", "stop"}
    fact = next(each for each in formulary["read"] if each["fact"] == "triglycerides_now")
    assert fact["value"] == "10.0481 mmol/L"
    assert "890 mg/dL" in fact["written"]
    assert found["today"]["stop_now"][0]["about"] == "very_high_triglycerides"
    assert found["exit_code"] == 10


def test_the_body_of_the_review_lets_triglycerides_of_890_pass_from_300(judged: Judge) -> None:
    body = answer(judged("triglycerides-almost-trebled"), "seed-review", "lab_stop", "body")
    assert body["stances"][0]["take"] == ["carry_on"]
    conclusion = answer(judged("triglycerides-almost-trebled"), "seed-review", "lab_stop", "conclusion")
    assert conclusion["stances"][0]["take"] == ["carry_on"]
    us = answer(judged("triglycerides-almost-trebled"), "us-label", "lab_stop")
    assert {option for stance in us["stances"] for option in stance["take"]} >= {"act", "stop"}
    assert not any("9" in stance["condition"] for stance in us["stances"])


# V5 ------------------------------------------------------------------------------------------------------------------
def test_alt_that_trebled_stops_under_the_body_and_carries_on_under_the_conclusion(judged: Judge) -> None:
    found = judged("alt-trebled")
    assert answer(found, "seed-review", "lab_stop", "body")["stances"][0]["take"] == ["stop"]
    assert answer(found, "seed-review", "lab_stop", "conclusion")["stances"][0]["take"] == ["carry_on"]
    label = answer(found, "eu-label", "lab_stop")
    assert label["status"] == "cannot_tell"
    assert "transaminases_persistently_raised" in label["missing"]
    kinds = {(item["kind"], item["about"]) for item in found["today"]["disagreements"]}
    assert ("opposed", "lab_stop") in kinds


# V9 ------------------------------------------------------------------------------------------------------------------
def test_a_test_of_2_march_covers_until_5_march_as_repaired_and_7_march_as_printed(judged: Judge) -> None:
    seed = answer(judged("test-sampled", "2026-03-03"), "seed-review", "pregnancy_tests")
    assert "covers a prescription until 5 Mar 2026" in seed["words"]
    assert [each["reading"] for each in seed["otherwise_read"]] == ["printed"]
    assert "covers a prescription until 7 Mar 2026" in seed["otherwise_read"][0]["answer"]["words"]


def test_the_american_window_counts_the_day_of_collection_as_day_one(judged: Judge) -> None:
    window = answer(judged("test-sampled", "2026-03-03"), "us-ipledge", "supply_window", "can_become_pregnant")
    verdict = next(each for each in window["verdicts"] if each["first_day"] == "2026-03-02")
    assert verdict["last_day"] == "2026-03-08"


# V12 -----------------------------------------------------------------------------------------------------------------
def test_doxycycline_beside_isotretinoin_is_red_whoever_governs(judged: Judge) -> None:
    found = judged("doxycycline")
    assert found["exit_code"] == 10
    assert [item["about"] for item in found["today"]["stop_now"]] == ["tetracycline_together"]
    assert row(answer(found, "eu-label", "contraindications", "main"), "tetracycline")["take"] == ["do_not_give"]
    assert row(answer(found, "us-label", "contraindications", "other_sections"), "tetracycline")["take"] == [
        "do_not_combine"
    ]
    damaged = answer(found, "seed-review", "contraindications", "damaged_item")
    assert [each["reading"] for each in damaged["otherwise_read"]] == ["printed"]


# V10 -----------------------------------------------------------------------------------------------------------------
def test_without_breakfast_the_food_comes_first_and_not_the_dose(judged: Judge) -> None:
    found = judged("no-breakfast")
    look = found["today"]["second_look"]
    assert [item["about"] for item in look] == ["conventional_without_food", "raised_while_slow"]
    assert {"us.food.with", "study.colburn_1983.food"} <= set(look[0]["claims"])
    assert {"seed.slow.more_rarely_helps", "us.dose.ask_about_food"} <= set(look[1]["claims"])
    assert set(look[0]["claims"]) | set(look[1]["claims"]) <= set(found["claims"])
    told = " ".join(look[1]["text"])
    assert "20 mg twice daily, 60 capsules, 0 repeats on 7 Oct 2026, then" in told
    assert "30 mg twice daily, 60 capsules, 0 repeats on 20 Nov 2026" in told


def test_the_review_does_not_raise_a_dose_because_the_response_is_slow(judged: Judge) -> None:
    found = judged("no-breakfast")
    raised = row(answer(found, "seed-review", "slow_response", "main"), "raise_dose")
    assert (raised["applies"], raised["take"]) == ("yes", ["do_not"])
    meal = answer(found, "us-label", "food", "conventional")
    assert meal["stances"][0]["take"] == ["with_food"]
    assert meal["kept"] == "broken"


# V11 -----------------------------------------------------------------------------------------------------------------
def test_nodules_that_fell_by_75_percent_may_end_the_course_in_the_us_and_nowhere_else(judged: Judge) -> None:
    found = judged("nodules-fell")
    label = answer(found, "us-label", "when_to_stop")
    assert set(label["stances"][0]["take"]) == {"end_course", "carry_on"}
    assert "us.stop.seventy" in label["claims"]
    for protocol, position in (("global-alliance", "statement"), ("seed-review", "relapse_section")):
        there = answer(found, protocol, "when_to_stop", position)
        assert [stance["take"] for stance in there["stances"]] == [["carry_on"]]
    assert found["today"]["second_look"] == []


def test_one_percent_point_decides_whether_the_american_label_lets_the_course_end(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    text = (shipped() / "patients" / "nodules-fell.yaml").read_text(encoding="utf-8")
    for fall, takes in (("70 %", ["carry_on"]), ("70.1 %", ["end_course", "carry_on"])):
        record = tmp_path / "record.yaml"
        record.write_text(text.replace("value: 75 %", f"value: {fall}"), encoding="utf-8")
        found = json.loads(run("assess", record, "--as-of", "2026-11-24", "--json").out)
        assert answer(found, "us-label", "when_to_stop")["stances"][0]["take"] == takes
