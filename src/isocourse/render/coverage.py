"""What carries each statement of the review, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from isocourse.library import Library


class Covered(Struct, frozen=True):
    """One statement, the claims that say it, and where they are used."""

    statement: str
    claims: tuple[str, ...]
    rows: tuple[str, ...]
    """protocol/edition point position row."""
    pairs: tuple[str, ...]
    other: tuple[str, ...]
    """Side effects, products, myths and pages that cite it."""
    damaged: tuple[str, ...]
    """For a damaged sentence the ways to take it."""

    @property
    def carried(self) -> bool:
        """Whether anything says it."""
        return bool(self.claims)


def covered_lines(library: Library, found: Sequence[Covered]) -> Iterator[str]:
    """One statement after the other, for a terminal."""
    for each in found:
        says = "; ".join(library.claim(name).says for name in each.claims) or "nothing carries it"
        yield f"{each.statement}: {says}"
        for label, names in _carriers(each):
            yield f"    {label}: {', '.join(names)}"


def _carriers(each: Covered) -> Iterator[tuple[str, Sequence[str]]]:
    if each.damaged:
        yield "damaged, can be read as", [f"({place}) {reading}" for place, reading in enumerate(each.damaged, 1)]
    if each.rows:
        yield "rows", each.rows
    if each.pairs:
        yield "clashes in", each.pairs
    if each.other:
        yield "also in", each.other
    if not (each.damaged or each.rows or each.pairs or each.other) and each.claims:
        yield "claim", each.claims


def covered_markdown(library: Library, found: Sequence[Covered]) -> str:
    """The page of the documentation."""
    lines = [
        "# What carries each statement of the review",
        "",
        "Made by `isocourse coverage --markdown`; do not edit by hand. A statement is carried by rows that answer for a patient, by a",
        "clash with another statement, or by a claim that explanations and pages quote. Damaged sentences show the ways to take them.",
        "",
        "| statement | in our words | carried by |",
        "|---|---|---|",
    ]
    for each in found:
        says = "; ".join(library.claim(name).says for name in each.claims).replace("|", "/") or "**nothing carries it**"
        carried = "<br>".join(f"{label}: {', '.join(names)}" for label, names in _carriers(each)).replace("|", "/")
        lines.append(f"| {each.statement} | {says} | {carried} |")
    return "\n".join(lines) + "\n"
