"""The list of disagreements for people: a terminal, and one self-contained page without a script."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from msgspec import Struct

from isocourse.decisions.wording import ENGLISH, Wording, english
from isocourse.library import Library
from isocourse.render.written import either


class Entry(Struct, frozen=True):
    """One disagreement, ready to be written."""

    id: str
    rank: int
    kind: str
    question: str
    one: tuple[str, str]
    """Who, and what they say."""
    other: tuple[str, str]
    patient: tuple[str, ...]
    """The witness: the facts in which the patient differs from the reference patient."""
    reference: bool
    """Whether there is a witness at all; without a differing fact it is the reference patient herself."""
    why: str
    known_as: tuple[str, ...]
    claims: tuple[str, ...]
    topic: str = ""
    """What two statements clash about, or what a damaged sentence says."""
    hinges: tuple[str, ...] = ()
    """For each number of `known_as`: what it says, what it hinges on, and a note."""
    english: tuple[str, ...] = ()
    """Our own English of what stands above as a translation."""
    titles: tuple[bool, bool] = (False, False)
    """Whether a side is named by the title of its source, which stays English."""


HEADS = {
    "opposed": "Rules that no patient of this kind can both satisfy",
    "across": "A source asks about what it never has measured",
    "statement": "Statements that cannot both be right as they stand",
    "damaged": "Sentences that are damaged and can be taken in two ways",
    "different": "Rules that differ and can both be satisfied",
}
"""The five kinds in words."""

ASKS = "asks about {what}"
NEVER = "never orders {what}"
NEVER_MEASURED = "a source asks for what it never has measured"
STRICTER = "{who} is the stricter"
HINGES = "{name}: {say} It hinges on: {what}"
DRAFT = (
    "What the statements say and why they clash is told here in a draft translation of our English notes, made by a program; "
    "no clinician has read it. Where the two differ, the English counts."
)
"""What stands above notes in a language other than English."""

FOUND = (
    "Found by a solver over all pairs of positions, not typed in. Each witness is an invented patient, the one nearest to the "
    "reference patient for whom both rules speak and cannot both be satisfied. The reference patient: {reference}"
)
TITLE = "Isocourse: where guidance on isotretinoin parts"
HEADING = "Where published guidance on oral isotretinoin parts"
FOR, WHY, CLAIMS, IN_ENGLISH = "For: {patient}", "Why: {why}", "claims: {claims}", "In English"
AS_SHE_IS = "the reference patient as she is"
MORE = "and {n} more of this kind; --full lists them, POINTS and --protocol narrow the list"
NONE = "No disagreement found here."

FIXED = {
    **{f"listed.{kind}": head for kind, head in HEADS.items()},
    "listed.asks": ASKS,
    "listed.never": NEVER,
    "listed.never_measured": NEVER_MEASURED,
    "listed.stricter": STRICTER,
    "listed.hinges": HINGES,
    "listed.draft": DRAFT,
    "listed.found": FOUND,
    "listed.title": TITLE,
    "listed.heading": HEADING,
    "listed.for": FOR,
    "listed.why": WHY,
    "listed.claims": CLAIMS,
    "listed.in_english": IN_ENGLISH,
    "listed.as_she_is": AS_SHE_IS,
    "listed.more": MORE,
    "listed.none": NONE,
}
"""The same under their keys."""


def asks_words(library: Library, asks: str, w: Wording = ENGLISH) -> str:
    """What a source asks about that it never has measured: a stream, or a kind of a list."""
    stream, _, kind = asks.partition(".")
    item = library.catalogue.item(stream, kind) if kind else library.catalogue.by_name.get(stream)
    return w(ASKS, what=w(item.say) if item and item.say else w((kind or stream).replace("_", " ")))


def never_words(library: Library, asks: str, w: Wording = ENGLISH) -> str:
    """The tests that would measure it, none of which the source ever orders."""
    duties = [each.duty for each in library.disagreements.measured if asks in each.streams]
    told = [w(say) for say in dict.fromkeys(_duty_words(library, duty) for duty in duties)]
    return w(NEVER, what=either(told, w))


def _duty_words(library: Library, duty: str) -> str:
    say = next((dict(point.finds)[duty] for point in library.points if duty in dict(point.finds)), ())
    return english(say) if say else duty.replace("_", " ")


SHOWN = 25
"""How many of one kind are written out in a terminal unless all are asked for."""


def lines(entries: Sequence[Entry], width: int, *, full: bool = True, w: Wording = ENGLISH) -> Iterable[str]:
    """The list for a terminal, kind by kind; without `full` the first of each kind."""
    if w.language != "en":
        yield from _folded(w(DRAFT), width, "", "")
    for kind, head in HEADS.items():
        chosen = [entry for entry in entries if entry.kind == kind]
        if not chosen:
            continue
        yield from ("", f"{w(head).upper()} ({len(chosen)})")
        for entry in chosen if full else chosen[:SHOWN]:
            yield ""
            yield from _entry_lines(entry, width, w, entry.hinges if full else ())
        if len(chosen) > SHOWN and not full:
            yield from ("", f"   {w(MORE, n=len(chosen) - SHOWN)}")


def _entry_lines(entry: Entry, width: int, w: Wording, hinges: Sequence[str]) -> Iterable[str]:
    yield from _folded(f"{entry.rank}. {_head(entry)}{_known(entry)}", width, "", "   ")
    told = [f"{who}: {says}" for who, says in (entry.one, entry.other)]
    told += [w(FOR, patient=patient_words(entry, w))] if entry.reference else []
    told += [w(WHY, why=entry.why)] if entry.why else []
    for text in (*told, *hinges, f"id: {entry.id}"):
        yield from _folded(text, width, "   ", "     ")


def _head(entry: Entry) -> str:
    """The question, and what two statements clash about or a damaged one says."""
    return " — ".join(part for part in (entry.question, entry.topic) if part) or entry.id


def _known(entry: Entry) -> str:
    return f" [{', '.join(entry.known_as)}]" if entry.known_as else ""


def patient_words(entry: Entry, w: Wording = ENGLISH) -> str:
    """The witness in words."""
    return "; ".join(entry.patient) or w(AS_SHE_IS)


def _folded(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False)


_EN = ' lang="en"'
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-bottom: 2px solid #1a1a1a }
article { margin: 1.2rem 0; break-inside: avoid } h3 { font-size: 1rem; margin: 0 0 .3rem }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem } .sides div { border: 1px solid #767676; padding: .5rem .7rem }
.who { font-weight: 600; display: block } .meta { color: #4a4a4a; font-size: .9rem; overflow-wrap: anywhere }
@media (max-width: 40rem) { .sides { grid-template-columns: 1fr } }
@media print { body { margin: 0; font-size: 11px } }
"""


def page(entries: Sequence[Entry], reference: str, counts: Mapping[str, int], w: Wording = ENGLISH) -> str:
    """One page of HTML with everything in it."""
    draft = f"<p><strong>{escape(w(DRAFT))}</strong></p>" if w.language != "en" else ""
    parts = [
        f'<!doctype html><html lang="{w.language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(w(TITLE))}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(w(HEADING))}</h1>{draft}",
        f"<p>{escape(w(FOUND, reference=reference))}</p>",
        "<ul>" + "".join(f"<li>{escape(w(HEADS[kind]))}: {count}</li>" for kind, count in counts.items()) + "</ul>",
    ]
    for kind, head in HEADS.items():
        chosen = [entry for entry in entries if entry.kind == kind]
        if chosen:
            parts.append(f"<h2>{escape(w(head))} ({len(chosen)})</h2>")
            parts.extend(_article(entry, w) for entry in chosen)
    return "\n".join([*parts, "</body></html>\n"])


def _article(entry: Entry, w: Wording) -> str:
    known = f" <small>{escape(_known(entry)[1:])}</small>" if entry.known_as else ""
    sides = "".join(
        f'<div><span class="who"{_EN if title else ""}>{escape(who)}</span>{escape(says)}</div>'
        for (who, says), title in zip((entry.one, entry.other), entry.titles, strict=True)
    )
    told = [w(FOR, patient=patient_words(entry, w))] if entry.reference else []
    told += [w(WHY, why=entry.why)] if entry.why else []
    told += entry.hinges
    return (
        f'<article id="{escape(entry.id)}"><h3>{entry.rank}. {escape(_head(entry))}{known}</h3>'
        f'<div class="sides">{sides}</div>{"".join(f"<p>{escape(text)}</p>" for text in told)}{_english(entry, w)}'
        f'<p class="meta">id: {escape(entry.id)}<br>{escape(w(CLAIMS, claims=", ".join(entry.claims)))}</p></article>'
    )


def _english(entry: Entry, w: Wording) -> str:
    """Our own English of what is translated above, one tap away."""
    if not entry.english:
        return ""
    items = "".join(f"<li>{escape(text)}</li>" for text in entry.english)
    return f"<details><summary>{escape(w(IN_ENGLISH))}</summary><ul{_EN}>{items}</ul></details>"
