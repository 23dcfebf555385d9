"""What an entry of the register says, in a line for each thing that was written, so that a reader sees what an undoing would undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from isocourse.register import events as kinds
from isocourse.register.events import Opened

Entry = Mapping[str, str]


def entry_lines(event: Opened) -> tuple[str, ...]:
    """Each thing that a visit wrote; nothing for other kinds, whose one line says it all."""
    return tuple(_lines(event.body)) if event.kind == kinds.VISIT_RECORDED else ()


def _lines(body: Mapping[str, object]) -> Iterator[str]:
    for part, told in _TOLD.items():
        for entry in cast("Sequence[Entry]", body.get(part, ())):
            yield told(entry)
    for part in ("facts", "plan"):
        for name, value in cast("Mapping[str, object]", body.get(part, {})).items():
            said = "; ".join(value) if isinstance(value, list) else str(value)
            yield f"{part}, {_plain(name)}: {said or 'taken back'}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _on(entry: Entry) -> str:
    return f", {day}" if (day := entry.get("day") or entry.get("from") or "") else ""


def _result(entry: Entry) -> str:
    return f"{_plain(entry['stream'])}: {_plain(entry['value'])}{_on(entry)}"


def _item(entry: Entry) -> str:
    item = "all of the list" if entry["item"] == "*" else _plain(entry["item"])
    return f"{entry['list']}, {item}: {entry['is']}{_on(entry)}"


def _order(entry: Entry) -> str:
    dose = entry.get("daily_dose") or " x ".join(entry[part] for part in ("dose", "times_a_day") if part in entry)
    return f"order ({entry['state']}): {dose or 'no dose said'}{_on(entry)}"


def _dose(entry: Entry) -> str:
    if "dispensed" in entry:
        lasting = f" for {entry['days']} days" if entry.get("days") else ""
        return f"handed out: {entry['capsules']} capsules of {entry['strength']}{lasting}, {entry['dispensed']}"
    return f"taken ({entry.get('basis', '')}): {entry.get('daily_dose', '')}{_on(entry)}"


def _coverage(entry: Entry) -> str:
    return f"{_plain(entry['stream'])}: asked through until {entry.get('to', 'then')}"


_TOLD: Mapping[str, Callable[[Entry], str]] = {
    "events": _result,
    "lists": _item,
    "orders": _order,
    "doses": _dose,
    "coverage": _coverage,
}
