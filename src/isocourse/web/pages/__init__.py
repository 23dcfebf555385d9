"""The pages of the workbench."""

from isocourse.web.pages import (
    calculator,
    contradictions,
    course,
    expected,
    knowledge,
    language,
    patients,
    register,
    simulate,
)

HANDLERS = (
    *patients.HANDLERS,
    *course.HANDLERS,
    *expected.HANDLERS,
    *register.HANDLERS,
    *knowledge.HANDLERS,
    *contradictions.HANDLERS,
    *calculator.HANDLERS,
    *simulate.HANDLERS,
    *language.HANDLERS,
)

__all__ = ["HANDLERS"]
