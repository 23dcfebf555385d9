"""Proposals in FHIR: two validators take them, each refuses what is planted, and a red line leaves no prescription."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from isocourse.app.words import load_words
from isocourse.course import Pattern, Plan
from isocourse.course.capsules import Day
from isocourse.course.supplies import dosed_days, supplies
from isocourse.course.wanted import Break
from isocourse.fhir import parse_json, record_of
from isocourse.fhir.care_plan import care_plan
from isocourse.library import Library
from tests.render.course_plans import course

Json = dict[str, Any]
STAMP = datetime(2026, 11, 24, 9, tzinfo=UTC)
TWENTY, TEN = Fraction(20), Fraction(10)


@pytest.fixture(scope="module")
def plan(library: Library) -> Plan:
    """A running course under the European label."""
    return course(library, "alt-trebled")


@pytest.fixture(scope="module")
def held(library: Library) -> Plan:
    """A course that is not to be started."""
    return course(library, "tubal-ligation")


@pytest.fixture(scope="module")
def red(library: Library) -> Plan:
    """A course that a red line empties."""
    return course(library, "doxycycline")


def resources(bundle: Json, kind: str) -> list[Json]:
    """The resources of one kind."""
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def fhirkit_errors(bundle: Json) -> list[str]:
    """What fhirkit-rs finds; the test is skipped, saying so, without it."""
    fhirkit = pytest.importorskip("fhirkit", reason="fhirkit-rs is not installed: pip install 'isocourse[validate]'")
    return [
        f"{issue.path}: {issue.message}" for issue in fhirkit.validate(json.dumps(bundle)) if issue.severity == "error"
    ]


KNOWN_FALSE = ("element.unknown", "dosageInstruction", ".text")
"""pyfhircheck 0.2 calls Dosage.text unknown; FHIR R4 has it (Dosage: "Free text dosage instructions"), and fhirkit-rs takes it."""


def pyfhircheck_errors(bundle: Json) -> list[str]:
    """What pyfhircheck finds, less the one fault of its own that is named above; skipped, saying so, without it."""
    pyfhircheck = pytest.importorskip(
        "pyfhircheck", reason="pyfhircheck is not installed: pip install 'isocourse[validate]'"
    )
    report = pyfhircheck.Validator().validate_resource(bundle)
    found = [f"{issue.code} {issue.path}: {issue.message}" for issue in report.errors]
    return [each for each in found if not all(word in each for word in KNOWN_FALSE)]


VALIDATORS = pytest.mark.parametrize("errors", [fhirkit_errors, pyfhircheck_errors], ids=["fhirkit-rs", "pyfhircheck"])
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@VALIDATORS
def test_a_validator_that_is_not_ours_finds_nothing(
    plan: Plan, held: Plan, red: Plan, errors: Callable[[Json], list[str]]
) -> None:
    for each in (plan, held, red):
        assert errors(care_plan(each, STAMP)) == []


def _without_a_subject(bundle: Json) -> None:
    del resources(bundle, "MedicationRequest")[0]["subject"]


def _a_number_as_text(bundle: Json) -> None:
    resources(bundle, "MedicationRequest")[0]["dispenseRequest"]["quantity"]["value"] = "30"


def _a_misspelt_field(bundle: Json) -> None:
    resources(bundle, "MedicationRequest")[0]["dosageInstructions"] = []


def _a_status_that_there_is_not(bundle: Json) -> None:
    resources(bundle, "MedicationRequest")[0]["status"] = "proposed"


def _an_impossible_day(bundle: Json) -> None:
    resources(bundle, "ServiceRequest")[0]["occurrencePeriod"] = {"start": "2026-13-01"}


@pytest.mark.parametrize(
    ("errors", "plant", "word"),
    [
        pytest.param(fhirkit_errors, _without_a_subject, "subject", id="fhirkit-sees-that-no-subject-is-there"),
        pytest.param(fhirkit_errors, _a_number_as_text, "value", id="fhirkit-sees-a-number-as-text"),
        pytest.param(fhirkit_errors, _a_misspelt_field, "dosageInstructions", id="fhirkit-sees-a-misspelt-field"),
        pytest.param(fhirkit_errors, _an_impossible_day, "start", id="fhirkit-sees-an-impossible-day"),
        pytest.param(
            pyfhircheck_errors, _a_misspelt_field, "dosageInstructions", id="pyfhircheck-sees-a-misspelt-field"
        ),
        pytest.param(pyfhircheck_errors, _a_status_that_there_is_not, "proposed", id="pyfhircheck-sees-a-wrong-code"),
    ],
)
def test_a_planted_fault_is_refused(
    plan: Plan, errors: Callable[[Json], list[str]], plant: Callable[[Json], None], word: str
) -> None:
    bundle = copy.deepcopy(care_plan(plan, STAMP))
    plant(bundle)
    assert any(word in error for error in errors(bundle))


def test_everything_is_a_proposal_and_a_draft(plan: Plan, held: Plan) -> None:
    for each in (plan, held):
        for entry in care_plan(each, STAMP)["entry"]:
            assert (entry["resource"]["intent"], entry["resource"]["status"]) == ("proposal", "draft")
            assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"


def test_a_red_line_leaves_no_prescription_and_says_stop(plan: Plan, red: Plan) -> None:
    for each in (red, replace(plan, withheld=red.withheld)):
        bundle = care_plan(each, STAMP)
        assert resources(bundle, "MedicationRequest") == []
        itself = resources(bundle, "CarePlan")[0]
        assert itself["description"].startswith("STOP: A tetracycline together")
        assert "period" not in itself
        assert "capsule" not in json.dumps(bundle)


def test_an_open_condition_stands_first_in_every_resource(held: Plan) -> None:
    bundle = care_plan(held, STAMP)
    for entry in bundle["entry"]:
        told = entry["resource"]
        assert told["note"][0]["text"].startswith("NOT TO BE STARTED UNTIL: a negative pregnancy test")
        assert told["text"]["div"].startswith(
            '<div xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en"><p>NOT TO BE STARTED UNTIL'
        )
    for order in resources(bundle, "MedicationRequest"):
        assert order["statusReason"]["text"].startswith("NOT TO BE STARTED UNTIL")


def test_without_a_governing_protocol_no_duty_is_proposed_in_its_place(held: Plan) -> None:
    bundle = care_plan(held, STAMP)
    assert resources(bundle, "ServiceRequest") == []
    assert [each for each in resources(bundle, "CarePlan")[0]["activity"] if "detail" in each] == []
    assert any("none takes its place" in note["text"] for note in resources(bundle, "CarePlan")[0]["note"])


def test_the_governing_protocol_and_its_edition_are_named(plan: Plan) -> None:
    itself = resources(care_plan(plan, STAMP), "CarePlan")[0]
    assert any("edition 2018 (eu-label/2018)" in note["text"] for note in itself["note"])
    details = [each["detail"] for each in itself["activity"] if "detail" in each]
    assert all("EU label 2018 (eu-label/2018)" in detail["description"] for detail in details)
    avoided = {detail["code"]["text"] for detail in details if detail["doNotPerform"]}
    assert "blood donation" in avoided


def test_what_has_no_day_has_none_in_the_proposal(plan: Plan) -> None:
    bundle = care_plan(plan, STAMP)
    undated = [each for each in resources(bundle, "ServiceRequest") if "occurrencePeriod" not in each]
    assert any("depends on the last dose" in note["text"] for each in undated for note in each["note"])
    assert "end" not in resources(bundle, "CarePlan")[0]["period"]


def taken(bundle: Json) -> Counter[tuple[date, str]]:
    """The capsules of each day and strength that the instructions come to."""
    found: Counter[tuple[date, str]] = Counter()
    for order in resources(bundle, "MedicationRequest"):
        strength = order["medicationCodeableConcept"]["text"].split()[1]
        for line in order["dosageInstruction"]:
            repeat = line["timing"]["repeat"]
            day, last = (date.fromisoformat(repeat["boundsPeriod"][end]) for end in ("start", "end"))
            while day <= last:
                found[day, strength] += repeat["frequency"] * line["doseAndRate"][0]["doseQuantity"]["value"]
                day += timedelta(days=repeat["period"])
    return found


def planned(plan: Plan) -> Counter[tuple[date, str]]:
    """The same as the plan has it."""
    found: Counter[tuple[date, str]] = Counter()
    for each in dosed_days(plan.steps, plan.breaks, plan.wanted.missed):
        for strength, count in each.capsules.counted.items():
            found[date.fromordinal(each.day), str(strength)] += count
    return found


THREES = Pattern((Day(((TWENTY,), (TEN,))), Day(((TWENTY, TEN), (TWENTY, TEN))), Day(())))


@pytest.mark.parametrize(
    ("pattern", "breaks"),
    [
        pytest.param(None, (), id="daily-then-alternating"),
        pytest.param(THREES, (), id="three-days-two-intakes-and-a-day-without"),
        pytest.param(None, (Break(739990, 739995), Break(740020, 740020)), id="with-breaks"),
        pytest.param(THREES, (Break(739990, 739995),), id="three-days-with-a-break"),
    ],
)
def test_the_instructions_come_to_the_capsules_of_every_day(
    plan: Plan, pattern: Pattern | None, breaks: tuple[Break, ...]
) -> None:
    steps = tuple(replace(step, pattern=pattern or step.pattern) for step in plan.steps)
    changed = replace(plan, steps=steps, breaks=breaks, supplies=supplies(steps, days=30, breaks=breaks))
    bundle = care_plan(changed, STAMP)
    assert taken(bundle) == planned(changed)
    assert fhirkit_errors(bundle) == []


def test_each_supply_and_strength_asks_for_the_capsules_that_it_holds(plan: Plan) -> None:
    supplied = supplies(plan.steps, days=30)
    orders = resources(care_plan(replace(plan, supplies=supplied), STAMP), "MedicationRequest")
    asked = [(order["groupIdentifier"]["value"], order["dispenseRequest"]["quantity"]["value"]) for order in orders]
    assert asked == [(f"3f9a-supply-{each.number}", count) for each in supplied for _, count in each.capsules]
    assert all(order["dispenseRequest"]["numberOfRepeatsAllowed"] == 0 for order in orders)


def test_two_strengths_of_one_supply_name_each_other(plan: Plan) -> None:
    first, second = resources(care_plan(plan, STAMP), "MedicationRequest")[:2]
    assert any("Only together with the capsules of 10 mg" in note["text"] for note in first["note"])
    assert any("Only together with the capsules of 20 mg" in note["text"] for note in second["note"])
    assert first["groupIdentifier"] == second["groupIdentifier"]


def test_our_own_reader_takes_a_proposal_for_a_draft_and_never_for_an_order_in_force(
    library: Library, plan: Plan
) -> None:
    text = json.dumps(care_plan(plan, STAMP))
    record = record_of(parse_json(text, "plan.json"), "plan.json", library.catalogue, date(2026, 11, 24).toordinal())
    assert {order.state for order in record.orders} <= {"draft"}


def test_the_same_plan_gives_the_same_identifiers(plan: Plan) -> None:
    one, other = care_plan(plan, STAMP), care_plan(plan, STAMP + timedelta(days=1))
    assert [entry["fullUrl"] for entry in one["entry"]] == [entry["fullUrl"] for entry in other["entry"]]
    assert len({entry["fullUrl"] for entry in one["entry"]}) == len(one["entry"])


def test_a_reason_from_a_record_is_text_in_the_narrative(plan: Plan) -> None:
    step = replace(plan.steps[0], formulation="<script>alert(1)</script>")
    bundle = care_plan(replace(plan, steps=(step, *plan.steps[1:])), STAMP)
    assert "<script" not in "".join(entry["resource"].get("text", {}).get("div", "") for entry in bundle["entry"])
    assert fhirkit_errors(bundle) == []


def test_a_stamp_without_an_offset_is_refused(plan: Plan) -> None:
    with pytest.raises(ValueError, match="offset from UTC"):
        care_plan(plan, datetime(2026, 11, 24, 9))


TOLD = ("text", "div", "title", "description", "display", "scheduledString")
"""The parts of a resource that a person reads."""


def in_words(plan: Plan, language: str) -> Json:
    """The bundle in a language."""
    return care_plan(replace(plan, assessment=replace(plan.assessment, words=load_words(language))), STAMP)


def read_by_people(node: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text for people, with the part that it stands in."""
    if isinstance(node, dict):
        for part, each in node.items():
            yield from read_by_people(each, part)
    elif isinstance(node, list):
        for each in node:
            yield from read_by_people(each, name)
    elif isinstance(node, str) and name in TOLD:
        yield name, node


@pytest.mark.parametrize("language", ["ru", "uz"])
@pytest.mark.parametrize("which", ["plan", "held", "red"])
def test_what_people_read_in_a_proposal_is_in_the_language_asked_for(
    request: pytest.FixtureRequest, which: str, language: str
) -> None:
    asked: Plan = replace(request.getfixturevalue(which), notes=())
    english, told = in_words(asked, "en"), in_words(asked, language)
    pairs = list(zip(read_by_people(english), read_by_people(told), strict=True))
    assert len(pairs) >= 7
    same = {text for (name, text), (_, other) in pairs if text == other and name != "display"}
    assert same == set()
    for entry in told["entry"]:
        assert entry["resource"]["language"] == language
        assert f'xml:lang="{language}"' in entry["resource"]["text"]["div"]
    for marker in ("depends on", "every day", "must:", "UNTIL", "the source counts", "capsules of"):
        assert not [text for _, text in read_by_people(told) if marker in text]


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_codes_days_and_numbers_are_the_same_in_every_language(plan: Plan, language: str) -> None:
    def bare(node: object, name: str = "") -> object:
        if isinstance(node, dict):
            return {part: bare(each, part) for part, each in node.items() if part != "language"}
        if isinstance(node, list):
            return [bare(each, name) for each in node]
        return "" if name in TOLD else node

    assert bare(in_words(plan, "en")) == bare(in_words(plan, language))


@VALIDATORS
def test_a_proposal_in_russian_is_as_valid(plan: Plan, errors: Callable[[Json], list[str]]) -> None:
    assert errors(in_words(plan, "ru")) == []
