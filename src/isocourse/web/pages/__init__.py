"""The pages of the workbench."""

from isocourse.web.pages import contradictions, knowledge, language, patients, simulate

HANDLERS = (
    *patients.HANDLERS,
    *knowledge.HANDLERS,
    *contradictions.HANDLERS,
    *simulate.HANDLERS,
    *language.HANDLERS,
)

__all__ = ["HANDLERS"]
