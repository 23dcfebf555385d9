"""A file of words that is not as it has to be is refused, with its line and what to do."""

from __future__ import annotations

import pytest

from isocourse.facts.problem import ReadError
from isocourse.reading.words import read_words
from isocourse.reading.yaml_text import load_text

GOOD = """language: ru
status: draft
words:
  point.food.title: {of: 0a1b2c3d, say: Еда}
  count.days.several: {of: 00000000, one: '{n} день', few: '{n} дня', many: '{n} дней', other: '{n} дня'}
"""


def test_a_file_of_words_is_read_with_its_places() -> None:
    read = read_words(load_text(GOOD, "words/ru/points.yaml"), "words/ru/points.yaml")
    assert read.draft
    assert [entry.where for entry in read.entries] == ["words/ru/points.yaml:4", "words/ru/points.yaml:5"]
    assert dict(read.entries[1].forms)["many"] == "{n} дней"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        pytest.param("language: ru", "language: en", 1, "one of ru, uz", id="english-is-no-translation"),
        pytest.param("status: draft", "status: reviewed", 2, "reviewed_by", id="reviewed-by-nobody"),
        pytest.param("0a1b2c3d", "food", 4, "is not a hash", id="no-hash"),
        pytest.param("say: Еда", "say: ' '", 4, "empty", id="empty"),
        pytest.param("say: Еда", "say: Еда, one: Еда", 4, "either `say:`", id="two-forms-of-one"),
        pytest.param("many: '{n} дней', ", "", 5, "many", id="a-plural-class-missing"),
        pytest.param("say: Еда", "text: Еда", 4, 'no "text"', id="unknown-key"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_words(load_text(GOOD.replace(old, new, 1), "words/ru/points.yaml"), "words/ru/points.yaml")
    assert caught.value.line == line
    assert said in str(caught.value)
