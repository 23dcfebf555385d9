"""A sentence that a program filled in: English text like any other, which can still be told in another language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from isocourse.facts.wording import Wording, filled


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


def where_known(text: str, w: Wording) -> str:
    """A text in a language: a sentence of ours, or a fixed text that has a translation; anything else stays as it is, without a mark."""
    if isinstance(text, Sentence):
        return text.told(w)
    return w(text) if text and w.translated(text) else text


def as_written(text: str, w: Wording) -> str:
    """What a file says in its own words: told anew where that can be, else in quotes where the page is in another language."""
    told = where_known(text, w)
    return told if told != text or isinstance(text, Sentence) or w.language == "en" else f'"{text}"'


def sentence(frame: str, /, **parts: str | int) -> Sentence:
    """A fixed frame with its placeholders filled; a whole number among the parts chooses the plural.

    >>> sentence("{n} days", n=7)
    '7 days'
    """
    return Sentence(filled(frame, parts), lambda w: w(frame, **parts))


def of_words(text: str) -> Sentence:
    """A fixed text where it has a translation; what has none, such as a name or a code, stays as it is."""
    return Sentence(text, lambda w: w(text) if w.translated(text) else text)


def joined(parts: Iterable[str], between: str = ", ") -> Sentence:
    """Several texts one after another."""
    held = tuple(parts)
    return Sentence(between.join(held), lambda w: between.join(in_language(each, w) for each in held))
