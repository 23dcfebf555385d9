"""One disagreement, as data; whoever shows the list needs no solver."""

from msgspec import Struct


class Side(Struct, frozen=True):
    """Who says what: an edition and its position, or a claim."""

    who: str
    position: str
    says: tuple[str, ...]
    force: str
    claims: tuple[str, ...]


class Disagreement(Struct, frozen=True):
    """One disagreement of the list."""

    id: str
    decision: str
    """The decision point; nothing for a statement about none."""
    kind: str
    """One of the five kinds."""
    between: str
    """`inside` one source, between `editions` of one protocol, or between `protocols`."""
    in_force_together: bool
    one: Side
    other: Side
    about: tuple[str, ...]
    """The findings or duties on which they part."""
    witness: dict[str, str] | None
    """For opposed rules: the facts in which the invented patient differs from the reference patient."""
    record: dict[str, object] | None
    """The witness as a record that `assess` takes."""
    replayed: bool
    """Whether the reference interpreter, given the witness, finds them opposed."""
    claims: tuple[str, ...]
    why: str = ""
    known_as: tuple[str, ...] = ()
    """The numbers under which readers of the documents listed it."""
    rank: int = 0
