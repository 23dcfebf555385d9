"""What the model expects of a plan: levels in plasma and sebum of invented patients of this weight, the same on every face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from isocourse.app.plan import simulated
from isocourse.app.simulate import load_kinetics, taken_from
from isocourse.course.plan import Plan
from isocourse.course.regimen import NoRegimenError
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.kinetics import KineticsError, Population, Regimen
from isocourse.kinetics.outcome import Outcome, Question, answered
from isocourse.render.chart_frames import FIXED
from isocourse.render.charts import Reader, levels_chart, sebum_chart
from isocourse.render.drawing import Chart

PATIENTS, SEED, BACKEND, REFERENCE_KG = 1000, 1, "numpy", 70.0
"""As `isocourse simulate --plan` has them where nothing is asked."""


@dataclass(frozen=True, slots=True)
class Course:
    """A plan as the model takes it: its intakes, the weight, the day of hour 0, and what is to be said of it."""

    regimen: Regimen
    weight_kg: float
    origin: int
    lines: tuple[str, ...]
    weighed: bool
    """Whether the weight is that of the record."""
    whole: bool
    """Whether everything that was taken before the plan is in it; nothing was before a first dose."""

    def reader(self, patients: int, w: Wording = ENGLISH) -> Reader:
        """For whom its charts are drawn, with what has to stand under every one of them."""
        told = [w(FIXED["sim.invented"], n=patients, kg=w.number(f"{self.weight_kg:g}"))]
        told += [] if self.weighed else [w(FIXED["sim.assumed"])]
        told += [] if self.whole else [w(FIXED["sim.left_out"])]
        return Reader(w, self.origin, tuple(told))


def course_of(made: Plan, food: str = "meal") -> Course:
    """The plan as the model takes it; 70 kg where the record has no weight, and that is said.

    Raises:
        NoRegimenError: the plan gives no intakes.
    """
    regimen, lines, origin = simulated(made, food)
    seen = made.assessment
    weight = taken_from(seen.record, seen.library.catalogue, seen.asked.as_of).weight_kg
    told = lines if weight else (*lines, "no weight is in the record; 70 kg is assumed")
    whole = not made.running or origin < made.steps[0].first
    return Course(regimen, weight or REFERENCE_KG, origin, told, bool(weight), whole)


def outcome_of(course: Course) -> Outcome:
    """The course taken by the invented patients.

    Raises:
        KineticsError: a regimen that the model does not speak of.
    """
    people = Population(load_kinetics().model, PATIENTS, SEED, course.weight_kg)
    return answered(people, (course.regimen,), replace(Question(), bands=True, backend=BACKEND))[0]


def expected_charts(made: Plan, w: Wording = ENGLISH) -> Sequence[Chart]:
    """Levels and sebum; nothing where the plan gives no intakes, or none that the model speaks of."""
    try:
        course = course_of(made)
        return drawn_for(course, outcome_of(course), w)
    except (NoRegimenError, KineticsError):
        return ()


def drawn_for(course: Course, outcome: Outcome, w: Wording) -> Sequence[Chart]:
    """The charts of an outcome, dated from the day of hour 0."""
    reader = course.reader(PATIENTS, w)
    return levels_chart(outcome, reader), sebum_chart((outcome,), reader)
