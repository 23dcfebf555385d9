"""The form of a record, derived from what the rules read: a field for each stream and list entry, under the question that asks for it first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from isocourse.decisions.tables import Edition, Say
from isocourse.facts.declare import Fact, Fold
from isocourse.facts.streams import Stream
from isocourse.library import Library

STAGES = ("before", "start", "during", "end", "after")
LISTS = ("conditions", "symptoms", "drugs", "methods", "allergies", "procedures")
ELSEWHERE = ("recorded_gender", "sex_at_birth", "first_dose", "last_dose", "dispensed_on")
"""Streams that the record holds under a key of their own."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be filled in."""

    name: str
    """As the form has it: `s.alt.now`, `l.drugs.tetracycline`."""
    say: Say
    kind: str
    """yes_no, judgement, documentary, coded, date, quantity or item."""
    stream: str
    when: str = ""
    """For a quantity that is read twice: `baseline` or `now`."""
    units: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    upper_limit: bool = False
    parts: tuple[Part, ...] = ()

    @property
    def list_of(self) -> str:
        """The list that an item belongs to, so that an allergy is not taken for a drug; nothing for other fields."""
        return self.stream if self.kind == "item" else ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an event that a rule reads: `setting`, `supervised`."""

    name: str
    kind: str
    values: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The fields that one question asks for first."""

    point: str
    title: Say
    stage: str
    fields: tuple[Field, ...]


FEW = 20
"""Items of a list that are asked about by name, whether rules name them or only a class of them: a clinician thinks of "implant"."""


def sections(library: Library) -> tuple[Section, ...]:
    """Every field that some rule reads, each once, by stage and question."""
    fields = {field.name: field for field in _fields(library)}
    found, placed = [], set[str]()
    for point in sorted(library.points, key=lambda point: STAGES.index(point.stage)):
        names = [name for name in _read_on(library, point.name, fields) if name not in placed]
        placed.update(names)
        if names:
            found.append(Section(point.name, point.title, point.stage, tuple(fields[name] for name in names)))
    rest = tuple(field for name, field in fields.items() if name not in placed)
    if rest:
        found.append(Section("", (("en", "Read elsewhere"),), "after", rest))
    return tuple(found)


def _fields(library: Library) -> Iterator[Field]:
    used: dict[str, list[Fold]] = {}
    read: dict[str, set[str]] = {}
    for slot, _, fold in _folds(library):
        used.setdefault(fold.stream, []).append(fold)
        parts = {library.sources[slot].part, fold.part, *(each.part for each in fold.where)}
        read.setdefault(fold.stream, set()).update(parts)
    for name, folds in used.items():
        stream = library.catalogue.by_name.get(name)
        if name in LISTS:
            yield from _items(library, name, folds)
        elif stream is not None and name not in ELSEWHERE:
            yield from _of_stream(stream, folds, read[name])


def _folds(library: Library) -> Iterator[tuple[int, Fact | None, Fold]]:
    facts = library.fact_by_name
    for slot, source in enumerate(library.sources):
        fact = facts.get(source.fact)
        fold = source.fold or (fact.fold if fact else None)
        if fold is not None:
            yield slot, fact, fold


def _of_stream(stream: Stream, folds: list[Fold], read: set[str]) -> Iterator[Field]:
    units = tuple(dict.fromkeys(rule.unit for rule in stream.units))
    upper = any(attribute.name == "upper_limit" for attribute in stream.attributes)
    parts = tuple(
        Part(each.name, each.kind, each.values, tuple(rule.unit for rule in each.units))
        for each in stream.attributes
        if each.name != "upper_limit" and each.name in read
    )
    twice = stream.kind == "quantity" and any(fold.last and fold.last.fact == "first_dose" for fold in folds)
    for when in ("baseline", "now") if twice else ("",):
        name = f"s.{stream.name}.{when}" if when else f"s.{stream.name}"
        yield Field(name, stream.say, stream.kind, stream.name, when, units, stream.values, upper, parts)


def _items(library: Library, name: str, folds: list[Fold]) -> Iterator[Field]:
    kinds = [value for fold in folds for each in fold.where if each.part == "kind" for value in each.values]
    items = [item.name for item in library.catalogue.vocabulary(name).items]
    for kind in dict.fromkeys([*(items if len(items) <= FEW else ()), *kinds]):
        item = library.catalogue.item(name, kind)
        say = item.say if item and item.say else (("en", kind.replace("_", " ")),)
        yield Field(f"l.{name}.{kind}", say, "item", name, values=(kind,))


def _read_on(library: Library, point: str, fields: dict[str, Field]) -> list[str]:
    """The fields that rows on a point read."""
    nodes = [node for edition in library.editions for node in _nodes(edition, point)]
    slots = set(library.program.slots_under(nodes))
    streams = {(fold.stream, kind) for slot, _, fold in _folds(library) if slot in slots for kind in _kinds(fold)}
    return [
        name
        for name, field in fields.items()
        if ((field.stream, field.values[0]) in streams if field.kind == "item" else (field.stream, "") in streams)
    ]


def _kinds(fold: Fold) -> Iterable[str]:
    return [value for each in fold.where if each.part == "kind" for value in each.values] or [""]


def _nodes(edition: Edition, point: str) -> Iterator[int]:
    cell = edition.cell(point)
    for position in cell.positions:
        for row in position.acting.rows:
            yield from (node for node in (row.when, row.over, row.under) if node >= 0)
            if row.duty is not None and row.duty.met >= 0:
                yield row.duty.met
