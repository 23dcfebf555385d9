"""A native record: its shape is strict, its values are believed or listed, and YAML and JSON mean the same."""

import json

import pytest
import yaml

from isocourse.facts.days import FIRST_DAY, Span, day_number, parse_span
from isocourse.facts.problem import ReadError
from isocourse.facts.record import Coverage, Event, Quantity, Record
from isocourse.facts.streams import Catalogue
from isocourse.fhir import parse_json
from isocourse.logic.truth import Truth
from isocourse.reading.records import node_of, record_of
from isocourse.reading.yaml_text import load_text

TODAY = day_number(2026, 11, 24)

WHOLE = """
isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: female}
jurisdiction: UK
product: eu-conventional
course: {first_dose: '2026-09-21'}
orders:
  - {day: '2026-11-16', state: active, dose: 20 mg, times_a_day: '2', strength: 20 mg, capsules: '60', repeats: '0', reason: acne}
events:
  - {stream: alt, value: 62 U/L, day: '2026-11-16', upper_limit: 40 U/L}
  - {stream: pregnancy_test, value: negative, day: '2026-11-16', setting: medical, supervised: 'yes'}
lists:
  - {list: methods, item: iud_copper, is: 'yes', from: '2025-06-01'}
  - {list: allergies, item: '*', is: 'no', day: '2026-09-14'}
coverage:
  - {stream: drugs, from: '2026-01-01', to: '2026-11-24', by: the pharmacy}
"""


def read(catalogue: Catalogue, **parts: object) -> Record:
    return record_of(node_of({"isocourse": "1", "patient": {}, **parts}), "record.json", catalogue, TODAY)


def only(catalogue: Catalogue, **event: str) -> Event:
    record = read(catalogue, events=[event])
    assert record.problems == ()
    [found] = record.events
    return found


def problem(record: Record) -> str:
    [found] = record.problems
    assert found.left_out
    return found.line()


def without_places(record: Record) -> list[object]:
    return [
        (each.stream, each.value, each.happened, each.item, dict(each.parts), each.written) for each in record.events
    ]


def test_yaml_and_json_give_the_same_record(catalogue: Catalogue) -> None:
    from_yaml = record_of(load_text(WHOLE, "record.yaml"), "record.yaml", catalogue, TODAY)
    written = json.dumps(yaml.safe_load(WHOLE))
    from_json = record_of(node_of(parse_json(written, "record.json")), "record.json", catalogue, TODAY)
    assert from_yaml.problems == from_json.problems == ()
    assert without_places(from_yaml) == without_places(from_json)
    assert (from_yaml.birth, from_yaml.orders, from_yaml.coverage) == (
        from_json.birth,
        from_json.orders,
        from_json.coverage,
    )
    assert (from_yaml.jurisdiction, from_yaml.product, from_yaml.counts) == (
        from_json.jurisdiction,
        from_json.product,
        from_json.counts,
    )


def test_a_whole_record_is_read(catalogue: Catalogue) -> None:
    record = record_of(load_text(WHOLE, "record.yaml"), "record.yaml", catalogue, TODAY)
    assert record.birth == parse_span("1999-04-17")
    assert record.counts == {"events": 2, "list entries": 2, "orders": 1}
    assert record.coverage == (Coverage("drugs", day_number(2026, 1, 1), TODAY, "the pharmacy"),)
    [order] = record.orders
    assert (order.state, order.daily_dose, order.reason_acne) == ("current", Quantity(4000, 4000, "mg/day"), Truth.YES)


# shape -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "place", "said"),
    [
        pytest.param("isocourse: '1'\npatient: {}\nevnets: []\n", "3:1", 'did you mean "events"', id="a-key"),
        pytest.param(
            "isocourse: '1'\npatient: {brith: '1999'}\n", "2:11", 'did you mean "birth"', id="a-key-of-the-patient"
        ),
        pytest.param(
            "isocourse: '1'\npatient: {}\nevents:\n  - {stream: atl, value: 1 U/L}\n",
            "4:14",
            'no stream "atl"',
            id="a-stream",
        ),
        pytest.param(
            "isocourse: '1'\npatient: {}\nevents:\n  - {stream: alt, value: 1 U/L, uper_limit: 40 U/L}\n",
            "4:33",
            'did you mean "upper_limit"',
            id="an-attribute",
        ),
        pytest.param(
            "isocourse: '1'\npatient: {}\norders:\n  - {state: actve}\n", "4:13", 'did you mean "active"', id="a-state"
        ),
        pytest.param(
            "isocourse: '1'\npatient: {}\nlists:\n  - {list: drug, item: doxycycline, is: yes}\n",
            "4:12",
            'did you mean "drugs"',
            id="a-list",
        ),
    ],
)
def test_a_misspelling_is_refused_with_what_was_meant(
    catalogue: Catalogue, document: str, place: str, said: str
) -> None:
    with pytest.raises(ReadError) as refused:
        record_of(load_text(document, "record.yaml"), "record.yaml", catalogue, TODAY)
    assert str(refused.value).startswith(f"record.yaml:{place}: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("patient: {}\n", id="no-version"),
        pytest.param("isocourse: '1'\n", id="no-patient"),
        pytest.param("isocourse: '2'\npatient: {}\n", id="a-version-to-come"),
        pytest.param("isocourse: '1'\npatient: {}\nevents: {stream: alt}\n", id="a-mapping-where-a-list-belongs"),
        pytest.param("isocourse: '1'\npatient: {}\nevents: [alt]\n", id="a-text-where-an-event-belongs"),
        pytest.param(
            "isocourse: '1'\npatient: {}\nevents:\n  - {stream: alt, value: [1, 2]}\n", id="a-list-where-a-text-belongs"
        ),
        pytest.param(
            "isocourse: '1'\npatient: {}\nevents:\n  - {stream: first_dose, value: '2026-01-01'}\n",
            id="a-day-of-the-course-as-an-event",
        ),
        pytest.param("- isocourse\n", id="a-list-as-the-whole"),
        pytest.param("just words\n", id="a-text-as-the-whole"),
    ],
)
def test_a_record_without_the_shape_is_refused(catalogue: Catalogue, document: str) -> None:
    with pytest.raises(ReadError):
        record_of(load_text(document, "record.yaml"), "record.yaml", catalogue, TODAY)


# values ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        pytest.param("62 U/L", 6200, 6200, id="a-plain-value"),
        pytest.param("62.5 U/L", 6250, 6250, id="with-decimals"),
        pytest.param("<5 U/L", 100, 499, id="less-than-five"),
        pytest.param("< 5 U/L", 100, 499, id="less-than-five-with-a-space"),
        pytest.param(">= 5 U/L", 500, 2_000_000, id="at-least-five"),
        pytest.param("20..40 U/L", 2000, 4000, id="a-range"),
        pytest.param("20 .. 40 U/L", 2000, 4000, id="a-range-with-spaces"),
        pytest.param("1 ukat/L", 6000, 6000, id="in-microkatal"),
        pytest.param("62 Ед/л", 6200, 6200, id="in-russian"),
    ],
)
def test_a_value_is_read_with_its_range(catalogue: Catalogue, value: str, low: int, high: int) -> None:
    found = only(catalogue, stream="alt", value=value, day="2026-11-16").value
    assert isinstance(found, Quantity)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("stream", "value", "low", "high"),
    [
        pytest.param("phq9_item9", "2", 2, 2, id="the-answer-on-self-harm"),
        pytest.param("phq9_score", "17", 17, 17, id="a-score"),
        pytest.param("phq9_score", ">= 20", 20, 27, id="a-score-known-in-part"),
        pytest.param("phq9_score", "17 points", 17, 17, id="a-score-with-its-unit"),
        pytest.param("earlier_courses", "1", 1, 1, id="a-count"),
    ],
)
def test_a_score_or_a_count_needs_no_unit(catalogue: Catalogue, stream: str, value: str, low: int, high: int) -> None:
    found = only(catalogue, stream=stream, value=value, day="2026-11-16").value
    assert isinstance(found, Quantity)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param({"stream": "phq9_item9", "value": "4"}, "outside", id="a-score-that-is-too-high"),
        pytest.param({"stream": "phq9_item9", "value": "2 mg"}, "2 mg", id="a-score-in-milligrams"),
        pytest.param({"stream": "menopause_months", "value": "24"}, "without a unit", id="a-time-without-unit"),
        pytest.param({"stream": "alt", "value": "62"}, "without a unit", id="no-unit"),
        pytest.param({"stream": "alt", "value": "40..20 U/L"}, "runs backwards", id="a-range-backwards"),
        pytest.param({"stream": "alt", "value": "20..40..60 U/L"}, "20..40..60", id="three-ends"),
        pytest.param({"stream": "alt", "value": "high"}, "without a unit", id="a-word"),
        pytest.param({"stream": "alt", "value": "62,5 U/L"}, "62,5", id="a-decimal-comma"),
        pytest.param({"stream": "alt", "value": True}, "true", id="true"),
        pytest.param({"stream": "alt", "value": None}, "null", id="null"),
        pytest.param({"stream": "alt", "value": "1E400 U/L"}, "1E400", id="an-exponent"),
        pytest.param({"stream": "alt", "value": "NaN U/L"}, "NaN", id="nan"),
        pytest.param({"stream": "alt", "value": "-62 U/L"}, "outside", id="negative"),
        pytest.param({"stream": "alt", "value": "² U/L"}, "²", id="a-superscript"),
        pytest.param({"stream": "weight", "value": "155 mg"}, "155 mg", id="a-weight-in-milligrams"),
        pytest.param({"stream": "very_severe", "value": "perhaps"}, "yes or no", id="a-judgement-in-between"),
        pytest.param({"stream": "alt", "value": "62 U/L", "day": "2026-13-40"}, "2026-13-40", id="month-thirteen"),
        pytest.param({"stream": "alt", "value": "62 U/L", "day": "2026-11-25"}, "after 24 Nov 2026", id="tomorrow"),
        pytest.param({"stream": "alt", "value": "62 U/L", "known": "2026-13-40"}, "2026-13-40", id="known-on-no-day"),
    ],
)
def test_a_value_that_cannot_be_believed_is_a_problem_and_no_event(
    catalogue: Catalogue, event: dict[str, object], said: str
) -> None:
    record = read(catalogue, events=[event])
    assert said in problem(record)
    assert record.events == ()


def test_a_pregnancy_test_that_cannot_be_read_may_have_any_result_and_still_tells_of_anatomy(
    catalogue: Catalogue,
) -> None:
    record = read(catalogue, events=[{"stream": "pregnancy_test", "value": "no"}])
    assert "negative or positive or unclear" in problem(record)
    [event] = record.events
    assert event.value == ("negative", "positive", "unclear")


def test_a_part_that_cannot_be_believed_leaves_the_value_standing(catalogue: Catalogue) -> None:
    record = read(catalogue, events=[{"stream": "alt", "value": "62 U/L", "day": "2026-11-16", "upper_limit": "40"}])
    assert "without a unit" in problem(record)
    [event] = record.events
    assert event.parts == {}


@pytest.mark.parametrize(
    ("event", "happened"),
    [
        pytest.param({}, Span(FIRST_DAY, TODAY), id="some-day-up-to-today"),
        pytest.param(
            {"known": "2026-11-01"}, Span(FIRST_DAY, day_number(2026, 11, 1)), id="some-day-up-to-when-it-was-known"
        ),
        pytest.param({"day": "2026-10"}, parse_span("2026-10"), id="some-day-of-a-month"),
        pytest.param({"day": "2026-10-05"}, parse_span("2026-10-05"), id="one-day"),
    ],
)
def test_an_event_happened_on_some_day_that_the_record_allows(
    catalogue: Catalogue, event: dict[str, str], happened: Span
) -> None:
    assert only(catalogue, stream="alt", value="62 U/L", **event).happened == happened


def test_two_values_of_one_day_are_both_read_and_named(catalogue: Catalogue) -> None:
    record = read(
        catalogue, events=[{"stream": "alt", "value": f"{value} U/L", "day": "2026-11-16"} for value in (20, 900)]
    )
    assert len(record.events) == 2
    [found] = record.problems
    assert not found.left_out
    assert "20 U/L and 900 U/L" in found.line()


# lists and orders ------------------------------------------------------------------------------------------------------------
def test_a_drug_is_found_by_the_name_it_goes_by(catalogue: Catalogue) -> None:
    [event] = read(catalogue, lists=[{"list": "drugs", "item": "Vibramycin", "is": "yes"}]).events
    assert event.item == "doxycycline"


@pytest.mark.parametrize(
    ("kind", "item", "meant"),
    [
        pytest.param("drugs", "doxicycline", "doxycycline", id="a-slip-of-the-pen"),
        pytest.param("conditions", "Renal insufficiency", "severe_renal_insufficiency", id="a-word-is-missing"),
        pytest.param("methods", "condom", "male_condom", id="half-of-its-name"),
        pytest.param("drugs", "sertraline", "", id="another-drug-that-sounds-like-one"),
        pytest.param("allergies", "nut", "", id="a-nut-is-no-peanut"),
        pytest.param("allergies", "nuts", "", id="nuts-are-no-peanuts"),
        pytest.param("conditions", "hypertension", "", id="another-condition-that-sounds-like-one"),
    ],
)
def test_an_unknown_entry_is_taken_for_a_known_one_only_if_it_says_the_same(
    catalogue: Catalogue, kind: str, item: str, meant: str
) -> None:
    [each] = read(catalogue, lists=[{"list": kind, "item": item, "is": "yes"}]).unjudged
    assert each.why.partition("did you mean ")[2] == (f'"{meant}"?' if meant else "")


def test_an_entry_of_no_vocabulary_is_named_as_not_judged(catalogue: Catalogue) -> None:
    record = read(catalogue, lists=[{"list": "drugs", "item": "Mysteryne", "is": "yes"}])
    assert record.events == ()
    assert [each.what for each in record.unjudged] == ["Mysteryne"]


@pytest.mark.parametrize(
    ("until", "state"),
    [
        pytest.param("2026-11-23", "ended", id="until-yesterday"),
        pytest.param("2026-11-24", "current", id="until-today"),
        pytest.param("2026-12-31", "current", id="until-some-day-to-come"),
        pytest.param("2026-11", "current", id="until-some-day-of-this-month"),
    ],
)
def test_an_entry_has_ended_once_its_last_possible_day_is_past(catalogue: Catalogue, until: str, state: str) -> None:
    [event] = read(catalogue, lists=[{"list": "methods", "item": "iud_copper", "is": "yes", "until": until}]).events
    assert event.state == state


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dose", "20"),
        ("dose", "20 g"),
        ("dose", "-20 mg"),
        ("dose", "1E400 mg"),
        ("dose", "40..20 mg"),
        ("daily_dose", "5000 mg"),
        ("times_a_day", "twice"),
        ("times_a_day", "²"),
        ("capsules", "90.5"),
        ("capsules", "999999"),
        ("repeats", "-1"),
        ("days", "thirty"),
        ("strength", "0 mg"),
        ("day", "2026-13-40"),
    ],
)
def test_an_amount_on_an_order_that_cannot_be_believed_is_a_problem_and_the_order_stays(
    catalogue: Catalogue, key: str, value: str
) -> None:
    record = read(catalogue, orders=[{"state": "active", key: value}])
    assert value in problem(record)
    assert len(record.orders) == 1


def test_an_order_for_something_else_says_that_it_is_not_for_acne(catalogue: Catalogue) -> None:
    reasons = ("cystic acne", "rosacea", "")
    orders = [{"state": "active", "reason": reason} if reason else {"state": "active"} for reason in reasons]
    assert [order.reason_acne for order in read(catalogue, orders=orders).orders] == [
        Truth.YES,
        Truth.NO,
        Truth.UNKNOWN,
    ]


def test_coverage_that_ends_before_it_begins_is_a_problem(catalogue: Catalogue) -> None:
    record = read(catalogue, coverage=[{"stream": "drugs", "from": "2026-11-01", "to": "2026-10-01", "by": "us"}])
    assert "ends before it begins" in problem(record)
    assert record.coverage == ()


def test_coverage_of_a_stream_that_does_not_exist_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(ReadError, match="drgs"):
        read(catalogue, coverage=[{"stream": "drgs", "from": "2026-10-01", "to": "2026-11-01", "by": "us"}])


def test_a_newer_value_that_was_refused_keeps_an_older_one_from_passing_for_the_latest(catalogue: Catalogue) -> None:
    old = {"stream": "alt", "value": "20 U/L", "day": "2026-11-01"}
    record = read(catalogue, events=[old, {"stream": "alt", "value": "900", "day": "2026-11-16"}])
    assert [event.value == Quantity(2000, 2000, "U/L", 50) for event in record.events] == [True, False]
    assert "without a unit" in problem(record)
