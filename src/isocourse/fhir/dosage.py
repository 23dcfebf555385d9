"""Dosage instructions: one dose, how often, and so how much a day; of two instructions, from the larger to the sum."""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec import Struct

from isocourse.facts.frames import codes as in_codes
from isocourse.facts.frames import said as told
from isocourse.facts.orders import Amounts
from isocourse.facts.problem import Problem
from isocourse.fhir.elements import Resource, maps, one, printable, text
from isocourse.fhir.strict_json import Digits
from isocourse.logic.units import exact

PER_DAY = {"s": Fraction(86400), "min": Fraction(1440), "h": Fraction(24), "d": Fraction(1), "wk": Fraction(1, 7)}
"""How many of a unit of time are in a day."""

CODES = {"QD": 1, "AM": 1, "PM": 1, "BID": 2, "TID": 3, "QID": 4, "Q12H": 2, "Q8H": 3, "Q6H": 4}
WORDS = {"once": 1, "twice": 2, "three times": 3}
SAID = re.compile(
    r"\s*(?:take\s+)?(\d{1,4}(?:\.\d{1,4})?|one|two)\s*(mg|capsules?|caps?)\s+(?:by mouth\s+|orally\s+)?"
    r"(?:(once|twice|three times)\s+(?:daily|a day|per day|each day|every day)|(daily|every day))\s*(?:with food)?\.?\s*",
    re.IGNORECASE | re.ASCII,
)
"""The only words that are read as a dose; any other sentence is shown and not read."""

CAPSULES = ("cap", "caps", "capsule", "capsules", "{capsule}", "{cap}", "orcap", "ercap")
MOST_MG, MOST_TIMES = 2000, 24
"""A larger dose, or more doses a day, is refused: the width of the facts that hold them (knowledge/facts/course.yaml)."""


class Dosage(Struct, frozen=True):
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
    several, now = (
        told("fhir.instructions", n=len(read)),
        "The daily dose counts as anything from the smallest to the sum.",
    )
    problems.append(
        Problem(where, several, "", "check whether they are taken together or one after the other", now, left_out=False)
    )
    if not known:
        return Dosage(words)
    top = sum((each[1] for each in known), Fraction(0)) if len(known) == len(daily) else Fraction(MOST_MG)
    return Dosage(words, daily_mg=(min(each[0] for each in known), top))


def _daily(dosage: Dosage) -> Amounts | None:
    if dosage.dose_mg is None or dosage.times_a_day is None:
        return None
    return dosage.dose_mg[0] * dosage.times_a_day[0], dosage.dose_mg[1] * dosage.times_a_day[1]


def _one(instruction: Resource, where: str, problems: list[Problem]) -> Dosage:
    said = text(instruction.get("text"))
    mg, capsules = _dose(instruction, where, problems)
    times = _times(one(instruction.get("timing")), where, problems)
    spoken_mg, spoken_capsules, spoken_times = _spoken(said)
    coded = Dosage(said, mg, capsules, None, times)
    if mg is None and capsules is None:
        mg, capsules = spoken_mg, spoken_capsules
    times = times or spoken_times
    if _differ(_daily(coded), _daily(Dosage(said, spoken_mg, None, None, spoken_times))):
        wrong = told("fhir.words_against", said=said[:80], coded=_words(mg, capsules, times))
        either = "The daily dose counts as anything from the one to the other."
        problems.append(Problem(where, wrong, "one dose", "ask the prescriber", either, left_out=False))
        ends = [
            end
            for each in (_daily(coded), _daily(Dosage(said, spoken_mg, None, None, spoken_times)))
            if each
            for end in each
        ]
        return Dosage(said, daily_mg=(min(ends), max(ends)))
    if said and mg is None and capsules is None:
        unread = told("fhir.no_dose", said=said[:80])
        problems.append(
            Problem(where, unread, "a coded dose", "read it yourself", "The dose counts as not known.", left_out=False)
        )
    if instruction.get("asNeededBoolean") is True and times:
        times = (Fraction(0), times[1])
    return Dosage(said or _words(mg, capsules, times), mg, capsules, None, times)


def _differ(coded: Amounts | None, spoken: Amounts | None) -> bool:
    return coded is not None and spoken is not None and not coded[0] <= spoken[0] <= coded[1]


def _spoken(said: str) -> tuple[Amounts | None, Amounts | None, Amounts | None]:
    """(one dose in mg, one dose in capsules, times a day) of a plain sentence such as "20 mg twice daily"."""
    match = SAID.fullmatch(said)
    if not match:
        return None, None, None
    amount = {"one": Fraction(1), "two": Fraction(2)}.get(match[1].lower()) or exact(match[1])
    if not 0 < amount <= MOST_MG:
        return None, None, None
    times = Fraction(WORDS[match[3].lower()] if match[3] else 1)
    dose = (amount, amount)
    return (dose, None, (times, times)) if match[2].lower() == "mg" else (None, dose, (times, times))


def _dose(instruction: Resource, where: str, problems: list[Problem]) -> tuple[Amounts | None, Amounts | None]:
    """One dose in mg, or in capsules."""
    for each in maps(instruction.get("doseAndRate")):
        quantity, whole = one(each.get("doseQuantity")), one(each.get("doseRange"))
        low, high = (one(whole.get("low")), one(whole.get("high"))) if whole else (quantity, quantity)
        if not low or not high:
            continue
        unit = text(low.get("code")) or text(low.get("unit"))
        ends = _ends(low.get("value"), high.get("value"))
        in_capsules = unit.lower() in CAPSULES
        if ends is None or not 0 < ends[0] <= ends[1] <= MOST_MG:
            shown = _shown(low.get("value"))
            wrong = told("fhir.dose", shown=shown, unit=unit) if unit else told("fhir.dose_bare", shown=shown)
            expected = told("expected.plain_mg", most=str(MOST_MG))
            problems.append(Problem(where, wrong, expected, "correct the dose", "The dose counts as not known."))
        elif unit == "mg" or in_capsules:
            return (None, ends) if in_capsules else (ends, None)
        else:
            shown = _shown(low.get("value"))
            wrong = told("fhir.dose", shown=shown, unit=unit) if unit else told("fhir.dose_no_unit", shown=shown)
            problems.append(
                Problem(where, wrong, "mg or capsules", "correct the unit", "The dose counts as not known.")
            )
    return None, None


def _ends(low: object, high: object) -> Amounts | None:
    if not isinstance(low, Digits) or not isinstance(high, Digits):
        return None
    try:
        return exact(low), exact(high)
    except ValueError:
        return None


def _shown(value: object) -> str:
    return value[:20] if isinstance(value, Digits) else "without a number" if value is None else printable(value)


def _times(timing: Resource, where: str, problems: list[Problem]) -> Amounts | None:
    """How often a day: counted over a period, or by the code of a usual schedule."""
    repeat = one(timing.get("repeat"))
    if repeat.get("dayOfWeek"):
        said, now = "taken on some days of the week only", "It is judged by the dose of those days."
        problems.append(Problem(where, said, "", "", now, left_out=False))
    moments = repeat.get("when")
    if isinstance(moments, list) and moments and "frequency" not in repeat:
        return Fraction(len(moments)), Fraction(len(moments))
    if any(key in repeat for key in ("frequency", "period", "periodUnit")):
        found = _counted(repeat)
        if found is None or not 0 < found[0] <= found[1] <= MOST_TIMES:
            sent = " ".join(
                f"{key} {_shown(repeat[key])}" for key in ("frequency", "period", "periodUnit") if key in repeat
            )
            now = "How often it is taken counts as not known."
            problems.append(
                Problem(
                    where, in_codes([sent]), told("expected.frequency", most=str(MOST_TIMES)), "correct the timing", now
                )
            )
            return None
        return found
    coded = one(timing.get("code"))
    codes = [text(coding.get("code")) for coding in maps(coded.get("coding"))] + [text(coded.get("text")).upper()]
    often = next((Fraction(CODES[code]) for code in codes if code in CODES), None)
    return None if often is None else (often, often)


def _counted(repeat: Resource) -> Amounts | None:
    unit = text(repeat.get("periodUnit"))
    frequency, period = repeat.get("frequency", Digits("1")), repeat.get("period", Digits("1"))
    times = _ends(frequency, repeat.get("frequencyMax", frequency))
    lasts = _ends(period, repeat.get("periodMax", period))
    if times is None or lasts is None or lasts[0] <= 0 or unit not in PER_DAY:
        return None
    return times[0] / lasts[1] * PER_DAY[unit], times[1] / lasts[0] * PER_DAY[unit]


def _words(mg: Amounts | None, capsules: Amounts | None, times: Amounts | None) -> str:
    dose = f"{float(mg[0]):g} mg" if mg else f"{float(capsules[0]):g} capsules" if capsules else ""
    return f"{dose} {float(times[1]):g} times a day".strip() if times else dose
