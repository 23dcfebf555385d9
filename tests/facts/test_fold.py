"""A timeline folds to what it leaves possible: the latest value, the first, how many, whether any."""

import pytest

from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, day_number
from isocourse.facts.declare import Anchor, Filter, Fold
from isocourse.facts.fold import Folded, fold_events
from isocourse.facts.record import Coverage, Event, Quantity, Record, Unjudged
from isocourse.facts.streams import Catalogue
from isocourse.library import Library
from isocourse.logic.truth import Truth

TODAY = day_number(2026, 11, 24)
FIRST_DOSE = day_number(2026, 9, 21)
EVERYTHING = Span(FIRST_DAY, TODAY)

CURRENT = Filter("state", ("current", "said_active"))
TETRACYCLINES = Fold("any", "drugs", where=(Filter("kind", ("tetracycline",)), CURRENT))


def alt(value: int, happened: int | Span, origin: str = "", known: Span | None = None) -> Event:
    span = Span.of(happened) if isinstance(happened, int) else happened
    return Event("alt", Quantity(value, value, "U/L"), span, known, origin or f"alt of {value}", f"{value} U/L")


def drug(item: str, truth: Truth = Truth.YES, *, day: int = TODAY - 10, state: str = "current") -> Event:
    return Event("drugs", truth, Span.of(day), None, f"drugs {item}", item, item, state=state)


def folded(catalogue: Catalogue, fold: Fold, record: Record, first_dose: Span | None = None) -> Folded:
    return fold_events(fold, record, catalogue, lambda _: first_dose or Span.of(FIRST_DOSE), TODAY)


def origins(found: Folded) -> list[str | None]:
    return [None if event is None else event.origin for event in found.candidates]


# the last and the first --------------------------------------------------------------------------------------------------
def test_the_last_value_is_the_latest_one_however_the_file_orders_them(catalogue: Catalogue) -> None:
    found = folded(catalogue, Fold("last", "alt"), Record(events=(alt(30, TODAY - 5), alt(20, TODAY - 90))))
    assert origins(found) == ["alt of 30"]


def test_a_value_of_tomorrow_is_not_read_today(catalogue: Catalogue) -> None:
    found = folded(catalogue, Fold("last", "alt"), Record(events=(alt(30, TODAY + 1), alt(20, TODAY))))
    assert origins(found) == ["alt of 20"]


def test_nothing_on_file_leaves_the_last_value_open(catalogue: Catalogue) -> None:
    assert folded(catalogue, Fold("last", "alt"), Record()).candidates == (None,)


def test_a_value_without_a_day_may_be_the_last_one_and_is_named(catalogue: Catalogue) -> None:
    undated = alt(300, EVERYTHING, "Observation/undated")
    found = folded(catalogue, Fold("last", "alt"), Record(events=(alt(20, TODAY - 90), undated)))
    assert origins(found) == ["alt of 20", "Observation/undated"]
    assert len(found.marks) == 1
    assert "Observation/undated" in found.marks[0]


def test_a_value_known_before_the_latest_one_was_taken_cannot_be_the_last(catalogue: Catalogue) -> None:
    early = alt(300, Span(FIRST_DAY, TODAY - 91), "issued before")
    assert origins(folded(catalogue, Fold("last", "alt"), Record(events=(alt(20, TODAY - 90), early)))) == ["alt of 20"]


def test_two_values_of_one_day_both_stay_possible(catalogue: Catalogue) -> None:
    found = folded(catalogue, Fold("last", "alt"), Record(events=(alt(20, TODAY - 5), alt(900, TODAY - 5))))
    assert origins(found) == ["alt of 20", "alt of 900"]


def test_the_first_value_needs_a_record_said_to_be_complete(catalogue: Catalogue) -> None:
    events = (alt(30, TODAY - 5), alt(20, TODAY - 90))
    assert folded(catalogue, Fold("first", "alt"), Record(events=events)).candidates == (None,)
    complete = Record(events=events, coverage=(Coverage("alt", FIRST_DAY, TODAY, "the laboratory"),))
    assert origins(folded(catalogue, Fold("first", "alt"), complete)) == ["alt of 20"]


def test_a_denial_is_no_beginning_of_anything(catalogue: Catalogue) -> None:
    events = (drug("doxycycline", Truth.NO, day=TODAY - 90), drug("doxycycline", day=TODAY - 10))
    complete = Record(events=events, coverage=(Coverage("drugs", FIRST_DAY, TODAY, "pharmacy"),))
    found = folded(catalogue, Fold("first", "drugs", where=(CURRENT,)), complete)
    assert [event.happened.first for event in found.candidates if event] == [TODAY - 10]


# windows -------------------------------------------------------------------------------------------------------------------
BASELINE = Fold("last", "alt", first=Anchor("first_dose", -90), last=Anchor("first_dose"))


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        pytest.param(FIRST_DOSE - 91, False, id="a-day-too-early"),
        pytest.param(FIRST_DOSE - 90, True, id="on-the-first-day"),
        pytest.param(FIRST_DOSE, True, id="on-the-day-of-the-first-dose"),
        pytest.param(FIRST_DOSE + 1, False, id="a-day-too-late"),
    ],
)
def test_a_baseline_is_taken_in_the_ninety_days_up_to_the_first_dose(
    catalogue: Catalogue, day: int, counts: bool
) -> None:
    found = folded(catalogue, BASELINE, Record(events=(alt(20, day),)))
    assert origins(found) == (["alt of 20"] if counts else [None])


def test_without_a_day_of_the_first_dose_a_value_may_or_may_not_be_a_baseline(catalogue: Catalogue) -> None:
    found = folded(catalogue, BASELINE, Record(events=(alt(20, FIRST_DOSE),)), Span(FIRST_DAY, LAST_DAY))
    assert origins(found) == ["alt of 20", None]


def test_a_value_without_a_day_may_or_may_not_be_a_baseline(catalogue: Catalogue) -> None:
    assert origins(folded(catalogue, BASELINE, Record(events=(alt(20, EVERYTHING),)))) == ["alt of 20", None]


# how much and how many -----------------------------------------------------------------------------------------------------
def test_the_highest_value_is_at_least_what_is_on_file(catalogue: Catalogue) -> None:
    events = (alt(20, TODAY - 90), alt(300, TODAY - 30), alt(40, TODAY - 5))
    found = folded(catalogue, Fold("highest", "alt"), Record(events=events))
    assert (found.low, found.high) == (300, None)


def test_the_highest_value_of_a_complete_record_is_known(catalogue: Catalogue) -> None:
    record = Record(
        events=(alt(20, TODAY - 90), alt(300, TODAY - 30)), coverage=(Coverage("alt", FIRST_DAY, TODAY, "us"),)
    )
    assert (
        folded(catalogue, Fold("highest", "alt"), record).low,
        folded(catalogue, Fold("highest", "alt"), record).high,
    ) == (300, 300)


def test_the_lowest_value_is_at_most_what_is_on_file(catalogue: Catalogue) -> None:
    found = folded(catalogue, Fold("lowest", "alt"), Record(events=(alt(20, TODAY - 90), alt(300, TODAY - 30))))
    assert (found.low, found.high) == (None, 20)


def test_a_count_is_at_least_the_sure_ones_and_has_no_upper_bound_in_an_open_record(catalogue: Catalogue) -> None:
    events = (alt(20, TODAY - 9), alt(30, TODAY - 5), alt(40, EVERYTHING))
    since = Fold("count", "alt", first=Anchor("first_dose"))
    found = folded(catalogue, since, Record(events=events))
    assert (found.low, found.high) == (2, None)
    complete = Record(events=events, coverage=(Coverage("alt", FIRST_DOSE, TODAY, "the laboratory"),))
    assert (folded(catalogue, since, complete).low, folded(catalogue, since, complete).high) == (2, 3)


def test_a_list_denied_as_a_whole_counts_nothing(catalogue: Catalogue) -> None:
    found = folded(
        catalogue,
        Fold("count", "methods"),
        Record(events=(Event("methods", Truth.NO, Span.of(TODAY), None, "asked", "none", "*"),)),
    )
    assert (found.low, found.high) == (0, 0)


# any -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(Record(), Truth.UNKNOWN, id="an-empty-file-says-nothing"),
        pytest.param(Record(events=(drug("doxycycline"),)), Truth.YES, id="one-is-on-the-list"),
        pytest.param(Record(events=(drug("tetracycline"),)), Truth.YES, id="the-class-itself-is-on-the-list"),
        pytest.param(Record(events=(drug("carbamazepine"),)), Truth.UNKNOWN, id="another-drug-says-nothing"),
        pytest.param(Record(events=(drug("doxycycline", Truth.UNKNOWN),)), Truth.UNKNOWN, id="one-may-be-on-the-list"),
        pytest.param(Record(events=(drug("*", Truth.NO),)), Truth.NO, id="the-whole-list-is-denied"),
        pytest.param(Record(events=(drug("tetracycline", Truth.NO),)), Truth.NO, id="the-class-is-denied"),
        pytest.param(
            Record(events=(drug("doxycycline", Truth.NO),)),
            Truth.UNKNOWN,
            id="denying-one-of-a-class-does-not-deny-the-class",
        ),
        pytest.param(
            Record(coverage=(Coverage("drugs", FIRST_DAY, TODAY, "pharmacy"),)),
            Truth.NO,
            id="a-complete-list-without-one",
        ),
        pytest.param(
            Record(coverage=(Coverage("drugs", FIRST_DAY, TODAY - 1, "pharmacy"),)),
            Truth.UNKNOWN,
            id="a-list-complete-up-to-yesterday",
        ),
        pytest.param(
            Record(coverage=(Coverage("conditions", FIRST_DAY, TODAY, "us"),)),
            Truth.UNKNOWN,
            id="another-list-is-complete",
        ),
        pytest.param(
            Record(
                coverage=(Coverage("drugs", FIRST_DAY, TODAY, "pharmacy"),),
                unjudged=(Unjudged("drugs", "Mystery", "order 1"),),
            ),
            Truth.UNKNOWN,
            id="a-drug-of-unknown-class-stands-in-a-complete-list",
        ),
        pytest.param(
            Record(events=(drug("doxycycline", state="ended"), drug("*", Truth.NO))),
            Truth.NO,
            id="one-that-has-ended-is-not-current",
        ),
        pytest.param(Record(events=(drug("doxycycline", state="said_active"),)), Truth.YES, id="one-said-to-be-active"),
        pytest.param(
            Record(events=(drug("doxycycline", day=TODAY + 1), drug("*", Truth.NO))), Truth.NO, id="one-of-tomorrow"
        ),
    ],
)
def test_a_no_needs_somebody_who_says_so(catalogue: Catalogue, record: Record, expected: Truth) -> None:
    assert folded(catalogue, TETRACYCLINES, record).truth is expected


def test_a_drug_on_the_list_outweighs_a_list_denied_as_a_whole_and_the_denial_is_named(catalogue: Catalogue) -> None:
    found = folded(catalogue, TETRACYCLINES, Record(events=(drug("doxycycline"), drug("*", Truth.NO))))
    assert found.truth is Truth.YES
    assert "the file also says no" in found.marks[0]


ALLERGIES = Fold("any", "allergies", where=(Filter("kind", ("peanut",)),))


@pytest.mark.parametrize(
    ("fold", "days_ago", "expected"),
    [
        pytest.param(TETRACYCLINES, 31, Truth.NO, id="what-comes-and-goes-denied-a-month-ago"),
        pytest.param(TETRACYCLINES, 32, Truth.UNKNOWN, id="what-comes-and-goes-denied-longer-ago"),
        pytest.param(ALLERGIES, 366, Truth.NO, id="what-lasts-denied-a-year-ago"),
        pytest.param(ALLERGIES, 367, Truth.UNKNOWN, id="what-lasts-denied-longer-ago"),
    ],
)
def test_a_no_said_long_ago_is_no_longer_a_no(catalogue: Catalogue, fold: Fold, days_ago: int, expected: Truth) -> None:
    denial = Event(fold.stream, Truth.NO, Span.of(TODAY - days_ago), None, "asked", "none", "*")
    assert folded(catalogue, fold, Record(events=(denial,))).truth is expected


def test_a_no_without_a_day_holds_only_for_what_does_not_come_and_go(catalogue: Catalogue) -> None:
    def denied(fold: Fold) -> Truth | None:
        return folded(
            catalogue, fold, Record(events=(Event(fold.stream, Truth.NO, EVERYTHING, None, "asked", "none", "*"),))
        ).truth

    assert (denied(TETRACYCLINES), denied(ALLERGIES)) == (Truth.UNKNOWN, Truth.NO)


@pytest.mark.parametrize(
    ("items", "least"),
    [
        pytest.param(("implant", "male_condom"), 2, id="two-methods"),
        pytest.param(("implant", "hormonal_form"), 1, id="a-method-and-its-class"),
        pytest.param(("hormonal_form", "user_independent"), 1, id="two-classes-that-one-method-can-be"),
        pytest.param(("hormonal_form", "barrier"), 2, id="two-classes-that-share-no-method"),
        pytest.param(("primary", "implant", "barrier", "male_condom"), 2, id="two-methods-each-with-its-class"),
        pytest.param(("primary", "secondary", "user_dependent"), 2, id="a-class-that-may-be-either"),
    ],
)
def test_a_class_beside_a_method_that_may_be_it_is_no_second_method(
    library: Library, items: tuple[str, ...], least: int
) -> None:
    on_file = [
        Event("methods", Truth.YES, Span.of(TODAY - 60), None, "said", f"line {place}", item)
        for place, item in enumerate(items)
    ]
    for events in (on_file, on_file[::-1]):
        found = folded(library.catalogue, Fold("count", "methods"), Record(events=tuple(events)))
        assert (found.low, found.high) == (least, None)
