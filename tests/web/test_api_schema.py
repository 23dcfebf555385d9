"""Requests made up from the OpenAPI document never bring about an error of the server, and every answer is one that the document names."""

import json
from collections.abc import Callable

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from isocourse.web.desk import Desk
from tests.web.bench import DAY, PROGRAM, Bench
from tests.web.live import running

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PARTS = (
    "isocourse",
    "patient",
    "events",
    "lists",
    "orders",
    "course",
    "coverage",
    "facts",
    "resourceType",
    "entry",
    "note",
)


@pytest.mark.slow
def test_requests_made_up_from_the_document_bring_about_no_error(desk: Desk) -> None:
    with running(desk, DAY) as live:
        schema = schemathesis.openapi.from_url(f"{live.base}/api/openapi.json", headers=PROGRAM)
        tried = 0
        for found in schema.get_all_operations():
            operation = found.ok()  # type: ignore[union-attr]  # an error has no operation, and fails the test here
            asking(live.base, operation.as_strategy(), frozenset(operation.responses.status_codes))()
            tried += 1
        assert tried >= 9


def asking(base: str, cases: st.SearchStrategy[schemathesis.Case], named: frozenset[str]) -> Callable[[], None]:  # type: ignore[type-arg]
    """A test of one operation with requests made up."""

    @settings(
        max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )
    @given(case=cases)
    def ask(case: schemathesis.Case) -> None:  # type: ignore[type-arg]  # of any body
        reply = case.call(headers=PROGRAM, base_url=base)
        assert reply.status_code < 500, (case.method, case.path, reply.status_code)
        assert str(reply.status_code) in named or reply.status_code in (404, 405), (case.path, reply.status_code)

    return ask


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=st.dictionaries(st.sampled_from(PARTS), ANY_JSON, max_size=5))
def test_any_record_is_judged_or_refused_in_one_line(bench: Bench, record: dict[str, object]) -> None:
    text = json.dumps({"as_of": "2026-11-24", "record": record})
    reply = bench.client.post("/api/assess", content=text, headers=PROGRAM | {"content-type": "application/json"})
    assert reply.status_code in (200, 400, 422)
    if reply.status_code != 200:
        assert "\n" not in reply.json()["line"]
