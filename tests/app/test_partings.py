"""The disagreements on Today: each side that opposes is a side, and definitions that part for this patient are one of them."""

from __future__ import annotations

from datetime import date

import pytest

from isocourse.app.assess import assess
from isocourse.app.knowledge import shipped
from isocourse.app.record import read_record
from isocourse.decisions.breaches import Breach
from isocourse.library import Asked, Assessment, Library
from isocourse.render.report import report
from isocourse.render.today import definition_lines, not_today_lines, parting_lines, partings_lines
from isocourse.render.words import label

TODAY = date(2026, 11, 24).toordinal()


def sample(library: Library, name: str) -> Assessment:
    return assess(library, read_record(shipped() / "patients" / f"{name}.yaml", library.catalogue, TODAY), Asked(TODAY))


def test_one_who_leaves_open_how_and_not_whether_is_a_side_and_no_onlooker(library: Library) -> None:
    seen = sample(library, "triglycerides-almost-trebled")
    (parting,) = (each for each in seen.today.disagreements if each.point.name == "lab_stop")
    assert parting.kind == "opposed"
    assert "US label 2026" in [label(answer) for answer in parting.sides]
    lines = parting_lines(seen, parting)
    (side,) = (line for line in lines if line.strip().startswith("US label 2026"))
    assert "depends on" in side
    (open_,) = (line for line in lines if "still open" in line)
    assert "US label 2026" not in open_
    assert "Hong Kong" in open_


def test_no_parting_that_is_certain_shows_one_side_alone(library: Library) -> None:
    for name in ("triglycerides-almost-trebled", "alt-trebled", "tubal-ligation", "relapse"):
        seen = sample(library, name)
        for parting in seen.today.disagreements:
            if parting.kind == "opposed":
                sides = [line for line in parting_lines(seen, parting)[1:] if "still open" not in line]
                assert len(sides) >= 2, (name, parting.point.name)


def test_definitions_that_part_for_this_patient_stand_first(library: Library) -> None:
    seen = sample(library, "tubal-ligation")
    lines = partings_lines(seen, full=False)
    assert lines[0] == "- Able to become pregnant (each protocol's own definition): they part"
    assert any(line.endswith(": yes") and "EU label 2018" in line for line in lines[1:3])
    assert any(line.endswith(": no") for line in lines[1:3])
    assert report(seen).today.disagreements[0].kind == "definition"


def test_definitions_that_agree_take_no_line(library: Library) -> None:
    assert definition_lines(sample(library, "boy-of-16")) == []


def test_what_is_said_alike_of_several_procedures_is_said_once(library: Library) -> None:
    lines = partings_lines(sample(library, "triglycerides-almost-trebled"), full=True)
    (head,) = (line for line in lines if "vascular laser" in line and line.startswith("- "))
    assert head.startswith("- Procedures, vascular laser, hair removal by laser or light")


@pytest.mark.parametrize("name", ["triglycerides-almost-trebled", "tubal-ligation", "doxycycline", "no-breakfast"])
def test_saying_it_once_hides_nobody(library: Library, name: str) -> None:
    seen = sample(library, name)
    told = " ".join(partings_lines(seen, full=True))
    for parting in seen.today.disagreements:
        for line in parting_lines(seen, parting)[1:]:
            who = line.split(": ")[0].strip()
            assert who in told, (parting.point.name, who)
    held = " ".join(not_today_lines(seen))
    for each in seen.today.not_today:
        if isinstance(each, Breach):
            assert all(label(answer) in held for answer in each.answers), each.point.name


def test_duties_of_one_point_that_are_not_kept_stand_under_one_head(library: Library) -> None:
    lines = not_today_lines(sample(library, "doxycycline"))
    assert len([line for line in lines if line.startswith("- Work-up before treatment")]) == 1
    (liver,) = (line for line in lines if "should: liver enzymes" in line)
    assert "MSD Manual" in liver
    assert "ALT before treatment: not on file" in liver
