"""The sample cases V1 to V5 and V7 to V12, through the command line, with their reasons."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from isocourse.app.knowledge import shipped
from tests.conftest import Ran

Judge = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def judged(run: Callable[..., Ran]) -> Judge:
    @cache
    def judge(name: str, as_of: str = "2026-11-24", *options: str) -> dict[str, Any]:
        ran = run("assess", shipped() / "patients" / f"{name}.yaml", "--as-of", as_of, "--json", *options)
        found: dict[str, Any] = json.loads(ran.out)
        assert ran.code == found["exit_code"]
        return found

    return judge


@pytest.fixture(scope="module")
def altered(run: Callable[..., Ran], tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """A sample patient with one passage of the file changed."""

    def judge(name: str, was: str, now: str) -> dict[str, Any]:
        text = (shipped() / "patients" / f"{name}.yaml").read_text(encoding="utf-8")
        assert was in text
        record = tmp_path_factory.mktemp("altered") / "record.yaml"
        record.write_text(text.replace(was, now), encoding="utf-8")
        found: dict[str, Any] = json.loads(run("assess", record, "--as-of", "2026-11-24", "--json").out)
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


# V1 ------------------------------------------------------------------------------------------------------------------
def test_two_prescribers_agree_for_a_boy_of_16_in_2025_and_one_is_enough_in_2026(judged: Judge) -> None:
    before = row(answer(judged("boy-of-16", "2025-06-01"), "uk-mhra", "prescriber"), "second_prescriber")
    assert (before["applies"], before["take"], before["kept"]) == ("yes", ["needed"], "broken")
    after = row(answer(judged("boy-of-16", "2026-06-01"), "uk-mhra", "prescriber"), "second_prescriber")
    assert (after["applies"], after["take"]) == ("yes", ["not_needed"])


def test_the_last_day_on_which_two_prescribers_are_asked_for_is_21_january_2026(judged: Judge) -> None:
    for day, take in (("2026-01-21", ["needed"]), ("2026-01-22", ["not_needed"])):
        asked = row(answer(judged("boy-of-16", day), "uk-mhra", "prescriber"), "second_prescriber")
        assert (day, asked["take"]) == (day, take)


@pytest.mark.parametrize("day", ["2025-06-01", "2026-06-01"])
def test_form_mind_and_sexual_function_are_asked_for_on_both_dates(judged: Judge, day: str) -> None:
    found = judged("boy-of-16", day)
    assert found["exit_code"] == 0
    form = row(answer(found, "uk-mhra", "consent_and_forms"), "acknowledgement_form")
    assert (form["applies"], form["force"], form["kept"]) == ("yes", "must", "broken")
    mind = row(answer(found, "uk-mhra", "mental_health"), "assessment_during")
    assert (mind["applies"], mind["force"], mind["take"]) == ("yes", "must", ["assess_first"])
    sexual = row(answer(found, "uk-mhra", "sexual_function"), "during")
    assert (sexual["applies"], sexual["force"], sexual["kept"]) == ("yes", "must", "broken")


def test_the_right_to_a_second_opinion_came_with_the_change(judged: Judge) -> None:
    rows = {
        day: {each["row"] for each in answer(judged("boy-of-16", day), "uk-mhra", "consent_and_forms")["verdicts"]}
        for day in ("2025-06-01", "2026-06-01")
    }
    assert rows["2026-06-01"] - rows["2025-06-01"] == {"second_opinion_offered", "confirmed_no_alternative"}


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


# V3 ------------------------------------------------------------------------------------------------------------------
def test_a_peanut_allergy_is_barred_allowed_supervised_or_not_spoken_of(judged: Judge) -> None:
    found = judged("peanut-allergy")
    oils = row(answer(found, "eu-label", "contraindications", "product_oils"), "peanut")
    assert (oils["applies"], oils["take"], oils["kept"]) == ("yes", ["do_not_give"], "broken")
    allowed = row(answer(found, "uk-bad", "contraindications"), "peanut")
    assert (allowed["applies"], allowed["take"]) == ("yes", ["may_give"])
    review = answer(found, "seed-review", "contraindications", "peanut_and_soya")
    assert row(review, "peanut")["take"] == ["first_dose_supervised"]
    assert row(review, "soya")["applies"] == "no"


def test_the_review_asks_for_the_allergy_history_in_a_peanut_allergy(judged: Judge) -> None:
    asked = row(answer(judged("peanut-allergy"), "seed-review", "work_up", "peanut_and_soya"), "allergy_history")
    assert asked["applies"] == "yes"


@pytest.mark.parametrize(("protocol", "soya"), [("us-label", "no"), ("brazil", "no"), ("australia", "no")])
def test_no_row_on_peanut_stands_where_only_soya_is_named(judged: Judge, protocol: str, soya: str) -> None:
    said = [
        verdict
        for each in judged("peanut-allergy")["answers"]
        if each["protocol"] == protocol and each["decision"] == "contraindications"
        for verdict in each["verdicts"]
    ]
    assert "peanut" not in {verdict["row"] for verdict in said}
    assert [verdict["applies"] for verdict in said if verdict["row"] == "soya"] == [soya]


@pytest.mark.parametrize(
    ("product", "applies"),
    [
        pytest.param("roaccutane", "yes", id="its-text-names-peanut-and-soya"),
        pytest.param("aisoskin", "no", id="its-text-names-soya-only"),
        pytest.param("eu-conventional", "unknown", id="some-generics-name-peanut-and-some-do-not"),
    ],
)
def test_the_european_answer_on_peanut_follows_the_product_in_hand(judged: Judge, product: str, applies: str) -> None:
    found = judged("peanut-allergy", "2026-11-24", "--product", product)
    oils = answer(found, "eu-label", "contraindications", "product_oils")
    assert row(oils, "peanut")["applies"] == applies
    assert ("label_bars_peanut" in oils["missing"]) is (applies == "unknown")


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


# V7 ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("protocol", "takes"),
    [
        pytest.param("us-label", {"wait", "repeat"}, id="us-two-months-and-grown-up"),
        pytest.param("australia", {"repeat"}, id="au-eight-weeks"),
        pytest.param("singapore", {"repeat"}, id="sg-eight-weeks"),
        pytest.param("acnecutan", {"wait", "repeat"}, id="acnecutan-eight-weeks"),
        pytest.param("eu-label", {"repeat"}, id="eu-eight-weeks"),
        pytest.param("seed-review", {"wait"}, id="review-three-months"),
        pytest.param("msd-manual", {"wait", "repeat"}, id="msd-four-months-unless-severe"),
    ],
)
def test_ten_weeks_after_the_last_dose_some_let_him_begin_again(judged: Judge, protocol: str, takes: set[str]) -> None:
    again = answer(judged("relapse"), protocol, "retreatment")
    assert [set(stance["take"]) for stance in again["stances"]] == [takes]


@pytest.mark.parametrize(
    ("was", "now", "protocol", "takes"),
    [
        pytest.param("severe", "moderate", "msd-manual", [["wait"]], id="msd-four-months-are-not-over"),
        pytest.param("severe", "moderate", "us-label", [[]], id="us-only-severe-nodular-disease"),
        pytest.param(
            "growth_complete, value: yes", "growth_complete, value: no", "us-label", [[]], id="us-not-while-growing"
        ),
        pytest.param("2026-09-15", "2026-09-30", "australia", [["wait"]], id="au-55-days"),
        pytest.param("2026-09-15", "2026-09-29", "australia", [["repeat"]], id="au-56-days"),
        pytest.param("2026-09-15", "2026-09-25", "us-label", [["wait"]], id="us-one-day-short-of-two-months"),
        pytest.param("2026-09-15", "2026-08-24", "seed-review", [["repeat", "wait"]], id="review-three-months-today"),
    ],
)
def test_what_decides_about_a_second_course(
    altered: Judge, was: str, now: str, protocol: str, takes: list[list[str]]
) -> None:
    again = answer(altered("relapse", was, now), protocol, "retreatment")
    assert [stance["take"] for stance in again["stances"]] == takes


def test_a_second_course_is_the_same_again_or_less_and_shorter(judged: Judge) -> None:
    found = judged("relapse")
    doses = {
        protocol: answer(found, protocol, "retreatment_dose")["stances"][0]["take"]
        for protocol in ("singapore", "eu-label", "seed-review")
    }
    assert doses["singapore"] == doses["eu-label"] == ["same"]
    assert doses["seed-review"] == ["lower_and_shorter", "topical_instead"]
    assert answer(found, "us-label", "retreatment_dose")["status"] == "silent"
    assert ("opposed", "retreatment_dose") in {
        (item["kind"], item["about"]) for item in found["today"]["disagreements"]
    }


# V8 ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("protocol", "day", "until"),
    [
        pytest.param("us-ipledge", "2026-01-15", "2026-02-01", id="us-programme"),
        pytest.param("us-label", "2026-11-24", "2026-02-01", id="us-label"),
        pytest.param("eu-label", "2026-01-15", "2026-02-01", id="eu"),
        pytest.param("india", "2026-01-15", "2026-07-01", id="india-six-months"),
    ],
)
def test_contraception_goes_on_for_one_month_and_in_india_for_six(
    judged: Judge, protocol: str, day: str, until: str
) -> None:
    found = judged("after-the-last-dose", day, "--protocol", protocol)
    name = "contraception" if protocol == "india" else "method"
    kept = [row(each, name) for each in found["answers"] if each["decision"] == "contraception"]
    assert {each["last_day"] for each in kept} == {until}
    assert all(each["applies"] != "no" for each in kept)


@pytest.mark.parametrize(
    ("protocol", "position", "due"),
    [
        pytest.param("us-ipledge", "main", "2026-02-01", id="us-one-month"),
        pytest.param("eu-label", "main", "2026-02-01", id="eu-one-month"),
        pytest.param("seed-review", "main", "2026-02-05", id="review-five-weeks"),
        pytest.param("france", "rules", "2026-02-05", id="france-five-weeks"),
        pytest.param("france", "later_digest", "2026-02-01", id="france-one-month-in-a-later-digest"),
        pytest.param("uk-bnf", "main", "2026-02-05", id="formulary-five-weeks"),
    ],
)
def test_the_last_pregnancy_test_falls_due_a_month_or_five_weeks_after_the_last_dose(
    judged: Judge, protocol: str, position: str, due: str
) -> None:
    tests = answer(judged("after-the-last-dose", "2026-01-15"), protocol, "pregnancy_tests", position)
    last = row(tests, "after_last")
    assert (last["applies"], last["first_day"], last["last_day"]) == ("yes", due, due)


def test_in_the_us_a_test_is_asked_for_at_the_last_dose_as_well(judged: Judge) -> None:
    tests = answer(judged("after-the-last-dose", "2026-01-15"), "us-ipledge", "pregnancy_tests")
    assert row(tests, "at_end")["last_day"] == "2026-01-01"


@pytest.mark.parametrize(
    ("protocol", "day", "over"),
    [
        pytest.param("ireland-blood", "2026-01-15", "2026-01-29", id="ireland-four-weeks"),
        pytest.param("uk-blood", "2026-01-15", "2026-01-29", id="uk-four-weeks"),
        pytest.param("brazil", "2026-01-15", "2026-01-31", id="brazil-30-days"),
        pytest.param("us-ipledge", "2026-01-15", "2026-02-01", id="us-one-month"),
        pytest.param("us-label", "2026-11-24", "2026-02-01", id="us-label-one-month"),
        pytest.param("eu-label", "2026-01-15", "2026-02-01", id="eu-one-month"),
    ],
)
def test_four_weeks_30_days_and_a_month_without_giving_blood_end_on_different_days(
    judged: Judge, protocol: str, day: str, over: str
) -> None:
    found = judged("after-the-last-dose", day, "--protocol", protocol)
    ends = {
        row(each, "blood_donation")["last_day"] for each in found["answers"] if each["decision"] == "blood_donation"
    }
    assert ends == {over}


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
