"""All disagreements in one list: rules that part, gaps across points, statements that clash, damaged text; each with an id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from isocourse.app.contradictions import Parting, find_partings, witness_record
from isocourse.app.disagreement import Disagreement, Side
from isocourse.app.gaps import Gap, gaps
from isocourse.decisions.tables import AUTHORITY
from isocourse.library import Library
from isocourse.library.disagreements import Known
from isocourse.proofs.pairs import Relation
from isocourse.render.disagreements import NEVER_MEASURED, asks_words, never_words

KINDS = ("opposed", "across", "statement", "damaged", "different")
"""The five kinds, in the order in which they are listed."""


def disagreements(
    library: Library,
    *,
    points: Sequence[str] = (),
    protocols: Sequence[str] = (),
    kinds: Sequence[str] = KINDS[:4],
    seen: Callable[[int], None] | None = None,
) -> list[Disagreement]:
    """The list, those that bind hardest first.

    Args:
        library: the loaded knowledge.
        points: only these decision points; all by default.
        protocols: only those in which one of these protocols or editions takes part.
        kinds: which of the five kinds; all but `different` by default.
        seen: told after each pair of positions, for a progress bar.
    """
    found: list[Disagreement] = []
    if {"opposed", "different"}.intersection(kinds):
        partings = find_partings(library, points=points, protocols=protocols, seen=seen)
        found += [each for parting in partings if (each := _of_rules(library, parting)) is not None]
    found += [_of_gap(library, gap) for gap in gaps(library)]
    found += _of_statements(library)
    found += _of_damage(library)
    chosen = [
        replace(each, known_as=tuple(known.name for known in library.disagreements.known if matches(each, known)))
        for each in found
        if each.kind in kinds and _wanted(each, points, protocols)
    ]
    ranked = sorted(chosen, key=lambda each: _weight(library, each))
    return [replace(each, rank=place) for place, each in enumerate(ranked, 1)]


def _wanted(each: Disagreement, points: Sequence[str], protocols: Sequence[str]) -> bool:
    sides = {name for side in (each.one, each.other) for name in (side.who, side.who.partition("/")[0])}
    return (not points or each.decision in points) and (not protocols or bool(sides.intersection(protocols)))


def matches(each: Disagreement, known: Known) -> bool:
    """Whether a disagreement is, or is part of, one that a reader numbered."""
    if known.kind == "statement":
        return each.kind == "statement" and each.id == known.pair
    if known.kind == "damaged":
        return each.kind == "damaged" and bool(set(each.claims) & set(known.claims))
    if each.kind not in (known.kind, "opposed") or (known.points and each.decision not in known.points):
        return False
    if known.kind == "across":
        return each.kind == "across" and any(known.asks in asked for asked in each.about)
    return any(
        (_is(each.one.who, a) and _is(each.other.who, b)) or (_is(each.one.who, b) and _is(each.other.who, a))
        for a, b in known.between
    )


def _is(who: str, named: str) -> bool:
    return who == named or who.partition("/")[0] == named


def unmatched(library: Library, listed: Sequence[Disagreement]) -> list[Known]:
    """The numbered contradictions that nothing in the whole list answers to; those of which one side was not read cannot be met."""
    found = {name for each in listed for name in each.known_as}
    open_ = [
        known for known in library.disagreements.known if known.kind in ("opposed", "different") and not known.between
    ]
    return [known for known in library.disagreements.known if known.name not in found and known not in open_]


# the five kinds ------------------------------------------------------------------------------------------------------
def _of_rules(library: Library, parting: Parting) -> Disagreement | None:
    pair = parting.pair
    kind = {Relation.OPPOSED: "opposed", Relation.DIFFERENT: "different", Relation.STRICTER: "different"}.get(
        pair.relation
    )
    if kind is None:
        return None
    sides = tuple(
        Side(held.edition.key, held.position.name, said, _force(rows), _claims(held.position.claims, rows))
        for held, said, rows in zip((pair.one, pair.other), parting.said, parting.rows, strict=True)
    )
    why = f"{pair.one.key} is the stricter" if pair.relation is Relation.STRICTER else ""
    return Disagreement(
        f"{pair.one.point.name}:{pair.one.key}~{pair.other.key}",
        pair.one.point.name,
        kind,
        parting.kind,
        parting.in_force_together,
        sides[0],
        sides[1],
        pair.about,
        dict(parting.witness) if parting.values else None,
        witness_record(library, parting) if parting.values else None,
        parting.replayed,
        tuple(dict.fromkeys((*sides[0].claims, *sides[1].claims))),
        why,
    )


def _force(rows: Sequence[object]) -> str:
    forces = [getattr(row, "force", "") for row in rows]
    return next((force for force in ("must", "should", "may", "none") if force in forces), "")


def _claims(position: tuple[str, ...], rows: Sequence[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim for row in rows for claim in getattr(row, "claims", ()))) or position


def _of_gap(library: Library, gap: Gap) -> Disagreement:
    key = gap.edition.key
    asks = Side(key, gap.position, (asks_words(library, gap.asks),), gap.row.force, gap.row.claims)
    never = Side(key, "", (never_words(library, gap.asks),), "", ())
    return Disagreement(
        f"{gap.point}:{key}/{gap.position}/{gap.row.name}!{gap.asks}",
        gap.point,
        "across",
        "inside",
        True,
        asks,
        never,
        (gap.asks,),
        None,
        None,
        False,
        gap.row.claims,
        NEVER_MEASURED,
    )


def _of_statements(library: Library) -> Iterator[Disagreement]:
    for pair in library.disagreements.pairs:
        sides = []
        for name in (pair.one, pair.other):
            claim = library.claim(name)
            sides.append(Side(claim.work, name, (claim.says,), claim.force, (name,)))
        between = "inside" if sides[0].who == sides[1].who else "protocols"
        yield Disagreement(
            pair.name,
            pair.point,
            "statement",
            between,
            True,
            sides[0],
            sides[1],
            (pair.topic,),
            None,
            None,
            False,
            (pair.one, pair.other),
            pair.why,
        )


def _of_damage(library: Library) -> Iterator[Disagreement]:
    for claim in library.claims:
        if claim.kind == "damaged":
            sides = [
                Side(claim.work, claim.name, (reading,), claim.force, (claim.name,)) for reading in claim.readings[:2]
            ]
            yield Disagreement(
                claim.name,
                "",
                "damaged",
                "inside",
                True,
                sides[0],
                sides[1],
                (),
                None,
                None,
                False,
                (claim.name,),
                claim.damage,
            )


def _weight(library: Library, each: Disagreement) -> tuple[object, ...]:
    """Opposed first; those that a reader of the documents numbered; then what binds: rules over advice, must over should."""
    forces = ("must", "should", "may", "none", "")
    return (
        KINDS.index(each.kind),
        not each.known_as,
        not each.in_force_together,
        sum(_authority(library, side.who) for side in (each.one, each.other)),
        sum(forces.index(side.force) if side.force in forces else len(forces) for side in (each.one, each.other)),
        each.decision,
        each.id,
    )


def _authority(library: Library, who: str) -> int:
    edition = library.edition_named(who)
    return AUTHORITY.index(edition.authority) if edition else len(AUTHORITY)
