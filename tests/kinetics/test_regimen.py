"""A regimen is what is written, with its exceptions; one that contradicts itself is refused."""

import pytest

from isocourse.kinetics import Dose, KineticsError, Model, Options, Population, Regimen, TotalDose, simulate
from isocourse.kinetics.capsules import capsules

COURSE = Regimen.daily(20, times_a_day=2, weeks=4)


def amounts(regimen: Regimen, day: int) -> list[float]:
    """mg of the doses of a day, counted from 1."""
    return [dose.amount for dose in regimen.on_day(day - 1)]


def test_split_doses_stand_twelve_hours_apart() -> None:
    assert [dose.time_h for dose in COURSE.on_day(1)] == [24.0, 36.0]
    assert COURSE.cumulative == 28 * 40


def test_titration_and_taper_change_only_their_weeks() -> None:
    course = COURSE.titrated([5, 10], weeks_each=1).tapered([8], weeks_each=1)
    assert [amounts(course, day)[0] for day in (1, 7, 8, 14, 15, 21, 22, 28)] == [5, 5, 10, 10, 20, 20, 8, 8]


def test_alternate_days_pulses_breaks_and_missed_days_have_no_dose() -> None:
    assert [len(COURSE.alternate().on_day(day)) for day in range(4)] == [2, 0, 2, 0]
    assert [len(COURSE.pulsed(7, 21).on_day(day)) for day in (6, 7, 27)] == [2, 0, 0]
    assert [len(amounts(COURSE.paused(3, 5), day)) for day in (2, 3, 5, 6)] == [2, 0, 0, 2]
    assert [len(amounts(COURSE.missed([4]), day)) for day in (3, 4, 5)] == [2, 0, 2]


def test_a_switch_and_fasting_change_what_is_taken_not_how_much() -> None:
    course = COURSE.switched(15, formulation="lidose", food="fasted")
    assert (course.doses[0].formulation, course.doses[-1].formulation) == ("conventional", "lidose")
    assert COURSE.fasting([2]).on_day(1)[0].food == "fasted"
    assert course.cumulative == COURSE.cumulative


def test_one_course_follows_another() -> None:
    both = Regimen.daily(10, weeks=1).then(Regimen.daily(20, weeks=2))
    assert both.days == 21
    assert [amounts(both, day) for day in (7, 8)] == [[10], [20]]


def test_random_adherence_takes_about_its_share(model: Model) -> None:
    made = simulate(Population.sample(model, 500), COURSE.adhered(0.7), [TotalDose()], follow_days=0)
    taken = made.column("dose_mg").values
    assert taken.mean() / COURSE.cumulative == pytest.approx(0.7, abs=0.02)
    assert taken.std() > 0


def test_a_dose_per_kg_follows_the_weight(model: Model) -> None:
    made = simulate(Population.typical(model, weight_kg=58), Regimen.daily(0.5, weeks=2, per_kg=True), [TotalDose()])
    assert made.column("dose_mg").values[0] == pytest.approx(0.5 * 58 * 14)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda: Regimen((), 5), "no dose at all", id="empty"),
        pytest.param(lambda: Regimen((Dose(0, -5),), 1), "-5 mg", id="negative-dose"),
        pytest.param(lambda: Regimen((Dose(30, 5),), 1), "outside the course", id="after-the-end"),
        pytest.param(lambda: Regimen((Dose(5, 5), Dose(3, 5)), 1), "earlier than hour 5", id="out-of-order"),
        pytest.param(lambda: Regimen((Dose(3, 5), Dose(3, 9)), 1), "add the amounts", id="twice-at-one-time"),
        pytest.param(
            lambda: Regimen((Dose(3, 5, food="meal"), Dose(3, 9, food="fasted")), 1),
            "two food states",
            id="fed-and-fasted",
        ),
        pytest.param(lambda: Regimen.daily(5, weeks=1, days=7), "weeks and days", id="two-lengths"),
        pytest.param(lambda: Regimen.daily(5, days=7, food="brunch"), 'food "brunch"', id="unknown-food"),
        pytest.param(lambda: COURSE.adhered(0.0), "adherence: 0", id="nothing-ever-taken"),
        pytest.param(lambda: COURSE.tapered([5] * 9, weeks_each=1), "taper", id="taper-longer-than-the-course"),
        pytest.param(lambda: COURSE.then(Regimen.daily(0.5, days=7, per_kg=True)), "one unit", id="mg-and-mg-per-kg"),
    ],
)
def test_a_regimen_that_contradicts_itself_is_refused(make: object, said: str) -> None:
    assert callable(make)
    with pytest.raises(KineticsError, match=said):
        make()


def test_a_pair_without_a_published_number_is_refused(model: Model) -> None:
    with pytest.raises(KineticsError, match="absorption of lidose meal: no published number"):
        simulate(Population.typical(model), Regimen.daily(16, days=3, formulation="lidose"))


@pytest.mark.parametrize(
    ("dose", "strengths", "count"),
    [(40, (10, 20), 2), (32, (8, 16), 2), (20, (8, 16), None), (30, (10, 20, 30), 1), (20, (), None)],
)
def test_capsules_are_the_fewest_that_make_the_dose(
    dose: float, strengths: tuple[float, ...], count: int | None
) -> None:
    regimen = Regimen((Dose(0, dose),), 1, strengths=strengths)
    assert capsules(regimen, 70.0) == count


def test_options_are_off_by_default() -> None:
    assert Options() == Options(occasions=False, tretinoin=False, recycling=False)
