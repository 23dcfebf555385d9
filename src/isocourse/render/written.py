"""What a fact says of where it comes from, in the reader's language: its days and its few fixed words; what a file holds stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import reduce

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


def either(told: Sequence[str], w: Wording) -> str:
    """One or another of them; nothing where there is none."""
    return reduce(lambda one, other: w(OR, one=one, other=other), told) if told else ""


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
