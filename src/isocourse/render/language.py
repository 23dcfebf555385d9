"""Russian and Uzbek: translated texts, with dates, decimals and plurals as Babel has them from the Unicode CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from isocourse.decisions.sentence import Sentence, in_language
from isocourse.decisions.tables import Say
from isocourse.decisions.wording import english, filled
from isocourse.library.translations import Translation, Translations, hash_of

LOCALES = {"ru": "ru", "uz": "uz_Latn"}
MARKS = {"ru": "[не переведено]", "uz": "[tarjima qilinmagan]"}
"""What stands behind a text that has no translation, or only one of an older English."""


def _one_stop(told: str) -> str:
    """A text with one full stop where a date that ends in one stands before another."""
    return told.replace("г..", "г.")


class Translated:
    """A language other than English. A text without a fitting translation comes out in English, with a mark."""

    def __init__(self, translations: Translations) -> None:
        self.language = translations.language
        self.draft = translations.draft
        self._locale = Locale.parse(LOCALES[translations.language])
        self._by_hash: Mapping[str, Translation] = translations.by_hash()
        self._found: dict[str, Translation | None] = {}

    def and_also(self, more: Translations) -> Translated:
        """These words and further ones; where both have a text, these stand."""
        return Translated(
            Translations(self.language, (*more.entries, *self._by_hash.values()), self.draft or more.draft)
        )

    def __call__(self, text: str | Say, /, **parts: str | int) -> str:
        """A text in this language, its placeholders filled; a whole number among the parts chooses the plural."""
        if isinstance(text, Sentence):
            return text.told(self)
        said = english(text)
        parts = {name: in_language(part, self) if isinstance(part, str) else part for name, part in parts.items()}
        entry = self._entry(said)
        if entry is None:
            told = filled(said, parts)
            return f"{told} {MARKS[self.language]}" if told.strip() else told
        return _one_stop(filled(self._form(entry, parts), parts))

    def translated(self, text: str | Say, /) -> bool:
        """Whether the text, as it stands in English today, has a translation."""
        return self._entry(english(text)) is not None

    def day(self, day: int) -> str:
        """A day as people read it: 2 февраля 2026 г., 2-fevral, 2026."""
        return format_date(date.fromordinal(day), format="long", locale=self._locale)

    def number(self, digits: str) -> str:
        """A number with the decimal mark of the language, every digit kept."""
        places = len(digits.partition(".")[2])
        form = f"#,##0.{'0' * places}" if places else "#,##0"
        return format_decimal(Decimal(digits), format=form, locale=self._locale)

    def _entry(self, said: str) -> Translation | None:
        if said not in self._found:
            self._found[said] = self._by_hash.get(hash_of(said))
        return self._found[said]

    def _form(self, entry: Translation, parts: dict[str, str | int]) -> str:
        forms = dict(entry.forms)
        if "" in forms:
            return forms[""]
        count = next((part for part in parts.values() if isinstance(part, int)), 0)
        return forms[self._locale.plural_form(count)]
