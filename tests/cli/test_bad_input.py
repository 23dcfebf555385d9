"""Bad input at the real command: one line that says what to do, or a listed problem; never a traceback, never a silent loss."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]

TODAY = "2026-11-24"
USAGE, REFUSED, LEFT_OUT = 1, 2, 3

PERSON = "isocourse: '1'\npatient: {birth: '1999-04-17', recorded_gender: female}\n"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    place = folder / name
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


def assessed(run: Run, record: Path) -> tuple[Ran, dict[str, Any]]:
    ran = run("assess", record, "--as-of", TODAY, "--json")
    assert "Traceback" not in ran.err, ran.err
    return ran, json.loads(ran.out) if ran.out else {}


def observation(value: str, *, day: str = "2026-11-01", unit: str = '"U/L"', ident: str = "alt-1") -> str:
    """An ALT result as text, so that a test can write what no JSON writer would."""
    quantity = f'{{"value": {value}' + (f', "unit": {unit}}}' if unit else "}")
    return (
        f'{{"resourceType": "Observation", "id": "{ident}", "status": "final", "effectiveDateTime": "{day}", '
        f'"code": {{"coding": [{{"system": "http://loinc.org", "code": "1742-6"}}]}}, "valueQuantity": {quantity}}}'
    )


def bundle(*resources: str) -> str:
    return (
        '{"resourceType": "Bundle", "type": "collection", "entry": ['
        + ", ".join(f'{{"resource": {each}}}' for each in resources)
        + "]}"
    )


def event(value: str, day: str = "2026-11-01", stream: str = "alt") -> str:
    return PERSON + f"events:\n  - {{stream: {stream}, value: {value}, day: '{day}'}}\n"


# refused as what it claims to be ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("cut.json", bundle(observation("20"))[:-40], "cut off", id="truncated-json"),
        pytest.param(
            "cut.yaml", PERSON + "events: [{stream: alt, value: '20 U/L'", "not valid YAML", id="truncated-yaml"
        ),
        pytest.param("empty.json", "", "empty", id="empty-file"),
        pytest.param("blank.yaml", " \n\n", "empty", id="blank-file"),
        pytest.param("comment.yaml", "# nothing\n", "empty", id="only-a-comment"),
        pytest.param(
            "latin.yaml", (PERSON + "note: na\xefve\n").encode("latin-1"), "latin.yaml:3:9: byte", id="latin-1"
        ),
        pytest.param("wide.json", bundle(observation("20")).encode("utf-16"), "UTF-8", id="utf-16"),
        pytest.param(
            "twice.json",
            '{"resourceType": "Patient", "gender": "male", "gender": "female"}',
            "twice",
            id="duplicate-key-in-json",
        ),
        pytest.param(
            "twice.yaml", PERSON + "jurisdiction: UK\njurisdiction: US\n", "twice", id="duplicate-key-in-yaml"
        ),
        pytest.param("misspelt.yaml", PERSON + "evnets: []\n", 'did you mean "events"', id="misspelt-key"),
        pytest.param(
            "misspelt.json",
            '{"isocourse": "1", "patient": {"brith": "1999"}}',
            'did you mean "birth"',
            id="misspelt-key-in-json",
        ),
        pytest.param("stream.yaml", event("20 U/L", stream="atl"), "no stream", id="misspelt-stream"),
        pytest.param("nan.json", bundle(observation("NaN")), "NaN", id="nan-in-json"),
        pytest.param("infinity.json", bundle(observation("-Infinity")), "Infinity", id="infinity-in-json"),
        pytest.param("version.yaml", PERSON.replace("'1'", "'7'"), "version", id="a-version-not-known"),
        pytest.param("list.json", "[]", "no FHIR resource", id="an-empty-list"),
        pytest.param("text.json", '{"hello": "there"}', "no FHIR resource", id="json-that-is-no-record"),
        pytest.param("prose.txt", "Dear colleague, thank you for seeing this patient.", "mapping", id="a-letter"),
        pytest.param("scan.pdf", b"%PDF-1.7\n\xff\xd8\x00", "UTF-8", id="a-scan"),
        pytest.param("deep.json", "[" * 100_000 + "]" * 100_000, "nested too deep", id="brackets-without-end-in-json"),
        pytest.param("deep.yaml", "x: " + "[" * 20_000, "", id="brackets-without-end-in-yaml"),
        pytest.param(
            "maps.yaml", "x: " + "{a: " * 2_000 + "1" + "}" * 2_000, "nesting depth", id="mappings-without-end-in-yaml"
        ),
        pytest.param("nul.yaml", PERSON + "note: \x00\n", "not valid YAML", id="a-character-that-is-no-text"),
        pytest.param(
            "two.json",
            bundle('{"resourceType": "Patient", "id": "a"}', '{"resourceType": "Patient", "id": "b"}'),
            "2 patients",
            id="two-patients",
        ),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused_in_one_line(
    run: Run, tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    place = written(tmp_path, name, content)
    ran = run("assess", place, "--as-of", TODAY)
    assert (ran.code, ran.out) == (REFUSED, ""), ran.err
    assert len(ran.err.splitlines()) == 1, ran.err
    assert "Traceback" not in ran.err
    assert said in ran.err
    assert name in ran.err


def test_a_folder_without_records_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "readme.txt", "nothing here")
    ran = run("assess", tmp_path, "--as-of", TODAY)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (REFUSED, "", 1), ran.err
    assert "no .json file" in ran.err


def test_a_file_that_is_not_there_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    ran = run("assess", tmp_path / "nobody.yaml", "--as-of", TODAY)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (REFUSED, "", 1), ran.err
    assert "no such file" in ran.err


def test_a_broken_file_in_a_folder_is_named(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "good.json", observation("20"))
    written(tmp_path, "half.json", observation("20")[:-30])
    ran = run("assess", tmp_path, "--as-of", TODAY)
    assert (ran.code, len(ran.err.splitlines())) == (REFUSED, 1), ran.err
    assert "half.json" in ran.err


# a value that cannot be believed ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("a.json", bundle(observation("1E400")), "1E400", id="1e400-in-json"),
        pytest.param("a.json", bundle(observation("true")), "true", id="true-as-a-laboratory-value"),
        pytest.param("a.json", bundle(observation('"20"')), "20", id="a-text-as-a-laboratory-value"),
        pytest.param("a.json", bundle(observation("-20")), "-20", id="a-negative-value"),
        pytest.param("a.json", bundle(observation("20", day="2026-13-40")), "2026-13-40", id="month-thirteen"),
        pytest.param(
            "a.json", bundle(observation("20", day="2027-02-01")), "after 24 Nov 2026", id="a-date-in-the-future"
        ),
        pytest.param("a.json", bundle(observation("20", unit="")), "without a unit", id="a-missing-unit"),
        pytest.param("a.json", bundle(observation("20", unit='"mmol/L"')), "mmol/L", id="a-unit-of-something-else"),
        pytest.param(
            "a.json",
            '{"isocourse": "1", "patient": {"birth": "\\ud800"}}',
            '"?" is not a date',
            id="half-a-character-in-a-native-record",
        ),
        pytest.param("a.yaml", event("1E400 U/L"), "1E400", id="1e400-in-a-native-record"),
        pytest.param("a.yaml", event("NaN U/L"), "NaN", id="nan-in-a-native-record"),
        pytest.param("a.yaml", event("'true'"), "true", id="true-in-a-native-record"),
        pytest.param("a.yaml", event("-20 U/L"), "-20", id="negative-in-a-native-record"),
        pytest.param("a.yaml", event("20"), "without a unit", id="no-unit-in-a-native-record"),
        pytest.param("a.yaml", event("20 U/L", day="2026-13-40"), "2026-13-40", id="month-thirteen-in-a-native-record"),
        pytest.param(
            "a.yaml", event("20 U/L", day="2027-02-01"), "after 24 Nov 2026", id="the-future-in-a-native-record"
        ),
        pytest.param("a.yaml", event("155 mg", stream="weight"), "155 mg", id="a-weight-in-milligrams"),
        pytest.param(
            "a.yaml", PERSON.replace("1999-04-17", "1999-02-30"), "1999-02-30", id="a-birthday-that-never-was"
        ),
    ],
)
def test_a_value_that_cannot_be_believed_is_left_out_and_listed(
    run: Run, tmp_path: Path, name: str, content: str, said: str
) -> None:
    ran, found = assessed(run, written(tmp_path, name, content))
    assert ran.code == found["exit_code"] == LEFT_OUT, ran.err
    [problem] = [each for each in found["problems"] if each["left_out"]]
    assert said in problem["line"]
    assert "\n" not in problem["line"]


def test_a_problem_is_printed_where_people_read_it_too(run: Run, tmp_path: Path) -> None:
    ran = run("assess", written(tmp_path, "a.yaml", event("155 mg", stream="weight")), "--as-of", TODAY)
    assert ran.code == LEFT_OUT
    assert "155 mg" in " ".join(ran.out.split())


def test_two_values_on_one_day_are_named_and_neither_is_lost(run: Run, tmp_path: Path) -> None:
    record = bundle(observation("20", ident="one"), observation("900", ident="two"))
    ran, found = assessed(run, written(tmp_path, "a.json", record))
    assert ran.code == 0
    [problem] = found["problems"]
    assert "20 U/L" in problem["line"]
    assert "900 U/L" in problem["line"]
    assert not problem["left_out"]


def test_two_values_on_one_day_are_named_in_a_native_record_too(run: Run, tmp_path: Path) -> None:
    record = event("20 U/L") + "  - {stream: alt, value: 900 U/L, day: '2026-11-01'}\n"
    _, found = assessed(run, written(tmp_path, "a.yaml", record))
    assert any("20 U/L" in each["line"] and "900 U/L" in each["line"] for each in found["problems"]), found["problems"]


def test_a_resource_sent_twice_is_read_once_and_said_so(run: Run, tmp_path: Path) -> None:
    ran, found = assessed(run, written(tmp_path, "a.json", bundle(observation("20"), observation("20"))))
    assert ran.code == 0
    [problem] = found["problems"]
    assert "more than once" in problem["line"]
    assert found["counts"]["Observation"] == 1


def test_a_danger_outranks_a_value_left_out(run: Run, tmp_path: Path) -> None:
    record = event("-20 U/L") + "lists:\n  - {list: conditions, item: pregnancy, is: yes, day: '2026-11-20'}\n"
    record += "orders:\n  - {state: active, day: '2026-11-20', dose: 20 mg, times_a_day: '1', reason: acne}\n"
    ran, found = assessed(run, written(tmp_path, "a.yaml", record))
    assert ran.code == found["exit_code"] == 10
    assert any(each["left_out"] for each in found["problems"])


# usage ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("assess",), id="no-record"),
        pytest.param(("assess", "RECORD", "--protocol", "uk-bfn"), id="a-protocol-not-known"),
        pytest.param(("assess", "RECORD", "--jurisdiction", "Atlantis"), id="a-place-not-known"),
        pytest.param(("assess", "RECORD", "--product", "aspirin"), id="a-product-not-known"),
        pytest.param(("assess", "RECORD", "--as-of", "2026-13-40"), id="a-day-that-never-was"),
        pytest.param(("assess", "RECORD", "--as-of", "9999-12-31"), id="a-day-after-all-that-are-counted"),
        pytest.param(("plan", "RECORD", "--start", "9999-12-31"), id="a-start-after-all-days-that-are-counted"),
        pytest.param(("assess", "RECORD", "--width", "wide"), id="a-width-that-is-no-number"),
        pytest.param(("assess", "RECORD", "--hurry"), id="an-option-not-known"),
        pytest.param(("asses", "RECORD"), id="a-command-not-known"),
        pytest.param(("explain", "RECORD", "lab_stpo"), id="a-point-not-known"),
    ],
)
def test_a_question_that_is_not_understood_ends_with_one_and_no_answer(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    record = written(tmp_path, "a.yaml", PERSON)
    ran = run(*(record if word == "RECORD" else word for word in words))
    assert (ran.code, ran.out) == (USAGE, ""), ran.err
    assert "Traceback" not in ran.err
    assert ran.err


# size -------------------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_fifty_megabytes_are_read_within_a_minute(run_apart: Run, tmp_path: Path) -> None:
    filler = '{"resourceType": "Encounter", "id": "e%d", "note": "' + "x" * 400 + '"}'
    many = [
        observation("20", day=f"20{year:02}-{month:02}-{day:02}", ident=f"alt-{year}-{month}-{day}")
        for year in range(1, 26)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    place = written(
        tmp_path,
        "large.json",
        bundle(*many, *(filler % number for number in range(105_000)), observation("-1", ident="last")),
    )
    assert place.stat().st_size > 50_000_000
    ran = run_apart("assess", place, "--as-of", TODAY, "--json", limit_s=60)
    assert ran.code == LEFT_OUT, ran.err
    found = json.loads(ran.out)
    assert found["counts"] == {"Observation": len(many) + 1, "Encounter": 105_000}
    assert any("Observation/last" in each["line"] for each in found["problems"])
