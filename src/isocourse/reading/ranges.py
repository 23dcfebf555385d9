"""Reads what `range:` allows: `[0.5..1.0] mg/kg/day`, or `[0.0..0.5) mg/kg/day` for lower than 0.5."""

import re

from msgspec import Struct

from isocourse.logic.problems import LanguageError
from isocourse.logic.syntax import Number, parse_interval
from isocourse.logic.units import exact
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node

_UNIT = re.compile(r"^([\[(].*[\])])\s+(.+)$")


class Ends(Struct, frozen=True):
    """The ends of a range as printed, whether the upper one is left out of it, and their unit."""

    low: str
    high: str
    below: bool
    unit: str

    def over(self, figure: str) -> str:
        """The condition that a figure lies above it."""
        return f"{figure} {'>=' if self.below else '>'} {self.high} {self.unit}"

    def under(self, figure: str) -> str:
        """The condition that a figure lies below it."""
        return f"{figure} < {self.low} {self.unit}"


def ends_of(form: Form, node: Node, text: str) -> Ends:
    """The ends of a range.

    Args:
        form: what it stands in.
        node: where it stands.
        text: it itself, with `let` filled in.

    Raises:
        ReadError: it is no range, runs backwards, is empty, or begins with an open end.
    """
    try:
        interval = parse_interval(text)
    except LanguageError as problem:
        raise form.fail(node, problem.message, problem.column) from None
    low, high = interval.low, interval.high
    if not (isinstance(low, Number) and isinstance(high, Number) and interval.low_closed):
        raise form.fail(
            node, "a range is two numbers: '[0.5..1.0] mg/kg/day', or '[0.0..0.5) mg/kg/day' for lower than 0.5"
        )
    if exact(low.digits) > exact(high.digits):
        raise form.fail(node, f"the range runs backwards, from {low.digits} to {high.digits}")
    if exact(low.digits) == exact(high.digits) and not interval.high_closed:
        raise form.fail(node, f"the range is empty: nothing is at least {low.digits} and lower than {high.digits}")
    unit = _UNIT.match(text)
    return Ends(low.digits, high.digits, not interval.high_closed, unit[2] if unit else "")
