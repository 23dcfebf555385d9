"""Published figures: what was fitted lies in its band, what cannot be matched is shown as a miss."""

import pytest

from isocourse.kinetics.calibration import Calibration, calibrated
from isocourse.kinetics.knowledge import KineticKnowledge

KNOWN_MISSES = {"EXT-1", *(f"MISS-{number}" for number in range(1, 10))}


@pytest.fixture(scope="module")
def found(kinetics: KineticKnowledge) -> Calibration:
    """The calibration, of one crowd."""
    return calibrated(kinetics.model, kinetics.items)


def test_every_calibration_item_lies_in_its_band(found: Calibration) -> None:
    assert {each.item.id: each.value for each in found.misses if each.item.id.startswith("CAL")} == {}


def test_what_cannot_be_matched_stays_a_miss(found: Calibration) -> None:
    assert {each.item.id for each in found.misses} == KNOWN_MISSES


def test_the_scores_are_never_added_up(found: Calibration) -> None:
    scores = [found.score(fitted=fitted, remembered=old) for fitted in (True, False) for old in (True, False)]
    assert sum(each.of for each in scores) == len(found.items)
    assert found.score(fitted=True).inside == found.score(fitted=True).of
    assert found.score(fitted=False).inside < found.score(fitted=False).of


def test_every_statement_has_a_figure_or_a_reason(kinetics: KineticKnowledge) -> None:
    ids = [each.id for each in kinetics.statements]
    assert ids == [f"S-PK-{n:02}" for n in range(1, 16)] + [f"S-MECH-{n:02}" for n in range(1, 14)]
    assert all(bool(each.computes) != bool(each.why) for each in kinetics.statements)
