"""What must be read first stands first: it is named where a clinician looks, not at the foot of the page."""

from __future__ import annotations

import re

import pytest

from isocourse.app.assess import assess
from isocourse.app.knowledge import load_library
from isocourse.app.samples import samples
from isocourse.library import Asked, Library
from isocourse.render.report import report
from isocourse.render.terminal import page, summary
from isocourse.render.today import missing_lines, not_today_lines, red_lines
from tests.app.test_let_through import TODAY, WOMAN, seen

MAN = """
isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: male}
"""


def test_a_drug_that_nobody_here_knows_is_named_first_among_what_cannot_be_told(library: Library) -> None:
    found = seen(library, "", "lists: [{list: drugs, item: Zyxolone 50 mg, is: yes, from: '2026-11-18'}]\n")
    first, *_ = missing_lines(found, full=False)
    assert first.startswith("- look up: drugs on file that no rule here knows: Zyxolone 50 mg [")
    assert page(found, 100).index("Zyxolone") < page(found, 100).index("DISAGREEMENTS")


def test_many_unknown_drugs_take_one_line(library: Library) -> None:
    entries = ", ".join(f"{{list: drugs, item: Zyxolone {n}, is: yes, from: '2026-11-18'}}" for n in range(1, 8))
    found = seen(library, "", f"lists: [{entries}]\n")
    lines = [line for line in missing_lines(found, full=False) if "Zyxolone" in line]
    assert len(lines) == 1
    assert "and 3 more" in lines[0]
    assert "and 3 more" not in " ".join(missing_lines(found, full=True))


@pytest.mark.parametrize(
    ("more", "rest"),
    [
        pytest.param("", "lists: [{list: drugs, item: doxycycline, is: yes, from: '2026-11-18'}]\n", id="a-red-line"),
        pytest.param("  - {stream: triglycerides, value: 15 mmol/L, day: '2026-11-20'}\n", "", id="a-value"),
        pytest.param("  - {stream: pregnancy_test, value: positive, day: '2026-11-24'}\n", "", id="a-test"),
        pytest.param("", "", id="nothing-red"),
    ],
)
def test_today_speaks_in_words_and_never_in_code(library: Library, more: str, rest: str) -> None:
    lines = [
        line
        for finding in seen(library, more, rest).today.stop_now
        for line in red_lines(seen(library, more, rest), finding)
    ]
    lines += not_today_lines(seen(library, more, rest))
    assert lines
    for code in ("any(", "recorded(", "count(", " >= ", " = "):
        assert not [line for line in lines if code in line], code


def test_a_red_line_says_what_the_file_shows(library: Library) -> None:
    found = seen(library, "", "lists: [{list: drugs, item: doxycycline, is: yes, from: '2026-11-18'}]\n")
    (finding,) = (each for each in found.today.stop_now if each.line)
    assert any(
        line.startswith("    why: tetracycline antibiotic (drug): doxycycline on 18 Nov 2026")
        for line in red_lines(found, finding)
    )


@pytest.mark.parametrize(
    ("day", "more", "aged"),
    [
        pytest.param("2025-02-01", "", True, id="never-ended"),
        pytest.param("2026-10-24", "", False, id="of-the-last-month"),
        pytest.param("2026-10-23", "", True, id="one-day-older"),
        pytest.param("2025-02-01", ", until: '2027-01-01'", False, id="with-an-end"),
    ],
)
def test_a_symptom_that_nobody_ended_alarms_and_says_how_old_it_is(
    library: Library, day: str, more: str, aged: bool
) -> None:
    entry = f"lists: [{{list: symptoms, item: pancreatitis_symptoms, is: yes, from: '{day}'{more}}}]\n"
    found = seen(library, "", entry)
    (finding,) = (each for each in found.today.stop_now if each.line)
    assert ("days ago and not ended since: ask whether it still holds" in " ".join(red_lines(found, finding))) is aged


def test_what_must_be_done_and_no_file_shows_stands_on_today(library: Library) -> None:
    entry = "lists: [{list: symptoms, item: depression_signs, is: yes, from: '2026-11-20'}]\n"
    found = seen(library, "", entry)
    lines = missing_lines(found, full=False)
    place = lines.index("- confirm that it is done, for no file can show it:")
    assert "must: refer to a specialist in mental health (EU label 2018" in lines[place + 1]
    assert any("must: watch for signs (EU label 2018)" in line for line in lines[place + 2 :])


def test_what_follows_an_overdose_is_not_asked_where_nobody_speaks_of_one(library: Library) -> None:
    start = WOMAN.replace("jurisdiction: EU", "jurisdiction: US").replace("product: eu-conventional\n", "")
    assert not [
        line for line in missing_lines(seen(library, start=start), full=False) if line.startswith("    Overdose")
    ]


def test_every_demand_that_no_file_shows_is_in_the_json(library: Library) -> None:
    found = report(seen(library, "  - {stream: mood_changed, value: yes, day: '2026-11-24'}\n"))
    (item,) = (each for each in found.today.asked_of_you if each.about == "mental_health signs")
    assert item.protocols == ["eu-label/2018"]
    assert set(item.claims) <= set(found.claims)


def test_what_stands_against_it_is_read_on_the_second_line(library: Library) -> None:
    found = seen(library, "  - {stream: triglycerides, value: 15 mmol/L, day: '2026-11-20'}\n")
    second = page(found, 160).split("\n")[1]
    assert second.startswith("In short: stop now for 1 reason, ")
    assert "things to find out" in second


@pytest.mark.parametrize("more", ["", "  - {stream: triglycerides, value: 15 mmol/L, day: '2026-11-20'}\n"])
def test_the_first_lines_never_clear_anybody(library: Library, more: str) -> None:
    said = summary(seen(library, more)).lower()
    assert not {"go", "ok", "safe", "normal", "fine", "clear"} & set(said.replace(",", " ").replace(".", " ").split())
    assert "\u2713" not in said


def test_the_json_says_that_a_start_is_closed_though_the_code_is_0(library: Library) -> None:
    free = seen(library, start=MAN)
    assert (free.exit_code, report(free).start_and_supply) == (0, "not_closed_by_anything_read")
    gated = seen(library, start=MAN.replace("recorded_gender: male", "recorded_gender: female"))
    assert (gated.exit_code, report(gated).start_and_supply) == (0, "closed")


@pytest.mark.parametrize("name", [name for name, _ in samples(load_library())])
def test_the_line_read_first_counts_what_the_lists_below_it_hold(library: Library, name: str) -> None:
    record = dict(samples(library))[name]
    found = assess(library, record, Asked(TODAY))
    told = page(found, 10_000, full=True)
    short = told.split("\n")[1]
    heads = {
        title: told.split(f"\n{title}\n")[1].split("\n\n")[0]
        for title in ("STOP NOW", "NOT TODAY, BECAUSE", "CANNOT TELL UNTIL")
    }
    listed = {title: len(re.findall(r"^  (?:- |! )", lines, flags=re.MULTILINE)) for title, lines in heads.items()}

    def said(pattern: str) -> int:
        return sum(int(n) for n in re.findall(pattern, short))

    assert said(r"stop now for (\d+) reasons?") == listed["STOP NOW"]
    assert said(r"(\d+) (?:things? against it today|broken where nothing governing)") == listed["NOT TODAY, BECAUSE"]
    assert said(r"(\d+) things? to find out") == listed["CANNOT TELL UNTIL"]
