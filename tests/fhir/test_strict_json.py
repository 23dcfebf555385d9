"""JSON is read strictly: digits are kept, and what other readers let through is refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.facts.problem import ReadError
from isocourse.fhir.strict_json import Digits, parse_json


@pytest.mark.parametrize("digits", ["72.50", "1E400", "-0", "0.10000000000000000001", "9" * 5000])
def test_a_number_keeps_its_digits_and_is_no_text(digits: str) -> None:
    found = parse_json(f'{{"value": {digits}}}', "sent.json")["value"]
    assert found == digits
    assert isinstance(found, Digits)


def test_several_lines_each_a_resource_are_a_list() -> None:
    assert parse_json('{"a": 1}\n\n{"b": 2}\n', "sent.ndjson") == [{"a": "1"}, {"b": "2"}]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param('{"a": 1, "a": 2}', 'the key "a" stands twice', id="a-key-twice"),
        pytest.param('{"b": [{"a": 1, "a": 1}]}', 'the key "a" stands twice', id="a-key-twice-deep-down"),
        pytest.param('{"a": NaN}', "NaN is not a JSON number", id="not-a-number"),
        pytest.param('{"a": -Infinity}', "-Infinity is not a JSON number", id="infinity"),
        pytest.param('{"resourceType": "Bundle", "entry": [', "cut off", id="cut-off"),
        pytest.param('{"resourceType": "Bund', "cut off", id="cut-off-inside-a-text"),
        pytest.param("{'a': 1}", "sent.json:1:2", id="single-quotes"),
        pytest.param('{"a": 1,}', "sent.json:1:", id="a-comma-too-many"),
        pytest.param('{"a": 1} trailing', "not valid JSON", id="something-after-it"),
        pytest.param("[" * 100_000, "nested too deep", id="nested-without-end"),
        pytest.param('{"a\\ud800": 1, "a\\ud800": 1}', 'the key "a?" stands twice', id="half-a-letter-twice"),
    ],
)
def test_what_is_not_json_is_refused_in_one_line(document: str, said: str) -> None:
    with pytest.raises(ReadError) as refused:
        parse_json(document, "sent.json")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_half_a_character_becomes_a_question_mark_and_a_whole_one_stays() -> None:
    found = parse_json('{"a\\ud800": ["x\\udc00y", {"b": 7}], "c": "\\ud83d\\ude00", "d": "\\\\ud800"}', "sent.json")
    assert found == {"a?": ["x?y", {"b": "7"}], "c": "\U0001f600", "d": "\\ud800"}
    assert isinstance(found["a?"][1]["b"], Digits)


def test_two_keys_that_differ_in_half_a_character_are_refused() -> None:
    with pytest.raises(ReadError, match="stands twice"):
        parse_json('{"a\\ud800": 1, "a\\ud801": 2}', "sent.json")


@given(st.text(st.sampled_from('{}[]",:\\ntrue01.eE-+ "aN'), max_size=40))
def test_any_text_is_parsed_or_refused(document: str) -> None:
    said = ""
    try:
        parse_json(document, "sent.json")
    except ReadError as refused:
        said = str(refused)
    assert "\n" not in said
