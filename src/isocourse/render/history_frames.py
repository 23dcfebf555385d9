"""The frames of what was written to a register, one line for each thing, so that a reader sees what an undoing would undo."""

from __future__ import annotations

PARTS = {
    "events": ("{n} result", "{n} results"),
    "lists": ("{n} list entry", "{n} list entries"),
    "orders": ("{n} order", "{n} orders"),
    "doses": ("{n} dose entry", "{n} dose entries"),
    "coverage": ("{n} list asked through", "{n} lists asked through"),
    "facts": ("{n} stated fact", "{n} stated facts"),
    "plan": ("{n} part of the plan", "{n} parts of the plan"),
}
"""The parts of a visit, by what they are counted as: one, and several."""

KINDS = {
    "patient.added": "patient added",
    "patient.changed": "patient changed",
    "patient.identified": "name, number or contact changed",
    "patient.erased": "patient erased",
    "course.opened": "course opened",
    "course.changed": "course changed",
    "document.received": "document received",
}
"""What an entry is, by its kind in the register."""

SETTINGS = {
    "first_dose": "first dose",
    "last_dose": "last dose",
    "dispensed_on": "capsules handed out",
    "jurisdiction": "place",
    "product": "product",
}
"""Dates, place and product of a course."""

WISHES = {
    "start": "start",
    "dose": "dose",
    "steps": "steps",
    "taper": "taper",
    "times_a_day": "times a day",
    "weights": "weights",
    "breaks": "breaks",
    "missed": "missed doses",
    "supply_days": "days of one supply",
    "target": "target",
    "until": "until",
    "pack": "capsules in a pack",
    "moved": "moved",
}
"""What is asked of a plan, by its name in a record; the product besides."""

REFUSED = {
    "undo.erased": "{patient} was erased; there is nothing left to undo. Nothing was written.",
    "undo.nobody": "entry {n} is not one of {patient}; look at what was written. Nothing was written.",
    "undo.kind": "entry {n} cannot be undone; only what was found at a visit, dates and place of a course, "
    "a document and an undoing can. Nothing was written.",
    "undo.before": "entry {n} was undone before. Nothing was written.",
    "visit.empty": "the visit is empty; nothing would be written",
    "setting.unknown": "{said}. Nothing was written.",
    "setting.date": "{name}: {why}; write it as 2026-11-24. Nothing was written.",
}
"""Why something is not written."""

FIXED = {
    **{f"refused.{name}": said for name, said in REFUSED.items()},
    **{
        f"history.{part}.{('one', 'several')[place]}": said
        for part, both in PARTS.items()
        for place, said in enumerate(both)
    },
    **{f"history.{kind}": said for kind, said in KINDS.items()},
    **{f"history.set.{name}": said for name, said in SETTINGS.items()},
    **{f"history.wish.{name}": said for name, said in WISHES.items()},
    "history.visit": "visit: {what}",
    "history.of": "{kind}: {what}",
    "history.undid": "undid entry {n}: {why}",
    "history.setting": "{name} {value}",
    "history.taken_back": "taken back",
    "history.on": "{what}, {day}",
    "history.result": "{name}: {value}",
    "history.item": "{list}, {item}: {value}",
    "history.all_of_list": "all of the list",
    "history.order": "order ({state}): {dose}",
    "history.no_dose": "no dose said",
    "history.dose_times": "{dose} x {times}",
    "history.handed_out": "handed out: {capsules} capsules of {strength}, {day}",
    "history.handed_out_for": "handed out: {capsules} capsules of {strength} for {days} days, {day}",
    "history.of_product": "{what}, {product}",
    "history.note": "{what}; {note}",
    "history.gate_closed": "handing out was closed: {why}",
    "history.gate_unknown": "handing out was not known to be open: {why}",
    "history.taken": "taken ({basis}): {dose}",
    "history.asked_through": "{list}: asked through until {day}",
    "history.then": "then",
    "history.fact": "stated: {name}: {value}",
    "history.plan": "plan, {name}: {value}",
    **{f"history.basis.{basis}": basis for basis in ("prescribed", "dispensed", "reported")},
    **{f"history.state.{state}": state for state in ("active",)},
}
"""Every frame by its key."""
