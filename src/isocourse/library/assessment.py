"""What comes out when a record is judged: everything there is to say of one patient as of one day."""

from __future__ import annotations

from msgspec import Struct

from isocourse.decisions.answers import Answer
from isocourse.decisions.dates import DayOf
from isocourse.decisions.tables import Edition
from isocourse.decisions.today import Today
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.record import Order, Record
from isocourse.facts.snapshot import Snapshot
from isocourse.library.knowledge import Library
from isocourse.library.products import Product
from isocourse.logic.truth import Truth


class Asked(Struct, frozen=True):
    """What the user asked for besides the record."""

    as_of: int
    protocols: tuple[str, ...] = ()
    jurisdiction: str = ""
    product: str = ""
    presume: bool = False
    """Whether what a list on file does not name may be taken for a no."""

    def shows(self, edition: Edition) -> bool:
        """Whether the user asked to see the edition; nobody named: all of them."""
        return not self.protocols or edition.protocol in self.protocols or edition.key in self.protocols


class Assessment(Struct, frozen=True):
    """Everything there is to say of one patient as of one day."""

    library: Library
    record: Record
    snapshot: Snapshot
    values: tuple[int, ...]
    """The truth bits of every node: the trace."""
    asked: Asked
    editions: tuple[Edition, ...]
    governs: tuple[Edition, ...]
    doubts: tuple[tuple[str, str], ...]
    """Editions whose binding is not certain, and why."""
    able: tuple[tuple[str, Truth], ...]
    """For each edition that defines it, whether the patient can become pregnant."""
    answers: tuple[Answer, ...]
    today: Today
    orders: tuple[Order, ...]
    outside: bool
    product: Product | None
    day_of: DayOf
    words: Wording = ENGLISH
    """The language that it is told in."""

    @property
    def exit_code(self) -> int:
        """10 a red finding; 3 answered, values left out; 0 answered."""
        if self.today.stop_now:
            return 10
        return 3 if any(problem.left_out for problem in self.record.problems) else 0
