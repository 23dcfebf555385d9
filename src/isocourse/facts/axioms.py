"""What must hold of every patient: ties between facts that solver, record reader and random patients all keep to."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from isocourse.facts.frames import said
from isocourse.facts.problem import Problem
from isocourse.facts.sentence import of_words
from isocourse.logic.truth import Truth


class Axiom(Struct, frozen=True):
    """A condition that no patient breaks; `written` if an author wrote it, otherwise it follows from how facts are folded."""

    name: str
    node: int
    text: str
    why: str
    written: bool


def broken(axioms: Sequence[Axiom], values: Sequence[int]) -> Iterator[Problem]:
    """A Problem for each axiom that the file breaks for certain; nothing is left out, for nobody can say which entry is wrong."""
    for axiom in axioms:
        if values[axiom.node] == Truth.NO:
            yield Problem(
                "the record",
                said("axiom.broken", why=of_words(axiom.why)),
                axiom.text,
                "ask which entry holds",
                "Both entries stay, and answers that rest on them may be wrong.",
                left_out=False,
            )
