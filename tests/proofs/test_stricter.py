"""A clinic's own protocol: no laxer than a label, or for whom it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from isocourse.app.at_least import at_least
from isocourse.app.knowledge import shipped
from isocourse.library import Library
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
