"""Laboratory values from FHIR: unit and code together, the day as far as it is known, or a problem."""

import json

import pytest

from isocourse.facts.days import FIRST_DAY, Span, day_number, parse_span
from isocourse.facts.record import Quantity
from isocourse.facts.streams import Catalogue
from isocourse.fhir import parse_json, record_of
from tests.fhir.resources import LOINC, SNOMED, TODAY, Resource, alt, bundle, concept, kept, lines, pregnancy_test, read


def measured(code: str, value: object, unit: str, **parts: object) -> Resource:
    return alt() | {"code": concept(LOINC, code), "valueQuantity": {"value": value, "code": unit}} | parts


@pytest.mark.parametrize(
    ("code", "value", "unit", "steps"),
    [
        pytest.param("1742-6", 62, "U/L", 6200, id="alt-in-units"),
        pytest.param("1742-6", 1, "ukat/L", 6000, id="alt-in-microkatal-under-the-same-code"),
        pytest.param("14927-8", 3, "mmol/L", 300_000, id="triglycerides-in-moles"),
        pytest.param("2571-8", 300, "mg/dL", 300 * 1129, id="triglycerides-in-milligrams"),
        pytest.param("1975-2", 1.2, "mg/dL", 205_200, id="bilirubin-in-milligrams"),
        pytest.param("29463-7", 58, "kg", 58 * 10**8, id="weight"),
    ],
)
def test_a_value_is_read_in_the_unit_of_its_code(
    catalogue: Catalogue, code: str, value: float, unit: str, steps: int
) -> None:
    [event] = read(catalogue, measured(code, value, unit)).events
    assert isinstance(event.value, Quantity)
    assert (event.value.low, event.value.high) == (steps, steps)
    assert event.happened == Span.of(day_number(2026, 11, 16))
    assert event.origin == "Observation/alt"


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        pytest.param(measured("14927-8", 300, "mg/dL"), "mg/dL", id="milligrams-under-the-code-for-moles"),
        pytest.param(measured("2571-8", 3, "mmol/L"), "mmol/L", id="moles-under-the-code-for-milligrams"),
        pytest.param(measured("29463-7", 155, "mg"), "155 mg", id="a-weight-in-milligrams"),
        pytest.param(measured("1742-6", 62, ""), "without a unit", id="no-unit"),
        pytest.param(measured("1742-6", True, "U/L"), "true", id="true"),
        pytest.param(measured("1742-6", "62", "U/L"), "62", id="a-text"),
        pytest.param(measured("1742-6", -62, "U/L"), "-62", id="negative"),
        pytest.param(measured("1742-6", None, "U/L"), "ALT".lower(), id="null"),
        pytest.param(
            measured("1742-6", 62, "U/L", effectiveDateTime="2026-11-25"), "24 Nov 2026", id="a-date-in-the-future"
        ),
        pytest.param(
            alt(valueQuantity={"value": 62, "code": "U/L", "comparator": "ad"}),
            "comparator",
            id="a-comparator-we-do-not-know",
        ),
        pytest.param(
            {key: value for key, value in alt().items() if key != "valueQuantity"} | {"valueString": "62 U/L"},
            "62 U/L",
            id="a-value-in-words",
        ),
        pytest.param({key: value for key, value in alt().items() if key != "valueQuantity"}, "no value", id="no-value"),
    ],
)
def test_a_value_that_cannot_be_believed_is_a_problem_and_is_not_used(
    catalogue: Catalogue, resource: Resource, said: str
) -> None:
    record = read(catalogue, resource)
    assert said in lines(record)
    assert any(problem.left_out for problem in record.problems)
    assert kept(record) == []


def test_a_large_number_in_exponents_is_a_problem(catalogue: Catalogue) -> None:
    text = json.dumps(bundle(measured("1742-6", 12345, "U/L"))).replace("12345", "1E400")
    record = record_of(parse_json(text, "sent.json"), "sent.json", catalogue, TODAY)
    assert "1E400" in lines(record)
    assert kept(record) == []


@pytest.mark.parametrize(
    ("comparator", "low", "high"),
    [
        pytest.param("<", 100, 499, id="below-five"),
        pytest.param("<=", 100, 500, id="at-most-five"),
        pytest.param(">", 501, 2_000_000, id="above-five"),
        pytest.param(">=", 500, 2_000_000, id="at-least-five"),
    ],
)
def test_a_comparator_leaves_a_range(catalogue: Catalogue, comparator: str, low: int, high: int) -> None:
    [event] = read(catalogue, alt(valueQuantity={"value": 5, "code": "U/L", "comparator": comparator})).events
    assert isinstance(event.value, Quantity)
    assert (event.value.low, event.value.high) == (low, high)
    assert event.written.startswith(comparator)


# reference ranges --------------------------------------------------------------------------------------------------------------
def limits(*highs: object, unit: str = "U/L") -> list[Resource]:
    return [{"high": {"value": high, "code": unit}} for high in highs]


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        pytest.param([], None, id="none-printed"),
        pytest.param(limits(40), (4000, 4000), id="one-upper-limit"),
        pytest.param([{"low": {"value": 7, "code": "U/L"}}], None, id="only-a-lower-limit"),
        pytest.param([{"text": "up to 40"}], None, id="only-words"),
    ],
)
def test_the_upper_limit_is_the_one_printed_with_the_result(
    catalogue: Catalogue, ranges: list[Resource], expected: tuple[int, int] | None
) -> None:
    [event] = read(catalogue, alt(referenceRange=ranges)).events
    found = event.parts.get("upper_limit")
    assert (None if found is None else (found.low, found.high) if isinstance(found, Quantity) else found) == expected


def test_two_upper_limits_that_differ_leave_it_open_between_them(catalogue: Catalogue) -> None:
    [event] = read(catalogue, alt(referenceRange=limits(35, 55))).events
    found = event.parts.get("upper_limit")
    assert found is None or (isinstance(found, Quantity) and (found.low, found.high) == (3500, 5500))


def test_an_upper_limit_in_another_unit_is_a_problem_and_the_value_stands(catalogue: Catalogue) -> None:
    record = read(catalogue, alt(referenceRange=limits(40, unit="mg")))
    assert kept(record) == ["alt"]
    assert record.events[0].parts == {}
    assert "reference range" in lines(record)


# when ----------------------------------------------------------------------------------------------------------------------------
def dated(**parts: str) -> Resource:
    return {key: value for key, value in alt().items() if key != "effectiveDateTime"} | parts


@pytest.mark.parametrize(
    ("parts", "happened"),
    [
        pytest.param({}, Span(FIRST_DAY, TODAY), id="no-date-at-all"),
        pytest.param(
            {"issued": "2026-11-01T10:00:00+05:00"},
            Span(FIRST_DAY, day_number(2026, 11, 1)),
            id="only-the-day-it-was-issued",
        ),
        pytest.param({"effectiveDateTime": "2026-10"}, parse_span("2026-10"), id="a-month"),
        pytest.param(
            {"effectiveDateTime": "2026-11-16T23:30:00-08:00"}, parse_span("2026-11-16"), id="the-clinics-own-day"
        ),
        pytest.param({"effectiveInstant": "2026-11-16T12:30:00Z"}, parse_span("2026-11-16T12:30:00Z"), id="an-instant"),
    ],
)
def test_a_value_was_taken_on_some_day_that_the_file_allows(
    catalogue: Catalogue, parts: dict[str, str], happened: Span
) -> None:
    [event] = read(catalogue, dated(**parts)).events
    assert event.happened == happened


def test_a_period_is_any_day_of_it(catalogue: Catalogue) -> None:
    [event] = read(catalogue, dated() | {"effectivePeriod": {"start": "2026-11-01", "end": "2026-11-05"}}).events
    assert event.happened == Span(day_number(2026, 11, 1), day_number(2026, 11, 5))


def test_a_date_that_is_none_is_a_problem_and_no_day_is_made_up(catalogue: Catalogue) -> None:
    record = read(catalogue, alt(effectiveDateTime="2026-13-40"))
    assert "2026-13-40" in lines(record)
    assert all(not event.dated for event in record.events if event.stream == "alt")


# codes ---------------------------------------------------------------------------------------------------------------------------
def test_components_are_read_each_by_its_code(catalogue: Catalogue) -> None:
    parts = [
        {key: each[key] for key in ("code", "valueQuantity")}
        for each in (measured("1742-6", 62, "U/L"), measured("1920-8", 30, "U/L"))
    ]
    panel = {
        "resourceType": "Observation",
        "id": "panel",
        "status": "final",
        "code": {"text": "Liver panel"},
        "effectiveDateTime": "2026-11-16",
        "component": [
            *parts,
            {"code": concept(LOINC, "1968-7", "Direct bilirubin"), "valueQuantity": {"value": 1, "code": "mg/dL"}},
        ],
    }
    record = read(catalogue, panel)
    assert kept(record) == ["alt", "ast"]
    assert "Direct bilirubin" in [each.what for each in record.unjudged]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("13874-3", "Alkaline phosphatase.liver"),
        ("1968-7", "Bilirubin.direct"),
        ("1751-7", "Albumin"),
    ],
)
def test_a_neighbour_of_what_is_judged_is_named_and_not_read_for_it(catalogue: Catalogue, code: str, name: str) -> None:
    record = read(catalogue, alt(code=concept(LOINC, code, name)))
    assert kept(record) == []
    assert [each.what for each in record.unjudged] == [name]


@pytest.mark.parametrize("code", ["19080-1", "21198-7", "83086-9"])
def test_a_number_of_hcg_is_no_result_and_hides_an_older_negative_test(catalogue: Catalogue, code: str) -> None:
    number = alt(id="hcg", code=concept(LOINC, code, "hCG, quantitative"), effectiveDateTime="2026-11-23")
    record = read(catalogue, pregnancy_test(effectiveDateTime="2026-11-20"), number)
    assert [each.what for each in record.unjudged] == ["hCG, quantitative"]
    (doubtful,) = [event for event in record.events if event.origin == "Observation/hcg"]
    assert doubtful.value == ("negative", "positive", "unclear")


@pytest.mark.parametrize(
    ("system", "code"), [("http://example.org/local", "1742-6"), ("", "1742-6"), (SNOMED, "1742-6"), (LOINC, "17426")]
)
def test_a_code_of_another_system_is_another_code(catalogue: Catalogue, system: str, code: str) -> None:
    record = read(catalogue, alt(code=concept(system, code, "ALT?")))
    assert kept(record) == []
    assert len(record.unjudged) == 1


def test_two_codes_for_two_things_on_one_value_are_not_guessed_between(catalogue: Catalogue) -> None:
    both = {"coding": [*concept(LOINC, "1742-6")["coding"], *concept(LOINC, "1920-8")["coding"]]}
    assert kept(read(catalogue, alt(code=both))) == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param({"valueCodeableConcept": concept(SNOMED, "260385009")}, ("negative",), id="coded-negative"),
        pytest.param({"valueCodeableConcept": concept(LOINC, "LA6576-8")}, ("positive",), id="coded-positive"),
        pytest.param({"valueCodeableConcept": {"text": "Positive"}}, ("positive",), id="in-one-word"),
    ],
)
def test_a_pregnancy_test_is_read_from_its_code_or_the_very_word(
    catalogue: Catalogue, parts: Resource, expected: tuple[str, ...]
) -> None:
    assert [
        event.value for event in read(catalogue, pregnancy_test(**parts)).events if event.stream == "pregnancy_test"
    ] == [expected]


@pytest.mark.parametrize("said", ["not positive", "negative?", "see report", "neg", ""])
def test_a_pregnancy_test_in_other_words_is_a_problem_and_never_a_negative_test(
    catalogue: Catalogue, said: str
) -> None:
    record = read(catalogue, pregnancy_test(valueCodeableConcept={"text": said}))
    assert [event.value for event in record.events] == [("negative", "positive", "unclear")]
    assert len(record.problems) == 1


def test_a_pregnancy_test_with_two_results_may_be_either(catalogue: Catalogue) -> None:
    both = {"coding": [*concept(SNOMED, "260385009")["coding"], *concept(SNOMED, "10828004")["coding"]]}
    [event] = read(catalogue, pregnancy_test(valueCodeableConcept=both)).events
    assert isinstance(event.value, tuple)
    assert set(event.value) == {"negative", "positive"}


@pytest.mark.parametrize(
    "newer",
    [
        pytest.param(alt(valueQuantity={"value": 900}), id="without-a-unit"),
        pytest.param(alt(900, status="preliminary"), id="preliminary"),
    ],
)
def test_a_newer_result_that_cannot_be_used_keeps_an_older_one_from_passing_for_the_latest(
    catalogue: Catalogue, newer: Resource
) -> None:
    record = read(catalogue, alt(20, id="older", effectiveDateTime="2026-11-01"), newer)
    newest = max(record.events, key=lambda event: event.happened.first)
    assert newest.origin == "Observation/alt"
    assert isinstance(newest.value, Quantity)
    assert newest.value.low < newest.value.high
