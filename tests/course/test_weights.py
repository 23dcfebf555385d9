"""The weight that counts on a day: the last one up to it, what was given for the plan before what is on file."""

from fractions import Fraction

from isocourse.course.amounts import Amount
from isocourse.course.wanted import Wanted
from isocourse.course.weights import STEPS, latest, weight_on, weights_of
from isocourse.facts.days import Span
from isocourse.facts.record import Event, Quantity, Record
from isocourse.facts.streams import Catalogue


def weighed(kg: str, first: int, last: int | None = None) -> Event:
    steps = int(Fraction(kg) * STEPS)
    return Event("weight", Quantity(steps, steps, "kg"), Span(first, last or first), None, "line 1: weight", f"{kg} kg")


def shown(record: Record, wanted: Wanted, today: int | None = None) -> list[tuple[int, str, str, bool]]:
    return [(each.day, str(each.kg.low), str(each.kg.high), each.asked) for each in weights_of(record, wanted, today)]


def test_the_steps_are_those_of_the_stream(catalogue: Catalogue) -> None:
    assert catalogue.by_name["weight"].steps_in("kg") == STEPS


def test_weights_stand_in_the_order_of_their_days() -> None:
    record = Record(events=(weighed("60.5", 200), weighed("58", 100)))
    assert shown(record, Wanted()) == [(100, "58", "58", False), (200, "121/2", "121/2", False)]


def test_a_weight_without_a_day_of_its_own_is_not_used() -> None:
    assert shown(Record(events=(weighed("58", 100, 130),)), Wanted()) == []


def test_of_two_on_one_day_either_may_be_right() -> None:
    record = Record(events=(weighed("58", 100), weighed("59", 100), weighed("57", 100)))
    assert shown(record, Wanted()) == [(100, "57", "59", False)]


def test_one_given_for_the_plan_takes_the_place_of_what_is_on_file_that_day() -> None:
    record = Record(events=(weighed("58", 100), weighed("60", 200)))
    wanted = Wanted(weights=((200, Fraction(61)), (300, Fraction(62))))
    assert shown(record, wanted) == [(100, "58", "58", False), (200, "61", "61", True), (300, "62", "62", True)]


def test_one_given_without_a_day_is_of_today() -> None:
    record, wanted = Record(events=(weighed("58", 100),)), Wanted(weights=((None, Fraction(61)),))
    assert shown(record, wanted, 150) == [(100, "58", "58", False), (150, "61", "61", True)]
    assert shown(record, wanted) == [(100, "61", "61", True)]
    assert weight_on(weights_of(Record(), wanted), 90) == weights_of(Record(), wanted)[0]


def test_the_last_weight_up_to_a_day_counts_and_before_the_first_one_the_first() -> None:
    weights = weights_of(Record(events=(weighed("58", 100), weighed("60", 200))), Wanted())
    kg = [weight.kg if (weight := weight_on(weights, day)) else None for day in (99, 100, 199, 200, 900)]
    assert kg == [Amount.of(58), Amount.of(58), Amount.of(58), Amount.of(60), Amount.of(60)]
    assert latest(weights) == weights[-1]
    assert weight_on((), 100) is None
    assert latest(()) is None
