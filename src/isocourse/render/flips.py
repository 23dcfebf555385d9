"""What would turn an answer round, in words."""

from __future__ import annotations

from isocourse.decisions.answers import Answer
from isocourse.decisions.dates import BOTH
from isocourse.decisions.flips import Flip, flips
from isocourse.decisions.tables import Status
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.library import Assessment
from isocourse.render.conditions import value_words
from isocourse.render.rows import row_words
from isocourse.render.values import given_text
from isocourse.render.words import STATUS, fact_words


def nearest(seen: Assessment, answer: Answer) -> tuple[Flip, ...]:
    """For each thing that an answer settles, the nearest change that turns it round; nothing for one that does not speak."""
    if not answer.speaks:
        return ()
    holds = {fact.name for fact in seen.library.facts if fact.future == "holds"}
    steady = frozenset(place for place, slot in enumerate(seen.library.program.slots) if slot.name in holds)
    return flips(seen.library.program, seen.snapshot.state, answer, steady)


def change_text(seen: Assessment, flip: Flip) -> list[tuple[str, str]]:
    """The facts and what they would be, as they are given."""
    return [given_text(seen.library, slot, value) for slot, value, _ in flip.changes]


def change_words(seen: Assessment, flip: Flip) -> str:
    """The change in words."""
    slots = seen.library.program.slots
    w, library = seen.words, seen.library
    told, *others = [
        w(
            WERE,
            fact=fact_words(library, slots[slot].name, w),
            value=value_words(given_text(library, slot, value)[1], w),
        )
        for slot, value, _ in flip.changes
    ]
    for other in others:
        told = w(BOTH, one=told, other=other)
    return told


WERE, NO_LONGER = "{fact} were {value}", "no longer: {row}"
FIXED = {"flip.were": WERE, "flip.no_longer": NO_LONGER}
"""The frames of these lines, each under its key."""


def becomes_words(answer: Answer, flip: Flip, w: Wording = ENGLISH) -> list[str]:
    """What the answer would be then."""
    position = next(each for each in answer.edition.cell(answer.point.name).positions if each.name == answer.position)
    if flip.subject:
        row = next(row for row in position.acting.rows if row.name == flip.subject)
        told = row_words(answer.point, row, w)
        return [told if flip.becomes[0] is not None else w(NO_LONGER, row=told)]
    silent = w(STATUS[Status.SILENT_HERE])
    return [row_words(answer.point, row, w) if row is not None else silent for row in flip.becomes]
