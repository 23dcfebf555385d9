"""Reads a whole knowledge folder into a Library; every mistake is named by file, line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from isocourse.decisions.tables import AUTHORITY, Bound, Cell, Definition, Edition, OrderCheck, Point, RedLine, Status
from isocourse.facts.days import parse_span
from isocourse.facts.problem import ReadError
from isocourse.facts.streams import Catalogue, Stream
from isocourse.library.knowledge import Case, Claim, Library, Product, Work
from isocourse.logic.problems import LanguageError, did_you_mean
from isocourse.logic.syntax import Tree, parse
from isocourse.reading.book import Book
from isocourse.reading.cases import read_cases
from isocourse.reading.facts import read_facts
from isocourse.reading.forms import Form
from isocourse.reading.tables import Tables, condition, read_point
from isocourse.reading.vocabulary import read_streams, read_vocabulary
from isocourse.reading.yaml_text import Map, Node, load_text

MARKS = ("SEED", "SAW-P", "SAW-S", "CALC", "HOUSE")
CERTAINTY = ("read", "second_hand", "planned", "unknown")
Made = TypeVar("Made")


@dataclass(slots=True)
class Found:
    """Everything read so far, and the mistakes met."""

    errors: list[ReadError] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)


def knowledge_files(root: Path) -> list[Path]:
    """The knowledge files, in a fixed order."""
    return sorted(root.rglob("*.yaml"))


def digest_of(root: Path) -> str:
    """A hash of the names and contents of all knowledge files."""
    whole = hashlib.blake2b(digest_size=16)
    for path in knowledge_files(root):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def read_library(root: Path) -> Library:
    """The library of a knowledge folder.

    Raises:
        ReadError: the first mistake in the files.
    """
    library, errors = read_all(root)
    if errors or library is None:
        raise errors[0]
    return library


def read_all(root: Path) -> tuple[Library | None, list[ReadError]]:
    """The library, and every mistake that could be named in one go; no library if there are mistakes."""
    found = Found()
    shelf = Shelf(root, found)
    streams = [each for read in shelf.each("streams", read_streams) for each in read]
    vocabularies = shelf.each("vocabulary", read_vocabulary)
    catalogue = Catalogue(tuple(_with_list_streams(streams)), tuple(vocabularies))
    facts = {
        fact.name: fact
        for read in shelf.each("facts", lambda node, path: read_facts(node, path, catalogue))
        for fact in read
    }
    works = shelf.each("sources", read_work)
    claims = {
        claim.name: claim
        for read in shelf.each("claims", lambda node, path: read_claims(node, path, {w.name for w in works}))
        for claim in read
    }
    book = Book(catalogue, facts)
    points = {point.name: point for point in shelf.each("decisions", lambda node, path: read_point(node, path, book))}
    editions = [
        edition for folder in _folders(root / "protocols") if (edition := _edition(folder, shelf, book, points, claims))
    ]
    red = [
        line
        for read in shelf.some("safety/red.yaml", lambda node, path: read_red(node, path, book, claims))
        for line in read
    ]
    checks = [
        check
        for read in shelf.some("safety/order_checks.yaml", lambda node, path: read_checks(node, path, book, claims))
        for check in read
    ]
    products = shelf.each("products", read_product)
    found.errors.extend(_overlaps(editions, root))
    if found.errors:
        return None, found.errors
    return Library(
        digest_of(root),
        catalogue,
        tuple(facts.values()),
        tuple(works),
        tuple(claims.values()),
        tuple(points.values()),
        tuple(editions),
        tuple(red),
        tuple(checks),
        tuple(products),
        book.builder.program(),
        book.listed(),
        tuple(found.cases),
    ), []


def _with_list_streams(streams: list[Stream]) -> list[Stream]:
    """The streams that a record has by itself: the days of a course."""
    return [*streams, *(Stream(name, "date") for name in ("first_dose", "last_dose", "dispensed_on"))]


class Shelf:
    """A knowledge folder, read file by file, keeping every mistake."""

    def __init__(self, root: Path, found: Found) -> None:
        self.root = root
        self.found = found

    def each(self, folder: str, make: Callable[[Node, str], Made]) -> list[Made]:
        """What every file of a folder makes."""
        return [made for path in knowledge_files(self.root / folder) for made in self.one(path, make)]

    def some(self, name: str, make: Callable[[Node, str], Made]) -> list[Made]:
        """What one file makes, if it is there."""
        path = self.root / name
        return list(self.one(path, make)) if path.exists() else []

    def one(self, path: Path, make: Callable[[Node, str], Made]) -> Iterator[Made]:
        """What a file makes, unless it has a mistake."""
        try:
            yield make(load_text(path.read_text(encoding="utf-8"), self.short(path)), self.short(path))
        except ReadError as error:
            self.found.errors.append(error)

    def short(self, path: Path) -> str:
        """The path as messages show it."""
        return path.relative_to(self.root).as_posix()


# sources, claims, products, safety -----------------------------------------------------------------------------------------
def read_work(root: Node, path: str) -> Work:
    """One source."""
    form = Form(
        root,
        path,
        "a source",
        required=("source", "title", "publisher", "kind", "dated", "found_at", "read"),
        optional=("language", "note", "interest", "licence"),
    )
    return Work(
        form.text("source"),
        form.text("title"),
        form.text("publisher"),
        form.text("kind"),
        form.text("dated"),
        form.text("found_at"),
        form.one_of("read", MARKS),
        form.text("note", ""),
    )


def read_claims(root: Node, path: str, works: set[str]) -> list[Claim]:
    """The claims of one file."""
    form = Form(root, path, "a claims file", required=("claims",), optional=("note",))
    return [_claim(name, node, path, works) for name, node in form.pairs("claims")]


def _claim(name: str, node: Node, path: str, works: set[str]) -> Claim:
    form = Form(
        node,
        path,
        "a claim",
        required=("says", "source", "where", "read"),
        optional=(
            "force",
            "grade",
            "population",
            "formulation",
            "comparator",
            "damage",
            "origin",
            "interest",
            "seed",
            "checked_by",
            "note",
            "dates",
        ),
    )
    if form.text("source") not in works:
        raise form.fail(
            form.get("source"),
            f'no source "{form.text("source")}"'
            + did_you_mean(form.text("source"), works)
            + "; sources are in knowledge/sources",
        )
    return Claim(
        name,
        form.text("says"),
        form.text("source"),
        form.text("where"),
        form.one_of("read", MARKS),
        form.one_of("force", ("must", "should", "may", "none", "fact"), "fact"),
        form.text("grade", "not_graded"),
        form.text("population", ""),
        form.text("formulation", ""),
        form.text("comparator", ""),
        form.text("damage", ""),
        form.text("origin", ""),
        form.text("interest", ""),
        form.text("seed", ""),
        form.text("checked_by", ""),
    )


def read_product(root: Node, path: str) -> Product:
    """One product."""
    form = Form(
        root,
        path,
        "a product",
        required=("product", "say", "formulation", "markets", "strengths"),
        optional=(
            "label",
            "food",
            "excipients",
            "claims",
            "ndc",
            "note",
            "dose_basis",
            "strengths_claim",
            "marks",
            "rxnorm",
        ),
    )
    return Product(
        form.text("product"),
        form.say("say"),
        form.one_of("formulation", ("conventional", "lidose", "micronised")),
        form.texts("markets"),
        form.texts("strengths"),
        form.text("label", ""),
        form.text("food", ""),
        form.texts("excipients") if form.has("excipients") and not isinstance(form.get("excipients"), Map) else (),
        form.texts("claims"),
    )


def read_red(root: Node, path: str, book: Book, claims: dict[str, Claim]) -> list[RedLine]:
    """The reviewed list of red lines."""
    form = Form(root, path, "the red list", required=("red",), optional=("note",))
    made = []
    for node in form.list_of("red"):
        each = Form(node, path, "a red line", required=("id", "when", "say", "do", "claims"), optional=("note",))
        _cited(each, claims)
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
        _cited(each, claims)
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


def _cited(form: Form, claims: dict[str, Claim]) -> None:
    names = form.texts("claims")
    if not names:
        raise form.fail(form.node, "at least one claim is needed")
    for name, node in zip(names, form.list_of("claims"), strict=True):
        if name not in claims:
            raise form.fail(node, f'no claim "{name}"' + did_you_mean(name, claims))


# editions --------------------------------------------------------------------------------------------------------------------
def _folders(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.rglob("edition.yaml"))


def _edition(
    folder: Path, shelf: Shelf, book: Book, points: dict[str, Point], claims: dict[str, Claim]
) -> Edition | None:
    """One edition: its card, its definitions, and a table for every point."""
    made = list(shelf.one(folder / "edition.yaml", lambda node, path: _card(node, path, claims)))
    if not made:
        return None
    card, unanswered = made[0]
    trees: dict[str, Tree] = {}
    definitions: tuple[Definition, ...] = ()
    if (folder / "definitions.yaml").exists():
        for read in shelf.one(
            folder / "definitions.yaml",
            lambda node, path: _definitions(node, path, card.key, book, claims, shelf.found),
        ):
            definitions, trees = read
    cells = dict(unanswered)
    for path in sorted(folder.glob("*.yaml")):
        if path.stem in ("edition", "definitions"):
            continue
        for cell in shelf.one(
            path, lambda node, short: _table(node, short, card.key, book, points, claims, trees, shelf.found)
        ):
            cells[cell.point] = cell
            if path.stem != cell.point:
                shelf.found.errors.append(
                    ReadError(shelf.short(path), 1, 1, f"the file is named {path.stem} but answers {cell.point}")
                )
    broken = {path.stem for path in folder.glob("*.yaml")}
    for name in points:
        if name not in cells and name not in broken:
            shelf.found.errors.append(
                ReadError(
                    shelf.short(folder / "edition.yaml"),
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
        optional=("formulations", "from", "to", "relations", "silent", "not_read", "note"),
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
    cells = {name: Cell(name, Status.SILENT, (), _looked(form, node)) for name, node in form.pairs("silent")}
    cells.update({name: Cell(name, Status.NOT_READ, (), _looked(form, node)) for name, node in form.pairs("not_read")})
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
    )
    return edition, cells


def _looked(form: Form, node: Node) -> str:
    inner = Form(node, form.path, "silent or not_read", required=("looked",), optional=("claims", "note"))
    return inner.text("looked")


def _bound(form: Form, key: str, claims: dict[str, Claim]) -> Bound | None:
    if not form.has(key):
        return None
    inner = Form(form.get(key), form.path, key, required=("certainty",), optional=("date", "claims", "note"))
    if inner.has("claims"):
        _cited(inner, claims)
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
        _cited(each, claims)
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


def _overlaps(editions: list[Edition], root: Path) -> Iterator[ReadError]:
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
