"""Reads a file of regimens to be compared: each with its doses, its exceptions and its capsule strengths."""

from __future__ import annotations

import re

from isocourse.facts.problem import ReadError
from isocourse.kinetics.parameters import FOODS, FORMULATIONS
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.regimen import Regimen
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node, load_text

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(mg/kg|mg)")
_DAYS = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")
STEP = ("dose", "times_a_day", "weeks", "days", "formulation", "food")
KEYS = (
    "name",
    *STEP,
    "steps",
    "alternate",
    "on_off",
    "breaks",
    "missed",
    "fasting",
    "switch",
    "adherence",
    "strengths",
)


def read_regimens(text: str, path: str) -> tuple[Regimen, ...]:
    """The regimens of a file, in its order.

    Raises:
        ReadError: a mistake, or a regimen that contradicts itself, with its line.
    """
    form = Form(load_text(text, path), path, "a regimens file", required=("regimens",))
    found = tuple(read_regimen(node, path) for node in form.list_of("regimens"))
    if not found:
        raise form.fail(form.node, "there is no regimen in the file")
    names = [each.name for each in found]
    for node, name in zip(form.list_of("regimens"), names, strict=True):
        if names.count(name) > 1:
            raise form.fail(node, f'the name "{name}" stands twice')
    return found


def read_regimen(node: Node, path: str) -> Regimen:
    """One regimen."""
    form = Form(node, path, "a regimen", required=("name",), optional=KEYS[1:])
    if form.has("steps") == form.has("dose"):
        raise form.fail(node, 'a regimen has either "dose" or "steps"')
    try:
        return _exceptions(form, _course(form)).named(form.text("name"))
    except KineticsError as problem:
        raise ReadError(path, node.line, node.column, str(problem)) from None


def _course(form: Form) -> Regimen:
    if not form.has("steps"):
        return _step(form, form)
    course: Regimen | None = None
    for node in form.list_of("steps"):
        step = _step(Form(node, form.path, "a step", required=("dose",), optional=STEP[1:]), form)
        course = step if course is None else course.then(step)
    if course is None:
        raise form.fail(form.get("steps"), "there is no step")
    return course


def _step(form: Form, outer: Form) -> Regimen:
    match = _AMOUNT.fullmatch(form.text("dose"))
    if not match:
        raise form.fail(form.get("dose"), f'"{form.text("dose")}" is not a dose; write it as 20 mg or 0.25 mg/kg')
    return Regimen.daily(
        float(match[1]),
        times_a_day=_whole(form, "times_a_day", 1),
        weeks=_number(form, "weeks") if form.has("weeks") else None,
        days=_whole(form, "days", 0) if form.has("days") else None,
        formulation=form.one_of("formulation", FORMULATIONS, outer.text("formulation", "conventional")),
        food=form.one_of("food", FOODS, outer.text("food", "meal")),
        per_kg=match[2] == "mg/kg",
    )


def _exceptions(form: Form, course: Regimen) -> Regimen:
    if form.has("alternate"):
        course = course.alternate(_whole(form, "alternate", 2))
    if form.has("on_off"):
        on, off = _days(form, form.get("on_off"), form.text("on_off"))
        course = course.pulsed(on, off)
    for node in form.list_of("breaks"):
        course = course.paused(*_days(form, node, form.as_text(node)))
    if form.has("missed"):
        course = course.missed(_listed(form, "missed"))
    if form.has("fasting"):
        course = course.fasting(_listed(form, "fasting"))
    if form.has("switch"):
        switch = Form(form.get("switch"), form.path, "a switch", required=("day",), optional=("formulation", "food"))
        course = course.switched(
            _whole(switch, "day", 1), formulation=switch.text("formulation", ""), food=switch.text("food", "")
        )
    if form.has("adherence"):
        course = course.adhered(_number(form, "adherence"))
    strengths = tuple(_parsed(form, node, form.as_text(node)) for node in form.list_of("strengths"))
    return Regimen(course.doses, course.days, course.name, course.per_kg, course.adherence, strengths)


def _listed(form: Form, key: str) -> list[int]:
    found: list[int] = []
    for node in form.list_of(key):
        first, last = _days(form, node, form.as_text(node))
        found.extend(range(first, last + 1))
    return found


def _days(form: Form, node: Node, text: str) -> tuple[int, int]:
    match = _DAYS.fullmatch(text.strip())
    if not match:
        raise form.fail(node, f'"{text}" is not a day or a span of days; write it as 29 or 29-42')
    return int(match[1]), int(match[2] or match[1])


def _number(form: Form, key: str) -> float:
    return _parsed(form, form.get(key), form.text(key))


def _parsed(form: Form, node: Node, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise form.fail(node, f'"{text}" is not a number') from None


def _whole(form: Form, key: str, default: int) -> int:
    if not form.has(key):
        return default
    text = form.text(key)
    if not text.isdigit():
        raise form.fail(form.get(key), f'"{text}" is not a whole number')
    return int(text)
