"""Dosage instructions: one dose, how often, and so how much a day; where two instructions stand together, from the larger to the sum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from isocourse.facts.orders import Amounts
from isocourse.facts.problem import Problem
from isocourse.fhir.elements import Resource, maps, one, text
from isocourse.fhir.strict_json import Digits
from isocourse.logic.units import exact

PER_DAY = {"s": 86400, "min": 1440, "h": 24, "d": 1}
PER_DAYS = {"wk": 7}
CODES = {"QD": 1, "AM": 1, "PM": 1, "BID": 2, "TID": 3, "QID": 4, "Q12H": 2, "Q8H": 3, "Q6H": 4}
TIMES = {"once": 1, "twice": 2, "three times": 3, "1": 1, "2": 2, "3": 3}
TEXT = re.compile(r"\s*(\d{1,4}(?:\.\d+)?)\s*mg\s+(once|twice|three times)\s+(?:daily|a day|per day)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dosage:
    """What the instructions say; any part may be missing."""

    words: str = ""
    dose_mg: Amounts | None = None
    dose_capsules: Amounts | None = None
    daily_mg: Amounts | None = None
    times_a_day: Amounts | None = None


def read_dosage(instructions: list[Resource], where: str, problems: list[Problem]) -> Dosage:
    """The dosage of an order."""
    read = [_one(each, where, problems) for each in instructions]
    if len(read) <= 1:
        return read[0] if read else Dosage()
    words = "; ".join(each.words for each in read if each.words)
    daily = [_daily(each) for each in read]
    known = [each for each in daily if each is not None]
    problems.append(
        Problem(
            where,
            f"{len(read)} dosage instructions",
            "",
            "check whether they are taken together or one after the other",
            "The daily dose counts as anything from the larger to the sum.",
            left_out=False,
        )
    )
    if len(known) != len(daily):
        return Dosage(words)
    return Dosage(words, daily_mg=(max(each[0] for each in known), sum((each[1] for each in known), Fraction(0))))


def _daily(dosage: Dosage) -> Amounts | None:
    if dosage.dose_mg is None or dosage.times_a_day is None:
        return None
    return dosage.dose_mg[0] * dosage.times_a_day[0], dosage.dose_mg[1] * dosage.times_a_day[1]


def _one(instruction: Resource, where: str, problems: list[Problem]) -> Dosage:
    said = text(instruction.get("text"))
    mg, capsules = _dose(instruction, where, problems)
    times = _times(one(instruction.get("timing")))
    match = TEXT.fullmatch(said)
    if match and mg is None and capsules is None:
        mg = (exact(match[1]), exact(match[1]))
    if match and times is None:
        times = (Fraction(TIMES[match[2].lower()]),) * 2
    if match and mg and times and mg[0] * times[0] != exact(match[1]) * TIMES[match[2].lower()]:
        problems.append(
            Problem(
                where,
                f'the text says "{said}", the coded dose says something else',
                "one dose",
                "ask the prescriber",
                "The coded dose was used.",
                left_out=False,
            )
        )
    return Dosage(said or _words(mg, capsules, times), mg, capsules, None, times)


def _dose(instruction: Resource, where: str, problems: list[Problem]) -> tuple[Amounts | None, Amounts | None]:
    """One dose in mg, or in capsules."""
    for each in maps(instruction.get("doseAndRate")):
        quantity, whole = one(each.get("doseQuantity")), one(each.get("doseRange"))
        low, high = (one(whole.get("low")), one(whole.get("high"))) if whole else (quantity, quantity)
        unit = text(low.get("code")) or text(low.get("unit"))
        if not isinstance(low.get("value"), Digits) or not isinstance(high.get("value"), Digits):
            continue
        try:
            ends = exact(low["value"]), exact(high["value"])
        except ValueError:
            problems.append(
                Problem(
                    where,
                    f"dose {str(low['value'])[:40]}",
                    "a plain number",
                    "correct the dose",
                    "The dose counts as not known.",
                )
            )
            continue
        if ends[0] <= 0 or ends[0] > ends[1]:
            problems.append(
                Problem(
                    where,
                    f"dose {low['value']} {unit}",
                    "more than nothing",
                    "correct the dose",
                    "The dose counts as not known.",
                )
            )
        elif unit == "mg":
            return ends, None
        elif unit.lower() in ("cap", "caps", "capsule", "capsules", "{capsule}", "{cap}"):
            return None, ends
        else:
            problems.append(
                Problem(
                    where,
                    f"dose {low['value']} {unit or 'without a unit'}",
                    "mg or capsules",
                    "correct the unit",
                    "The dose counts as not known.",
                )
            )
    return None, None


def _times(timing: Resource) -> Amounts | None:
    repeat = one(timing.get("repeat"))
    frequency, period, unit = repeat.get("frequency"), repeat.get("period", Digits("1")), text(repeat.get("periodUnit"))
    if isinstance(frequency, Digits) and isinstance(period, Digits) and (unit in PER_DAY or unit in PER_DAYS):
        try:
            least = exact(frequency) / exact(period)
            most = exact(repeat.get("frequencyMax", frequency)) / exact(period)
        except (ValueError, ZeroDivisionError):
            return None
        scale = Fraction(PER_DAY[unit]) if unit in PER_DAY else Fraction(1, PER_DAYS[unit])
        return (least * scale, most * scale) if least > 0 else None
    codes = [text(coding.get("code")) for coding in maps(one(timing.get("code")).get("coding"))] + [
        text(one(timing.get("code")).get("text")).upper()
    ]
    found = next((CODES[code] for code in codes if code in CODES), None)
    return None if found is None else (Fraction(found), Fraction(found))


def _words(mg: Amounts | None, capsules: Amounts | None, times: Amounts | None) -> str:
    dose = f"{float(mg[0]):g} mg" if mg else f"{float(capsules[0]):g} capsules" if capsules else ""
    return f"{dose} {float(times[0]):g} times a day".strip() if times else dose
