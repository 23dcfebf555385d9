"""What the tests of reading may ask for."""

from collections.abc import Iterator
from functools import cache

import pytest

from isocourse.reading import shelf


@pytest.fixture(scope="session", autouse=True)
def each_text_is_parsed_once() -> Iterator[None]:
    """Most tests read the whole knowledge with one line of it changed; the same text always gives the same nodes, which nothing changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "load_text", cache(shelf.load_text))
        yield
