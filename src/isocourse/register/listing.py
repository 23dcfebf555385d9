"""Finds courses: by who or what they are, or by what is to be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from isocourse.register.database import is_sqlite
from isocourse.register.fold import MANY
from isocourse.register.identity import name_key
from isocourse.register.journal import chunks
from isocourse.register.problem import RegisterError
from isocourse.register.tables import COPIED, COURSE, IDENTITY, LATEST, PATIENT, WORKLIST

RED, HELD, OVERDUE, CLOSING, ASKING, NOTHING = range(6)
RANKS = ("red", "not_today", "overdue", "closing", "cannot_tell", "nothing")
"""Why a course is on the worklist; the first that holds decides where it stands."""

MOST_NAMED = 2000
"""People that the words of a search may fit; a list of more helps nobody."""

STATES = ("planned", "running", "ended")


class Told(msgspec.Struct, frozen=True):
    """What a course is on the worklist for, in words."""

    red: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    """What else holds up a start or a supply today."""
    overdue: tuple[str, ...] = ()
    """Duties that the file shows as not done in their time."""
    closing: tuple[tuple[str, str], ...] = ()
    """The last day, and what must be done by then."""
    asks: tuple[str, ...] = ()
    """Facts that keep answers open, cheapest first."""
    unread: str = ""
    """Why the course could not be judged, if it could not."""


class Judged(msgspec.Struct, frozen=True):
    """What judging one course gave."""

    course: str
    patient: str
    as_of: str
    knowledge: str
    last_seq: int
    """The patient's last event that was read for it."""
    told: Told

    @property
    def closes_on(self) -> str:
        """The first day on which something closes."""
        return min((day for day, _ in self.told.closing), default="")

    @property
    def rank(self) -> int:
        """Where it stands."""
        told = self.told
        said = tuple(map(bool, (told.red or told.unread, told.held, told.overdue, told.closing, told.asks)))
        return said.index(True) if True in said else NOTHING


class Line(msgspec.Struct, frozen=True):
    """One course as a list shows it."""

    course: str
    patient: str
    name: str
    birth: str
    number: str
    version: int
    jurisdiction: str
    product: str
    first_dose: str
    last_dose: str
    last_day: str
    as_of: str = ""
    """The day judged by; empty if never."""
    behind: bool = False
    """Whether something was written since it was judged, or other knowledge judged it."""
    rank: str = ""
    told: Told = Told()


class Filter(msgspec.Struct, frozen=True):
    """Which courses to find; everything that is given must hold."""

    words: str = ""
    """Part of a name; or a whole record number, patient or course."""
    jurisdiction: str = ""
    product: str = ""
    state: str = ""
    why: tuple[str, ...] = ()
    """Any of these reasons to be on the worklist."""
    stream: str = ""
    """Something of this stream, or on this list, is on file."""
    not_seen_since: str = ""
    closes_by: str = ""


class Age(msgspec.Struct, frozen=True):
    """How old the worklist is: courses by the day and the knowledge they were judged by."""

    as_of: str
    knowledge: str
    courses: int
    behind: int


Columns = ReadOnlyColumnCollection[str, Column[Any]]
_I, _C, _W = IDENTITY.c, COURSE.c, WORKLIST.c
_SHOWN = (
    _C.course, _C.patient, _I.name, _I.birth, _I.number, _C.version, _C.jurisdiction, _C.product, _C.first_dose, _C.last_dose, _C.last_day,
    _W.as_of, _W.behind, _W.knowledge, _W.rank, _W.told,
)  # fmt: skip


def search(
    connection: Connection, wanted: Filter, today: str, knowledge: str, limit: int, offset: int = 0
) -> list[Line]:
    """Courses by name where part of one is given; else those with the newest entries first.

    Raises:
        RegisterError: the words fit too many people to be of use.
    """
    c = _W if _of_list(wanted) else _C
    found = _found(connection, wanted, today, c)
    order = (_I.name_key.asc(), c.course.asc()) if wanted.words else (c.last_day.desc(), c.course.desc())
    return _page(connection, found.order_by(*order).limit(limit).offset(offset), order, knowledge)


def worklist(
    connection: Connection, wanted: Filter, today: str, knowledge: str, limit: int, offset: int = 0
) -> list[Line]:
    """Courses by what is to be done: red, what holds up a supply, overdue, closing by day, cannot tell."""
    found = _found(connection, wanted, today, _W).where(_W.rank < NOTHING)
    order = (_W.rank.asc(), _W.closes_on.asc(), _W.course.asc())
    return _page(connection, found.order_by(*order).limit(limit).offset(offset), order, knowledge)


def _found(connection: Connection, wanted: Filter, today: str, c: Columns) -> Select[*tuple[Any, ...]]:
    """The courses that are wanted, by name alone: whatever a page does not show is passed over in the indexes.

    A list is walked in its own order, in an index that holds all that may be asked: of courses, or of their lines on the worklist (`c`).
    """
    asked = _of_course(connection, wanted, today, c) + _of_list(wanted)
    tables: FromClause = c.course.table
    if wanted.words:
        asked.append(or_(c.patient.in_(_named(connection, wanted.words)), c.course == wanted.words))
        tables = tables.join(IDENTITY, _I.patient == c.patient)
    return select(c.course.label("found")).select_from(tables).where(*asked)


def _page(
    connection: Connection,
    found: Select[*tuple[Any, ...]],
    order: Sequence[ColumnElement[Any]],
    knowledge: str,
) -> list[Line]:
    """What a list shows of the courses found, in the same order."""
    some = found.subquery()
    shown = COURSE.join(IDENTITY, _I.patient == _C.patient).outerjoin(WORKLIST, _W.course == _C.course)
    asked = select(*_SHOWN).select_from(some.join(shown, _C.course == some.c.found)).order_by(*order)
    return [_line(row, knowledge) for row in connection.execute(asked)]


def _of_course(connection: Connection, wanted: Filter, today: str, c: Columns) -> list[ColumnElement[bool]]:
    """What is asked of a course itself, by its own row or by its line on the worklist."""
    said: list[ColumnElement[bool]] = []
    if wanted.jurisdiction:
        said.append(c.jurisdiction == wanted.jurisdiction)
    if wanted.product:
        said.append(c.product == wanted.product)
    if wanted.state:
        said.append(_state(wanted.state, today, c))
    if wanted.not_seen_since:
        said.append(c.last_day < wanted.not_seen_since)
    if wanted.stream:
        place = func.instr if is_sqlite(connection) else func.strpos
        held = LATEST.c
        looked = exists().where(held.patient == c.patient, held.course == c.course, held.stream == wanted.stream)
        said.append(or_(place(c.streams, f" {wanted.stream} ") > 0, and_(c.streams == MANY, looked)))
    return said


def _of_list(wanted: Filter) -> list[ColumnElement[bool]]:
    """What is asked of its line on the worklist."""
    said: list[ColumnElement[bool]] = []
    if wanted.why:
        said.append(or_(*(_why(why) for why in wanted.why)))
    if wanted.closes_by:
        said.append(and_(_W.closes_on != "", _W.closes_on <= wanted.closes_by))
    return said


def _named(connection: Connection, words: str) -> list[str]:
    """The patients with these words in the name, or with just this number or pseudonym."""
    like = "%" + name_key(words).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    fits = or_(_I.name_key.like(like, escape="\\"), _I.number == words, _I.patient == words)
    found = list(connection.execute(select(_I.patient).where(fits).limit(MOST_NAMED + 1)).scalars())
    if len(found) > MOST_NAMED:
        raise RegisterError.of(
            "many_named",
            'more than {n} people have "{words}" in their name; write more of it',
            n=MOST_NAMED,
            words=words,
        )
    return found


def _state(state: str, today: str, c: Columns) -> ColumnElement[bool]:
    begun = and_(c.first_dose != "", c.first_dose <= today)
    over = and_(c.last_dose != "", c.last_dose < today)
    return {"planned": and_(~begun, ~over), "running": and_(begun, ~over), "ended": over}[state]


def _why(why: str) -> ColumnElement[bool]:
    return {
        "red": _W.rank == RED,
        "not_today": _W.held > 0,
        "overdue": _W.overdue > 0,
        "closing": _W.closes_on != "",
        "cannot_tell": _W.asks > 0,
    }[why]


def _line(row: Any, knowledge: str) -> Line:  # noqa: ANN401 - a row of the select above
    shown, (as_of, behind, by, rank, told) = row[:11], row[11:]
    line = Line(*shown)
    if as_of is None:
        return line
    said = msgspec.json.decode(told, type=Told)
    return msgspec.structs.replace(
        line, as_of=as_of, behind=bool(behind) or by != knowledge, rank=RANKS[rank], told=said
    )


def ages(connection: Connection) -> list[Age]:
    """How old the worklist is."""
    asked = select(_W.as_of, _W.knowledge, func.count(), func.sum(_W.behind)).group_by(_W.as_of, _W.knowledge)
    found = [Age(as_of, by, count, int(behind)) for as_of, by, count, behind in connection.execute(asked)]
    total, told = courses(connection), sum(age.courses for age in found)
    never = [Age("", "", total - told, 0)] if total > told else []
    return sorted(found, key=lambda age: (age.as_of, age.knowledge)) + never


def totals(connection: Connection) -> dict[str, int]:
    """How many courses stand in each rank."""
    counted = connection.execute(select(_W.rank, func.count()).group_by(_W.rank))
    return {RANKS[rank]: count for rank, count in counted}


def reasons(connection: Connection) -> dict[str, int]:
    """How many courses are on the worklist for each reason; one may be there for several."""
    names = ("red", "not_today", "overdue", "closing", "cannot_tell")
    counted = connection.execute(
        select(*(func.count().filter(_why(name)) for name in names)).select_from(WORKLIST)
    ).one()
    return {name: int(count) for name, count in zip(names, counted, strict=True)}


def to_judge(connection: Connection, today: str, knowledge: str, most: int | None = None) -> list[tuple[str, str]]:
    """Courses whose line is not of this day, this knowledge and the last event: (patient, course), those written to since first.

    Args:
        connection: one view of the register.
        today: the day to judge by.
        knowledge: the knowledge to judge by.
        most: how many to name at most; None: all.
    """
    old = or_(_W.behind > 0, _W.as_of != today, _W.knowledge != knowledge)
    older = select(_W.patient, _W.course).where(old).order_by(_W.behind.desc(), _W.patient, _W.course)
    found = [(patient, course) for patient, course in connection.execute(older.limit(most))]
    if len(found) == most or judged(connection) == courses(connection):
        return found
    never = select(_C.patient, _C.course).where(_C.course.not_in(select(_W.course))).order_by(_C.patient, _C.course)
    left = None if most is None else most - len(found)
    return found + [(patient, course) for patient, course in connection.execute(never.limit(left))]


def courses(connection: Connection) -> int:
    """How many courses there are."""
    return int(connection.execute(select(func.count()).select_from(COURSE)).scalar_one())


def judged(connection: Connection) -> int:
    """How many lines the worklist has."""
    return int(connection.execute(select(func.count()).select_from(WORKLIST)).scalar_one())


def put(connection: Connection, judged: Sequence[Judged]) -> None:
    """Puts lines on the worklist in place of older ones; a course that is gone, or was erased meanwhile, gets none."""
    now, told = dict[str, int](), dict[str, Sequence[object]]()
    for some in chunks([each.patient for each in judged]):
        found = connection.execute(select(PATIENT.c.patient, PATIENT.c.last_seq).where(PATIENT.c.patient.in_(some)))
        now.update((patient, last) for patient, last in found)
    copied = select(_C.course, *(_C[name] for name in COPIED))
    for some in chunks([each.course for each in judged]):
        connection.execute(delete(WORKLIST).where(_W.course.in_(some)))
        told.update((course, copy) for course, *copy in connection.execute(copied.where(_C.course.in_(some))))
    rows = [
        _row(each, now[each.patient]) | dict(zip(COPIED, told[each.course], strict=True))
        for each in judged
        if each.patient in now and each.course in told
    ]
    if rows:
        connection.execute(insert(WORKLIST), rows)


def _row(judged: Judged, last_seq: int) -> dict[str, object]:
    told = judged.told
    return {
        "course": judged.course,
        "patient": judged.patient,
        "as_of": judged.as_of,
        "knowledge": judged.knowledge,
        "last_seq": judged.last_seq,
        "behind": int(judged.last_seq < last_seq),
        "rank": judged.rank,
        "red": len(told.red),
        "held": len(told.held),
        "overdue": len(told.overdue),
        "closes_on": judged.closes_on,
        "asks": len(told.asks),
        "told": msgspec.json.encode(told).decode(),
    }
