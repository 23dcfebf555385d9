"""What a fact says of where it comes from, in the reader's language: its days and its few fixed words; what a file holds stays as it is."""

from __future__ import annotations

import re
from datetime import date, datetime

from isocourse.decisions.wording import Wording

WORDS = (
    "not known",
    "upper limit",
    "last dose",
    "first dose",
    "years",
    "active",
    "not usable",
    "no day given",
    "known by",
    "not seen on file",
    "no value",
)
"""The fixed words that a fact puts around what the file holds."""

OR = "{one} or {other}"

CODES = ("not pregnant", "negative", "positive", "unclear")
"""Results of a pregnancy test, as a file has them; translated with the values of the streams."""

FIXED = {f"written.{word.replace(' ', '_')}": word for word in WORDS}
"""The same under their keys."""

_DAY = r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
_FOUND = re.compile(rf"( on )?({_DAY})|\b({'|'.join((*WORDS, *CODES))})\b")


_DECIMAL = re.compile(r"(?<![\d.])\d+\.\d+(?![\d.])")


def with_decimals(text: str, w: Wording) -> str:
    """A value that we worked out, with the decimal mark of the language."""
    return text if w.language == "en" else _DECIMAL.sub(lambda hit: w.number(hit[0]), text)


def value_words(given: str, w: Wording) -> str:
    """A value as it is given to a fact: a day, codes, or an amount with its unit.

    >>> from isocourse.decisions.wording import ENGLISH
    >>> value_words("2026-09-14", ENGLISH), value_words("severe_acne | no", ENGLISH), value_words("0.5 mg/kg", ENGLISH)
    ('14 Sep 2026', 'severe acne or no', '0.5 mg/kg')
    """
    try:
        return w.day(date.fromisoformat(given).toordinal())
    except ValueError:
        told, *others = (with_decimals(written_words(code.replace("_", " "), w), w) for code in given.split(" | "))
        for other in others:
            told = w(OR, one=told, other=other)
        return told


def written_words(said: str, w: Wording) -> str:
    """The text with its days and fixed words in a language.

    >>> from isocourse.decisions.wording import ENGLISH
    >>> written_words("20 U/L on 14 Sep 2026", ENGLISH)
    '20 U/L on 14 Sep 2026'
    """
    if w.language == "en":
        return said
    if w.translated(said):
        return w(said)

    def told(match: re.Match[str]) -> str:
        if match[3]:
            return w(match[3])
        day = w.day(datetime.strptime(match[2], "%d %b %Y").toordinal())
        return f", {day}" if match[1] else day

    return _FOUND.sub(told, said)
