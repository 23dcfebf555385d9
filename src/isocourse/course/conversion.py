"""Milligrams of one formulation said in those of another: through a named claim of the product in hand, or not at all."""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec import Struct

from isocourse.course.amounts import Amount
from isocourse.library import Library, Product
from isocourse.library.products import Equivalence
from isocourse.logic.units import exact

_MG = re.compile(r"(\d+(?:\.\d+)?) mg", re.ASCII)
_RANGE = re.compile(r"(\d+(?:\.\d+)?) to (\d+(?:\.\d+)?) mg/kg/day", re.ASCII)

ANY_AMOUNT = "any amount"
MILLIGRAM_FOR_MILLIGRAM = "bioequivalent milligram for milligram"
EQUATING = ("bioequivalent", "a factor of ", "the labelled range is ")
"""How the finding of a claim begins that says two amounts stand for one another; any other finding converts nothing."""


class Converted(Struct, frozen=True):
    """What one claim makes of an amount, beside what it was: shown next to it, never added to anything."""

    mg: Amount
    """As taken, of the product in hand."""
    product: str
    other_mg: Amount
    """What the claim makes of it, in milligrams of `other`."""
    other: str
    """The product or formulation whose milligrams these are."""
    factor: Fraction
    """Milligrams of `other` for one of the product."""
    state: str
    """fed, fasted or unstated: the state in which the claim holds."""
    finding: str
    disputed: bool
    note: str
    claims: tuple[str, ...]


def converted(mg: Amount, product: Product, to: str, library: Library | None = None) -> tuple[Converted, ...]:
    """The amount in milligrams of another product or formulation, once for each claim that equates the two.

    A finding that gives a ratio of exposures and equates no milligrams converts nothing. A disputed claim is given with what
    speaks against it, and nothing chooses between two. None: no claim, no conversion.

    Args:
        mg: an amount of the product in hand.
        product: the product in hand.
        to: a formulation, or the name of a product.
        library: for claims that equate with a product of that formulation (`absorica` is lidose).
    """
    return tuple(
        Converted(
            mg,
            product.name,
            mg.times(Amount.of(factor)),
            each.other,
            factor,
            each.state,
            each.finding,
            each.disputed,
            each.note,
            each.claims,
        )
        for each in _between(product, to, library)
        if (factor := factor_of(each)) is not None
    )


def compared(product: Product, to: str, library: Library | None = None) -> tuple[Equivalence, ...]:
    """What else is said of the two that converts nothing, such as a ratio of exposures when fasted: to be read beside a conversion."""
    return tuple(each for each in _between(product, to, library) if factor_of(each) is None)


def _between(product: Product, to: str, library: Library | None) -> tuple[Equivalence, ...]:
    return tuple(each for each in product.equivalences if to in (each.other, _formulation(each.other, library)))


def factor_of(equivalence: Equivalence) -> Fraction | None:
    """Milligrams of the other for one of the product, where the claim says that two amounts are equal; otherwise None.

    It says so where its finding is that they are bioequivalent, or that a range or a printed dose is so many times the other;
    "about 2 times the exposure" says that they are not.
    """
    if not equivalence.finding.startswith(EQUATING):
        return None
    if equivalence.amount == ANY_AMOUNT:
        return Fraction(1) if equivalence.finding == MILLIGRAM_FOR_MILLIGRAM else None
    one, other = _ends(equivalence.amount), _ends(equivalence.other_amount)
    if one is None or other is None or other[0] * one[1] != other[1] * one[0]:
        return None
    return other[0] / one[0]


def _ends(text: str) -> tuple[Fraction, Fraction] | None:
    """Both ends of an amount or of a range of doses; None if it is neither."""
    if single := _MG.fullmatch(text):
        return exact(single[1]), exact(single[1])
    if both := _RANGE.fullmatch(text):
        return exact(both[1]), exact(both[2])
    return None


def _formulation(name: str, library: Library | None) -> str:
    product = library.product(name) if library else None
    return product.formulation if product else name
