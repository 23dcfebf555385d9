from fractions import Fraction

import pytest
from msgspec.structs import replace

from isocourse.course.plan import DoseStep, Plan
from isocourse.course.planner import DRAWN_AT_MOST
from isocourse.course.wanted import PER_DAY, PER_KG, Break, Wanted, WantedStep
from isocourse.facts.days import Span, day_number
from isocourse.logic.truth import Truth
from tests.course.conftest import TODAY, Kept, Planned, boy, event, kg

TENTH = day_number(2009, 2, 10)
SOUND_KIDNEYS = event("conditions", Truth.NO, item="severe_renal_insufficiency")


def dose(amount: str, unit: str = PER_KG, count: int | None = None, **more: object) -> WantedStep:
    return WantedStep(Fraction(amount), unit, count, "weeks", **more)  # type: ignore[arg-type]  # product and taper


def capsules(step: DoseStep) -> list[list[tuple[int, ...]]]:
    assert step.pattern is not None
    return [[tuple(map(int, intake)) for intake in day.intakes] for day in step.pattern.days]


def choice(plan: Plan, name: str) -> tuple[str, bool]:
    found = next(each for each in plan.choices if each.name == name)
    return found.value, found.asked


# red and open ----------------------------------------------------------------------------------------------------------------------
def test_a_red_line_leaves_no_dose_no_supply_and_no_start(planned: Planned, sample: Kept) -> None:
    plan = planned(sample("doxycycline"), Wanted(dose=dose("0.5"), weights=((TODAY, Fraction(62)),)))
    assert plan.withheld
    assert (plan.steps, plan.supplies, plan.choices) == ((), (), ())
    assert not [each for each in plan.totals if each.basis == "planned"]
    assert not [each for each in plan.happenings if each.kind != "last_dose"]


def test_a_red_line_leaves_what_is_due_after_the_last_dose(planned: Planned, sample: Kept) -> None:
    plan = planned(sample("doxycycline"), Wanted())
    assert plan.calendar
    for entry in plan.calendar:
        duty = entry.row.duty
        assert duty is not None
        assert any(each is not None and each.anchor == "last_dose" for each in (duty.at, duty.until))


def test_a_start_is_held_while_the_gate_is_closed(planned: Planned, sample: Kept) -> None:
    plan = planned(sample("test-sampled", without=("pregnancy_test",)), Wanted())
    assert any(type(each).__name__ == "Gate" for each in plan.held)
    assert not plan.free


def test_what_is_not_known_of_contraindications_is_open_before_a_start(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted())
    assert "any(drugs, kind = tetracycline, current)" in {each.fact for each in plan.unknown}
    assert not plan.free


# dose ------------------------------------------------------------------------------------------------------------------------------
def test_without_a_wish_the_plan_begins_as_the_governing_label_says_and_says_so(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60)), SOUND_KIDNEYS), Wanted())
    assert choice(plan, "dose") == ("0.5 mg/kg/day", False)
    assert capsules(plan.steps[0]) in ([[(20,)], [(40,)]], [[(20, 10)]], [[(10, 20)]])
    why = next(each.why for each in plan.choices if each.name == "dose")
    assert "the start that it names" in why


def test_while_nobody_has_asked_of_the_kidneys_the_plan_does_not_say_that_the_label_names_its_start(
    planned: Planned,
) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted())
    assert choice(plan, "dose") == ("0.5 mg/kg/day", False)
    assert "the start that it names" not in next(each.why for each in plan.choices if each.name == "dose")
    assert "any(conditions, kind = severe_renal_insufficiency, current)" in {each.fact for each in plan.unknown}


def test_with_severe_renal_insufficiency_no_dose_is_taken_for_granted(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60)), replace(SOUND_KIDNEYS, value=Truth.YES)), Wanted())
    assert choice(plan, "dose")[0] == "not known"


def test_an_order_on_file_is_the_dose_where_nothing_is_asked(planned: Planned, sample: Kept) -> None:
    plan = planned(sample("alt-trebled"), Wanted())
    assert choice(plan, "dose") == ("40 mg/day", False)
    assert capsules(plan.steps[0]) == [[(20,), (20,)]]


def test_no_capsules_are_laid_out_above_the_governing_ceiling(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted(dose=dose("1.2")))
    assert plan.steps[0].pattern is None
    assert "above 60 mg/day" in plan.steps[0].notes[0]
    assert "eu-label/2018" in plan.steps[0].notes[0]
    assert "above" in {each.fits for each in plan.steps[0].bounds if each.governs}


def test_exactly_the_ceiling_is_laid_out(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted(dose=dose("1.0")))
    assert plan.steps[0].pattern is not None
    assert plan.steps[0].pattern.highest_mg == 60


def test_no_governing_protocol_sets_no_ceiling_and_chooses_no_dose(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60)), jurisdiction=""), Wanted())
    assert plan.governs == ()
    assert plan.steps == ()
    assert choice(plan, "dose")[0] == "not known"


def test_without_a_weight_a_dose_per_kg_has_no_capsules_and_says_why(planned: Planned) -> None:
    plan = planned(boy(), Wanted(dose=dose("0.5")))
    assert plan.steps[0].pattern is None
    assert "no weight" in plan.steps[0].notes[0]


def test_steps_go_up_and_the_taper_goes_down_to_the_last_day(planned: Planned) -> None:
    wanted = Wanted(
        steps=(dose("0.5", count=4), dose("1")),
        taper=(dose("20", PER_DAY, 2, taper=True), dose("10", PER_DAY, 1, taper=True)),
        until=TODAY + 139,
    )
    plan = planned(boy(event("weight", kg(60))), wanted)
    assert [(each.name, each.last - each.first + 1) for each in plan.steps] == [
        ("step 1", 28),
        ("step 2", 91),
        ("taper 1", 14),
        ("taper 2", 7),
    ]
    assert [each.pattern.mean_mg for each in plan.steps if each.pattern] == [30, 60, 20, 10]
    assert plan.end == TODAY + 139
    assert plan.end_sure


def test_a_newer_weight_changes_the_capsules_from_its_day_on(planned: Planned) -> None:
    wanted = Wanted(dose=dose("0.5"), weights=((TODAY + 60, Fraction(80)),))
    plan = planned(boy(event("weight", kg(60))), wanted)
    assert [(each.first - TODAY, int(each.target_mg)) for each in plan.steps] == [(0, 30), (60, 40)]


def test_another_product_is_another_formulation_and_a_new_supply(planned: Planned) -> None:
    steps = (dose("32", PER_DAY, 4), dose("32", PER_DAY, product="absorica-ld"))
    seen = boy(event("weight", kg(60)), jurisdiction="US", product="us-conventional")
    plan = planned(seen, Wanted(steps=steps, product="us-conventional"))
    assert [each.formulation for each in plan.steps] == ["conventional", "micronised"]
    change = plan.steps[1].first
    assert change in {supply.first for supply in plan.supplies}


# how often, how long -----------------------------------------------------------------------------------------------------------------
def test_a_label_that_says_twice_a_day_gives_two_intakes(planned: Planned) -> None:
    seen = boy(event("weight", kg(60)), jurisdiction="US", product="us-conventional")
    plan = planned(seen, Wanted(dose=dose("0.5")))
    assert choice(plan, "times_a_day") == ("twice a day", False)
    assert all(len(day.intakes) == 2 for step in plan.steps if step.pattern for day in step.pattern.days)


def test_a_supply_is_cut_to_what_the_governing_programme_allows(planned: Planned, sample: Kept) -> None:
    seen = sample("test-sampled", jurisdiction="EU", product="eu-conventional")
    plan = planned(seen, Wanted(dose=dose("40", PER_DAY), supply_days=60))
    assert choice(plan, "supply_days")[0] == "30 days"
    assert max(supply.last - supply.day + 1 for supply in plan.supplies) <= 30


def test_a_boy_may_have_the_longer_supply_that_was_asked_for(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted(dose=dose("40", PER_DAY), supply_days=60))
    assert choice(plan, "supply_days") == ("60 days", True)


def test_capsules_of_the_supplies_are_the_capsules_of_the_days(planned: Planned) -> None:
    wanted = Wanted(dose=dose("0.5"), breaks=(Break(TODAY + 10, TODAY + 19),), missed=(TODAY + 25,), until=TODAY + 99)
    plan = planned(boy(event("weight", kg(62))), wanted)
    held = sum((strength * number for supply in plan.supplies for strength, number in supply.capsules), Fraction(0))
    without = {*range(TODAY + 10, TODAY + 20), TODAY + 25}
    days = [day for day in range(TODAY, TODAY + 100) if day not in without]
    step = plan.steps[0]
    assert step.pattern is not None
    assert held == sum((step.pattern.on(day - step.first).mg for day in days), Fraction(0))


# the end -----------------------------------------------------------------------------------------------------------------------------
def test_a_target_ends_the_course_on_the_first_day_that_reaches_it(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted(dose=dose("40", PER_DAY), target=Fraction(120)))
    assert plan.end == TODAY + 120 * 60 // 40 - 1
    assert plan.end_sure


def test_a_target_counts_the_taper(planned: Planned) -> None:
    taper = (dose("10", PER_DAY, 4, taper=True),)
    plan = planned(boy(event("weight", kg(60))), Wanted(dose=dose("40", PER_DAY), taper=taper, target=Fraction(120)))
    mg = sum((each.pattern.mean_mg * (each.last - each.first + 1) for each in plan.steps if each.pattern), Fraction(0))
    assert 120 * 60 <= mg < 120 * 60 + 40


def test_without_a_wish_the_course_is_drawn_to_where_the_governing_label_lets_it_end(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted())
    assert (plan.end, plan.end_sure) == (TODAY + 24 * 7 + 1, False)
    assert next(each for each in plan.happenings if each.kind == "last_dose").day is None


def test_each_target_is_forecast_by_the_latest_weight_and_no_target_is_said(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted(dose=dose("60", PER_DAY)))
    said = {(each.edition, each.position): each for each in plan.forecasts if each.rule == "cumulative_target"}
    assert said["singapore/hsa", "main"].first == TODAY + 119
    assert said["msd-manual/print", "usual"].first == TODAY + 119
    assert said["msd-manual/print", "usual"].last == TODAY + 149
    assert said["global-alliance/2018", "main"].kind == "open"
    assert said["eu-label/2018", "main"].kind == "open"


def test_a_course_that_ends_says_when_a_second_one_may_begin(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted(dose=dose("40", PER_DAY), until=TODAY + 139))
    second = {each.edition: each for each in plan.forecasts if each.rule == "retreatment" and each.first}
    assert second
    assert all(each.first > TODAY + 139 for each in second.values() if each.first)


def test_a_birthday_that_changes_an_answer_is_in_the_plan(planned: Planned) -> None:
    young = replace(boy(event("weight", kg(60)), jurisdiction="US", product="us-conventional"), birth=Span.of(TENTH))
    plan = planned(young, Wanted(dose=dose("40", PER_DAY), until=TODAY + 100))
    born = next(each for each in plan.happenings if each.handle == "birthday-18")
    assert born.day == day_number(2027, 2, 10)
    assert "daily dose" in born.words


# a running course ----------------------------------------------------------------------------------------------------------------------
def test_a_running_course_goes_on_where_the_capsules_on_file_end(planned: Planned, sample: Kept) -> None:
    plan = planned(sample("alt-trebled"), Wanted())
    assert plan.running
    assert plan.start == day_number(2026, 9, 21)
    assert plan.steps[0].first == day_number(2026, 12, 23)


def test_a_supply_that_comes_late_leaves_days_without_capsules(planned: Planned, sample: Kept) -> None:
    plan = planned(sample("alt-trebled"), Wanted(moved=(("supply-2", day_number(2027, 1, 27)),)))
    assert plan.without_capsules == tuple(range(day_number(2027, 1, 22), day_number(2027, 1, 27)))


def test_an_event_that_the_plan_does_not_have_is_named_and_not_moved(planned: Planned, sample: Kept) -> None:
    day = day_number(2027, 1, 27)
    plan = planned(sample("alt-trebled"), Wanted(moved=(("supply-77", day), ("visit-2", None))))
    [named] = [note for note in plan.notes if "There is no planned event" in note]
    assert '"supply-77"' in named
    assert "supply-1, visit-1" in named
    assert "visit-2" in named
    assert "visit-2" not in [each.handle for each in plan.happenings]


def test_a_plan_of_a_boy_asks_for_no_pregnancy_test(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted())
    assert not [each for each in plan.happenings if each.kind == "test"]
    assert plan.outline.tests == ()
    tests = [each for each in plan.calendar if each.point.name == "pregnancy_tests" and each.as_stands is Truth.YES]
    assert tests == []


@pytest.mark.parametrize("weight", [45, 60, 97])
@pytest.mark.parametrize("product", ["eu-conventional", "acnecutan", "absorica-ld", "clarus"])
def test_no_day_of_any_plan_lies_above_a_governing_ceiling(planned: Planned, weight: int, product: str) -> None:
    places = {"eu-conventional": "EU", "acnecutan": "UZ", "absorica-ld": "US", "clarus": "CA"}
    seen = boy(event("weight", kg(weight)), jurisdiction=places[product], product=product)
    for amount in ("0.3", "0.5", "0.75", "1"):
        plan = planned(seen, Wanted(dose=dose(amount), product=product))
        for step in plan.steps:
            tops = [each.high for each in step.bounds if each.governs and each.fits != "other_formulation"]
            if step.pattern is not None and tops:
                assert step.pattern.highest_mg <= min(tops)


def test_a_total_is_said_in_other_milligrams_only_by_a_claim_and_beside_the_total(planned: Planned) -> None:
    seen = boy(event("weight", kg(60)), jurisdiction="UZ", product="acnecutan")
    plan = planned(seen, Wanted(dose=dose("0.5"), until=TODAY + 99))
    end = next(each for each in plan.totals if each.day == plan.end)
    assert end.formulation == "lidose"
    assert [(each.mg, each.other, each.disputed) for each in plan.converted] == [(end.mg, "conventional", True)]
    assert plan.converted[0].claims
    assert not [each for each in plan.totals if each.formulation == "conventional"]


def test_a_product_without_such_a_claim_is_not_converted(planned: Planned) -> None:
    assert planned(boy(event("weight", kg(60))), Wanted(dose=dose("0.5"), until=TODAY + 99)).converted == ()


def test_an_end_in_another_century_is_a_slip_and_draws_nothing_longer(planned: Planned) -> None:
    who = boy(event("weight", kg(60)), SOUND_KIDNEYS)
    usual, far = planned(who, Wanted()), planned(who, Wanted(until=day_number(2199, 1, 1)))
    assert far.end == usual.end
    assert any("lies more than 3 years off; it counts as not asked for" in each for each in far.notes)
    last = TODAY + DRAWN_AT_MOST
    assert planned(who, Wanted(until=last)).end == last
    assert planned(who, Wanted(until=last + 1)).end == usual.end
