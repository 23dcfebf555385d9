"""Kept, broken, cannot tell: whether what the file shows satisfies a stance."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from isocourse.decisions.stages import Stage
from isocourse.decisions.tables import Option, Row
from isocourse.logic.truth import Truth


class Kept(StrEnum):
    """What the file shows of a stance."""

    KEPT = "kept"
    BROKEN = "broken"
    CANNOT_TELL = "cannot_tell"
    NOT_SHOWN = "not_shown"
    """The file cannot show it at all."""


def option_kept(options: Sequence[Option], values: Sequence[int], *, milder: bool = False) -> Kept:
    """Whether one of the options is followed. `milder`: the row is second-hand, so it may break, never excuse."""
    shown = [_one_option(option, values) for option in options]
    if not shown or all(each is Kept.NOT_SHOWN for each in shown):
        return Kept.NOT_SHOWN
    if Kept.KEPT in shown:
        return Kept.CANNOT_TELL if milder else Kept.KEPT
    return Kept.BROKEN if all(each is Kept.BROKEN for each in shown) else Kept.CANNOT_TELL


def _one_option(option: Option, values: Sequence[int]) -> Kept:
    if option.broken_if < 0:
        return Kept.NOT_SHOWN
    return {Truth.YES: Kept.BROKEN, Truth.NO: Kept.KEPT, Truth.UNKNOWN: Kept.CANNOT_TELL}[
        Truth(values[option.broken_if])
    ]


def range_kept(
    row: Row, values: Sequence[int], *, ceiling_only: bool = False, milder: bool = False, reached: bool = False
) -> Kept:
    """Whether the file's own figure lies in the range, if the row names one; for an order outside acne only the ceiling is judged.

    Args:
        row: the row.
        values: the truth bits of every node.
        ceiling_only: whether only the upper end is judged.
        milder: the row is second-hand, so it may break, never excuse.
        reached: the figure grows towards the range, so lying below it is no breach.
    """
    if row.over < 0:
        return Kept.NOT_SHOWN
    over = Truth(values[row.over])
    under = Truth.NO if ceiling_only else Truth(values[row.under])
    if reached and under is not Truth.NO:
        return Kept.NOT_SHOWN
    if over is Truth.YES or under is Truth.YES:
        return Kept.BROKEN
    if over is Truth.NO and under is Truth.NO:
        return Kept.CANNOT_TELL if milder or ceiling_only else Kept.KEPT
    return Kept.CANNOT_TELL


def step_kept(stage: Stage, values: Sequence[int], *, milder: bool = False) -> Kept:
    """Whether the dose on file lies in the range of the stage that holds today, if the source gives one and says it with some force.

    Args:
        stage: the stage that certainly holds today.
        values: the truth bits of every node.
        milder: the row is second-hand, so it may break, never excuse.
    """
    step = stage.step
    if step.over < 0 or step.force == "none" or stage.holds is Truth.NO:
        return Kept.NOT_SHOWN
    if stage.holds is Truth.UNKNOWN:
        return Kept.CANNOT_TELL
    over, under = Truth(values[step.over]), Truth(values[step.under])
    if Truth.YES in (over, under):
        return Kept.BROKEN
    return Kept.KEPT if over is under is Truth.NO and not milder else Kept.CANNOT_TELL
