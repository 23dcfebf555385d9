"""A file is read as UTF-8, and a byte that is none is named by its line, its column and its number."""

from __future__ import annotations

import pytest

from isocourse.facts.problem import ReadError
from isocourse.facts.utf8 import utf8


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(b"", "", id="nothing"),
        pytest.param("Петрова\n".encode(), "Петрова\n", id="letters"),
        pytest.param(b"\xef\xbb\xbfalt: 20\n", "alt: 20\n", id="a-mark-before-it"),
        pytest.param("alt: \ufeff20".encode(), "alt: \ufeff20", id="the-same-mark-inside"),
    ],
)
def test_a_text_is_what_was_written_without_the_mark_before_it(content: bytes, text: str) -> None:
    assert utf8(content, "record.yaml") == text


@pytest.mark.parametrize(
    ("content", "where", "byte"),
    [
        pytest.param(b"\xff", "record.yaml:1:1", 0, id="the-first"),
        pytest.param("да\nн".encode() + b"\xe0\n", "record.yaml:2:2", 7, id="counted-in-letters-in-its-line"),
        pytest.param(b"\xef\xbb\xbfa\n\xff", "record.yaml:2:1", 5, id="after-a-mark"),
    ],
)
def test_the_first_byte_that_is_none_is_named(content: bytes, where: str, byte: int) -> None:
    with pytest.raises(ReadError) as refused:
        utf8(content, "record.yaml")
    assert str(refused.value) == f"{where}: byte {byte} is not UTF-8; save the file as UTF-8"
