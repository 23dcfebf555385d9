"""The annotated numbers of the kinetic model: each has a unit and an origin, and a mistake is named."""

import shutil
from pathlib import Path

import pytest

from isocourse.app.knowledge import shipped
from isocourse.facts.problem import ReadError
from isocourse.library import Library
from isocourse.reading.kinetics import read_kinetics


def test_every_source_exists(library: Library) -> None:
    held = read_kinetics(shipped(), {work.name for work in library.works})
    assert len(held.cited) > 20


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        pytest.param("disposition", "value: '65'", "value: much", '"much" is not a number', id="no-number"),
        pytest.param("disposition", "  exchange:", "  exchagne:", 'did you mean "exchange"', id="misspelt"),
        pytest.param(
            "background", "mark: MEM, assumption", "mark: MEM, note", 'needs an "assumption"', id="unsaid-memory"
        ),
        pytest.param("sebum", "sources: [landthaler-1980]", "sources: []", "needs its sources", id="no-source"),
        pytest.param("sebum", "landthaler-1980", "landthaler", 'no source "landthaler"', id="unknown-source"),
        pytest.param(
            "calibration", "computes: fed.auc.mean", "computes: fed.auc", 'nothing computes "fed.auc"', id="no-figure"
        ),
        pytest.param("statements", "why: 'Not in the model.'}", "}", 'either "computes" or "why"', id="silent"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, library: Library, file: str, old: str, new: str, said: str) -> None:
    shutil.copytree(shipped() / "kinetics", tmp_path / "kinetics")
    path = tmp_path / "kinetics" / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ReadError, match=said):
        read_kinetics(tmp_path, {work.name for work in library.works})
