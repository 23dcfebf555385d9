"""The three records that no one here wrote, read whole."""

import json
from pathlib import Path

import pytest

from isocourse.app.record import read_record
from isocourse.facts.days import FIRST_DAY, Span, day_number
from isocourse.facts.record import Quantity, Record
from isocourse.facts.streams import Catalogue
from isocourse.logic.truth import Truth
from tests.fhir.resources import TODAY, lines

SMITH, SNOW, HOOK = (
    "mcode-test-ehr/smith.bundle.json",
    "mcode-test-ehr/snow.bundle.json",
    "mcode-rems-admin/order-sign.json",
)

both_patients = pytest.mark.parametrize("name", [pytest.param(SMITH, id="smith"), pytest.param(SNOW, id="snow")])


def read(outside: Path, catalogue: Catalogue, name: str) -> Record:
    return read_record(outside / name, catalogue, TODAY)


@both_patients
def test_a_weight_in_milligrams_is_refused_with_a_reason(outside: Path, catalogue: Catalogue, name: str) -> None:
    record = read(outside, catalogue, name)
    [refused] = [problem for problem in record.problems if problem.left_out]
    assert "weight 155 mg" in refused.line()
    assert "kg" in refused.expected
    assert not any(event.stream == "weight" for event in record.events)


@both_patients
def test_laboratory_values_without_a_day_are_read_and_their_day_is_not_made_up(
    outside: Path, catalogue: Catalogue, name: str
) -> None:
    labs = {event.stream: event for event in read(outside, catalogue, name).events if isinstance(event.value, Quantity)}
    assert set(labs) == {"alt", "ast", "ggt", "bilirubin"}
    for event in labs.values():
        assert event.happened.first == FIRST_DAY
        assert event.known is not None
        assert event.happened.last == event.known.last < TODAY
    assert labs["alt"].written == "12 U/L, upper limit 35 U/L"
    assert labs["bilirubin"].value == Quantity(136_800, 136_800, "mg/dL", 8550)


@both_patients
def test_an_active_order_of_2020_has_run_out_of_supply(outside: Path, catalogue: Catalogue, name: str) -> None:
    [order] = read(outside, catalogue, name).orders
    assert (order.state, order.reason_acne) == ("supply_ended", Truth.NO)
    assert order.daily_dose == Quantity(4000, 4000, "mg/day")
    assert (order.days_supply, order.repeats) == (Quantity(45, 45, "days"), Quantity(3, 3))
    assert order.day == Span.of(day_number(2020, 7, 11))
    assert order.supply_ended == Span.of(day_number(2020, 7, 11) + 4 * 45 - 1)


@both_patients
def test_an_ingredient_code_with_a_products_display_is_said_so(outside: Path, catalogue: Catalogue, name: str) -> None:
    assert 'ingredient code 6064 wears the name of a product, "Isotretinoin 20 MG Oral Capsule"' in lines(
        read(outside, catalogue, name)
    )


@both_patients
def test_ursodiol_under_morphines_code_is_named_as_both(outside: Path, catalogue: Catalogue, name: str) -> None:
    record = read(outside, catalogue, name)
    named = [each.what for each in record.unjudged if "ursodiol" in each.origin]
    assert sorted(what.split(" ")[0] for what in named) == ["morphine", "ursodiol"]


@both_patients
def test_ursodiol_under_morphines_code_is_a_problem(outside: Path, catalogue: Catalogue, name: str) -> None:
    found = lines(read(outside, catalogue, name)).lower()
    assert "ursodiol" in found
    assert "morphine" in found


@both_patients
def test_another_drug_that_harms_the_liver_is_listed_as_not_judged(
    outside: Path, catalogue: Catalogue, name: str
) -> None:
    turalio = [each for each in read(outside, catalogue, name).unjudged if "Turalio" in each.what]
    assert len(turalio) == 2
    assert all("liver" in each.why for each in turalio)


@both_patients
def test_every_resource_is_counted_and_whatever_no_rule_reads_is_named(
    outside: Path, catalogue: Catalogue, name: str
) -> None:
    record = read(outside, catalogue, name)
    assert sum(record.counts.values()) == len(json.loads((outside / name).read_text())["entry"])
    used = (
        {event.origin for event in record.events}
        | {order.origin for order in record.orders}
        | {each.origin for each in record.unjudged}
    )
    used |= {problem.where for problem in record.problems}
    spoken_of = {kind: sum(place.startswith(f"{kind}/") for place in used) for kind in record.counts}
    read_through_others = {"Medication"}
    assert {kind: count for kind, count in record.counts.items() if kind not in read_through_others} == {
        kind: count for kind, count in spoken_of.items() if kind not in read_through_others
    }


@both_patients
def test_a_liver_isoenzyme_and_direct_bilirubin_are_not_read_for_the_total(
    outside: Path, catalogue: Catalogue, name: str
) -> None:
    record = read(outside, catalogue, name)
    assert not any(event.stream == "alp" for event in record.events)
    named = " ".join(each.what for each in record.unjudged)
    assert "Alkaline phosphatase.liver" in named
    assert "Bilirubin.direct" in named


def test_the_draft_of_the_hook_is_read_once_and_dated_by_the_call(outside: Path, catalogue: Catalogue) -> None:
    record = read(outside, catalogue, HOOK)
    [order] = record.orders
    assert (record.source, order.state, order.day) == ("cds-hooks", "draft", Span.of(TODAY))
    assert order.daily_dose == Quantity(40_000, 40_000, "mg/day")
    assert order.reason_acne is Truth.NO
    assert record.counts["MedicationRequest"] == 1
    assert "more than once" in lines(record)


def test_a_capsule_of_two_hundred_milligrams_is_not_believed(outside: Path, catalogue: Catalogue) -> None:
    record = read(outside, catalogue, HOOK)
    assert "a capsule of 200 mg" in lines(record)
    supply = record.orders[0].days_supply
    assert supply is None or supply.low < supply.high


def test_the_hook_says_nothing_of_weight_and_nothing_is_made_up(outside: Path, catalogue: Catalogue) -> None:
    assert {event.stream for event in read(outside, catalogue, HOOK).events} == {"recorded_gender"}
