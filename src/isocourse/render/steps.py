"""The steps of a titration, a taper or an overlap of two drugs, in words."""

from __future__ import annotations

from collections.abc import Sequence

from isocourse.decisions.dates import DayOf, counted, moment_words
from isocourse.decisions.stages import NOT_NAMED, Stage, stages
from isocourse.decisions.tables import Length, Point, Row, Step, words
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, show
from isocourse.logic.truth import Truth

WAYS = {"do": "", "raise": "raised, ", "lower": "lowered, ", "keep": "unchanged, ", "avoid": "not given"}
SAID = {"must": "must", "should": "should", "may": "may", "none": "no force"}


def steps_words(point: Point, row: Row) -> str:
    """Every step of a row, without a patient."""
    return _joined(row, [step_words(point, step, row.force) for step in row.steps])


def stages_words(point: Point, row: Row, day_of: DayOf, holds: Sequence[Truth]) -> str:
    """Every step of a row with its days, or with what they depend on."""
    told = []
    for stage in stages(row, day_of, holds):
        dated = stage_days(stage)
        told.append(step_words(point, stage.step, row.force) + (f" ({dated})" if dated else "") + _held(stage))
    return _joined(row, told)


def _joined(row: Row, told: Sequence[str]) -> str:
    parts = [("then " if step.then else "") + text for step, text in zip(row.steps, told, strict=True)]
    return "; ".join(parts)


def step_words(point: Point, step: Step, force: str = "") -> str:
    """One step: the drug, the dose, the time, the condition."""
    said = f" [{SAID[step.force]}]" if step.force != force else ""
    parts = [
        f"{words(point.say_of(step.what))} {WAYS[step.verb]}{_amount(step)}".rstrip(),
        _time(step),
        words(step.say),
    ]
    return " ".join(part for part in parts if part) + said


def _amount(step: Step) -> str:
    if step.verb == "avoid":
        return ""
    if not step.low:
        return "no figure stated"
    form = "" if step.of in ("", "any") else f" of {step.of} capsules"
    size = step.low if step.low == step.high else f"{step.low} to {step.high}"
    return f"{size} {step.unit}{form}"


def _time(step: Step) -> str:
    begin = f"from {moment_words(step.begin)}" if step.begin else ""
    until = f"until {moment_words(step.until)}" if step.until else ""
    lasting = length_words(step.length) if step.length else ""
    if not (begin or until or step.then):
        begin = "from a day that is not stated"
    onwards = "and on" if step.open and step.begin else ""
    return " ".join(part for part in (begin, lasting, until, onwards) if part)


def length_words(length: Length) -> str:
    """How long a step lasts, in the source's own unit."""
    if not length.stated:
        return "for a time that is not stated"
    if length.high is None:
        return f"for {counted(length.low, length.unit)} or longer"
    if length.low == length.high:
        return f"for {counted(length.low, length.unit)}"
    return f"for {length.low} to {length.high} {length.unit}"


def stage_days(stage: Stage) -> str:
    """The days of a stage, or what they depend on."""
    if stage.begins is None and stage.ends is None:
        return f"depends on {' and '.join(stage.depends_on)}" if stage.depends_on else ""
    if NOT_NAMED in stage.depends_on:
        return f"depends on {NOT_NAMED}"
    stated = stage.step.length is None or stage.step.length.stated
    ends = _ends(stage.ends, "to") if stated else ""
    on = "on" if stage.open and stage.begins and stage.begins.known else ""
    missing = f"depends on {' and '.join(stage.depends_on)}" if stage.depends_on else ""
    return " ".join(part for part in (_ends(stage.begins, "from"), on, ends, missing) if part)


def _ends(span: Span | None, word: str) -> str:
    if span is None:
        return ""
    if span.known:
        return f"{word} {show(span.first)}"
    first = f"{show(span.first)} at the earliest" if span.first > FIRST_DAY else ""
    last = f"{show(span.last)} at the latest" if span.last < LAST_DAY else ""
    told = ", ".join(part for part in (first, last) if part)
    return f"{word} {told}" if told else ""


def _held(stage: Stage) -> str:
    """Whether the condition of a stage holds, where there is one."""
    if stage.step.when < 0:
        return ""
    return {Truth.YES: " [so it is]", Truth.NO: " [not so]", Truth.UNKNOWN: " [cannot be told yet]"}[stage.holds]
