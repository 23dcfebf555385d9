"""The pages of the workbench."""

from isocourse.web.pages import calculator, contradictions, course, knowledge, language, patients, simulate

HANDLERS = (
    *patients.HANDLERS,
    *course.HANDLERS,
    *knowledge.HANDLERS,
    *contradictions.HANDLERS,
    *calculator.HANDLERS,
    *simulate.HANDLERS,
    *language.HANDLERS,
)

__all__ = ["HANDLERS"]
