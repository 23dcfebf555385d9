"""The reference patient: an invented one in whom every answer is the ordinary one; witnesses differ from her in as little as can be."""

from __future__ import annotations

from fractions import Fraction

from isocourse.app.given import GivenError, given_snapshot
from isocourse.facts.problem import ReadError
from isocourse.facts.snapshot import holds_days
from isocourse.library import Library
from isocourse.proofs.reference import Reference


class NoReferenceError(ReadError):
    """The reference patient cannot be made: a value does not fit."""

    def __init__(self, why: object) -> None:
        super().__init__("facts/reference.yaml", 0, 0, str(why))


def reference_patient(library: Library) -> Reference:
    """The reference patient as values of slots.

    Raises:
        NoReferenceError: a value does not fit.
    """
    try:
        state = given_snapshot(library, dict(library.reference.given)).state
    except GivenError as error:
        raise NoReferenceError(error) from None
    papers = {fact.name for fact in library.facts if fact.kind == "documentary"}
    given, grid = dict(library.reference.given), dict(library.reference.grid)
    today = state.low[place] if (place := library.program.slot_named("today")) is not None else 0
    values = []
    for place, slot in enumerate(library.program.slots):
        if slot.name in given or f"{slot.name}.value" in given:
            values.append(state.low[place])
        elif slot.coded:
            values.append(2 if slot.name in papers else 1)
        else:
            values.append(today if holds_days(slot) else slot.low)
    steps = [_grid(library, place, grid) for place in range(len(values))]
    changing = {fact.name for fact in library.facts if fact.worse}
    last = frozenset(place for place, slot in enumerate(library.program.slots) if slot.name in changing)
    return Reference(tuple(values), tuple(steps), last)


def not_given(library: Library) -> list[str]:
    """Facts that the reference patient should state and does not: dates, amounts that do not begin at nothing, codes."""
    given = dict(library.reference.given)
    return [
        slot.name
        for slot in library.program.slots
        if slot.name not in given
        and f"{slot.name}.value" not in given
        and slot.values != ("no", "yes")
        and (slot.coded or slot.low != 0 or holds_days(slot))
    ]


def _grid(library: Library, place: int, grid: dict[str, str]) -> int:
    fact, rules = library.measured(library.program.slots[place])
    unit = rules[0].unit if rules else fact.unit if fact else ""
    per = Fraction(rules[0].steps) if rules else 1 / Fraction(fact.step) if fact else Fraction(1)
    size = per * Fraction(grid.get(unit, "0"))
    return max(1, int(size))
