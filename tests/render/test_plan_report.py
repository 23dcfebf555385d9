"""The plan as JSON: its schema is the committed one, its numbers are exact, and a red line empties it."""

import json
from fractions import Fraction
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.course import Plan
from isocourse.course.amounts import Amount
from isocourse.render.plan_report import JsonPlan, exact_amount, report, schema, to_json

KEPT = Path(__file__).parents[2] / "docs" / "schema" / "plan-1.json"


def test_the_schema_that_is_kept_is_the_one_made() -> None:
    assert json.loads(schema()) == json.loads(KEPT.read_text(encoding="utf-8")), (
        "write plan_report.schema() to docs/schema/plan-1.json"
    )


def test_what_is_written_is_what_the_schema_says(plan: Plan, held: Plan, red: Plan) -> None:
    for each in (plan, held, red):
        assert msgspec.json.decode(to_json(each), type=JsonPlan, strict=True).schema == "isocourse/plan/1"


def test_a_red_line_leaves_no_dose_no_supply_and_no_total(plan: Plan, red: Plan) -> None:
    for each in (red, replace(plan, withheld=red.withheld)):
        made = report(each)
        assert (made.steps, made.supplies, made.totals, made.breaks) == ([], [], [], [])
        assert made.headed.startswith("STOP: ")
        assert made.stop_now[0].name == "tetracycline_together"
        assert made.exit_code in (0, 10)


def test_an_open_condition_is_in_the_head_and_in_the_list(held: Plan) -> None:
    made = report(held)
    assert made.headed.startswith("NOT TO BE STARTED UNTIL: a negative pregnancy test")
    assert made.not_until[0].said == "a negative pregnancy test inside its window is on file"
    assert any(each.said == "signed consent" and "France 2021" in each.who for each in made.not_until)


def test_a_day_that_is_not_known_is_null_with_what_it_depends_on(plan: Plan) -> None:
    undated = [each for each in report(plan).calendar if each.first_day is None and each.last_day is None]
    assert undated
    assert all(each.depends_on or "period" in each.counted for each in undated)


@given(st.fractions(min_value=0, max_value=10**5))
def test_an_amount_is_exact_or_says_that_it_is_not_and_never_narrower(number: Fraction) -> None:
    made = exact_amount(Amount.of(number), "mg")
    low, high = Fraction(made.low), Fraction(made.high)
    assert low <= number <= high
    assert made.exact == (low == high == number)
    assert high - low <= Fraction(1, 10**6)


def test_every_claim_named_is_written_out(plan: Plan) -> None:
    made = report(plan)
    named = {
        claim
        for part in (made.choices, made.progress, made.forecasts, made.calendar)
        for each in part
        for claim in each.claims
    }
    assert named <= set(made.claims)
    assert named
