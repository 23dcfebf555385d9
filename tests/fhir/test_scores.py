"""Scores of questionnaires in FHIR: a total is read, an answer that is no number never hides behind an older nought."""

import pytest

from isocourse.facts.record import Quantity
from isocourse.facts.streams import Catalogue
from tests.fhir.resources import LOINC, UCUM, Resource, alt, concept, lines, read


def score(code: str, value: object, day: str = "2026-11-16", **parts: object) -> Resource:
    """An Observation of a score, as US Core writes it."""
    quantity = {"value": value, "unit": "{score}", "system": UCUM, "code": "{score}"}
    return alt(id=f"score-{day}", code=concept(LOINC, code), effectiveDateTime=day, valueQuantity=quantity, **parts)


@pytest.mark.parametrize(
    ("code", "stream", "value"),
    [
        pytest.param("55758-7", "phq2_score", 6, id="phq2"),
        pytest.param("44261-6", "phq9_score", 27, id="phq9"),
        pytest.param("44260-8", "phq9_item9", 3, id="item-9"),
    ],
)
def test_the_highest_score_is_read_and_one_above_it_is_refused(
    catalogue: Catalogue, code: str, stream: str, value: int
) -> None:
    record = read(catalogue, score(code, value))
    (event,) = record.events
    assert isinstance(event.value, Quantity)
    assert (event.stream, event.value.low, event.value.high) == (stream, value, value)
    assert "lies outside" in lines(read(catalogue, score(code, value + 1)))


def test_an_answer_in_a_code_to_item_9_leaves_it_open_and_is_named(catalogue: Catalogue) -> None:
    older = score("44260-8", 0, "2026-11-01")
    coded = score("44260-8", 0) | {"valueQuantity": None, "valueCodeableConcept": concept(LOINC, "LA6569-3")}
    record = read(catalogue, older, coded)
    newest = max(record.events, key=lambda event: event.happened.last)
    assert isinstance(newest.value, Quantity)
    assert (newest.value.low, newest.value.high) == (0, 3)
    assert "expected valueQuantity with a number and a unit" in lines(record)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"valueQuantity": {"value": 2}}, id="a-quantity-without-a-unit"),
        pytest.param({"valueQuantity": None, "valueInteger": 2}, id="a-whole-number"),
    ],
)
def test_an_answer_to_item_9_is_not_lost_for_want_of_a_unit(catalogue: Catalogue, sent: Resource) -> None:
    record = read(catalogue, score("44260-8", 0) | sent)
    (event,) = record.events
    assert isinstance(event.value, Quantity)
    assert (event.value.low, event.value.high) == (2, 2)
    assert record.problems == ()


def test_a_whole_number_without_a_unit_is_no_laboratory_value(catalogue: Catalogue) -> None:
    record = read(catalogue, alt(valueQuantity=None, valueInteger=62))
    assert "expected valueQuantity with a number and a unit" in lines(record)
