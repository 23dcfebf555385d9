"""The plan on a terminal: what is dangerous or open comes first, and nothing is shown that it forbids."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from isocourse.course import Plan
from isocourse.course.amounts import Amount
from isocourse.course.limits import ceiling, highest, judged
from isocourse.course.plan import Bounds
from isocourse.decisions.tables import Row
from isocourse.logic.truth import Truth
from isocourse.render.calendar_text import calendar_page
from isocourse.render.grid import grid
from isocourse.render.plan_text import plan_page as page

WIDTHS = pytest.mark.parametrize("width", [80, 160])
BANNED = ("✓", "✔", " OK", "safe", "normal", " go ")


@WIDTHS
def test_with_a_red_line_there_is_the_red_line_and_no_dose(red: Plan, width: int) -> None:
    text = page(red, width)
    assert text.startswith("! A tetracycline together with isotretinoin")
    for word in ("capsules of", "mg/day", "supply 1", "SUPPLIES", "DOSE\n", "1 Dec 2026"):
        assert word not in text
    assert "no dose, no supply and no date" in text


def test_even_a_plan_that_holds_doses_shows_none_beside_a_red_line(plan: Plan, red: Plan) -> None:
    text = page(replace(plan, withheld=red.withheld), 80)
    assert "20 mg" not in text
    assert "30 Dec 2026" not in text


@WIDTHS
def test_an_open_condition_heads_the_page_and_stands_at_its_end(held: Plan, width: int) -> None:
    text = page(held, width)
    head = "! NOT TO BE STARTED UNTIL: a negative pregnancy test inside its window"
    assert text.startswith(head)
    assert text.count("! NOT TO BE STARTED UNTIL") == 2
    assert text.rstrip().splitlines()[-1].strip().endswith("more")


def test_a_running_course_is_not_told_that_it_may_not_start(held_running: Plan) -> None:
    text = page(held_running, 80)
    assert text.startswith("! NO NEXT SUPPLY UNTIL: a new negative pregnancy test is on file")
    assert "NOT TO BE STARTED" not in text


def test_every_open_condition_is_written_out_once(held: Plan) -> None:
    text = " ".join(page(held, 160).split())
    assert (
        "this is shown on file as asked: enrolment in the risk programme (iPLEDGE 2023, iPLEDGE 2026, US label 2026)"
        in text
    )


def test_nothing_open_and_nothing_red_leaves_no_warning(plan: Plan) -> None:
    assert not page(replace(plan, held=(), unknown=()), 80).startswith("!")


@WIDTHS
def test_no_line_is_wider_than_the_terminal(plan: Plan, held: Plan, width: int) -> None:
    for each in (plan, held):
        assert max(map(len, page(each, width, full=True).splitlines())) <= width


def test_the_dose_table_says_what_was_asked_what_is_swallowed_and_what_it_comes_to(plan: Plan) -> None:
    text = " ".join(page(plan, 240).split())
    assert "0.5 mg/kg/day = 30 mg/day at 60 kg" in text
    assert "day 1: two 20 mg capsules; day 2: one 20 mg capsule; and so on in turn" in text
    assert "30 mg/day, 0.5 mg/kg/day" in text
    assert "45 capsules of 20 mg (2 packs of 20 mg)" in text


def test_a_range_that_a_step_breaks_is_named_with_its_protocol_the_governing_first(plan: Plan) -> None:
    row = Row("r", 0, "", "must", (), low="0.6", high="1.0", unit="mg/kg/day", of="any")
    bounds = (
        Bounds("msd-manual/print", "main", row, Fraction(36), Fraction(60), False, "below"),
        Bounds("eu-label/2018", "main", row, Fraction(36), Fraction(60), True, "below"),
    )
    step = replace(plan.steps[0], bounds=bounds)
    lines = [line.strip() for line in page(replace(plan, steps=(step,)), 160).splitlines() if "BELOW" in line]
    assert lines[0].startswith("step 1: BELOW EU label 2018 (governing): must: 0.6 to 1.0 mg/kg/day (36 to 60 mg/day)")
    assert lines[1].startswith("step 1: BELOW MSD Manual: must:")


def test_a_range_without_its_upper_end_says_less_than_and_ends_at_the_last_dose_that_can_be_written(plan: Plan) -> None:
    row = Row("r", 0, "", "must", (), low="0.0", high="0.5", below=True, unit="mg/kg/day", of="any")
    open_end = Bounds("eu-label/2018", "main", row, Fraction(0), Fraction(30), True, "")
    at, under = (judged((open_end,), Fraction(mg), Fraction(mg))[0].fits for mg in ("30", "29.99"))
    assert (at, under) == ("above", "within")
    assert ceiling((open_end,)) == highest((open_end,)) == Fraction("29.99")
    bounds = judged((open_end,), Fraction(30), Fraction(30))
    (line,) = (
        each.strip()
        for each in page(replace(plan, steps=(replace(plan.steps[0], bounds=bounds),)), 160).splitlines()
        if "ABOVE" in each
    )
    assert line.startswith(
        "step 1: ABOVE EU label 2018 (governing): must: 0.0 to less than 0.5 mg/kg/day (0 to less than 30 mg/day)"
    )


def test_a_dose_that_the_strengths_cannot_give_says_so(plan: Plan) -> None:
    step = replace(plan.steps[0], pattern=None)
    assert "NOT SETTLED" in " ".join(page(replace(plan, steps=(step,)), 160).split())


def test_who_aims_at_no_total_is_not_counted_as_reached(plan: Plan) -> None:
    text = " ".join(page(plan, 160).split())
    assert "no target: aims at no total: Global All. 18, Seed 2025 (body)" in text
    assert "we have not read this text: AAD 2024" in text


def test_a_total_without_a_weight_is_not_known_rather_than_nought(plan: Plan) -> None:
    totals = (replace(plan.totals[0], by_latest=None, by_period=None),)
    assert page(replace(plan, totals=totals), 160).count("not known") >= 2


def test_the_governing_calendar_is_written_out_and_the_others_folded(plan: Plan) -> None:
    text, full = (" ".join(page(plan, 160, full=full).split()) for full in (False, True))
    assert "31 Dec 2026 to 6 Jan 2027 [too early]: must: hand out the capsules, EU label 2018" in text
    assert "the source counts: from the prescription to 6 days after" in text
    assert "UK MHRA 2026 x 5" in text
    assert "UK MHRA 2026 x 5" not in full
    assert "must: hand out the capsules, UK MHRA 2026" in full


def test_what_hangs_on_the_last_dose_has_no_day_by_guess(plan: Plan) -> None:
    text = " ".join(page(plan, 160).split())
    assert "depends on the last dose [no day yet]: must: pregnancy test, EU label 2018" in text


def test_without_a_governing_protocol_none_is_put_first(held: Plan) -> None:
    text = calendar_page(held, 160)
    assert "No protocol is known to govern here" in text
    assert "THE SAME UNDER OTHER PROTOCOLS" in text


def test_a_duty_that_may_not_apply_says_so(plan: Plan) -> None:
    entry = replace(plan.calendar[0], applies=Truth.UNKNOWN, as_stands=Truth.YES, governs=True)
    assert "if things stay as they are today" in calendar_page(replace(plan, calendar=(entry,)), 160)


def test_a_duty_that_cannot_apply_is_not_shown(plan: Plan) -> None:
    entry = replace(plan.calendar[0], applies=Truth.NO, governs=True)
    assert "the source counts" not in calendar_page(replace(plan, calendar=(entry,)), 160)


def test_the_words_that_would_clear_somebody_are_never_used(plan: Plan, held: Plan) -> None:
    for text in (page(plan, 80), page(held, 80), calendar_page(plan, 80)):
        assert [word for word in BANNED if word in text.replace("upper limit of normal", "")] == []


def test_an_amount_known_in_part_is_shown_from_the_least_to_the_most(plan: Plan) -> None:
    total = replace(plan.totals[0], by_latest=Amount(Fraction(14), Fraction(15)))
    assert "14 to 15 mg/kg" in " ".join(page(replace(plan, totals=(total,)), 160).split())


def test_a_cell_is_not_folded_inside_a_date() -> None:
    lines = grid(["days"], [["from 1 Dec 2026 to 30 Dec 2026"]], 16)
    assert lines[2:] == ["from 1 Dec 2026", "to 30 Dec 2026"]
