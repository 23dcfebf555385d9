"""One patient, whatever the references look like; references inside a bundle are followed."""

import pytest

from isocourse.facts.problem import ReadError
from isocourse.facts.streams import Catalogue
from tests.fhir.resources import (
    RXNORM,
    Resource,
    alt,
    concept,
    kept,
    lines,
    order,
    read,
    read_document,
)

HER = {"resourceType": "Patient", "id": "one", "gender": "female", "birthDate": "1999-04-17"}
HIM = {"resourceType": "Patient", "id": "two", "gender": "male"}


def of(subject: str, **parts: object) -> Resource:
    return alt() | {"subject": {"reference": subject}} | parts


def test_addresses_inside_a_transaction_are_followed(catalogue: Catalogue) -> None:
    drug = {"resourceType": "Medication", "code": concept(RXNORM, "197844", "isotretinoin 20 MG Oral Capsule")}
    asks = order(medicationReference={"reference": "urn:uuid:drug"}, subject={"reference": "urn:uuid:her"})
    del asks["medicationCodeableConcept"]
    entries = [("urn:uuid:her", HER), ("urn:uuid:drug", drug), ("urn:uuid:order", asks)]
    entry = [{"fullUrl": url, "resource": each, "request": {"method": "POST"}} for url, each in entries]
    record = read_document(catalogue, {"resourceType": "Bundle", "type": "transaction", "entry": entry})
    assert len(record.orders) == 1
    assert record.problems == ()
    assert record.birth is not None


def test_a_patient_without_an_id_is_the_one_the_results_are_about(catalogue: Catalogue) -> None:
    record = read(catalogue, {"resourceType": "Patient", "gender": "female"}, of("Patient/x"))
    assert kept(record) == ["alt"]


def test_of_two_patients_the_one_that_everything_is_about_is_read(catalogue: Catalogue) -> None:
    record = read(catalogue, HER, HIM, of("Patient/one"))
    assert [event.value for event in record.events if event.stream == "recorded_gender"] == [("female",)]
    assert "Patient/two: another patient" in lines(record)


def test_the_request_says_whom_it_is_about(catalogue: Catalogue) -> None:
    context = {"patientId": "one"}
    prefetch = {"a": HER, "b": HIM, "c": of("Patient/one"), "d": of("Patient/two", id="his")}
    record = read_document(catalogue, {"hook": "patient-view", "context": context, "prefetch": prefetch})
    assert [event.origin for event in record.events if event.stream == "alt"] == ["Observation/alt"]
    assert "Observation/his: it is about Patient/two" in lines(record)


@pytest.mark.parametrize("subject", ["Group/cohort", "Device/analyser", "Location/ward"])
def test_a_result_of_a_group_or_a_device_is_not_hers(catalogue: Catalogue, subject: str) -> None:
    record = read(catalogue, HER, of(subject))
    assert kept(record) == []
    assert f"it is about {subject}" in lines(record)


def test_results_of_two_unnamed_people_are_refused(catalogue: Catalogue) -> None:
    with pytest.raises(ReadError, match="speaks of 2 patients"):
        read(catalogue, of("Patient/one"), of("Patient/two", id="other"))


def test_a_version_in_a_reference_is_no_other_patient(catalogue: Catalogue) -> None:
    record = read(catalogue, HER, of("https://example.org/fhir/Patient/one/_history/3"))
    assert kept(record) == ["alt"]


def test_someone_not_born_yet_has_no_age(catalogue: Catalogue) -> None:
    record = read(catalogue, HER | {"birthDate": "2027-01-01"})
    assert record.birth is None
    assert "born 2027-01-01, after 24 Nov 2026" in lines(record)


@pytest.mark.parametrize("parts", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-01-01"}])
def test_a_death_is_read(catalogue: Catalogue, parts: Resource) -> None:
    assert read(catalogue, HER | parts).died


def test_a_page_that_is_missing_is_named(catalogue: Catalogue) -> None:
    page = {"resourceType": "Bundle", "type": "searchset", "link": [{"relation": "next", "url": "page=2"}]}
    record = read_document(catalogue, page | {"entry": [{"resource": HER}]})
    assert "it has a next page, which is not here" in lines(record)


def test_a_version_stamp_makes_no_other_content(catalogue: Catalogue) -> None:
    record = read(catalogue, of("Patient/one"), of("Patient/one", meta={"versionId": "2"}))
    assert kept(record) == ["alt"]
    assert "It was read once." in lines(record)


def test_a_medication_that_nothing_refers_to_is_named(catalogue: Catalogue) -> None:
    record = read(catalogue, HER, {"resourceType": "Medication", "id": "m", "code": {"text": "isotretinoin"}})
    assert [(each.kind, each.what) for each in record.unjudged] == [("Medication", "isotretinoin")]


def test_what_no_screen_can_show_is_shown_as_a_question_mark(catalogue: Catalogue) -> None:
    record = read(catalogue, alt(code={"text": "A\ud800\u001b[31mLT"}), {"resourceType": "X\ud800", "id": "\udfff"})
    said = " ".join(f"{each.kind} {each.what} {each.origin}" for each in record.unjudged)
    assert said.encode()
    assert said.isprintable()
