"""Reads an edition: its card, its definitions, and a table for every decision point."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from isocourse.decisions.tables import AUTHORITY, Bound, Cell, Definition, Edition, Point, Status
from isocourse.facts.days import parse_span
from isocourse.facts.problem import ReadError
from isocourse.library.knowledge import Claim
from isocourse.logic.problems import LanguageError, did_you_mean
from isocourse.logic.syntax import Tree, parse
from isocourse.reading.book import Book
from isocourse.reading.cases import read_cases
from isocourse.reading.forms import Form
from isocourse.reading.shelf import Found, Shelf
from isocourse.reading.sources import cited
from isocourse.reading.tables import Tables, condition
from isocourse.reading.yaml_text import Map, Node

CERTAINTY = ("read", "second_hand", "planned", "unknown")
"""How sure the day is on which an edition begins or ends."""


def edition_folders(shelf: Shelf) -> list[str]:
    """The folders that hold an edition, in a fixed order."""
    return [sheet.name.rpartition("/")[0] for sheet in shelf.within("protocols") if sheet.stem == "edition"]


def read_edition(
    folder: str, shelf: Shelf, book: Book, points: dict[str, Point], claims: dict[str, Claim]
) -> Edition | None:
    """One edition: its card, its definitions, and a table for every point."""
    sheets = {sheet.stem: sheet for sheet in shelf.within(folder)}
    made = list(shelf.one(sheets["edition"], lambda node, path: _card(node, path, claims)))
    if not made:
        return None
    card, unanswered = made[0]
    trees: dict[str, Tree] = {}
    definitions: tuple[Definition, ...] = ()
    if "definitions" in sheets:
        for read in shelf.one(
            sheets["definitions"],
            lambda node, path: _definitions(node, path, card.key, book, claims, shelf.found),
        ):
            definitions, trees = read
    cells = dict(unanswered)
    for stem, sheet in sheets.items():
        if stem in ("edition", "definitions"):
            continue
        for cell in shelf.one(
            sheet, lambda node, short: _table(node, short, card.key, book, points, claims, trees, shelf.found)
        ):
            if cell.point in unanswered:
                shelf.found.errors.append(
                    ReadError(sheet.name, 1, 1, f"{cell.point} has a file, and edition.yaml says it is not answered")
                )
            cells[cell.point] = cell
            if stem != cell.point:
                shelf.found.errors.append(
                    ReadError(sheet.name, 1, 1, f"the file is named {stem} but answers {cell.point}")
                )
    for name in cells:
        if name not in points:
            shelf.found.errors.append(
                ReadError(sheets["edition"].name, 1, 1, f'no decision point "{name}"' + did_you_mean(name, points))
            )
    for name in points:
        if name not in cells and name not in sheets:
            shelf.found.errors.append(
                ReadError(
                    sheets["edition"].name,
                    1,
                    1,
                    f"{name} is not answered: write {name}.yaml, or say `silent:` or `not_read:` with where one looked",
                )
            )
    return replace(card, cells=tuple(cells.values()), definitions=definitions)


def _card(root: Node, path: str, claims: dict[str, Claim]) -> tuple[Edition, dict[str, Cell]]:
    form = Form(
        root,
        path,
        "an edition",
        required=("protocol", "edition", "title", "short", "authority", "jurisdictions"),
        optional=("formulations", "from", "to", "relations", "silent", "not_read", "days", "note"),
    )
    relations = []
    for node in form.list_of("relations"):
        each = Form(node, path, "a relation", required=("is", "edition"), optional=("note", "protocol", "claims"))
        relations.append(
            (
                each.one_of("is", ("replaces", "replaced_by", "may_be_used_instead", "discretion_over")),
                each.text("edition"),
            )
        )
    cells = {cell.point: cell for cell in (*_unanswered(form, Status.SILENT), *_unanswered(form, Status.NOT_READ))}
    edition = Edition(
        form.text("protocol"),
        form.text("edition"),
        form.say("title"),
        form.say("short"),
        form.one_of("authority", AUTHORITY),
        form.texts("jurisdictions"),
        form.texts("formulations"),
        _bound(form, "from", claims),
        _bound(form, "to", claims),
        tuple(relations),
        (),
        (),
        tuple(_day(form, text, node) for text, node in form.pairs("days")),
    )
    return edition, cells


def _unanswered(form: Form, status: Status) -> Iterator[Cell]:
    """The points on which a text that was read says nothing, or whose text was not read, with where one looked."""
    for node in form.list_of(status.value):
        group = Form(node, form.path, status.value, required=("points", "looked"), optional=("claims", "note"))
        for point in group.texts("points"):
            yield Cell(point, status, (), group.text("looked"))


def _looked(form: Form, node: Node) -> str:
    inner = Form(node, form.path, "silent or not_read", required=("looked",), optional=("claims", "note"))
    return inner.text("looked")


def _day(form: Form, text: str, node: Node) -> tuple[int, str]:
    """An example of a day and whether the edition is in force on it."""
    expected = form.as_text(node)
    if expected not in ("yes", "no", "doubtful"):
        raise form.fail(node, f'"{expected}" is not one of yes, no, doubtful')
    try:
        span = parse_span(text)
    except ValueError as problem:
        raise form.fail(node, str(problem)) from None
    if not span.known:
        raise form.fail(node, f'"{text}" is not one day')
    return span.first, expected


def _bound(form: Form, key: str, claims: dict[str, Claim]) -> Bound | None:
    if not form.has(key):
        return None
    inner = Form(form.get(key), form.path, key, required=("certainty",), optional=("date", "claims", "note"))
    if inner.has("claims"):
        cited(inner, claims)
    text = inner.text("date", "1890-01-01")
    try:
        return Bound(parse_span(text).first, inner.one_of("certainty", CERTAINTY), inner.texts("claims"))
    except ValueError as problem:
        raise inner.fail(inner.get("date"), str(problem)) from None


def _definitions(
    root: Node, path: str, key: str, book: Book, claims: dict[str, Claim], found: Found
) -> tuple[tuple[Definition, ...], dict[str, Tree]]:
    form = Form(root, path, "definitions", required=("definitions",), optional=("note",))
    made, trees = [], {}
    for name, node in form.pairs("definitions"):
        each = Form(
            node,
            path,
            "a definition",
            optional=("claims", "when", "second_hand", "cases", "silent", "not_read", "note", "readings"),
        )
        if not each.has("when"):
            status = Status.SILENT if each.has("silent") else Status.NOT_READ
            made.append(
                Definition(name, status, looked=_looked(each, each.get("silent" if each.has("silent") else "not_read")))
            )
            continue
        cited(each, claims)
        when = each.get("when")
        try:
            trees[name] = parse(each.text("when"))
        except LanguageError as problem:
            raise each.fail(when, problem.message, problem.column) from None
        made.append(
            Definition(
                name,
                Status.ANSWERED,
                condition(each, when, book, book.names(), file_reads=True),
                each.text("when"),
                each.texts("claims"),
                second_hand=each.flag("second_hand"),
            )
        )
        found.cases.extend(read_cases(each, key, f"definition:{name}"))
    return tuple(made), trees


def _table(
    node: Node,
    path: str,
    key: str,
    book: Book,
    points: dict[str, Point],
    claims: dict[str, Claim],
    trees: dict[str, Tree],
    found: Found,
) -> Cell:
    cell = Tables(path, book, points, claims, trees).cell(node)
    found.cases.extend(
        read_cases(
            Form(node, path, "a protocol table", optional=tuple(node.entries) if isinstance(node, Map) else ()),
            key,
            cell.point,
        )
    )
    return cell


def overlaps(editions: list[Edition]) -> Iterator[ReadError]:
    """Editions of one protocol that overlap without a relation between them."""
    for place, one in enumerate(editions):
        for other in editions[place + 1 :]:
            if one.protocol == other.protocol and _overlap(one, other) and not _related(one, other):
                yield ReadError(
                    f"protocols/{other.key}/edition.yaml",
                    1,
                    1,
                    f"overlaps {one.key} without a relation; write `relations:`",
                )


def _overlap(one: Edition, other: Edition) -> bool:
    starts = [edition.begins.day if edition.begins else 0 for edition in (one, other)]
    ends = [edition.ends.day if edition.ends else 10**9 for edition in (one, other)]
    return max(starts) <= min(ends)


def _related(one: Edition, other: Edition) -> bool:
    return any(name == other.edition for _, name in one.relations) or any(
        name == one.edition for _, name in other.relations
    )
