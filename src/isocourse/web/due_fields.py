"""The fields of a visit in the order in which somebody needs them: what is due first, the rest folded, what belongs before a first dose apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from isocourse.decisions.answers import Verdict
from isocourse.decisions.breaches import Breach
from isocourse.decisions.gate import Gate
from isocourse.decisions.tables import Say
from isocourse.facts.courses import work_out
from isocourse.facts.days import Span
from isocourse.library import Assessment
from isocourse.logic.truth import Truth
from isocourse.web.fields import Field, Section

EACH_VISIT = ("weight", "pregnancy_test")
"""Asked at every visit: a dose follows the weight, and no supply is free without a test, where she may become pregnant."""
TEST = "pregnancy_test"


@dataclass(frozen=True, slots=True)
class Folded:
    """One fold of the form."""

    title: Say | None
    """None: what is due."""
    fields: tuple[Field, ...]
    before: tuple[Field, ...] = ()
    """Fields of before the first dose, of a course that has begun; folded once more."""
    open: bool = False


def as_entered(
    sections: tuple[Section, ...], given: Mapping[str, str], *, opened: tuple[str, ...] = ()
) -> list[Folded]:
    """The form of a record: every section under its question; those named, and those with something in them, open."""
    return [
        Folded(each.title, each.fields, open=each.point in opened or _filled(each.fields, given)) for each in sections
    ]


def of_a_visit(sections: tuple[Section, ...], seen: Assessment, given: Mapping[str, str]) -> list[Folded]:
    """The form of a visit: what is due first and open, everything else in folds; a fold with something in it is open."""
    due, begun = due_streams(seen), _begun(seen)
    first = tuple(
        field for section in sections for field in section.fields if field.stream in due and not _apart(field, begun)
    )
    taken = {field.name for field in first}
    folds = [Folded(None, first, open=True)] if first else []
    for section in sections:
        rest = [field for field in section.fields if field.name not in taken]
        now = tuple(field for field in rest if not _apart(field, begun))
        before = tuple(field for field in rest if _apart(field, begun))
        if rest:
            folds.append(Folded(section.title, now, before, _filled(rest, given)))
    return folds


def due_streams(seen: Assessment) -> frozenset[str]:
    """The streams that answer what is broken or not shown today, and those of every visit."""
    facts = {fact.name: fact for fact in seen.library.facts}
    names = {name.partition(".")[0].partition("(")[0] for verdict in _open(seen) for name in _read(verdict)}
    names |= {part for name in names if (fact := facts.get(name)) is not None for part in fact.ratio or ()}
    found = {fact.fold.stream for name in names if (fact := facts.get(name)) is not None and fact.fold is not None}
    held = any(isinstance(each, Gate) for each in seen.today.not_today)
    return frozenset(found | {name for name in EACH_VISIT if name != TEST or held})


def _open(seen: Assessment) -> Iterator[Verdict]:
    for held in seen.today.not_today:
        if isinstance(held, Gate):
            yield from (verdict for _, verdict in held.open_duties)
        elif isinstance(held, Breach):
            for answer in held.answers:
                yield from (
                    each for each in answer.verdicts if each.applies is Truth.YES and held.about in each.row.subjects
                )


def _read(verdict: Verdict) -> Iterator[str]:
    yield from verdict.unshown
    for leaf in (verdict.unmet or verdict.why).leaves():
        yield from leaf.node.names


def _begun(seen: Assessment) -> bool:
    """Whether a first dose of the course is on file, and is past."""
    first = work_out("first_dose", seen.record, seen.asked.as_of)
    return isinstance(first.value, Span) and first.value.last < seen.asked.as_of


def _apart(field: Field, begun: bool) -> bool:
    return begun and field.when == "baseline"


def _filled(fields: tuple[Field, ...] | list[Field], given: Mapping[str, str]) -> bool:
    names = {field.name for field in fields}
    return any(text.strip() and name.partition("~")[0] in names for name, text in given.items())
