"""What an entry of the register says, in a line for each thing that was written, so that a reader sees what an undoing would undo."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from isocourse.course.dispensing import CANNOT_TELL, CLOSED, NOTES
from isocourse.decisions.sentence import of_text
from isocourse.facts.believe import name_of
from isocourse.facts.days import parse_span, show_span
from isocourse.facts.sentence import Sentence, joined, of_words, sentence
from isocourse.facts.streams import Catalogue
from isocourse.facts.wording import Wording
from isocourse.register import events as kinds
from isocourse.register.events import Opened
from isocourse.render.history_frames import FIXED, KINDS, PARTS, SETTINGS, WISHES

Entry = Mapping[str, str]
DAYS = ("start", "until")
"""What is asked of a plan as a day."""
_AMOUNT = re.compile(r"(<=|>=|<|>)?\s*(\d+(?:\.\d+)?)(?:\s*\.\.\s*(\d+(?:\.\d+)?))?(?:\s+(\S.*))?", re.ASCII)


def _told(name: str, /, **parts: str | int) -> Sentence:
    return sentence(FIXED[f"history.{name}"], **parts)


# the whole entry ---------------------------------------------------------------------------------------------------------
def event_line(event: Opened) -> Sentence:
    """What an entry is, in one line."""
    body = event.body
    if event.kind == kinds.VISIT_RECORDED:
        return _told("visit", what=joined(_count(part, body[part]) for part in PARTS if part in body))
    if event.kind == kinds.ENTRY_UNDONE:
        return _told("undid", n=str(body["of"]), why=str(body["why"]))
    kind = of_text(KINDS[event.kind]) if event.kind in KINDS else of_words(event.kind.replace(".", " "))
    if event.kind in (kinds.COURSE_OPENED, kinds.COURSE_CHANGED):
        said = cast("Mapping[str, str | None]", body.get("set", {}))
        told = _told("of", kind=kind, what=joined(_setting(*each) for each in said.items())) if said else kind
        return _told("note", what=told, note=_note(str(body["note"]))) if body.get("note") else told
    if event.kind == kinds.DOCUMENT_RECEIVED:
        return _told("of", kind=kind, what=str(body["name"]))
    return kind


def _count(part: str, held: object) -> Sentence:
    n = len(cast("Sequence[object]", held))
    return _told(f"{part}.{'one' if n == 1 else 'several'}", n=n)


def _setting(name: str, value: str | None) -> Sentence:
    said = of_text(SETTINGS[name]) if name in SETTINGS else of_words(_plain(name))
    if value is None:
        return _told("setting", name=said, value=_told("taken_back"))
    return _told("setting", name=said, value=value if name in ("jurisdiction", "product") else _day(value))


# each thing that was written -------------------------------------------------------------------------------------------------
def entry_lines(event: Opened, catalogue: Catalogue) -> tuple[Sentence, ...]:
    """Each thing that a visit wrote; nothing for other kinds, whose one line says it all."""
    return tuple(_lines(event.body, catalogue)) if event.kind == kinds.VISIT_RECORDED else ()


def _lines(body: Mapping[str, object], catalogue: Catalogue) -> Iterator[Sentence]:
    for part, told in _TOLD.items():
        for entry in cast("Sequence[Entry]", body.get(part, ())):
            yield told(entry, catalogue)
    for name, value in cast("Mapping[str, object]", body.get("facts", {})).items():
        yield _told("fact", name=of_words(_plain(name)), value=_value(_text(value)))
    for name, value in cast("Mapping[str, object]", body.get("plan", {})).items():
        said = of_text((WISHES | SETTINGS)[name]) if name in WISHES | SETTINGS else of_words(_plain(name))
        wish: str = _day(str(value)) if name in DAYS and value else _text(value)
        yield _told("plan", name=said, value=wish or _told("taken_back"))


def _text(value: object) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)


def _result(entry: Entry, catalogue: Catalogue) -> Sentence:
    stream = catalogue.by_name.get(entry["stream"])
    name = name_of(stream) if stream else of_words(_plain(entry["stream"]))
    return _on(entry, _told("result", name=name, value=_value(entry["value"])))


def _item(entry: Entry, catalogue: Catalogue) -> Sentence:
    held = catalogue.item(entry["list"], entry["item"])
    plain = _plain(entry["item"])
    item = _told("all_of_list") if entry["item"] == "*" else of_words(plain)
    if held is not None and held.say:
        say = held.say
        item = Sentence(plain, lambda w: w(say) if w.translated(say) else plain)
    return _on(entry, _told("item", list=of_words(entry["list"]), item=item, value=_value(entry["is"])))


def _order(entry: Entry, _: Catalogue) -> Sentence:
    dose: str = _value(entry["daily_dose"]) if "daily_dose" in entry else _told("no_dose")
    if "daily_dose" not in entry and "dose" in entry:
        dose = _value(entry["dose"])
        if "times_a_day" in entry:
            dose = _told("dose_times", dose=dose, times=entry["times_a_day"])
    return _on(entry, _told("order", state=of_words(entry["state"]), dose=dose))


def _dose(entry: Entry, _: Catalogue) -> Sentence:
    if "dispensed" not in entry:
        dose = _value(entry.get("daily_dose", ""))
        return _on(entry, _told("taken", basis=of_words(entry.get("basis", "")), dose=dose))
    parts = {"capsules": entry["capsules"], "strength": _value(entry["strength"]), "day": _day(entry["dispensed"])}
    said = _told("handed_out_for", days=entry["days"], **parts) if entry.get("days") else _told("handed_out", **parts)
    if entry.get("product"):
        said = _told("of_product", what=said, product=entry["product"])
    return _told("note", what=said, note=_note(entry["note"])) if entry.get("note") else said


def _note(note: str) -> str:
    for gate, name in ((CLOSED, "gate_closed"), (CANNOT_TELL, "gate_unknown")):
        if note.startswith(NOTES[gate]):
            return _told(name, why=note.removeprefix(NOTES[gate]))
    return note


def _coverage(entry: Entry, _: Catalogue) -> Sentence:
    day = _day(entry["to"]) if entry.get("to") else _told("then")
    return _told("asked_through", list=of_words(_plain(entry["stream"])), day=day)


_TOLD: Mapping[str, Callable[[Entry, Catalogue], Sentence]] = {
    "events": _result,
    "lists": _item,
    "orders": _order,
    "doses": _dose,
    "coverage": _coverage,
}


# words ---------------------------------------------------------------------------------------------------------------------
def _plain(name: str) -> str:
    return name.replace("_", " ")


def _on(entry: Entry, said: Sentence) -> Sentence:
    day = entry.get("day") or entry.get("from")
    return _told("on", what=said, day=_day(day)) if day else said


def _day(text: str) -> Sentence:
    """A day as people read it; what is no whole day stays as it was written."""
    try:
        span = parse_span(text)
    except ValueError:
        return Sentence(text, lambda _: text)
    return Sentence(show_span(span) if span.known else text, lambda w: w.day(span.first) if span.known else text)


def _value(text: str) -> Sentence:
    """A value as it was written; in another language its words, decimals and units are that language's."""
    return Sentence(_plain(text), lambda w: _value_in(text, w))


def _value_in(text: str, w: Wording) -> str:
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        plain = _plain(text)
        return w(plain) if w.translated(plain) else plain
    low, high, unit = match[2], match[3], match[4] or ""
    amount = f"{match[1] or ''}{w.number(low)}{f'–{w.number(high)}' if high else ''}"
    return f"{amount} {w(unit) if unit and w.translated(unit) else unit}".rstrip()
