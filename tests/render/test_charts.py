"""Charts hold their data, say the same in words, and can be drawn."""

import json

import pytest

from isocourse.app.simulate import load_kinetics
from isocourse.kinetics import Population, Regimen
from isocourse.kinetics.outcome import Outcome, Question, answered
from isocourse.render.charts import charts
from isocourse.render.drawing import drawn

MODEL = load_kinetics().model


@pytest.fixture(scope="module")
def outcomes() -> tuple[Outcome, ...]:
    """Two short courses of a few patients."""
    courses = [Regimen.daily(40, days=10, name="usual <&>"), Regimen.daily(10, days=20, name="low")]
    return answered(Population.sample(MODEL, 30), courses, Question(bands=True))


def test_one_course_has_four_charts_and_several_have_three(outcomes: tuple[Outcome, ...]) -> None:
    assert [chart.name for chart in charts(outcomes[:1], MODEL)] == ["levels", "washout", "sebum", "dose"]
    assert [chart.name for chart in charts(outcomes, MODEL)] == ["washout", "sebum", "dose"]


def test_each_chart_is_one_specification_with_its_data_and_the_same_in_words(outcomes: tuple[Outcome, ...]) -> None:
    for chart in charts(outcomes, MODEL):
        assert json.loads(json.dumps(chart.spec))["data"]["values"]
        assert "http" not in json.dumps(chart.spec["data"])
        assert "low: " in chart.text
        svg = drawn(chart)
        assert svg.startswith("<svg")
        assert 'role="img"' in svg
        assert "usual &lt;&amp;&gt;" in svg


def test_the_endogenous_level_is_drawn_and_its_memory_named(outcomes: tuple[Outcome, ...]) -> None:
    washout = charts(outcomes[:1], MODEL)[1]
    assert "endogenous 4-oxo 3.7 (remembered)" in json.dumps(washout.spec)
