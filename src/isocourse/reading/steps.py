"""Reads the steps of a row: titration, taper, overlap of two drugs."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from isocourse.decisions.stages import Stage, stages
from isocourse.decisions.steps_apart import SAMPLES
from isocourse.decisions.tables import UNSTATED, Length, Moment, Point, Row, Step, words
from isocourse.facts.days import Span
from isocourse.logic.problems import did_you_mean
from isocourse.reading.forms import Form
from isocourse.reading.ranges import Ends
from isocourse.reading.yaml_text import Node, Text

VERBS = ("do", "raise", "lower", "keep", "avoid")
FORMULATIONS = ("any", "conventional", "lidose", "micronised")
DRUG_UNITS = ("mg/kg/day", "mg/day")
"""In which another drug's dose may be written."""

_LENGTH = re.compile(r"([1-9]\d{0,2})(?: to ([1-9]\d{0,2}))? (day|days|week|weeks|month|months)( or more)?", re.ASCII)

Condition = Callable[[Form, Node], tuple[int, str]]
Ranges = Callable[[Form], Ends]
Begin = Callable[[Form, str], Moment | None]
Figure = Callable[[str, Node], int]


class StepsReader:
    """Reads the steps of one row.

    Args:
        point: the point that the row answers.
        path: the file.
        condition: reads a condition to its node and its text.
        ends: reads a range.
        moment: reads an anchor with its offset.
        figure: the node of a comparison of the dose on file.
    """

    def __init__(
        self, point: Point, path: str, condition: Condition, ends: Ranges, moment: Begin, figure: Figure
    ) -> None:
        self.point, self.path = point, path
        self.condition, self.ends, self.moment, self.figure = condition, ends, moment, figure

    def read(self, row: Row, form: Form) -> Row:
        """The row with its steps, none of which can overlap another of the same drug."""
        nodes = form.list_of("steps")
        if not nodes:
            raise form.fail(form.node, "a row of a steps table needs at least one step under `steps:`")
        steps: list[Step] = []
        for node in nodes:
            steps.append(self._step(node, steps, row.force))
        made = replace(row, name=row.name or steps[0].what, steps=tuple(steps))
        self._in_order(made, nodes, form)
        return made

    def _step(self, node: Node, earlier: list[Step], force: str) -> Step:
        form = Form(
            node, self.path, "a step", optional=(*VERBS, "from", "until", "for", "range", "of", "when", "say", "force")
        )
        verb, what = self._deed(form, earlier[-1] if earlier else None)
        before = next((each for each in reversed(earlier) if each.what == what), None)
        timed = self._timed(Step(verb, what), form, before)
        when, text = self.condition(form, form.get("when")) if form.has("when") else (-1, "")
        if form.has("when") != form.has("say"):
            raise form.fail(
                form.node, "`when:` and `say:`, the condition in words, stand together: say: {en: if it is tolerated}"
            )
        force = form.one_of("force", ("must", "should", "may", "none"), force)
        said = replace(timed, force=force, when=when, text=text, say=form.say("say"))
        return self._amount(said, form, before)

    def _deed(self, form: Form, before: Step | None) -> tuple[str, str]:
        verbs = [verb for verb in VERBS if form.has(verb)]
        if len(verbs) > 1 or (not verbs and before is None):
            raise form.fail(
                form.node, f"a step has exactly one of {', '.join(VERBS)}; only a later step may leave it out"
            )
        if not verbs:
            assert before is not None
            return "do", before.what
        what, known = form.text(verbs[0]), dict(self.point.finds)
        if what not in known:
            raise form.fail(
                form.get(verbs[0]),
                f'{self.point.name} knows no drug "{what}"'
                + did_you_mean(what, known)
                + f"; known: {', '.join(known)}",
            )
        return verbs[0], what

    # time ----------------------------------------------------------------------------------------------------------
    def _timed(self, step: Step, form: Form, before: Step | None) -> Step:
        unstated = form.has("from") and form.text("from") == "unstated"
        begin = None if unstated else self.moment(form, "from")
        until, length = self.moment(form, "until"), self._length(form)
        if begin and until and length:
            raise form.fail(
                form.get("for"), "a step with `from:` and `until:` has no `for:`; leave one of the three out"
            )
        if until and length and length.high is None and not length.stated:
            raise form.fail(
                form.get("for"), "a step with `until:` and a length needs the length in days, weeks or months"
            )
        backwards = until and (length or before is None)
        then = not (begin or unstated or backwards)
        if then and before is None:
            raise form.fail(
                form.node,
                "the first step of a drug needs `from:` or `until:`; if the source names no day, `from: unstated`",
            )
        if then and before is not None and before.open:
            raise form.fail(
                form.node,
                "the step of this drug before this one goes on without an end, so nothing comes after it; give that step `for:` "
                "(`for: unstated` if the source names no length) or this one `from:`",
            )
        return replace(step, begin=begin, then=then, until=until, length=length)

    def _length(self, form: Form) -> Length | None:
        if not form.has("for"):
            return None
        text, node = form.text("for"), form.get("for")
        if text == "unstated":
            return UNSTATED
        match = _LENGTH.fullmatch(text)
        if not match or (match[2] and match[4]):
            raise form.fail(
                node,
                f'"{text}" is not a length; write `4 weeks`, `2 to 4 weeks`, `4 weeks or more`, in days, weeks or months, or `unstated`',
            )
        low, high = int(match[1]), int(match[2] or match[1])
        if low > high:
            raise form.fail(node, f"the length runs backwards, from {low} to {high}")
        return Length(low, None if match[4] else high, match[3] if match[3].endswith("s") else match[3] + "s")

    def _in_order(self, row: Row, nodes: list[Node], form: Form) -> None:
        """Of one drug, no step may begin before the one before it has surely ended, as far as one anchor can tell."""
        for sample in SAMPLES:
            found = stages(row, lambda anchor, day=sample: Span.of(day))  # type: ignore[misc]  # the day is bound at once
            for place, later in enumerate(found):
                for earlier in found[:place]:
                    if _overlap(earlier, later):
                        raise form.fail(
                            nodes[place],
                            f"this step of {later.step.what} begins before an earlier one has ended, or may; let them follow each other",
                        )

    # amount --------------------------------------------------------------------------------------------------------
    def _amount(self, step: Step, form: Form, before: Step | None) -> Step:
        if step.verb == "avoid":
            if form.has("range"):
                raise form.fail(form.get("range"), "a step in which the drug is avoided has no range")
            return step
        if not form.has("range"):
            raise form.fail(
                form.node,
                "a step needs `range:`, the doses allowed in it; if the source gives no figure, `range: unstated`",
            )
        of = self._formulation(step, form, before)
        node = form.get("range")
        if isinstance(node, Text) and node.text == "unstated":
            return replace(step, of=of)
        ends = self.ends(form)
        shows = dict(self.point.shows)
        units = tuple(shows) if step.what == "dose" else DRUG_UNITS
        if ends.unit not in units:
            raise form.fail(
                node,
                f'a dose of {words(self.point.say_of(step.what))} is written in {" or ".join(units)}, not in "{ends.unit}"',
            )
        made = replace(step, low=ends.low, high=ends.high, below=ends.below, unit=ends.unit, of=of)
        if step.what != "dose":
            return made
        shown = shows[ends.unit]
        return replace(made, over=self.figure(ends.over(shown), node), under=self.figure(ends.under(shown), node))

    def _formulation(self, step: Step, form: Form, before: Step | None) -> str:
        if step.what != "dose":
            if form.has("of"):
                raise form.fail(form.get("of"), "only doses of isotretinoin have a formulation")
            return ""
        carried = before.of if before is not None and before.what == "dose" else ""
        if not form.has("of") and not carried:
            raise form.fail(form.node, f"a step of isotretinoin needs `of:`, one of {', '.join(FORMULATIONS)}")
        return form.one_of("of", FORMULATIONS, carried)


def _overlap(earlier: Stage, later: Stage) -> bool:
    """Whether two stages of one drug, counted from one anchor, may share a day."""
    same = earlier.step.what == later.step.what and earlier.anchors == later.anchors and len(later.anchors) == 1
    if not same or earlier.begins is None or later.begins is None or later.step.then:
        return False
    return earlier.ends is None or later.begins.first <= earlier.ends.last
