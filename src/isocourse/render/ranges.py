"""A range of a dose or a total in words: its two ends, its unit, and the capsules in which it is counted."""

from isocourse.decisions.amounts import Ranged
from isocourse.decisions.wording import ENGLISH, Wording

ONE, ONE_OF = "{size} {unit}", "{size} {unit} of {form} capsules"
CLOSED, CLOSED_OF = "{low} to {high} {unit}", "{low} to {high} {unit} of {form} capsules"
BELOW, BELOW_OF = "{low} to less than {high} {unit}", "{low} to less than {high} {unit} of {form} capsules"


def amount_words(ranged: Ranged, w: Wording = ENGLISH) -> str:
    """The range of a row or a step."""
    told = {"unit": w(ranged.unit)}
    if ranged.low == ranged.high:
        plain, of = ONE, ONE_OF
        told["size"] = w.number(ranged.low)
    else:
        plain, of = (BELOW, BELOW_OF) if ranged.below else (CLOSED, CLOSED_OF)
        told |= {"low": w.number(ranged.low), "high": w.number(ranged.high)}
    return w(plain, **told) if ranged.of in ("", "any") else w(of, **told, form=w(ranged.of))
