"""What the tests of reading may ask for."""

from collections.abc import Iterator
from functools import cache

import pytest

from isocourse.reading.yaml_text import load_text


@pytest.fixture(scope="session", autouse=True)
def each_text_is_parsed_once() -> Iterator[None]:
    """Most tests read the whole knowledge with one line of it changed; the same text always gives the same nodes, which nothing changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("isocourse.reading.shelf.load_text", cache(load_text))
        yield
