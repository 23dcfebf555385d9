"""Finds where protocols part: every pair of positions, and for opposed ones the invented patient nearest to the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from isocourse.app.reference import reference_patient
from isocourse.decisions.answers import Answer, judge
from isocourse.decisions.binding import together
from isocourse.decisions.opposed import clashes
from isocourse.decisions.tables import Row
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Origin, Snapshot
from isocourse.library import Library
from isocourse.logic.reference import evaluate
from isocourse.logic.truth import Truth
from isocourse.proofs.lowering import state_of
from isocourse.proofs.pairs import Held, Pair, Relation, pairs
from isocourse.proofs.question import Asker
from isocourse.proofs.reference import Reference
from isocourse.render.rows import row_words
from isocourse.render.values import given_text


class Parting(Struct, frozen=True):
    """Two positions and how they stand to each other, with a witness where they are opposed."""

    pair: Pair
    kind: str
    """`inside` one source, between `editions` of one protocol, or between `protocols`."""
    in_force_together: bool
    rows: tuple[tuple[Row, ...], tuple[Row, ...]]
    """The rows that speak: for the witness where there is one, otherwise all of both."""
    said: tuple[tuple[str, ...], tuple[str, ...]]
    """What each says, in words."""
    witness: tuple[tuple[str, str], ...] = ()
    """The facts in which the witness differs from the reference patient, as they are given."""
    values: tuple[int, ...] = ()
    """The whole witness, slot by slot."""
    replayed: bool = False
    """Whether the reference interpreter, given the witness, finds the two opposed."""


def find_partings(
    library: Library,
    *,
    points: Sequence[str] = (),
    protocols: Sequence[str] = (),
    limit_ms: int | None = None,
    seen: Callable[[int], None] | None = None,
) -> list[Parting]:
    """Every pair of positions, opposed ones with their witness.

    Args:
        library: the loaded knowledge.
        points: only these decision points; all by default.
        protocols: only pairs in which one of these protocols or editions takes part; all by default.
        limit_ms: how long one question may take before it is called undecided.
        seen: told after each pair, for a progress bar.
    """
    asker = Asker(library.program) if limit_ms is None else Asker(library.program, limit_ms)
    reference = reference_patient(library)
    wanted = tuple(point for point in library.points if not points or point.name in points)
    found = []
    for pair in pairs(asker, library.editions, wanted, tuple(protocols)):
        found.append(_parting(library, asker, reference, pair))
        if seen:
            seen(1)
    return found


def _parting(library: Library, asker: Asker, reference: Reference, pair: Pair) -> Parting:
    one, other = pair.one.edition, pair.other.edition
    kind = "inside" if one.key == other.key else "editions" if one.protocol == other.protocol else "protocols"
    both = (pair.one.position.acting.rows, pair.other.position.acting.rows)
    bare = Parting(pair, kind, together(one, other), both, _said(pair, both))
    if pair.relation is not Relation.OPPOSED or pair.where is None:
        return bare
    values = asker.nearest(reference, pair.where)
    if values is None:
        return bare
    facts = tuple(
        given_text(library, place, value) for place, value in enumerate(values) if value != reference.values[place]
    )
    answers = replay(library, pair, values)
    found = [clash for clash in clashes(answers, lambda _: None) if clash.kind == "opposed"]
    rows = _speaking(pair, answers)
    return replace(bare, rows=rows, said=_said(pair, rows), witness=facts, values=values, replayed=bool(found))


def replay(library: Library, pair: Pair, values: tuple[int, ...]) -> list[Answer]:
    """What the two positions answer to the witness, by the reference interpreter."""
    snapshot = Snapshot(state_of(library.program, values), (Origin(),) * len(values), 0, Record())
    truths = [int(truth) for truth in evaluate(library.program, snapshot.state)]
    return [answer for held in (pair.one, pair.other) for answer in _answer(library, truths, snapshot, held)]


def _answer(library: Library, truths: list[int], snapshot: Snapshot, held: Held) -> list[Answer]:
    answers = judge(library.program, truths, snapshot, held.edition, held.point, outside=False)
    return [answer for answer in answers if answer.position == held.position.name]


def _speaking(pair: Pair, answers: Sequence[Answer]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """For each side the rows that the witness meets, on what they are opposed about."""
    sides = []
    for held in (pair.one, pair.other):
        mine = [each for each in answers if (each.edition, each.position) == (held.edition, held.position.name)]
        rows = [stance.row for each in mine for stance in each.stances if stance.row is not None]
        rows += [
            verdict.row
            for each in mine
            for verdict in each.verdicts
            if verdict.applies is Truth.YES and not set(pair.about).isdisjoint(verdict.row.subjects)
        ]
        sides.append(tuple(rows))
    return sides[0], sides[1]


def _said(pair: Pair, rows: tuple[tuple[Row, ...], tuple[Row, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    one, other = (tuple(dict.fromkeys(row_words(pair.one.point, row) for row in side)) for side in rows)
    return one, other


def witness_record(library: Library, parting: Parting) -> dict[str, object]:
    """The witness as a native record that `assess` takes: every fact stated one by one."""
    facts = dict(given_text(library, place, value) for place, value in enumerate(parting.values))
    pair = parting.pair
    note = f"invented: {pair.one.key} and {pair.other.key} are opposed on {pair.one.point.name}"
    return {"isocourse": "1", "patient": {"note": note}, "facts": facts}
