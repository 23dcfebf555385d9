"""The myths on the command line: the list, one of them with both sides, and what is said where there are none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from isocourse.app.knowledge import shipped
from isocourse.library import Library
from tests.conftest import Ran

Run = Callable[..., Ran]


def test_the_myths_are_listed(run: Run, library: Library) -> None:
    ran = run("myths")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == [each.name for each in library.disagreements.myths]
    found = json.loads(run("myths", "--json").out)
    assert [each["myth"] for each in found] == [each.name for each in library.disagreements.myths]


def test_a_knowledge_without_myths_says_so(run: Run, tmp_path: Path) -> None:
    own = Path(shutil.copytree(shipped(), tmp_path / "knowledge"))
    (own / "myths.yaml").unlink()
    ran = run("myths", "--knowledge", own)
    assert (ran.code, ran.out) == (0, "No myths are written down in this knowledge.\n")
    assert json.loads(run("myths", "--knowledge", own, "--json").out) == []
    assert run("myths", "M8", "--knowledge", own).code == 1


@pytest.mark.parametrize("width", [80, 160])
def test_one_myth_shows_every_authority_and_both_sides(run: Run, width: int) -> None:
    ran = run("myths", "M8", "--width", str(width))
    assert ran.code == 0
    for words in (
        "SLOW RESPONSE",
        "Seed 2025 (review)",
        "raising the daily dose",
        "says nothing on this: ",
        "we have not read this text: ",
        "CLAIMS AGAINST IT",
        "[seed.slow.more_rarely_helps]",
        "CLAIMS THAT LEND IT SUPPORT",
    ):
        assert words in ran.out
    assert max(len(line) for line in ran.out.splitlines() if " " in line.strip()) <= width


def test_no_silence_and_no_unread_text_counts_as_speaking(run: Run, library: Library) -> None:
    found = json.loads(run("myths", "M8", "--json").out)
    assert {side: bool(found[side]) for side in ("against", "lends")} == {"against": True, "lends": True}
    for point in found["points"]:
        assert len(point["editions"]) == len(library.editions)
        for edition in point["editions"]:
            speaks = edition["status"] not in ("silent", "not_read")
            assert bool(edition["positions"]) is speaks
            assert all(row["claims"] for position in edition["positions"] for row in position["rows"])
            assert speaks or edition["looked"]
    assert all(claim["source"] and claim["where"] for claim in found["against"])


def test_whom_a_row_speaks_of_is_told_in_words_and_kept_as_code_in_the_json(run: Run) -> None:
    told = " ".join(run("myths", "M4").out.split())
    assert "when triglycerides cannot be controlled (judgement) or symptoms of pancreatitis (sign, now)" in told
    assert "body: should: carry on, when none of the earlier conditions of this position holds" in told
    assert "any(" not in told
    assert ">=" not in told
    found = json.loads(run("myths", "M4", "--json").out)
    rows = [
        row
        for point in found["points"]
        for edition in point["editions"]
        for position in edition["positions"]
        for row in position["rows"]
    ]
    words = {row["when"]: row["when_in_words"] for row in rows}
    assert words["triglycerides_now > 9 mmol/L"] == (
        "none of the earlier conditions of this position holds and triglycerides now is more than 9 mmol/L"
    )
    assert words["otherwise"] == "none of the earlier conditions of this position holds"
    assert all(told for code, told in words.items() if code != "always")


def test_a_myth_that_is_misspelt_is_a_usage_error(run: Run) -> None:
    ran = run("myths", "M88")
    assert ran.code == 1
    assert '"M88" is not known' in ran.err
