"""A range of a dose or a total in words: its two ends, its unit, and the capsules in which it is counted."""

from isocourse.decisions.amounts import Ranged
from isocourse.decisions.wording import ENGLISH, Wording

CLOSED, CLOSED_OF = "{low} to {high} {unit}", "{low} to {high} {unit} of {form} capsules"
BELOW, BELOW_OF = "{low} to less than {high} {unit}", "{low} to less than {high} {unit} of {form} capsules"


def amount_words(ranged: Ranged, w: Wording = ENGLISH) -> str:
    """The range of a row or a step."""
    plain, of = (BELOW, BELOW_OF) if ranged.below else (CLOSED, CLOSED_OF)
    low, high, unit = w.number(ranged.low), w.number(ranged.high), w(ranged.unit)
    if ranged.of in ("", "any"):
        return w(plain, low=low, high=high, unit=unit)
    return w(of, low=low, high=high, unit=unit, form=w(ranged.of))
