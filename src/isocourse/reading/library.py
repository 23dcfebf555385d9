"""Reads a whole knowledge folder into a Library; every mistake is named by file, line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from isocourse.decisions.tables import Edition, Point
from isocourse.facts.presume import Presumptions
from isocourse.facts.problem import ReadError
from isocourse.facts.streams import Catalogue, Stream
from isocourse.library.disagreements import Disagreements
from isocourse.library.knowledge import Claim, Library, ReferencePatient, pack_cases
from isocourse.library.page import PatientPage
from isocourse.library.sheet import PatientSheet
from isocourse.library.theorems import Theorems
from isocourse.library.translations import WORDS
from isocourse.reading.axioms import derived, read_axioms
from isocourse.reading.book import Book
from isocourse.reading.disagreements import read_known, read_measured, read_myths, read_pairs, read_statements
from isocourse.reading.editions import edition_folders, overlaps, read_edition
from isocourse.reading.effects import read_effect
from isocourse.reading.facts import own_streams, read_facts
from isocourse.reading.instruments import read_instrument
from isocourse.reading.interactions import read_interaction
from isocourse.reading.page import read_page
from isocourse.reading.products import read_product
from isocourse.reading.reference import read_reference
from isocourse.reading.safety import read_checks, read_presumptions, read_red, read_regions
from isocourse.reading.sheet import read_sheet
from isocourse.reading.shelf import Found, Sheet, Shelf, knowledge_files
from isocourse.reading.sources import read_claims, read_work
from isocourse.reading.tables import read_point
from isocourse.reading.tactics import read_tactics
from isocourse.reading.theorems import read_theorems
from isocourse.reading.vocabulary import read_streams, read_vocabulary

NOT_FACTS = ("axioms", "reference", "measured", "cases")
"""Files and folders of the facts folder that declare no facts."""


def digest_of(sheets: Sequence[Sheet]) -> str:
    """A hash of the names and contents of all knowledge files, less those of translated words."""
    whole = hashlib.blake2b(digest_size=16)
    for sheet in sheets:
        if sheet.name.startswith(f"{WORDS}/"):
            continue
        whole.update(sheet.name.encode() + b"\0" + sheet.content + b"\0")
    return whole.hexdigest()


def read_library(roots: Sequence[Path]) -> Library:
    """The library of knowledge folders laid over each other.

    Raises:
        ReadError: the first mistake in the files.
    """
    library, errors = read_all(roots)
    if errors or library is None:
        raise errors[0]
    return library


def read_all(roots: Sequence[Path]) -> tuple[Library | None, list[ReadError]]:
    """The library, and every mistake that could be named in one go; no library if there are mistakes."""
    found, sheets = Found(), knowledge_files(roots)
    shelf = Shelf(sheets, found)
    streams = [each for read in shelf.each("streams", read_streams) for each in read]
    streams += [each for read in Shelf(sheets, Found()).each("facts", own_streams, but=NOT_FACTS) for each in read]
    vocabularies = shelf.each("vocabulary", read_vocabulary)
    catalogue = Catalogue(tuple(_with_list_streams(streams)), tuple(vocabularies))
    facts = {
        fact.name: fact
        for read in shelf.each("facts", lambda node, path: read_facts(node, path, catalogue), but=NOT_FACTS)
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
        edition for folder in edition_folders(shelf) if (edition := read_edition(folder, shelf, book, points, claims))
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
    tactics = [
        tactic
        for read in shelf.some(
            "safety/tactics.yaml", lambda node, path: read_tactics(node, path, book, claims, points, found.cases)
        )
        for tactic in read
    ]
    theorems = shelf.some("safety/theorems.yaml", lambda node, path: read_theorems(node, path, book, points, red))
    axioms = [
        axiom
        for read in shelf.some("facts/axioms.yaml", lambda node, path: read_axioms(node, path, book))
        for axiom in read
    ]
    axioms += derived(book)
    reference = list(shelf.some("facts/reference.yaml", read_reference))
    presumptions = shelf.some("safety/presume.yaml", lambda node, path: read_presumptions(node, path, claims))
    regions = shelf.some("safety/regions.yaml", lambda node, path: read_regions(node, path, claims))
    disagreements = _disagreements(shelf, claims, points, editions, catalogue)
    found.errors.extend(overlaps(editions))
    protocols = {edition.protocol for edition in editions}
    products = shelf.each("products", lambda node, path: read_product(node, path, claims, catalogue, protocols))
    effects = shelf.each("effects", lambda node, path: read_effect(node, path, claims, catalogue, protocols))
    interactions = shelf.each(
        "interactions", lambda node, path: read_interaction(node, path, claims, catalogue, protocols)
    )
    instruments = shelf.each("instruments", lambda node, path: read_instrument(node, path, claims, catalogue))
    page = shelf.some("for_patient.yaml", lambda node, path: read_page(node, path, claims, [line.name for line in red]))
    told = page[0] if page else PatientPage()
    sheet = shelf.some("patient_sheet.yaml", lambda node, path: read_sheet(node, path, told))
    if found.errors:
        return None, found.errors
    return Library(
        digest_of(sheets),
        catalogue,
        tuple(facts.values()),
        tuple(works),
        tuple(claims.values()),
        tuple(points.values()),
        tuple(editions),
        tuple(red),
        tuple(checks),
        tuple(products),
        replace(book.builder.program(), axioms=tuple(axiom.node for axiom in axioms)),
        book.listed(),
        pack_cases(found.cases),
        tuple(axioms),
        reference[0] if reference else ReferencePatient(),
        theorems[0] if theorems else Theorems(),
        disagreements,
        presumptions[0] if presumptions else Presumptions(),
        tuple(region for read in regions for region in read),
        tuple(effects),
        tuple(interactions),
        tuple(instruments),
        tactics=tuple(tactics),
        page=told,
        sheet=sheet[0] if sheet else PatientSheet(),
    ), []


def _disagreements(
    shelf: Shelf,
    claims: dict[str, Claim],
    points: dict[str, Point],
    editions: list[Edition],
    catalogue: Catalogue,
) -> Disagreements:
    """What authors wrote down of disagreements."""
    holders = {name for edition in editions for name in (edition.protocol, edition.key)}
    duties = {find for point in points.values() for find, _ in point.finds}
    streams = {*catalogue.by_name, *(f"{v.name}.{kind}" for v in catalogue.vocabularies for kind in v.kinds())}
    pairs = shelf.each("pairs", lambda node, path: read_pairs(node, path, claims, points))
    known = shelf.some("contradictions.yaml", lambda node, path: read_known(node, path, claims, points, holders))
    myths = shelf.some("myths.yaml", lambda node, path: read_myths(node, path, claims, points))
    measured = shelf.some("facts/measured.yaml", lambda node, path: read_measured(node, path, duties, streams))
    statements = shelf.some("statements.yaml", read_statements)
    return Disagreements(
        tuple(each for read in pairs for each in read),
        tuple(each for read in known for each in read),
        tuple(each for read in myths for each in read),
        tuple(each for read in measured for each in read),
        tuple(each for read in statements for each in read),
    )


def _with_list_streams(streams: list[Stream]) -> list[Stream]:
    """The streams that a record has by itself: the days of a course."""
    return [*streams, *(Stream(name, "date") for name in ("first_dose", "last_dose", "dispensed_on"))]
