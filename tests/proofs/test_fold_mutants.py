"""Broken folds are noticed by the cases of facts: another fold, a window moved, a filter dropped, an undated event dated, and so on."""

from __future__ import annotations

import sys

import pytest
from msgspec.structs import replace

from isocourse.app.fold_mutants import FoldTried, try_folds
from isocourse.app.knowledge import folders
from isocourse.app.mutants import share_killed
from isocourse.app.timelines import folded_facts
from isocourse.library import Library
from isocourse.library.timelines import Timeline
from isocourse.proofs.fold_mutants import FOLD_KINDS, fold_mutants
from isocourse.proofs.small_files import small_files
from isocourse.reading.timelines import read_timelines

AT_LEAST = 0.98
A_FEW = (
    "alt_baseline",
    "alt_now",
    "alt_rise",
    "weight",
    "risk_form_signed",
    "examined",
    "pregnant",
    "first_test_of_two",
    "contraception_since",
    "any(drugs, kind = tetracycline, current)",
    "count(methods, kind = barrier, current)",
)


@pytest.fixture(scope="module")
def timelines(library: Library) -> list[Timeline]:
    return read_timelines(folders(None), library.catalogue)[0]


def tried_on(library: Library, timelines: list[Timeline], *names: str) -> list[FoldTried]:
    return [each for name in names for each in try_folds(library, timelines, only=name)]


def survivors(tried: list[FoldTried]) -> list[str]:
    return [f"{each.mutant.fact.name}: {each.mutant.what}; {each.by}" for each in tried if each.fate == "survived"]


def test_every_folded_fact_and_every_ratio_is_broken_in_some_way(library: Library) -> None:
    facts = folded_facts(library).values()
    broken = {fact.name for fact in facts if list(fold_mutants(fact, library.catalogue))}
    assert broken == {fact.name for fact in facts if fact.fold or fact.ratio}
    assert len(broken) > 200


def test_every_way_to_break_a_fold_is_tried(library: Library) -> None:
    kinds = {each.kind for fact in folded_facts(library).values() for each in fold_mutants(fact, library.catalogue)}
    assert kinds == set(FOLD_KINDS)


def test_a_window_is_moved_at_both_ends_and_each_end_is_dropped(library: Library) -> None:
    found = [
        each.what
        for each in fold_mutants(folded_facts(library)["alt_baseline"], library.catalogue)
        if each.kind == "window"
    ]
    assert found == [
        "the window's first day is a day earlier",
        "the window's first day is a day later",
        "the window has no first day",
        "the window's last day is a day earlier",
        "the window's last day is a day later",
        "the window has no last day",
    ]


def test_no_mutant_is_the_fact_itself(library: Library) -> None:
    for fact in folded_facts(library).values():
        for each in fold_mutants(fact, library.catalogue):
            assert each.fact != fact or each.seen is not None or each.for_unknown, (fact.name, each.what)


def test_a_few_facts_of_every_kind_are_held_by_their_cases(library: Library, timelines: list[Timeline]) -> None:
    tried = tried_on(library, timelines, *A_FEW)
    assert {each.mutant.fact.name for each in tried} == set(A_FEW)
    assert survivors(tried) == []
    assert sum(each.fate == "killed" for each in tried) > 80


def test_without_cases_nothing_is_noticed(library: Library) -> None:
    tried = tried_on(library, [], *A_FEW)
    assert {each.fate for each in tried} <= {"survived", "equivalent"}
    assert share_killed(tried) == 0
    assert len(survivors(tried)) > 80


@pytest.mark.parametrize(
    ("dropped", "survives"),
    [
        pytest.param("unknown", "weight: 180 days becomes 181 days", id="never-too-old"),
        pytest.param("unknown", "weight: nothing on file is a no", id="never-missing"),
        pytest.param("60 kg", "weight: 180 days becomes 179 days", id="never-just-good-enough"),
        pytest.param("|", "weight: an event without a day is left out", id="never-without-a-day"),
    ],
)
def test_a_border_without_its_case_survives_with_a_file_that_shows_the_difference(
    library: Library, timelines: list[Timeline], dropped: str, survives: str
) -> None:
    kept = [each for each in timelines if dropped not in dict(each.expect).get("weight", "")]
    told = survivors(tried_on(library, kept, "weight"))
    assert any(line.startswith(f"{survives}; ") and len(line) > len(survives) + 2 for line in told), told


def test_a_case_that_is_wrong_of_the_fact_itself_is_no_proof_that_a_mutant_is_noticed(
    library: Library, timelines: list[Timeline]
) -> None:
    """What kills must be right of the fact as it is; the check of the knowledge holds that for all cases that are read here."""
    wrong = [
        replace(each, expect=(("weight", "61 kg"),)) for each in timelines if dict(each.expect).get("weight") == "60 kg"
    ]
    assert wrong
    with pytest.raises(ValueError, match="does not come out as written"):
        tried_on(library, wrong, "weight")


def test_the_small_files_hold_every_border_and_both_kinds_of_record(library: Library) -> None:
    weight = folded_facts(library)["weight"]
    files = list(small_files(weight, library.catalogue, 740_000))
    ages = {740_000 - event.happened.last for file in files for event in file.events if event.dated}
    assert {0, 179, 180, 181} <= ages
    assert {bool(file.coverage) for file in files} == {False, True}
    assert {len(file.events) for file in files} == {0, 1, 2}
    assert any(not event.dated for file in files for event in file.events)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        pytest.param(
            "hysterectomy", "of two values of one day the higher or last one is kept", id="a-yes-stands-anyway"
        ),
        pytest.param("test_before_last", "the window's last day is a day earlier", id="never"),
    ],
)
def test_only_what_no_small_file_tells_apart_is_dropped(
    library: Library, timelines: list[Timeline], name: str, what: str
) -> None:
    fates = {each.mutant.what: each.fate for each in tried_on(library, timelines, name)}
    assert fates[what] == ("equivalent" if name == "hysterectomy" else "killed")


@pytest.mark.slow
def test_nearly_every_broken_fold_of_the_whole_knowledge_is_noticed(
    library: Library, timelines: list[Timeline], capsys: pytest.CaptureFixture[str]
) -> None:
    tried = list(try_folds(library, timelines))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(tried)} broken folds, {share_killed(tried):.2%} of those that matter noticed; survived:\n"
        )
        sys.stdout.write("".join(f"  {line}\n" for line in survivors(tried)))
    assert share_killed(tried) >= AT_LEAST
