"""Presumptions: a "no" that nobody wrote, taken from a list that is on file; off unless it is asked for, and named wherever it is used."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from isocourse.facts.declare import Fact
from isocourse.facts.record import Record
from isocourse.facts.snapshot import Origin, Snapshot, Source
from isocourse.logic.tree import Program, State
from isocourse.logic.truth import Truth


class Presumption(Struct, frozen=True):
    """What is not on a list that is on file is presumed not to be there."""

    stream: str
    say: str
    claim: str


class Presumptions(Struct, frozen=True):
    """All presumptions, and the kinds of condition that are never presumed absent."""

    rules: tuple[Presumption, ...] = ()
    never: tuple[str, ...] = ()


def presumed(
    program: Program,
    sources: Sequence[Source],
    facts: Mapping[str, Fact],
    snapshot: Snapshot,
    record: Record,
    rules: Sequence[Presumption],
    barred: frozenset[int],
) -> Snapshot:
    """The snapshot with unknown entries of lists that are on file taken for a no.

    Args:
        program: the rule tree.
        sources: for each slot where its value comes from.
        facts: the declared facts, by name.
        snapshot: the patient as read.
        record: the record, to see which lists are on file.
        rules: the presumptions.
        barred: slots that are never presumed: those of red lines, of pregnancy and of allergies.
    """
    by_stream = {rule.stream: rule for rule in rules}
    present = {event.stream for event in record.events if event.item}
    low, origins = list(snapshot.state.low), list(snapshot.origins)
    for place, (slot, source) in enumerate(zip(program.slots, sources, strict=True)):
        fact = facts.get(source.fact)
        fold = source.fold or (fact.fold if fact else None)
        rule = by_stream.get(fold.stream) if fold else None
        if rule is None or place in barred or rule.stream not in present or slot.values != ("no", "yes"):
            continue
        if low[place] == Truth.UNKNOWN:
            low[place] = int(Truth.NO)
            mark = f"presumed no: {rule.say}"
            origins[place] = Origin(f"no, presumed: {rule.say}", (rule.claim,), (mark,))
    state = State(low, snapshot.state.high, snapshot.state.recorded, snapshot.state.groups)
    return replace(snapshot, state=state, origins=tuple(origins))
