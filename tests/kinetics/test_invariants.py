"""What must hold whatever the numbers."""

from isocourse.kinetics import Model
from isocourse.kinetics.invariants import errors


def test_every_invariant_holds(model: Model) -> None:
    found = dict(errors(model))
    assert len(found) == 9
    assert {name: error for name, error in found.items() if error > 1e-8} == {}
