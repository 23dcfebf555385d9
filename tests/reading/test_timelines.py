"""Cases of facts are read as records, and a mistake in one is told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from isocourse.facts.days import day_number
from isocourse.facts.record import Event
from isocourse.library import Library
from isocourse.library.timelines import Timeline, Untimed
from isocourse.logic.truth import Truth
from isocourse.reading.timelines import read_timelines

TODAY = day_number(2026, 11, 24)


def read(
    library: Library, folder: Path, text: str, name: str = "own"
) -> tuple[list[Timeline], list[Untimed], list[str]]:
    place = folder / "facts" / "cases"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    told, excused, errors = read_timelines((folder,), library.catalogue)
    return told, excused, [str(error) for error in errors]


CASE = """\
today: '2026-11-24'
groups: {enzymes: [alt, ast], before: [alt_baseline, ast_baseline]}
cases:
  - name: two enzymes before the first dose
    course: {first_dose: today - 60 days}
    timeline:
      first_dose - 90 days: {enzymes: 40 U/L}
      no day, known today - 3 days: {drugs: {doxycycline: {is: yes, until: today - 1 day}}}
    coverage: {drugs: [first_dose, today]}
    expect: {before: 40 U/L, alt_now.day: today - 3 days..today}
"""


def test_a_case_is_a_record_whose_days_are_counted_from_today_and_the_course(library: Library, tmp_path: Path) -> None:
    (case,), _, errors = read(library, tmp_path, CASE)
    assert errors == []
    assert (case.where, case.as_of) == ("facts/cases/own.yaml:4", TODAY)
    assert case.expect == (
        ("alt_baseline", "40 U/L"),
        ("ast_baseline", "40 U/L"),
        ("alt_now.day", "2026-11-21..2026-11-24"),
    )
    days = {event.stream: event.happened.last for event in case.record.events}
    assert days == {"first_dose": TODAY - 60, "alt": TODAY - 150, "ast": TODAY - 150, "drugs": TODAY - 3}
    drug = next(event for event in case.record.events if event.stream == "drugs")
    assert (drug.value, drug.state, drug.dated) == (Truth.YES, "ended", False)
    assert [(each.stream, each.first, each.last) for each in case.record.coverage] == [("drugs", TODAY - 60, TODAY)]


def test_two_values_of_one_day_are_two_events(library: Library, tmp_path: Path) -> None:
    text = CASE.replace("{enzymes: 40 U/L}", "{alt: [40 U/L, {value: 90 U/L, upper_limit: 45 U/L}]}")
    (case,), _, _ = read(library, tmp_path, text)
    found: list[Event] = [event for event in case.record.events if event.stream == "alt"]
    assert [event.written for event in found] == ["40 U/L", "90 U/L, upper limit 45 U/L"]


def test_a_fact_is_excused_in_a_file_of_its_own(library: Library, tmp_path: Path) -> None:
    _, excused, errors = read(library, tmp_path, "exempt:\n  - {fact: weight, why: weighed}\n", "exempt")
    assert (excused, errors) == ([Untimed("facts/cases/exempt.yaml:2", "weight", "weighed")], [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("40 U/L}", "40 mmol/L}", "own.yaml:4:5: a value of the case cannot be used", id="a-refused-value"),
        pytest.param(
            "{enzymes: 40 U/L}", "{allt: 40 U/L}", 'no stream "allt"; did you mean "alt"?', id="no-such-stream"
        ),
        pytest.param(
            "first_dose - 90 days: ", "firstdose - 90 days: ", '"firstdose - 90 days" is no day', id="no-such-day"
        ),
        pytest.param(
            "[first_dose, today]", "[first_dose]", "a record is complete from one day to another", id="one-end"
        ),
        pytest.param(
            "{enzymes: [alt, ast]", "{alt: [alt, ast]", 'not named like the stream "alt"', id="a-group-hides-a-stream"
        ),
        pytest.param("expect:", "expected:", 'a case of facts has no "expected"', id="a-key-misspelt"),
        pytest.param(
            "today: '2026-11-24'", "today: '2026-11'", 'today is one day, not "2026-11"', id="today-is-a-month"
        ),
    ],
)
def test_a_mistake_in_a_case_is_told(library: Library, tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in CASE
    cases, _, errors = read(library, tmp_path, CASE.replace(old, new))
    assert cases == []
    assert len(errors) == 1
    assert told in errors[0]
