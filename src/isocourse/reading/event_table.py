"""Reads a dosing table as pharmacometricians write it: ID, TIME, EVID, AMT, II, ADDL, SS, CMT, and our FORM and FOOD."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from math import ceil, isfinite

from isocourse.facts.problem import ReadError
from isocourse.kinetics.parameters import FOODS, FORMULATIONS
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.regimen import HOURS, Dose, Regimen
from isocourse.logic.problems import did_you_mean

KNOWN = ("ID", "TIME", "EVID", "AMT", "II", "ADDL", "SS", "CMT", "RATE", "MDV", "DV", "FORM", "FOOD", "C")
MOST_DOSES = 100_000


def read_event_table(
    text: str, path: str, *, patient: str = "", formulation: str = "conventional", food: str = "meal"
) -> Regimen:
    """The regimen of one patient in the table; times in hours, amounts in mg.

    Args:
        text: the table, comma-separated, with a heading line.
        path: its name, for messages.
        patient: the ID to take; may be left out where there is only one.
        formulation: where the table has no FORM.
        food: where the table has no FOOD.

    Raises:
        ReadError: what stands there cannot be read, or is a kind of event that this model does not have.
    """
    rows = list(csv.reader(text.splitlines()))
    if not rows:
        raise ReadError(path, 1, 1, "the table is empty; expected a heading line such as ID,TIME,EVID,AMT,II,ADDL,SS")
    heads = [cell.strip().upper().lstrip("#") for cell in rows[0]]
    for column, head in enumerate(heads, 1):
        if head not in KNOWN:
            raise ReadError(
                path, 1, column, f'no column "{head}"{did_you_mean(head, KNOWN)}; known: {", ".join(KNOWN)}'
            )
    for needed in ("TIME", "AMT"):
        if needed not in heads:
            raise ReadError(path, 1, 1, f"there is no column {needed}; a dosing table needs TIME and AMT")
    records = [
        _Row(dict(zip(heads, row, strict=False)), path, number) for number, row in enumerate(rows[1:], 2) if any(row)
    ]
    records = [record for record in records if record.cells.get("C", "").strip() != "C"]
    chosen = _one_patient(records, patient, path)
    doses = sorted(dose for record in chosen for dose in record.doses(formulation, food))
    if not doses:
        raise ReadError(path, 1, 1, "no dose is in the table; expected rows with AMT above 0")
    days = ceil((doses[-1].time_h + 1e-9) / HOURS)
    try:
        return Regimen(tuple(doses), max(days, 1), patient or path)
    except KineticsError as problem:
        raise ReadError(path, 0, 0, str(problem)) from None


def _one_patient(records: list[_Row], patient: str, path: str) -> list[_Row]:
    ids = list(dict.fromkeys(record.cells.get("ID", "").strip() for record in records))
    if patient and patient not in ids:
        raise ReadError(path, 0, 0, f'no patient "{patient}"; the table has {", ".join(ids[:10])}')
    if not patient and len(ids) > 1:
        raise ReadError(
            path, 0, 0, f"{len(ids)} patients are in the table ({', '.join(ids[:5])} ...); choose one with --id"
        )
    return [record for record in records if not patient or record.cells.get("ID", "").strip() == patient]


class _Row:
    """One line of the table."""

    def __init__(self, cells: Mapping[str, str], path: str, line: int) -> None:
        self.cells, self.path, self.line = cells, path, line

    def fail(self, message: str) -> ReadError:
        return ReadError(self.path, self.line, 1, message)

    def number(self, name: str) -> float:
        """A number; 0 where the cell is empty or a dot."""
        text = self.cells.get(name, "").strip()
        if text in ("", "."):
            return 0.0
        try:
            found = float(text)
        except ValueError:
            raise self.fail(f'{name} "{text}" is not a number') from None
        if not isfinite(found) or found < 0:
            raise self.fail(f"{name} {text} is below 0 or not finite; expected 0 or more")
        return found

    def word(self, name: str, default: str, options: tuple[str, ...]) -> str:
        text = self.cells.get(name, "").strip() or default
        if text not in options:
            raise self.fail(f'{name} "{text}"{did_you_mean(text, options)}; one of {", ".join(options)}')
        return text

    def doses(self, formulation: str, food: str) -> list[Dose]:
        event, amount = self.number("EVID"), self.number("AMT")
        if "EVID" not in self.cells:
            event = 1.0 if amount else 0.0
        if event == 0:
            return []
        if event != 1:
            raise self.fail(
                f"EVID {event:g}: only doses (1) and observations (0) are read; resets are not in this model"
            )
        if self.number("RATE"):
            raise self.fail("RATE is given; this model is oral, so a dose has no rate. Leave it 0")
        if self.number("CMT") not in (0, 1):
            raise self.fail(f"CMT {self.number('CMT'):g}: doses go into compartment 1, the gut")
        return self._repeated(amount, self.word("FORM", formulation, FORMULATIONS), self.word("FOOD", food, FOODS))

    def _repeated(self, amount: float, formulation: str, food: str) -> list[Dose]:
        start, every, more, steady = (self.number(name) for name in ("TIME", "II", "ADDL", "SS"))
        if amount <= 0:
            raise self.fail("a dose row has no AMT above 0")
        if more != int(more) or more > MOST_DOSES:
            raise self.fail(f"ADDL {more:g}: expected a whole number up to {MOST_DOSES}")
        if (more or steady) and every <= 0:
            raise self.fail("ADDL or SS needs an interval II above 0, in hours")
        if steady not in (0, 1, 2):
            raise self.fail(f"SS {steady:g}: 0, 1 or 2 are read")
        if steady == 1 and start > 0 and self.line > 2:
            raise self.fail("SS 1 after earlier doses would wipe them out; put it first, or use SS 2 to add to them")
        return [
            Dose(start + number * every, amount, formulation, food, every if steady and number == 0 else 0.0)
            for number in range(int(more) + 1)
        ]
