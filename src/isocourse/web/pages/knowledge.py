"""Pages about the knowledge: protocols and their editions, what each says, claims, sources, and what changed between two editions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath

from isocourse.app.solving import SolverEndedError
from isocourse.decisions.tables import Definition, Edition, Point, Position, Row, Status
from isocourse.decisions.wording import Wording
from isocourse.library import Claim, Library
from isocourse.logic.syntax import UNLIMITED
from isocourse.render.changes import Change, Told, patient_words, side_words, title_of
from isocourse.render.conditions import condition_words, whom_words
from isocourse.render.rows import row_words
from isocourse.render.words import STATUS
from isocourse.web.pages.bounds import bound_words
from isocourse.web.pages.why import dates_words
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.visit import Visit, Visiting

LOOK = {"needs": Needs.KNOWLEDGE}


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the list."""

    edition: Edition
    title: str
    dates: str
    places: str
    answered: int
    silent: int
    not_read: int


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One row of a table in words."""

    position: str
    says: str
    when: str
    """The condition in words."""
    code: str
    """The condition as it is written."""
    second_hand: bool
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidTerm:
    """A term that an edition defines for itself, in words."""

    definition: Definition
    means: str


@dataclass(frozen=True, slots=True)
class SaidPoint:
    """What an edition says on one point."""

    point: Point
    status: str
    looked: str
    rows: list[SaidRow]


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that another edition says otherwise, in words."""

    title: str
    sides: tuple[list[Told], list[Told]]
    """What was said before, and what is said after; nothing where an edition speaks and does not say it."""
    patient: list[tuple[str, str]] | None
    """In which facts the patient nearest to the reference patient differs who gets another answer."""


@get("/protocols", opt=LOOK, include_in_schema=False)
async def protocols(visit: Visiting) -> Response[str]:
    """Every edition of every protocol, with its dates."""
    lines = [_edition_line(visit, edition) for edition in visit.desk.library.editions]
    return visit.page("protocols.html", lines=sorted(lines, key=lambda line: line.edition.key))


@get("/protocols/{protocol:str}/{edition:str}", opt=LOOK, include_in_schema=False)
async def edition_page(visit: Visiting, protocol: FromPath[str], edition: FromPath[str]) -> Response[str]:
    """One edition: when and where it binds, its definitions, and what it says on each question."""
    found = _edition(visit, f"{protocol}/{edition}")
    library = visit.desk.library
    others = [other for other in library.editions if other.protocol == protocol and other is not found]
    said = [_said(library, visit.words, point, found) for point in library.points]
    return visit.page(
        "edition.html",
        edition=found,
        title=visit.words(found.title),
        line=_edition_line(visit, found),
        begins=bound_words(visit.speech, found.begins),
        terms=[_term(library, visit.words, each) for each in found.definitions],
        said=[each for each in said if each.rows],
        silent=[each for each in said if not each.rows],
        others=[(other, visit.words(other.title)) for other in others],
        can_compare=visit.desk.solver,
    )


@get("/changes/{protocol:str}/{old:str}/{new:str}", opt=LOOK | {"heavy": True}, include_in_schema=False)
async def changes(visit: Visiting, protocol: FromPath[str], old: FromPath[str], new: FromPath[str]) -> Response[str]:
    """What changed between two editions of a protocol, and for whom."""
    before, after = _edition(visit, f"{protocol}/{old}"), _edition(visit, f"{protocol}/{new}")
    if not visit.desk.solver:
        raise RefusalError(visit.speech("Comparing editions needs the solver, which is not installed here."), 404)
    try:
        found = await asyncio.to_thread(visit.desk.changes, before, after)
    except SolverEndedError:
        raise RefusalError(visit.speech("The solver ended without an answer; try again."), 503) from None
    return visit.page(
        "changes.html",
        before=before,
        after=after,
        titles=(visit.words(before.title), visit.words(after.title)),
        found=[_changed(visit.desk.library, visit.words, each) for each in found],
    )


@get("/claims/{name:str}", opt=LOOK, include_in_schema=False)
async def claim_page(visit: Visiting, name: FromPath[str]) -> Response[str]:
    """One claim: what it says, where it stands, how it was read, and the rows that rest on it."""
    library = visit.desk.library
    claim = next((each for each in library.claims if each.name == name), None)
    if claim is None:
        raise RefusalError(visit.speech("There is no claim of this name."), 404)
    return visit.page(
        "claim.html",
        claim=claim,
        work=library.work(claim.work),
        used=_used(library.editions, name),
        facts=_facts(visit, claim),
    )


@get("/sources/{name:str}", opt=LOOK, include_in_schema=False)
async def source_page(visit: Visiting, name: FromPath[str]) -> Response[str]:
    """One source and every claim from it."""
    library = visit.desk.library
    work = next((each for each in library.works if each.name == name), None)
    if work is None:
        raise RefusalError(visit.speech("There is no source of this name."), 404)
    return visit.page("source.html", work=work, claims=[claim for claim in library.claims if claim.work == name])


@get("/sources", opt=LOOK, include_in_schema=False)
async def sources(visit: Visiting) -> Response[str]:
    """Every source."""
    library = visit.desk.library
    counts: dict[str, int] = {}
    for claim in library.claims:
        counts[claim.work] = counts.get(claim.work, 0) + 1
    return visit.page("sources.html", works=sorted(library.works, key=lambda work: work.title), counts=counts)


def _edition(visit: Visit, key: str) -> Edition:
    found = visit.desk.library.edition_named(key)
    if found is None:
        raise RefusalError(visit.speech("There is no edition of this name."), 404)
    return found


def _edition_line(visit: Visit, edition: Edition) -> EditionLine:
    count = {status: sum(cell.status is status for cell in edition.cells) for status in Status}
    return EditionLine(
        edition,
        visit.words(edition.title),
        dates_words(visit.speech, edition),
        ", ".join(edition.jurisdictions),
        count[Status.ANSWERED],
        count[Status.SILENT],
        count[Status.NOT_READ],
    )


def _changed(library: Library, w: Wording, change: Change) -> Changed:
    before, after = (list(side_words(library, change, side, w)) for side in change.sides)
    patient = None if change.patient is None else patient_words(library, change, w)
    return Changed(title_of(library, change, w), (before, after), patient)


def _term(library: Library, w: Wording, each: Definition) -> SaidTerm:
    return SaidTerm(each, condition_words(library, each.text, w) if each.text else "")


def _said(library: Library, w: Wording, point: Point, edition: Edition) -> SaidPoint:
    cell = edition.cell(point.name)
    rows = [_row(library, w, point, position, row) for position in cell.positions for row in position.acting.rows]
    return SaidPoint(point, w(STATUS[cell.status]), w(cell.looked), rows)


def _row(library: Library, w: Wording, point: Point, position: Position, row: Row) -> SaidRow:
    rows, code = position.acting.rows, "" if row.text in UNLIMITED else row.text
    when = whom_words(library, point, rows, row, w)
    return SaidRow(position.name.replace("_", " "), row_words(point, row, w), when, code, row.second_hand, row.claims)


def _used(editions: tuple[Edition, ...], name: str) -> list[tuple[Edition, str]]:
    """Editions and points on which a row rests on the claim."""
    return [
        (edition, cell.point)
        for edition in editions
        for cell in edition.cells
        if any(
            name in (*row.claims, row.closes) or name in position.claims
            for position in cell.positions
            for row in position.acting.rows
        )
    ]


def _facts(visit: Visit, claim: Claim) -> list[tuple[str, str]]:
    """What is noted of a claim, and under which head."""
    _ = visit.speech
    noted = [
        (_("Where"), claim.where),
        (_("How it was read"), claim.read),
        (_("Force"), claim.force),
        (_("Grade, as the source states it"), claim.grade.replace("_", " ")),
        (_("Population"), claim.population),
        (_("Formulation"), claim.formulation),
        (_("Compared with"), claim.comparator),
        (_("Damaged"), claim.damage),
        (_("Interest"), claim.interest),
        (_("Statement of the review"), claim.seed),
    ]
    return [(head, text) for head, text in noted if text]


HANDLERS = (protocols, edition_page, changes, claim_page, source_page, sources)
