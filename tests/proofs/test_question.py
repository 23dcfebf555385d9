"""The patient found is plausible, fits, and none who does differs from the reference in fewer facts: seen by asking everybody."""

from __future__ import annotations

from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.app.reference import reference_patient
from isocourse.library import Library
from isocourse.logic.reference import evaluate
from isocourse.logic.tree import Builder, Op, Program, Slot
from isocourse.logic.truth import Truth
from isocourse.proofs.lowering import YES_NO, state_of
from isocourse.proofs.question import Asker
from isocourse.proofs.reference import Reference
from tests.agree.programs import random_program

Values = tuple[int, ...]


def everybody(program: Program) -> list[Values]:
    ranges = [
        [1 << place for place in range(len(slot.values))] if slot.coded else range(slot.low, slot.high + 1)
        for slot in program.slots
    ]
    return list(product(*ranges))


def fits(program: Program, values: Values, *nodes: int) -> bool:
    truths = evaluate(program, state_of(program, values))
    return all(truths[node] is Truth.YES for node in (*program.axioms, *nodes))


def apart(one: Values, other: Values) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), plausible=st.booleans())
def test_nobody_who_fits_is_nearer_in_facts(seed: int, plausible: bool) -> None:
    rng = Random(seed)
    drawn = random_program(rng, slots=6, atoms=8, joints=6, top=4, recorded=False)
    program = Program(drawn.slots, drawn.nodes, tuple(rng.sample(range(1, 9), 3)))
    asked = rng.randrange(len(drawn.nodes))
    all_of_them = everybody(program)
    some = [each for each in all_of_them if fits(program, each)]
    home = rng.choice(some if plausible and some else all_of_them)
    few = min((apart(home, each) for each in some if fits(program, each, asked)), default=None)
    asker = Asker(program)
    found = asker.nearest(Reference(home, (1,) * len(home)), asker.lowered.node(asked))
    if found is None:
        assert few is None
    else:
        assert fits(program, found, asked)
        assert apart(home, found) == few


def yes_no(builder: Builder, name: str) -> tuple[int, int]:
    """A slot of yes and no, and the question whether it is yes."""
    slot = builder.slot(Slot(name, 0, 0, YES_NO))
    return slot, builder.node(Op.ONE_OF, (slot,), (2,))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_who_is_found_does_not_hang_on_what_was_asked_before(seed: int) -> None:
    rng = Random(seed)
    program = random_program(rng, slots=6, atoms=8, joints=6, top=4, recorded=False)
    home = tuple(rng.choice(values) for values in zip(*everybody(program), strict=True))
    asked, before = rng.randrange(len(program.nodes)), rng.choices(range(len(program.nodes)), k=3)
    fresh, used = Asker(program), Asker(program)
    for each in before:
        used.nearest(Reference(home, (1,) * len(home)), used.lowered.node(each))
        used.exists(used.lowered.node(each))
    found = [asker.nearest(Reference(home, (1,) * len(home)), asker.lowered.node(asked)) for asker in (fresh, used)]
    assert found[0] == found[1]


def test_of_two_codes_the_nearer_is_found_and_of_two_as_near_the_one_named_first() -> None:
    builder = Builder()
    severity = builder.slot(Slot("severity", 0, 0, ("clear", "mild", "moderate", "severe", "very_severe")))
    asked = builder.node(Op.ONE_OF, (severity,), (0b10101,))
    asker = Asker(builder.program())
    found = [asker.nearest(Reference((1 << home,), (1,)), asker.lowered.node(asked)) for home in range(5)]
    assert found == [(0b1,), (0b1,), (0b100,), (0b100,), (0b10000,)]


def test_of_two_amounts_as_near_the_lower_is_found() -> None:
    builder = Builder()
    weight = builder.slot(Slot("weight", 0, 100))
    heavy, light = builder.node(Op.AT_LEAST, (weight,), (60,)), builder.node(Op.AT_LEAST, (weight,), (41,))
    asked = builder.node(Op.OR, (heavy, builder.node(Op.NOT, (light,))))
    asker = Asker(builder.program())
    assert asker.nearest(Reference((50,), (1,)), asker.lowered.node(asked)) == (40,)


def test_one_fact_that_does_is_better_than_two_though_it_is_wanted_more() -> None:
    builder = Builder()
    (_, one), (_, two), (_, three) = (yes_no(builder, name) for name in ("one", "two", "three"))
    asked = builder.node(Op.OR, (one, builder.node(Op.AND, (two, three))))
    asker = Asker(builder.program())
    assert asker.nearest(Reference((1, 1, 1), (1, 1, 1)), asker.lowered.node(asked)) == (2, 1, 1)


def test_what_axioms_tie_by_way_of_each_other_moves_together() -> None:
    builder = Builder()
    isit = [yes_no(builder, name)[1] for name in ("a", "b", "c", "d")]
    leads = [builder.node(Op.OR, (builder.node(Op.NOT, (isit[n],)), isit[n + 1])) for n in range(3)]
    program = builder.program()
    asker = Asker(Program(program.slots, program.nodes, axioms=(leads[0], leads[2], leads[1])))
    assert asker.nearest(Reference((1, 1, 1, 1), (1, 1, 1, 1)), asker.lowered.node(isit[0])) == (2, 2, 2, 2)


def test_who_need_not_differ_is_the_reference_patient(library: Library) -> None:
    reference = reference_patient(library)
    asker = Asker(library.program)
    assert asker.nearest(reference) == reference.values
    assert asker.nearest(reference, *asker.lowered.axioms()) == reference.values


def test_a_question_about_one_fact_leaves_facts_that_no_axiom_ties_to_it(library: Library) -> None:
    reference = reference_patient(library)
    asker = Asker(library.program)
    severity = library.program.slot_named("acne_severity")
    assert severity is not None
    other = 1
    assert reference.values[severity] != other
    found = asker.nearest(reference, asker.lowered.is_value(severity, other))
    assert found == tuple(other if place == severity else value for place, value in enumerate(reference.values))
