"""Adding up a questionnaire: a blank item may have any answer, so the total is an interval."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from isocourse.facts.frames import said
from isocourse.facts.problem import Problem


class Scale(Struct, frozen=True):
    """How an instrument is added up: one weight for each item, and the lowest and highest answer to an item."""

    lowest: int
    highest: int
    weights: tuple[int, ...]

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest total.

        >>> Scale(0, 4, (2, 2, 2, 1, 1, 3)).range
        (0, 44)
        """
        return self.lowest * sum(self.weights), self.highest * sum(self.weights)


def score_interval(scale: Scale, answers: Sequence[int | None], where: str = "answers") -> tuple[int, int] | Problem:
    """The lowest and the highest total that the answers leave possible; None is a blank item.

    Another number of answers, or an answer outside the scale, is a Problem: it may be another questionnaire.

    >>> phq2 = Scale(0, 3, (1, 1))
    >>> score_interval(phq2, [1, 3]), score_interval(phq2, [1, None]), score_interval(phq2, [None, None])
    ((4, 4), (1, 4), (0, 6))
    """
    if len(answers) != len(scale.weights):
        return _refused(where, said("score.answered", items=_items(len(answers))), _items(len(scale.weights)))
    for number, answer in enumerate(answers, start=1):
        if answer is not None and not scale.lowest <= answer <= scale.highest:
            return _refused(
                where,
                said("score.item_is", number=number, answer=answer),
                said("score.between", low=scale.lowest, high=scale.highest),
            )
    pairs = list(zip(scale.weights, answers, strict=True))
    low = sum(weight * (scale.lowest if answer is None else answer) for weight, answer in pairs)
    high = sum(weight * (scale.highest if answer is None else answer) for weight, answer in pairs)
    return low, high


def _refused(where: str, found: str, expected: str) -> Problem:
    return Problem(where, found, expected, "check the sheet", "No total is given and the score counts as not known.")


def _items(count: int) -> str:
    return said("score.item") if count == 1 else said("score.items", n=count)
