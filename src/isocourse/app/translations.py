"""Checks the translated words: what is missing, stale or unknown, and sentences whose numbers are not those of the English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from isocourse.app.words import read_translations
from isocourse.facts.problem import ReadError
from isocourse.library import Library
from isocourse.library.translations import (
    LANGUAGES,
    NEEDED,
    NOTES,
    STRICT,
    Term,
    Translation,
    Translations,
    hash_of,
    keys,
    terms,
)
from isocourse.render.phrases import phrases

FORBIDDEN = {
    "en": re.compile(r"\b(?:go|ok|okay|safe|safely|normal|normally)\b"),
    "ru": re.compile(r"\b(?:безопасн\w*|нормальн\w*|норм[аеуы]|нормой|ок|окей)\b"),
    "uz": re.compile(r"\b(?:xavfsiz\w*|bexatar\w*|normal\w*|meʼyor\w*|ok)\b"),
}
"""Words that the page for the patient never says."""

_NUMBER = re.compile(r"\d{1,3}(?:[\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)*")
_PLACE = re.compile(r"\{(\w+)\}")
_QUOTES = re.compile(r"[oOgG]['`´‘’]|[A-Za-z]['´‘’](?=[A-Za-z])")
"""Look-alikes of the letters oʻ and gʻ and of the sign ʼ."""


class Flaw(Struct, frozen=True):
    """Something wrong with the words of a language: what kind of thing, under which key, where, and in one line."""

    language: str
    kind: str
    """missing, stale, unknown, misplaced, differs, numbers, places, letters or forbidden."""
    key: str
    where: str
    line: str

    @property
    def wrong(self) -> bool:
        """Whether a reader would be told something wrong; what is missing or stale stands in English with a mark instead."""
        return self.kind not in ("missing", "stale")

    @property
    def fails(self) -> bool:
        """Whether the check of translations fails over it: something wrong, or a text without which a patient is not helped."""
        return self.wrong or self.key.startswith(STRICT)


def flaws(library: Library, own: Path | None = None) -> list[Flaw]:
    """Everything wrong with the translated words, language by language; a language without any words is left alone."""
    found: list[Flaw] = []
    for language in LANGUAGES:
        try:
            read = read_translations(language, own)
        except ReadError as error:
            found.append(Flaw(language, "unknown", "", f"{error.path}:{error.line}", str(error)))
            continue
        if read.entries:
            found.extend(flaws_of(library, read))
    return found


def flaws_of(library: Library, read: Translations) -> Iterator[Flaw]:
    """Everything wrong with the words of one language."""
    known = keys(library, phrases())
    entries = {entry.key: entry for entry in read.entries}
    held = read.by_hash()
    for term in terms(library, phrases()):
        if term.hash not in held:
            yield _absent(read.language, term, entries.get(term.key))
    for entry in read.entries:
        if entry.key not in known:
            line = f"no text has the key {entry.key}; take the entry out"
            yield Flaw(read.language, "unknown", entry.key, entry.where, f"{entry.where}: {line}")
        elif misplaced := _misplaced(entry):
            yield Flaw(read.language, "misplaced", entry.key, entry.where, f"{entry.where}: {misplaced}")
        elif hash_of(known[entry.key]) == entry.of:
            yield from _wrong(read.language, entry, Term(entry.key, known[entry.key]))
    yield from _differing(read)


def _misplaced(entry: Translation) -> str:
    """Where an entry belongs, if not in its file: the files of NOTES are read by themselves, and nobody would find it."""
    stem, part = PurePosixPath(entry.where.rpartition(":")[0]).stem, part_of(entry.key)
    if stem == part or not {stem, part}.intersection(NOTES):
        return ""
    return f"{entry.key} belongs in {part}.yaml; move the line there"


def _absent(language: str, term: Term, entry: Translation | None) -> Flaw:
    if entry is None:
        line = f'words/{language}: nothing for {term.key} ("{term.text}"); of: {term.hash}'
        return Flaw(language, "missing", term.key, f"words/{language}", line)
    line = f'{entry.where}: the English of {term.key} has changed to "{term.text}"; translate it anew, of: {term.hash}'
    return Flaw(language, "stale", term.key, entry.where, line)


def _wrong(language: str, entry: Translation, term: Term) -> Iterator[Flaw]:
    for _, text in entry.forms:
        for kind, line in (*_numbers(term.text, text), *_letters(language, text), *_said(language, entry.key, text)):
            yield Flaw(language, kind, entry.key, entry.where, f"{entry.where}: {entry.key}: {line}")


def _numbers(english: str, text: str) -> Iterator[tuple[str, str]]:
    """Numbers and placeholders that only one of the two sentences has."""
    for kind, what, of in (("numbers", "number", figures), ("places", "placeholder", places)):
        here, there = Counter(of(text)), Counter(of(english))
        for one in here - there:
            yield kind, f"the {what} {one} does not stand in the English"
        for one in there - here:
            yield kind, f"the {what} {one} of the English does not stand in the translation"


def figures(text: str) -> list[str]:
    """The numbers of a text, so written that 0,5 and 0.5 are one number, and 1 743 and 1,743 too.

    >>> figures("от 0,5 до 1 мг/кг") == figures("0.5 to 1 mg/kg")
    True
    """
    return [_plain(hit.group()) for hit in _NUMBER.finditer(text)]


def _plain(written: str) -> str:
    """One number: marks before groups of three digits are dropped, any other mark is the decimal one."""
    return re.sub(r"[.,\u00a0\u202f ](?=\d{3}(?!\d))", "", written).replace(",", ".")


def places(text: str) -> list[str]:
    """The placeholders of a text."""
    return _PLACE.findall(text)


def _letters(language: str, text: str) -> Iterator[tuple[str, str]]:
    if language == "uz" and (hit := _QUOTES.search(text)):
        yield "letters", f"{hit.group()!r}: the letters are oʻ and gʻ with U+02BB, and the sign is ʼ, U+02BC"


def _said(language: str, key: str, text: str) -> Iterator[tuple[str, str]]:
    if key.startswith(("page.", "sheet.")):
        for word in forbidden(language, text):
            yield "forbidden", f'what a patient reads never says "{word}"'


def forbidden(language: str, text: str) -> list[str]:
    """The words of a text that the page for the patient never says.

    >>> forbidden("en", "It is safe to go on."), forbidden("en", "an unsafe cargo")
    (['safe', 'go'], [])
    """
    return FORBIDDEN[language].findall(text.lower())


def _differing(read: Translations) -> Iterator[Flaw]:
    """Two translations of one English text: a reader would take them for two things."""
    first: dict[str, Translation] = {}
    for entry in read.entries:
        other = first.setdefault(entry.of, entry)
        if other.forms != entry.forms:
            line = f"{entry.key} translates the same English otherwise than {other.key} at {other.where}"
            yield Flaw(read.language, "differs", entry.key, entry.where, f"{entry.where}: {line}")


PARTS = {
    "patient": ("red", "page", "sheet"),
    "points": ("point", "step"),
    "facts": ("fact", "stream", "value", "attribute"),
    "lists": ("item",),
    "effects": ("effect", "interaction", "instrument", "myth", "tactic", "check", "product"),
    "editions": ("edition", "position", "reading", "way", "doubt"),
    "contradictions": ("contradiction", "clash", "topic", "taken", "damage", "listed"),
    "claims": ("claim",),
    "plans": (
        "capsule",
        "no_fit",
        "dose",
        "heading",
        "why",
        "times",
        "choice",
        "laid",
        "happens",
        "name",
        "calendar",
        "mind",
        "total",
        "plan",
        "supply",
        "bounds",
        "fits",
        "stands",
        "who",
        "progress",
        "converted",
        "forecast",
        "ends",
        "reaches",
        "applies",
        "state",
        "slip",
        "alerts",
        "ics",
        "paper",
        "chart",
        "lab",
        "sim",
        "quantity",
        "of",
        "measure",
        "basis",
        "regimen",
    ),
}
"""The files of words and the kinds of key in each; whatever is in none of them stands in `phrases`."""


def part_of(key: str) -> str:
    """The file of words that a key belongs in.

    >>> part_of("point.food.title"), part_of("status.silent")
    ('points', 'phrases')
    """
    kind = key.partition(".")[0]
    return next((part for part, kinds in PARTS.items() if kind in kinds), "phrases")


def sheet(library: Library, read: Translations, part: str) -> str:
    """One file of words as it stands: every key with its hash and its English; what is missing or stale stands there to be filled in."""
    held, old = read.by_hash(), {entry.key: entry for entry in read.entries}
    lines = [f"language: {read.language}", "status: draft", "words:"]
    for term in terms(library, phrases()):
        if part_of(term.key) == part:
            lines += _sheet_lines(term, held.get(term.hash), old.get(term.key), read.language)
    return "\n".join(lines) + "\n"


def _sheet_lines(term: Term, entry: Translation | None, old: Translation | None, language: str) -> list[str]:
    if entry is not None:
        forms = ", ".join(f"{name or 'say'}: {_quoted(text)}" for name, text in entry.forms)
        return [f"  {term.key}: {{of: {term.hash}, {forms}}}  # {term.text}"]
    plural = "{n}" in term.text and NEEDED[language]
    forms = ", ".join(f"{name}: ''" for name in plural or ("say",))
    was = [f"  # stale, of an older English: {dict(old.forms)}"] if old else []
    return [*was, f"  # {term.key}: {{of: {term.hash}, {forms}}}  # {term.text}"]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
