"""What was handed out, given or said to be taken of isotretinoin counts as dispensed or reported, and never as prescribed."""

from fractions import Fraction

import pytest

from isocourse.course.amounts import Amount
from isocourse.course.exposure import periods_of
from isocourse.course.totals import running
from isocourse.facts.days import Span, day_number
from isocourse.facts.streams import Catalogue
from tests.fhir.resources import RXNORM, TODAY, Resource, concept, lines, order, read

ISOTRETINOIN_20 = concept(RXNORM, "197844", "isotretinoin 20 MG Oral Capsule")
DAY = day_number(2026, 11, 16)


def dispensed(**parts: object) -> Resource:
    return {
        "resourceType": "MedicationDispense",
        "id": "dispense",
        "status": "completed",
        "medicationCodeableConcept": ISOTRETINOIN_20,
        "whenHandedOver": "2026-11-16",
        "quantity": {"value": 60, "code": "CAP"},
    } | parts


def given(number: int, **parts: object) -> Resource:
    return {
        "resourceType": "MedicationAdministration",
        "id": f"given{number}",
        "status": "completed",
        "medicationCodeableConcept": ISOTRETINOIN_20,
        "effectiveDateTime": "2026-11-16",
        "dosage": {"dose": {"value": 20, "code": "mg"}},
    } | parts


def said(**parts: object) -> Resource:
    asked = {key: value for key, value in (order() | parts).items() if key not in ("intent", "authoredOn")}
    return {"effectivePeriod": {"start": "2026-11-01", "end": "2026-11-10"}} | asked | {
        "resourceType": "MedicationStatement",
        "id": "said",
    }  # fmt: skip


def test_capsules_handed_out_count_whole_on_their_day(catalogue: Catalogue) -> None:
    [found] = read(catalogue, dispensed()).doses
    assert (found.basis, found.first, found.last, found.daily_mg) == (
        "dispensed",
        Span.of(DAY),
        Span.of(DAY),
        (Fraction(1200), Fraction(1200)),
    )
    assert found.origin == "MedicationDispense/dispense"


def test_capsules_that_last_some_days_count_over_them(catalogue: Catalogue) -> None:
    [found] = read(catalogue, dispensed(daysSupply={"value": 30, "code": "d"})).doses
    assert (found.last, found.daily_mg) == (Span.of(DAY + 29), (Fraction(40), Fraction(40)))


def test_of_a_strength_that_is_not_told_any_may_be_right(catalogue: Catalogue) -> None:
    [found] = read(catalogue, dispensed(medicationCodeableConcept={"text": "isotretinoin"})).doses
    assert found.daily_mg == (Fraction(300), Fraction(2400))


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"quantity": {}}, id="no-quantity"),
        pytest.param({"status": "preparation"}, id="not-yet-handed-out"),
        pytest.param({"status": "entered-in-error"}, id="entered-in-error"),
        pytest.param({"whenHandedOver": None}, id="no-day"),
        pytest.param({"medicationCodeableConcept": concept(RXNORM, "3640", "doxycycline")}, id="another-drug"),
    ],
)
def test_what_was_not_surely_handed_out_counts_nothing(catalogue: Catalogue, parts: Resource) -> None:
    assert read(catalogue, dispensed(**parts)).doses == ()


def test_a_supply_in_milligrams_is_a_problem_and_counts_nothing(catalogue: Catalogue) -> None:
    record = read(catalogue, dispensed(quantity={"value": 1200, "code": "mg"}))
    assert record.doses == ()
    assert "a supply in mg" in lines(record)


def test_a_stamp_that_may_be_two_days_counts_on_the_later_one(catalogue: Catalogue) -> None:
    [found] = read(catalogue, dispensed(whenHandedOver="2026-11-16T23:00:00Z")).doses
    assert found.first == Span.of(DAY + 1)


def test_doses_given_on_one_day_are_added_up_and_those_of_two_days_are_not(catalogue: Catalogue) -> None:
    later = given(3, effectiveDateTime="2026-11-17", dosage={"dose": {"value": 2, "code": "CAP"}})
    found = read(catalogue, given(1), given(2), later).doses
    assert [(each.first.first, each.daily_mg[0], each.basis) for each in found] == [
        (DAY, Fraction(40), "reported"),
        (DAY + 1, Fraction(40), "reported"),
    ]
    assert found[0].origin == "MedicationAdministration/given1, MedicationAdministration/given2"


@pytest.mark.parametrize(
    "dose", [{"value": 20, "code": "g"}, {"value": 0, "code": "mg"}, {"value": 9000, "code": "mg"}]
)
def test_a_dose_given_that_cannot_be_believed_is_a_problem(catalogue: Catalogue, dose: Resource) -> None:
    record = read(catalogue, given(1, dosage={"dose": dose}))
    assert record.doses == ()
    assert "No total counts it." in lines(record)


def test_a_statement_is_reported_and_not_prescribed(catalogue: Catalogue) -> None:
    record = read(catalogue, said())
    [found] = record.doses
    assert (found.basis, found.first, found.last) == (
        "reported",
        Span.of(day_number(2026, 11, 1)),
        Span.of(day_number(2026, 11, 10)),
    )
    periods = periods_of(record, TODAY)
    assert {each.basis for each in periods} == {"reported"}
    (whole,) = running(periods, (), [TODAY])
    assert whole.mg == Amount.of(400)


@pytest.mark.parametrize(
    ("parts", "last"),
    [
        pytest.param({"effectivePeriod": {"start": "2026-11-01"}}, Span.of(TODAY), id="it-goes-on"),
        pytest.param(
            {"effectivePeriod": {"start": "2026-11-01"}, "status": "stopped"},
            Span(day_number(2026, 11, 1), TODAY),
            id="stopped-some-day",
        ),
    ],
)
def test_a_statement_without_an_end_ends_today_or_some_day_before(
    catalogue: Catalogue, parts: Resource, last: Span
) -> None:
    [found] = read(catalogue, said(**parts)).doses
    assert found.last == last


@pytest.mark.parametrize("status", ["not-taken", "on-hold", "unknown", "intended", "entered-in-error"])
def test_what_is_not_said_to_be_taken_is_not_reported(catalogue: Catalogue, status: str) -> None:
    assert read(catalogue, said(status=status)).doses == ()


def test_an_order_says_nothing_of_what_was_taken(catalogue: Catalogue) -> None:
    assert read(catalogue, order()).doses == ()


def test_a_statement_that_echoes_an_order_is_still_a_report(catalogue: Catalogue) -> None:
    record = read(catalogue, order(), said())
    assert [each.origin for each in record.orders] == ["MedicationRequest/order"]
    assert [each.basis for each in record.doses] == ["reported"]
