"""A newer result that cannot be used leaves the latest open; the older one never stands in for it."""

import pytest

from isocourse.facts.days import FIRST_DAY, day_number
from isocourse.facts.record import Event, Quantity
from isocourse.facts.streams import Catalogue
from isocourse.logic.truth import Truth
from tests.fhir.resources import (
    SNOMED,
    TODAY,
    UCUM,
    Resource,
    allergy,
    alt,
    concept,
    condition,
    kept,
    lines,
    pregnancy_test,
    read,
    statement,
)

OLDER = pregnancy_test(id="older", effectiveDateTime="2026-11-01")
EITHER = ("negative", "positive", "unclear")


def latest(events: tuple[Event, ...]) -> Event:
    return max((event for event in events if not event.item), key=lambda event: event.happened.last)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"status": "preliminary"}, id="preliminary"),
        pytest.param({"status": "unknown"}, id="of-unknown-status"),
        pytest.param({"valueCodeableConcept": {"text": "see comment"}}, id="in-other-words"),
        pytest.param({"valueCodeableConcept": None, "valueQuantity": {"value": 40, "unit": "IU/L"}}, id="as-a-number"),
    ],
)
def test_a_test_that_is_not_settled_is_not_the_old_negative_one(catalogue: Catalogue, parts: Resource) -> None:
    record = read(catalogue, OLDER, pregnancy_test(**parts))
    assert latest(record.events).value == EITHER
    assert latest(record.events).happened.first == day_number(2026, 11, 16)


def test_a_preliminary_test_is_overtaken_by_the_final_one(catalogue: Catalogue) -> None:
    record = read(catalogue, pregnancy_test(id="a", status="preliminary"), pregnancy_test(id="b"))
    assert [event.value for event in record.events] == [("negative",)]


def test_a_value_without_a_unit_leaves_the_latest_open(catalogue: Catalogue) -> None:
    record = read(catalogue, alt(20, id="older", effectiveDateTime="2026-01-01"), alt(valueQuantity={"value": 900}))
    found = latest(record.events).value
    assert isinstance(found, Quantity)
    assert found.low < 2_000 < 90_000 < found.high
    assert "without a unit" in lines(record)


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_a_result_that_never_was_leaves_the_older_one_the_latest(catalogue: Catalogue, status: str) -> None:
    record = read(catalogue, OLDER, pregnancy_test(status=status))
    assert [event.value for event in record.events] == [("negative",)]


def test_a_positive_test_with_an_impossible_date_is_not_lost(catalogue: Catalogue) -> None:
    positive = concept(SNOMED, "10828004")
    record = read(catalogue, OLDER, pregnancy_test(effectiveDateTime="2026-13-40", valueCodeableConcept=positive))
    [found] = [event for event in record.events if event.value == ("positive",)]
    assert (found.happened.first, found.happened.last) == (FIRST_DAY, TODAY)
    assert record.problems[0].left_out


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(condition(onsetDateTime="2026-13-40"), id="a-pregnancy"),
        pytest.param(allergy(recordedDate="yesterday"), id="an-allergy"),
        pytest.param(statement(effectiveDateTime=True), id="a-drug"),
    ],
)
def test_an_entry_with_an_impossible_date_stays_without_one(catalogue: Catalogue, resource: Resource) -> None:
    record = read(catalogue, resource)
    [found] = record.events
    assert found.value is Truth.YES
    assert not found.dated
    assert "Its day counts as not known." in lines(record)


def test_a_unit_in_words_that_is_not_the_unit_in_code_is_refused(catalogue: Catalogue) -> None:
    weight = {"value": 70, "unit": "lb", "system": UCUM, "code": "kg"}
    record = read(catalogue, alt(code=concept("http://loinc.org", "29463-7", "Body weight"), valueQuantity=weight))
    assert kept(record) == []
    assert "has the unit lb in words and kg as a code" in lines(record)


@pytest.mark.parametrize("unit", ["mmol/l", "mmol/L"])
def test_a_litre_is_written_large_or_small(catalogue: Catalogue, unit: str) -> None:
    triglycerides = concept("http://loinc.org", "14927-8")
    record = read(catalogue, alt(code=triglycerides, valueQuantity={"value": 2, "code": unit}))
    assert kept(record) == ["triglycerides"]
    assert record.problems == ()


def test_two_codes_of_one_thing_in_two_units_are_told_apart_by_the_unit(catalogue: Catalogue) -> None:
    both = {"coding": [{"system": "http://loinc.org", "code": code} for code in ("14927-8", "2571-8")]}
    record = read(catalogue, alt(code=both, valueQuantity={"value": 177, "code": "mg/dL"}))
    assert kept(record) == ["triglycerides"]


def test_a_result_about_somebody_else_is_named_and_not_read(catalogue: Catalogue) -> None:
    record = read(catalogue, pregnancy_test(focus=[{"reference": "RelatedPerson/partner"}]))
    assert record.events == ()
    assert record.unjudged[0].why == "about somebody or something else"


def test_a_denial_that_is_itself_refuted_denies_nothing(catalogue: Catalogue) -> None:
    none_known = concept(SNOMED, "716186003", "No known allergy")
    assert [event.value for event in read(catalogue, allergy(code=none_known)).events] == [Truth.NO]
    refuted = {"coding": [{"code": "refuted"}]}
    assert read(catalogue, allergy(code=none_known, verificationStatus=refuted)).events == ()


def test_an_entry_that_may_turn_its_meaning_round_is_not_read(catalogue: Catalogue) -> None:
    record = read(catalogue, condition(modifierExtension=[{"url": "http://example.org/absent", "valueBoolean": True}]))
    assert record.events == ()
    assert "modifier extension http://example.org/absent" in lines(record)


def test_a_list_with_an_entry_nobody_here_knows_stays_open(catalogue: Catalogue) -> None:
    record = read(catalogue, condition(concept(SNOMED, "1", "Something rare")), statement({"text": "Zzyzxol"}))
    assert {each.kind for each in record.unjudged} == {"conditions", "drugs"}
