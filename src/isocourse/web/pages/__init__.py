"""The pages of the workbench."""

from isocourse.web.pages import (
    calculator,
    contradictions,
    course,
    dispensing,
    expected,
    knowledge,
    language,
    patients,
    register,
    simulate,
    trail,
    transfer,
    visits,
)

HANDLERS = (
    *patients.HANDLERS,
    *course.HANDLERS,
    *expected.HANDLERS,
    *register.HANDLERS,
    *visits.HANDLERS,
    *dispensing.HANDLERS,
    *transfer.HANDLERS,
    *trail.HANDLERS,
    *knowledge.HANDLERS,
    *contradictions.HANDLERS,
    *calculator.HANDLERS,
    *simulate.HANDLERS,
    *language.HANDLERS,
)

__all__ = ["HANDLERS"]
