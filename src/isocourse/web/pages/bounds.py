"""An end of an edition's life in words, with how well it is known."""

from __future__ import annotations

from isocourse.decisions.tables import Bound
from isocourse.web.speech import Speech


def _certainty(speech: Speech, bound: Bound) -> str:
    return {
        "read": "",
        "second_hand": speech("known at second hand only"),
        "planned": speech("only planned"),
    }.get(bound.certainty, bound.certainty)


def bound_words(speech: Speech, bound: Bound | None) -> str:
    """The day, and how well it is known; a day that nobody knows is said to be unknown."""
    if bound is None or bound.certainty == "unknown":
        return speech("a day that is not known")
    how = _certainty(speech, bound)
    return f"{speech.day(bound.day)} ({how})" if how else speech.day(bound.day)
