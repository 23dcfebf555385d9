"""Translated words: each under a stable key, with a hash of the English it was made from, so that a stale one shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from isocourse.decisions.tables import Say, words
from isocourse.facts.streams import Attribute
from isocourse.library.knowledge import Library

LANGUAGES = ("ru", "uz")
"""The languages besides English: Russian, and Uzbek in Latin letters."""

WORDS = "words"
"""The folder of translated words. What is in it changes no answer, so it is no part of what a loaded library is known by."""

NEEDED = {"ru": ("one", "few", "many", "other"), "uz": ("one", "other")}
"""The plural classes that each language has, as the Unicode CLDR names them."""

NOTES = ("contradictions", "claims")
"""The files of words that only the list of contradictions needs; whoever judges a patient does not read them."""

NOTED = ("contradiction.", "clash.", "topic.", "taken.", "damage.", "listed.", "claim.")
"""The keys of those files."""

STRICT = ("red.", "page.", "sheet.", "status.", "heading.", "capsule.", *NOTED)
"""Keys whose translation may not be missing or stale: what a patient must not get half in English, and what the answers are called,
what holds a course up, how capsules are counted, and both sides of a contradiction."""


class Term(Struct, frozen=True):
    """One English text that a clinician or a patient may see, and its key."""

    key: str
    text: str

    @property
    def hash(self) -> str:
        """What its translation names it by."""
        return hash_of(self.text)


class Translation(Struct, frozen=True):
    """One translated text: a single form, or one for each plural class."""

    key: str
    of: str
    """The hash of the English text it was made from."""
    forms: tuple[tuple[str, str], ...]
    """("", text), or the text for each plural class."""
    where: str
    """file:line."""


class Translations(Struct, frozen=True):
    """Everything that is translated into one language."""

    language: str
    entries: tuple[Translation, ...] = ()
    draft: bool = True
    """Whether any of its files has not been read by a second person."""

    def by_hash(self) -> dict[str, Translation]:
        """The translations by the hash of their English: an English that has changed since finds none."""
        return {entry.of: entry for entry in self.entries}


def hash_of(text: str) -> str:
    """The short hash by which a translation names its English.

    >>> hash_of("Blood donation") == hash_of("Blood donations")
    False
    """
    import hashlib  # English needs none of it

    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def terms(library: Library, phrases: Mapping[str, str]) -> tuple[Term, ...]:
    """Every text to be translated, each English text once, under the first key that has it.

    Args:
        library: the loaded knowledge.
        phrases: the product's own fixed words by key.
    """
    found: dict[str, Term] = {}
    for key, text in _all(library, phrases):
        if text:
            found.setdefault(text, Term(key, text))
    return tuple(found.values())


def keys(library: Library, phrases: Mapping[str, str]) -> dict[str, str]:
    """Every key that can be translated, and its English; texts that stand under several keys are listed under each."""
    return {key: text for key, text in _all(library, phrases) if text}


def _all(library: Library, phrases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((key, words(say)) for key, say in _said(library))
    yield from ((f"page.{line.name}", words(line.say)) for line in library.page.texts())
    yield from phrases.items()
    yield from ((f"sheet.{name}", words(say)) for name, say in library.sheet.texts())
    yield from ((f"value.{value}", value.replace("_", " ")) for value in _values(library))
    yield from ((f"position.{name}", name.replace("_", " ")) for name in _positions(library))
    yield from _readings(library)
    yield from ((f"attribute.{name}", name) for name in dict.fromkeys(name for name, _ in _parts(library)))
    yield from _noted(library)


def _said(library: Library) -> Iterator[tuple[str, Say]]:
    for line in library.red:
        yield f"red.{line.name}.say", line.say
        yield f"red.{line.name}.do", line.do
    for point in library.points:
        yield f"point.{point.name}.title", point.title
        yield f"point.{point.name}.question", point.question
        yield from ((f"point.{point.name}.option.{option.name}", option.say) for option in point.options)
        yield from ((f"point.{point.name}.find.{name}", say) for name, say in point.finds)
    yield from _conditions(library)
    yield from ((f"fact.{fact.name}", fact.say) for fact in library.facts)
    yield from ((f"stream.{name}", stream.say) for name, stream in library.catalogue.by_name.items())
    for vocabulary in library.catalogue.vocabularies:
        items = (*vocabulary.items, *vocabulary.classes)
        yield from ((f"item.{vocabulary.name}.{item.name}", item.say) for item in items)
    for check in library.checks:
        yield f"check.{check.name}.say", check.say
        yield f"check.{check.name}.explain", check.explain
    for tactic in library.tactics:
        yield f"tactic.{tactic.name}.say", tactic.say
        yield f"tactic.{tactic.name}.why", tactic.why
    yield from _named(library)


def _conditions(library: Library) -> Iterator[tuple[str, Say]]:
    """The conditions of steps, which stand in words beside the row."""
    for edition in library.editions:
        for cell in edition.cells:
            for position in cell.positions:
                for row in position.acting.rows:
                    for place, step in enumerate(row.steps, 1):
                        if step.say:
                            yield f"step.{edition.key}.{cell.point}.{position.name}.{row.name}.{place}", step.say


def _positions(library: Library) -> Iterator[str]:
    """What the positions of an edition that says several things are called, each once; one alone is not named."""
    cells = (cell for edition in library.editions for cell in edition.cells)
    named = (position.name for cell in cells for position in cell.positions if position.name)
    return iter(sorted(dict.fromkeys(named)))


def _readings(library: Library) -> Iterator[tuple[str, str]]:
    """The ways to take a sentence that can be taken in several, and why each."""
    for edition in library.editions:
        for cell in edition.cells:
            for position in cell.positions:
                for reading in position.readings if len(position.readings) > 1 else ():
                    yield f"reading.{edition.key}.{cell.point}.{position.name}.{reading.name}", reading.why
                    yield f"way.{reading.name}", reading.name.replace("_", " ")


def _noted(library: Library) -> Iterator[tuple[str, str]]:
    """What stands on the list of contradictions besides the rules: our notes, and what the claims say that it sets against each other."""
    listed = library.disagreements
    for known in listed.known:
        yield f"contradiction.{known.name}.say", known.say
        yield f"contradiction.{known.name}.hinges_on", known.hinges_on
        yield f"contradiction.{known.name}.note", known.note
    yield from ((f"clash.{pair.name}", pair.why) for pair in listed.pairs)
    yield from ((f"topic.{pair.topic}", pair.topic.replace("_", " ")) for pair in listed.pairs)
    for claim in library.claims:
        if claim.kind == "damaged":
            yield from ((f"taken.{claim.name}.{place}", text) for place, text in enumerate(claim.readings[:2], 1))
            yield f"damage.{claim.name}", claim.damage
    yield "listed.reference", words(library.reference.say)
    damaged = [claim.name for claim in library.claims if claim.kind == "damaged"]
    cited = dict.fromkeys((*(name for pair in listed.pairs for name in (pair.one, pair.other)), *damaged))
    yield from ((f"claim.{name}", library.claim(name).says) for name in cited)


def _named(library: Library) -> Iterator[tuple[str, Say]]:
    kinds: Sequence[tuple[str, Sequence[tuple[str, Say]]]] = (
        ("effect", [(each.name, each.say) for each in library.effects]),
        ("interaction", [(each.name, each.say) for each in library.interactions]),
        ("instrument", [(each.name, each.say) for each in library.instruments]),
        ("myth", [(each.name, each.say) for each in library.disagreements.myths]),
        ("product", [(each.name, each.say) for each in library.products]),
        ("edition", [(f"{each.key}.title", each.title) for each in library.editions]),
        ("edition", [(f"{each.key}.short", each.short) for each in library.editions]),
    )
    for kind, said in kinds:
        yield from ((f"{kind}.{name}", say) for name, say in said)


def _values(library: Library) -> Iterator[str]:
    """The values of coded streams and facts, each once."""
    streams = (value for stream in library.catalogue.streams for value in stream.values)
    facts = (value for fact in library.facts if fact.kind == "coded" for value in fact.values)
    parts = (value for _, part in _parts(library) for value in part.values)
    return iter(dict.fromkeys((*streams, *facts, *parts)))


def _parts(library: Library) -> Iterator[tuple[str, Attribute]]:
    """What an event may hold besides its value, by the name that a form shows."""
    for stream in library.catalogue.streams:
        for part in stream.attributes:
            yield part.name.replace("_", " "), part
