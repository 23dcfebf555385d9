"""Reads the reviewed list of red lines and the checks of an order: knowledge/safety."""

from __future__ import annotations

from isocourse.decisions.tables import OrderCheck, RedLine
from isocourse.facts.presume import Presumption, Presumptions
from isocourse.library.knowledge import Claim
from isocourse.reading.book import Book
from isocourse.reading.forms import Form
from isocourse.reading.sources import cited
from isocourse.reading.tables import condition
from isocourse.reading.yaml_text import Node


def read_red(root: Node, path: str, book: Book, claims: dict[str, Claim]) -> list[RedLine]:
    """The reviewed list of red lines."""
    form = Form(root, path, "the red list", required=("red",), optional=("note",))
    made = []
    for node in form.list_of("red"):
        each = Form(node, path, "a red line", required=("id", "when", "say", "do", "claims"), optional=("note",))
        cited(each, claims)
        made.append(
            RedLine(
                each.text("id"),
                condition(each, each.get("when"), book, book.names(), file_reads=True),
                each.text("when"),
                each.say("say"),
                each.say("do"),
                each.texts("claims"),
            )
        )
    return made


def read_checks(root: Node, path: str, book: Book, claims: dict[str, Claim]) -> list[OrderCheck]:
    """What is wrong with an order under any protocol."""
    form = Form(root, path, "the order checks", required=("checks",), optional=("note",))
    made = []
    for node in form.list_of("checks"):
        each = Form(
            node, path, "an order check", required=("id", "when", "say", "explain", "claims"), optional=("note",)
        )
        cited(each, claims)
        made.append(
            OrderCheck(
                each.text("id"),
                condition(each, each.get("when"), book, book.names(), file_reads=True),
                each.text("when"),
                each.say("say"),
                each.say("explain"),
                each.texts("claims"),
            )
        )
    return made


def read_presumptions(root: Node, path: str, claims: dict[str, Claim]) -> Presumptions:
    """What may be presumed absent from a list on file, and the kinds that never are."""
    form = Form(root, path, "the presumptions", required=("presume", "never"), optional=("note",))
    made = []
    for node in form.list_of("presume"):
        each = Form(node, path, "a presumption", required=("list", "say", "claim"))
        if each.text("claim") not in claims:
            raise each.fail(each.get("claim"), f'no claim "{each.text("claim")}"')
        made.append(Presumption(each.one_of("list", ("conditions", "drugs")), each.text("say"), each.text("claim")))
    return Presumptions(tuple(made), form.texts("never"))


def read_regions(root: Node, path: str, claims: dict[str, Claim]) -> list[tuple[str, tuple[str, ...]]]:
    """For each region the countries in which its rules bind."""
    form = Form(root, path, "the regions", required=("regions",))
    made = []
    for name, node in form.pairs("regions"):
        each = Form(node, path, "a region", required=("members", "claim"))
        if each.text("claim") not in claims:
            raise each.fail(each.get("claim"), f'no claim "{each.text("claim")}"')
        made.append((name, each.texts("members")))
    return made
