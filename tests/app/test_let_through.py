"""Patients that an adversarial reader once got through without a warning: each is held now."""

from __future__ import annotations

from datetime import date

import pytest

from isocourse.app.assess import assess
from isocourse.decisions.gate import Gate
from isocourse.library import Asked, Assessment, Library
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from isocourse.render.terminal import verdict
from isocourse.render.today import gate_lines

TODAY = date(2026, 11, 24).toordinal()
WOMAN = """
isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: female}
jurisdiction: EU
product: eu-conventional
course: {first_dose: '2026-09-21'}
orders:
  - {day: '2026-11-24', state: active, dose: 20 mg, times_a_day: '1', capsules: '30', repeats: '0', reason: acne, formulation: conventional}
events:
  - {stream: pregnancy_test, value: negative, day: '2026-11-24', setting: medical, supervised: yes}
  - {stream: test_taken_for_this_prescription, value: yes, day: '2026-11-24'}
  - {stream: menopause_months, value: 0 months, day: '2026-11-24'}
"""


def seen(library: Library, more_events: str = "", rest: str = "", start: str = WOMAN) -> Assessment:
    text = start.rstrip() + "\n" + more_events + rest
    return assess(library, record_of(load_text(text, "record"), "record", library.catalogue, TODAY), Asked(TODAY))


def red(found: Assessment) -> set[str]:
    return {finding.line.name for finding in found.today.stop_now if finding.line}


def held(found: Assessment) -> bool:
    return any(isinstance(each, Gate) for each in found.today.not_today)


@pytest.mark.parametrize(
    ("more", "facts", "line"),
    [
        pytest.param(
            "",
            "lists: [{list: symptoms, item: suicidal_thoughts, is: yes, day: '2026-11-23'}]\n"
            "facts: {'any(symptoms, kind = suicidal_thoughts, current)': no}\n",
            "suicidality",
            id="thoughts-of-suicide",
        ),
        pytest.param(
            "  - {stream: triglycerides, value: 15 mmol/L, day: '2026-11-20'}\n",
            "facts: {triglycerides_latest: 1 mmol/L}\n",
            "very_high_triglycerides",
            id="triglycerides",
        ),
    ],
)
def test_a_stated_fact_never_hides_what_the_file_shows(library: Library, more: str, facts: str, line: str) -> None:
    found = seen(library, more, facts)
    assert line in red(found)
    assert found.exit_code == 10
    assert any("the file shows" in problem.line() for problem in found.record.problems)


def test_a_positive_test_is_not_forgotten_when_a_later_one_is_negative(library: Library) -> None:
    positive = "  - {stream: pregnancy_test, value: positive, day: '2026-11-14', setting: medical}\n"
    assert held(seen(library, positive))
    old = positive.replace("2026-11-14", "2026-01-14")
    assert not any(isinstance(each, Gate) and each.suspected for each in seen(library, old).today.not_today)


def positive_on(day: str) -> str:
    return f"  - {{stream: pregnancy_test, value: positive, day: '{day}', setting: medical}}\n"


def test_a_positive_and_a_negative_test_of_one_day_are_named_and_hold_up_a_supply(library: Library) -> None:
    found = seen(library, positive_on("2026-11-24"))
    (gate,) = (each for each in found.today.not_today if isinstance(each, Gate))
    assert gate.suspected
    assert any("contradict each other, and the positive one may hold" in line for line in gate_lines(found, gate))
    assert "pregnancy" not in red(found)
    later = seen(library, positive_on("2026-11-23"))
    (gate,) = (each for each in later.today.not_today if isinstance(each, Gate))
    assert not any("contradict each other" in line for line in gate_lines(later, gate))


def test_a_positive_test_holds_up_a_supply_whoever_is_said_to_be_unable(library: Library) -> None:
    womb = "lists: [{list: procedures, item: hysterectomy, is: yes, day: '2020-01-01'}]\n"
    assert not held(seen(library, "", womb))
    found = seen(library, positive_on("2026-11-23"), womb)
    (gate,) = (each for each in found.today.not_today if isinstance(each, Gate))
    assert "counts as unable to become pregnant" in gate_lines(found, gate)[0]


def test_no_contraception_holds_up_a_supply(library: Library) -> None:
    none = "lists: [{list: methods, item: '*', is: no, day: '2026-11-24'}]\n"
    assert held(seen(library, "", none))


def test_item_9_is_a_red_line(library: Library) -> None:
    assert "suicidality" in red(seen(library, "  - {stream: phq9_item9, value: 1 points, day: '2026-11-24'}\n"))
    assert "suicidality" not in red(seen(library, "  - {stream: phq9_item9, value: 0 points, day: '2026-11-24'}\n"))


@pytest.mark.parametrize(
    ("alt", "bilirubin", "fires"),
    [
        pytest.param("200 U/L", "10 umol/L", False, id="five-times-is-the-border"),
        pytest.param("200.01 U/L", "10 umol/L", True, id="above-five-times"),
        pytest.param("120 U/L", "42 umol/L", True, id="three-times-with-bilirubin-doubled"),
        pytest.param("120 U/L", "41 umol/L", False, id="bilirubin-not-doubled"),
    ],
)
def test_a_severe_liver_injury_is_a_red_line(library: Library, alt: str, bilirubin: str, fires: bool) -> None:
    values = (
        f"  - {{stream: alt, value: {alt}, day: '2026-11-23', upper_limit: 40 U/L}}\n"
        f"  - {{stream: bilirubin, value: {bilirubin}, day: '2026-11-23', upper_limit: 21 umol/L}}\n"
    )
    assert ("severe_liver_injury" in red(seen(library, values))) is fires


@pytest.mark.parametrize("value", ["yes", "no"])
def test_suspected_hepatitis_is_a_red_line_wherever_the_course_is(library: Library, value: str) -> None:
    told = f"  - {{stream: hepatitis_suspected, value: {value}, day: '2026-11-23'}}\n"
    nowhere = WOMAN.replace("jurisdiction: EU\n", "").replace("product: eu-conventional\n", "")
    assert ("hepatitis" in red(seen(library, told, start=nowhere))) is (value == "yes")


def test_a_flare_with_signs_of_the_whole_body_is_fulminans(library: Library) -> None:
    flare = "  - {stream: flare_now, value: yes, day: '2026-11-24'}\n"
    assert "fulminans" in red(
        seen(library, flare + "  - {stream: systemic_flare_signs, value: yes, day: '2026-11-24'}\n")
    )
    assert "fulminans" not in red(seen(library, flare))


def test_a_pill_on_a_male_record_asks_for_a_test(library: Library) -> None:
    man = WOMAN.replace("recorded_gender: female", "recorded_gender: male").partition("  - {stream: pregnancy_test")[0]
    man += "  - {stream: weight, value: 70 kg, day: '2026-11-24'}\n"
    assert held(seen(library, "", "lists: [{list: drugs, item: combined_pill, is: yes, from: '2026-01-01'}]\n", man))
    assert not held(seen(library, "", "", man))


def test_a_trade_name_of_a_tetracycline_is_red(library: Library) -> None:
    assert "tetracycline_together" in red(
        seen(library, "", "lists: [{list: drugs, item: Oracea 40 mg, is: yes, from: '2026-11-18'}]\n")
    )


def test_the_verdict_says_when_something_was_left_out_and_clears_nobody(library: Library) -> None:
    found = seen(library, "  - {stream: triglycerides, value: '1,000 mg/dL', day: '2026-11-20'}\n")
    assert verdict(found).startswith("Not judged in full: 1 entry left out.")
