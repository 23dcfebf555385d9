"""The charts of a plan: bands by name, no target as a note, windows in words, and nothing drawn that is not known."""

import json
from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from isocourse.app.plan import plan as real_plan
from isocourse.app.samples import SAMPLE_DAY, samples
from isocourse.course import Plan, Wanted
from isocourse.course.amounts import Amount
from isocourse.facts.days import Span
from isocourse.facts.record import Quantity
from isocourse.library import Asked, Library
from isocourse.render.drawing import Chart, drawn
from isocourse.render.lab_charts import lab_chart, lines_words, trends, without_a_value
from isocourse.render.plan_charts import dose_chart, plan_charts, rungs, strip_chart, total_chart
from isocourse.render.plan_words import state_words
from tests.render.course_plans import START, judged, plan_of


def made(chart: Chart | None) -> Chart:
    """The chart, which there is."""
    assert chart is not None
    return chart


def test_the_doses_before_the_plan_stand_before_it_and_say_how_they_are_known(library: Library) -> None:
    chart = made(dose_chart(real_plan(library, dict(samples(library))["alt-trebled"], Asked(SAMPLE_DAY), Wanted())))
    assert "Before the plan: 21 Sep 2026 to 23 Nov 2026" in chart.text
    assert "mg a day, reported" in chart.text
    assert "24 Nov 2026 to 22 Dec 2026: 40 mg a day, capsules in hand, as ordered" in chart.text
    told = json.dumps(chart.spec)
    assert "reported" in told
    assert "capsules in hand, as ordered" in told
    assert "Grey and dashed: before the plan" in told


def test_a_first_course_has_no_doses_before_it(plan: Plan) -> None:
    assert "Before the plan" in made(dose_chart(plan)).text
    assert "Before the plan" not in made(dose_chart(replace(plan, running=False))).text


def test_a_red_line_leaves_nothing_to_draw_of_a_dose(plan: Plan, red: Plan) -> None:
    assert plan_charts(replace(plan, withheld=red.withheld)) == ()


def test_every_chart_holds_its_data_and_can_be_drawn(plan: Plan) -> None:
    charts = plan_charts(plan)
    assert [chart.name for chart in charts] == ["dose", "total", "strip"]
    for chart in charts:
        assert "http" not in json.dumps(chart.spec).replace(chart.spec["$schema"], "")
        assert drawn(chart).startswith("<svg")
        assert chart.text.endswith(".")


def test_equal_targets_share_one_bar_and_only_the_governing_one_is_called_so() -> None:
    found = rungs(
        [
            (Fraction(120), Fraction(150), "A", False),
            (Fraction(120), Fraction(150), "B", True),
            (Fraction(0), Fraction(60), "C", False),
        ]
    )
    assert [(rung.names, rung.governs) for rung in found] == [(("B (governing)", "A"), True), (("C",), False)]


def test_each_protocol_with_a_target_is_named_beside_the_total_and_who_has_none_in_a_note(plan: Plan) -> None:
    chart = made(total_chart(plan))
    labels = {row["label"] for row in chart.spec["hconcat"][1]["data"]["values"]}
    assert "0 to 150: EU label 2018 (governing)" in labels
    assert "220: MSD Manual (some experts)" in labels
    assert not any("Seed 2025 (body)" in label for label in labels)
    assert "NO TARGET is aimed at by: Global All. 18, Seed 2025 (body)." in " ".join(chart.spec["title"]["subtitle"])


def test_a_target_in_other_milligrams_is_not_drawn(plan: Plan) -> None:
    progress = tuple(replace(each, by_latest="other_formulation") for each in plan.progress)
    assert len(made(total_chart(replace(plan, progress=progress))).spec["hconcat"]) == 1


def test_without_a_weight_there_is_no_line_of_mg_per_kg(plan: Plan) -> None:
    totals = tuple(replace(each, by_latest=None, by_period=None) for each in plan.totals)
    assert total_chart(replace(plan, totals=totals)) is None


def test_a_total_known_in_part_is_drawn_at_its_ends_and_never_at_a_middle_that_nobody_knows(plan: Plan) -> None:
    total = replace(
        plan.totals[0], by_latest=Amount(Fraction(2), Fraction(200)), by_period=Amount(Fraction(2), Fraction(200))
    )
    main = made(total_chart(replace(plan, totals=(total,)))).spec["hconcat"][0]
    assert [layer["encoding"]["y"]["field"] for layer in main["layer"] if layer["mark"]["type"] == "line"] == [
        "low",
        "high",
    ]
    assert {key for row in main["data"]["values"] for key, value in row.items() if isinstance(value, float)} == {
        "low",
        "high",
    }


def test_an_alternating_dose_shows_its_mean_and_its_days(plan: Plan) -> None:
    rows = made(dose_chart(plan)).spec["hconcat"][0]["data"]["values"]
    assert {(row["step"], row["low"], row["mean"], row["high"]) for row in rows} == {
        ("step 1", 30, 30, 30),
        ("step 2", 20, 30, 40),
    }


def test_the_strip_says_where_today_stands_in_each_window(plan: Plan) -> None:
    chart = made(strip_chart(plan))
    assert "hand out the capsules, EU label 2018: 5 too early" in chart.text
    assert "keep up contraception, EU label 2018: 2 now" in chart.text


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param(START - 1, "too early", id="the-day-before"),
        pytest.param(START, "open", id="first-day"),
        pytest.param(START + 6, "open", id="last-day"),
        pytest.param(START + 7, "closed", id="the-day-after"),
    ],
)
def test_a_window_is_open_on_both_of_its_ends(plan: Plan, day: int, state: str) -> None:
    entry = next(
        each for each in plan.calendar if each.governs and each.point.name == "supply_window" and each.number == 1
    )
    assert state_words(entry, day) == state


def test_the_strip_of_a_course_without_a_governing_protocol_is_not_drawn(held: Plan) -> None:
    assert strip_chart(held) is None


# laboratory ------------------------------------------------------------------------------------------------------------------------
def test_the_lines_of_the_protocols_are_named(plan: Plan) -> None:
    by_name = {trend.stream.name: trend for trend in trends(plan.assessment)}
    assert "3 times the first value (Seed 2025)" in lines_words(by_name["alt"])
    assert "5 times the upper limit (red line here)" in lines_words(by_name["alt"])
    assert "800 mg/dL (Singapore, US label 2026)" in lines_words(by_name["triglycerides"])
    assert "9 mmol/L (BNF old print, red line here)" in lines_words(by_name["triglycerides"])
    assert without_a_value(plan.assessment) == ["Gamma-GT"]


def test_an_amount_is_placed_by_the_first_value(plan: Plan) -> None:
    trend = next(each for each in trends(plan.assessment) if each.stream.name == "triglycerides")
    lines = made(lab_chart(trend)).spec["hconcat"][0]["layer"][0]["data"]["values"]
    at = next(line["at"] for line in lines if line["told"].startswith("800 mg/dL"))
    assert at == pytest.approx(800 / 110)


def test_a_result_without_an_upper_limit_is_missing_there_and_said_to_be(library: Library, plan: Plan) -> None:
    record = plan.assessment.record
    events = tuple(replace(event, parts={}) if event.stream == "alt" else event for event in record.events)
    trend = next(each for each in trends(judged(library, replace(record, events=events))) if each.stream.name == "alt")
    chart = made(lab_chart(trend))
    assert len(chart.spec["hconcat"]) == 1
    assert sum("no upper limit came with it" in note for note in trend.notes) == 2
    assert "upper limit" not in [line["told"] for line in chart.spec["hconcat"][0]["layer"][0]["data"]["values"]]


def test_a_result_known_in_part_or_without_a_day_is_hollow_and_noted(library: Library, plan: Plan) -> None:
    record = plan.assessment.record
    vague = Span(date(2026, 11, 1).toordinal(), date(2026, 11, 30).toordinal())
    events = tuple(
        replace(event, happened=vague, value=Quantity(6000, 6400, "U/L"))
        if event.written.startswith("62 U/L")
        else event
        for event in record.events
    )
    trend = next(each for each in trends(judged(library, replace(record, events=events))) if each.stream.name == "alt")
    rows = made(lab_chart(trend)).spec["hconcat"][0]["data"]["values"]
    assert [row["sure"] for row in rows] == ["yes", "no"]
    assert any("its day is not known" in note and "drawn hollow" in note for note in trend.notes)


def test_without_a_first_dose_nothing_is_called_a_multiple_of_the_first_value(library: Library, plan: Plan) -> None:
    record = plan.assessment.record
    events = tuple(event for event in record.events if event.stream != "first_dose")
    seen = judged(library, replace(record, events=events, orders=()))
    trend = next(each for each in trends(seen) if each.stream.name == "alt")
    assert [panel["layer"][-1]["encoding"]["y"]["title"] for panel in made(lab_chart(trend)).spec["hconcat"]] == [
        "times the upper limit"
    ]
    assert any("nothing is drawn as a multiple" in note for note in trend.notes)


def test_a_plan_without_steps_has_no_dose_to_draw(plan: Plan) -> None:
    assert dose_chart(replace(plan, steps=())) is None
    assert dose_chart(plan_of(plan.assessment)) is not None
