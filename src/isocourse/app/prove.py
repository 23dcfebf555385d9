"""Proves of the loaded knowledge what must hold for every patient, and shows for whom it does not."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from isocourse.app.reference import reference_patient
from isocourse.library import Library
from isocourse.proofs.question import Asker
from isocourse.proofs.theorems import (
    Exceptions,
    Outcome,
    Proof,
    RedMatch,
    Worse,
    a_missing_paper_never_helps,
    conditions,
    learning_never_turns_an_answer,
    no_go_on_unknown,
    red_lines_are_never_allowed,
    the_acting_reading_is_not_milder,
    worse_never_relaxes,
)
from isocourse.render.values import given_text


class Shown(Struct, frozen=True):
    """One proof, and for a failure the patient nearest to the reference for whom it fails."""

    proof: Proof
    patient: tuple[tuple[str, str], ...] = ()


def prove(library: Library, asker: Asker | None = None) -> Iterator[Shown]:
    """Every theorem on everything it speaks of, one after the other; a question that runs out of time is undecided, never proved."""
    asker = asker or Asker(library.program)
    excepted: Exceptions = {(each.theorem, each.about): each.why for each in library.theorems.exempt}
    used: set[tuple[str, str]] = set()
    for proof in _proofs(library, asker, excepted):
        if proof.outcome is Outcome.EXCEPTED:
            used.add((proof.theorem, proof.about))
        yield Shown(proof, _patient(library, asker, proof))
    for theorem, about in excepted.keys() - used:
        yield Shown(Proof(theorem, about, Outcome.FAILS, "an exception that excepts nothing; remove it"))


def _proofs(library: Library, asker: Asker, excepted: Exceptions) -> Iterator[Proof]:
    editions, points, stated = library.editions, library.points, library.theorems
    if stated.needs >= 0:
        yield from no_go_on_unknown(asker, editions, stated.needs, excepted)
    lines = {line.name: line for line in library.red}
    matches = [RedMatch(lines[name], findings) for name, findings in stated.red]
    yield from red_lines_are_never_allowed(asker, editions, points, matches, excepted)
    roots = conditions(editions, points, library.red)
    yield from learning_never_turns_an_answer(library.program, [(about, root) for root, about in roots.items()])
    yield from a_missing_paper_never_helps(asker, editions, _papers(library), excepted)
    yield from worse_never_relaxes(asker, editions, points, _worse(library), excepted)
    yield from the_acting_reading_is_not_milder(asker, editions, points, excepted)


def _papers(library: Library) -> list[int]:
    names = {fact.name for fact in library.facts if fact.kind == "documentary"}
    return [place for place, slot in enumerate(library.program.slots) if slot.name in names]


def _worse(library: Library) -> list[Worse]:
    found = []
    for pair in library.theorems.worse:
        slot = library.program.slot_named(pair.fact)
        if slot is not None:
            found.append(Worse(slot, pair.higher, pair.points))
    return found


def _patient(library: Library, asker: Asker, proof: Proof) -> tuple[tuple[str, str], ...]:
    if proof.where is None or proof.outcome is Outcome.PROVED:
        return ()
    reference = reference_patient(library)
    values = asker.nearest(reference, proof.where)
    if values is None:
        return ()
    return tuple(
        given_text(library, place, value) for place, value in enumerate(values) if value != reference.values[place]
    )
