"""Sentences of a day, a number, a title: English text like any other, which can still be told in another language."""

from __future__ import annotations

from collections.abc import Callable

from isocourse.decisions.tables import Say, words
from isocourse.facts.days import show
from isocourse.facts.sentence import Sentence, in_language, joined, sentence
from isocourse.facts.wording import Wording


def of_text(text: Say | str) -> Sentence:
    """A text of the knowledge, or a fixed phrase, as it stands."""
    plain = text if isinstance(text, str) else words(text)
    return Sentence(plain, lambda w: w(plain))


def of_day(day: int) -> Sentence:
    """A day."""
    return Sentence(show(day), lambda w: w.day(day))


def of_digits(digits: str) -> Sentence:
    """A number in plain digits."""
    return Sentence(digits, lambda w: w.number(digits))


def small(title: Sentence) -> Sentence:
    """A title as it stands inside a sentence: in small letters; in another language the first one, unless it begins an abbreviation."""
    return Sentence(title.lower(), lambda w: _small(title.told(w)))


def _small(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def written(w: Wording) -> Callable[[object], str]:
    """For a writer of data, which knows plain text alone: how a sentence is written in a language."""

    def text_of(value: object) -> str:
        if isinstance(value, Sentence):
            return str(in_language(value, w))
        raise NotImplementedError(type(value))

    return text_of


__all__ = ["Sentence", "in_language", "joined", "of_day", "of_digits", "of_text", "sentence", "small", "written"]
