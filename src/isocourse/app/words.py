"""Loads the words of a language; English needs no file, and nothing but itself."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

from isocourse.app.knowledge import folders
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.problem import ReadError
from isocourse.library.translations import LANGUAGES, Translations

CHOICES = ("en", *LANGUAGES)
"""The languages that can be asked for."""


def load_words(language: str, own: Path | None = None) -> Wording:
    """The words of a language, with those of a folder of one's own laid over the shipped ones.

    Raises:
        ReadError: a mistake in the files.
    """
    if language == "en":
        return ENGLISH
    from isocourse.render.language import Translated  # Babel is needed here only

    return Translated(read_translations(language, own))


def read_translations(language: str, own: Path | None = None) -> Translations:
    """Everything that is translated into a language.

    Raises:
        ReadError: the first mistake in the files.
    """
    from isocourse.reading.shelf import Found, Shelf, knowledge_files
    from isocourse.reading.words import read_words

    found = Found()
    files = Shelf(knowledge_files(folders(own)), found).each(f"words/{language}", read_words)
    if found.errors:
        raise found.errors[0]
    for each in files:
        if each.language != language:
            raise ReadError(f"words/{language}", 1, 1, f"a file here says it is of {each.language}")
    return reduce(_joined, files, Translations(language, draft=False)) if files else Translations(language)


def _joined(one: Translations, other: Translations) -> Translations:
    return Translations(one.language, (*one.entries, *other.entries), one.draft or other.draft)
