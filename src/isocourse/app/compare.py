"""Editions side by side without a patient: what each says on each point, and how each two stand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from isocourse.decisions.tables import Edition
from isocourse.library import Library
from isocourse.proofs.pairs import Pair, held, pair
from isocourse.proofs.question import Asker
from isocourse.render.compare import Compared, Standing


def compare(library: Library, editions: Sequence[Edition], points: Sequence[str] = ()) -> list[Compared]:
    """Every point, or the points asked for."""
    asker = Asker(library.program)
    wanted = [point for point in library.points if not points or point.name in points]
    return [
        Compared(
            point,
            tuple(_standing(pair(asker, one, other)) for one, other in combinations(held(tuple(editions), point), 2)),
        )
        for point in wanted
    ]


def _standing(pair: Pair) -> Standing:
    return Standing(pair.one.key, pair.other.key, pair.relation.value, pair.about)
