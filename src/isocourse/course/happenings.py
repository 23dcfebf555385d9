"""What a planned course consists of on the calendar: start, supplies, visits, tests, steps, weighings, birthdays, last dose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from isocourse.course.calendar import Happening
from isocourse.course.plan import DoseStep, Supply
from isocourse.course.project import thresholds
from isocourse.decisions.tables import Edition
from isocourse.facts.days import add_months, completed_years, show
from isocourse.facts.record import Record
from isocourse.library import Library

SAME_DAY = "taken to be on the day of the prescription"


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
        yield Happening("start", "start", start, "first dose", done=start < today)
    for supply in supplies:
        spelt = f"supply {supply.number}: prescription and capsules for {show(supply.first)} to {show(supply.last)}"
        yield Happening(f"supply-{supply.number}", "supply", supply.day, spelt)
        yield Happening(f"visit-{supply.number}", "visit", supply.day, f"visit {supply.number}", SAME_DAY)
        if (day := tests.get(supply.number)) is not None:
            yield _test(supply, day, today)
    yield from _steps(steps)
    yield Happening("last-dose", "last_dose", end, "last dose", done=end is not None and end < today)


def _test(supply: Supply, day: int, today: int) -> Happening:
    done = day <= today and day < supply.day
    assumed = SAME_DAY if day == supply.day and not done else ""
    return Happening(f"test-{supply.number}", "test", day, f"pregnancy test for supply {supply.number}", assumed, done)


def _steps(steps: Sequence[DoseStep]) -> Iterator[Happening]:
    for number, step in enumerate(steps[1:], 2):
        yield Happening(f"step-{number}", "step", step.first, f"{step.name} begins: {step.wanted}")
    made = [step for step in steps if step.pattern is not None]
    if made:
        peak = max(made, key=lambda step: (step.pattern.mean_mg if step.pattern else 0, -step.first))
        yield Happening("peak-dose", "step", peak.first, "the highest planned dose is reached")


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
        spelt = f"turns {years}: what is said may change on {', '.join(points)}"
        if earliest == latest:
            yield Happening(f"birthday-{years}", "birthday", earliest, spelt)
        else:
            yield Happening(
                f"birthday-{years}", "birthday", None, f"{spelt} (some day from {show(earliest)} to {show(latest)})"
            )


def _ages(library: Library, editions: Sequence[Edition]) -> Mapping[int, tuple[str, ...]]:
    """For each age at which a condition turns, the points it matters for."""
    slot = library.program.slot_named("age")
    found: dict[int, dict[str, None]] = {}
    if slot is None:
        return {}
    for edition in editions:
        for cell in edition.cells:
            roots = [row.when for position in cell.positions for row in position.acting.rows]
            for years in thresholds(library, roots, "age"):
                found.setdefault(years, {})[library.point(cell.point).title[0][1].lower()] = None
    return {years: tuple(points) for years, points in found.items()}


def _birthday(birth: int, years: int) -> int:
    """The day on which so many years are completed; someone born on 29 February turns on 1 March of a common year."""
    day = add_months(birth, 12 * years)
    return day if completed_years(birth, day) == years else day + 1
