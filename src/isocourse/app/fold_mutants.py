"""Changes how each fact is folded in every small way and sees whether a case of facts notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from isocourse.app.timelines import NOT_KNOWN, Named, folded_facts, named, said
from isocourse.facts.declare import Fact
from isocourse.facts.record import Record
from isocourse.library import Library
from isocourse.library.timelines import Timeline
from isocourse.proofs.fold_mutants import FoldMutant, fold_mutants
from isocourse.proofs.small_files import small_files


class FoldTried(Struct, frozen=True):
    """A mutant of a fold and what became of it: `killed`, `equivalent` (no small file tells it apart) or `survived`, with such a file."""

    mutant: FoldMutant
    fate: str
    by: str = ""


class _Asked(Struct, frozen=True):
    """One line of a case: what a fact must be."""

    timeline: Timeline
    named: Named
    expected: frozenset[str]


def try_folds(
    library: Library, timelines: Sequence[Timeline], only: str = "", seen: Callable[[int], None] | None = None
) -> Iterator[FoldTried]:
    """Every single change of every folded fact, or of one, and what became of it.

    Raises:
        ValueError: a case of such a fact is not true of the fact as it is, so it could kill anything.
    """
    facts, asked, alike = folded_facts(library), _asked(timelines), set[object]()
    for fact in facts.values():
        if only and fact.name != only:
            continue
        for case in asked.get(fact.name, ()):
            if frozenset(said(library, facts, case.timeline, case.named)) != case.expected:
                raise ValueError(f"{case.timeline.where}: {fact.name} does not come out as written")
        for mutant in fold_mutants(fact, library.catalogue):
            yield _try(library, facts, mutant, asked.get(fact.name, ()), alike)
        if seen:
            seen(1)


def _asked(timelines: Sequence[Timeline]) -> dict[str, list[_Asked]]:
    found: dict[str, list[_Asked]] = {}
    for timeline in timelines:
        for text, expected in timeline.expect:
            each = named(text)
            found.setdefault(each.fact, []).append(_Asked(timeline, each, frozenset(expected.split(" | "))))
    return found


def _try(
    library: Library, facts: Mapping[str, Fact], mutant: FoldMutant, cases: Sequence[_Asked], alike: set[object]
) -> FoldTried:
    """What became of one mutant; `alike` gathers the shapes of those that change nothing, so that each shape is searched once."""
    for case in cases:
        found = _folded(library, facts, mutant, case.timeline, case.named)
        if found != case.expected:
            return FoldTried(mutant, "killed", f"{case.timeline.where}: {' | '.join(sorted(found))}")
    shape = _shape(library, facts[mutant.fact.name], mutant)
    told = "" if shape in alike else _told_apart(library, facts, mutant)
    if not told:
        alike.add(shape)
    return FoldTried(mutant, "survived" if told else "equivalent", told)


def _shape(library: Library, fact: Fact, mutant: FoldMutant) -> object:
    """What a fold and its change are but for the names of stream and items: folds read nothing else of them."""
    fold = fact.fold
    if fold is None:
        return (fact.name, mutant.what)
    stream = library.catalogue.by_name.get(fold.stream)
    tests = tuple((each.part, "" if each.part == "kind" else each.values) for each in fold.where)
    kind = (stream.kind, len(stream.values)) if stream else ("items", 0)
    anchors = (fold.first, fold.last, fold.first_open, fold.last_open)
    what = "" if mutant.kind == "filter" else mutant.what
    return (mutant.kind, what, fact.kind, kind, fold.how, fold.part, tests, anchors, fact.stale_after)


def _folded(
    library: Library, facts: Mapping[str, Fact], mutant: FoldMutant, timeline: Timeline, asked: Named
) -> frozenset[str]:
    """What the changed fact is, in the words of cases."""
    if mutant.seen is not None:
        timeline = replace(timeline, record=mutant.seen(timeline.record))
    found = frozenset(said(library, {**facts, mutant.fact.name: mutant.fact}, timeline, asked))
    if not mutant.for_unknown or asked.recorded or found != {_nothing(mutant)}:
        return found
    return frozenset((mutant.for_unknown,))


def _nothing(mutant: FoldMutant) -> str:
    return "no" if mutant.fact.kind == "documentary" else NOT_KNOWN


TODAY = 740_000
"""The day of the small files; any other would do."""


def _told_apart(library: Library, facts: Mapping[str, Fact], mutant: FoldMutant) -> str:
    """A small file on which the fact and the changed fact differ, in words; nothing if there is none."""
    fact = facts[mutant.fact.name]
    if fact.fold is None:
        return "a ratio of two amounts that are not equal"
    parts = [Named(fact.name), Named(fact.name, "day"), Named(fact.name, recorded=True)]
    for record in small_files(fact, library.catalogue, TODAY):
        timeline = Timeline("", "", TODAY, record, ())
        for part in parts if fact.kind == "event" else (parts[0], parts[2]):
            before = frozenset(said(library, facts, timeline, part))
            if _folded(library, facts, mutant, timeline, part) != before:
                return _in_words(record)
    return ""


def _in_words(record: Record) -> str:
    told = [
        f"{event.written}, {'no day' if not event.dated else f'{TODAY - event.happened.first} days ago'}"
        for event in record.events
    ]
    return ("; ".join(told) or "nothing on file") + (", said to be complete" if record.coverage else "")
