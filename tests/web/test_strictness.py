"""Nothing that is sent is guessed at: a walk over every JSON route with wrong types, lax truths, unknown and doubled keys, and broken JSON."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from isocourse.register.register import Register
from isocourse.web.filled import record_from
from isocourse.web.refusals import RefusalError
from isocourse.web.speech import speech_of
from isocourse.web.strict import deeper, form_of, strictly
from tests.web.bench import OURS, PROGRAM, Bench

GOOD: dict[str, dict[str, Any]] = {
    "/api/assess": {
        "record": {"isocourse": "1", "patient": {"birth": "1999"}},
        "as_of": "2026-11-24",
        "protocols": [],
        "jurisdiction": "EU",
        "product": "",
        "presume": False,
    },
    "/api/calculate": {
        "weight_kg": 58.0,
        "strengths_mg": [10.0, 20.0],
        "mg_per_day": 30.0,
        "mg_per_kg_per_day": None,
        "times_a_day": 1,
        "weeks": 20,
        "target_mg_per_kg": 120.0,
    },
    "/api/courses/{course}/dispensing": {
        "expected": 2,
        "day": "2026-11-24",
        "strength_mg": "20",
        "capsules": 60,
        "days": 30,
        "product": "",
        "gate_not_open": False,
        "reason": "",
    },
    "/api/courses/{course}/dispensing/undo": {"entry": 5, "why": "another patient"},
    "/api/simulate": {
        "dose_mg": 20.0,
        "times_a_day": 1,
        "weeks": 1,
        "per_kg": False,
        "formulation": "conventional",
        "food": "meal",
        "weight_kg": 70.0,
        "patients": 1,
        "seed": 1,
        "sex": "mixed",
    },
}
"""A body that each route takes; a route without one fails the walk."""

WRONG: dict[str, list[object]] = {
    "string": [1, 1.5, True, None, [], {}],
    "boolean": [0, 1, "true", "false", "yes", None, [], {}],
    "integer": ["1", 1.5, True, None, [], {}, -1, 10**20],
    "number": ["62", "1e3", True, None, [], {}],
    "array": ["x", 1, True, None, {}],
    "object": ["x", 1, True, None, []],
}
"""For each declared type, what it is not."""


def wrong_for(declared: dict[str, Any]) -> list[object]:
    """What a declared type is not; a type that may be left out as null takes null."""
    kinds = [each["type"] for each in declared.get("oneOf", declared.get("anyOf", [declared]))]
    wanted = next(kind for kind in kinds if kind != "null")
    return [value for value in WRONG[wanted] if value is not None or "null" not in kinds]


def bodies(bench: Bench) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address that takes JSON, with the schema of its body, from the OpenAPI document."""
    document = bench.client.get("/api/openapi.json", headers=PROGRAM).json()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if "requestBody" in operation:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                yield path, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def raw(bench: Bench, path: str, text: str | bytes, kind: str = "application/json") -> tuple[int, dict[str, object]]:
    """What a body as written is answered with."""
    reply = bench.client.post(path, content=text, headers=PROGRAM | {"content-type": kind})
    found: dict[str, object] = reply.json()
    return reply.status_code, found


def test_every_json_route_is_walked(bench: Bench) -> None:
    found = dict(bodies(bench))
    assert set(found) == set(GOOD)
    for path, schema in found.items():
        assert set(schema["properties"]) == set(GOOD[path])


def test_a_good_body_is_answered(bench: Bench) -> None:
    for path, body in GOOD.items():
        needs_a_course = "{course}" in path  # answered in test_dispensing.py, where there is a register
        assert bench.ask(path, body).status_code == (404 if needs_a_course else 200), path


def test_a_value_of_another_type_is_refused(bench: Bench) -> None:
    tried = 0
    for path, schema in bodies(bench):
        for name, declared in schema["properties"].items():
            for value in wrong_for(declared):
                status, told = raw(bench, path, json.dumps(GOOD[path] | {name: value}))
                assert status in (400, 422), (path, name, value)
                assert set(told) == {"status", "line"}
                tried += 1
    assert tried > 80


def test_an_unknown_key_is_refused_and_not_dropped(bench: Bench) -> None:
    for path, schema in bodies(bench):
        for name in schema["properties"]:
            misspelt = {key if key != name else f"{name}s": value for key, value in GOOD[path].items()}
            assert raw(bench, path, json.dumps(misspelt))[0] == 400, (path, name)
        assert raw(bench, path, json.dumps(GOOD[path] | {"altt": 3}))[0] == 400


def test_a_doubled_key_is_refused(bench: Bench) -> None:
    for path, schema in bodies(bench):
        for name in schema["properties"]:
            text = json.dumps(GOOD[path])
            doubled = f'{{"{name}": {json.dumps(GOOD[path][name])}, {text[1:]}'
            status, told = raw(bench, path, doubled)
            assert status == 400, (path, name)
            assert "twice" in str(told["line"])


def test_a_doubled_key_deep_in_a_record_is_refused(bench: Bench) -> None:
    text = '{"as_of": "2026-11-24", "record": {"isocourse": "1", "patient": {"birth": "1999", "birth": "2009"}}}'
    assert raw(bench, "/api/assess", text)[0] == 400


@pytest.mark.parametrize("day", ["9999-12-31", "1889-12-31", "2026-02-30"])
def test_a_day_that_is_not_counted_is_refused(bench: Bench, day: str) -> None:
    status, told = raw(bench, "/api/assess", json.dumps(GOOD["/api/assess"] | {"as_of": day}))
    assert (status, str(told["line"]).split()[0]) == (422, "as_of:")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("{", id="cut-off"),
        pytest.param('{"a": 1,}', id="a-comma-too-many"),
        pytest.param("{'a': 1}", id="single-quotes"),
        pytest.param("not json", id="words"),
        pytest.param("null", id="null"),
        pytest.param("[]", id="a-list"),
        pytest.param('"text"', id="a-text"),
        pytest.param("{} {}", id="two-documents"),
        pytest.param("{}\n{}", id="two-lines"),
        pytest.param("[" * 100_000, id="very-deep"),
        pytest.param('{"a":' * 100 + "1" + "}" * 100, id="deep"),
        pytest.param('{"dose_mg": NaN, "as_of": NaN, "record": NaN}', id="not-a-number"),
        pytest.param('{"dose_mg": Infinity, "as_of": "2026-11-24", "record": {"a": -Infinity}}', id="infinity"),
        pytest.param(b"\xff\xfe{}", id="not-utf-8"),
        pytest.param(b"\x00", id="a-zero-byte"),
        pytest.param('{"dose_mg": 1e999}', id="a-number-beyond-all-bounds"),
    ],
)
def test_what_is_no_json_is_refused_without_an_error_of_ours(bench: Bench, text: str | bytes) -> None:
    for path in GOOD:
        status, told = raw(bench, path, text)
        assert status == 400, path
        assert str(told["line"]).endswith("Nothing was done.")


def test_json_under_another_name_is_refused(bench: Bench) -> None:
    for path, body in GOOD.items():
        for kind in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/msgpack",
            "multipart/form-data; boundary=x",
        ):
            status, _ = raw(bench, path, json.dumps(body), kind)
            assert status in (400, 415), (path, kind)


def test_digits_reach_the_record_as_they_were_written(bench: Bench) -> None:
    text = (
        '{"as_of": "2026-11-24", "record": {"resourceType": "Observation", "id": "a", "status": "final", '
        '"code": {"coding": [{"system": "http://loinc.org", "code": "1742-6"}]}, "effectiveDateTime": "2026-11-20", '
        '"valueQuantity": {"value": 72.50, "code": "U/L", "system": "http://unitsofmeasure.org"}}}'
    )
    status, told = raw(bench, "/api/assess", text)
    assert status == 200
    assert "72.50 U/L" in json.dumps(told)


def test_a_refusal_repeats_no_value(bench: Bench) -> None:
    for path, schema in bodies(bench):
        for name in schema["properties"]:
            _, told = raw(bench, path, json.dumps(GOOD[path] | {name: [["Canary Petrova"]]}))
            assert "Canary" not in str(told)
            _, told = raw(bench, path, json.dumps(GOOD[path] | {name: "Canary Petrova"}))
            assert "Canary" not in str(told)


# forms ------------------------------------------------------------------------------------------------------------------
FORMS = [
    "/read",
    "/enter",
    "/language",
    "/patient/{handle}/asked",
    "/patient/{handle}/form",
    "/patient/{handle}/plan",
    "/patient/{handle}/slip",
    "/calculator",
    "/simulate",
    "/leave",
    "/contradictions/witness",
    "/patient/{handle}/forget",
    "/patient/{handle}/keep",
    "/register/find",
    "/register/import",
    "/register/export",
    "/register/backup",
    "/register/restore",
    "/course/{course}/visit",
    "/course/{course}/change",
    "/course/{course}/undo",
    "/course/{course}/further",
    "/course/{course}/plan",
    "/course/{course}/dispense",
    "/course/{course}/dispense/undo",
    "/course/{course}/fhir",
    "/trail/find",
    "/trail/table",
]
"""Every route that takes a form; the test below fails for one that is not here."""

WITHOUT_A_FORM = {"/knock"}


def filled_in(path: str, course: str) -> str:
    """An address of a route."""
    return path.replace("{handle}", "alt-trebled").replace("/course/{course}", course)


def test_every_form_is_walked(clinic: Bench) -> None:
    found = {
        route.path_format
        for route in clinic.routes.routes
        if isinstance(route, HTTPRoute) and "POST" in route.methods and not route.path_format.startswith("/api/")
    }
    assert found == set(FORMS) | WITHOUT_A_FORM


def test_a_form_with_an_unknown_field_is_refused(clinic: Bench, course: str, register: Register) -> None:
    head = register.head()
    for path in FORMS:
        reply = clinic.send(filled_in(path, course), altt="3")
        assert reply.status_code == 400, path
    assert register.head() == head


def test_a_form_with_a_doubled_field_is_refused(clinic: Bench, course: str, register: Register) -> None:
    head, token = register.head(), clinic.token()
    headers = OURS | {"content-type": "application/x-www-form-urlencoded"}
    for path in FORMS:
        body = f"token={token}&token={token}"
        assert clinic.client.post(filled_in(path, course), content=body, headers=headers).status_code == 400, path
    assert register.head() == head


def test_a_file_under_an_unknown_name_is_refused(clinic: Bench, course: str, register: Register) -> None:
    head = register.head()
    for path in ("/read", "/register/import", "/register/restore"):
        reply = clinic.client.post(path, data={"token": clinic.token()}, files={"fille": b"x"}, headers=OURS)
        assert reply.status_code == 400, path
    assert register.head() == head


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"a=%ff%fe", "application/x-www-form-urlencoded", id="not-utf-8"),
        pytest.param(b"a&b", "application/x-www-form-urlencoded", id="no-values"),
        pytest.param(b"x", "multipart/form-data; boundary=y", id="no-parts"),
        pytest.param(
            b'--y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', "multipart/form-data; boundary=y", id="cut-off"
        ),
        pytest.param(b"{}", "application/json", id="json"),
        pytest.param(
            b"&".join(b"a%d=1" % n for n in range(3000)), "application/x-www-form-urlencoded", id="thousands-of-fields"
        ),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(RefusalError):
        form_of(body, kind)


def test_depth_is_told_without_being_fooled_by_texts() -> None:
    assert not deeper(json.dumps({"a": '[[[[["' * 50}), 2)
    assert deeper("[[[", 2)


def test_a_body_is_of_its_type_or_refused() -> None:
    assert strictly(b"[1, 2]", list[int]) == [1, 2]
    with pytest.raises(RefusalError):
        strictly(b"[1, 2.5]", list[int])


# decimals ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [("ru", "0,5", "0.5"), ("uz", "0,5", "0.5"), ("ru", "0.5", "0.5"), ("en", "0.5", "0.5")],
)
def test_a_decimal_comma_is_read_where_it_is_one(language: str, typed: str, meant: str) -> None:
    assert speech_of(language).read_number(typed) == meant


@pytest.mark.parametrize("typed", ["0,5", "1,000", "5 ", "٣", "1e3", "-1", "0x5", "5mg", "1.2.3", "½"])
def test_what_could_be_two_numbers_or_none_is_asked_about(bench: Bench, typed: str) -> None:
    done = record_from(
        bench.house.desk.sections, {"visit": "2026-11-24", "s.weight": typed, "s.weight~unit": "kg"}, speech_of("en")
    )
    if typed.strip() == "5":
        assert done.wrong == {}
    else:
        assert list(done.wrong) == ["s.weight"], typed
        assert done.record["events"] == []


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [("ru", "02.03.2026", "2026-03-02"), ("uz", "2.3.2026", "2026-03-02"), ("ru", "2026-03", "2026-03")],
)
def test_a_day_is_read_in_the_order_of_its_language(language: str, typed: str, meant: str) -> None:
    assert speech_of(language).read_day(typed) == meant
