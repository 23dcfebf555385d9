"""Drugs that were handed out or given, prescribed contraception, and what ends when."""

import pytest

from isocourse.facts.days import day_number, parse_span
from isocourse.facts.streams import Catalogue
from isocourse.logic.truth import Truth
from tests.fhir.resources import RXNORM, SNOMED, Resource, concept, lines, order, read, statement

DOXYCYCLINE = concept(RXNORM, "3640", "doxycycline")


def dispensed(**parts: object) -> Resource:
    return {
        "resourceType": "MedicationDispense",
        "id": "dispense",
        "status": "completed",
        "medicationCodeableConcept": DOXYCYCLINE,
        "whenHandedOver": "2026-11-16",
    } | parts


@pytest.mark.parametrize(
    ("parts", "state", "taken"),
    [
        pytest.param({"daysSupply": {"value": 28, "code": "d"}}, "current", Truth.YES, id="its-days-are-running"),
        pytest.param({"daysSupply": {"value": 7, "code": "d"}}, "ended", Truth.YES, id="its-days-are-over"),
        pytest.param({}, "current", Truth.UNKNOWN, id="for-how-long-is-not-said"),
    ],
)
def test_a_dispensed_drug_is_taken_as_long_as_it_lasts(
    catalogue: Catalogue, parts: Resource, state: str, taken: Truth
) -> None:
    [found] = read(catalogue, dispensed(**parts)).events
    assert (found.item, found.state, found.value) == ("doxycycline", state, taken)


def test_capsules_handed_out_are_dated_and_are_no_order(catalogue: Catalogue) -> None:
    record = read(catalogue, dispensed(medicationCodeableConcept=concept(RXNORM, "197844")))
    assert record.orders == ()
    assert [(event.stream, event.value) for event in record.events] == [("dispensed_on", parse_span("2026-11-16"))]


def test_a_drug_given_once_may_still_be_at_work(catalogue: Catalogue) -> None:
    given = {
        "resourceType": "MedicationAdministration",
        "id": "given",
        "status": "completed",
        "medicationCodeableConcept": DOXYCYCLINE,
        "effectiveDateTime": "2026-11-23",
    }
    [found] = read(catalogue, given).events
    assert (found.state, found.value) == ("current", Truth.UNKNOWN)


def test_a_drug_said_to_be_taken_until_a_day_that_is_past_is_only_said_to_be_active(catalogue: Catalogue) -> None:
    parts = {"effectiveDateTime": None, "effectivePeriod": {"start": "2020-01-01", "end": "2020-02-01"}}
    [found] = read(catalogue, statement(**parts)).events
    assert (found.state, found.until) == ("said_active", parse_span("2020-02-01"))
    assert found.happened == parse_span("2020-01-01")


def test_a_prescribed_pill_may_be_used_or_not(catalogue: Catalogue) -> None:
    pill = order(concept(RXNORM, "238015", "ethinyl estradiol / norethindrone"), dosageInstruction=[])
    [found] = [event for event in read(catalogue, pill).events if event.stream == "methods"]
    assert (found.item, found.value) == ("combined_pill", Truth.UNKNOWN)


def test_no_drugs_at_all_is_a_no_for_the_whole_list(catalogue: Catalogue) -> None:
    record = read(catalogue, statement(concept(SNOMED, "787481004", "No known medications")))
    assert [(event.item, event.value) for event in record.events] == [("*", Truth.NO)]
    assert record.unjudged == ()


def test_two_drugs_in_one_text_are_both_taken(catalogue: Catalogue) -> None:
    record = read(catalogue, statement({"text": "doxycycline and carbamazepine"}))
    assert {event.item: event.value for event in record.events} == {
        "doxycycline": Truth.YES,
        "carbamazepine": Truth.YES,
    }


def test_isotretinoin_under_doxycyclines_code_leaves_both_possible(catalogue: Catalogue) -> None:
    record = read(catalogue, order(concept(RXNORM, "3640", "Isotretinoin 20 MG Oral Capsule")))
    assert len(record.orders) == 1
    assert [(event.item, event.value) for event in record.events] == [("doxycycline", Truth.UNKNOWN)]
    assert "a code for doxycycline is called Isotretinoin 20 MG Oral Capsule" in lines(record)


# isotretinoin ----------------------------------------------------------------------------------------------------------
def said(**parts: object) -> Resource:
    asked = {key: value for key, value in (order() | parts).items() if key != "intent"}
    return asked | {"resourceType": "MedicationStatement", "id": "said"}


def test_an_order_and_the_statement_of_the_same_dose_are_one_course(catalogue: Catalogue) -> None:
    record = read(catalogue, order(), said())
    assert [each.origin for each in record.orders] == ["MedicationRequest/order"]
    assert [each.origin for each in record.unjudged] == ["MedicationStatement/said"]


def test_a_statement_of_another_dose_is_kept_beside_the_order(catalogue: Catalogue) -> None:
    more = {"timing": {"repeat": {"frequency": 4, "period": 1, "periodUnit": "d"}}}
    dose = {"doseAndRate": [{"doseQuantity": {"value": 20, "code": "mg"}}]}
    record = read(catalogue, order(), said(dosageInstruction=[more | dose]))
    assert len(record.orders) == 2


@pytest.mark.parametrize(
    ("supply", "wrong"),
    [
        pytest.param({"quantity": {"value": 1800, "code": "mg"}}, "a supply in mg", id="milligrams-are-no-capsules"),
        pytest.param({"quantity": {"value": -90, "code": "CAP"}}, "capsules -90", id="fewer-than-none"),
        pytest.param({"quantity": {"value": True}}, "capsules true", id="true"),
        pytest.param({"numberOfRepeatsAllowed": 1e30}, "repeats", id="without-end"),
    ],
)
def test_a_supply_that_cannot_be_counted_is_a_problem(catalogue: Catalogue, supply: Resource, wrong: str) -> None:
    record = read(catalogue, order(dispenseRequest=supply))
    assert wrong in lines(record)
    assert record.orders[0].days_supply is None


def test_a_whole_number_written_with_a_point_is_whole(catalogue: Catalogue) -> None:
    [found] = read(catalogue, order(dispenseRequest={"quantity": {"value": 60.0}})).orders
    assert found.days_supply is not None
    assert found.days_supply.low == found.days_supply.high == 30


def test_an_order_on_hold_is_read_as_not_running_and_said_so(catalogue: Catalogue) -> None:
    record = read(catalogue, order(status="on-hold"))
    assert record.orders[0].state == "ended"
    assert "an order on hold" in lines(record)


@pytest.mark.parametrize(
    ("words", "daily"),
    [
        ("20mg twice daily", 4000),
        ("Take 40 mg by mouth once a day with food", 4000),
        ("two capsules daily", 4000),
        ("take 1 capsule three times daily.", 6000),
        ("1-2 capsules daily", None),
        ("20 mg every other day", None),
        ("40 mg daily for 4 weeks, then 80 mg daily", None),
        ("٢٠ mg twice daily", None),
    ],
)
def test_only_plain_words_are_read_as_a_dose(catalogue: Catalogue, words: str, daily: int | None) -> None:
    [found] = read(catalogue, order(dosageInstruction=[{"text": words}])).orders
    assert (found.daily_dose.high if found.daily_dose else None) == daily
    assert words in found.written


def test_words_that_differ_from_the_coded_dose_are_named(catalogue: Catalogue) -> None:
    coded = {"text": "40 mg twice daily", **order()["dosageInstruction"][0]}
    record = read(catalogue, order(dosageInstruction=[coded]))
    assert 'the words say "40 mg twice daily"' in lines(record)


@pytest.mark.parametrize(
    ("repeat", "low", "high"),
    [
        pytest.param({"frequency": 1, "period": 2, "periodUnit": "d"}, 1000, 1000, id="every-other-day"),
        pytest.param(
            {"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"}, 2000, 4000, id="once-or-twice"
        ),
        pytest.param({"period": 12, "periodUnit": "h"}, 4000, 4000, id="every-twelve-hours"),
        pytest.param(
            {"frequency": 1, "period": 1, "periodMax": 2, "periodUnit": "d"}, 1000, 2000, id="every-day-or-two"
        ),
    ],
)
def test_how_often_is_counted_over_the_period(catalogue: Catalogue, repeat: Resource, low: int, high: int) -> None:
    dose = {"doseAndRate": [{"doseQuantity": {"value": 20, "code": "mg"}}], "timing": {"repeat": repeat}}
    [found] = read(catalogue, order(dosageInstruction=[dose])).orders
    assert found.daily_dose is not None
    assert (found.daily_dose.low, found.daily_dose.high) == (low, high)


def test_as_needed_may_be_nothing_at_all(catalogue: Catalogue) -> None:
    needed = order()["dosageInstruction"][0] | {"asNeededBoolean": True}
    [found] = read(catalogue, order(dosageInstruction=[needed])).orders
    assert found.daily_dose is not None
    assert (found.daily_dose.low, found.daily_dose.high) == (0, 4000)


def test_a_reason_that_cannot_be_looked_up_leaves_it_open_whether_it_is_acne(catalogue: Catalogue) -> None:
    [found] = read(catalogue, order(reasonReference=[{"reference": "Condition/elsewhere"}])).orders
    assert found.reason_acne is Truth.UNKNOWN


def test_an_order_without_a_day_is_said_to_be_active(catalogue: Catalogue) -> None:
    record = read(catalogue, order(authoredOn="2026-13-40"))
    assert record.orders[0].state == "current"
    assert record.orders[0].day is None
    assert record.problems[0].left_out


def test_a_draft_dated_tomorrow_is_dated_by_the_call(catalogue: Catalogue) -> None:
    [found] = read(catalogue, order(status="draft", authoredOn="2027-01-01")).orders
    assert found.day is not None
    assert found.day.first == day_number(2026, 11, 24)
