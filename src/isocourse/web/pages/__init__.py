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
    transfer,
    visits,
)

HANDLERS = (
    *patients.HANDLERS,
    *course.HANDLERS,
    *register.HANDLERS,
    *visits.HANDLERS,
    *transfer.HANDLERS,
    *knowledge.HANDLERS,
    *contradictions.HANDLERS,
    *calculator.HANDLERS,
    *simulate.HANDLERS,
    *language.HANDLERS,
)

__all__ = ["HANDLERS"]
