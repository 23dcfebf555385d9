"""What changed between two editions is told in words, in every language, with the code at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

import pytest

from isocourse.app.difference import changes
from isocourse.app.words import load_words
from isocourse.decisions.wording import Wording
from isocourse.library import Library
from isocourse.render.changes import Change, patient_words, side_words, title_of
from isocourse.render.conditions import value_words
from isocourse.render.language import MARKS

CODE = re.compile(r"[a-z]_[a-z]|[<>=]|\.\.|\b(?:any|count|recorded|not)\(")
LANGUAGES = ("en", "ru", "uz")


def texts(library: Library, change: Change, w: Wording) -> Iterator[str]:
    """Everything that a reader is told of a change."""
    yield title_of(library, change, w)
    for side in change.sides:
        for told in side_words(library, change, side, w):
            yield from (told.position, told.says, told.when)
    for fact, value in patient_words(library, change, w):
        yield from (fact, value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_of_a_fact_is_told_without_words(library: Library, language: str) -> None:
    w = load_words(language)
    codes = {code for slot in library.program.slots if slot.coded for code in slot.values}
    assert len(codes) > 15
    told = {code: value_words(code, w) for code in codes}
    assert {code: said for code, said in told.items() if CODE.search(said) or MARKS.get(language, "\0") in said} == {}


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        pytest.param("24 months", "ru", "24 месяца", id="a-count"),
        pytest.param("1.8 mmol/L", "ru", "1,8 ммоль/л", id="an-amount"),
        pytest.param("2026-11-24", "uz", "24-noyabr, 2026", id="a-day"),
        pytest.param("negative | unclear", "en", "negative or unclear", id="two-codes"),
        pytest.param("3", "ru", "3", id="a-bare-number"),
    ],
)
def test_a_value_is_written_as_the_language_writes_it(text: str, language: str, told: str) -> None:
    assert value_words(text, load_words(language)) == told


@pytest.mark.slow
def test_every_change_between_editions_of_a_protocol_is_told_in_words(library: Library) -> None:
    words = {language: load_words(language) for language in LANGUAGES}
    pairs = [(old, new) for old, new in permutations(library.editions, 2) if old.protocol == new.protocol]
    assert len(pairs) > 10
    for old, new in pairs:
        for change in changes(library, old, new):
            for language, w in words.items():
                said = list(texts(library, change, w))
                assert [text for text in said if CODE.search(text) or MARKS.get(language, "\0") in text] == []
            assert any(text for side in change.sides for text in side_words(library, change, side))
