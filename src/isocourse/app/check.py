"""Checks the knowledge: every file reads, every case beside the rows comes out as written, every point is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from isocourse.app.given import GivenError, given_snapshot
from isocourse.app.knowledge import shipped
from isocourse.decisions.answers import Answer, judge
from isocourse.decisions.tables import Edition, Point, Shape
from isocourse.facts.problem import ReadError
from isocourse.library import Case, Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.exact import reachable_truths
from isocourse.logic.truth import Truth
from isocourse.reading.kinetics import read_kinetics
from isocourse.reading.library import read_all


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found."""

    mistakes: tuple[str, ...]
    """One line each, with file:line:col."""
    cases: int
    editions: int
    points: int
    claims: int
    nodes: int
    slots: int

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.mistakes


def check(root: Path | None = None) -> Checked:
    """Checks a knowledge folder; the shipped one by default."""
    library, errors = read_all(root or shipped())
    if library is None:
        return Checked(tuple(str(error) for error in errors), 0, 0, 0, 0, 0, 0)
    try:
        kinetics = read_kinetics(root or shipped(), {work.name for work in library.works})
    except ReadError as error:
        return Checked((str(error),), 0, 0, 0, 0, 0, 0)
    mistakes = [*run_cases(library), *_uncovered(library), *_unused(library, kinetics.cited)]
    return Checked(
        tuple(mistakes),
        len(library.cases),
        len(library.editions),
        len(library.points),
        len(library.claims),
        len(library.program.nodes),
        len(library.program.slots),
    )


def run_cases(library: Library) -> Iterator[str]:
    """The cases that do not come out as written."""
    for case in library.cases:
        try:
            yield from _run(library, case)
        except GivenError as error:
            yield f'{case.where}: case "{case.name}": {error}'


def _run(library: Library, case: Case) -> Iterator[str]:
    snapshot = given_snapshot(library, dict(case.given))
    edition = library.edition(case.edition)
    start = f'{case.where}: case "{case.name}": '
    if case.point.startswith("definition:"):
        definition = edition.definition(case.point.partition(":")[2])
        assert definition is not None
        found = Truth(reachable_truths(library.program, snapshot.state, definition.node)).word
        wanted = case.expect[0][1][0][0]
        if found != wanted:
            yield f"{start}expected {wanted}, found {found}"
        return
    values = compile_program(library.program)(snapshot.state)
    point = library.point(case.point)
    answers = {
        answer.position: answer for answer in judge(library.program, values, snapshot, edition, point, outside=False)
    }
    for position, wanted_answers in case.expect:
        if position not in answers:
            yield f"{start}no position {position} answers (found {', '.join(answers) or 'nothing'})"
            continue
        yield from (start + line for line in _compare(point, position, answers[position], dict(wanted_answers)))
    for position, kept in case.met:
        yield from (start + line for line in _compare_met(answers.get(position), dict(kept)))
    for position, missing in case.missing:
        answer = answers.get(position)
        if answer is None or set(answer.missing) != set(missing):
            yield f"{start}{position}: expected missing {', '.join(missing)}; found {', '.join(answer.missing) if answer else 'nothing'}"


def _compare(point: Point, position: str, answer: Answer, wanted: dict[str, str]) -> Iterator[str]:
    if point.shape in (Shape.CHOICE, Shape.RANGE):
        found = said(answer)
        if found != set(wanted):
            yield f"{position}: expected {', '.join(sorted(wanted))}; found {', '.join(sorted(found))}"
        return
    verdicts = {verdict.row.name: verdict.applies.word for verdict in answer.verdicts}
    for row, truth in wanted.items():
        if row not in verdicts:
            yield f"{position}: no row {row} (rows: {', '.join(verdicts)})"
        elif verdicts[row] != truth:
            yield f"{position}: {row}: expected {truth}, found {verdicts[row]}"


def _compare_met(answer: Answer | None, wanted: dict[str, str]) -> Iterator[str]:
    verdicts = {verdict.row.name: verdict.kept.value for verdict in answer.verdicts} if answer else {}
    for row, kept in wanted.items():
        if verdicts.get(row) != kept:
            yield f"{row}: expected {kept}, found {verdicts.get(row, 'no such row')}"


def said(answer: Answer) -> set[str]:
    """Every option, range or silence that is still reachable, as cases write them."""
    found: set[str] = set()
    for stance in answer.stances:
        if stance.row is None:
            found.add("silent_here")
        elif stance.take:
            found.update(stance.take)
        else:
            found.add(f"[{stance.row.low}..{stance.row.high}] {stance.row.unit} of {stance.row.of}")
    return found


def _uncovered(library: Library) -> Iterator[str]:
    """Rows that no case fires."""
    fired = _fired(library)
    for edition in library.editions:
        for cell in edition.cells:
            for position in cell.positions:
                for row in position.acting.rows:
                    if (edition.key, cell.point, position.name, row.name) not in fired:
                        yield f"{row.where}: no case fires row {row.name} of {edition.key} {cell.point} {position.name}"


def _fired(library: Library) -> set[tuple[str, str, str, str]]:
    fired: set[tuple[str, str, str, str]] = set()
    run = compile_program(library.program)
    for case in library.cases:
        if case.point.startswith("definition:"):
            continue
        try:
            snapshot = given_snapshot(library, dict(case.given))
        except GivenError:
            continue
        values = run(snapshot.state)
        fired.update(_fires(library.edition(case.edition), case.point, values))
    return fired


def _fires(edition: Edition, point: str, values: list[int]) -> Iterator[tuple[str, str, str, str]]:
    for position in edition.cell(point).positions:
        for row in position.acting.rows:
            if values[row.when] == Truth.YES:
                yield edition.key, point, position.name, row.name


def _unused(library: Library, by_numbers: frozenset[str]) -> Iterator[str]:
    """Sources that no claim and no kinetic number cites."""
    cited = {claim.work for claim in library.claims} | by_numbers
    for work in library.works:
        if work.name not in cited:
            yield f"sources/{work.name}.yaml: no claim and no kinetic number cites this source"
