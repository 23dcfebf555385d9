from fractions import Fraction

import pytest

from isocourse.app.assess import assess
from isocourse.course.outline import Outline, PlannedSupply, as_planned
from isocourse.course.project import Future, Projection, projector, thresholds
from isocourse.facts.days import Span, day_number
from isocourse.facts.record import Event, Quantity, Record
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.truth import Truth

TODAY = day_number(2026, 11, 24)
START = TODAY + 7
MONTH = PlannedSupply(START, START + 29, Fraction(40), 1, "conventional", "eu-conventional")


def seen(library: Library, *events: Event, birth: int = day_number(1999, 4, 17)) -> Assessment:
    record = Record(Span.of(birth), False, tuple(events), jurisdiction="EU", product="eu-conventional", source="native")
    return assess(library, record, Asked(TODAY))


def event(stream: str, value: object, day: int, item: str = "") -> Event:
    return Event(stream, value, Span.of(day), None, "test", "as told", item)  # type: ignore[arg-type]  # any part


def truth(projection: Projection, fact: str, *, sure: bool = True) -> Truth:
    slot = projection.library.program.slot_named(fact)
    assert slot is not None
    return Truth((projection.sure if sure else projection.stands).snapshot.state.low[slot])


def on(library: Library, assessment: Assessment, day: int, outline: Outline | None = None) -> Projection:
    return projector(library, assessment.snapshot, outline or Outline(START, None, (MONTH,)))(day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(START - 1, Truth.NO, id="the-day-before"),
        pytest.param(START, Truth.NO, id="on-the-first-day-what-is-asked-comes-before-the-capsule"),
        pytest.param(START + 1, Truth.YES, id="the-day-after"),
    ],
)
def test_treatment_begins_with_the_planned_first_dose(library: Library, day: int, expected: Truth) -> None:
    assert truth(on(library, seen(library), day), "on_treatment") is expected


def test_treatment_is_over_the_day_after_a_planned_last_dose(library: Library) -> None:
    outline = Outline(START, START + 29, (MONTH,))
    found = [truth(on(library, seen(library), START + day, outline), "on_treatment") for day in (29, 30)]
    assert found == [Truth.YES, Truth.NO]


def test_what_is_true_today_and_may_change_is_left_open_later_and_kept_as_things_stand(library: Library) -> None:
    told = seen(library, event("conditions", Truth.NO, TODAY, "pregnancy"))
    later = on(library, told, TODAY + 40)
    assert truth(later, "pregnant") is Truth.UNKNOWN
    assert truth(later, "pregnant", sure=False) is Truth.NO


def test_what_holds_holds(library: Library) -> None:
    told = seen(library, event("family_history", Truth.YES, TODAY))
    assert truth(on(library, told, TODAY + 200), "family_history") is Truth.YES


def test_a_list_that_says_never_may_say_ever_later_but_not_the_other_way_round(library: Library) -> None:
    told = seen(library, event("allergies", Truth.YES, TODAY, "soya"), event("allergies", Truth.NO, TODAY, "peanut"))
    later = on(library, told, TODAY + 40)
    assert truth(later, "any(allergies, kind = soya)") is Truth.YES
    assert truth(later, "any(allergies, kind = peanut)") is Truth.UNKNOWN


@pytest.mark.parametrize(("after", "expected"), [(31, Truth.YES), (32, Truth.NO)])
def test_a_paper_of_a_month_counts_to_its_last_day_and_then_is_not_there(
    library: Library, after: int, expected: Truth
) -> None:
    told = seen(library, event("booklet_filled", Truth.YES, TODAY))
    assert truth(on(library, told, TODAY + after), "booklet_filled") is expected


def test_age_moves_with_the_calendar(library: Library) -> None:
    assessment = seen(library, birth=day_number(2008, 12, 24))
    slot = library.program.slot_named("age")
    assert slot is not None
    ages = [on(library, assessment, TODAY + day).sure.snapshot.state.low[slot] for day in (29, 30)]
    assert ages == [17, 18]


def test_a_planned_test_has_a_day_and_no_result(library: Library) -> None:
    outline = Outline(START, None, (MONTH,), (START,))
    record = as_planned(seen(library).record, outline, START)
    planned = [each for each in record.events if each.stream == "pregnancy_test"]
    assert [(each.happened, set(each.value)) for each in planned] == [  # type: ignore[arg-type]  # coded
        (Span.of(START), {"negative", "positive", "unclear"})
    ]
    assert not [
        each for each in as_planned(seen(library).record, outline, START - 1).events if each.stream == "pregnancy_test"
    ]


def test_an_order_is_a_draft_on_its_day_current_while_it_lasts_and_over_when_its_capsules_are(library: Library) -> None:
    record = seen(library).record
    outline = Outline(START, None, (MONTH,))
    states = [as_planned(record, outline, day).orders[0].state for day in (START, START + 29, START + 30)]
    assert states == ["draft", "current", "supply_ended"]
    assert as_planned(record, outline, START - 1).orders == ()


def test_every_fact_is_said_to_hold_move_expire_become_unknown_or_be_planned(library: Library) -> None:
    told = seen(
        library,
        event("weight", Quantity(6000, 6000, "kg"), TODAY),
        event("booklet_filled", Truth.YES, TODAY),
        event("family_history", Truth.NO, TODAY),
    )
    said = {each.fact: each for each in on(library, told, TODAY + 20).carried()}
    assert said["today"].future is Future.MOVES
    assert said["family_history"].future is Future.HOLDS
    assert said["weight"].future is Future.UNKNOWN
    assert (said["booklet_filled"].future, said["booklet_filled"].until) == (Future.EXPIRES, TODAY + 31)
    assert said["on_treatment"].future is Future.PLANNED
    assert said["alt_now"].future is Future.NOT_KNOWN_NOW


def test_today_is_what_was_assessed(library: Library) -> None:
    assessment = seen(library)
    assert tuple(on(library, assessment, TODAY).sure.values) == assessment.values


def test_the_ages_at_which_a_condition_turns_are_read_off_the_rules(library: Library) -> None:
    rows = [
        row.when
        for cell in library.edition("us-label/2026-08").cells
        for position in cell.positions
        for row in position.acting.rows
    ]
    assert 18 in thresholds(library, rows, "age")


def test_a_planned_test_says_nothing_of_who_could_become_pregnant(library: Library) -> None:
    boy = seen(library, event("recorded_gender", ("male",), TODAY))
    later = on(library, boy, START + 5, Outline(START, None, (MONTH,), (START,)))
    assert truth(later, "female_organs") is Truth.NO
    assert truth(later, "female_organs", sure=False) is Truth.NO
