"""The three records that no one here wrote: what stands first, what is refused, and that nothing is dropped in silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

FILES = {
    "smith": "mcode-test-ehr/smith.bundle.json",
    "snow": "mcode-test-ehr/snow.bundle.json",
    "hook": "mcode-rems-admin/order-sign.json",
}
LISTS = ("stop_now", "not_today", "cannot_tell", "disagreements")


@pytest.fixture(scope="module")
def judged(outside: Path, run: Callable[..., Ran]) -> Callable[[str], dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}

    def judge(name: str) -> dict[str, Any]:
        if name not in known:
            ran = run("assess", outside / FILES[name], "--as-of", "2026-11-24", "--json")
            assert ran.err == ""
            known[name] = json.loads(ran.out)
            assert ran.code == known[name]["exit_code"] == 3
        return known[name]

    return judge


Judge = Callable[[str], dict[str, Any]]


def first_list(found: dict[str, Any]) -> str:
    """Everything in the first list of Today that is not empty, as one text."""
    items = next(found["today"][name] for name in LISTS if found["today"][name])
    return " ".join(line for item in items for line in item["text"])


def problems(found: dict[str, Any]) -> str:
    return "\n".join(problem["line"] for problem in found["problems"])


def test_400_mg_a_day_stands_first_with_the_weight_it_would_take(judged: Judge) -> None:
    told = first_list(judged("hook"))
    assert "400 mg/day" in told
    assert "More than any printed dose table" in told
    assert "it would take a body weight of 200 kg" in told
    assert "body weight is not known" in told


def test_a_woman_with_an_order_and_no_test_and_no_contraception_on_file_stands_first(judged: Judge) -> None:
    told = first_list(judged("smith"))
    assert "36-year-old woman" in told
    assert "isotretinoin order" in told
    assert "no pregnancy test on file" in told
    assert "no contraception on file" in told


@pytest.mark.parametrize("name", ["smith", "snow"])
def test_a_weight_of_155_mg_is_refused_with_a_reason(judged: Judge, name: str) -> None:
    found = judged(name)
    assert "weight 155 mg; expected kg" in problems(found)
    assert not any(
        fact["known"]
        for answer in found["answers"]
        for fact in answer["read"]
        if fact["fact"] in ("weight", "dose_per_kg")
    )


@pytest.mark.parametrize("name", ["smith", "snow"])
def test_an_undated_laboratory_value_settles_nothing_that_needs_a_date(judged: Judge, name: str) -> None:
    facts = [fact for answer in judged(name)["answers"] for fact in answer["read"] if fact["fact"].startswith("alt_")]
    assert facts
    assert not any(fact["known"] for fact in facts)
    assert any("12 U/L" in fact["written"] for fact in facts)


@pytest.mark.parametrize("name", FILES)
def test_an_order_for_something_else_is_outside_and_its_dangers_are_judged(judged: Judge, name: str) -> None:
    found = judged(name)
    assert found["outside"]
    decided = {answer["decision"] for answer in found["answers"] if answer["status"] in ("answered", "cannot_tell")}
    assert decided >= {"pregnancy_tests", "contraindications", "dose_range", "supply_limit"} - (
        {"pregnancy_tests"} if name != "smith" else set()
    )


@pytest.mark.parametrize("name", ["smith", "snow"])
def test_an_order_of_2020_is_said_to_be_active_with_its_supply_ended(judged: Judge, name: str) -> None:
    (order,) = judged(name)["orders"]
    assert order["state"] == "supply_ended"
    assert order["supply_ended"] == ["2021-01-06", "2021-01-06"]


@pytest.mark.parametrize("name", FILES)
def test_90_capsules_with_3_repeats_break_a_30_day_rule(judged: Judge, name: str) -> None:
    broken = [
        verdict["row"]
        for answer in judged(name)["answers"]
        if answer["protocol"] == "us-label" and answer["decision"] == "supply_limit"
        for verdict in answer["verdicts"]
        if verdict["kept"] == "broken"
    ]
    assert "repeats" in broken
    assert ("longer_than_30_days" in broken) == (
        name != "hook"
    )  # the strength of the hook's capsule is not to be believed
    assert "repeats" in " ".join(item["about"] for item in judged(name)["today"]["not_today"])


def test_an_ingredient_code_with_a_products_name_is_named(judged: Judge) -> None:
    for name in FILES:
        assert "the ingredient code 6064 wears the name of a product" in problems(judged(name))


@pytest.mark.parametrize("name", ["smith", "snow"])
def test_ursodiol_under_the_code_of_morphine_is_read_as_either(judged: Judge, name: str) -> None:
    line = next(line for line in problems(judged(name)).split("\n") if "ursodiol" in line)
    assert "morphine" in line
    told = [each["what"] for each in judged(name)["unjudged"]]
    assert any(what.startswith("ursodiol") for what in told)
    assert any(what.startswith("morphine") for what in told)


@pytest.mark.parametrize("name", ["smith", "snow"])
def test_another_drug_that_harms_the_liver_is_listed_as_not_judged(judged: Judge, name: str) -> None:
    assert any("Turalio" in each["what"] and "liver" in each["why"] for each in judged(name)["unjudged"])


def test_an_order_that_stands_twice_is_read_once(judged: Judge) -> None:
    found = judged("hook")
    assert len(found["orders"]) == 1
    assert found["orders"][0]["state"] == "draft"
    assert "It was read once" in problems(found)


@pytest.mark.parametrize("name", FILES)
def test_every_resource_is_read_or_named(judged: Judge, outside: Path, name: str) -> None:
    found = judged(name)
    if name == "hook":
        return
    document = json.loads((outside / FILES[name]).read_text(encoding="utf-8"))
    named = (
        {each["origin"] for each in found["unjudged"]}
        | {problem["where"] for problem in found["problems"]}
        | {order["origin"] for order in found["orders"]}
        | {where for answer in found["answers"] for fact in answer["read"] for where in fact["origin"]}
    )
    used = ("Patient", "Medication")
    other = {
        f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
        for entry in document["entry"]
        if entry["resource"]["resourceType"] not in used
    }
    # a diabetes diagnosis and gamma-GT are read into streams that no row of these points reads yet
    assert {each.split("/")[0] for each in other - named} <= {"Condition", "Observation"}
    assert len(other - named) <= 2
