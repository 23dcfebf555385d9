"""A range of a dose or a total in words: its two ends, its unit, and the capsules in which it is counted."""

from isocourse.decisions.amounts import Ranged
from isocourse.decisions.wording import ENGLISH, Wording

NO_FIGURE = "no figure is aimed at"
ONE, ONE_OF = "{size} {unit}", "{size} {unit} of {form} capsules"
CLOSED, CLOSED_OF = "{low} to {high} {unit}", "{low} to {high} {unit} of {form} capsules"
BELOW, BELOW_OF = "{low} to less than {high} {unit}", "{low} to less than {high} {unit} of {form} capsules"


def range_words(ranged: Ranged, w: Wording = ENGLISH) -> str:
    """The range of a row or a step, or that the row aims at no figure."""
    if ranged.of == "none":
        return w(NO_FIGURE)
    return amount_words(ranged.low, ranged.high, ranged.unit, ranged.of, w, below=ranged.below)


def amount_words(low: str, high: str, unit: str, of: str, w: Wording = ENGLISH, *, below: bool = False) -> str:
    """From one figure to another, of any capsules or of one kind; one figure where both ends are the same.

    >>> amount_words("0.5", "0.5", "mg/kg/day", "lidose"), amount_words("0.0", "0.5", "mg/kg/day", "any", below=True)
    ('0.5 mg/kg/day of lidose capsules', '0.0 to less than 0.5 mg/kg/day')
    """
    told = {"unit": w(unit)}
    if low == high:
        plain, formed = ONE, ONE_OF
        told["size"] = w.number(low)
    else:
        plain, formed = (BELOW, BELOW_OF) if below else (CLOSED, CLOSED_OF)
        told |= {"low": w.number(low), "high": w.number(high)}
    return w(plain, **told) if of in ("", "any") else w(formed, **told, form=w(of))
