"""What the sides of a disagreement say, why they part and on what it hinges, in the language of whoever reads."""

from __future__ import annotations

from msgspec import Struct

from isocourse.app.disagreement import Disagreement, Side
from isocourse.decisions.tables import Edition
from isocourse.decisions.wording import Wording
from isocourse.library import Library
from isocourse.library.disagreements import Known
from isocourse.render.conditions import value_words
from isocourse.render.disagreements import STRICTER, asks_words, never_words
from isocourse.render.rows import row_words
from isocourse.render.words import fact_words


class Told(Struct, frozen=True):
    """A text, the language it is in, and the English it was made from where that is another."""

    text: str
    language: str
    english: str = ""


class Numbered(Struct, frozen=True):
    """A contradiction that a reader of the documents numbered: what it is, on what it hinges, and a note."""

    name: str
    say: Told
    hinges_on: Told
    note: Told | None


class Shown(Struct, frozen=True):
    """A disagreement in the language of whoever reads."""

    topic: str
    """What two statements clash about."""
    damaged: Told | None
    """Of a damaged sentence: what it says, as it is taken here."""
    sides: tuple[tuple[Told, ...], tuple[Told, ...]]
    why: Told | None
    known: tuple[Numbered, ...]
    witness: tuple[str, ...]

    @property
    def english(self) -> tuple[str, ...]:
        """Our own English of every note that stands here as a translation."""
        notes = [told for each in self.known for told in (each.say, each.hinges_on, each.note)]
        told = (self.damaged, *self.sides[0], *self.sides[1], self.why, *notes)
        return tuple(each.english for each in told if each and each.english)


def shown(library: Library, found: Disagreement, w: Wording) -> Shown:
    """A disagreement as it is told in a language, its notes included."""
    return Shown(
        w(found.about[0].replace("_", " ")) if found.kind == "statement" else "",
        note_words(library.claim(found.id).says, w) if found.kind == "damaged" else None,
        (side_words(library, found, found.one, w), side_words(library, found, found.other, w)),
        why_words(found, w),
        tuple(_numbered(known, w) for known in library.disagreements.known if known.name in found.known_as),
        tuple(
            f"{fact_words(library, name, w)}: {value_words(text, w)}" for name, text in (found.witness or {}).items()
        ),
    )


def _numbered(known: Known, w: Wording) -> Numbered:
    note = note_words(known.note, w) if known.note else None
    return Numbered(known.name, note_words(known.say, w), note_words(known.hinges_on, w), note)


def note_words(text: str, w: Wording) -> Told:
    """A note of ours; one without a translation stands in English, with a mark."""
    if w.language == "en" or not w.translated(text):
        return Told(w(text), "en")
    return Told(w(text), w.language, text)


def side_words(library: Library, found: Disagreement, side: Side, w: Wording) -> tuple[Told, ...]:
    """What a side says: a rule as rules are told in that language, a statement as our note on it."""
    if found.kind == "across":
        tell = asks_words if side is found.one else never_words
        return (Told(tell(library, found.about[0], w), w.language),)
    edition = library.edition_named(side.who)
    if edition is None or not found.decision:
        return tuple(note_words(text, w) for text in side.says)
    rules = _rules(library, edition, found.decision, side.position, w)
    return tuple(Told(rules[text], w.language) if text in rules else note_words(text, w) for text in side.says)


def _rules(library: Library, edition: Edition, decision: str, position: str, w: Wording) -> dict[str, str]:
    """The rows of a position as they are told, by how English tells them."""
    point = library.point(decision)
    rows = [row for each in edition.cell(decision).positions if each.name == position for row in each.acting.rows]
    return {row_words(point, row): row_words(point, row, w) for row in rows}


def why_words(found: Disagreement, w: Wording) -> Told | None:
    """Why the two part, where somebody wrote it down or the solver knows which is the stricter."""
    if not found.why:
        return None
    if found.kind == "different":
        return Told(w(STRICTER, who=found.why.partition(" ")[0]), w.language)
    return note_words(found.why, w)
