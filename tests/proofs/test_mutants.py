"""Broken rules are noticed: by a case beside the rule, by a claim's force, or by a theorem."""

from __future__ import annotations

import sys

import pytest

from isocourse.app.mutants import Tried, share_killed, try_mutants
from isocourse.library import Library
from isocourse.proofs.mutants import KINDS

AT_LEAST = 0.98


def survivors(tried: list[Tried]) -> list[str]:
    return [
        f"{each.mutant.edition.key} {each.mutant.point} {each.mutant.position} {each.mutant.row}: {each.mutant.what}"
        for each in tried
        if each.fate == "survived"
    ]


def test_every_way_to_break_the_review_is_tried_and_noticed(library: Library) -> None:
    tried = list(try_mutants(library, (library.edition("seed-review/2025"),)))
    assert {each.mutant.kind for each in tried} == set(KINDS)
    assert len(tried) > 300
    assert share_killed(tried) >= AT_LEAST, survivors(tried)


@pytest.mark.slow
def test_nearly_every_broken_rule_of_the_whole_knowledge_is_noticed(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = list(try_mutants(library, library.editions))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(tried)} broken rules, {share_killed(tried):.2%} of those that matter noticed; survived:\n"
        )
        sys.stdout.write("".join(f"  {line}\n" for line in survivors(tried)))
    assert share_killed(tried) >= AT_LEAST
