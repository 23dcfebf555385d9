"""The sheet for the patient: one page in plain words; a red line or an open condition heads it, and nothing on it clears anybody."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace

from isocourse.app.plan import plan as real_plan
from isocourse.app.samples import SAMPLE_DAY, samples
from isocourse.app.words import load_words
from isocourse.course import Pattern, Plan
from isocourse.course.capsules import Day
from isocourse.course.wanted import Break, Wanted
from isocourse.library import Asked, Library
from isocourse.render.patient_sheet import sheet
from tests.render.browser import pages, printed, sizes
from tests.render.course_plans import START, course, plan_of, seen

TWENTY, TEN = Fraction(20), Fraction(10)


def text(page: str) -> str:
    """What a reader sees."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]).split())


def test_with_a_red_line_it_says_stop_and_call_and_has_no_dose(plan: Plan, red: Plan) -> None:
    for each in (red, replace(plan, withheld=red.withheld)):
        told = text(sheet(each))
        assert told.startswith(
            "STOP. TAKE NO ISOTRETINOIN. CALL YOUR DOCTOR NOW. On your record stands: An antibiotic of the tetracycline family together"
        )
        assert "mg capsule" not in told
        assert "What to take" not in told
        assert "collect the capsules" not in told


def test_an_open_condition_heads_it_and_stands_before_the_dose(held: Plan) -> None:
    told = text(sheet(held))
    assert told.startswith(
        "DO NOT START. NOT TO BE STARTED UNTIL THIS IS SETTLED: a negative pregnancy test inside its window is on file"
    )
    assert told.index("Only after your doctor has told you") < told.index("20 mg capsule")


def test_a_running_course_is_held_up_at_its_next_supply(held_running: Plan) -> None:
    assert text(sheet(held_running)).startswith(
        "NO NEXT SUPPLY UNTIL THIS IS SETTLED: a new negative pregnancy test is on file"
    )


def test_an_alternating_dose_is_said_with_the_day_each_turn_begins_on(plan: Plan) -> None:
    told = text(sheet(plan))
    assert "1 Dec 2026 to 30 Dec 2026 every day: one 20 mg capsule and one 10 mg capsule" in told
    assert "every 2 days from 31 Dec 2026: two 20 mg capsules every 2 days from 1 Jan 2027: one 20 mg capsule" in told


def test_a_day_without_capsules_and_two_intakes_are_said(plan: Plan) -> None:
    pattern = Pattern((Day(((TWENTY,), (TEN,))), Day(())))
    told = text(sheet(replace(plan, steps=(replace(plan.steps[0], pattern=pattern),))))
    assert "every 2 days from 1 Dec 2026: one 20 mg capsule in the morning, one 10 mg capsule in the evening" in told
    assert "every 2 days from 2 Dec 2026: no capsule" in told


def test_a_dose_that_is_not_settled_is_not_guessed(plan: Plan) -> None:
    told = text(sheet(replace(plan, steps=(replace(plan.steps[0], pattern=None),))))
    assert "not settled: ask your doctor before you take any" in told
    assert "not settled: ask your doctor before you take any" in text(sheet(replace(plan, steps=())))


def test_breaks_are_named(plan: Plan) -> None:
    told = text(sheet(replace(plan, breaks=(Break(START + 40, START + 50), Break(START + 60, START + 60)))))
    assert "No capsules from 10 Jan 2027 to 20 Jan 2027." in told
    assert "No capsules on 30 Jan 2027." in told


@pytest.mark.parametrize(
    ("product", "said"),
    [
        pytest.param("eu-conventional", "Take the capsules with a meal.", id="with-food"),
        pytest.param("absorica-ld", "with or without a meal", id="any-time"),
        pytest.param("acnecutan", "Ask your doctor or pharmacist.", id="disputed-so-ask"),
        pytest.param("", "Ask your doctor or pharmacist.", id="not-known-so-ask"),
    ],
)
def test_food_is_what_the_product_says_and_what_is_disputed_says_ask(
    library: Library, plan: Plan, product: str, said: str
) -> None:
    steps = tuple(replace(step, product=library.product(product)) for step in plan.steps)
    assert said in text(sheet(replace(plan, steps=steps)))


def test_what_a_pregnancy_asks_for_is_left_out_only_for_who_certainly_cannot(
    library: Library, plan: Plan, held: Plan
) -> None:
    for each in (plan, held):
        assert "You must not become pregnant while you take it" in text(sheet(each))
    him = text(sheet(course(library, "boy-of-16")))
    assert "become pregnant" not in him
    assert "You are pregnant" not in him


def test_who_is_not_shown_to_be_unable_counts_as_able(plan: Plan) -> None:
    nobody = replace(plan.assessment, able=())
    told = text(sheet(replace(plan, assessment=nobody)))
    assert "counts you as able to" in told
    assert "You must not become pregnant while you take it" in told


def test_every_sign_of_a_red_line_that_can_be_noticed_is_on_it(library: Library, plan: Plan) -> None:
    told = text(sheet(plan))
    assert {each.red for each in library.page.red} == {line.name for line in library.red}
    for each in library.page.red:
        assert each.sign is None or dict(each.sign.say)["en"] in told


def test_in_another_language_the_dates_and_the_signs_are_of_that_language(library: Library, plan: Plan) -> None:
    russian = replace(plan.assessment, words=load_words("ru"))
    told = text(sheet(replace(plan, assessment=russian)))
    sign = next(each.sign for each in library.page.red if each.red == "pancreatitis")
    assert sign is not None
    assert "2026 г." in told
    assert russian.words(sign.say) in told
    assert "НОВЫХ КАПСУЛ НЕ ВЫДАЮТ" in told


def test_the_next_dates_are_those_of_what_governs_and_no_paper_of_the_clinic(plan: Plan) -> None:
    told = text(sheet(plan))
    assert (
        "1 Dec 2026: blood lipids, collect the capsules (only if the box above is settled by then), liver enzymes, pregnancy test, visit"
        in told
    )
    assert "counselling on benefits and harms" not in told.partition("Your next dates")[2]
    assert "not known yet: pregnancy test." in told
    assert "Rules that bind your course: European product information" in told


def test_without_a_governing_protocol_it_asks_for_the_dates_of_tests(held: Plan) -> None:
    told = text(sheet(held))
    assert "Ask your doctor which tests you need, and when." in told
    assert "Which rules bind your course is not known here" in told


def test_a_missed_dose_is_answered_only_by_those_who_govern(library: Library, plan: Plan) -> None:
    assert "A missed dose: ask your doctor" in text(sheet(plan))
    american = text(sheet(plan_of(seen(library, "no-breakfast"))))
    assert "A missed dose: leave it out (US label 2026)." in american


def test_the_words_that_would_clear_somebody_are_never_used(plan: Plan, held: Plan, red: Plan) -> None:
    for each in (plan, held, red):
        assert re.findall(r"(?i)\b(ok|safe|safely|normal|fine|go ahead)\b|[✓✔]", text(sheet(each))) == []


def test_the_page_has_no_script_and_escapes_what_comes_from_outside(plan: Plan) -> None:
    assert "<script" not in sheet(plan)
    choice = (
        replace(plan.steps[0], product=replace(plan.steps[0].product, food=""))
        if plan.steps[0].product
        else plan.steps[0]
    )
    assert "default-src 'none'" in sheet(replace(plan, steps=(choice,)))


@pytest.mark.slow
def test_it_prints_on_one_a4_page(
    plan: Plan, held: Plan, held_running: Plan, red: Plan, library: Library, tmp_path: Path
) -> None:
    many = replace(plan, steps=tuple(replace(plan.steps[1], name=f"step {place}") for place in range(9)))
    shown = {
        "plain": plan,
        "held": held,
        "running": held_running,
        "red": red,
        "boy": course(library, "boy-of-16"),
        "many": many,
    }
    record = dict(samples(library))["alt-trebled"]
    longest = real_plan(library, record, Asked(SAMPLE_DAY), Wanted())
    for language in ("ru", "uz"):
        words = load_words(language)
        shown[language] = replace(longest, assessment=replace(longest.assessment, words=words))
    for name, each in shown.items():
        file = tmp_path / f"{name}.html"
        file.write_text(sheet(each), encoding="utf-8")
        pdf = printed(file)
        assert len(pages(pdf)) == 1, f"the sheet of {name} does not fit on one page"
        assert sizes(pdf) == {"A4"}


def test_nobody_is_sent_to_collect_what_is_held_up_or_not_settled(plan: Plan, held: Plan) -> None:
    assert "collect the capsules (only if the box above is settled by then)" in text(sheet(held))
    free = text(sheet(replace(plan, held=(), unknown=())))
    assert "collect the capsules" in free
    assert "only if" not in free
    bare = tuple(replace(supply, capsules=()) for supply in plan.supplies)
    assert "collect the capsules" not in text(sheet(replace(plan, supplies=bare)))


def test_until_the_plan_takes_over_the_capsules_in_hand_are_said(library: Library) -> None:
    record = dict(samples(library))["alt-trebled"]
    told = text(sheet(real_plan(library, record, Asked(SAMPLE_DAY), Wanted())))
    assert "24 Nov 2026 to 22 Dec 2026: the capsules that you have now, as ordered: 40 mg a day" in told
    assert told.index("the capsules that you have now") < told.index("one 20 mg capsule in the morning")


def test_a_first_course_and_a_red_line_have_no_capsules_in_hand(library: Library, red: Plan) -> None:
    for each in (course(library, "boy-of-16"), red):
        assert "the capsules that you have now" not in text(sheet(each))


def test_what_to_avoid_is_said_as_the_page_for_the_patient_says_it(library: Library, plan: Plan) -> None:
    told = text(sheet(plan))
    assert library.sheet.avoid
    for name in library.sheet.avoid:
        assert dict(library.page.line(name).text.say)["en"] in told


def test_dates_that_are_over_are_not_next(plan: Plan) -> None:
    asked = replace(plan.assessment.asked, as_of=date(2027, 1, 15).toordinal())
    told = text(sheet(replace(plan, assessment=replace(plan.assessment, asked=asked)))).partition("Your next dates")[2]
    assert "31 Dec 2026" not in told
    assert "30 Jan 2027: collect the capsules" in told
