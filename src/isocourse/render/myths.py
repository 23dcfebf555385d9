"""A myth for people: what each authority says on the points that answer it, the claims against it, and those that lend it support."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import msgspec

from isocourse.decisions.tables import Cell, Edition, Point, Row, Status, words
from isocourse.library import Library
from isocourse.library.disagreements import Myth
from isocourse.render.conditions import whom_words
from isocourse.render.rows import row_words
from isocourse.render.words import STATUS, claim_line, short

NOBODY = "No myths are written down in this knowledge."
"""What is said where there are none."""

SIDES = (
    ("against", "CLAIMS AGAINST IT"),
    ("lends", "CLAIMS THAT LEND IT SUPPORT"),
    ("other", "CLAIMS THAT BEAR ON IT"),
)
"""The three lists of claims, with their headings."""


class SaidRow(msgspec.Struct, frozen=True):
    """One row of a protocol: for whom, and what."""

    words: str
    when: str
    """The condition as code."""
    when_in_words: str
    """The condition in words; empty for a row that is said of everybody."""
    second_hand: bool
    claims: list[str]


class SaidPosition(msgspec.Struct, frozen=True):
    """One thing that a protocol says on a point."""

    position: str
    rows: list[SaidRow]


class SaidEdition(msgspec.Struct, frozen=True):
    """What one edition says on a point, or why it says nothing."""

    protocol: str
    edition: str
    called: str
    authority: str
    status: str
    words: str
    looked: str
    positions: list[SaidPosition]


class SaidPoint(msgspec.Struct, frozen=True):
    """What all editions say on a point."""

    decision: str
    title: str
    question: str
    editions: list[SaidEdition]


class SaidClaim(msgspec.Struct, frozen=True):
    """A claim with its source."""

    claim: str
    says: str
    source: str
    where: str
    read: str
    found_at: str
    damage: str
    interest: str


class SaidMyth(msgspec.Struct, frozen=True):
    """A myth with everything that answers it."""

    myth: str
    says: str
    points: list[SaidPoint]
    against: list[SaidClaim]
    lends: list[SaidClaim]
    other: list[SaidClaim]


# as data ---------------------------------------------------------------------------------------------------------------------
def myth_data(library: Library, myth: Myth) -> SaidMyth:
    """A myth as plain data."""
    against, lends, other = (
        [_claim(library, name) for name in names] for names in (myth.against, myth.lends, myth.other)
    )
    points = [_point(library, library.point(name)) for name in myth.points]
    return SaidMyth(myth.name, words(myth.say), points, against, lends, other)


def myths_data(myths: Sequence[Myth]) -> list[dict[str, object]]:
    """The list of myths as plain data."""
    return [{"myth": myth.name, "says": words(myth.say), "points": list(myth.points)} for myth in myths]


def _point(library: Library, point: Point) -> SaidPoint:
    editions = [_edition(library, edition, edition.cell(point.name), point) for edition in library.editions]
    return SaidPoint(point.name, words(point.title), words(point.question), editions)


def _edition(library: Library, edition: Edition, cell: Cell, point: Point) -> SaidEdition:
    positions = [
        SaidPosition(each.name, [_row(library, point, each.acting.rows, row) for row in each.acting.rows])
        for each in cell.positions
    ]
    return SaidEdition(
        edition.protocol,
        edition.edition,
        short(edition),
        edition.authority,
        cell.status.value,
        STATUS[cell.status],
        cell.looked,
        positions,
    )


def _row(library: Library, point: Point, rows: Sequence[Row], row: Row) -> SaidRow:
    told = whom_words(library, point, rows, row)
    return SaidRow(row_words(point, row), row.text, told, row.second_hand, list(row.claims))


def _claim(library: Library, name: str) -> SaidClaim:
    claim = library.claim(name)
    work = library.work(claim.work)
    return SaidClaim(name, claim.says, work.title, claim.where, claim.read, work.found_at, claim.damage, claim.interest)


# as text ---------------------------------------------------------------------------------------------------------------------
def list_lines(myths: Sequence[Myth]) -> Iterator[str]:
    """The myths, one a line."""
    yield from (f"{myth.name}  {words(myth.say)}" for myth in myths)


def myth_lines(library: Library, myth: Myth, width: int) -> Iterator[str]:
    """One myth: the points first, then the claims for and against."""
    found = myth_data(library, myth)
    yield from _folded(f"{found.myth}: {found.says}", width, 0)
    for point in found.points:
        yield ""
        yield from _folded(f"{point.title.upper()}: {point.question}", width, 0)
        for line, indent in _point_lines(point):
            yield from _folded(line, width, indent)
    for side, title in SIDES:
        names = getattr(myth, side)
        yield from ("", title)
        yield from _folded("None here.", width, 2) if not names else ()
        for name in names:
            yield from _folded(f"- {claim_line(library, name)}", width, 2)


def _point_lines(point: SaidPoint) -> Iterator[tuple[str, int]]:
    """Those that speak, protocol by protocol; then those that do not, by why."""
    for edition in point.editions:
        if edition.positions:
            yield f"{edition.called} ({edition.authority})", 2
        for position in edition.positions:
            for row in position.rows:
                name = f"{position.position.replace('_', ' ')}: " if len(edition.positions) > 1 else ""
                mark = " [second hand]" if row.second_hand else ""
                whom = f", when {row.when_in_words}" if row.when_in_words else ""
                yield f"- {name}{row.words}{whom}{mark}", 4
    for status in (Status.SILENT, Status.NOT_READ):
        quiet = [edition.called for edition in point.editions if edition.status == status.value]
        if quiet:
            yield f"{STATUS[status]}: {', '.join(quiet)}", 2


def _folded(text: str, width: int, indent: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
