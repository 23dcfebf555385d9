"""Orders and statements of drugs: what drug it is, whether it is taken, and orders for isotretinoin in full."""

import pytest

from isocourse.facts.days import Span, day_number
from isocourse.facts.record import Order, Quantity
from isocourse.facts.streams import Catalogue
from isocourse.logic.truth import Truth
from tests.fhir.resources import (
    ATC,
    ICD10CM,
    RXNORM,
    SNOMED,
    TODAY,
    Resource,
    concept,
    kept,
    lines,
    order,
    read,
    statement,
    twice_daily,
)

CAPSULE = {
    "resourceType": "Medication",
    "id": "capsule",
    "code": concept(RXNORM, "197844", "isotretinoin 20 MG Oral Capsule"),
}


def without(resource: Resource, *keys: str) -> Resource:
    return {key: value for key, value in resource.items() if key not in keys}


def referring(resource: Resource, reference: Resource, **parts: object) -> Resource:
    return without(resource, "medicationCodeableConcept") | {"medicationReference": reference} | parts


def only(catalogue: Catalogue, *resources: Resource) -> Order:
    [found] = read(catalogue, *resources).orders
    return found


# what drug it is ---------------------------------------------------------------------------------------------------------------
def test_an_order_is_read_in_full(catalogue: Catalogue) -> None:
    found = only(catalogue, order())
    assert (found.origin, found.state, found.day) == (
        "MedicationRequest/order",
        "current",
        Span.of(day_number(2026, 11, 16)),
    )
    assert found.daily_dose == Quantity(4000, 4000, "mg/day")
    assert found.days_supply == Quantity(30, 30, "days")
    assert found.repeats == Quantity(0, 0)


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([referring(order(), {"reference": "#capsule"}, contained=[CAPSULE])], id="contained"),
        pytest.param([referring(order(), {"reference": "Medication/capsule"}), CAPSULE], id="referenced"),
        pytest.param(
            [referring(order(), {"reference": "https://clinic.example/fhir/Medication/capsule"}), CAPSULE],
            id="referenced-by-its-whole-address",
        ),
        pytest.param([referring(order(), {"display": "Isotretinoin 20 mg capsules"})], id="by-a-display-only"),
        pytest.param([order({"text": "Roaccutane 20 mg capsules"})], id="by-a-brand-name-only"),
        pytest.param([order({"text": "Изотретиноин 20 мг"})], id="in-russian"),
        pytest.param([order(concept(ATC, "D10BA01"))], id="by-the-atc-code"),
        pytest.param(
            [
                referring(
                    order(),
                    {"reference": "#mixture"},
                    contained=[
                        {
                            "resourceType": "Medication",
                            "id": "mixture",
                            "ingredient": [{"itemCodeableConcept": concept(RXNORM, "6064")}],
                        }
                    ],
                )
            ],
            id="by-its-ingredient",
        ),
    ],
)
def test_an_isotretinoin_order_is_found_wherever_the_drug_is_named(
    catalogue: Catalogue, resources: list[Resource]
) -> None:
    record = read(catalogue, *resources)
    assert [each.daily_dose for each in record.orders] == [Quantity(4000, 4000, "mg/day")], record.unjudged


def test_a_reference_to_nothing_is_named_and_not_dropped(catalogue: Catalogue) -> None:
    record = read(catalogue, referring(order(), {"reference": "Medication/missing"}))
    assert record.orders == ()
    assert len(record.unjudged) == 1


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(order(concept(ATC, "D10AD04", "isotretinoin gel")), id="by-code"),
        pytest.param(order({"text": "Isotretinoin 0.05% gel"}), id="by-its-form"),
        pytest.param(
            order({"text": "isotretinoin"}, dosageInstruction=[{"route": {"text": "Topical"}}]), id="by-its-route"
        ),
    ],
)
def test_isotretinoin_on_the_skin_is_no_order_for_a_course(catalogue: Catalogue, resource: Resource) -> None:
    record = read(catalogue, resource)
    assert record.orders == ()
    assert len(record.unjudged) + len(record.events) > 0


def test_an_ingredient_code_that_wears_a_products_name_is_said_so(catalogue: Catalogue) -> None:
    record = read(catalogue, order(concept(RXNORM, "6064", "Isotretinoin 20 MG Oral Capsule")))
    assert "6064" in lines(record)
    assert record.orders[0].days_supply == Quantity(30, 30, "days")


def test_no_capsule_holds_two_hundred_milligrams_so_its_strength_is_not_known(catalogue: Catalogue) -> None:
    record = read(catalogue, order(concept(RXNORM, "6064", "Isotretinoin 200 MG Oral Capsule")))
    assert "a capsule of 200 mg" in lines(record)
    found = record.orders[0].days_supply
    assert found is not None
    assert found.low < found.high


def test_a_name_under_another_drugs_code_keeps_both_in_mind(catalogue: Catalogue) -> None:
    record = read(catalogue, statement(concept(RXNORM, "7052", "Ursodiol 250 MG Oral Capsule")))
    assert "morphine" in lines(record)
    assert "ursodiol" in lines(record).lower()
    named = " ".join(each.what for each in record.unjudged)
    assert "morphine" in named
    assert "ursodiol" in named


def test_isotretinoin_under_another_drugs_code_is_still_judged(catalogue: Catalogue) -> None:
    record = read(catalogue, order(concept(RXNORM, "3640", "Isotretinoin 20 MG Oral Capsule")))
    assert len(record.orders) == 1
    assert "doxycycline" in lines(record)


def test_a_drug_that_harms_the_liver_and_is_not_judged_is_named_with_that(catalogue: Catalogue) -> None:
    [named] = read(catalogue, statement({"text": "Turalio 200 MG Oral Capsule"})).unjudged
    assert "liver" in named.why


def test_a_drug_nobody_here_knows_is_named(catalogue: Catalogue) -> None:
    [named] = read(catalogue, statement({"text": "Mysteryne 5 mg"})).unjudged
    assert named.what == "Mysteryne 5 mg"


# every order -------------------------------------------------------------------------------------------------------------------
def test_every_order_is_read_and_not_the_first_only(catalogue: Catalogue) -> None:
    record = read(catalogue, *(order(id=f"order-{number}") for number in range(5)))
    assert [each.origin for each in record.orders] == [f"MedicationRequest/order-{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        pytest.param({}, "current", id="an-active-order"),
        pytest.param({"status": "draft"}, "draft", id="a-draft"),
        pytest.param({"intent": "plan"}, "draft", id="a-plan"),
        pytest.param({"status": "stopped"}, "ended", id="a-stopped-order"),
        pytest.param({"status": "completed"}, "ended", id="a-completed-order"),
        pytest.param({"authoredOn": "2020-07-11"}, "supply_ended", id="an-active-order-of-2020"),
    ],
)
def test_an_order_is_in_the_state_that_its_supply_allows(catalogue: Catalogue, parts: Resource, state: str) -> None:
    assert only(catalogue, order(**parts)).state == state


def test_a_draft_is_dated_by_the_call(catalogue: Catalogue) -> None:
    assert only(catalogue, order(status="draft", authoredOn="2020-07-11")).day == Span.of(TODAY)


def test_ninety_capsules_with_three_repeats_last_half_a_year(catalogue: Catalogue) -> None:
    found = only(
        catalogue,
        order(authoredOn="2020-07-11", dispenseRequest={"quantity": {"value": 90}, "numberOfRepeatsAllowed": 3}),
    )
    first = day_number(2020, 7, 11)
    assert (found.days_supply, found.repeats, found.supply_ended) == (
        Quantity(45, 45, "days"),
        Quantity(3, 3),
        Span.of(first + 179),
    )


def test_an_order_dated_tomorrow_is_a_problem(catalogue: Catalogue) -> None:
    record = read(catalogue, order(authoredOn="2026-11-25"))
    assert any(problem.left_out for problem in record.problems)


# dose --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("instructions", "low", "high"),
    [
        pytest.param([twice_daily({"value": 20, "unit": "mg", "code": "mg"})], 4000, 4000, id="milligrams"),
        pytest.param([twice_daily({"value": 1, "code": "CAP"})], 4000, 4000, id="capsules-of-a-known-strength"),
        pytest.param([{"text": "20 mg twice daily"}], 4000, 4000, id="plain-words"),
    ],
)
def test_a_daily_dose_is_worked_out(catalogue: Catalogue, instructions: list[Resource], low: int, high: int) -> None:
    assert only(catalogue, order(dosageInstruction=instructions)).daily_dose == Quantity(low, high, "mg/day")


def test_of_two_instructions_the_larger_and_the_sum_both_stay_possible(catalogue: Catalogue) -> None:
    twenty, ten = twice_daily({"value": 20, "code": "mg"}), twice_daily({"value": 10, "code": "mg"})
    record = read(catalogue, order(dosageInstruction=[twenty, ten]))
    found = record.orders[0].daily_dose
    assert found is not None
    assert found.low <= 4000
    assert found.high == 6000
    assert "2 dosage instructions" in lines(record)


@pytest.mark.parametrize(
    "dose",
    [
        pytest.param({"value": 20, "code": "g"}, id="grams"),
        pytest.param({"value": 20}, id="no-unit"),
        pytest.param({"value": -20, "code": "mg"}, id="negative"),
        pytest.param({"value": 0, "code": "mg"}, id="nothing"),
        pytest.param({"value": "20", "code": "mg"}, id="a-text"),
        pytest.param({"value": True, "code": "mg"}, id="true"),
    ],
)
def test_a_dose_that_cannot_be_believed_is_not_known_and_the_order_stays(catalogue: Catalogue, dose: Resource) -> None:
    record = read(catalogue, order(dosageInstruction=[twice_daily(dose)]))
    assert [each.daily_dose for each in record.orders] == [None]
    assert any(problem.left_out for problem in record.problems)


@pytest.mark.parametrize(
    "timing",
    [
        pytest.param({"repeat": {"frequency": 0, "period": 1, "periodUnit": "d"}}, id="never"),
        pytest.param({"repeat": {"frequency": 2, "period": 0, "periodUnit": "d"}}, id="in-no-time"),
        pytest.param(
            {"repeat": {"frequency": 2, "period": 1, "periodUnit": "fortnight"}}, id="a-unit-of-time-not-known"
        ),
        pytest.param(
            {"repeat": {"frequency": 2, "frequencyMax": {"value": 3}, "period": 1, "periodUnit": "d"}},
            id="a-most-that-is-no-number",
        ),
        pytest.param({"repeat": {"frequency": True, "period": 1, "periodUnit": "d"}}, id="true"),
        pytest.param({}, id="not-said"),
    ],
)
def test_a_timing_that_cannot_be_believed_leaves_the_daily_dose_open(catalogue: Catalogue, timing: Resource) -> None:
    instruction = twice_daily({"value": 20, "code": "mg"}) | {"timing": timing}
    assert [each.daily_dose for each in read(catalogue, order(dosageInstruction=[instruction])).orders] == [None]


# reason ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param({}, Truth.UNKNOWN, id="no-reason-given"),
        pytest.param({"reasonCode": [concept(ICD10CM, "L70.0")]}, Truth.YES, id="acne-by-code"),
        pytest.param({"reasonCode": [{"text": "severe acne"}]}, Truth.YES, id="acne-in-words"),
        pytest.param({"reasonCode": [concept(SNOMED, "68815009", "Lupus")]}, Truth.NO, id="another-reason"),
        pytest.param({"reasonReference": [{"reference": "Condition/why"}]}, Truth.YES, id="acne-by-reference"),
        pytest.param(
            {"reasonReference": [{"reference": "Condition/missing"}]}, Truth.UNKNOWN, id="a-reference-to-nothing"
        ),
    ],
)
def test_an_order_says_whether_it_is_for_acne(catalogue: Catalogue, parts: Resource, expected: Truth) -> None:
    why = {"resourceType": "Condition", "id": "why", "code": concept(ICD10CM, "L70.0")}
    assert only(catalogue, order(**parts), why).reason_acne is expected


def test_a_pill_on_the_drug_list_is_an_event(catalogue: Catalogue) -> None:
    assert "combined_pill" in kept(read(catalogue, statement(concept(RXNORM, "238019"))))
