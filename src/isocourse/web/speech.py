"""The language of a page: interface text from gettext catalogues, and numbers and days read and written as its readers do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from isocourse.facts.days import show
from isocourse.web.refusals import to_say

LANGUAGES = {"en": "English", "ru": "Русский", "uz": "Oʻzbekcha"}
"""The languages that can be chosen, each called as its readers call it."""

A_NUMBER = to_say("write a number such as {example}")
NO_COMMA = to_say("a comma can be read in two ways; write a point, as in 0.5")
A_DAY = to_say("write the day as 2026-03-02: year, month, day")
"""What is said of something typed that cannot be read."""

LOCALES = {"en": "en", "ru": "ru", "uz": "uz_Latn"}
PLACE = Path(__file__).parent / "locales"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


class NotUnderstoodError(Exception):
    """Something typed that can be taken in two ways, or in none; the text says how to write it."""


class Speech:
    """One language."""

    def __init__(self, language: str, catalogue: Catalog | None) -> None:
        self.language = language
        self._locale = Locale.parse(LOCALES[language])
        self._said: Mapping[str, str | tuple[str, ...]] = _messages(catalogue) if catalogue else {}

    def __call__(self, text: str, /, **parts: object) -> str:
        """A text of the interface in this language, its placeholders filled; English where it has no translation."""
        said = self._said.get(text) or text
        told = said if isinstance(said, str) else said[0]
        return told.format(**parts) if parts else told

    def count(self, one: str, several: str, n: int, **parts: object) -> str:
        """A text with a count, in the plural form that the count takes."""
        said = self._said.get(one)
        if isinstance(said, tuple):
            names = ("one", "few", "many") if len(said) == 3 else ("one", "other")
            told = said[
                min(
                    names.index(form) if (form := self._locale.plural_form(n)) in names else len(said) - 1,
                    len(said) - 1,
                )
            ]
        else:
            told = one if n == 1 else several
        return told.format(n=n, **parts)

    def knows(self, text: str) -> bool:
        """Whether the text has a translation; English needs none."""
        return self.language == "en" or text in self._said

    def day(self, day: int) -> str:
        """A day as people read it: 2 Feb 2026; 2 февраля 2026 г.; 2-fevral, 2026."""
        if self.language == "en":
            return show(day)
        return format_date(date.fromordinal(day), format="long", locale=self._locale)

    def number(self, digits: str) -> str:
        """A number, given in plain digits, with the decimal mark of the language; every digit kept."""
        return digits if self.language == "en" else digits.replace(".", ",")

    def read_number(self, typed: str) -> str:
        """A number as typed, in plain digits; nothing for nothing.

        A comma is a decimal mark in Russian and Uzbek. In English it could also part thousands, so it is asked about.

        Raises:
            NotUnderstoodError: it is no number, or could be two.
        """
        text = typed.strip()
        if not text:
            return ""
        if not _NUMBER.fullmatch(text):
            raise NotUnderstoodError(self(A_NUMBER, example=self.number("0.5")))
        if "," in text and self.language == "en":
            raise NotUnderstoodError(self(NO_COMMA))
        return text.replace(",", ".")

    def read_day(self, typed: str) -> str:
        """A day as typed, as year-month-day; a month or a year alone stays what it is.

        Raises:
            NotUnderstoodError: the order of day and month is not certain.
        """
        text = typed.strip()
        if match := _DAY.fullmatch(text):
            if self.language == "en":
                raise NotUnderstoodError(self(A_DAY))
            return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
        return text


def _messages(catalogue: Catalog) -> dict[str, str | tuple[str, ...]]:
    found: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        if key and message.string and not message.fuzzy:
            found[key] = tuple(message.string) if isinstance(message.string, tuple | list) else message.string
    return found


def catalogue_of(language: str) -> Catalog:
    """The catalogue of a language as its file has it."""
    with (PLACE / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def speech_of(language: str) -> Speech:
    """The language by its code."""
    return Speech(language, None if language == "en" else catalogue_of(language))
