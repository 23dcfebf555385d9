"""An edition and a snapshot give answers: the stances still reachable, the rows that led there, the facts that would settle them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from isocourse.decisions.dates import DayOf, days_of
from isocourse.decisions.kept import Kept, option_kept, range_kept, step_kept
from isocourse.decisions.notes import Notes
from isocourse.decisions.stages import Stage, stage_of_today, stages
from isocourse.decisions.tables import Cell, Edition, Option, Point, Position, Reading, Row, Shape, Status
from isocourse.facts.snapshot import Snapshot
from isocourse.logic.exact import NONE_FIRED, slots_read
from isocourse.logic.explain import Reason
from isocourse.logic.tree import Program
from isocourse.logic.truth import Truth


class Stance(Struct, frozen=True):
    """What satisfies the source for one patient fully known. Without a row it speaks, but not of this case."""

    row: Row | None
    take: tuple[str, ...] = ()
    kept: Kept = Kept.NOT_SHOWN

    @property
    def meaning(self) -> tuple[object, ...]:
        """Two stances with the same meaning are the same answer."""
        if self.row is None:
            return ()
        return (*self.row.meaning, self.row.force)


class Verdict(Struct, frozen=True):
    """One row of findings or of a schedule: whether it applies, and whether the file shows it kept."""

    row: Row
    applies: Truth
    kept: Kept
    why: Reason
    missing: tuple[str, ...]
    """Facts that keep it undecided."""
    unmet: Reason | None = None
    """For a duty: why what the file must show is not shown; for steps: that the dose on file lies outside."""
    unshown: tuple[str, ...] = ()
    """For a duty: the facts that the file does not show."""
    shown: Truth = Truth.UNKNOWN
    """For a duty: whether the file shows what it must, whoever reports the duty."""
    holds: tuple[Truth, ...] = ()
    """For steps: whether the condition of each holds today; a step without one always does."""


class Answer(Struct, frozen=True, dict=True):
    """One cell of the matrix: what one position of one edition says of one patient."""

    edition: Edition
    point: Point
    position: str
    status: Status
    stances: tuple[Stance, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    claims: tuple[str, ...] = ()
    read: tuple[int, ...] = ()
    """The slots it read."""
    missing: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    marks: tuple[str, ...] = ()
    otherwise_read: tuple[tuple[str, str, Answer], ...] = ()
    """Other readings that would answer differently: name, why, and their answer."""
    looked: str = ""
    outside: bool = False

    @property
    def speaks(self) -> bool:
        """Whether it says something of this patient."""
        return self.status in (Status.ANSWERED, Status.CANNOT_TELL)

    @cached_property
    def kept(self) -> Kept:
        """Whether the file shows the answer followed, whichever stance it turns out to be."""
        shown = [stance.kept for stance in self.stances] + [
            verdict.kept for verdict in self.verdicts if verdict.applies is Truth.YES
        ]
        return joined(shown)

    @cached_property
    def applying(self) -> dict[str, tuple[Verdict, ...]]:
        """The rows of findings, of a schedule or of steps that apply, by what they are about."""
        found: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            if verdict.applies is Truth.YES:
                for subject in verdict.row.subjects:
                    found.setdefault(subject, []).append(verdict)
        return {subject: tuple(several) for subject, several in found.items()}

    @property
    def second_hand(self) -> bool:
        """Whether any row that speaks rests on second-hand readings only."""
        rows = [stance.row for stance in self.stances] + [
            verdict.row for verdict in self.verdicts if verdict.applies is not Truth.NO
        ]
        return any(row is not None and row.second_hand for row in rows)


def by_point(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """The answers on each point, in the order in which the points are first met."""
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.point.name, []).append(answer)
    return found


def joined(shown: Sequence[Kept]) -> Kept:
    """Kept or broken if every possible stance is; else it cannot be told."""
    kinds = set(shown)
    if not kinds:
        return Kept.NOT_SHOWN
    return kinds.pop() if len(kinds) == 1 else Kept.CANNOT_TELL


def judge(
    program: Program,
    values: Sequence[int],
    snapshot: Snapshot,
    edition: Edition,
    point: Point,
    *,
    outside: bool,
    notes: Notes | None = None,
) -> tuple[Answer, ...]:
    """Every position of an edition on a point, for one patient.

    Args:
        program: the rule tree.
        values: the truth bits of all its nodes for this snapshot.
        snapshot: the patient as of a day.
        edition: the dated document.
        point: the question.
        outside: whether the order judged is not for acne, or not oral.
        notes: what other editions and points have worked out for the same patient already.
    """
    cell = edition.cell(point.name)
    if cell.status in (Status.SILENT, Status.NOT_READ):
        return _says_nothing(edition, point, cell, outside)
    notes = notes or Notes(program, values, snapshot)
    if notes.truth(point.applies) is Truth.NO:
        return (
            Answer(
                edition,
                point,
                "",
                Status.NOT_APPLICABLE,
                reasons=(notes.reason(point.applies),),
                outside=outside,
            ),
        )
    if outside and point.outside == "muted":
        return (Answer(edition, point, "", Status.OUTSIDE, outside=True),)
    asking = _Asking(program, values, snapshot, edition, point, outside, notes)
    return tuple(asking.position(position, cell) for position in cell.positions)


_NOTHING_SAID: dict[tuple[int, int, bool], tuple[Answer]] = {}
"""Answers of cells that say nothing, which are the same for every patient; each holds its edition and point, so their ids stay theirs."""
MANY_CELLS = 20_000


def _says_nothing(edition: Edition, point: Point, cell: Cell, outside: bool) -> tuple[Answer]:
    key = (id(edition), id(point), outside)
    kept = _NOTHING_SAID.get(key)
    if kept is None:
        if len(_NOTHING_SAID) >= MANY_CELLS:
            _NOTHING_SAID.clear()
        kept = _NOTHING_SAID[key] = (Answer(edition, point, "", cell.status, looked=cell.looked, outside=outside),)
    return kept


class _Asking(Struct, frozen=True):
    program: Program
    values: Sequence[int]
    snapshot: Snapshot
    edition: Edition
    point: Point
    outside: bool
    notes: Notes

    def position(self, position: Position, cell: Cell) -> Answer:
        answer = self.reading(position, position.acting)
        others = []
        for reading in position.readings:
            if not reading.acts and differs(other := self.reading(position, reading), answer):
                others.append((reading.name, reading.why, other))
        return replace(answer, otherwise_read=tuple(others), looked=cell.looked) if others or cell.looked else answer

    def reading(self, position: Position, reading: Reading) -> Answer:
        if self.point.shape in (Shape.CHOICE, Shape.RANGE):
            return self.first_row(position, reading)
        return self.every_row(position, reading)

    # choice and range ------------------------------------------------------------------------------------------------
    def first_row(self, position: Position, reading: Reading) -> Answer:
        roots = reading.roots
        found = self._settled(roots)
        if found is None:
            found = self.notes.rows(roots)
        stances: dict[tuple[object, ...], Stance] = {}
        for place in sorted(found, key=lambda place: (place == NONE_FIRED, place)):
            stance = self.stance(reading.rows[place] if place != NONE_FIRED else None)
            stances.setdefault(stance.meaning, stance)
        status = Status.CANNOT_TELL if len(stances) > 1 else Status.SILENT_HERE if () in stances else Status.ANSWERED
        asked = (
            roots[: max((place for place in found if place != NONE_FIRED), default=len(roots) - 1) + 1]
            if NONE_FIRED not in found
            else roots
        )
        missing = self._missing(asked) if status is Status.CANNOT_TELL else ()
        reasons = tuple(self.notes.reason(root) for root in asked)
        return Answer(
            self.edition,
            self.point,
            position.name,
            status,
            tuple(stances.values()),
            (),
            self._claims(position, stances.values()),
            slots_read(self.program, roots),
            missing,
            reasons,
            self._marks(asked),
            (),
            "",
            self.outside,
        )

    def _settled(self, roots: tuple[int, ...]) -> frozenset[int] | None:
        """The first look, row by row; None where it leaves anything open."""
        for place, root in enumerate(roots):
            if self.values[root] == Truth.YES:
                return frozenset({place})
            if self.values[root] == Truth.UNKNOWN:
                return None
        return frozenset({NONE_FIRED})

    def stance(self, row: Row | None) -> Stance:
        if row is None:
            return Stance(None)
        if self.point.shape is Shape.CHOICE:
            return Stance(row, row.take, option_kept(self._options(row), self.values, milder=row.second_hand))
        ceiling_only = self.outside and self.point.outside == "ceiling"
        return Stance(
            row,
            (),
            range_kept(row, self.values, ceiling_only=ceiling_only, milder=row.second_hand, reached=self.point.reached),
        )

    def _options(self, row: Row) -> tuple[Option, ...]:
        return tuple(self.point.option(name) for name in row.take)

    # findings and schedules --------------------------------------------------------------------------------------------
    def every_row(self, position: Position, reading: Reading) -> Answer:
        verdicts = tuple(self.verdict(row) for row in reading.rows)
        applies = [verdict.applies for verdict in verdicts]
        status = (
            Status.CANNOT_TELL
            if Truth.UNKNOWN in applies
            else Status.ANSWERED
            if Truth.YES in applies
            else Status.SILENT_HERE
        )
        reasons = tuple(verdict.why for verdict in verdicts if verdict.applies is not Truth.NO)
        missing = tuple(dict.fromkeys(name for verdict in verdicts for name in verdict.missing))
        claims = tuple(
            dict.fromkeys(
                claim for verdict in verdicts if verdict.applies is not Truth.NO for claim in verdict.row.claims
            )
        )
        return Answer(
            self.edition,
            self.point,
            position.name,
            status,
            (),
            verdicts,
            claims or position.claims,
            slots_read(self.program, reading.nodes),
            missing,
            reasons,
            self._marks(reading.roots),
            (),
            "",
            self.outside,
        )

    def verdict(self, row: Row) -> Verdict:
        applies = self.notes.truth(row.when)
        missing = self._missing((row.when,)) if applies is Truth.UNKNOWN else ()
        why = self.notes.reason(row.when)
        if row.steps:
            return self.staged(row, applies, why, missing)
        if row.duty is None:
            kept = (
                option_kept(self._options(row), self.values, milder=row.second_hand)
                if applies is Truth.YES
                else Kept.NOT_SHOWN
            )
            return Verdict(row, applies, kept, why, missing)
        if row.duty.met < 0 or applies is Truth.NO:
            return Verdict(row, applies, Kept.NOT_SHOWN, why, missing)
        shown = self.notes.truth(row.duty.met)
        kept = {Truth.YES: Kept.KEPT, Truth.NO: Kept.BROKEN, Truth.UNKNOWN: Kept.CANNOT_TELL}[shown]
        unshown = self._missing((row.duty.met,)) if shown is Truth.UNKNOWN else ()
        if kept is Kept.KEPT and row.second_hand:
            kept = Kept.CANNOT_TELL
        return Verdict(row, applies, kept, why, missing, self.notes.reason(row.duty.met), unshown, shown)

    def staged(self, row: Row, applies: Truth, why: Reason, missing: tuple[str, ...]) -> Verdict:
        """Steps: the dose on file is judged against the stage that certainly holds today."""
        holds = tuple(Truth.YES if step.when < 0 else self.notes.truth(step.when) for step in row.steps)
        if applies is not Truth.YES:
            return Verdict(row, applies, Kept.NOT_SHOWN, why, missing, holds=holds)
        day_of = days_of(self.program, self.snapshot)
        stage = stage_of_today(stages(row, day_of, holds), day_of)
        kept = Kept.NOT_SHOWN if stage is None else step_kept(stage, self.values, milder=row.second_hand)
        open_ = stage is not None and stage.holds is Truth.UNKNOWN
        unshown = self._missing((stage.step.when,)) if stage and open_ else ()
        unmet = self.outside_of(stage) if stage and kept is Kept.BROKEN else None
        return Verdict(row, applies, kept, why, missing, unmet, unshown, holds=holds)

    def outside_of(self, stage: Stage) -> Reason:
        """That the dose on file lies above the stage, or below it."""
        over = self.values[stage.step.over] == Truth.YES
        return self.notes.reason(stage.step.over if over else stage.step.under)

    # common ------------------------------------------------------------------------------------------------------------
    def _missing(self, roots: Sequence[int]) -> tuple[str, ...]:
        """The facts, as the author named them, that keep conditions open; of two compared, only the one not known."""
        return tuple(dict.fromkeys(name for root in roots for name in self.notes.missing(root)))

    def _claims(self, position: Position, stances: object) -> tuple[str, ...]:
        rows = [stance.row for stance in stances if stance.row is not None]  # type: ignore[attr-defined]  # a dict view
        return (
            tuple(
                dict.fromkeys(claim for row in rows for claim in (*row.claims, *((row.closes,) if row.closes else ())))
            )
            or position.claims
        )

    def _marks(self, roots: Sequence[int]) -> tuple[str, ...]:
        """Where rounding decides, and what else the values read here are marked with."""
        return tuple(dict.fromkeys(mark for root in roots for mark in self.notes.marks(root)))


def staged(answer: Answer, day_of: DayOf) -> tuple[Stage, ...]:
    """The stages of every row of an answer that certainly applies; an answer of another shape has none."""
    rows = [verdict for verdict in answer.verdicts if verdict.applies is Truth.YES]
    return tuple(stage for verdict in rows for stage in stages(verdict.row, day_of, verdict.holds))


def differs(one: Answer, other: Answer) -> bool:
    """Whether two answers say something different of this patient."""
    stances = {stance.meaning for stance in one.stances} != {stance.meaning for stance in other.stances}
    said = [(v.row.name, v.applies, v.kept, _when(v.row)) for v in one.verdicts] != [
        (v.row.name, v.applies, v.kept, _when(v.row)) for v in other.verdicts
    ]
    return stances or said


def _when(row: Row) -> object:
    if row.duty is None:
        return tuple(step.said for step in row.steps)
    return (row.duty.at, row.duty.window, row.duty.begin, row.duty.until)
