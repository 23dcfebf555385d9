"""A sentence that a program filled in: English text like any other, which can still be told in another language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from isocourse.decisions.tables import Say, words
from isocourse.decisions.wording import Wording, filled
from isocourse.facts.days import show


class Sentence(str):
    """An English text that remembers what it was made of; whoever wants English alone takes it for the text that it is."""

    __slots__ = ("told",)
    told: Callable[[Wording], str]
    """The same in another language."""

    def __new__(cls, text: str, told: Callable[[Wording], str]) -> Sentence:
        """The text, and how it is told in another language."""
        made = super().__new__(cls, text)
        made.told = told
        return made


def in_language(text: str, w: Wording) -> str:
    """A text in a language: a sentence of ours is told anew, anything else (a name, what somebody typed) stays as it is."""
    return text.told(w) if isinstance(text, Sentence) else text


def sentence(frame: str, /, **parts: str | int) -> Sentence:
    """A fixed frame with its placeholders filled; a whole number among the parts chooses the plural.

    >>> sentence("{n} days from {day}", n=7, day=of_day(740000))
    '7 days from 19 Jan 2027'
    """
    return Sentence(filled(frame, parts), lambda w: w(frame, **parts))


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


def joined(parts: Iterable[str], between: str = ", ") -> Sentence:
    """Several texts one after another."""
    held = tuple(parts)
    return Sentence(between.join(held), lambda w: between.join(in_language(each, w) for each in held))


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
