"""The pages of the workbench."""

from isocourse.web.pages import (
    calculator,
    contradictions,
    course,
    knowledge,
    language,
    patients,
    register,
    simulate,
    trail,
)

HANDLERS = (
    *patients.HANDLERS,
    *course.HANDLERS,
    *register.HANDLERS,
    *trail.HANDLERS,
    *knowledge.HANDLERS,
    *contradictions.HANDLERS,
    *calculator.HANDLERS,
    *simulate.HANDLERS,
    *language.HANDLERS,
)

__all__ = ["HANDLERS"]
