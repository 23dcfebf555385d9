"""Reads the cases of facts: a tiny file on a few days, and what each fact must be folded to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from isocourse.facts.days import FIRST_DAY, Span, iso, parse_span
from isocourse.facts.problem import ReadError
from isocourse.facts.record import Event
from isocourse.facts.streams import Catalogue
from isocourse.library.timelines import Timeline, Untimed
from isocourse.reading.forms import Form
from isocourse.reading.records import LISTS, record_of
from isocourse.reading.shelf import Found, Shelf, knowledge_files
from isocourse.reading.yaml_text import Map, Node, Seq, Text

FOLDER = "facts/cases"
EXCUSED = "exempt"
"""The file of the folder that excuses facts from having cases."""

HANDED_OUT = "dispensed_on"

_DAY = re.compile(r"([a-z_]+)(?: ([+-]) (\d+) days?)?")
_UNDATED = re.compile(r"no day(?:, known (.+))?")

Groups = Mapping[str, Sequence[str]]


def read_timelines(
    roots: Sequence[Path], catalogue: Catalogue
) -> tuple[list[Timeline], list[Untimed], list[ReadError]]:
    """The cases of facts in knowledge folders, the facts excused from them, and the mistakes in the files."""
    found = Found()
    shelf = Shelf(knowledge_files(roots), found)
    told = [each for read in shelf.each(FOLDER, _reader(catalogue), but=(EXCUSED,)) for each in read]
    excused = [each for read in shelf.some(f"{FOLDER}/{EXCUSED}.yaml", _read_excused) for each in read]
    return told, excused, found.errors


class _reader:  # noqa: N801 - called like a function
    """Reads one file of cases with the streams that there are."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __call__(self, root: Node, path: str) -> list[Timeline]:
        form = Form(root, path, "a file of cases of facts", required=("today", "cases"), optional=("groups", "note"))
        groups = {name: form.items_of(node) for name, node in form.pairs("groups")}
        named = {name: [form.as_text(each) for each in nodes] for name, nodes in groups.items()}
        for name in named:
            if name in self.catalogue.by_name:
                raise form.fail(form.get("groups"), f'a group is not named like the stream "{name}"')
        return [_timeline(node, path, form.text("today"), named, self.catalogue) for node in form.list_of("cases")]


def _read_excused(root: Node, path: str) -> list[Untimed]:
    form = Form(root, path, "a file of excused facts", required=("exempt",), optional=("note",))
    inner = [Form(node, path, "an exemption", required=("fact", "why")) for node in form.list_of("exempt")]
    return [Untimed(f"{path}:{each.node.line}", each.text("fact"), each.text("why")) for each in inner]


def _timeline(node: Node, path: str, today: str, groups: Groups, catalogue: Catalogue) -> Timeline:
    form = Form(
        node,
        path,
        "a case of facts",
        required=("name", "expect"),
        optional=("today", "patient", "course", "orders", "timeline", "coverage", "note"),
    )
    days = _Days(form, form.text("today", today))
    as_of = parse_span(days.known["today"]).first
    entries = list(_entries(form, days, groups))
    record = record_of(_document(form, days, entries), path, catalogue, as_of)
    record = replace(record, events=(*record.events, *_handed_out(entries, as_of)))
    for problem in record.problems:
        if problem.left_out:
            raise form.fail(node, f"a value of the case cannot be used: {problem}")
    expect = tuple(
        (name, " | ".join(days.value(part) for part in form.as_text(value).split(" | ")))
        for group, value in form.pairs("expect")
        for name in groups.get(group, (group,))
    )
    return Timeline(f"{path}:{node.line}", form.text("name"), as_of, record, expect)


class _Days:
    """The days that a case speaks of: today, and those of its course; `first_dose - 90 days` is counted from them."""

    def __init__(self, form: Form, today: str) -> None:
        self.form = form
        self.known = {"today": self._date(today)}
        self.course = {name: self.of(node) for name, node in form.pairs("course")}
        self.known |= {name: day for name, day in self.course.items() if len(day) == len("2026-11-24")}

    def _date(self, text: str) -> str:
        try:
            span = parse_span(text)
        except ValueError as problem:
            raise self.form.fail(self.form.node, str(problem)) from None
        if not span.known:
            raise self.form.fail(self.form.node, f'today is one day, not "{text}"')
        return text

    def of(self, node: Node) -> str:
        """The day that a text means, as a date or part of one."""
        text = self.form.as_text(node)
        found = self.value(text)
        try:
            parse_span(found)
        except ValueError:
            names = ", ".join(self.known)
            raise self.form.fail(
                node, f'"{text}" is no day; write a date, or count from {names}: today - 31 days'
            ) from None
        return found

    def value(self, text: str) -> str:
        """A text with each day that is counted from another written out; anything else as it is."""
        return "..".join(self._end(end) for end in text.split(".."))

    def _end(self, text: str) -> str:
        match = _DAY.fullmatch(text)
        if match is None or match[1] not in self.known:
            return text
        by = int(match[3] or 0) * (-1 if match[2] == "-" else 1)
        return iso(parse_span(self.known[match[1]]).first + by)


def _handed_out(entries: Sequence[Map], as_of: int) -> Iterator[Event]:
    """The days on which capsules were handed out: a native record tells one, other records several."""
    for entry in entries:
        if "stream" in entry.entries and not _is_event(entry):
            day = entry.entries.get("day")
            span = parse_span(day.text) if isinstance(day, Text) else Span(FIRST_DAY, as_of)
            yield Event(HANDED_OUT, span, span, None, f"line {entry.line}: {HANDED_OUT}", "handed out")


def _document(form: Form, days: _Days, entries: Sequence[Map]) -> Map:
    """The case as a native record."""
    at = form.node
    parts: dict[str, Node] = {
        "isocourse": _text("1", at),
        "patient": form.get("patient") if form.has("patient") else _map({}, at),
        "course": _map({name: _text(day, at) for name, day in days.course.items()}, at),
        "orders": Seq([_order(form, node, days) for node in form.list_of("orders")], at.line, at.column),
        "events": Seq([each for each in entries if _is_event(each)], at.line, at.column),
        "lists": Seq([each for each in entries if "list" in each.entries], at.line, at.column),
        "coverage": Seq(
            [_coverage(form, name, node, days) for name, node in form.pairs("coverage")], at.line, at.column
        ),
    }
    return _map(parts, at)


def _is_event(entry: Map) -> bool:
    stream = entry.entries.get("stream")
    return isinstance(stream, Text) and stream.text != HANDED_OUT


def _entries(form: Form, days: _Days, groups: Groups) -> Iterator[Map]:
    """The events and list entries of a timeline, from the earliest line to the latest."""
    for day, said in form.pairs("timeline"):
        when = _when(form, said, day, days)
        if not isinstance(said, Map):
            raise form.fail(said, f'under "{day}" stand streams with their values')
        for group, value in said.entries.items():
            for name in groups.get(group, (group,)):
                if name in LISTS:
                    yield from _list_entries(form, name, value, when, days, groups)
                else:
                    yield from _events(name, value, when, days)


def _when(form: Form, at: Node, day: str, days: _Days) -> dict[str, str]:
    undated = _UNDATED.fullmatch(day)
    if undated is None:
        return {"day": days.of(Text(day, at.line, at.column))}
    return {"known": days.of(Text(undated[1], at.line, at.column))} if undated[1] else {}


def _events(stream: str, value: Node, when: Mapping[str, str], days: _Days) -> Iterator[Map]:
    """One event for each value: two values of one day stand in a list."""
    for each in value.items if isinstance(value, Seq) else (value,):
        told: dict[str, Node] = {"stream": _text(stream, each)}
        for key, day in when.items():
            told[key] = _text(day, each)
        yield _map(told | _said(each, "value", days), each)


def _said(node: Node, key: str, days: _Days) -> dict[str, Node]:
    """A value by itself, or with the further parts of its event; days in it are counted out."""
    said = node.entries if isinstance(node, Map) else {key: node}
    return {name: _text(days.value(each.text), each) if isinstance(each, Text) else each for name, each in said.items()}


def _list_entries(
    form: Form, name: str, items: Node, when: Mapping[str, str], days: _Days, groups: Groups
) -> Iterator[Map]:
    if not isinstance(items, Map):
        raise form.fail(items, f"{name} is a mapping of entries to yes, no or unknown")
    for group, said in items.entries.items():
        for item in groups.get(group, (group,)):
            for each in said.items if isinstance(said, Seq) else (said,):
                told: dict[str, Node] = {"list": _text(name, each), "item": _text(item, each)}
                for key, day in when.items():
                    told[key] = _text(day, each)
                yield _map(told | _said(each, "is", days), each)


def _order(form: Form, node: Node, days: _Days) -> Node:
    if not isinstance(node, Map) or "day" not in node.entries:
        return node
    return _map(node.entries | {"day": _text(days.of(node.entries["day"]), node)}, node)


def _coverage(form: Form, name: str, node: Node, days: _Days) -> Map:
    ends = form.items_of(node)
    if len(ends) != 2:
        raise form.fail(node, "a record is complete from one day to another: [first_dose, today]")
    first, last = (_text(days.of(end), node) for end in ends)
    return _map({"stream": _text(name, node), "from": first, "to": last, "by": _text("the case", node)}, node)


def _text(text: str, at: Node) -> Text:
    return Text(text, at.line, at.column)


def _map(entries: Mapping[str, Node], at: Node) -> Map:
    return Map(dict(entries), at.line, at.column, dict.fromkeys(entries, (at.line, at.column)))
