"""What the model expects of plans, kept: the same doses at the same weight are worked out once, whosever they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isocourse.course.plan import Plan
from isocourse.render.drawing import Chart

if TYPE_CHECKING:
    from isocourse.app.expected import Course
    from isocourse.kinetics.outcome import Outcome

MOST = 32
"""Outcomes kept; each holds the percentiles of one course, and nothing of a patient but doses and weight."""

_outcomes: dict[Course, Outcome] = {}


def charts_of(made: Plan) -> Sequence[Chart]:
    """Levels and sebum of a plan, in its language; nothing where it gives no intakes, or none that the model speaks of."""
    from isocourse.app.expected import course_of, drawn_for  # the model is heavy, and few pages need it
    from isocourse.course.regimen import NoRegimenError
    from isocourse.kinetics import KineticsError

    try:
        course = course_of(made)
        return drawn_for(course, _outcome(course), made.assessment.words)
    except (NoRegimenError, KineticsError):
        return ()


def _outcome(course: Course) -> Outcome:
    from isocourse.app.expected import outcome_of

    found = _outcomes.get(course)
    if found is None:
        found = outcome_of(course)
        while len(_outcomes) >= MOST:
            _outcomes.pop(next(iter(_outcomes)), None)
        _outcomes[course] = found
    return found
