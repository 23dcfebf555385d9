"""What the tests of kinetics share."""

import pytest

from isocourse.app.simulate import load_kinetics
from isocourse.kinetics import Model
from isocourse.kinetics.knowledge import KineticKnowledge


@pytest.fixture(scope="session")
def kinetics() -> KineticKnowledge:
    """The kinetic knowledge that ships."""
    return load_kinetics()


@pytest.fixture(scope="session")
def model(kinetics: KineticKnowledge) -> Model:
    """The annotated model that ships."""
    return kinetics.model
