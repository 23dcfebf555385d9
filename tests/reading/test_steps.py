"""Steps are read as the source orders them, and a mistake in one is named by line and column."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from isocourse.app.check import run_cases
from isocourse.app.knowledge import shipped
from isocourse.decisions.tables import UNSTATED, Length, Moment, Row
from isocourse.facts.problem import ReadError
from isocourse.library import Library
from isocourse.library.knowledge import pack_cases
from isocourse.reading.book import Book
from isocourse.reading.library import read_library
from isocourse.reading.tables import Tables, read_point
from isocourse.reading.yaml_text import load_text
from tests.conftest import REPOSITORY

POINT = """
point: {name}
title: {{en: t}}
question: {{en: q}}
stage: during
shape: steps
applies: always
shows: {{mg/kg/day: dose_per_kg, mg/day: ordered_daily_dose}}
finds: {{dose: {{en: isotretinoin}}, {drug}: {{en: steroid}}}}
"""
FIRST = "{do: dose, from: start, for: 4 weeks, range: '[0.5..0.5] mg/kg/day', of: any}"
Reads = Callable[..., Row]


@pytest.fixture
def reads(library: Library) -> Reads:
    """Reads a row of the given steps."""

    def read(*steps: str, drug: str = "prednisone") -> Row:
        book = Book(library.catalogue, {fact.name: fact for fact in library.facts})
        point = read_point(load_text(POINT.format(name="p", drug=drug), "point.yaml"), "point.yaml", book)
        claims = {claim.name: claim for claim in library.claims}
        told = "\n".join(f"          - {step}" for step in steps)
        text = (
            "decision: p\npositions:\n  - id: main\n    claims: [eu.dose.start]\n    rows:\n"
            f"      - when: always\n        force: should\n        steps:\n{told}\n"
        )
        cell = Tables("table.yaml", book, {"p": point}, claims, {}).cell(load_text(text, "table.yaml"))
        return cell.positions[0].acting.rows[0]

    return read


def test_a_step_without_a_verb_follows_the_same_drug_in_the_same_capsules(reads: Reads) -> None:
    first, second = reads(FIRST, "{range: '[0.5..1.0] mg/kg/day', force: may}").steps
    assert (first.begin, first.length, first.then, first.force) == (
        Moment("start"),
        Length(4, 4, "weeks"),
        False,
        "should",
    )
    assert (second.verb, second.what, second.of, second.then, second.open, second.force) == (
        "do",
        "dose",
        "any",
        True,
        True,
        "may",
    )


def test_a_step_with_a_last_day_alone_follows_the_one_before_it(reads: Reads) -> None:
    _, second = reads(FIRST, "{lower: dose, until: last_dose, range: unstated}").steps
    assert (second.then, second.until, second.begin, second.open) == (True, Moment("last_dose"), None, False)
    (alone,) = reads("{do: prednisone, until: start - 1 day, range: unstated}").steps
    assert (alone.then, alone.begin) == (False, None)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("1 month", Length(1, 1, "months")),
        ("2 to 4 weeks", Length(2, 4, "weeks")),
        ("4 weeks or more", Length(4, None, "weeks")),
        ("unstated", UNSTATED),
    ],
)
def test_a_length_keeps_the_unit_of_the_source(reads: Reads, text: str, length: Length) -> None:
    assert reads(FIRST.replace("4 weeks", text)).steps[0].length == length


def test_a_dose_in_milligrams_is_judged_by_the_order_and_another_drug_by_nothing(reads: Reads) -> None:
    flat, other = reads(
        "{do: dose, from: start, range: '[10..30] mg/day', of: any}",
        "{do: prednisone, until: start - 1 day, for: 4 weeks, range: '[0.5..1.0] mg/kg/day'}",
    ).steps
    assert flat.over >= 0
    assert flat.under >= 0
    assert (other.over, other.under, other.until) == (-1, -1, Moment("start", -1))


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        pytest.param(
            ["{do: dose, from: start, range: '[0.5..0.5] mg/kg/week', of: any}"],
            'table.yaml:9:44: a dose of isotretinoin is written in mg/kg/day or mg/day, not in "mg/kg/week"',
            id="unit-of-another-measure",
        ),
        pytest.param(
            ["{do: dose, from: start, range: '[0.5..0.5]', of: any}"], 'or mg/day, not in ""', id="range-without-unit"
        ),
        pytest.param(
            ["{do: dose, from: start, of: any}"],
            "table.yaml:9:13: a step needs `range:`, the doses allowed in it; if the source gives no figure, `range: unstated`",
            id="range-missing",
        ),
        pytest.param(
            ["{do: dose, from: start, range: '[1.0..0.5] mg/kg/day', of: any}"],
            "the range runs backwards, from 1.0 to 0.5",
            id="range-backwards",
        ),
        pytest.param(
            ["{do: dose, from: start, range: '(0.5..1.0] mg/kg/day', of: any}"],
            "a range is two numbers: '[0.5..1.0] mg/kg/day', or '[0.0..0.5) mg/kg/day' for lower than 0.5",
            id="range-without-its-lower-end",
        ),
        pytest.param(
            ["{do: dose, from: start, range: '[0.5..0.5) mg/kg/day', of: any}"],
            "the range is empty: nothing is at least 0.5 and lower than 0.5",
            id="range-empty",
        ),
        pytest.param(
            ["{do: prednisolon, from: start, range: unstated}"],
            'p knows no drug "prednisolon"; did you mean "prednisone"?; known: dose, prednisone',
            id="drug-unknown",
        ),
        pytest.param(
            ["{do: dose, raise: dose, from: start, range: unstated, of: any}"],
            "a step has exactly one of do, raise, lower, keep, avoid",
            id="two-verbs",
        ),
        pytest.param(
            ["{from: start, range: unstated, of: any}"], "a step has exactly one of do", id="no-verb-at-first"
        ),
        pytest.param(
            ["{do: dose, range: unstated, of: any}"],
            "the first step of a drug needs `from:` or `until:`; if the source names no day, `from: unstated`",
            id="first-step-without-a-day",
        ),
        pytest.param(
            ["{do: dose, from: start, range: unstated, of: any}", "{raise: dose, range: unstated}"],
            "the step of this drug before this one goes on without an end, so nothing comes after it",
            id="after-an-open-step",
        ),
        pytest.param(
            [FIRST, "{do: dose, from: start + 3 weeks, range: unstated}"],
            "table.yaml:10:13: this step of dose begins before an earlier one has ended, or may",
            id="overlap",
        ),
        pytest.param(
            [FIRST.replace("4 weeks", "2 to 4 weeks"), "{do: dose, from: start + 3 weeks, range: unstated}"],
            "begins before an earlier one has ended, or may",
            id="overlap-that-may-be",
        ),
        pytest.param(
            [FIRST.replace("4 weeks", "1 month"), "{do: dose, from: start + 28 days, range: unstated}"],
            "begins before an earlier one has ended, or may",
            id="a-month-may-be-longer-than-28-days",
        ),
        pytest.param(
            [FIRST.replace("4 weeks", "4 fortnights")],
            '"4 fortnights" is not a length; write `4 weeks`, `2 to 4 weeks`, `4 weeks or more`',
            id="length-in-another-unit",
        ),
        pytest.param([FIRST.replace("4 weeks", "4 to 2 weeks")], "the length runs backwards", id="length-backwards"),
        pytest.param(
            ["{do: dose, from: begin, range: unstated, of: any}"], '"begin" is not an anchor; one of', id="no-anchor"
        ),
        pytest.param(
            ["{do: dose, from: start, until: last_dose, for: 4 weeks, range: unstated, of: any}"],
            "a step with `from:` and `until:` has no `for:`",
            id="three-times-timed",
        ),
        pytest.param(
            ["{do: dose, until: last_dose, for: unstated, range: unstated, of: any}"],
            "a step with `until:` and a length needs the length",
            id="back-from-a-day-by-nothing",
        ),
        pytest.param(
            ["{do: dose, from: start, range: unstated}"], "a step of isotretinoin needs `of:`", id="no-capsules"
        ),
        pytest.param(
            ["{do: prednisone, from: start, range: unstated, of: any}"],
            "only doses of isotretinoin have a formulation",
            id="capsules-of-another-drug",
        ),
        pytest.param(
            ["{avoid: dose, from: start, range: unstated}"],
            "a step in which the drug is avoided has no range",
            id="a-dose-of-what-is-avoided",
        ),
        pytest.param(
            [FIRST, "{range: unstated, when: not_tolerated}"],
            "`when:` and `say:`, the condition in words, stand together",
            id="condition-without-words",
        ),
        pytest.param(
            [FIRST, "{range: unstated, when: 'not_tolerted', say: {en: x}}"], 'no fact "not_tolerted"', id="no-fact"
        ),
        pytest.param(
            [FIRST.replace("of: any", "of: tablets")], "of is one of any, conventional", id="no-such-capsules"
        ),
        pytest.param([FIRST.replace("do: dose", "give: dose")], 'a step has no "give"', id="no-such-key"),
    ],
)
def test_a_mistake_in_a_step_is_named(reads: Reads, steps: list[str], told: str) -> None:
    with pytest.raises(ReadError) as raised:
        reads(*steps)
    assert told in str(raised.value)


def test_a_point_of_steps_knows_only_drugs_of_the_vocabulary(reads: Reads) -> None:
    with pytest.raises(ReadError) as raised:
        reads(FIRST, drug="prednisoon")
    assert 'no drug "prednisoon"; did you mean "prednisolone"?; drugs are declared in knowledge/vocabulary' in str(
        raised.value
    )


def test_a_row_without_steps_is_refused(library: Library, reads: Reads) -> None:
    with pytest.raises(ReadError) as raised:
        reads()
    assert "steps" in str(raised.value)


def test_the_example_of_the_guide_is_read(library: Library) -> None:
    page = (REPOSITORY / "docs" / "guide" / "grammar.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(rows:\n.*?)```", page, re.DOTALL)
    book = Book(library.catalogue, {fact.name: fact for fact in library.facts})
    point = read_point(load_text(POINT.format(name="p", drug="prednisone"), "point.yaml"), "point.yaml", book)
    claims = {claim.name: claim for claim in library.claims}
    text = "decision: p\npositions:\n  - id: main\n    claims: [eu.dose.start]\n" + re.sub(
        "^", "    ", example, flags=re.M
    )
    cell = Tables("page.yaml", book, {"p": point}, claims, {}).cell(load_text(text, "page.yaml"))
    assert [step.verb for step in cell.positions[0].acting.rows[0].steps] == ["do", "raise", "do"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("for: 4 weeks", "for: 5 weeks", id="a-week-longer"),
        pytest.param("for: 4 weeks", "for: 27 days", id="a-day-shorter"),
        pytest.param("'[0.5..0.5] mg/kg/day', of", "'[0.5..0.6] mg/kg/day', of", id="a-wider-first-step"),
        pytest.param("'[0.5..1.0] mg/kg/day', when", "'[0.5..1.1] mg/kg/day', when", id="a-wider-second-step"),
        pytest.param("when: 'not(not_tolerated)'", "when: 'not_tolerated'", id="the-condition-turned-round"),
        pytest.param("from: start", "from: each_visit", id="from-another-day"),
        pytest.param("'age < 18 years'", "'age <= 18 years'", id="for-somebody-else"),
        pytest.param("do: dose, from", "avoid: dose, from", id="not-given"),
    ],
)
def test_the_cases_beside_the_steps_notice_a_step_changed(library: Library, tmp_path: Path, old: str, new: str) -> None:
    name = "protocols/pediatric/2013/titration.yaml"
    text = (shipped() / name).read_text(encoding="utf-8")
    head, _, cases = text.partition("\ncases:")
    changed = head.replace(old, new, 1)
    assert changed != head
    if new.startswith("avoid"):
        changed = changed.replace(", range: '[0.5..0.5] mg/kg/day', of: any", "", 1).replace(
            "1.0] mg/kg/day'", "1.0] mg/kg/day', of: any"
        )
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(changed + "\ncases:" + cases, encoding="utf-8")
    other = read_library([shipped(), tmp_path])
    mine = tuple(case for case in other.cases if (case.edition, case.point) == ("pediatric/2013", "titration"))
    assert len(mine) == 10
    assert list(run_cases(replace(other, packed_cases=pack_cases(mine))))
