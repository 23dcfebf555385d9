"""The list of disagreements for people: a terminal, and one self-contained page without a script."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from msgspec import Struct


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


HEADS = {
    "opposed": "Rules that no patient of this kind can both satisfy",
    "across": "A source asks about what it never has measured",
    "statement": "Statements that cannot both be right as they stand",
    "damaged": "Sentences that are damaged and can be taken in two ways",
    "different": "Rules that differ and can both be satisfied",
}
"""The five kinds in words."""


SHOWN = 25
"""How many of one kind are written out in a terminal unless all are asked for."""


def lines(entries: Sequence[Entry], width: int, *, full: bool = True) -> Iterable[str]:
    """The list for a terminal, kind by kind; without `full` the first of each kind."""
    for kind, head in HEADS.items():
        chosen = [entry for entry in entries if entry.kind == kind]
        if not chosen:
            continue
        yield from ("", f"{head.upper()} ({len(chosen)})")
        for entry in chosen if full else chosen[:SHOWN]:
            yield ""
            known = f" [{', '.join(entry.known_as)}]" if entry.known_as else ""
            yield from _folded(f"{entry.rank}. {entry.question or entry.id}{known}", width, "", "   ")
            yield from _folded(f"{entry.one[0]}: {entry.one[1]}", width, "   ", "     ")
            yield from _folded(f"{entry.other[0]}: {entry.other[1]}", width, "   ", "     ")
            if entry.reference:
                yield from _folded(f"for: {patient_words(entry)}", width, "   ", "     ")
            if entry.why:
                yield from _folded(f"why: {entry.why}", width, "   ", "     ")
            yield from _folded(f"id: {entry.id}", width, "   ", "     ")
        if len(chosen) > SHOWN and not full:
            yield from (
                "",
                f"   and {len(chosen) - SHOWN} more of this kind; --full lists them, POINTS and --protocol narrow the list",
            )


def patient_words(entry: Entry) -> str:
    """The witness in words."""
    return "; ".join(entry.patient) or "the reference patient as she is"


def _folded(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False)


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-bottom: 2px solid #1a1a1a }
article { margin: 1.2rem 0; break-inside: avoid } h3 { font-size: 1rem; margin: 0 0 .3rem }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem } .sides div { border: 1px solid #767676; padding: .5rem .7rem }
.who { font-weight: 600; display: block } .meta { color: #4a4a4a; font-size: .9rem; overflow-wrap: anywhere }
@media (max-width: 40rem) { .sides { grid-template-columns: 1fr } }
@media print { body { margin: 0; font-size: 11px } }
"""


def page(entries: Sequence[Entry], reference: str, counts: Mapping[str, int]) -> str:
    """One page of HTML with everything in it."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Isocourse: where guidance on isotretinoin parts</title><style>{_STYLE}</style></head><body>",
        "<h1>Where published guidance on oral isotretinoin parts</h1>",
        "<p>Found by a solver over all pairs of positions, not typed in. Each witness is an invented patient, the one nearest to "
        f"the reference patient for whom both rules speak and cannot both be satisfied. The reference patient: {escape(reference)}</p>",
        "<ul>" + "".join(f"<li>{escape(HEADS[kind])}: {count}</li>" for kind, count in counts.items()) + "</ul>",
    ]
    for kind, head in HEADS.items():
        chosen = [entry for entry in entries if entry.kind == kind]
        if chosen:
            parts.append(f"<h2>{escape(head)} ({len(chosen)})</h2>")
            parts.extend(_article(entry) for entry in chosen)
    return "\n".join([*parts, "</body></html>\n"])


def _article(entry: Entry) -> str:
    known = f" <small>[{escape(', '.join(entry.known_as))}]</small>" if entry.known_as else ""
    sides = "".join(
        f'<div><span class="who">{escape(who)}</span>{escape(says)}</div>' for who, says in (entry.one, entry.other)
    )
    told = [f"<p>For: {escape(patient_words(entry))}</p>"] if entry.reference else []
    told += [f"<p>Why: {escape(entry.why)}</p>"] if entry.why else []
    return (
        f'<article id="{escape(entry.id)}"><h3>{entry.rank}. {escape(entry.question or entry.id)}{known}</h3>'
        f'<div class="sides">{sides}</div>{"".join(told)}'
        f'<p class="meta">id: {escape(entry.id)}<br>claims: {escape(", ".join(entry.claims))}</p></article>'
    )
