"""Exact amounts from the least to the most: what is known only in part stays an interval until it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from msgspec import Struct

from isocourse.course.frames import FIXED
from isocourse.decisions.sentence import Sentence, of_digits, sentence
from isocourse.logic.units import decimal


class Amount(Struct, frozen=True):
    """From `low` to `high`, both included; known when they are equal.

    >>> Amount.of(40) + Amount(Fraction(0), Fraction(10))
    Amount(low=Fraction(40, 1), high=Fraction(50, 1))
    """

    low: Fraction
    high: Fraction

    @staticmethod
    def of(exactly: Fraction | int) -> Amount:
        """A known amount."""
        return Amount(Fraction(exactly), Fraction(exactly))

    @property
    def known(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.low + other.low, self.high + other.high)

    def times(self, factor: Amount) -> Amount:
        """The product of two amounts that are not negative."""
        return Amount(self.low * factor.low, self.high * factor.high)

    def over(self, divisor: Amount) -> Amount:
        """The quotient of an amount that is not negative and one above 0."""
        return Amount(self.low / divisor.high, self.high / divisor.low)


NOTHING = Amount.of(0)


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum."""
    whole = NOTHING
    for amount in amounts:
        whole = whole + amount
    return whole


def shown(amount: Amount, places: int = 1) -> Sentence:
    """An amount as people read it, rounded to some places: "118.3", or "110.2 to 118.3".

    >>> shown(Amount(Fraction(110), Fraction(355, 3)))
    '110 to 118.3'
    """
    low, high = (rounded(end, places) for end in (amount.low, amount.high))
    if low == high:
        return of_digits(low)
    return sentence(FIXED["dose.from_to"], low=of_digits(low), high=of_digits(high))


def rounded(number: Fraction, places: int = 1) -> str:
    """A number to some places, half away from zero, without trailing zeros.

    >>> rounded(Fraction(1, 3), 2), rounded(Fraction(40))
    ('0.33', '40')
    """
    scale = 10**places
    sign = -1 if number < 0 else 1
    return decimal(Fraction(sign * int(abs(number) * scale + Fraction(1, 2)), scale))
