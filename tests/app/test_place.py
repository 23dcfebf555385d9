"""Where the course is is understood however it is spelt, or the file's reader is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from isocourse.app.assess import assess
from isocourse.library import Asked, Library
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from tests.app.test_let_through import WOMAN, seen
from tests.conftest import Ran

TODAY = date(2026, 11, 24).toordinal()


@pytest.mark.parametrize("spelt", ["EU", "eu", "Eu", "' eu '"])
def test_small_letters_are_understood_in_a_record(library: Library, spelt: str) -> None:
    found = seen(library, start=WOMAN.replace("jurisdiction: EU", f"jurisdiction: {spelt}"))
    assert [edition.key for edition in found.governs] == ["eu-label/2018"]
    assert not found.record.problems


def test_the_other_code_of_the_united_kingdom_is_understood(library: Library) -> None:
    found = seen(library, start=WOMAN.replace("jurisdiction: EU", "jurisdiction: gb"))
    assert "uk-mhra/2026-01" in [edition.key for edition in found.governs]


def test_a_member_country_in_small_letters_has_the_rules_of_its_region(library: Library) -> None:
    found = seen(library, start=WOMAN.replace("jurisdiction: EU", "jurisdiction: de"))
    assert [edition.key for edition in found.governs] == ["eu-label/2018"]


def test_what_is_no_place_is_a_problem_and_governs_nothing(library: Library) -> None:
    found = seen(library, start=WOMAN.replace("jurisdiction: EU", "jurisdiction: EUU"))
    assert found.governs == ()
    (problem,) = found.record.problems
    assert 'jurisdiction: "EUU"; did you mean "EU"?' in problem.line()
    assert found.exit_code == 3


def test_a_country_that_nobody_here_has_read_is_a_place_and_no_problem(library: Library) -> None:
    found = seen(library, start=WOMAN.replace("jurisdiction: EU", "jurisdiction: jp"))
    assert (found.record.jurisdiction, found.governs, found.record.problems) == ("JP", (), ())


def test_the_users_choice_is_understood_in_small_letters(library: Library) -> None:
    record = record_of(load_text(WOMAN, "record"), "record", library.catalogue, TODAY)
    found = assess(library, record, Asked(TODAY, jurisdiction="us"))
    assert {edition.protocol for edition in found.governs} == {"us-ipledge", "us-label"}


def test_the_command_takes_small_letters_and_refuses_what_is_no_place(run: Callable[..., Ran], tmp_path: Path) -> None:
    record = tmp_path / "record.yaml"
    record.write_text(WOMAN, encoding="utf-8")
    day = ("--as-of", "2026-11-24")
    assert "Governing: iPLEDGE" in run("assess", str(record), "--jurisdiction", "us", *day).out
    refused = run("assess", str(record), "--jurisdiction", "uss", *day)
    assert refused.code == 1
    assert 'did you mean "US"' in refused.err
