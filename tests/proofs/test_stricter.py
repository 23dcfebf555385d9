"""A clinic's own protocol: no laxer than a label, or for whom it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from isocourse.app.at_least import at_least
from isocourse.app.knowledge import shipped
from isocourse.decisions.tables import Length, Moment, Row, Step
from isocourse.library import Library
from isocourse.proofs.question import Asker
from isocourse.proofs.stricter import no_laxer, steps_demand
from isocourse.proofs.theorems import Outcome
from tests.conftest import Ran

LABEL = "protocols/eu-label/2018"


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A folder with a protocol that is a copy of the European label."""
    own = tmp_path / "protocols" / "our-clinic" / "2026"
    shutil.copytree(shipped() / LABEL, own)
    card = own / "edition.yaml"
    card.write_text(card.read_text().replace("protocol: eu-label", "protocol: our-clinic"), encoding="utf-8")
    return tmp_path


def change(clinic: Path, name: str, old: str, new: str) -> None:
    path = clinic / "protocols" / "our-clinic" / "2026" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edition_that_says_one_thing_is_no_laxer_than_itself(library: Library) -> None:
    """One with two positions on a choice may be laxer in one of them than in the other."""
    for edition in library.editions:
        if any(len(cell.positions) > 1 for cell in edition.cells):
            continue
        laxer = [
            (edition.key, each.demand.point.name, each.demand.row)
            for each in at_least(library, edition, edition)
            if each.demand.outcome is not Outcome.PROVED
        ]
        assert laxer == []


def test_a_copy_of_the_label_is_no_laxer(run: Callable[..., Ran], clinic: Path) -> None:
    ran = run("prove", "--knowledge", clinic, "--at-least", "eu-label/2018", "--protocol", "our-clinic")
    assert (ran.code, ran.err) == (0, "")
    assert "no laxer" in ran.out


def test_a_laxer_copy_shows_for_whom(run: Callable[..., Ran], clinic: Path) -> None:
    change(
        clinic,
        "contraindications.yaml",
        "'any(drugs, class = tetracycline, current)'",
        "'any(drugs, class = tetracycline, current) and age < 12 years'",
    )
    ran = run("prove", "--knowledge", clinic, "--at-least", "eu-label/2018", "--protocol", "our-clinic")
    assert ran.code == 2
    assert "tetracycline" in ran.out
    assert "for: any(drugs, kind = tetracycline, current): yes" in ran.out


def test_a_stricter_copy_is_no_laxer(run: Callable[..., Ran], clinic: Path) -> None:
    change(
        clinic,
        "contraindications.yaml",
        "'any(drugs, class = tetracycline, current)'",
        "'any(drugs, class = tetracycline, current) or any(drugs, class = vitamin_a_supplement, current)'",
    )
    ran = run("prove", "--knowledge", clinic, "--at-least", "eu-label/2018", "--protocol", "our-clinic")
    assert ran.code == 0


def test_an_unknown_label_is_named(run: Callable[..., Ran]) -> None:
    ran = run("prove", "--at-least", "eu-labl")
    assert ran.code == 1
    assert 'did you mean "eu-label"' in ran.err


def steps(*rows: Step) -> Row:
    return Row("row", 0, "always", "should", ("a.claim",), steps=rows)


FIRST = Step(
    "do", "dose", Moment("start"), length=Length(4, 4, "weeks"), low="0.5", high="1.0", unit="mg/kg/day", of="any"
)


@pytest.mark.parametrize(
    ("changed", "as_much"),
    [
        pytest.param({}, True, id="the-same"),
        pytest.param({"high": "0.8"}, True, id="a-narrower-range"),
        pytest.param({"low": "0.3"}, False, id="a-wider-range"),
        pytest.param({"below": True}, True, id="without-its-upper-end"),
        pytest.param({"low": "", "high": ""}, False, id="no-range"),
        pytest.param({"of": "lidose"}, True, id="of-some-capsules-only"),
        pytest.param({"unit": "mg/day"}, False, id="in-another-unit"),
        pytest.param({"length": Length(5, 5, "weeks")}, False, id="for-another-time"),
        pytest.param({"verb": "raise"}, False, id="another-way"),
        pytest.param({"when": 7}, False, id="on-a-condition"),
    ],
)
def test_steps_ask_at_least_as_much_only_within_the_same_course(changed: dict[str, object], as_much: bool) -> None:
    one = steps(replace(FIRST, **changed))
    assert steps_demand(one, steps(FIRST)) is as_much
    assert not steps_demand(steps(), steps(FIRST))


def test_a_copy_that_starts_higher_is_laxer_for_whoever_starts(library: Library) -> None:
    label = library.edition("eu-label/2018")
    cell = label.cell("titration")
    (position,) = cell.positions
    (reading,) = position.readings
    usual = reading.rows[0]
    higher = replace(usual, steps=(replace(usual.steps[0], high="0.8"), *usual.steps[1:]))
    rows = (higher, *reading.rows[1:])
    changed = replace(cell, positions=(replace(position, readings=(replace(reading, rows=rows),)),))
    own = replace(label, cells=tuple(changed if each is cell else each for each in label.cells))
    found = {
        each.row: each.outcome for each in no_laxer(Asker(library.program), own, label, [library.point("titration")])
    }
    assert found == {"usual": Outcome.FAILS, "severe_renal_insufficiency": Outcome.PROVED}
