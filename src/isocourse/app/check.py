"""Checks the knowledge: every file reads, every case of rows and of facts comes out as written, every point is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from isocourse.app.coverage import coverage, unknown_statements
from isocourse.app.given import GivenError, given_snapshot
from isocourse.app.knowledge import folders, kinetics_folder
from isocourse.app.reference import NoReferenceError, not_given, reference_patient
from isocourse.app.timelines import lacking, run_timelines
from isocourse.app.translations import Flaw, flaws
from isocourse.decisions.answers import Answer, Verdict, judge
from isocourse.decisions.binding import stands
from isocourse.decisions.tables import Edition, Point, Shape
from isocourse.facts.days import show
from isocourse.facts.problem import ReadError
from isocourse.facts.snapshot import Snapshot
from isocourse.library import Case, Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.exact import reachable_truths
from isocourse.logic.reference import extend
from isocourse.logic.truth import Truth
from isocourse.reading.kinetics import read_kinetics
from isocourse.reading.library import read_all
from isocourse.reading.timelines import read_timelines


class Checked(Struct, frozen=True):
    """What a check found."""

    mistakes: tuple[str, ...]
    """One line each, with file:line:col."""
    cases: int
    editions: int
    points: int
    claims: int
    nodes: int
    slots: int
    translations: tuple[Flaw, ...] = ()
    """What is missing, stale or wrong among the translated words."""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.mistakes


def check(own: Path | None = None) -> Checked:
    """Checks the shipped knowledge, with a folder of one's own laid over it or in its place."""
    library, errors = read_all(folders(own))
    if library is None:
        return Checked(tuple(str(error) for error in errors), 0, 0, 0, 0, 0, 0)
    root, by_numbers = kinetics_folder(own), frozenset[str]()
    if root is not None:
        try:
            by_numbers = read_kinetics(root, {work.name for work in library.works}).cited
        except ReadError as error:
            return Checked((str(error),), 0, 0, 0, 0, 0, 0)
    timelines, excused, refused = read_timelines(folders(own), library.catalogue)
    translated = tuple(flaws(library, own))
    forces = (told for edition in library.editions for told in forces_out_of_line(library, edition))
    mistakes = [
        *_reference(library),
        *_statements(library),
        *(told for edition in library.editions for told in days_out_of_line(edition)),
        *run_cases(library),
        *(str(error) for error in refused),
        *run_timelines(library, timelines),
        *lacking(library, timelines, excused),
        *_uncovered(library),
        *_untried(library),
        *_unused(library, by_numbers),
        *forces,
        *(flaw.line for flaw in translated if flaw.wrong),
    ]
    return Checked(
        tuple(mistakes),
        len(library.cases) + len(timelines),
        len(library.editions),
        len(library.points),
        len(library.claims),
        len(library.program.nodes),
        len(library.program.slots),
        translated,
    )


def _reference(library: Library) -> Iterator[str]:
    """What the reference patient lacks, or gives wrongly."""
    if not library.reference.given:
        return
    try:
        reference_patient(library)
    except NoReferenceError as error:
        yield str(error)
        return
    for name in not_given(library):
        yield f"facts/reference.yaml: the reference patient states no {name}, and it has no ordinary value of its own"


def days_out_of_line(edition: Edition) -> Iterator[str]:
    """Example days on which an edition is not as its card says, and ends of its life that no example looks at from both sides."""
    where = f"protocols/{edition.key}/edition.yaml"
    for day, expected in edition.days:
        found = stands(edition, day)
        if found != expected:
            yield f"{where}: on {show(day)} it is expected to be in force: {expected}; found {found}"
    told = {day for day, _ in edition.days}
    for bound, sides in ((edition.begins, (-1, 0)), (edition.ends, (0, 1))):
        if bound is not None and bound.certainty != "unknown":
            for side in sides:
                if bound.day + side not in told:
                    yield f"{where}: `days:` has no example for {show(bound.day + side)}, beside an end of its life"


def _statements(library: Library) -> Iterator[str]:
    """Numbered statements of the review that nothing carries, and claims that name one which it does not have."""
    yield from (f"claims: nothing carries statement {each.statement}" for each in coverage(library) if not each.carried)
    yield from (f"claims: {told}" for told in unknown_statements(library))


def run_cases(library: Library) -> Iterator[str]:
    """The cases that do not come out as written."""
    for case in library.cases:
        try:
            yield from run_case(library, prepared(library, case))
        except GivenError as error:
            yield f'{case.where}: case "{case.name}": {error}'


class Prepared(Struct, frozen=True):
    """A case with its patient, and the truth of every node for that patient."""

    case: Case
    snapshot: Snapshot
    values: tuple[int, ...]


def prepared(library: Library, case: Case) -> Prepared:
    """A case ready to be run.

    Raises:
        GivenError: a fact that no rule reads, or a value that does not fit it.
    """
    snapshot = given_snapshot(library, dict(case.given))
    return Prepared(case, snapshot, tuple(compile_program(library.program)(snapshot.state)))


def run_case(library: Library, ready: Prepared) -> Iterator[str]:
    """What comes out otherwise than the case says; nodes that the program has gained since are answered by the reference."""
    case, snapshot = ready.case, ready.snapshot
    start = f'{case.where}: case "{case.name}": '
    if case.point.startswith("tactic:"):
        tactic = next(each for each in library.tactics if each.name == case.point.partition(":")[2])
        found = Truth(reachable_truths(library.program, snapshot.state, tactic.node)).word
        if found != _word(case):
            yield f"{start}expected {_word(case)}, found {found}"
        return
    edition = library.edition(case.edition)
    if case.point.startswith("definition:"):
        definition = edition.definition(case.point.partition(":")[2])
        assert definition is not None
        found = Truth(reachable_truths(library.program, snapshot.state, definition.node)).word
        if found != _word(case):
            yield f"{start}expected {_word(case)}, found {found}"
        return
    values: Sequence[int] = ready.values
    if len(values) < len(library.program.nodes):
        values = [int(truth) for truth in extend(library.program, snapshot.state, values)]
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


def _word(case: Case) -> str:
    """What a case of one condition expects: yes, no or unknown."""
    return case.expect[0][1][0][0]


def _compare(point: Point, position: str, answer: Answer, wanted: dict[str, str]) -> Iterator[str]:
    if point.shape in (Shape.CHOICE, Shape.RANGE):
        found = said(answer)
        if found != set(wanted):
            yield f"{position}: expected {', '.join(sorted(wanted))}; found {', '.join(sorted(found))}"
        return
    verdicts = {verdict.row.name: verdict.applies.word for verdict in answer.verdicts}
    verdicts |= {name: truth.word for verdict in answer.verdicts for name, truth in steps_told(verdict)}
    for row, truth in wanted.items():
        if row not in verdicts:
            yield f"{position}: no row {row} (rows: {', '.join(verdicts)})"
        elif verdicts[row] != truth:
            yield f"{position}: {row}: expected {truth}, found {verdicts[row]}"


def steps_told(verdict: Verdict) -> Iterator[tuple[str, Truth]]:
    """Whether the condition of each step that has one holds; a case calls the second step of a row `row.2`."""
    for place, (step, truth) in enumerate(zip(verdict.row.steps, verdict.holds, strict=True), 1):
        if step.when >= 0:
            yield f"{verdict.row.name}.{place}", truth


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
            found.add(
                "none"
                if stance.row.of == "none"
                else f"[{stance.row.low}..{stance.row.high}{')' if stance.row.below else ']'} {stance.row.unit} of {stance.row.of}"
            )
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
                    for place, step in enumerate(row.steps, 1):
                        name = f"{row.name}.{place}"
                        if step.when >= 0 and (edition.key, cell.point, position.name, name) not in fired:
                            yield f"{row.where}: in no case that fires it the condition of step {name} holds"


def _fired(library: Library) -> set[tuple[str, str, str, str]]:
    fired: set[tuple[str, str, str, str]] = set()
    run = compile_program(library.program)
    for case in library.cases:
        if case.point.startswith(("definition:", "tactic:")):
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
                for place, step in enumerate(row.steps, 1):
                    if step.when >= 0 and values[step.when] == Truth.YES:
                        yield edition.key, point, position.name, f"{row.name}.{place}"


def _untried(library: Library) -> Iterator[str]:
    """Tactics without a case in which each of the three answers comes out."""
    for tactic in library.tactics:
        tried = {_word(case) for case in library.cases if case.point == f"tactic:{tactic.name}"}
        for word in ("yes", "no", "unknown"):
            if word not in tried:
                yield f"{tactic.where}: no case of the tactic {tactic.name} expects {word}"


def forces_out_of_line(library: Library, edition: Edition, only: str = "") -> Iterator[str]:
    """Rows whose force none of their claims has.

    What a source states as a fact binds nobody; it can allow by name, though, and freedom between options may be read out of advice.
    """
    force = {claim.name: claim.force for claim in library.claims}
    points = {point.name: point for point in library.points}
    for cell in edition.cells:
        if only and cell.point != only:
            continue
        for position in cell.positions:
            for row in position.acting.rows:
                said = {force[name] for name in (*row.claims, *((row.closes,) if row.closes else ()))}
                for step in row.steps:
                    if step.force not in {row.force, "none", *said}:
                        yield f"{row.where}: a step of {row.name} has force {step.force}, its claims {', '.join(sorted(said))}"
                if row.force in {"none" if each == "fact" else each for each in said}:
                    continue
                freedom = row.force == "may" and len(row.take) >= 2 and not said & {"must"}
                freedom = freedom or (row.force == "none" and not said & {"must", "should"})
                allows = bool(row.take) and {points[cell.point].option(name).stand for name in row.take} == {"allows"}
                if not freedom and not (allows and row.force == "should"):
                    yield f"{row.where}: {row.name} has force {row.force}, its claims {', '.join(sorted(said))}"


def _unused(library: Library, by_numbers: frozenset[str]) -> Iterator[str]:
    """Sources that no claim and no kinetic number cites."""
    cited = {claim.work for claim in library.claims} | by_numbers
    for work in library.works:
        if work.name not in cited:
            yield f"sources/{work.name}.yaml: no claim and no kinetic number cites this source"
