"""What the model expects of a plan: the same picture from the report, the workbench and the command line, and what it may not be taken for."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from isocourse.app.expected import course_of, drawn_for, expected_charts, outcome_of
from isocourse.app.knowledge import shipped
from isocourse.app.plan import plan
from isocourse.app.samples import SAMPLE_DAY, samples
from isocourse.app.words import load_words
from isocourse.cli.main import cli
from isocourse.course import Plan, Wanted
from isocourse.decisions.wording import ENGLISH
from isocourse.facts.days import iso
from isocourse.library import Asked, Library
from isocourse.render.drawing import Chart, drawn
from isocourse.render.plan_page import plan_page


def made(library: Library, name: str) -> Plan:
    """The plan of a sample patient, nothing asked for."""
    return plan(library, dict(samples(library))[name], Asked(SAMPLE_DAY), Wanted())


@pytest.fixture(scope="module")
def charts(library: Library) -> dict[str, Chart]:
    """The pictures of a first course, by name."""
    return {chart.name: chart for chart in expected_charts(made(library, "boy-of-16"))}


def test_the_command_line_draws_the_same_picture_byte_for_byte(charts: dict[str, Chart], tmp_path: Path) -> None:
    record = shipped() / "patients" / "boy-of-16.yaml"
    asked = ["--plan", "--as-of", iso(SAMPLE_DAY), "--charts", str(tmp_path), "--backend", "numpy"]
    done = CliRunner().invoke(cli, ["simulate", str(record), *asked])
    assert done.exit_code == 0, done.output
    for name in ("levels", "sebum"):
        assert json.loads((tmp_path / f"{name}.vl.json").read_text(encoding="utf-8")) == charts[name].spec
        assert (tmp_path / f"{name}.svg").read_text(encoding="utf-8") == drawn(charts[name])


def test_the_report_holds_the_same_picture(library: Library, charts: dict[str, Chart]) -> None:
    page = plan_page(made(library, "boy-of-16"), list(charts.values()))
    for chart in charts.values():
        assert drawn(chart) in page
        assert "nothing was measured in this patient" in chart.text


def test_every_picture_says_for_whom_it_was_predicted_and_where_the_doses_end(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        under = " ".join(chart.spec["title"]["subtitle"])
        assert "Predicted for 1000 invented patients of 61 kg; nothing was measured in this patient." in under
        assert "last dose drawn" in json.dumps(chart.spec)
        assert chart.spec["layer"][0]["encoding"]["x"]["type"] == "temporal"
    assert charts["levels"].spec["layer"][0]["encoding"]["y"]["title"] == "ng/mL"
    assert charts["sebum"].spec["layer"][0]["encoding"]["y"]["title"] == "sebum, share of before treatment"


def test_a_running_course_whose_past_is_not_known_says_that_it_is_left_out(library: Library) -> None:
    course = course_of(made(library, "no-breakfast"))
    assert not course.whole
    outcome = outcome_of(replace(course, regimen=replace(course.regimen)))
    for chart in drawn_for(course, outcome, ENGLISH):
        assert "real levels begin higher, and sebum lower" in chart.text
        assert any("real levels begin higher" in line for line in chart.spec["title"]["subtitle"])


def test_a_weight_that_is_assumed_is_said_to_be(library: Library) -> None:
    course = replace(course_of(made(library, "boy-of-16")), weighed=False)
    assert "No weight is in the record; 70 kg is assumed." in course.reader(1000).mind


def test_a_red_line_leaves_nothing_to_expect(library: Library) -> None:
    assert expected_charts(made(library, "doxycycline")) == ()


def test_in_another_language_titles_axes_and_numbers_are_of_that_language(library: Library) -> None:
    course = course_of(made(library, "boy-of-16"))
    levels, _ = drawn_for(course, outcome_of(course), load_words("ru"))
    assert levels.spec["layer"][0]["encoding"]["y"]["title"] == "нг/мл"
    assert levels.spec["config"]["locale"]["number"]["decimal"] == ","
    assert "изотретиноин" in drawn(levels)
    assert "aria-" not in drawn(levels)
