"""The commands of a course in Russian and Uzbek: nothing in English but what the file and the sources say; the words say that they are a draft."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from isocourse.app.knowledge import shipped
from isocourse.cli.main import cli
from isocourse.render.language import MARKS

RECORD = str(shipped() / "patients" / "boy-of-16.yaml")
DAY = ["--as-of", "2026-11-24"]
DRAFT = {"ru": "черновик", "uz": "qoralama"}


def told(*words: str) -> str:
    """What a command prints."""
    done = CliRunner().invoke(cli, [*words, *DAY])
    assert done.exit_code in (0, 1, 3, 4), done.output
    return done.output


@pytest.mark.parametrize("language", sorted(DRAFT))
def test_a_plan_is_told_in_the_language_asked_for(language: str) -> None:
    page = told("plan", RECORD, "--language", language, "--width", "120")
    assert MARKS[language] not in page
    assert DRAFT[language] in page
    for english in ("RUNNING TOTAL", "too early", "asked for", "governing", "reached", "Nov 2026"):
        assert english not in page


@pytest.mark.parametrize("language", sorted(DRAFT))
@pytest.mark.parametrize("command", ["calendar", "slip", "alerts"])
def test_calendar_slips_and_alerts_are_told_in_it_too(language: str, command: str) -> None:
    more = {"slip": ["supply-2", "--to", "2027-01-12"], "alerts": ["--since", "2026-10-01"]}.get(command, [])
    page = told(command, RECORD, *more, "--language", language)
    assert page
    assert MARKS[language] not in page
    assert "Nov 2026" not in page


@pytest.mark.parametrize("language", sorted(DRAFT))
def test_report_sheet_and_calendar_file_are_written_in_it_and_say_that_they_are_a_draft(
    language: str, tmp_path: Path
) -> None:
    files = {kind: tmp_path / f"course.{kind}" for kind in ("html", "sheet", "ics")}
    options = [word for kind, file in files.items() for word in (f"--{kind}", str(file))]
    told("plan", RECORD, "--language", language, *options)
    for kind, file in files.items():
        page = file.read_bytes().replace(b"\r\n ", b"").decode()
        assert MARKS[language] not in page, kind
        assert DRAFT[language] in page, kind


def test_the_figures_of_a_plan_are_the_same_in_every_language() -> None:
    import json

    plans = {language: json.loads(told("plan", RECORD, "--json", "--language", language)) for language in ("en", "ru")}
    for part in ("supplies", "totals", "start", "end", "exit_code", "governs"):
        assert plans["en"][part] == plans["ru"][part]
    assert [step["pattern"] for step in plans["en"]["steps"]] == [step["pattern"] for step in plans["ru"]["steps"]]
    assert plans["en"]["choices"] != plans["ru"]["choices"]
