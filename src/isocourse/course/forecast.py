"""When a course may end under each protocol's stopping rule: a date where the rule has one, otherwise "not before ..."."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one position's rule says of the end of a course that goes as planned."""

    edition: str
    position: str
    governs: bool
    rule: str
    """`when_to_stop`, `cumulative_target` or `retreatment`: the point that the rule answers."""
    kind: str
    """`dated`, `not_before`, `reached` (already), `not_within` (the days drawn), `open` (sets no end), or the status of a silent cell."""
    first: int | None
    """The first day on which it may end."""
    last: int | None
    """The first day on which it should end whatever else is found; None if the rule has none within the days drawn."""
    depends_on: tuple[str, ...]
    """The facts that it waits for."""
    claims: tuple[str, ...]
    note: str = ""
