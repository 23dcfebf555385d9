from fractions import Fraction

import pytest
from msgspec.structs import replace

from isocourse.app.plan import simulated
from isocourse.course.regimen import NoRegimenError, regimen_of
from isocourse.course.wanted import PER_DAY, PER_KG, Break, Wanted, WantedStep
from isocourse.facts.days import Span, day_number
from isocourse.facts.record import DoseEntry
from tests.course.conftest import TODAY, Kept, Planned, boy, event, kg


def step(amount: str, unit: str = PER_DAY) -> WantedStep:
    return WantedStep(Fraction(amount), unit)


def test_every_planned_capsule_is_in_the_regimen_and_no_other(planned: Planned) -> None:
    wanted = Wanted(
        dose=step("0.4", PER_KG), until=TODAY + 59, breaks=(Break(TODAY + 10, TODAY + 12),), missed=(TODAY + 20,)
    )
    plan = planned(boy(event("weight", kg(62))), wanted)
    regimen = regimen_of(plan)
    held = sum((strength * count for supply in plan.supplies for strength, count in supply.capsules), Fraction(0))
    assert regimen.cumulative == float(held)
    assert regimen.days == 60
    assert {day for day in range(60) if not regimen.on_day(day)} == {10, 11, 12, 20}


def test_two_intakes_a_day_lie_twelve_hours_apart(planned: Planned) -> None:
    plan = planned(boy(event("weight", kg(60))), Wanted(dose=step("40"), times_a_day=2, until=TODAY + 9))
    assert [dose.time_h for dose in regimen_of(plan).on_day(3)] == [72.0, 84.0]


def test_a_plan_that_is_withheld_is_not_simulated(planned: Planned, sample: Kept) -> None:
    with pytest.raises(NoRegimenError, match="red line"):
        regimen_of(planned(sample("doxycycline"), Wanted(dose=step("40"))))


def test_a_plan_without_a_dose_is_not_simulated(planned: Planned) -> None:
    with pytest.raises(NoRegimenError, match="no dose"):
        regimen_of(planned(boy(jurisdiction=""), Wanted()))


def test_what_was_taken_day_by_day_comes_before_the_plan(planned: Planned, sample: Kept) -> None:
    began = day_number(2026, 9, 21)
    forty = (Fraction(40), Fraction(40))
    entry = DoseEntry(
        "doses 1", "40 mg", "reported", Span.of(began), Span.of(TODAY - 1), forty, formulation=("conventional",)
    )
    whole = replace(sample("alt-trebled"), doses=(entry,))
    regimen, lines, origin = simulated(planned(whole, Wanted()))
    assert regimen.on_day(0)[0].amount == 20.0
    assert origin == began
    assert "is included" in lines[1]
    partly = replace(entry, share=(Fraction(1, 2), Fraction(1)))
    shorter, said, _ = simulated(planned(replace(whole, doses=(partly,)), Wanted()))
    assert shorter.days < regimen.days
    assert "not known day by day" in said[1]
