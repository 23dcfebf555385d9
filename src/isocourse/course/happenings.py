"""What a planned course consists of on the calendar: start, supplies, visits, tests, steps, weighings, birthdays, last dose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from isocourse.course.calendar import Happening
from isocourse.course.frames import FIXED
from isocourse.course.plan import DoseStep, Supply
from isocourse.course.project import thresholds
from isocourse.decisions.sentence import Sentence, joined, of_day, of_text, sentence, small
from isocourse.decisions.tables import Edition
from isocourse.facts.days import add_months, completed_years
from isocourse.facts.record import Record
from isocourse.library import Library

SAME_DAY = of_text(FIXED["happens.same_day"])


def course_happenings(
    start: int | None,
    end: int | None,
    today: int,
    steps: Sequence[DoseStep],
    supplies: Sequence[Supply],
    tests: Mapping[int, int | None],
) -> Iterator[Happening]:
    """The happenings of the course itself, each with the handle by which it can be moved; `tests` holds the day of each by supply."""
    if start is not None:
        yield Happening("start", "start", start, of_text(FIXED["happens.first_dose"]), done=start < today)
    for supply in supplies:
        number, days = str(supply.number), {"first": of_day(supply.first), "last": of_day(supply.last)}
        spelt = sentence(FIXED["happens.supply"], number=number, **days)
        yield Happening(f"supply-{number}", "supply", supply.day, spelt)
        yield Happening(
            f"visit-{number}", "visit", supply.day, sentence(FIXED["happens.visit"], number=number), SAME_DAY
        )
        if (day := tests.get(supply.number)) is not None:
            yield _test(supply, day, today)
    yield from _steps(steps)
    last = of_text(FIXED["happens.last_dose"])
    yield Happening("last-dose", "last_dose", end, last, done=end is not None and end < today)


def _test(supply: Supply, day: int, today: int) -> Happening:
    done = day <= today and day < supply.day
    assumed = SAME_DAY if day == supply.day and not done else ""
    spelt = sentence(FIXED["happens.test"], number=str(supply.number))
    return Happening(f"test-{supply.number}", "test", day, spelt, assumed, done)


def _steps(steps: Sequence[DoseStep]) -> Iterator[Happening]:
    for number, step in enumerate(steps[1:], 2):
        spelt = sentence(FIXED["happens.step"], step=step.name, dose=step.wanted)
        yield Happening(f"step-{number}", "step", step.first, spelt)
    made = [step for step in steps if step.pattern is not None]
    if made:
        peak = max(made, key=lambda step: (step.pattern.mean_mg if step.pattern else 0, -step.first))
        yield Happening("peak-dose", "step", peak.first, of_text(FIXED["happens.peak"]))


def birthdays(
    library: Library, editions: Sequence[Edition], record: Record, today: int, until: int
) -> Iterator[Happening]:
    """The birthdays on which an answer of an edition shown may change."""
    if record.birth is None:
        return
    for years, points in sorted(_ages(library, editions).items()):
        earliest, latest = (_birthday(day, years) for day in (record.birth.first, record.birth.last))
        if latest <= today or earliest > until:
            continue
        spelt = sentence(FIXED["happens.turns"], years=str(years), points=joined(points))
        if earliest == latest:
            yield Happening(f"birthday-{years}", "birthday", earliest, spelt)
        else:
            days = {"first": of_day(earliest), "last": of_day(latest)}
            spelt = sentence(FIXED["happens.some_day"], what=spelt, **days)
            yield Happening(f"birthday-{years}", "birthday", None, spelt)


def _ages(library: Library, editions: Sequence[Edition]) -> Mapping[int, tuple[Sentence, ...]]:
    """For each age at which a condition turns, the points it matters for."""
    slot = library.program.slot_named("age")
    found: dict[int, dict[Sentence, None]] = {}
    if slot is None:
        return {}
    for edition in editions:
        for cell in edition.cells:
            roots = [row.when for position in cell.positions for row in position.acting.rows]
            for years in thresholds(library, roots, "age"):
                found.setdefault(years, {})[small(of_text(library.point(cell.point).title))] = None
    return {years: tuple(points) for years, points in found.items()}


def _birthday(birth: int, years: int) -> int:
    """The day on which so many years are completed; someone born on 29 February turns on 1 March of a common year."""
    day = add_months(birth, 12 * years)
    return day if completed_years(birth, day) == years else day + 1
