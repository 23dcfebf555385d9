"""Why a condition holds, line by line, in words: each question that decided, its truth, and the values it read."""

from __future__ import annotations

from isocourse.library import Assessment
from isocourse.logic.explain import Reason
from isocourse.logic.truth import Truth
from isocourse.render.conditions import condition_words
from isocourse.render.words import TRUTH, value_words


def reason_lines(seen: Assessment, reason: Reason, depth: int = 0) -> list[str]:
    """A reason as an indented list."""
    question = condition_words(seen.library, reason.node.text, seen.words) if reason.node.text else reason.node.op
    shown = value_words(seen, reason)
    if shown.startswith(f" ({question}: "):  # a fact that is itself the question is named once
        shown = f" ({shown.removeprefix(f' ({question}: ')}"
    if shown == f" ({seen.words(TRUTH[Truth.UNKNOWN])})":
        shown = ""
    lines = [f"{'  ' * depth}{question}: {seen.words(TRUTH[reason.truth])}{shown}"]
    for part in reason.parts:
        lines.extend(reason_lines(seen, part, depth + 1))
    return lines
