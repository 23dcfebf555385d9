"""The worklist: each course judged as of a day by the same `assess` as at the desk, kept as codes and worded when it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter

import msgspec

from isocourse.app.assess import assess
from isocourse.app.register import Known, known
from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.breaches import Breach
from isocourse.decisions.dates import covers_until, due
from isocourse.decisions.gate import Gate
from isocourse.decisions.kept import Kept
from isocourse.decisions.lapsed import Lapsed
from isocourse.decisions.tables import OrderCheck, Shape
from isocourse.decisions.today import Held, RedFinding
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import iso
from isocourse.facts.problem import ReadError
from isocourse.facts.record import Record
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.truth import Truth
from isocourse.register.database import writing
from isocourse.register.journal import events_of_several
from isocourse.register.listing import (
    Age,
    Filter,
    Judged,
    Line,
    Told,
    ages,
    put,
    reasons,
    search,
    to_judge,
    totals,
    worklist,
)
from isocourse.register.projections import Progress, quiet
from isocourse.register.register import Register, identity_of
from isocourse.render.frames import FIXED
from isocourse.render.words import fact_words

CLOSING_DAYS = 14
"""How many days ahead a closing window is listed; ours: two weekly lists see it."""

GATE = "no_go_on_unknown"
"""Stands for the rule that no start and no supply is free of doubt while a pregnancy is not excluded."""

LAPSED = "lapsed:"
"""Stands before a red line that rests on a value past its time."""

ASKS_KEPT = 8
"""Missing facts named on a line; the record itself names all."""

BATCH = 200
"""Courses judged between two writes."""

Judge = Callable[[Library, Record, int], Told]
"""Says what a course is on the worklist for, as of a day."""


def judge_course(library: Library, record: Record, as_of: int) -> Told:
    """What a course is on the worklist for: `assess`, and what of its answer belongs on a list."""
    seen = assess(library, record, Asked(as_of))
    today = seen.today
    return Told(
        tuple(dict.fromkeys(_red(finding) for finding in today.stop_now)),
        tuple(_held(held) for held in today.not_today if not _duty(held)),
        tuple(
            f"{held.point.name}/{held.about}" for held in today.not_today if isinstance(held, Breach) and _duty(held)
        ),
        tuple(sorted(set(_closing(seen)))),
        tuple(missing.fact for missing in today.cannot_tell[:ASKS_KEPT]),
    )


def _red(finding: RedFinding) -> str:
    if finding.line is not None:
        return finding.line.name
    assert finding.answer is not None
    assert finding.verdict is not None
    return f"{finding.answer.point.name}/{finding.verdict.row.find}"


def _duty(held: Held) -> bool:
    return isinstance(held, Breach) and held.point.shape is Shape.SCHEDULE and bool(held.about)


def _held(held: Held) -> str:
    if isinstance(held, Gate):
        return GATE
    if isinstance(held, Lapsed):
        return LAPSED + _red(RedFinding(held.line, held.answer, held.verdict))
    return held.name if isinstance(held, OrderCheck) else f"{held.point.name}/{held.about}"


def _closing(seen: Assessment) -> Iterator[tuple[str, str]]:
    """Windows of what is to be done that close within two weeks, and tests on file that soon no longer cover a prescription."""
    last_listed = seen.asked.as_of + CLOSING_DAYS
    for answer, verdict in _duties(seen):
        duty = verdict.row.duty
        assert duty is not None
        what = f"{answer.point.name}/{duty.what}"
        last = due(duty, seen.day_of).last
        if verdict.kept is not Kept.KEPT and last is not None and seen.asked.as_of <= last <= last_listed:
            yield iso(last), what
        covered = covers_until(duty, seen.day_of)
        if verdict.kept is Kept.KEPT and covered is not None and seen.asked.as_of <= covered <= last_listed:
            yield iso(covered), what


def _duties(seen: Assessment) -> Iterator[tuple[Answer, Verdict]]:
    """The duties to do something that apply, under what governs; where nothing does, under all that is loaded."""
    for answer in seen.answers:
        if seen.governs and answer.edition not in seen.governs:
            continue
        for verdict in answer.verdicts:
            if verdict.row.duty is not None and verdict.row.duty.verb == "do" and verdict.applies is Truth.YES:
                yield answer, verdict


def refresh(
    register: Register,
    library: Library,
    as_of: int,
    progress: Progress = quiet,
    judge: Judge = judge_course,
    only: Sequence[str] = (),
) -> int:
    """Judges every course whose line is not of this day, this knowledge and its last event; how many there were.

    Args:
        register: the register.
        library: the knowledge.
        as_of: the day to judge by.
        progress: told how many courses were judged.
        judge: what says why a course is on the list.
        only: these courses alone.
    """
    with register.reading() as connection:
        waiting = to_judge(connection, iso(as_of), library.digest)
    if only:
        waiting = [each for each in waiting if each[1] in only]
    for start in range(0, len(waiting), BATCH):
        some = waiting[start : start + BATCH]
        judged = list(_judged(register, library, as_of, some, judge, progress))
        with writing(register.engine) as connection:
            put(connection, judged)
    return len(waiting)


def _judged(
    register: Register, library: Library, as_of: int, some: Sequence[tuple[str, str]], judge: Judge, progress: Progress
) -> Iterator[Judged]:
    with register.reading() as connection:
        events = events_of_several(connection, list(dict.fromkeys(patient for patient, _ in some)))
        people = {patient: identity_of(connection, patient) for patient in events}
    for patient, courses in groupby(some, itemgetter(0)):
        for _, course in courses:
            told = _told(
                library, as_of, judge, partial(known, events[patient], people[patient], course, library, as_of)
            )
            yield Judged(course, patient, iso(as_of), library.digest, events[patient][-1].seq, told)
            progress(1)


def _told(library: Library, as_of: int, judge: Judge, read: Callable[[], Known]) -> Told:
    """What judging gave; a course that cannot be read stands first on the list and says so."""
    try:
        return judge(library, read().record, as_of)
    except ReadError as problem:
        return Told(unread=str(problem))


# words -----------------------------------------------------------------------------------------------------------------------
def worded(library: Library, told: Told, w: Wording = ENGLISH) -> Told:
    """The same in words for people."""
    return Told(
        tuple(_code_words(library, code, w) for code in told.red),
        tuple(_code_words(library, code, w) for code in told.held),
        tuple(_code_words(library, code, w) for code in told.overdue),
        tuple((_day(day, w), _code_words(library, code, w)) for day, code in told.closing),
        tuple(fact_words(library, name, w) for name in told.asks),
        told.unread,
    )


def _day(day: str, w: Wording) -> str:
    return day if w.language == "en" else w.day(date.fromisoformat(day).toordinal())


def _code_words(library: Library, code: str, w: Wording) -> str:
    if code.startswith(LAPSED):
        return w(FIXED["list.lapsed"], what=_code_words(library, code.removeprefix(LAPSED), w))
    point_name, slash, about = code.partition("/")
    if slash and (point := next((each for each in library.points if each.name == point_name), None)):
        return f"{w(point.title)}: {w(point.say_of(about))}" if about else w(point.title)
    if code == GATE:
        return w(FIXED["list.gate"])
    said = {line.name: line.say for line in library.red} | {check.name: check.say for check in library.checks}
    return w(said[code]) if code in said else code


# lists -----------------------------------------------------------------------------------------------------------------------
def wish(given: Mapping[str, object]) -> Filter:
    """What to find, from the options of a face; what was not given does not count."""
    return msgspec.convert({name: value for name, value in given.items() if value}, Filter)


class Work(msgspec.Struct, frozen=True):
    """The worklist, how many courses stand where, and how old it is."""

    lines: list[Line]
    totals: dict[str, int]
    """By what stands first for each."""
    reasons: dict[str, int]
    """By every reason to be on the list; one course may have several."""
    ages: list[Age]
    age: list[str]
    """The same in words."""
    old: int = 0
    """Courses whose line is not of the day asked for, this knowledge and the last event."""


def found(
    register: Register, library: Library, wanted: Filter, as_of: int, limit: int, offset: int = 0, w: Wording = ENGLISH
) -> list[Line]:
    """Courses by name, in words."""
    with register.reading() as connection:
        lines = search(connection, wanted, iso(as_of), library.digest, limit, offset)
    return [_in_words(library, line, w) for line in lines]


def seen_last(register: Register, library: Library, as_of: int, most: int) -> list[str]:
    """Courses that run, then courses that are planned, each with the newest entries first."""
    with register.reading() as connection:
        several = [
            search(connection, Filter(state=state), iso(as_of), library.digest, most)
            for state in ("running", "planned")
        ]
    return [line.course for lines in several for line in lines][:most]


def work(
    register: Register, library: Library, wanted: Filter, as_of: int, limit: int, offset: int = 0, w: Wording = ENGLISH
) -> Work:
    """The worklist, in words."""
    with register.reading() as connection:
        lines = worklist(connection, wanted, iso(as_of), library.digest, limit, offset)
        counted, why, old = totals(connection), reasons(connection), ages(connection)
    told = list(_age(old, iso(as_of), library.digest))
    shown = [_in_words(library, line, w) for line in lines]
    return Work(shown, counted, why, old, told, _old(old, iso(as_of), library.digest))


def waiting(register: Register, library: Library, as_of: int, most: int | None = None) -> int:
    """How many courses a refresh would judge; counted up to `most`."""
    with register.reading() as connection:
        return len(to_judge(connection, iso(as_of), library.digest, most))


def _old(found: Sequence[Age], today: str, knowledge: str) -> int:
    """How many courses a refresh would judge, from the ages alone."""
    return sum(age.behind if (age.as_of, age.knowledge) == (today, knowledge) else age.courses for age in found)


def _in_words(library: Library, line: Line, w: Wording) -> Line:
    return msgspec.structs.replace(line, told=worded(library, line.told, w))


def courses_words(count: int) -> str:
    """How many courses.

    >>> courses_words(1), courses_words(2)
    ('1 course', '2 courses')
    """
    return "1 course" if count == 1 else f"{count} courses"


def _age(old: Sequence[Age], today: str, knowledge: str) -> Iterator[str]:
    for age in old:
        if not age.as_of:
            yield f"{courses_words(age.courses)} {'was' if age.courses == 1 else 'were'} never judged."
            continue
        other = ", by other knowledge" if age.knowledge != knowledge else ""
        yield f"{courses_words(age.courses)} judged as of {age.as_of}{other}{'' if age.as_of == today else ', not today'}."
        if age.behind:
            yield f"{age.behind} of them {'was' if age.behind == 1 else 'were'} written to since."
