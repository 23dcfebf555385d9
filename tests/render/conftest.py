"""Plans that the tests of this room share: an ordinary one, two that are held up, and one that a red line empties."""

import pytest

from isocourse.course import Plan
from isocourse.library import Library
from tests.render.course_plans import course


@pytest.fixture(scope="session")
def plan(library: Library) -> Plan:
    """A running course under the European label, with a full panel of blood tests."""
    return course(library, "alt-trebled")


@pytest.fixture(scope="session")
def held(library: Library) -> Plan:
    """A course that is not to be started: no pregnancy test is on file, and no protocol governs."""
    return course(library, "tubal-ligation")


@pytest.fixture(scope="session")
def held_running(library: Library) -> Plan:
    """A running course whose next supply waits for a new test."""
    return course(library, "test-sampled")


@pytest.fixture(scope="session")
def red(library: Library) -> Plan:
    """A course that a red line empties: doxycycline beside isotretinoin."""
    return course(library, "doxycycline")
