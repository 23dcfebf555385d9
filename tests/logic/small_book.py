"""A small book of facts, made by hand, in which the conditions of these tests are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isocourse.facts.declare import Fact, Filter, Fold
from isocourse.facts.streams import Attribute, Catalogue, Item, Stream, UnitRule, Vocabulary
from isocourse.logic.compiled import compile_program
from isocourse.logic.syntax import Tree, parse
from isocourse.logic.tree import Program, State
from isocourse.logic.truth import Truth
from isocourse.logic.typing import lower_condition
from isocourse.reading.book import Book

STREAMS = (
    Stream("alt", "quantity", "U/L", (UnitRule("U/L", 10),), low=10, high=100_000),
    Stream(
        "triglycerides",
        "quantity",
        "mmol/L",
        (UnitRule("mmol/L", 100_000), UnitRule("mg/dL", 1_129)),
        low=10_000,
        high=13_000_000,
    ),
    Stream("creatinine", "quantity", "umol/L", (UnitRule("umol/L", 1),), low=0, high=2_000),
    Stream(
        "pregnancy_test",
        "coded",
        values=("negative", "positive", "unclear"),
        attributes=(
            Attribute("setting", "coded", ("medical", "home")),
            Attribute("supervised", "yes_no"),
            Attribute("sensitivity", "quantity", unit="IU/L", units=(UnitRule("IU/L", 1),), low=1, high=1_000),
        ),
    ),
    Stream("dispensed_on", "date"),
    Stream("form", "documentary"),
)
VOCABULARIES = (
    Vocabulary(
        "drugs", (Item("doxycycline", ("doxycycline", "tetracycline")),), (Item("tetracycline", ("tetracycline",)),)
    ),
    Vocabulary("methods", (Item("condom", ("condom", "barrier")),), (Item("barrier", ("barrier",)),)),
)
FACTS = (
    Fact("age", "quantity", unit="years", low=0, high=120),
    Fact("sex", "coded", values=("female", "male")),
    Fact("pregnant", "yes_no"),
    Fact("sterilised", "yes_no"),
    Fact("today", "date"),
    Fact("first_dose", "date"),
    Fact("weight", "quantity", unit="kg", step="0.1", low=15, high=4_000),
    Fact("ordered_daily_dose", "quantity", unit="mg/day", step="0.1", low=1, high=20_000),
    Fact("dose_per_kg", "quantity", ratio=("ordered_daily_dose", "weight")),
    Fact("alt_now", "quantity", Fold("last", "alt")),
    Fact("alt_baseline", "quantity", Fold("first", "alt")),
    Fact("alt_rise", "quantity", ratio=("alt_now", "alt_baseline")),
    Fact("triglycerides_now", "quantity", Fold("last", "triglycerides")),
    Fact("creatinine_now", "quantity", Fold("last", "creatinine")),
    Fact("last_pregnancy_test", "coded", Fold("last", "pregnancy_test")),
    Fact("times_dispensed", "count", Fold("count", "dispensed_on")),
    Fact("days_between", "span", Fold("largest_gap", "dispensed_on")),
    Fact("risk_form_signed", "documentary", Fold("last", "form")),
    Fact("on_tetracycline", "yes_no", Fold("any", "drugs", where=(Filter("kind", ("tetracycline",)),))),
    Fact("adult", "yes_no", condition="age >= 18 years"),
    Fact("ouroboros", "yes_no", condition="pregnant or ouroboros"),
)


def small_book() -> Book:
    """A fresh book of a few facts of every kind."""
    return Book(Catalogue(STREAMS, VOCABULARIES), {fact.name: fact for fact in FACTS})


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition, lowered: its node, and the program it stands in."""

    program: Program
    root: int

    def state(self, **known: int | tuple[int, int] | str) -> State:
        """What is known: steps, an interval of steps, or codes with `|` between them; a fact's dot is written `__`."""
        blank = State.blank(self.program)
        low, high, recorded = list(blank.low), list(blank.high), list(blank.recorded)
        place = {slot.name: index for index, slot in enumerate(self.program.slots)}
        for name, value in known.items():
            at = place[name.replace("__", ".")]
            recorded[at] = int(Truth.YES)
            if isinstance(value, str):
                low[at] = sum(1 << self.program.slots[at].values.index(code) for code in value.split("|"))
            else:
                low[at], high[at] = value if isinstance(value, tuple) else (value, value)
        return State(low, high, recorded)

    def answer(self, **known: int | tuple[int, int] | str) -> Truth:
        """The truth of the condition for what is known."""
        return Truth(compile_program(self.program)(self.state(**known))[self.root])


def ask(
    text: str,
    *,
    file_reads: bool = False,
    definitions: Mapping[str, Tree] | None = None,
    let: Mapping[str, str] | None = None,
) -> Asked:
    """The condition, read in the small book."""
    book = small_book()
    root = lower_condition(parse(text), book.builder, book.names(definitions, let), file_reads=file_reads)
    return Asked(book.builder.program(), root)
