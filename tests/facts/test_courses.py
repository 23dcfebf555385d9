"""Our own rules about a course: which order is judged, when it begins, and who could carry a pregnancy."""

import pytest

from isocourse.facts.courses import judged_orders, work_out
from isocourse.facts.days import FIRST_DAY, Span, day_number, parse_span
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


def test_an_order_after_the_last_dose_leaves_it_open_whether_the_course_is_over() -> None:
    record = Record(events=(told("last_dose", TODAY - 30),), orders=(order("a", "current", day=TODAY - 1),))
    assert work_out("on_treatment", record, TODAY).value is None
    assert work_out("finished", record, TODAY).value is None
