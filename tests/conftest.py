"""What every test may ask for."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
OUTSIDE = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def outside() -> Path:
    """The folder of public records that no one here wrote; tests that need it are skipped, with the reason, where it is absent."""
    if not OUTSIDE.is_dir():
        pytest.skip(f"the outside records are not here: {OUTSIDE} is absent")
    return OUTSIDE
