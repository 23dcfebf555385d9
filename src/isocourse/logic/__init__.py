"""Truth, units, the rule language and its lowerings; knows nothing of medicine."""

from isocourse.logic.compiled import compile_program
from isocourse.logic.exact import reachable_rows, reachable_truths
from isocourse.logic.explain import Reason, explain
from isocourse.logic.problems import LanguageError
from isocourse.logic.reference import evaluate
from isocourse.logic.syntax import parse
from isocourse.logic.tree import Builder, Node, Op, Program, Slot, State
from isocourse.logic.truth import Truth
from isocourse.logic.typing import Names, lower_condition

__all__ = [
    "Builder",
    "LanguageError",
    "Names",
    "Node",
    "Op",
    "Program",
    "Reason",
    "Slot",
    "State",
    "Truth",
    "compile_program",
    "evaluate",
    "explain",
    "lower_condition",
    "parse",
    "reachable_rows",
    "reachable_truths",
]
