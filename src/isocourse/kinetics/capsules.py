"""How many capsules a dose is: the fewest that make it up exactly from the strengths at hand."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from isocourse.kinetics.regimen import Regimen


@lru_cache(maxsize=1024)
def fewest(amount_mg: Fraction, strengths: tuple[Fraction, ...]) -> int | None:
    """The fewest capsules that make up an amount; None where no count of them does.

    >>> fewest(Fraction(32), (Fraction(8), Fraction(16)))
    2
    >>> fewest(Fraction(20), (Fraction(8), Fraction(16))) is None
    True
    """
    if amount_mg == 0:
        return 0
    if not strengths:
        return None
    largest, rest = strengths[-1], strengths[:-1]
    for count in range(int(amount_mg / largest), -1, -1):
        more = fewest(amount_mg - count * largest, rest)
        if more is not None:
            return count + more
    return None


def capsules(regimen: Regimen, weight_kg: float) -> int | None:
    """Capsules for the whole course as planned; None where a dose cannot be made up, or no strengths are known."""
    strengths = tuple(sorted(Fraction(str(each)) for each in regimen.strengths if each > 0))
    total = 0
    for dose in regimen.doses:
        amount = Fraction(str(dose.amount)) * (Fraction(str(weight_kg)) if regimen.per_kg else 1)
        count = fewest(amount, strengths)
        if count is None:
            return None
        total += count
    return total
