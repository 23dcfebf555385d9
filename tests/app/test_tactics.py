"""Tactics worth a second look: shown only when certain, with who advises against them, never beside a red line and never as a broken rule."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from isocourse.app.assess import assess
from isocourse.app.check import check
from isocourse.app.knowledge import shipped
from isocourse.library import Asked, Assessment, Library
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from isocourse.render.report import report
from isocourse.render.terminal import TITLES, page
from tests.conftest import Ran

TODAY = date(2026, 11, 24).toordinal()
FILE = "safety/tactics.yaml"
TEXT = (shipped() / FILE).read_text(encoding="utf-8")

ORDERS = """
  - {day: '2026-10-20', state: ended, daily_dose: FIRST mg, reason: acne, formulation: conventional}
  - {day: '2026-11-20', state: active, daily_dose: THEN mg, reason: acne, formulation: conventional}
"""


def seen(library: Library, events: dict[str, str], *, doses: tuple[int, int] = (40, 40), **more: str) -> Assessment:
    """A man whose events and last two doses are given; `lists` and `reason` replace what stands there by itself."""
    lines = [f"  - {{stream: {name}, value: {value}, day: '2026-11-20'}}" for name, value in events.items()]
    text = "\n".join(
        [
            "isocourse: '1'",
            "patient: {birth: '2004-03-01', recorded_gender: male}",
            "course: {first_dose: '2026-10-21'}",
            "orders:" + ORDERS.replace("FIRST", str(doses[0])).replace("THEN", str(doses[1])).rstrip(),
            "events:",
            "  - {stream: weight, value: 70 kg, day: '2026-11-20'}",
            *lines,
            f"lists: {more.get('lists', '[]')}",
        ]
    ).replace("reason: acne,", f"reason: {more.get('reason', 'acne')},")
    return assess(library, record_of(load_text(text, "record"), "record", library.catalogue, TODAY), Asked(TODAY))


def names(found: Assessment) -> list[str]:
    return [tactic.name for tactic in found.today.second_look]


SKIN_ONLY = {"flare_now": "yes", "not_tolerated": "no", "systemic_flare_signs": "no", "haemorrhagic_crusts": "no"}
NO_SIGNS = "[{list: symptoms, item: '*', is: no, day: '2026-11-20'}]"


def test_a_dose_raised_while_the_response_is_slow_is_worth_a_second_look(library: Library) -> None:
    assert names(seen(library, {"slow_response_now": "yes"}, doses=(40, 60))) == ["raised_while_slow"]
    assert names(seen(library, {"slow_response_now": "yes"}, doses=(40, 40))) == []
    assert names(seen(library, {}, doses=(40, 60))) == []


def test_the_meal_comes_before_the_dose(library: Library) -> None:
    both = {"slow_response_now": "yes", "taken_without_food": "yes"}
    assert names(seen(library, both, doses=(40, 60))) == ["conventional_without_food", "raised_while_slow"]


def test_a_dose_lowered_for_an_early_flare_of_the_skin_alone(library: Library) -> None:
    assert names(seen(library, SKIN_ONLY, doses=(60, 40), lists=NO_SIGNS)) == ["lowered_for_flare"]


@pytest.mark.parametrize("sign", ["not_tolerated", "systemic_flare_signs", "haemorrhagic_crusts"])
def test_whoever_is_ill_or_was_not_asked_is_never_told_to_keep_the_dose(library: Library, sign: str) -> None:
    ill = SKIN_ONLY | {sign: "yes"}
    not_asked = {name: value for name, value in SKIN_ONLY.items() if name != sign}
    for events in (ill, not_asked):
        assert names(seen(library, events, doses=(60, 40), lists=NO_SIGNS)) == []
    assert names(seen(library, SKIN_ONLY, doses=(60, 40))) == [], "nobody has looked for acne fulminans"


def ended(library: Library, lesions: int, *, total: str = "", harm: str = "no", day: str = "2026-11-20") -> list[str]:
    """What is said of a course that ended on 21 November with so many lesions left."""
    lines = [
        "isocourse: '1'",
        "patient: {recorded_gender: male}",
        "course: {first_dose: '2026-07-01', last_dose: '2026-11-21'}",
        "events:",
        f"  - {{stream: inflammatory_lesions, value: {lesions} lesions, day: '{day}'}}",
        f"  - {{stream: nodules, value: 0 lesions, day: '{day}'}}",
        f"  - {{stream: ended_because_of_harm, value: {harm}, day: '2026-11-20'}}",
    ]
    if total:
        lines.append(f"  - {{stream: cumulative_dose, value: {total}, day: '2026-11-20'}}")
    record = record_of(load_text("\n".join(lines), "record"), "record", library.catalogue, TODAY)
    return names(assess(library, record, Asked(TODAY)))


def test_a_course_that_ended_with_lesions_left_is_named_with_its_total(library: Library) -> None:
    assert ended(library, 4) == ["ended_before_clear"]
    assert ended(library, 4, total="80 mg/kg") == ["ended_before_clear"]
    assert ended(library, 4, total="120 mg/kg") == ["ended_at_a_total"]
    assert ended(library, 0, total="120 mg/kg") == []


def test_a_course_that_ended_because_of_harm_is_never_called_too_short(library: Library) -> None:
    assert ended(library, 4, harm="yes") == []


def test_lesions_that_came_after_the_end_are_a_relapse_and_not_an_early_end(library: Library) -> None:
    assert ended(library, 4, day="2026-11-22") == []
    assert ended(library, 4, day="2026-11-21") == ["ended_before_clear"]
    assert ended(library, 4, day="2026-10-20") == [], "32 days before the last dose; they may have healed"


def test_beside_a_red_line_no_tactic_is_shown(library: Library) -> None:
    red = seen(
        library,
        {"slow_response_now": "yes", "taken_without_food": "yes"},
        doses=(40, 60),
        lists="[{list: symptoms, item: bloody_diarrhoea, is: yes, day: '2026-11-20'}]",
    )
    assert red.today.stop_now
    assert names(red) == []
    assert red.today.withheld
    text = page(red, 100)
    assert "Not shown while something stands under STOP NOW." in text
    assert "Conventional capsules are taken without food" not in text


def test_an_order_for_something_else_than_acne_has_no_tactics(library: Library) -> None:
    found = seen(library, {"taken_without_food": "yes"}, reason="psoriasis")
    assert found.outside
    assert names(found) == []


def test_a_tactic_counts_neither_as_broken_nor_against(library: Library) -> None:
    quiet, found = (seen(library, {"slow_response_now": "yes"}, doses=doses) for doses in ((60, 60), (40, 60)))
    assert names(quiet) == []
    assert names(found)
    assert found.today.not_today == quiet.today.not_today
    assert found.today.against == quiet.today.against
    assert found.exit_code == 0


def test_it_stands_between_the_disagreements_and_the_rest(library: Library) -> None:
    text = page(seen(library, {"taken_without_food": "yes"}), 80)
    places = [text.index(f"\n{title}\n") for title in TITLES]
    assert places == sorted(places)
    assert TITLES.index("WORTH A SECOND LOOK") == len(TITLES) - 2
    assert text.index("WORTH A SECOND LOOK") < text.index("Conventional capsules are taken without food")


def test_every_tactic_names_who_advises_against_it_and_every_claim_is_there(library: Library) -> None:
    claims = {claim.name for claim in library.claims}
    assert len(library.tactics) == 5
    for tactic in library.tactics:
        assert tactic.advises_against
        assert set(tactic.claims) <= claims
        assert {library.claim(name).force for name in tactic.advises_against} & {"must", "should", "fact"}
    told = report(seen(library, {"taken_without_food": "yes"}))
    (item,) = told.today.second_look
    assert item.about == "conventional_without_food"
    assert set(item.claims) <= set(told.claims)


def test_the_json_carries_them(run: Callable[..., Ran]) -> None:
    sample = shipped() / "patients" / "no-breakfast.yaml"
    found = json.loads(run("assess", sample, "--as-of", "2026-11-24", "--json").out)
    assert [item["about"] for item in found["today"]["second_look"]] == [
        "conventional_without_food",
        "raised_while_slow",
    ]
    assert found["today"]["second_look_withheld"] is False


# a condition changed by one step fails its own cases -------------------------------------------------------------------------
@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped(), tmp_path / "knowledge"))


def mutants() -> Iterator[tuple[str, str, str]]:
    """What was done to which tactic, and the whole text with it."""
    for block in re.split(r"(?m)^(?=  - id: )", TEXT)[1:]:
        name = block.split()[2]
        line = next(line for line in block.split("\n") if line.startswith("    when: "))
        when = line.split("'")[1]
        for changed, what in changes(when):
            yield name, what, TEXT.replace(line, f"    when: '{changed}'", 1)


def changes(when: str) -> Iterator[tuple[str, str]]:
    """Every comparison flipped, number moved, negation dropped, and question left out."""
    for hit in re.finditer(r">=|<=|[<>]|\b\d+\b", when):
        word = hit.group()
        new = {">=": ">", "<=": "<", ">": ">=", "<": "<="}.get(word) or str(int(word) + 1)
        yield when[: hit.start()] + new + when[hit.end() :], f"{word} becomes {new} at {hit.start()}"
    for asked in split(when):
        yield when.replace(asked, "always", 1), f"{asked} is always so"
    for inner in re.finditer(r"not\((.*)\)", when):
        for asked in split(inner[1]):
            yield when.replace(asked, "not(always)", 1), f"{asked} is never so"


def split(text: str) -> list[str]:
    """The questions joined at the top level."""
    parts, depth, begin = [], 0, 0
    for hit in re.finditer(r"[()]| and | or ", text):
        if hit.group() in "()":
            depth += 1 if hit.group() == "(" else -1
        elif depth == 0:
            parts.append(text[begin : hit.start()])
            begin = hit.end()
    return [*parts, text[begin:]]


MUTANTS = list(mutants())


def test_there_are_mutants_of_every_tactic() -> None:
    assert len({name for name, _, _ in MUTANTS}) == 5
    assert len(MUTANTS) > 25


@pytest.mark.slow
@pytest.mark.parametrize("text", [pytest.param(text, id=f"{name}: {what}") for name, what, text in MUTANTS])
def test_the_cases_notice_a_changed_condition(folder: Path, text: str) -> None:
    (folder / FILE).write_text(text, encoding="utf-8")
    assert [line for line in check(folder).mistakes if line.startswith(FILE)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("dose_raised and slow", "slow", "expected no, found yes", id="a-question-left-out"),
        pytest.param("us.food.with,", "us.food.wit,", 'did you mean "us.food.with"?', id="claim-misspelt"),
        pytest.param("points: [food,", "points: [foot,", 'did you mean "food"?', id="point-misspelt"),
        pytest.param("advises_against: [seed.flare.keep_dose]", "advises_against: []", "is empty", id="nobody"),
        pytest.param("id: ended_before_clear", "id: ended_at_a_total", "two tactics are called", id="twice"),
    ],
)
def test_a_mistake_in_the_list_is_named(folder: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    (folder / FILE).write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    named = [line for line in check(folder).mistakes if said in line]
    assert named
    assert re.match(rf"{FILE}:\d+", named[0])


def test_a_tactic_without_a_case_in_which_the_fact_is_missing_is_named(folder: Path) -> None:
    begin = TEXT.index("      - name: raised, nobody has judged")
    (folder / FILE).write_text(TEXT[:begin] + TEXT[TEXT.index("  # The review speaks of a flare") :], encoding="utf-8")
    told = "no case of the tactic raised_while_slow expects unknown"
    assert [line for line in check(folder).mistakes if told in line]
