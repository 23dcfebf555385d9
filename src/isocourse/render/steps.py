"""The steps of a titration, a taper or an overlap of two drugs, in words."""

from __future__ import annotations

from collections.abc import Sequence

from isocourse.decisions.dates import (
    FROM,
    FROM_ANCHOR,
    UNTIL,
    UNTIL_ANCHOR,
    DayOf,
    counted,
    depends_words,
    edge_words,
)
from isocourse.decisions.stages import NOT_NAMED, Stage, stages
from isocourse.decisions.tables import Length, Point, Row, Step
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span
from isocourse.logic.truth import Truth
from isocourse.render.ranges import range_words

WAYS = {
    "do": "{drug} {amount}",
    "raise": "{drug} raised, {amount}",
    "lower": "{drug} lowered, {amount}",
    "keep": "{drug} unchanged, {amount}",
    "avoid": "{drug} not given",
}
SAID = {"must": "must", "should": "should", "may": "may", "none": "no force"}
HELD = {Truth.YES: "so it is", Truth.NO: "not so", Truth.UNKNOWN: "cannot be told yet"}
FIXED = {
    **{f"stage.{verb}": text for verb, text in WAYS.items()},
    **{f"stage.held.{truth.word}": text for truth, text in HELD.items()},
    "stage.may": SAID["may"],
    "stage.then": "then {step}",
    "stage.no_figure": "no figure stated",
    "stage.no_day": "from a day that is not stated",
    "stage.onwards": "and on",
    "stage.no_length": "for a time that is not stated",
    "stage.or_longer": "for {count} or longer",
    "stage.for": "for {count}",
    "stage.for_span": "for {low} to {count}",
    "stage.on": "on",
    "stage.from_day": "from {day}",
    "stage.to_day": "to {day}",
    "stage.earliest": "{day} at the earliest",
    "stage.latest": "{day} at the latest",
    "stage.not_named": NOT_NAMED,
}
"""The frames of the lines below, each under its key."""


def steps_words(point: Point, row: Row, w: Wording = ENGLISH) -> str:
    """Every step of a row, without a patient."""
    return _joined(row, [step_words(point, step, row.force, w) for step in row.steps], w)


def stages_words(point: Point, row: Row, day_of: DayOf, holds: Sequence[Truth], w: Wording = ENGLISH) -> str:
    """Every step of a row with its days, or with what they depend on."""
    told = []
    for stage in stages(row, day_of, holds):
        dated = stage_days(stage, w)
        told.append(step_words(point, stage.step, row.force, w) + (f" ({dated})" if dated else "") + _held(stage, w))
    return _joined(row, told, w)


def _joined(row: Row, told: Sequence[str], w: Wording) -> str:
    return "; ".join(
        w(FIXED["stage.then"], step=text) if step.then else text for step, text in zip(row.steps, told, strict=True)
    )


def step_words(point: Point, step: Step, force: str = "", w: Wording = ENGLISH) -> str:
    """One step: the drug, the dose, the time, the condition."""
    said = f" [{w(SAID[step.force])}]" if step.force != force else ""
    drug = w(point.say_of(step.what))
    parts = [
        w(WAYS[step.verb], drug=drug, amount=_amount(step, w)).rstrip(),
        _time(step, w),
        w(step.say) if step.say else "",
    ]
    return " ".join(part for part in parts if part) + said


def _amount(step: Step, w: Wording) -> str:
    if step.verb == "avoid":
        return ""
    if not step.low:
        return w(FIXED["stage.no_figure"])
    return range_words(step, w)


def _time(step: Step, w: Wording) -> str:
    begin = edge_words(step.begin, FROM, FROM_ANCHOR, w) if step.begin else ""
    until = edge_words(step.until, UNTIL, UNTIL_ANCHOR, w) if step.until else ""
    lasting = length_words(step.length, w) if step.length else ""
    if not (begin or until or step.then):
        begin = w(FIXED["stage.no_day"])
    onwards = w(FIXED["stage.onwards"]) if step.open and step.begin else ""
    return " ".join(part for part in (begin, lasting, until, onwards) if part)


def length_words(length: Length, w: Wording = ENGLISH) -> str:
    """How long a step lasts, in the source's own unit."""
    if not length.stated:
        return w(FIXED["stage.no_length"])
    if length.high is None:
        return w(FIXED["stage.or_longer"], count=counted(length.low, length.unit, w))
    if length.low == length.high:
        return w(FIXED["stage.for"], count=counted(length.low, length.unit, w))
    return w(FIXED["stage.for_span"], low=str(length.low), count=counted(length.high, length.unit, w))


def stage_days(stage: Stage, w: Wording = ENGLISH) -> str:
    """The days of a stage, or what they depend on."""
    missing = depends_words(stage.depends_on, w) if stage.depends_on else ""
    if stage.begins is None and stage.ends is None:
        return missing
    if NOT_NAMED in stage.depends_on:
        return depends_words((NOT_NAMED,), w)
    stated = stage.step.length is None or stage.step.length.stated
    ends = _ends(stage.ends, "stage.to_day", w) if stated else ""
    on = w(FIXED["stage.on"]) if stage.open and stage.begins and stage.begins.known else ""
    return " ".join(part for part in (_ends(stage.begins, "stage.from_day", w), on, ends, missing) if part)


def _ends(span: Span | None, frame: str, w: Wording) -> str:
    if span is None:
        return ""
    if span.known:
        return w(FIXED[frame], day=w.day(span.first))
    first = w(FIXED["stage.earliest"], day=w.day(span.first)) if span.first > FIRST_DAY else ""
    last = w(FIXED["stage.latest"], day=w.day(span.last)) if span.last < LAST_DAY else ""
    told = ", ".join(part for part in (first, last) if part)
    return w(FIXED[frame], day=told) if told else ""


def _held(stage: Stage, w: Wording) -> str:
    """Whether the condition of a stage holds, where there is one."""
    return "" if stage.step.when < 0 else f" [{w(HELD[stage.holds])}]"
