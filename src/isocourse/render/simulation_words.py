"""The words of a simulation in the reader's language: what each quantity is, what it is measured in and rests on, and the regimen."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from isocourse.decisions.dates import COUNTS
from isocourse.decisions.wording import ENGLISH, Wording

if TYPE_CHECKING:
    from isocourse.kinetics.regimen import Regimen

DEFINITIONS = {
    "taken": "all doses taken",
    "per_kg": "all doses taken, by the weight in the model",
    "area": "area under {what} from the first dose to day {day}",
    "mean": "mean {what} in plasma over day {day}",
    "ratio": "4-oxo over parent, areas of day {day}",
    "ratio_once": "4-oxo over parent, areas of the first {days} days",
    "trough": "{what} in plasma at the end of day {day}, from the drug alone",
    "highest": "highest {what} in day {day}, every {step} h",
    "highest_ever": "highest {what} in the whole course, every {step} h",
    "hour": "hour of that level, from the start of day {day}, every {step} h",
    "above": "hours with {what} above {level} ng/mL, every {step} h",
    "washout": "whole days after the last dose until parent is below {parent} and 4-oxo below {oxo} ng/mL",
    "half_life": "half-life of {what}, window {low} to {high} h after the last dose, every {step} h",
    "lowest": "lowest sebum on any day",
    "weeks": "weeks after the course until sebum is at {share} of before treatment for good",
    "end": "{what} at the end of day {day}, as a fraction of before treatment",
}
"""The definitions that the model gives its quantities, as frames."""

NAMES = ("isotretinoin", "4-oxo-isotretinoin", "tretinoin", "sebum", "gland mass", "lesions", "nodules")
UNITS = ("ng h/mL", "ng/mL", "h", "ratio", "of baseline", "beyond")
BASES = ("exact", "fitted", "assumed", "low confidence")

REGIMEN = {
    "none": "no dose",
    "once": "{dose} {unit} once a day",
    "twice": "{dose} {unit} twice a day",
    "often": "{dose} {unit} {times} times a day",
    "in_all": "{said} = {dose} {unit} a day",
    "unlike": "{doses} {unit} a day",
    "kinds": "{said} ({kinds})",
    "for": "{said}, {length}",
    "then": "{one}; then {other}",
    "doses": "{dose} {unit} in {number} doses over {days} days",
    "chance": "{said}; each dose taken with a chance of {chance}",
    "meal": "meal",
    "high_fat": "high-fat",
    "fasted": "fasted",
}
"""A regimen in words."""

FIXED = {
    **{f"quantity.{name}": text for name, text in DEFINITIONS.items()},
    **{f"of.{name.replace(' ', '_')}": name for name in NAMES},
    **{f"measure.{name}": name for name in UNITS},
    **{f"basis.{name.replace(' ', '_')}": name for name in BASES},
    **{f"regimen.{name}": text for name, text in REGIMEN.items()},
}
"""Every frame under its key."""


def definition_words(said: str, w: Wording = ENGLISH) -> str:
    """A definition of the model in a language; as it stands if it is none of ours."""
    for frame, pattern in _patterns():
        if match := pattern.fullmatch(said):
            return w(frame, **{name: _part(text, w) for name, text in match.groupdict().items()})
    return said


def _part(text: str, w: Wording) -> str:
    return w(text) if text in NAMES else w.number(text)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each frame with a pattern that finds what it was filled with."""
    names = "|".join(map(re.escape, NAMES))
    found = []
    for frame in DEFINITIONS.values():
        parts = re.split(r"\{(\w+)\}", frame)
        filled = (
            re.escape(part)
            if place % 2 == 0
            else f"(?P<{part}>{names})"
            if part == "what"
            else rf"(?P<{part}>\d+(?:\.\d+)?)"
            for place, part in enumerate(parts)
        )
        found.append((frame, re.compile("".join(filled))))
    return tuple(found)


# the regimen ---------------------------------------------------------------------------------------------------------------------
MOST_STEPS = 6


def in_words(regimen: Regimen, w: Wording = ENGLISH) -> str:
    """A regimen in one line: steps of equal days."""
    unit = w("mg/kg") if regimen.per_kg else w("mg")
    steps: list[tuple[str, int]] = []
    for day in range(regimen.days):
        each = _day_words(regimen, day, unit, w)
        if steps and steps[-1][0] == each:
            steps[-1] = (each, steps[-1][1] + 1)
        else:
            steps.append((each, 1))
    if len(steps) > MOST_STEPS:
        parts = {"number": str(len(regimen.doses)), "days": str(regimen.days)}
        text = w(REGIMEN["doses"], dose=_figure(regimen.cumulative, w), unit=unit, **parts)
    else:
        text, *others = [w(REGIMEN["for"], said=said, length=_length(count, w)) for said, count in steps]
        for other in others:
            text = w(REGIMEN["then"], one=text, other=other)
    if regimen.adherence < 1:
        return w(REGIMEN["chance"], said=text, chance=_figure(regimen.adherence, w))
    return text


def _day_words(regimen: Regimen, day: int, unit: str, w: Wording) -> str:
    doses = regimen.on_day(day)
    if not doses:
        return w(REGIMEN["none"])
    kinds = {f"{w(dose.formulation)}, {w(REGIMEN[dose.food])}" for dose in doses}
    if len({dose.amount for dose in doses}) == 1:
        frame = {1: "once", 2: "twice"}.get(len(doses), "often")
        dose = _figure(doses[0].amount, w)
        said = w(REGIMEN[frame], dose=dose, unit=unit, times=str(len(doses)))
        if len(doses) > 1:
            said = w(REGIMEN["in_all"], said=said, dose=_figure(doses[0].amount * len(doses), w), unit=unit)
    else:
        said = w(REGIMEN["unlike"], doses=" + ".join(_figure(dose.amount, w) for dose in doses), unit=unit)
    return w(REGIMEN["kinds"], said=said, kinds=" / ".join(sorted(kinds)))


def _figure(number: float, w: Wording) -> str:
    digits = f"{number:g}"
    return w.number(digits) if "e" not in digits else digits


def _length(days: int, w: Wording) -> str:
    count, unit = (days // 7, "weeks") if days % 7 == 0 and days > 7 else (days, "days")
    return w(COUNTS[unit][count != 1], n=count)
