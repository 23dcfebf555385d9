"""Which product is in hand: its formulation, its label, and what its text settles; two at once are named, and neither is chosen."""

from __future__ import annotations

from functools import reduce

from msgspec.structs import replace

from isocourse.facts.courses import judged_orders
from isocourse.facts.days import FIRST_DAY, Span
from isocourse.facts.frames import near, said
from isocourse.facts.problem import Problem
from isocourse.facts.record import Event, Order, Record
from isocourse.library import Asked, Library, Product
from isocourse.logic.truth import Truth


def with_product(library: Library, record: Record, asked: Asked) -> tuple[Record, Product | None]:
    """The record with what the product in hand settles, and the product; none where the file names two or none.

    What the user chose comes first. Else each order has its own product, and an order that names none has the record's.
    """
    record = replace(record, problems=(*record.problems, *_unknown(library, record)))
    chosen = library.product(asked.product)
    orders = tuple(_with_formulation(order, chosen or _of_order(library, record, order)) for order in record.orders)
    record = replace(record, orders=orders)
    named = [chosen] if chosen else _named(library, record)
    problems = _two(record, named)
    product = named[0] if len(named) == 1 else None
    record = replace(record, problems=(*record.problems, *problems))
    return (record if product is None else _told(record, product, asked.as_of)), product


def _of_order(library: Library, record: Record, order: Order) -> Product | None:
    return library.product(order.product) or library.product(record.product)


def _with_formulation(order: Order, product: Product | None) -> Order:
    """The order with the formulation of its product, where it does not say it itself."""
    return replace(order, formulation=order.formulation or ((product.formulation,) if product else ()))


def _named(library: Library, record: Record) -> list[Product]:
    """The products of the orders that are judged, or the record's where there is none."""
    found = [_of_order(library, record, order) for order in judged_orders(record)] or [library.product(record.product)]
    return list(dict.fromkeys(each for each in found if each is not None))


def _two(record: Record, named: list[Product]) -> list[Problem]:
    """A Problem where the orders that run at once are of more than one product or formulation, or of another than the product's."""
    orders = judged_orders(record)
    written = [kind for order in orders if len(order.formulation) == 1 for kind in order.formulation]
    kinds = sorted({*written, *(product.formulation for product in named)})
    two = [product.name for product in named] if len(named) > 1 else kinds
    if len(two) < 2:
        return []
    where = ", ".join(order.origin for order in orders)
    now = "No label is chosen over another, the formulation counts as not known, and the doses as from the larger to the sum."
    names = reduce(lambda one, other: said("value.and", one=one, other=other), two)
    found = said("product.two", names=names)
    return [Problem(where, found, "one product", "ask which capsules are being taken", now, left_out=False)]


def _unknown(library: Library, record: Record) -> list[Problem]:
    """A Problem for the product of a native record, and of each of its orders, that is not one of ours; FHIR has names of its own."""
    orders = [(f"{order.origin}: product", order.product) for order in record.orders if record.source == "native"]
    known = [product.name for product in library.products]
    return [
        Problem(
            where,
            near(f'"{name[:40]}"', name, known),
            "a name that `isocourse protocols` lists",
            "correct it",
            "The product counts as not known.",
        )
        for where, name in (("product", record.product), *orders)
        if name and name not in known
    ]


def _told(record: Record, product: Product, as_of: int) -> Record:
    """The record with what the text of the product settles, where the record does not say it."""
    said = {event.stream for event in record.events}
    told = tuple(
        Event(
            each.fact,
            Truth.of(each.holds),
            Span(FIRST_DAY, as_of),
            None,
            f"product {product.name}",
            ("no", "yes")[each.holds],
        )
        for each in product.states
        if each.fact not in said
    )
    return replace(record, events=(*record.events, *told))
