"""Every kind of document gives the same patient: bundles of any type, folders, CDS Hooks requests."""

import json
from pathlib import Path

import pytest

from isocourse.app.record import read_record
from isocourse.facts.days import Span
from isocourse.facts.problem import ReadError
from isocourse.facts.record import Record
from isocourse.facts.streams import Catalogue
from tests.fhir.resources import (
    TODAY,
    Resource,
    alt,
    bundle,
    kept,
    lines,
    order,
    pregnancy_test,
    read,
    read_document,
    statement,
)

PATIENT = {"resourceType": "Patient", "id": "one", "gender": "female", "birthDate": "1999-04-17"}
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "forbidden"}]}


def hook(context: Resource | None = None, prefetch: object = None) -> Resource:
    return {"hook": "order-sign", "hookInstance": "1", "context": context or {}, "prefetch": prefetch or {}}


# bundles -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "document",
    [
        *(
            pytest.param(bundle(PATIENT, alt(), order(), kind=kind), id=kind)
            for kind in ("searchset", "collection", "transaction", "batch", "document", "history")
        ),
        pytest.param([PATIENT, alt(), order()], id="a-list"),
        pytest.param(bundle(bundle(PATIENT, alt()), bundle(order())), id="bundles-in-a-bundle"),
        pytest.param([bundle(PATIENT), bundle(alt(), order())], id="a-list-of-bundles"),
        pytest.param(
            {
                "resourceType": "Bundle",
                "type": "transaction",
                "entry": [
                    {"fullUrl": "urn:uuid:1", "request": {"method": "POST"}, "resource": each}
                    for each in (PATIENT, alt(), order())
                ],
            },
            id="with-requests",
        ),
    ],
)
def test_a_bundle_of_any_type_gives_the_same_patient(catalogue: Catalogue, document: object) -> None:
    record = read_document(catalogue, document)
    assert (kept(record), len(record.orders), record.problems) == (["alt"], 1, ())
    assert record.birth is not None
    assert record.source == "fhir"


def test_one_resource_is_a_record(catalogue: Catalogue) -> None:
    assert kept(read_document(catalogue, alt())) == ["alt"]


def test_an_entry_without_a_resource_is_a_problem(catalogue: Catalogue) -> None:
    record = read_document(
        catalogue, {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:uuid:1"}, {"resource": alt()}]}
    )
    assert kept(record) == ["alt"]
    assert any(problem.left_out for problem in record.problems)


@pytest.mark.parametrize(
    "document", [{}, [], {"resourceType": "Bundle"}, bundle(), [1, 2], "text", {"resourceType": 5}, hook()]
)
def test_a_document_without_any_resource_is_refused(catalogue: Catalogue, document: object) -> None:
    with pytest.raises(ReadError, match="no FHIR resource"):
        read_document(catalogue, document)


def test_bundles_nested_without_end_are_a_problem_and_what_was_read_stays(catalogue: Catalogue) -> None:
    deep = alt(id="deep")
    for _ in range(30):
        deep = bundle(deep)
    record = read(catalogue, alt(), deep)
    assert "nested" in lines(record)
    assert "alt" in kept(record)


# folders -----------------------------------------------------------------------------------------------------------------------
def test_a_folder_of_resources_gives_the_same_patient(catalogue: Catalogue, tmp_path: Path) -> None:
    for number, resource in enumerate((PATIENT, bundle(alt()), order())):
        (tmp_path / f"{number}.json").write_text(json.dumps(resource))
    (tmp_path / "more.ndjson").write_text(
        "\n".join(json.dumps(each) for each in (pregnancy_test(), statement())) + "\n"
    )
    (tmp_path / "notes.txt").write_text("not read")
    record = read_record(tmp_path, catalogue, TODAY)
    assert kept(record) == ["alt", "pregnancy_test", "doxycycline"]
    assert len(record.orders) == 1


# twice -------------------------------------------------------------------------------------------------------------------------
def test_the_same_resource_twice_is_read_once(catalogue: Catalogue) -> None:
    record = read(catalogue, alt(), alt(), order(), order())
    assert (kept(record), len(record.orders)) == (["alt"], 1)
    assert lines(record).count("more than once") == 2
    assert record.counts == {"Observation": 1, "MedicationRequest": 1}


def test_one_id_with_two_contents_keeps_both(catalogue: Catalogue) -> None:
    record = read(catalogue, alt(62), alt(valueQuantity={"value": 900, "code": "U/L"}))
    assert kept(record) == ["alt", "alt"]
    assert "twice with different content" in lines(record)


def test_two_resources_without_an_id_are_two(catalogue: Catalogue) -> None:
    nameless = {key: value for key, value in statement().items() if key != "id"}
    assert len(read(catalogue, nameless, nameless).events) in (1, 2)
    different = nameless | {"effectiveDateTime": "2026-10-01"}
    assert len(read(catalogue, nameless, different).events) == 2


# patients ----------------------------------------------------------------------------------------------------------------------
def about(resource: Resource, who: str) -> Resource:
    return resource | {"subject": {"reference": f"Patient/{who}"}}


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([PATIENT, PATIENT | {"id": "two"}], id="two-patients"),
        pytest.param([about(alt(), "one"), about(alt(id="other"), "two")], id="results-of-two-patients"),
        pytest.param(
            [PATIENT, PATIENT | {"id": "two"}, about(alt(), "one"), about(alt(id="other"), "two")],
            id="two-patients-with-their-results",
        ),
    ],
)
def test_two_patients_in_one_file_are_refused(catalogue: Catalogue, resources: list[Resource]) -> None:
    with pytest.raises(ReadError, match="2 patients"):
        read(catalogue, *resources)


def test_a_result_of_somebody_else_is_left_out_and_said_so(catalogue: Catalogue) -> None:
    record = read(catalogue, PATIENT, about(alt(), "one"), about(alt(id="foreign"), "two"))
    assert [event.origin for event in record.events if event.stream == "alt"] == ["Observation/alt"]
    assert "foreign" in lines(record)


@pytest.mark.parametrize("reference", ["Patient/one", "https://clinic.example/fhir/Patient/one"])
def test_a_patient_is_the_same_by_any_address(catalogue: Catalogue, reference: str) -> None:
    assert "alt" in kept(read(catalogue, PATIENT, alt(subject={"reference": reference})))


@pytest.mark.parametrize("born", ["1999-02-30", "not known", 1999, "2027-01-01"])
def test_a_birth_date_that_cannot_be_is_a_problem_and_the_age_is_not_known(catalogue: Catalogue, born: object) -> None:
    record = read(catalogue, PATIENT | {"birthDate": born}, alt())
    assert record.birth is None
    assert any(problem.left_out for problem in record.problems)


# what no rule reads --------------------------------------------------------------------------------------------------------------
def test_what_no_rule_reads_is_counted_and_named(catalogue: Catalogue) -> None:
    record = read(
        catalogue, alt(), {"resourceType": "Encounter", "id": "visit"}, {"resourceType": "Coverage", "id": "plan"}
    )
    assert record.counts == {"Observation": 1, "Encounter": 1, "Coverage": 1}
    assert [(each.kind, each.origin) for each in record.unjudged] == [
        ("Encounter", "Encounter/visit"),
        ("Coverage", "Coverage/plan"),
    ]


# CDS Hooks -----------------------------------------------------------------------------------------------------------------------
def drafts(record: Record) -> list[tuple[str, Span | None]]:
    return [(each.state, each.day) for each in record.orders]


def test_the_orders_under_discussion_are_drafts_dated_by_the_call(catalogue: Catalogue) -> None:
    record = read_document(
        catalogue, hook({"draftOrders": bundle(order(authoredOn="2020-07-11"))}, {"patient": PATIENT})
    )
    assert (record.source, drafts(record)) == ("cds-hooks", [("draft", Span.of(TODAY))])


def test_every_draft_is_read_and_not_the_first_only(catalogue: Catalogue) -> None:
    record = read_document(catalogue, hook({"draftOrders": bundle(order(id="a"), order(id="b"), order(id="c"))}))
    assert [each.origin for each in record.orders] == [
        "MedicationRequest/a",
        "MedicationRequest/b",
        "MedicationRequest/c",
    ]


def test_the_draft_that_stands_in_the_prefetch_too_is_read_once_and_stays_a_draft(catalogue: Catalogue) -> None:
    record = read_document(catalogue, hook({"draftOrders": bundle(order())}, {"request": order(), "patient": PATIENT}))
    assert drafts(record) == [("draft", Span.of(TODAY))]


def test_a_prefetch_of_null_says_nothing(catalogue: Catalogue) -> None:
    record = read_document(catalogue, hook({"draftOrders": bundle(order())}, {"labs": None}))
    assert len(record.orders) == 1
    assert "prefetch.labs" in lines(record)


def test_a_prefetch_that_failed_is_a_problem_and_not_an_empty_list(catalogue: Catalogue) -> None:
    for answer in (OUTCOME, bundle(OUTCOME)):
        record = read_document(catalogue, hook({"draftOrders": bundle(order())}, {"labs": answer}))
        assert any("prefetch.labs" in problem.line() and problem.left_out for problem in record.problems)


def test_a_request_without_prefetch_is_read_from_its_context(catalogue: Catalogue) -> None:
    request = {key: value for key, value in hook({"draftOrders": bundle(order())}).items() if key != "prefetch"}
    assert len(read_document(catalogue, request).orders) == 1


def test_running_orders_in_the_prefetch_are_no_drafts(catalogue: Catalogue) -> None:
    record = read_document(
        catalogue, hook({"draftOrders": bundle(order(id="new"))}, {"orders": bundle(order(id="old"))})
    )
    assert {each.origin: each.state for each in record.orders} == {
        "MedicationRequest/new": "draft",
        "MedicationRequest/old": "current",
    }
