"""Believing a value: from the digits and unit as written to whole steps, or a Problem; converted once, at the edge."""

from __future__ import annotations

from fractions import Fraction

from isocourse.facts.frames import codes, said
from isocourse.facts.problem import Problem
from isocourse.facts.record import Quantity
from isocourse.facts.sentence import Sentence, joined
from isocourse.facts.streams import Attribute, Stream
from isocourse.logic.units import decimal, exact

COMPARATORS = ("<", "<=", ">", ">=")


def believe(
    stream: Stream | Attribute, digits: str, unit: str, where: str, *, comparator: str = ""
) -> Quantity | Problem:
    """The quantity that a written number means, or why it is refused.

    Args:
        stream: what is measured, with its accepted units and plausible range.
        digits: the number as written ("72.50"); its last digit says how finely it was rounded.
        unit: the unit as written; a score or a count may stand without one.
        where: the place in the file, for the Problem.
        comparator: "", or one of `<`, `<=`, `>`, `>=`: then the value is an interval up to the plausible range.
    """
    name = name_of(stream)
    if not unit and isinstance(stream, Stream) and stream.bare:
        unit = stream.unit
    steps = next((rule.steps for rule in stream.units if rule.unit == unit), None)
    if steps is None:
        return _refuse_unit(stream, digits, unit, where)
    try:
        number = exact(digits) * steps
    except ValueError:
        return Problem(
            where,
            joined((name, digits[:40]), " "),
            "a plain decimal number",
            "write the number out in digits",
            LEFT_OUT(name),
        )
    if comparator and comparator not in COMPARATORS:
        return Problem(
            where,
            said("value.comparator", name=name, comparator=comparator),
            "<, <=, > or >=",
            "write the comparator",
            LEFT_OUT(name),
        )
    low, high = number.__floor__(), number.__ceil__()
    if not stream.low <= low <= high <= stream.high:
        return Problem(
            where,
            said("value.outside", name=name, digits=digits, unit=unit, range=plausible(stream)),
            "",
            "check the number and its unit",
            LEFT_OUT(name),
        )
    if comparator:
        low, high = _open_ended(stream, number, comparator)
    if low > high:
        return Problem(
            where,
            said(
                "value.nothing_left",
                name=name,
                comparator=comparator,
                digits=digits,
                unit=unit,
                range=plausible(stream),
            ),
            "",
            "check the number and its unit",
            LEFT_OUT(name),
        )
    return Quantity(low, high, unit, _slack(digits, steps))


def name_of(thing: Stream | Attribute) -> Sentence:
    """What is measured, as a file calls it; in another language as its readers do."""
    plain = thing.name.replace("_", " ")
    say = thing.say if isinstance(thing, Stream) else ()
    return Sentence(
        plain, lambda w: w(say) if say and w.translated(say) else w(plain) if w.translated(plain) else plain
    )


def LEFT_OUT(name: str) -> str:  # noqa: N802 - reads as the fixed end of a message
    """What happens to a value that was refused."""
    return said("now.left_out", name=name)


def plausible(stream: Stream | Attribute) -> str:
    """The plausible range in the stream's own unit, for people."""
    per = stream.units[0].steps if stream.units else 1
    low, high = decimal(Fraction(stream.low, per)), decimal(Fraction(stream.high, per))
    return (
        said("range", low=low, high=high, unit=stream.unit) if stream.unit else said("range.bare", low=low, high=high)
    )


def _refuse_unit(stream: Stream | Attribute, digits: str, unit: str, where: str) -> Problem:
    accepted = codes((rule.unit for rule in stream.units), ", ") or "no unit"
    name = name_of(stream)
    found = joined((name, digits, unit), " ") if unit else said("value.no_unit", name=name, digits=digits)
    return Problem(where, found, accepted, "check the unit at its source", LEFT_OUT(name))


def _open_ended(stream: Stream | Attribute, number: Fraction, comparator: str) -> tuple[int, int]:
    if comparator == "<":
        return stream.low, number.__ceil__() - 1
    if comparator == "<=":
        return stream.low, number.__floor__()
    if comparator == ">":
        return number.__floor__() + 1, stream.high
    return number.__ceil__(), stream.high


def _slack(digits: str, steps: int) -> int:
    places = len(digits.split(".")[1]) if "." in digits else 0
    return int(steps // (2 * 10**places))


def shown(quantity: Quantity, unit: str, per_unit: int) -> str:
    """A quantity in a unit of which one is `per_unit` steps.

    >>> shown(Quantity(6200, 6200), "U/L", 100)
    '62 U/L'
    """
    low, high = decimal(Fraction(quantity.low, per_unit)), decimal(Fraction(quantity.high, per_unit))
    return f"{low} {unit}".rstrip() if low == high else f"{low} to {high} {unit}".rstrip()
