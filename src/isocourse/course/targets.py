"""The day on which a planned total is reached: each protocol's target in mg/kg, by the latest weight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from isocourse.course.amounts import NOTHING, Amount, total
from isocourse.course.exposure import Period
from isocourse.course.forecast import Forecast
from isocourse.course.frames import FIXED
from isocourse.course.limits import answers_on
from isocourse.course.plan import DoseStep
from isocourse.decisions.sentence import of_day, of_text, sentence
from isocourse.decisions.tables import Row
from isocourse.library import Assessment
from isocourse.logic.units import exact


class SoFar(Struct, frozen=True):
    """The total before the plan begins, in mg of one formulation, and where it is known from."""

    mg: Amount
    basis: str
    """`reported`, `dispensed`, `prescribed`, `nothing` before a first dose, or `not_known`."""


BEST_FIRST = ("reported", "dispensed", "prescribed")


def best_basis(periods: Iterable[Period]) -> str:
    """The basis nearest to what was swallowed; empty if nothing is on file."""
    known = {each.basis for each in periods}
    return next((basis for basis in BEST_FIRST if basis in known), "")


def holes(past: Sequence[Period], first: int, last: int, most: Fraction) -> tuple[Period, ...]:
    """The days of a course on which the best basis says nothing, as periods of anything up to the most that there can be."""
    basis = best_basis(past)
    if not basis:
        return ()
    spans = sorted((each.first, each.last) for each in past if each.basis == basis)
    formulation = next(each.formulation for each in past if each.basis == basis)
    found, day = [], first
    for begin, end in [*spans, (last + 1, last + 1)]:
        if begin > day:
            found.append(Period(day, begin - 1, Amount(Fraction(0), most), formulation, basis, Amount.of(1), HOLE))
        day = max(day, end + 1)
    return tuple(found)


HOLE = "nothing on file"
"""The origin of a period of which nothing is on file."""


def so_far(past: Sequence[Period], in_hand: Sequence[Period], formulation: str, *, running_course: bool) -> SoFar:
    """What is taken of one formulation before the plan takes over: the past by its best basis, then the capsules in hand."""
    if not running_course:
        return SoFar(NOTHING, "nothing")
    basis = best_basis(past)
    if not basis:
        return SoFar(NOTHING, "not_known")
    known = [*(each for each in past if each.basis == basis), *in_hand]
    return SoFar(total(_of_formulation(each, formulation) for each in known), basis)


def _of_formulation(period: Period, formulation: str) -> Amount:
    """mg of one formulation in a period; where the formulation is not known, from none of it to all."""
    mg = period.daily_mg.times(Amount.of(period.last - period.first + 1)).times(period.taken)
    if period.formulation == formulation:
        return mg
    return Amount(Fraction(0), mg.high) if not period.formulation else NOTHING


def mg_by_day(steps: Sequence[DoseStep], taken: Sequence[int]) -> Iterator[tuple[int, Fraction, str]]:
    """For each day on which capsules are taken: the day, mg, and the formulation. A step without capsules counts as asked."""
    due = set(taken)
    for step in steps:
        for day in range(step.first, step.last + 1):
            if day in due:
                mg = step.pattern.on(day - step.first).mg if step.pattern else step.target_mg
                yield day, mg, step.formulation


class Reached(Struct, frozen=True):
    """The days between which a total is reached: the first thinkable one, and the first on which it surely is; None: not within."""

    first: int | None
    surely: int | None


def reached(
    steps: Sequence[DoseStep], taken: Sequence[int], past: SoFar, kg: Amount, target: Fraction, formulation: str
) -> Reached:
    """When the planned capsules of one formulation bring the total to a target in mg/kg, by one weight.

    What was taken before and the weight may be known in part: the first thinkable day takes the most mg and the least weight.
    """
    soonest, latest = target * kg.low - past.mg.high, target * kg.high - past.mg.low
    first = surely = None
    whole = Fraction(0)
    for day, mg, kind in mg_by_day(steps, taken):
        if formulation not in ("any", kind):
            continue
        whole += mg
        first = day if first is None and whole >= soonest else first
        surely = day if surely is None and whole >= latest else surely
    return Reached(first, surely)


class Reaching(Struct, frozen=True):
    """What a forecast of totals is made from: an open-ended course, the days on which its capsules are taken, and what came before."""

    assessment: Assessment
    steps: tuple[DoseStep, ...]
    taken: tuple[int, ...]
    past: SoFar
    kg: Amount | None
    """The latest weight."""
    begin: int

    def forecasts(self) -> Iterator[Forecast]:
        """When each target of the documents in force is reached; one without a lower end is met by any course."""
        governs = {edition.key for edition in self.assessment.governs}
        for answer in answers_on(self.assessment, "cumulative_target"):
            for stance in answer.stances:
                if stance.row is not None:
                    blank = Forecast(
                        answer.edition.key, answer.position, answer.edition.key in governs, "cumulative_target", "", None,
                        None, answer.missing if len(answer.stances) > 1 else (), answer.claims,
                    )  # fmt: skip
                    yield self._filled(blank, stance.row)

    def _filled(self, blank: Forecast, row: Row) -> Forecast:
        if row.of == "none":
            return replace(blank, kind="open", note=of_text(FIXED["total.by_effect"]))
        if row.of != "any" and row.of not in {step.formulation for step in self.steps}:
            note = sentence(FIXED["total.of_others"], form=of_text(row.of))
            return replace(blank, kind="other_formulation", note=note)
        if self.kg is None:
            return replace(blank, kind="cannot_tell", depends_on=("weight",))
        if self.past.basis == "not_known":
            note = of_text(FIXED["total.not_on_file"])
            return replace(blank, kind="cannot_tell", depends_on=("cumulative_dose",), note=note)
        return self._dated(blank, row, self.kg)

    def _dated(self, blank: Forecast, row: Row, kg: Amount) -> Forecast:
        low, high = exact(row.low), exact(row.high)
        upper = reached(self.steps, self.taken, self.past, kg, high, row.of)
        basis = self.past.basis
        note = sentence(FIXED["total.so_far"], basis=of_text(basis)) if basis != "nothing" else ""
        if low == 0:
            return replace(blank, kind="open", last=upper.surely, note=note)
        lower = reached(self.steps, self.taken, self.past, kg, low, row.of)
        if lower.first is None:
            return replace(blank, kind="not_within", note=note)
        if lower.surely is not None and lower.surely <= self.begin and not blank.depends_on:
            kind = "reached"
        else:
            kind = "dated" if lower.first == lower.surely and not blank.depends_on else "not_before"
        if lower.surely is not None and lower.surely != lower.first:
            frame = FIXED["total.surely" if note else "total.surely_alone"]
            note = sentence(frame, note=note, day=of_day(lower.surely))
        return replace(blank, kind=kind, first=lower.first, last=upper.surely if high > low else None, note=note)
