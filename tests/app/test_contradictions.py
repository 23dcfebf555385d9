"""Contradictions are found, not typed in; every witness is a patient for whom the two documents really part."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from isocourse.app.assess import assess
from isocourse.app.contradictions import find_partings, witness_record
from isocourse.app.disagreement import Disagreement
from isocourse.app.disagreements import KINDS, disagreements, unmatched
from isocourse.app.gaps import gaps
from isocourse.app.reference import not_given, reference_patient
from isocourse.library import Asked, Library
from isocourse.logic.reference import evaluate
from isocourse.logic.truth import Truth
from isocourse.proofs.lowering import state_of
from isocourse.proofs.pairs import Relation
from isocourse.reading.records import node_of, record_of

TODAY = date(2026, 11, 24).toordinal()


@pytest.fixture(scope="module")
def labs(library: Library) -> list[Disagreement]:
    return disagreements(library, points=("lab_stop",), kinds=KINDS)


def test_the_reference_patient_says_what_has_no_ordinary_value(library: Library) -> None:
    assert not_given(library) == []


def test_the_reference_patient_breaks_no_axiom(library: Library) -> None:
    truths = evaluate(library.program, state_of(library.program, reference_patient(library).values))
    assert [axiom.name for axiom in library.axioms if truths[axiom.node] is not Truth.YES] == []


def test_the_review_contradicts_itself_on_laboratory_values(labs: list[Disagreement]) -> None:
    found = [each for each in labs if (each.one.who, each.other.who) == ("seed-review/2025", "seed-review/2025")]
    assert [(each.kind, each.between) for each in found] == [("opposed", "inside")]
    assert {found[0].one.position, found[0].other.position} == {"body", "conclusion"}
    assert found[0].witness


def test_every_witness_is_replayed_by_the_reference_interpreter(labs: list[Disagreement]) -> None:
    opposed = [each for each in labs if each.kind == "opposed"]
    assert len(opposed) >= 10
    assert all(each.replayed and each.record for each in opposed)


def test_a_witness_differs_from_the_reference_patient_in_few_facts(labs: list[Disagreement]) -> None:
    for each in labs:
        if each.kind == "opposed":
            assert each.witness is not None
            assert len(each.witness) <= 4, each.id


def test_a_witness_breaks_no_axiom_and_lies_on_the_clinical_grid(library: Library) -> None:
    reference = reference_patient(library)
    for parting in find_partings(library, points=("lab_stop", "dose_range", "contraindications")):
        if parting.pair.relation is not Relation.OPPOSED:
            continue
        truths = evaluate(library.program, state_of(library.program, parting.values))
        assert all(truths[axiom.node] is Truth.YES for axiom in library.axioms)
        odd = [
            library.program.slots[place].name
            for place, value in enumerate(parting.values)
            if not library.program.slots[place].coded
            and value != reference.values[place]
            and value % reference.grid[place]
        ]
        assert len(odd) <= 1, (
            parting.pair.one.key,
            parting.pair.other.key,
            odd,
        )  # a threshold itself may lie off the grid


def test_a_witness_is_a_record_that_shows_the_same_parting(library: Library) -> None:
    for parting in find_partings(library, points=("lab_stop",)):
        if parting.pair.relation is not Relation.OPPOSED or not parting.in_force_together:
            continue
        told = node_of(witness_record(library, parting))
        seen = assess(library, record_of(told, "witness", library.catalogue, TODAY), Asked(TODAY))
        if not {parting.pair.one.edition, parting.pair.other.edition} <= set(seen.editions):
            continue
        assert not seen.record.problems
        shown = [each for each in seen.today.disagreements if each.point.name == "lab_stop"]
        sides = {(answer.edition.key, answer.position) for each in shown for answer in each.answers}
        assert (parting.pair.one.edition.key, parting.pair.one.position.name) in sides
        assert (parting.pair.other.edition.key, parting.pair.other.position.name) in sides


def test_the_review_asks_about_leukopenia_and_never_orders_a_blood_count(library: Library) -> None:
    found = [gap for gap in gaps(library) if gap.edition.key == "seed-review/2025"]
    assert any("leukopenia" in gap.asks and "blood_count" in gap.duties for gap in found)


def test_what_was_not_read_is_no_gap(library: Library) -> None:
    unread = {gap.edition.key for gap in gaps(library)} & {"uz-moh/2024", "india/2018"}
    assert unread == set()


def test_a_rule_of_no_force_opposes_nothing(library: Library) -> None:
    edition = library.edition("eu-label/2018")
    cell = edition.cell("lab_stop")
    mute = replace(
        cell,
        positions=tuple(
            replace(
                position,
                readings=tuple(
                    replace(reading, rows=tuple(replace(row, force="none") for row in reading.rows))
                    for reading in position.readings
                ),
            )
            for position in cell.positions
        ),
    )
    muted = replace(edition, cells=tuple(mute if each is cell else each for each in edition.cells))
    world = replace(library, editions=tuple(muted if each is edition else each for each in library.editions))
    found = find_partings(world, points=("lab_stop",), protocols=("eu-label",))
    assert all(parting.pair.relation is not Relation.OPPOSED for parting in found)


@pytest.mark.slow
def test_all_pairs_are_decided_and_every_numbered_contradiction_is_found(
    library: Library, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    listed = disagreements(library, kinds=KINDS)
    opposed = [each for each in listed if each.kind == "opposed"]
    with capsys.disabled():
        print(f"\n{len(listed)} disagreements, {len(opposed)} of them opposed rules")  # noqa: T201 - a figure to publish
    assert all(each.replayed for each in opposed)
    assert [known.name for known in unmatched(library, listed)] == []
    assert {"C-20", "C-08", "C-01", "X-6b", "X-6"} <= {name for each in listed for name in each.known_as}
    assert len({each.id for each in listed}) == len(listed)
    assert not [
        parting for parting in find_partings(library, limit_ms=5_000) if parting.pair.relation is Relation.UNDECIDED
    ]
