"""Reads a whole knowledge folder into a Library; every mistake is named by file, line and column."""

from __future__ import annotations

import hashlib
from pathlib import Path

from isocourse.facts.problem import ReadError
from isocourse.facts.streams import Catalogue, Stream
from isocourse.library.knowledge import Library
from isocourse.reading.book import Book
from isocourse.reading.editions import edition_folders, overlaps, read_edition
from isocourse.reading.effects import read_effect
from isocourse.reading.facts import own_streams, read_facts
from isocourse.reading.instruments import read_instrument
from isocourse.reading.interactions import read_interaction
from isocourse.reading.products import read_product
from isocourse.reading.safety import read_checks, read_red
from isocourse.reading.shelf import Found, Shelf, knowledge_files
from isocourse.reading.sources import read_claims, read_work
from isocourse.reading.tables import read_point
from isocourse.reading.vocabulary import read_streams, read_vocabulary


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
    streams += [each for read in Shelf(root, Found()).each("facts", own_streams) for each in read]
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
        edition
        for folder in edition_folders(root / "protocols")
        if (edition := read_edition(folder, shelf, book, points, claims))
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
    protocols = {edition.protocol for edition in editions}
    products = shelf.each("products", lambda node, path: read_product(node, path, claims, catalogue, protocols))
    effects = shelf.each("effects", lambda node, path: read_effect(node, path, claims, catalogue, protocols))
    interactions = shelf.each(
        "interactions", lambda node, path: read_interaction(node, path, claims, catalogue, protocols)
    )
    instruments = shelf.each("instruments", lambda node, path: read_instrument(node, path, claims, catalogue))
    found.errors.extend(overlaps(editions, root))
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
        tuple(effects),
        tuple(interactions),
        tuple(instruments),
    ), []


def _with_list_streams(streams: list[Stream]) -> list[Stream]:
    """The streams that a record has by itself: the days of a course."""
    return [*streams, *(Stream(name, "date") for name in ("first_dose", "last_dose", "dispensed_on"))]
