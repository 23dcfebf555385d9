"""Tables of what the knowledge holds: facts, protocols, products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isocourse.decisions.tables import Bound, Edition, Status, words
from isocourse.facts.days import iso, show
from isocourse.facts.declare import Fact
from isocourse.library import Library

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_facts(library: Library, facts: Sequence[Fact]) -> None:
    """Every fact: its name, what it is, and how it is obtained."""
    table = _table("fact", "what it is", "kind", "obtained by")
    for fact in sorted(facts, key=lambda fact: fact.name):
        table.add_row(fact.name, words(fact.say), fact.kind, fact.obtain)
    _console().print(table)


def print_protocols(library: Library) -> None:
    """Every edition with its dates and what it answers, then the products."""
    console = _console()
    for edition in library.editions:
        until = f" until {_bound(edition.ends)}" if edition.ends else ""
        console.print(
            f"[bold]{edition.key}[/bold]  binds {', '.join(edition.jurisdictions) or 'nobody'}; from {_bound(edition.begins)}{until}",
            highlight=False,
        )
        console.print(f"    {words(edition.title)}; {_answers(edition)}", highlight=False)
    console.print()
    products = _table("product", "formulation", "strengths (mg)", "markets", "label")
    for product in library.products:
        products.add_row(
            product.name,
            product.formulation,
            ", ".join(product.strengths),
            ", ".join(product.markets),
            product.label or "not read",
        )
    console.print(products)


def _console() -> Console:
    from rich.console import Console  # only a terminal needs it

    return Console()


def _table(first: str, *rest: str) -> Table:
    """A plain table whose first column, a name to copy, is never folded."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(first, no_wrap=True, overflow="ignore")
    for head in rest:
        table.add_column(head)
    return table


def _bound(bound: Bound | None) -> str:
    if bound is None:
        return "-"
    if bound.certainty == "unknown":
        return "unknown"
    return show(bound.day) + ("" if bound.certainty == "read" else f" ({bound.certainty.replace('_', ' ')})")


def _answers(edition: Edition) -> str:
    by = {
        status: [cell.point for cell in edition.cells if cell.status is status]
        for status in (Status.ANSWERED, Status.SILENT, Status.NOT_READ)
    }
    told = [f"{len(by[Status.ANSWERED])} answered"]
    told += [
        f"{len(by[status])} {words_}"
        for status, words_ in ((Status.SILENT, "silent"), (Status.NOT_READ, "not read"))
        if by[status]
    ]
    return ", ".join(told)


def editions_data(library: Library) -> list[dict[str, object]]:
    """The editions as plain data."""
    return [
        {
            "protocol": edition.protocol,
            "edition": edition.edition,
            "title": words(edition.title),
            "authority": edition.authority,
            "jurisdictions": list(edition.jurisdictions),
            "from": _day(edition.begins),
            "to": _day(edition.ends),
            "points": {cell.point: cell.status.value for cell in edition.cells},
        }
        for edition in library.editions
    ]


def _day(bound: Bound | None) -> dict[str, str] | None:
    return None if bound is None else {"date": iso(bound.day), "certainty": bound.certainty}
