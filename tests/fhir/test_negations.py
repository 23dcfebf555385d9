"""Every way in which a FHIR resource says no, not yet or not sure: one case each."""

import pytest

from isocourse.facts.days import Span
from isocourse.facts.declare import Filter, Fold
from isocourse.facts.fold import fold_events
from isocourse.facts.record import Record
from isocourse.facts.streams import Catalogue
from isocourse.library import Library
from isocourse.logic.truth import Truth
from tests.fhir.resources import (
    LOINC,
    RXNORM,
    SNOMED,
    TODAY,
    Resource,
    allergy,
    alt,
    concept,
    condition,
    kept,
    order,
    pregnancy_test,
    procedure,
    read,
    statement,
    status,
)


def told(catalogue: Catalogue, record: Record, stream: str, kind: str, *, current: bool = True) -> Truth | None:
    """Whether the record says that there is one of a kind."""
    where = (Filter("kind", (kind,)), *((Filter("state", ("current", "said_active")),) if current else ()))
    return fold_events(Fold("any", stream, where=where), record, catalogue, lambda _: Span.of(TODAY), TODAY).truth


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        pytest.param(condition(), Truth.YES, id="a-pregnancy"),
        pytest.param(condition(verificationStatus=status("refuted")), Truth.NO, id="refuted"),
        pytest.param(condition(verificationStatus=status("entered-in-error")), Truth.UNKNOWN, id="entered-in-error"),
        pytest.param(condition(verificationStatus=status("provisional")), Truth.UNKNOWN, id="provisional"),
        pytest.param(condition(verificationStatus=status("differential")), Truth.UNKNOWN, id="differential"),
        pytest.param(condition(verificationStatus=status("unconfirmed")), Truth.UNKNOWN, id="unconfirmed"),
        pytest.param(condition(clinicalStatus=status("resolved")), Truth.UNKNOWN, id="resolved"),
        pytest.param(condition(clinicalStatus=status("inactive")), Truth.UNKNOWN, id="inactive"),
        pytest.param(condition(clinicalStatus=status("remission")), Truth.UNKNOWN, id="remission"),
        pytest.param(condition(abatementDateTime="2026-11-20"), Truth.UNKNOWN, id="abated"),
        pytest.param(condition({"text": "no pregnancy"}), Truth.UNKNOWN, id="words-that-deny"),
        pytest.param(
            condition({"text": "family history of twin pregnancy"}), Truth.UNKNOWN, id="words-about-the-family"
        ),
        pytest.param(condition({"text": "Risk of pregnancy discussed"}), Truth.UNKNOWN, id="words-about-a-risk"),
        pytest.param(
            {
                "resourceType": "FamilyMemberHistory",
                "id": "aunt",
                "status": "completed",
                "condition": [{"code": concept(SNOMED, "77386006")}],
            },
            Truth.UNKNOWN,
            id="family-history",
        ),
    ],
)
def test_a_pregnancy_counts_only_where_the_file_says_there_is_one(
    catalogue: Catalogue, resource: Resource, expected: Truth
) -> None:
    record = read(catalogue, resource)
    assert told(catalogue, record, "conditions", "pregnancy") is expected
    if expected is Truth.UNKNOWN:
        assert record.unjudged or record.events, "it is named or kept as unsure, never dropped"


def test_a_refuted_condition_is_a_no(catalogue: Catalogue) -> None:
    refuted = condition(verificationStatus=status("refuted"))
    record = read(catalogue, refuted)
    assert [(event.item, event.value) for event in record.events] == [("pregnancy", Truth.NO)]
    assert told(catalogue, record, "conditions", "pregnancy") is Truth.NO
    both = read(catalogue, refuted, condition(id="confirmed"))
    assert told(catalogue, both, "conditions", "pregnancy") is Truth.YES


def test_what_has_ended_did_happen(catalogue: Catalogue) -> None:
    record = read(catalogue, condition(clinicalStatus=status("resolved")))
    assert told(catalogue, record, "conditions", "pregnancy", current=False) is Truth.YES


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        pytest.param(alt(status="entered-in-error"), "entered in error", id="entered-in-error"),
        pytest.param(alt(status="cancelled"), "cancelled", id="cancelled"),
        pytest.param(alt(status="registered"), "registered", id="registered-only"),
        pytest.param(alt(status="preliminary"), "preliminary", id="preliminary"),
        pytest.param(
            alt(dataAbsentReason={"text": "specimen haemolysed"}, valueQuantity=None),
            "haemolysed",
            id="data-absent-reason",
        ),
    ],
)
def test_a_result_that_is_none_is_named_and_not_read(catalogue: Catalogue, resource: Resource, why: str) -> None:
    record = read(catalogue, {key: value for key, value in resource.items() if value is not None})
    assert kept(record) == []
    assert any(why in each.why for each in record.unjudged), record.unjudged


def test_a_preliminary_pregnancy_test_is_no_negative_test(catalogue: Catalogue) -> None:
    [event] = read(catalogue, pregnancy_test(status="preliminary")).events
    assert event.value == ("negative", "positive", "unclear")


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        pytest.param(statement(), Truth.YES, id="taken"),
        pytest.param(statement(status="not-taken"), Truth.NO, id="not-taken"),
        pytest.param(statement(status="stopped"), Truth.UNKNOWN, id="stopped"),
        pytest.param(statement(status="completed"), Truth.UNKNOWN, id="completed"),
        pytest.param(statement(status="entered-in-error"), Truth.UNKNOWN, id="entered-in-error"),
        pytest.param(order(concept(RXNORM, "3640"), doNotPerform=True), Truth.UNKNOWN, id="an-order-not-to-give-it"),
        pytest.param(order(concept(RXNORM, "3640"), status="cancelled"), Truth.UNKNOWN, id="a-cancelled-order"),
        pytest.param(order(concept(RXNORM, "3640")), Truth.YES, id="an-order"),
    ],
)
def test_doxycycline_counts_only_where_it_is_taken(catalogue: Catalogue, resource: Resource, expected: Truth) -> None:
    record = read(catalogue, resource)
    found = told(catalogue, record, "drugs", "doxycycline")
    assert found is expected
    assert record.events or record.unjudged


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"doNotPerform": True}, id="an-order-not-to-give-it"),
        pytest.param({"status": "cancelled"}, id="cancelled"),
        pytest.param({"status": "entered-in-error"}, id="entered-in-error"),
    ],
)
def test_an_isotretinoin_order_that_does_not_hold_is_named_and_not_judged(
    catalogue: Catalogue, parts: Resource
) -> None:
    record = read(catalogue, order(**parts))
    assert record.orders == ()
    assert len(record.unjudged) == 1


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        pytest.param(procedure(), Truth.YES, id="done"),
        pytest.param(procedure(status="not-done"), Truth.NO, id="not-done"),
        pytest.param(procedure(status="entered-in-error"), Truth.UNKNOWN, id="entered-in-error"),
        pytest.param(procedure(status="preparation"), Truth.UNKNOWN, id="planned"),
        pytest.param(procedure(status="in-progress"), Truth.UNKNOWN, id="under-way"),
        pytest.param(procedure(status="stopped"), Truth.UNKNOWN, id="broken-off"),
    ],
)
def test_a_womb_is_gone_only_after_the_operation(catalogue: Catalogue, resource: Resource, expected: Truth) -> None:
    record = read(catalogue, resource)
    assert told(catalogue, record, "procedures", "hysterectomy") is expected
    assert record.events or record.unjudged


def test_half_an_operation_and_words_alone_exempt_nobody(catalogue: Catalogue) -> None:
    record = read(
        catalogue,
        procedure(id="partial", code=concept(SNOMED, "387643005", "Partial hysterectomy")),
        procedure(id="declined", code={"text": "Hysterectomy declined"}),
    )
    assert told(catalogue, record, "procedures", "hysterectomy") is Truth.UNKNOWN
    assert len(record.unjudged) == 2


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        pytest.param(allergy(), Truth.YES, id="an-allergy"),
        pytest.param(allergy(verificationStatus=status("refuted")), Truth.NO, id="refuted"),
        pytest.param(allergy(verificationStatus=status("unconfirmed")), Truth.UNKNOWN, id="unconfirmed"),
        pytest.param(allergy(verificationStatus=status("entered-in-error")), Truth.UNKNOWN, id="entered-in-error"),
        pytest.param(allergy(code=concept(SNOMED, "716186003", "No known allergy")), Truth.NO, id="no-known-allergy"),
    ],
)
def test_a_peanut_allergy_counts_only_where_the_file_says_there_is_one(
    catalogue: Catalogue, resource: Resource, expected: Truth
) -> None:
    assert told(catalogue, read(catalogue, resource), "allergies", "peanut", current=False) is expected


def test_a_man_on_paper_is_a_man_from_recorded_gender_only(catalogue: Catalogue) -> None:
    [event] = read(catalogue, {"resourceType": "Patient", "id": "one", "gender": "male"}).events
    assert (event.stream, event.value) == ("recorded_gender", ("male",))


@pytest.mark.parametrize("gender", ["unknown", None])
def test_an_unknown_gender_is_no_event_and_no_problem(catalogue: Catalogue, gender: str | None) -> None:
    record = read(catalogue, {"resourceType": "Patient", "id": "one"} | ({"gender": gender} if gender else {}))
    assert (record.events, record.problems) == ((), ())


def test_a_code_for_a_race_is_no_pregnancy_test(catalogue: Catalogue) -> None:
    white = {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2106-3", "display": "White"}
    record = read(catalogue, pregnancy_test(code={"coding": [white]}))
    assert kept(record) == []
    assert [each.what for each in record.unjudged] == ["White"]
    assert "pregnancy_test" in kept(read(catalogue, pregnancy_test(code=concept(LOINC, "2106-3"))))


@pytest.mark.parametrize(
    ("words", "method"),
    [
        pytest.param("Combined oral contraceptive", "combined_pill", id="it-is-used"),
        pytest.param("Combined pill since 2024", "combined_pill", id="it-is-used-since"),
        pytest.param("Combined oral contraceptive stopped in May", "", id="it-was-stopped"),
        pytest.param("Discontinued minipill", "", id="it-was-given-up"),
        pytest.param("Combined pill planned", "", id="it-is-only-planned"),
        pytest.param("Declined combined pill", "", id="she-does-not-want-it"),
        pytest.param("Комбинированные таблетки отменены", "", id="it-was-stopped-in-russian"),
    ],
)
def test_a_method_that_was_given_up_or_is_only_thought_of_protects_nobody(
    library: Library, words: str, method: str
) -> None:
    record = read(library.catalogue, condition({"text": words}))
    assert [event.item for event in record.events if event.stream == "methods"] == ([method] if method else [])
    assert [each.what for each in record.unjudged] == ([] if method else [words])
