"""The JSON interface: the same answers as the pages and the command line, from the same code."""

from isocourse.web.api import assess, calculate, dispensing, knowledge, simulate

HANDLERS = (*assess.HANDLERS, *calculate.HANDLERS, *dispensing.HANDLERS, *knowledge.HANDLERS, *simulate.HANDLERS)

__all__ = ["HANDLERS"]
