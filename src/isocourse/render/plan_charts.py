"""The charts of a plan: dose, running total with each protocol's target, and the calendar as a strip; each says the same in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.course.amounts import rounded, shown
from isocourse.course.calendar import Entry
from isocourse.course.capsules import words as capsule_pattern
from isocourse.course.plan import DoseStep, Plan
from isocourse.course.totals import Running
from isocourse.decisions.tables import words
from isocourse.facts.days import iso, show
from isocourse.render.drawing import COLOURS, CONFIG, DASHES, SCHEMA, Chart, Row, Spec
from isocourse.render.plan_words import STATES, live, state_words, who
from isocourse.render.words import short

MAIN, LADDER, HEIGHT = 400, 28, 250
"""Widths of the main panel and of one bar beside it, and their height, in pixels."""
DARK = "#1a1a1a"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
"""So that each total is told from the others without colour."""


def plan_charts(plan: Plan) -> tuple[Chart, ...]:
    """The charts of a plan; with a red line none, as they would show a dose."""
    if plan.withheld:
        return ()
    made = (dose_chart(plan), total_chart(plan), strip_chart(plan))
    return tuple(chart for chart in made if chart is not None)


# the ladder: one bar for each range, named along the bar ---------------------------------------------------------------------------
class Rung(Struct, frozen=True):
    """A range and whose it is."""

    low: Fraction
    high: Fraction
    names: tuple[str, ...]
    governs: bool

    @property
    def figure(self) -> str:
        """The range in digits."""
        low, high = rounded(self.low), rounded(self.high)
        return low if low == high else f"{low} to {high}"


NAMES_SHOWN = 2


def rungs(ranges: Iterable[tuple[Fraction, Fraction, str, bool]]) -> list[Rung]:
    """Equal ranges together, those that govern first, then from the lowest."""
    held: dict[tuple[Fraction, Fraction], list[tuple[str, bool]]] = {}
    for low, high, name, governs in ranges:
        held.setdefault((low, high), []).append((name, governs))
    found = [
        Rung(low, high, tuple(dict.fromkeys(_owned(name, own) for name, own in of)), any(own for _, own in of))
        for (low, high), of in held.items()
    ]
    return sorted(found, key=lambda rung: (not rung.governs, rung.low, rung.high))


def rung_words(found: Sequence[Rung], unit: str) -> str:
    """The ranges in words, everybody named."""
    return "; ".join(f"{rung.figure} {unit}: {', '.join(rung.names)}" for rung in found)


def _owned(name: str, governs: bool) -> str:
    return f"{name} (governing)" if governs else name


def _ladder(found: Sequence[Rung], y: Spec) -> Spec:
    """The panel of bars, which shares the scale of the panel beside it."""
    rows: list[Row] = []
    for place, rung in enumerate(found):
        more = f" + {len(rung.names) - NAMES_SHOWN}" if len(rung.names) > NAMES_SHOWN else ""
        names = sorted(rung.names, key=lambda name: not name.endswith("(governing)"))
        label = f"{', '.join(names[:NAMES_SHOWN])}{more}: {rung.figure}"
        rows.append(
            {
                "place": float(place),
                "low": float(rung.low),
                "high": float(rung.high),
                "label": label,
                "base": 0.0,
                "governs": "yes" if rung.governs else "no",
            }
        )
    x = {"field": "place", "type": "ordinal", "axis": None}
    dark = {"condition": {"test": "datum.governs == 'yes'", "value": DARK}, "value": "#b0b0b0"}
    bar = {
        "mark": {"type": "bar", "width": 8, "stroke": DARK, "strokeWidth": 1},
        "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}, "color": dark},
    }
    text = {
        "mark": {
            "type": "text",
            "angle": 270,
            "align": "left",
            "baseline": "top",
            "dx": 2,
            "dy": 5,
            "fontSize": 9.5,
            "limit": HEIGHT,
        },
        "encoding": {"x": x, "y": y | {"field": "base"}, "text": {"field": "label"}},
    }
    return {
        "width": LADDER * max(1, len(found)),
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": [bar, text],
    }


def _beside(title: str, subtitle: str, main: Spec, found: Sequence[Rung], y: Spec) -> Spec:
    panels = [main, _ladder(found, y | {"axis": None})] if found else [main]
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": textwrap.wrap(subtitle, 90), "anchor": "start", "offset": 12},
        "hconcat": panels,
        "spacing": 12,
        "resolve": {"scale": {"y": "shared", "color": "independent"}},
        "config": CONFIG,
    }


def _y(field: str, title: str, top: float) -> Spec:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"domain": [0, top], "nice": False}}


X: Spec = {
    "field": "day",
    "type": "temporal",
    "title": None,
    "axis": {"format": "%-d %b %Y", "labelAngle": -30, "tickCount": 6},
}


def _x(plan: Plan) -> Spec:
    """The days drawn, the same in every chart of a plan."""
    if plan.start is None or plan.end is None:
        return X
    return X | {"scale": {"domain": [iso(plan.start), iso(plan.end + 1)]}}


# dose ------------------------------------------------------------------------------------------------------------------------------
def dose_chart(plan: Plan) -> Chart | None:
    """mg a day as planned: the mean of each step, and the days with more and with less; each protocol's range beside it."""
    steps = [step for step in plan.steps if step.pattern is not None]
    if not steps:
        return None
    rows: list[Row] = []
    told = []
    for step in steps:
        assert step.pattern is not None
        low = min(day.mg for day in step.pattern.days)
        for day in (step.first, step.last + 1):
            rows.append(
                {
                    "day": iso(day),
                    "mean": float(step.pattern.mean_mg),
                    "low": float(low),
                    "high": float(step.pattern.highest_mg),
                    "step": step.name,
                }
            )
        until = "the end of what is drawn" if step.open else show(step.last)
        told.append(
            f"{step.name}, {show(step.first)} to {until}: {capsule_pattern(step.pattern)}, in the mean {rounded(step.pattern.mean_mg)} mg a day"
        )
    found = _dose_rungs(plan, steps[-1])
    top = 1.08 * max([float(row["high"] or 0) for row in rows] + [float(rung.high) for rung in found])
    y = _y("mean", "mg a day", top)
    x = _x(plan)
    base = {"x": x, "detail": {"field": "step"}}
    main = {
        "width": MAIN,
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.18, "color": COLOURS[0]},
                "encoding": base | {"y": y | {"field": "low"}, "y2": {"field": "high"}},
            },
            {"mark": {"type": "line", "strokeWidth": 2.5, "color": COLOURS[0]}, "encoding": base | {"y": y}},
            {
                "transform": [
                    {
                        "aggregate": [
                            {"op": "min", "field": "day", "as": "day"},
                            {"op": "max", "field": "high", "as": "high"},
                        ],
                        "groupby": ["step"],
                    }
                ],
                "mark": {"type": "text", "align": "left", "dy": -8, "fontSize": 10},
                "encoding": {"x": x, "y": y | {"field": "high"}, "text": {"field": "step"}},
            },
        ],
    }
    weight = f" at {shown(steps[-1].weight.kg)} kg" if steps[-1].weight else ""
    beside = f" Ranges of the protocols for {steps[-1].name}{weight}: {rung_words(found, 'mg a day')}." if found else ""
    subtitle = f"line: mean of the step; shade: days with less and more. Beside it: each protocol's range{weight}"
    return Chart("dose", _beside("Dose as planned", subtitle, main, found, y), f"Dose. {'. '.join(told)}.{beside}")


def _dose_rungs(plan: Plan, step: DoseStep) -> list[Rung]:
    return rungs(
        (bound.low, bound.high, who(plan, bound.edition, bound.position), bound.governs)
        for bound in step.bounds
        if bound.fits != "other_formulation"
    )


# running total ---------------------------------------------------------------------------------------------------------------------
def total_chart(plan: Plan) -> Chart | None:
    """The running total in mg/kg by both weights, with each protocol's target beside it; who sets none is named in words."""
    rows, told = _total_rows(plan.totals)
    targets = _targets(plan)
    if not rows:
        return None
    top = 1.08 * max([float(row["high"] or 0) for row in rows] + [float(rung.high) for rung in targets])
    y, x = _y("high", "mg/kg", top), _x(plan)
    colour = {"field": "what", "type": "nominal", "title": None, "sort": None, "scale": {"range": list(COLOURS)}}
    colour["legend"] = None
    dash = colour | {"scale": {"range": [list(each) for each in DASHES]}}
    shape = colour | {"scale": {"range": list(SHAPES)}, "legend": {"columns": 1, "symbolSize": 70}}
    main = {
        "width": MAIN,
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.18},
                "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}, "color": colour},
            },
            *(
                layer
                for edge in ("low", "high")
                for layer in (
                    {
                        "mark": {"type": "line", "strokeWidth": 2},
                        "encoding": {"x": x, "y": y | {"field": edge}, "color": colour, "strokeDash": dash},
                    },
                    {
                        "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1},
                        "encoding": {"x": x, "y": y | {"field": edge}, "color": colour, "shape": shape},
                    },
                )
            ),
        ],
    }
    none = no_target_names(plan)
    text = f"Running total. {'. '.join(told)}."
    text += (
        f" Targets: {rung_words(targets, 'mg/kg')}." if targets else " No target of any protocol in these milligrams."
    )
    text += f" No target is aimed at by: {', '.join(none)}." if none else ""
    subtitle = "the least and the most it can be, with shade between them. Beside it: each protocol's target, by name."
    if none:
        subtitle += f" NO TARGET is aimed at by: {', '.join(none)}."
    spec = _beside("Running total", subtitle, main, targets, y)
    return Chart("total", spec, text)


def _total_rows(totals: Sequence[Running]) -> tuple[list[Row], list[str]]:
    """Rows by weight convention, one line where both say the same; the totals of each formulation and basis by themselves."""
    rows: list[Row] = []
    told = []
    for kind in dict.fromkeys((total.basis, total.formulation) for total in totals):
        held = [total for total in totals if (total.basis, total.formulation) == kind]
        name = f"{kind[0]}, {kind[1] or 'formulation not known'}"
        if all(total.by_latest == total.by_period for total in held):
            sides = (("by either weight", [total.by_latest for total in held]),)
        else:
            sides = (
                ("by the latest weight", [total.by_latest for total in held]),
                ("by the weight of each time", [total.by_period for total in held]),
            )  # type: ignore[assignment]  # one side or two
        for side, amounts in sides:
            known = [(total, amount) for total, amount in zip(held, amounts, strict=True) if amount is not None]
            for total, amount in known:
                low, high = float(amount.low), float(amount.high)
                rows.append(
                    {
                        "day": iso(total.day),
                        "low": low,
                        "high": high,
                        "what": f"{name}: {side}",
                    }
                )
            if known:
                told.append(f"{name}, {side}: {shown(known[-1][1])} mg/kg by {show(known[-1][0].day)}")
            else:
                told.append(f"{name}, {side}: not known, as no weight is")
    return rows, told


def _targets(plan: Plan) -> list[Rung]:
    return rungs(
        (progress.low, progress.high, who(plan, progress.edition, progress.position), progress.governs)
        for progress in plan.progress
        if progress.low is not None and progress.high is not None and progress.by_latest != "other_formulation"
    )


def no_target_names(plan: Plan) -> list[str]:
    """Who says that no total is aimed at."""
    told = [who(plan, each.edition, each.position) for each in plan.progress if each.says == "no_target"]
    return list(dict.fromkeys(told))


# the strip ---------------------------------------------------------------------------------------------------------------------------
BEFORE, AFTER = 45, 60
"""Days drawn before the start and after the end."""
WHITE, GREY = "#ffffff", "#c9c9c9"
FILLS = {"too early": WHITE, "not yet": WHITE, "open": DARK, "now": DARK, "closed": GREY, "over": GREY}


def strip_chart(plan: Plan) -> Chart | None:
    """The governing duties as bars on their days, with where today stands in each window: too early, open or closed."""
    entries = [entry for entry in live(plan.calendar) if entry.governs and (entry.first or entry.last)]
    if not entries or plan.start is None or plan.end is None:
        return None
    as_of = plan.assessment.asked.as_of
    begin, end = min(plan.start - BEFORE, as_of - 7), plan.end + AFTER
    rows: list[Row] = []
    for entry in entries:
        first, last = max(entry.first or begin, begin), min(entry.last or end, end)
        if first > last:
            continue
        sure = "" if entry.first is not None and entry.last is not None else " (an end depends on another day)"
        state = state_words(entry, as_of)
        rows.append(
            {
                "duty": lane(entry),
                "first": iso(first),
                "last": iso(last + 1),
                "state": state,
                "told": state + sure if last - first > 30 else "",
                "length": float(last - first),
            }
        )
    today: list[Row] = [{"day": iso(as_of), "told": "today"}]
    lanes = list(dict.fromkeys(str(row["duty"]) for row in rows))
    y = {"field": "duty", "type": "nominal", "sort": lanes, "title": None, "axis": {"labelLimit": 250}}
    x = X | {"field": "first", "scale": {"domain": [iso(begin), iso(end)]}}
    fill = {
        "field": "state",
        "type": "nominal",
        "title": "on this day",
        "sort": list(FILLS),
        "scale": {
            "domain": sorted({str(row["state"]) for row in rows}, key=list(FILLS).index),
            "range": [FILLS[state] for state in sorted({str(row["state"]) for row in rows}, key=list(FILLS).index)],
        },
    }
    spec = {
        "$schema": SCHEMA,
        "title": {
            "text": "Calendar of the governing duties",
            "subtitle": "white: too early or not yet; black: open or now; grey: closed or over",
            "anchor": "start",
            "offset": 18,
        },
        "width": 420,
        "height": {"step": 17},
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "bar", "height": 10, "stroke": DARK, "strokeWidth": 1},
                "encoding": {"x": x, "x2": {"field": "last"}, "y": y, "color": fill},
            },
            {
                "data": {"values": [row for row in rows if float(row["length"] or 0) < 3]},
                "mark": {
                    "type": "point",
                    "shape": "diamond",
                    "size": 55,
                    "filled": True,
                    "stroke": DARK,
                    "strokeWidth": 1,
                    "opacity": 1,
                },
                "encoding": {"x": x, "y": y, "fill": fill | {"legend": None}},
            },
            {
                "data": {"values": [row for row in rows if row["told"]]},
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 9, "fontWeight": "bold"},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "told"},
                    "color": {
                        "condition": {"test": "datum.state == 'open' || datum.state == 'now'", "value": "white"},
                        "value": DARK,
                    },
                },
            },
            {
                "data": {"values": today},
                "mark": {"type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5},
                "encoding": {"x": X | {"field": "day"}},
            },
            {
                "data": {"values": today},
                "mark": {"type": "text", "align": "left", "dx": 3, "fontSize": 10, "dy": -7},
                "encoding": {"x": X | {"field": "day"}, "y": {"value": 0}, "text": {"field": "told"}},
            },
        ],
        "config": CONFIG,
    }
    return Chart("strip", spec, f"Calendar on {show(as_of)}. {strip_text(entries, as_of)}.")


def lane(entry: Entry) -> str:
    """The row of the strip that a duty stands in: what, under which edition."""
    assert entry.row.duty is not None
    verb = {"do": "", "keep_up": "keep up ", "avoid": "avoid "}[entry.row.duty.verb]
    return f"{verb}{words(entry.point.say_of(entry.row.duty.what))}, {short(entry.edition)}"


def strip_text(entries: Sequence[Entry], as_of: int) -> str:
    """How many windows of each duty are too early, open and closed."""
    counted: dict[str, dict[str, int]] = {}
    for entry in entries:
        by = counted.setdefault(lane(entry), {})
        state = state_words(entry, as_of)
        by[state] = by.get(state, 0) + 1
    order = [word for words_ in STATES.values() for word in words_]
    return "; ".join(
        f"{name}: {', '.join(f'{by[state]} {state}' for state in dict.fromkeys(order) if state in by)}"
        for name, by in counted.items()
    )
