"""Units as the rule language sees them: symbols that multiply and divide, and exact decimal digits."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from functools import lru_cache

_DECIMAL = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?", re.ASCII)

DAYS_IN = {"day": 1, "days": 1, "week": 7, "weeks": 7}
"""Units of time that are a fixed number of days; a month and a year are not."""


@lru_cache(maxsize=4096)
def exact(digits: str) -> Fraction:
    """The number written by plain decimal digits, without rounding.

    Raises:
        ValueError: the text is not plain decimal digits (an exponent, NaN and infinity are refused too).

    >>> exact("0.01129")
    Fraction(1129, 100000)
    """
    if not _DECIMAL.fullmatch(digits):
        raise ValueError(f'"{digits}" is not a plain decimal number')
    return Fraction(digits)


def decimal(number: Fraction) -> str:
    """The shortest plain decimal for a number, to at most six places.

    >>> decimal(Fraction(5, 2)), decimal(Fraction(3))
    ('2.5', '3')
    """
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.6f}".rstrip("0").rstrip(".")


def quotient(over: str, under: str) -> str:
    """The unit of a ratio, in one spelling.

    >>> quotient("mg/day", "kg"), quotient("U/L", "U/L")
    ('mg/kg/day', '')
    """
    powers = _powers(over)
    powers.subtract(_powers(under))
    return _spell(powers)


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings are the same unit (`mg/kg/day` and `mg/day/kg`)."""
    return _clean(_powers(one)) == _clean(_powers(other))


def _powers(unit: str) -> Counter[str]:
    powers: Counter[str] = Counter()
    if unit in ("", "1"):
        return powers
    first, *rest = unit.split("/")
    if first != "1":
        powers[_singular(first)] += 1
    for symbol in rest:
        powers[_singular(symbol)] -= 1
    return powers


def _singular(symbol: str) -> str:
    return {"days": "day", "years": "year", "months": "month", "weeks": "week", "d": "day"}.get(symbol, symbol)


def _clean(powers: Counter[str]) -> dict[str, int]:
    return {symbol: power for symbol, power in powers.items() if power}


def _spell(powers: Counter[str]) -> str:
    kept = _clean(powers)
    over = sorted(symbol for symbol, power in kept.items() for _ in range(max(power, 0)))
    order = {"kg": 0, "L": 0, "dL": 0, "day": 1}
    under = sorted(
        (symbol for symbol, power in kept.items() for _ in range(max(-power, 0))),
        key=lambda symbol: (order.get(symbol, 0), symbol),
    )
    if not over and not under:
        return ""
    return "/".join(["".join(over) or "1", *under])
