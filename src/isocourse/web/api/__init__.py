"""The JSON interface: the same answers as the pages and the command line, from the same code."""

from isocourse.web.api import assess, calculate, knowledge, simulate

HANDLERS = (*assess.HANDLERS, *calculate.HANDLERS, *knowledge.HANDLERS, *simulate.HANDLERS)

__all__ = ["HANDLERS"]
