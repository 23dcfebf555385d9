"""What carries each numbered statement of the review: rows, clashing statements, an effect, a figure, or the claim by itself."""

from __future__ import annotations

from isocourse.library import Claim, Library
from isocourse.render.coverage import Covered


def coverage(library: Library) -> list[Covered]:
    """Every numbered statement in order."""
    by_statement: dict[str, list[Claim]] = {}
    for claim in library.claims:
        for statement in claim.seed.split(", ") if claim.seed else []:
            by_statement.setdefault(statement, []).append(claim)
    rows = _rows(library)
    return [_covered(library, name, by_statement.get(name, []), rows) for name in library.disagreements.statements]


def unknown_statements(library: Library) -> list[str]:
    """Claims that name a statement which the review does not have."""
    known = set(library.disagreements.statements)
    return [
        f"{claim.name}: the review has no statement {name}"
        for claim in library.claims
        for name in (claim.seed.split(", ") if claim.seed else [])
        if known and name not in known
    ]


def _covered(library: Library, name: str, claims: list[Claim], rows: dict[str, list[str]]) -> Covered:
    names = [claim.name for claim in claims]
    pairs = [pair.name for pair in library.disagreements.pairs if {pair.one, pair.other} & set(names)]
    myths = [
        f"myth {myth.name}"
        for myth in library.disagreements.myths
        if {*myth.against, *myth.lends, *myth.other} & set(names)
    ]
    damaged = tuple(reading for claim in claims for reading in claim.readings)
    used = tuple(dict.fromkeys(row for claim in names for row in rows.get(claim, [])))
    return Covered(name, tuple(names), used, tuple(pairs), tuple(myths), damaged)


def _rows(library: Library) -> dict[str, list[str]]:
    """For each claim the rows that cite it."""
    found: dict[str, list[str]] = {}
    for edition in library.editions:
        for cell in edition.cells:
            for position in cell.positions:
                for row in position.acting.rows:
                    for claim in (*row.claims, *((row.closes,) if row.closes else ())):
                        found.setdefault(claim, []).append(f"{edition.key} {cell.point} {position.name} {row.name}")
    return found
