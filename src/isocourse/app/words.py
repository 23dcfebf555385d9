"""Loads the words of a language; English needs no file, and nothing but itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path

from isocourse.app.knowledge import folders
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.problem import ReadError
from isocourse.library.translations import LANGUAGES, NOTES, Translations

CHOICES = ("en", *LANGUAGES)
"""The languages that can be asked for."""


def load_words(language: str, own: Path | None = None) -> Wording:
    """The words of a language, with those of a folder of one's own laid over the shipped ones; those of NOTES are left out.

    Raises:
        ReadError: a mistake in the files.
    """
    if language == "en":
        return ENGLISH
    from isocourse.render.language import Translated  # Babel is needed here only

    return Translated(_read(language, own, lambda stem: stem not in NOTES))


def with_notes(words: Wording, own: Path | None = None) -> Wording:
    """The same words, and those of NOTES, which only the list of contradictions needs.

    Raises:
        ReadError: a mistake in the files.
    """
    if words.language == "en":
        return words
    from isocourse.render.language import Translated

    assert isinstance(words, Translated)
    return words.and_also(_read(words.language, own, lambda stem: stem in NOTES))


def read_translations(language: str, own: Path | None = None) -> Translations:
    """Everything that is translated into a language.

    Raises:
        ReadError: the first mistake in the files.
    """
    return _read(language, own, lambda _: True)


def _read(language: str, own: Path | None, wanted: Callable[[str], bool]) -> Translations:
    from isocourse.reading.shelf import Found, Shelf, knowledge_files
    from isocourse.reading.words import read_words

    found = Found()
    sheets = [sheet for sheet in knowledge_files(folders(own)) if wanted(sheet.stem)]
    files = Shelf(sheets, found).each(f"words/{language}", read_words)
    if found.errors:
        raise found.errors[0]
    for each in files:
        if each.language != language:
            raise ReadError(f"words/{language}", 1, 1, f"a file here says it is of {each.language}")
    return reduce(_joined, files, Translations(language, draft=False)) if files else Translations(language)


def _joined(one: Translations, other: Translations) -> Translations:
    return Translations(one.language, (*one.entries, *other.entries), one.draft or other.draft)
