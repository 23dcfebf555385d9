"""The cases of facts come out as written, and a folded fact without cases on its borders is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from isocourse.app.knowledge import folders
from isocourse.app.timelines import folded_facts, lacking, run_timelines
from isocourse.library import Library
from isocourse.library.timelines import Timeline, Untimed
from isocourse.reading.timelines import read_timelines


@pytest.fixture(scope="module")
def timelines(library: Library) -> list[Timeline]:
    told, excused, errors = read_timelines(folders(None), library.catalogue)
    assert (excused, errors) == ([], [])
    return told


def but(timelines: list[Timeline], fact: str, words: str = "") -> list[Timeline]:
    """The cases without those lines that speak of a fact, in cases whose name holds the words."""
    return [
        replace(each, expect=tuple(pair for pair in each.expect if pair[0] != fact)) if words in each.name else each
        for each in timelines
    ]


def test_every_case_of_facts_comes_out_as_written(library: Library, timelines: list[Timeline]) -> None:
    assert len(timelines) > 100
    assert list(run_timelines(library, timelines)) == []


def test_every_folded_fact_has_cases_on_its_borders(library: Library, timelines: list[Timeline]) -> None:
    assert list(lacking(library, timelines, [])) == []


def test_what_comes_out_otherwise_is_told_with_its_line_and_both_values(
    library: Library, timelines: list[Timeline]
) -> None:
    case = next(each for each in timelines if each.name == "a weight of 180 days ago holds")
    (told,) = run_timelines(library, [replace(case, expect=(("weight", "unknown"),))])
    assert told.startswith("facts/cases/measures.yaml:")
    assert told.endswith("weight: expected unknown, found 60 kg")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("recorded(weight)", "recorded(weight): expected something else, found yes", id="recorded"),
        pytest.param("wieght", 'no fact "wieght"; did you mean "weight"?', id="a-name-misspelt"),
        pytest.param("weight.day", "weight.day: expected something else, found 2026-05-28", id="the-day-of-the-event"),
    ],
)
def test_what_is_asked_is_answered_or_refused(
    library: Library, timelines: list[Timeline], name: str, found: str
) -> None:
    case = next(each for each in timelines if each.name == "a weight of 180 days ago holds")
    (told,) = run_timelines(library, [replace(case, expect=((name, "something else"),))])
    assert told.endswith(found)


@pytest.mark.parametrize(
    ("fact", "words", "missing"),
    [
        pytest.param("weight", "", "it is known", id="no-case-at-all"),
        pytest.param("weight", "nothing was measured", "nothing is on file for it", id="never-missing"),
        pytest.param(
            "weight",
            "181 days ago",
            "the last value is 180 days old, and one in which it is 181 days old",
            id="never-just-too-old",
        ),
        pytest.param(
            "alt_baseline",
            "91 days before",
            "an event lies on first_dose - 91 days, outside its window",
            id="never-a-day-too-early",
        ),
        pytest.param(
            "alt_baseline",
            "day after the first dose",
            "an event lies on first_dose + 1 day, outside its window",
            id="never-a-day-too-late",
        ),
        pytest.param(
            "alt_now", "day of the first dose", "an event lies on first_dose, outside its window", id="an-open-end"
        ),
        pytest.param("alt_rise", "", "it is known", id="a-ratio"),
    ],
)
def test_a_border_without_a_case_is_told_with_the_line_of_the_fact(
    library: Library, timelines: list[Timeline], fact: str, words: str, missing: str
) -> None:
    kept = but(timelines, fact, words)
    if fact == "weight" and words == "181 days ago":
        kept = [each for each in kept if "just run out" not in each.name]
    line = f"{folded_facts(library)[fact].file}:{folded_facts(library)[fact].line}"
    assert f"{line}: {fact} has no case in which {missing}; cases of facts stand in facts/cases" in list(
        lacking(library, kept, [])
    )


def test_a_fold_in_a_condition_without_cases_is_told_where_a_row_reads_it(
    library: Library, timelines: list[Timeline]
) -> None:
    name = "any(drugs, kind = tetracycline, current)"
    told = [line for line in lacking(library, but(timelines, name), []) if name in line]
    assert told
    assert all(line.startswith("protocols/") for line in told)


def test_a_fact_is_excused_with_a_reason_and_an_excuse_that_excuses_nothing_is_told(
    library: Library, timelines: list[Timeline]
) -> None:
    excuse = Untimed("facts/cases/exempt.yaml:3", "weight", "weighed at every visit")
    assert list(lacking(library, but(timelines, "weight"), [excuse])) == []
    assert list(lacking(library, timelines, [excuse])) == [
        "facts/cases: weight is excused from cases and needs no excuse; remove it"
    ]
    nobody = Untimed("facts/cases/exempt.yaml:4", "wait", "")
    assert list(lacking(library, timelines, [nobody])) == [
        "facts/cases/exempt.yaml:4: wait is excused from cases and is no folded fact"
    ]
