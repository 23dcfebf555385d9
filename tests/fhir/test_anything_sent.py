"""Whatever is sent as FHIR, the answer is a record or one refusal; never anything else."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isocourse.facts.problem import ReadError
from isocourse.facts.record import Record
from isocourse.facts.streams import Catalogue
from isocourse.fhir import parse_json, record_of
from tests.fhir.resources import TODAY, allergy, alt, bundle, condition, order, pregnancy_test, procedure, statement

ODD = st.sampled_from(
    [
        "",
        "²",
        "1E400",
        "NaN",
        "-1",
        "2026-13-40",
        "2026-11-16",
        "Patient/one",
        "#x",
        "isotretinoin",
        "mg",
        "\x00",
        "U/L",
        "final",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | ODD
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
WHOLE = [
    alt(referenceRange=[{"high": {"value": 40, "code": "U/L"}}], issued="2026-11-17"),
    pregnancy_test(),
    condition(),
    procedure(),
    allergy(),
    statement(),
    order(),
    {
        "resourceType": "Patient",
        "id": "one",
        "gender": "female",
        "birthDate": "1999-04-17",
        "extension": [{"url": "x"}],
    },
]
unhurried = settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def read(document: object, catalogue: Catalogue) -> Record | None:
    try:
        return record_of(parse_json(json.dumps(document), "sent.json"), "sent.json", catalogue, TODAY)
    except ReadError as refused:
        line = str(refused)
    assert "\n" not in line
    return None


def places(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, as the keys that lead there."""
    inner = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    return [path, *(found for key, value in inner for found in places(value, (*path, key)))]


def replaced(node: object, path: tuple[Any, ...], value: object) -> object:
    """The document with another value at a place."""
    if not path:
        return value
    copied: Any = dict(node) if isinstance(node, dict) else list(node) if isinstance(node, list) else node
    copied[path[0]] = replaced(copied[path[0]], path[1:], value)
    return copied


@unhurried
@given(document=ANYTHING)
def test_any_json_is_read_or_refused(catalogue: Catalogue, document: object) -> None:
    read(document, catalogue)


@unhurried
@given(st.data())
def test_a_resource_with_anything_in_any_place_is_read_or_refused(catalogue: Catalogue, data: st.DataObject) -> None:
    resource: object = data.draw(st.sampled_from(WHOLE))
    for _ in range(data.draw(st.integers(1, 2))):
        resource = replaced(resource, data.draw(st.sampled_from(places(resource))), data.draw(ANYTHING))
        if not isinstance(resource, dict):
            break
    document = data.draw(
        st.sampled_from(
            [
                resource,
                bundle(resource),
                [resource],
                {"hook": "x", "context": {"draftOrders": resource}, "prefetch": {"a": resource}},
            ]
        )
    )
    record = read(document, catalogue)
    if record is not None:
        assert all("\n" not in problem.line() for problem in record.problems)
