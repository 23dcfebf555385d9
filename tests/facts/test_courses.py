"""Our own rules about a course: which order is judged, when it begins, and who could carry a pregnancy."""

import pytest
from msgspec.structs import replace

from isocourse.facts.courses import judged_orders, work_out
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, day_number, parse_span
from isocourse.facts.imply import implied
from isocourse.facts.record import Event, Order, Quantity, Record
from isocourse.facts.streams import Catalogue
from isocourse.logic.truth import Truth

TODAY = day_number(2026, 11, 24)


def said(stream: str, value: str) -> Event:
    return Event(stream, (value,), Span(FIRST_DAY, TODAY), None, "Patient/one", value)


def entry(stream: str, item: str, truth: Truth = Truth.YES, day: int = TODAY - 5) -> Event:
    return Event(stream, truth, Span.of(day), None, f"{stream} {item}", item.replace("_", " "), item)


PREGNANCY_TEST = Event("pregnancy_test", ("negative",), Span.of(TODAY - 5), None, "Observation/test", "negative")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param((), None, id="nothing-recorded"),
        pytest.param((said("recorded_gender", "female"),), Truth.YES, id="female"),
        pytest.param((said("recorded_gender", "male"),), Truth.NO, id="male-and-nothing-against-it"),
        pytest.param((said("recorded_gender", "other"),), None, id="other"),
        pytest.param((said("recorded_gender", "male"), PREGNANCY_TEST), Truth.YES, id="male-with-a-pregnancy-test"),
        pytest.param((said("recorded_gender", "other"), PREGNANCY_TEST), Truth.YES, id="other-with-a-pregnancy-test"),
        pytest.param(
            (said("recorded_gender", "male"), entry("procedures", "hysterectomy")),
            Truth.YES,
            id="male-after-hysterectomy-had-a-womb",
        ),
        pytest.param(
            (said("recorded_gender", "male"), entry("conditions", "pregnancy")), Truth.YES, id="male-and-pregnant"
        ),
        pytest.param(
            (said("recorded_gender", "male"), entry("conditions", "pregnancy", Truth.NO)),
            Truth.NO,
            id="male-and-pregnancy-refuted",
        ),
        pytest.param(
            (said("recorded_gender", "male"), said("sex_at_birth", "female")), Truth.YES, id="male-born-female"
        ),
        pytest.param(
            (said("recorded_gender", "female"), said("sex_at_birth", "male")), Truth.NO, id="female-born-male"
        ),
    ],
)
def test_a_recorded_gender_speaks_only_where_nothing_speaks_against_it(
    catalogue: Catalogue, events: tuple[Event, ...], expected: Truth | None
) -> None:
    assert work_out("female_organs", implied(Record(events=events), catalogue), TODAY).value is expected


def test_an_answer_from_recorded_gender_says_so(catalogue: Catalogue) -> None:
    found = work_out("female_organs", implied(Record(events=(said("recorded_gender", "male"),)), catalogue), TODAY)
    assert found.marks == ("from recorded gender",)


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        pytest.param("2008-11-25", (17, 17), id="eighteen-tomorrow"),
        pytest.param("2008-11-24", (18, 18), id="eighteen-today"),
        pytest.param("2008-11", (17, 18), id="some-day-of-this-month"),
        pytest.param("2008", (17, 18), id="some-day-of-that-year"),
    ],
)
def test_a_birth_date_known_in_part_leaves_the_ages_it_allows(birth: str, age: tuple[int, int]) -> None:
    assert work_out("age", Record(birth=parse_span(birth)), TODAY).value == Quantity(*age, "years")


def order(name: str, state: str, *, day: int | None = None, dose: int = 40) -> Order:
    return Order(
        name,
        f"isotretinoin {dose} mg",
        None if day is None else Span.of(day),
        state,
        daily_dose=Quantity(dose * 100, dose * 100, "mg/day"),
    )


@pytest.mark.parametrize(
    ("states", "judged"),
    [
        pytest.param(("ended",), [], id="an-ended-order-is-not-judged"),
        pytest.param(("supply_ended",), ["0"], id="one-said-to-be-active-is-judged-all-the-same"),
        pytest.param(("supply_ended", "current"), ["1"], id="a-running-one-goes-before-it"),
        pytest.param(("current", "draft", "supply_ended"), ["1"], id="a-draft-goes-first"),
        pytest.param(("current", "current"), ["0", "1"], id="two-running-ones-are-both-judged"),
    ],
)
def test_the_order_under_discussion_is_judged(states: tuple[str, ...], judged: list[str]) -> None:
    record = Record(orders=tuple(order(str(place), state) for place, state in enumerate(states)))
    assert [each.origin for each in judged_orders(record)] == judged


def test_two_orders_at_once_are_anything_from_the_larger_to_the_sum() -> None:
    record = Record(orders=(order("a", "current", dose=40), order("b", "current", dose=20)))
    found = work_out("ordered_daily_dose", record, TODAY)
    assert found.value == Quantity(4000, 6000, "mg/day")
    assert found.marks


def test_an_order_whose_dose_is_not_known_leaves_the_sum_without_an_upper_bound() -> None:
    record = Record(orders=(order("a", "current"), Order("b", "isotretinoin", None, "current")))
    found = work_out("ordered_daily_dose", record, TODAY).value
    assert isinstance(found, Quantity)
    assert found.low == 4000
    assert found.high > 1_000_000
    assert work_out("ordered_daily_dose", Record(orders=record.orders[1:]), TODAY).value is None


def test_a_first_dose_that_is_not_recorded_is_not_before_the_first_order() -> None:
    found = work_out(
        "first_dose",
        Record(orders=(order("a", "current", day=TODAY - 30), order("b", "current", day=TODAY - 90))),
        TODAY,
    )
    assert found.value == Span(TODAY - 90, TODAY)
    assert found.marks == ("first dose not recorded",)


@pytest.mark.parametrize("state", ["current", "draft", "supply_ended", "ended"])
def test_an_order_alone_does_not_say_that_she_takes_it(state: str) -> None:
    assert work_out("on_treatment", Record(orders=(order("a", state, day=TODAY - 30),)), TODAY).value is None


def told(name: str, day: int) -> Event:
    return Event(name, Span.of(day), Span.of(day), None, f"course.{name}", "told")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([told("first_dose", TODAY)], Truth.YES, id="begun-today"),
        pytest.param([told("first_dose", TODAY + 1)], Truth.NO, id="planned-for-tomorrow"),
        pytest.param([told("first_dose", TODAY - 90), told("last_dose", TODAY - 1)], Truth.NO, id="ended-yesterday"),
        pytest.param(
            [told("first_dose", TODAY - 90), told("last_dose", TODAY)], Truth.YES, id="the-last-dose-is-today"
        ),
    ],
)
def test_a_first_and_a_last_dose_say_whether_she_takes_it(events: list[Event], expected: Truth) -> None:
    assert work_out("on_treatment", Record(events=tuple(events)), TODAY).value is expected


def test_a_last_dose_after_the_newest_order_ends_the_course() -> None:
    record = Record(events=(told("last_dose", TODAY - 1),), orders=(order("a", "current", day=TODAY - 30),))
    assert work_out("on_treatment", record, TODAY).value is Truth.NO
    assert work_out("finished", record, TODAY).value is Truth.YES


def test_an_order_written_after_the_last_dose_means_that_it_is_not_all_over() -> None:
    record = Record(events=(told("last_dose", TODAY - 30),), orders=(order("a", "current", day=TODAY - 1),))
    assert work_out("on_treatment", record, TODAY).value is None
    assert work_out("finished", record, TODAY).value is Truth.NO


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(order("a", "current", day=TODAY - 30), id="written-on-the-day-of-the-last-dose"),
        pytest.param(replace(order("a", "current"), day=None), id="written-on-a-day-that-nobody-knows"),
        pytest.param(order("a", "supply_ended", day=TODAY - 29), id="whose-supply-is-over"),
    ],
)
def test_an_order_that_may_be_of_the_course_that_ended_leaves_it_open_whether_it_is_over(later: Order) -> None:
    record = Record(events=(told("last_dose", TODAY - 30),), orders=(later,))
    assert work_out("finished", record, TODAY).value is None


def test_the_last_dose_of_the_first_course_does_not_end_the_second() -> None:
    ordered = course(order("b", "current", day=TODAY - 1), first_dose=TODAY - 400, last_dose=TODAY - 200)
    assert work_out("last_dose", ordered, TODAY).value == Span(TODAY - 200, LAST_DAY)
    begun = course(order("b", "current", day=TODAY - 30), first_dose=TODAY - 29, last_dose=TODAY - 200)
    assert work_out("last_dose", begun, TODAY).value == Span(TODAY, LAST_DAY)
    thought_of = course(order("b", "draft", day=TODAY - 1), first_dose=TODAY - 400, last_dose=TODAY - 200)
    assert work_out("last_dose", thought_of, TODAY).value == Span.of(TODAY - 200)


def test_a_first_dose_after_the_last_one_begins_a_further_course_even_without_an_order() -> None:
    record = course(first_dose=TODAY - 29, last_dose=TODAY - 200)
    assert work_out("on_treatment", record, TODAY).value is Truth.YES
    assert work_out("finished", record, TODAY).value is Truth.NO
    planned = course(first_dose=TODAY + 9, last_dose=TODAY - 200)
    assert work_out("on_treatment", planned, TODAY).value is Truth.NO
    assert work_out("finished", planned, TODAY).value is Truth.YES


def test_the_months_since_a_last_dose_fit_with_the_last_dose_of_a_further_course() -> None:
    over = course(first_dose=TODAY - 400, last_dose=TODAY - 200)
    assert work_out("months_since_last_dose", over, TODAY).value == Quantity(6, 6, "months")
    ordered = course(order("b", "current", day=TODAY - 1), first_dose=TODAY - 400, last_dose=TODAY - 200)
    assert work_out("months_since_last_dose", ordered, TODAY).value == Quantity(0, 6, "months")
    begun = course(order("b", "current", day=TODAY - 30), first_dose=TODAY - 29, last_dose=TODAY - 200)
    assert work_out("months_since_last_dose", begun, TODAY).value is None


def test_a_last_dose_that_is_still_to_come_ends_the_course_that_runs() -> None:
    record = course(order("b", "current", day=TODAY - 30), first_dose=TODAY - 29, last_dose=TODAY + 60)
    assert work_out("last_dose", record, TODAY).value == Span.of(TODAY + 60)


@pytest.mark.parametrize(
    ("state", "taking", "begun"),
    [
        pytest.param("draft", Truth.NO, None, id="only-drafted"),
        pytest.param("current", None, Span(TODAY - 1, TODAY), id="ordered-and-perhaps-not-begun"),
    ],
)
def test_the_first_dose_of_the_first_course_does_not_begin_the_second(
    state: str, taking: Truth | None, begun: Span | None
) -> None:
    record = course(
        order("a", "ended", day=TODAY - 400),
        order("b", state, day=TODAY - 1),
        first_dose=TODAY - 400,
        last_dose=TODAY - 200,
    )
    assert work_out("on_treatment", record, TODAY).value is taking
    assert work_out("first_dose", record, TODAY).value == begun


def test_a_first_dose_told_after_the_last_one_begins_the_second_course() -> None:
    record = course(order("b", "current", day=TODAY - 30), first_dose=TODAY - 29, last_dose=TODAY - 200)
    assert work_out("on_treatment", record, TODAY).value is Truth.YES
    assert work_out("first_dose", record, TODAY).value == Span.of(TODAY - 29)


# the newest order against the one before it ------------------------------------------------------------------------------------
def course(*orders: Order, first_dose: int | None = TODAY - 60, last_dose: int | None = None) -> Record:
    days = (("first_dose", first_dose), ("last_dose", last_dose))
    return Record(events=tuple(told(name, day) for name, day in days if day is not None), orders=orders)


def moved(record: Record) -> tuple[object, object]:
    """Whether the dose was raised, and whether it was lowered."""
    return work_out("dose_raised", record, TODAY).value, work_out("dose_lowered", record, TODAY).value


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(20, 40, (Truth.YES, Truth.NO), id="raised"),
        pytest.param(40, 20, (Truth.NO, Truth.YES), id="lowered"),
        pytest.param(40, 40, (Truth.NO, Truth.NO), id="kept"),
    ],
)
def test_the_newest_order_is_compared_with_the_one_before_it(
    before: int, after: int, expected: tuple[Truth, Truth]
) -> None:
    one, other = order("a", "ended", day=TODAY - 40, dose=before), order("b", "current", day=TODAY - 10, dose=after)
    assert moved(course(one, other)) == expected
    assert moved(course(other, one)) == expected, "the days decide, not the place in the file"


def test_what_is_compared_names_both_orders_and_their_days() -> None:
    found = work_out(
        "dose_raised",
        course(order("a", "ended", day=TODAY - 40, dose=20), order("b", "current", day=TODAY - 10)),
        TODAY,
    )
    assert found.written == "isotretinoin 20 mg on 15 Oct 2026, then isotretinoin 40 mg on 14 Nov 2026"
    assert found.origins == ("a", "b")


def test_only_the_newest_step_counts_a_raise_before_it_is_over() -> None:
    days = ((TODAY - 60, 20), (TODAY - 40, 40), (TODAY - 10, 40))
    orders = [order(str(day), "ended", day=day, dose=dose) for day, dose in days]
    assert moved(course(*orders)) == (Truth.NO, Truth.NO)
    assert moved(course(*orders[:2])) == (Truth.YES, Truth.NO)


def test_a_draft_stands_in_place_of_the_running_order() -> None:
    running, draft = order("a", "current", day=TODAY - 20, dose=40), order("b", "draft", day=TODAY, dose=20)
    assert moved(course(running, draft)) == (Truth.NO, Truth.YES)


def test_a_running_order_may_be_taken_beside_a_newer_running_one() -> None:
    running = order("a", "current", day=TODAY - 20, dose=40)
    assert moved(course(running, order("b", "current", day=TODAY - 5, dose=20))) == (None, None)
    assert moved(course(running, order("b", "current", day=TODAY - 5, dose=40))) == (None, Truth.NO)
    assert moved(course(running, order("b", "current", day=TODAY - 5, dose=60))) == (Truth.YES, Truth.NO)


def partly(name: str, day: Span | None, low: int, high: int) -> Order:
    return Order(name, f"isotretinoin {low} to {high} mg", day, "ended", daily_dose=Quantity(low * 100, high * 100))


@pytest.mark.parametrize(
    ("orders", "first_dose"),
    [
        pytest.param([], TODAY - 60, id="no-order"),
        pytest.param([order("a", "current", day=TODAY - 10)], TODAY - 60, id="one-order"),
        pytest.param(
            [order("a", "ended", day=TODAY - 40, dose=20), order("b", "current")], TODAY - 60, id="a-day-not-known"
        ),
        pytest.param(
            [partly("a", Span(TODAY - 40, TODAY - 10), 20, 20), order("b", "current", day=TODAY - 20)],
            TODAY - 60,
            id="days-that-do-not-tell-which-came-last",
        ),
        pytest.param(
            [
                Order("a", "isotretinoin", Span.of(TODAY - 40), "ended"),
                order("b", "current", day=TODAY - 10),
            ],
            TODAY - 60,
            id="a-dose-not-known",
        ),
        pytest.param(
            [partly("a", Span.of(TODAY - 40), 20, 41), order("b", "current", day=TODAY - 10, dose=40)],
            TODAY - 60,
            id="doses-that-overlap",
        ),
        pytest.param(
            [order("a", "ended", day=TODAY - 151, dose=20), order("b", "current", day=TODAY - 10)],
            TODAY - 60,
            id="91-days-before-the-first-dose-may-be-another-course",
        ),
        pytest.param(
            [order("a", "ended", day=TODAY - 101, dose=20), order("b", "current", day=TODAY - 10)],
            None,
            id="91-days-apart-and-no-first-dose",
        ),
    ],
)
def test_what_the_orders_do_not_tell_stays_open(orders: list[Order], first_dose: int | None) -> None:
    assert moved(course(*orders, first_dose=first_dose))[0] is None


def test_90_days_are_of_one_course() -> None:
    assert moved(course(order("a", "ended", day=TODAY - 150, dose=20), order("b", "current", day=TODAY - 10))) == (
        Truth.YES,
        Truth.NO,
    )
    assert moved(
        course(order("a", "ended", day=TODAY - 100, dose=20), order("b", "current", day=TODAY - 10), first_dose=None)
    ) == (Truth.YES, Truth.NO)


def test_a_last_dose_between_them_makes_two_courses_possible() -> None:
    orders = order("a", "ended", day=TODAY - 40, dose=20), order("b", "current", day=TODAY - 10)
    assert moved(course(*orders, last_dose=TODAY - 20)) == (None, None)
    assert moved(course(*orders, last_dose=TODAY - 10)) == (Truth.YES, Truth.NO)


@pytest.mark.parametrize("kinds", [("conventional", "micronised"), ("conventional", "")])
def test_milligrams_of_two_formulations_are_not_compared(kinds: tuple[str, str]) -> None:
    one, other = (
        replace(each, formulation=(kind,) if kind else ())
        for each, kind in zip(
            (order("a", "ended", day=TODAY - 40), order("b", "current", day=TODAY - 10, dose=32)), kinds, strict=True
        )
    )
    assert moved(course(one, other)) == (None, None)


def test_formulations_that_are_not_named_are_taken_to_be_the_same_and_it_is_said() -> None:
    record = course(order("a", "ended", day=TODAY - 40, dose=20), order("b", "current", day=TODAY - 10))
    assert work_out("dose_raised", record, TODAY).marks
    named = [replace(each, formulation=("lidose",)) for each in record.orders]
    assert not work_out("dose_raised", replace(record, orders=tuple(named)), TODAY).marks
