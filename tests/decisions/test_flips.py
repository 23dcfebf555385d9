"""What would turn an answer round, and which missing fact settles most."""

from __future__ import annotations

import pytest

from isocourse.app.assess import assess
from isocourse.app.samples import SAMPLE_DAY, samples
from isocourse.decisions.flips import flips, what_settles
from isocourse.decisions.tables import Shape
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.exact import NONE_FIRED, reachable_rows
from isocourse.logic.tree import State


@pytest.fixture(scope="module")
def seen(library: Library) -> Assessment:
    return assess(library, dict(samples(library))["alt-trebled"], Asked(SAMPLE_DAY))


def changed(state: State, changes: tuple[tuple[int, int, int], ...]) -> State:
    low, high = list(state.low), list(state.high)
    for slot, least, most in changes:
        low[slot], high[slot] = least, most
    return State(low, high, state.recorded)


def test_after_the_change_the_answer_is_another_one(seen: Assessment) -> None:
    program, state, checked = seen.library.program, seen.snapshot.state, 0
    for answer in seen.answers:
        if not answer.speaks:
            continue
        position = next(
            each for each in answer.edition.cell(answer.point.name).positions if each.name == answer.position
        )
        for flip in flips(program, state, answer):
            whole = answer.point.shape in (Shape.CHOICE, Shape.RANGE)
            rows = position.acting.rows if whole else [row for row in position.acting.rows if row.name == flip.subject]
            roots = tuple(row.when for row in rows)
            before, after = (
                reachable_rows(program, state, roots),
                reachable_rows(program, changed(state, flip.changes), roots),
            )
            assert len(before) == 1
            assert not before & after
            assert 1 <= len(flip.changes) <= 2
            assert flip.becomes == tuple(rows[place] if place != NONE_FIRED else None for place in sorted(after))
            checked += 1
    assert checked >= 30


def test_alt_that_has_trebled_would_have_to_fall_below_three_times_its_baseline(seen: Assessment) -> None:
    answer = next(each for each in seen.answers if each.point.name == "lab_stop" and each.position == "body")
    (flip,) = flips(seen.library.program, seen.snapshot.state, answer)
    (change,) = flip.changes
    assert seen.library.program.slots[change[0]].name == "alt_now"
    assert change[1] == 5_999  # hundredths of U/L: just below three times 20 U/L


def test_a_fact_that_settles_surely_closes_the_question_whatever_it_is(seen: Assessment) -> None:
    program, state = seen.library.program, seen.snapshot.state
    found = what_settles(program, state, seen.answers)
    assert found
    assert list(found) == sorted(found, key=lambda each: (-each.surely, -each.perhaps, each.slot))
    assert all(each.surely <= each.perhaps for each in found)
    known = [each for each in found if seen.snapshot.known(each.slot, program.slots[each.slot])]
    assert known == []
