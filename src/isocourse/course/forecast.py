"""When a course may end under each protocol's stopping rule: a date where the rule has one, otherwise "not before ..."."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from isocourse.course.project import Projector
from isocourse.decisions.answers import Answer, judge
from isocourse.decisions.binding import in_force
from isocourse.decisions.tables import Edition, Point, Status
from isocourse.library import Library


class Forecast(Struct, frozen=True):
    """What one position's rule says of the end of a course that goes as planned."""

    edition: str
    position: str
    governs: bool
    rule: str
    """`when_to_stop`, `cumulative_target` or `retreatment`: the point that the rule answers."""
    kind: str
    """`dated`, `not_before`, `reached` (already), `not_within` (the days drawn), `open` (sets no end), or the status of a silent cell."""
    first: int | None
    """The first day on which it may end."""
    last: int | None
    """The first day on which it should end whatever else is found, for a total: on which its upper end is surely reached; None if
    there is none within the days looked at."""
    depends_on: tuple[str, ...]
    """The facts that it waits for."""
    claims: tuple[str, ...]
    note: str = ""


STRIDE = 7
"""Days between two looks; where the answer has changed between them, the day is found by halving. A rule that turned to and fro
within one week would be missed: rules count in weeks and months, and a test asks each rule day by day."""


class Look(Struct, frozen=True):
    """What one position lets be done on one day: whether the option is reachable, and whether it is all that is left."""

    status: Status
    may: bool
    """Whether some stance still reachable holds the option."""
    surely: bool
    """Whether every stance still reachable holds it."""
    must: bool
    """Whether every stance still reachable holds nothing else."""
    missing: tuple[str, ...]
    claims: tuple[str, ...]


def look(answer: Answer, options: Sequence[str]) -> Look:
    """One answer, as far as some options go; silence lets nothing be done and forbids nothing."""
    takes = [set(stance.take) for stance in answer.stances]
    wanted = set(options)
    speaks = answer.status in (Status.ANSWERED, Status.CANNOT_TELL)
    return Look(
        answer.status,
        speaks and any(take & wanted for take in takes),
        speaks and bool(takes) and all(take & wanted for take in takes),
        speaks and bool(takes) and all(take and take <= wanted for take in takes),
        answer.missing,
        answer.claims,
    )


Turn = tuple[int, dict[str, Look]]
"""A day, and what each position says from then on."""


def turns(
    library: Library, on: Projector, edition: Edition, point: Point, options: Sequence[str], first: int, last: int
) -> list[Turn]:
    """The days between two days on which what an edition says of a point changes, the first day included."""
    seen: dict[int, dict[str, Look]] = {}

    def at(day: int) -> dict[str, Look]:
        if day not in seen:
            notes = on(day).sure
            answers = judge(library.program, notes.values, notes.snapshot, edition, point, outside=False, notes=notes)
            seen[day] = {answer.position: look(answer, options) for answer in answers}
        return seen[day]

    found = [(first, at(first))]
    for day in [*range(first + STRIDE, last, STRIDE), last]:
        if day > found[-1][0]:
            found.extend(_between(at, max(first, day - STRIDE), day))
    return found


def _between(at: Callable[[int], dict[str, Look]], low: int, high: int) -> Iterator[Turn]:
    """The changes after `low`, up to `high`."""
    if high <= low or at(low) == at(high):
        return
    if high - low == 1:
        yield high, at(high)
        return
    middle = (low + high) // 2
    yield from _between(at, low, middle)
    yield from _between(at, middle, high)


def ends(
    library: Library, on: Projector, editions: Sequence[Edition], governs: Sequence[str], first: int, last: int
) -> tuple[Forecast, ...]:
    """When each edition's stopping rule lets a course end that goes as planned, looked for from one day to another."""
    point = library.point("when_to_stop")
    return tuple(
        forecast
        for edition in in_force(editions, first)
        for forecast in _of_edition(
            library, on, edition, point, ("end_course",), first, last, edition.protocol in governs
        )
    )


def second_course(
    library: Library, on: Projector, editions: Sequence[Edition], governs: Sequence[str], first: int, last: int
) -> tuple[Forecast, ...]:
    """When each edition lets a further course begin."""
    point = library.point("retreatment")
    return tuple(
        forecast
        for edition in in_force(editions, first)
        for forecast in _of_edition(library, on, edition, point, ("repeat",), first, last, edition.protocol in governs)
    )


def _of_edition(
    library: Library,
    on: Projector,
    edition: Edition,
    point: Point,
    options: Sequence[str],
    first: int,
    last: int,
    governs: bool,
) -> Iterator[Forecast]:
    cell = edition.cell(point.name)
    if cell.status is not Status.ANSWERED:
        yield Forecast(edition.key, "", governs, point.name, cell.status.value, None, None, (), (), cell.looked)
        return
    found = turns(library, on, edition, point, options, first, last)
    for position in dict.fromkeys(name for _, looks in found for name in looks):
        said = [(day, looks[position]) for day, looks in found if position in looks]
        yield replace(_of_turns(said, first), edition=edition.key, position=position, governs=governs, rule=point.name)


def _of_turns(said: Sequence[tuple[int, Look]], today: int) -> Forecast:
    """A date if the option is surely open from a day on; "not before" if it may be, depending on what is not known."""
    surely = next((day for day, here in said if here.surely), None)
    may = next((day for day, here in said if here.may), None)
    must = next((day for day, here in said if here.must), None)
    claims = tuple(dict.fromkeys(claim for _, here in said if here.may for claim in here.claims))
    depends = next((here.missing for _, here in said if here.may and not here.surely), ())
    spoke = any(here.status in (Status.ANSWERED, Status.CANNOT_TELL) for _, here in said)
    if may is None:
        kind = "not_within" if spoke else said[-1][1].status.value
        return Forecast("", "", False, "", kind, None, None, said[-1][1].missing, said[-1][1].claims)
    if surely == may:
        return Forecast("", "", False, "", "reached" if may <= today else "dated", may, must, (), claims)
    return Forecast("", "", False, "", "not_before", may, must, depends, claims)
