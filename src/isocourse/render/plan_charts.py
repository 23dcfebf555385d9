"""The charts of a plan: dose, running total with each protocol's target, and the calendar as a strip; each says the same in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.course.amounts import Amount, rounded, shown
from isocourse.course.calendar import Entry
from isocourse.course.capsules import words as capsule_pattern
from isocourse.course.exposure import Period
from isocourse.course.plan import DoseStep, Plan
from isocourse.course.planner import taken_before
from isocourse.course.targets import HOLE
from isocourse.course.totals import Running
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import iso
from isocourse.render.chart_frames import FIXED
from isocourse.render.drawing import COLOURS, DASHES, SCHEMA, Chart, Row, Spec, config, day_axis
from isocourse.render.plan_frames import STATES
from isocourse.render.plan_words import bare_duty, live, own_words, state_of, who
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

    def figure(self, w: Wording) -> str:
        """The range in digits."""
        return w(shown(Amount(self.low, self.high)))


NAMES_SHOWN = 2


def rungs(ranges: Iterable[tuple[Fraction, Fraction, str, bool]], w: Wording = ENGLISH) -> list[Rung]:
    """Equal ranges together, those that govern first, then from the lowest."""
    held: dict[tuple[Fraction, Fraction], list[tuple[str, bool]]] = {}
    for low, high, name, governs in ranges:
        held.setdefault((low, high), []).append((name, governs))
    found = [
        Rung(
            low,
            high,
            tuple(dict.fromkeys(own_words(name, w, governs=own) for name, own in _own_first(of))),
            any(own for _, own in of),
        )
        for (low, high), of in held.items()
    ]
    return sorted(found, key=lambda rung: (not rung.governs, rung.low, rung.high))


def _own_first(of: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    return sorted(of, key=lambda each: not each[1])


def rung_words(found: Sequence[Rung], unit: str, w: Wording = ENGLISH) -> str:
    """The ranges in words, everybody named."""
    return "; ".join(f"{rung.figure(w)} {unit}: {', '.join(rung.names)}" for rung in found)


def _ladder(found: Sequence[Rung], y: Spec, w: Wording) -> Spec:
    """The panel of bars, which shares the scale of the panel beside it."""
    rows: list[Row] = []
    for place, rung in enumerate(found):
        more = f" + {len(rung.names) - NAMES_SHOWN}" if len(rung.names) > NAMES_SHOWN else ""
        label = f"{rung.figure(w)}: {', '.join(rung.names[:NAMES_SHOWN])}{more}"
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


def _beside(title: str, subtitle: str, main: Spec, found: Sequence[Rung], y: Spec, w: Wording) -> Spec:
    panels = [main, _ladder(found, y | {"axis": None}, w)] if found else [main]
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": textwrap.wrap(subtitle, 90), "anchor": "start", "offset": 12},
        "hconcat": panels,
        "spacing": 12,
        "resolve": {"scale": {"y": "shared", "color": "independent"}},
        "config": config(w),
    }


def _y(field: str, title: str, top: float) -> Spec:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"domain": [0, top], "nice": False}}


def _x(plan: Plan) -> Spec:
    """The days drawn, the same in every chart of a plan."""
    days = day_axis(plan.assessment.words)
    if plan.start is None or plan.end is None:
        return days
    return days | {"scale": {"domain": [iso(plan.start), iso(plan.end + 1)]}}


# dose ------------------------------------------------------------------------------------------------------------------------------
def dose_chart(plan: Plan) -> Chart | None:
    """mg a day as planned: the mean of each step, and the days with more and with less; each protocol's range beside it.

    Of a running course the doses before the plan stand before it, by the best that is known of them.
    """
    w = plan.assessment.words
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
                    "step": w(step.name),
                }
            )
        until = w(FIXED["chart.dose_end"]) if step.open else w.day(step.last)
        parts = {"step": w(step.name), "first": w.day(step.first), "last": until}
        mean = w.number(rounded(step.pattern.mean_mg))
        told.append(w(FIXED["chart.dose_step"], **parts, capsules=w(capsule_pattern(step.pattern)), mg=mean))
    before = _before(plan)
    earlier = _before_rows(before, plan, w)
    found = _dose_rungs(plan, steps[-1])
    tops = [float(row["high"] or 0) for row in (*rows, *earlier)]
    top = 1.08 * max(tops + [float(rung.high) for rung in found])
    y = _y("mean", w(FIXED["chart.mg_a_day"]), top)
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
            *_before_layers(earlier, x, y),
        ],
    }
    at = w(FIXED["chart.at_weight"], kg=w(shown(steps[-1].weight.kg))) if steps[-1].weight else ""
    unit = w(FIXED["chart.mg_a_day"])
    text = [w(FIXED["chart.dose_text"], steps=". ".join(told))]
    text += [_before_words(before, w)] if before else []
    if found:
        ranges = rung_words(found, unit, w)
        text.append(w(FIXED["chart.dose_ranges"], step=w(steps[-1].name), at=at, ranges=ranges))
    subtitle = w(FIXED["chart.dose_subtitle"], at=at)
    if before:
        subtitle = f"{subtitle} {w(FIXED['chart.dose_before_subtitle'])}"
    return Chart("dose", _beside(w(FIXED["chart.dose"]), subtitle, main, found, y, w), " ".join(text))


def _before(plan: Plan) -> tuple[Period, ...]:
    """What was taken before the plan takes over, of a running course."""
    return taken_before(plan) if plan.running else ()


def _before_rows(before: Sequence[Period], plan: Plan, w: Wording) -> list[Row]:
    """From the least to the most that may have been taken a day; days of which nothing is on file are left empty."""
    begin = plan.steps[0].first
    rows: list[Row] = []
    for number, each in enumerate(before):
        if each.origin == HOLE:
            continue
        low, high = (float(end) for end in (each.daily_mg.low * each.taken.low, each.daily_mg.high * each.taken.high))
        for day in (each.first, min(each.last, begin - 1) + 1):
            told = _basis(each, w) if day == each.first else ""
            rows.append({"day": iso(day), "low": low, "high": high, "period": float(number), "told": told})
    return rows


def _before_layers(rows: list[Row], x: Spec, y: Spec) -> list[Spec]:
    if not rows:
        return []
    base = {"x": x, "detail": {"field": "period"}}
    line = {"type": "line", "strokeWidth": 2, "strokeDash": [5, 3], "color": EARLIER}
    named = list({str(row["told"]): row for row in reversed(rows) if row["told"]}.values())
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "area", "opacity": 0.25, "color": EARLIER},
            "encoding": base | {"y": y | {"field": "low"}, "y2": {"field": "high"}},
        },
        {"data": {"values": rows}, "mark": line, "encoding": base | {"y": y | {"field": "high"}}},
        {
            "data": {"values": named},
            "mark": {"type": "text", "align": "left", "dy": 16, "fontSize": 10, "color": EARLIER},
            "encoding": {"x": x, "y": y | {"field": "low"}, "text": {"field": "told"}},
        },
    ]


EARLIER = "#5a5a5a"
"""What was taken before the plan: darker than what is planned by others, and dashed, so that it is told without colour."""


def _basis(each: Period, w: Wording) -> str:
    """How a dose before the plan is known; what lies ahead of today is in hand."""
    return w(FIXED["chart.in_hand"] if each.basis == "planned" else each.basis)


def _before_words(before: Sequence[Period], w: Wording) -> str:
    told = []
    for each in before:
        span = {"first": w.day(each.first), "last": w.day(each.last)}
        if each.origin == HOLE:
            told.append(w(FIXED["chart.dose_hole"], **span))
        else:
            mg = w(shown(Amount(each.daily_mg.low * each.taken.low, each.daily_mg.high * each.taken.high)))
            told.append(w(FIXED["chart.dose_was"], **span, mg=mg, basis=_basis(each, w)))
    return w(FIXED["chart.dose_before"], what="; ".join(told))


def _dose_rungs(plan: Plan, step: DoseStep) -> list[Rung]:
    return rungs(
        (
            (bound.low, bound.high, who(plan, bound.edition, bound.position), bound.governs)
            for bound in step.bounds
            if bound.fits != "other_formulation"
        ),
        plan.assessment.words,
    )


# running total ---------------------------------------------------------------------------------------------------------------------
def total_chart(plan: Plan) -> Chart | None:
    """The running total in mg/kg by both weights, with each protocol's target beside it; who sets none is named in words."""
    w = plan.assessment.words
    rows, told = _total_rows(plan.totals, w)
    targets = _targets(plan)
    if not rows:
        return None
    top = 1.08 * max([float(row["high"] or 0) for row in rows] + [float(rung.high) for rung in targets])
    unit = w("mg/kg")
    y, x = _y("high", unit, top), _x(plan)
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
    text = [w(FIXED["chart.total_text"], totals=". ".join(told))]
    if targets:
        text.append(w(FIXED["chart.total_targets"], targets=rung_words(targets, unit, w)))
    else:
        text.append(w(FIXED["chart.total_no_targets"]))
    subtitle = w(FIXED["chart.total_subtitle"])
    if none:
        text.append(w(FIXED["chart.total_none"], who=", ".join(none)))
        subtitle = f"{subtitle} {w(FIXED['chart.total_none_subtitle'], who=', '.join(none))}"
    spec = _beside(w(FIXED["chart.total"]), subtitle, main, targets, y, w)
    return Chart("total", spec, " ".join(text))


def _total_rows(totals: Sequence[Running], w: Wording) -> tuple[list[Row], list[str]]:
    """Rows by weight convention, one line where both say the same; the totals of each formulation and basis by themselves."""
    rows: list[Row] = []
    told = []
    for kind in dict.fromkeys((total.basis, total.formulation) for total in totals):
        held = [total for total in totals if (total.basis, total.formulation) == kind]
        name = f"{w(kind[0])}, {w(kind[1] or FIXED['chart.no_formulation'])}"
        if all(total.by_latest == total.by_period for total in held):
            sides = [("chart.either", [total.by_latest for total in held])]
        else:
            sides = [
                ("chart.latest", [total.by_latest for total in held]),
                ("chart.period", [total.by_period for total in held]),
            ]
        for frame, amounts in sides:
            side = w(FIXED[frame])
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
                newest = {"total": w(shown(known[-1][1])), "day": w.day(known[-1][0].day)}
                told.append(w(FIXED["chart.total_by"], name=name, side=side, **newest))
            else:
                told.append(w(FIXED["chart.total_unknown"], name=name, side=side))
    return rows, told


def _targets(plan: Plan) -> list[Rung]:
    return rungs(
        (
            (progress.low, progress.high, who(plan, progress.edition, progress.position), progress.governs)
            for progress in plan.progress
            if progress.low is not None and progress.high is not None and progress.by_latest != "other_formulation"
        ),
        plan.assessment.words,
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
    as_of, w = plan.assessment.asked.as_of, plan.assessment.words
    begin, end = min(plan.start - BEFORE, as_of - 7), plan.end + AFTER
    rows: list[Row] = []
    for entry in entries:
        first, last = max(entry.first or begin, begin), min(entry.last or end, end)
        if first > last:
            continue
        sure = "" if entry.first is not None and entry.last is not None else f" {w(FIXED['chart.strip_end'])}"
        state = state_of(entry, as_of)
        rows.append(
            {
                "duty": lane(entry, w),
                "first": iso(first),
                "last": iso(last + 1),
                "state": w(state),
                "white": "yes" if FILLS[state] == DARK else "no",
                "told": w(state) + sure if last - first > 30 else "",
                "length": float(last - first),
            }
        )
    today: list[Row] = [{"day": iso(as_of), "told": w(FIXED["chart.today"])}]
    lanes = list(dict.fromkeys(str(row["duty"]) for row in rows))
    y = {"field": "duty", "type": "nominal", "sort": lanes, "title": None, "axis": {"labelLimit": 420}}
    x = day_axis(w) | {"field": "first", "scale": {"domain": [iso(begin), iso(end)]}}
    fills = {w(state): colour for state, colour in FILLS.items()}
    there = sorted({str(row["state"]) for row in rows}, key=list(fills).index)
    fill = {
        "field": "state",
        "type": "nominal",
        "title": w(FIXED["chart.on_day"]),
        "sort": list(fills),
        "scale": {"domain": there, "range": [fills[state] for state in there]},
    }
    spec = {
        "$schema": SCHEMA,
        "title": {
            "text": w(FIXED["chart.strip"]),
            "subtitle": w(FIXED["chart.strip_subtitle"]),
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
                        "condition": {"test": "datum.white == 'yes'", "value": "white"},
                        "value": DARK,
                    },
                },
            },
            {
                "data": {"values": today},
                "mark": {"type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5},
                "encoding": {"x": day_axis(w) | {"field": "day"}},
            },
            {
                "data": {"values": today},
                "mark": {"type": "text", "align": "left", "dx": 3, "fontSize": 10, "dy": -7},
                "encoding": {"x": day_axis(w) | {"field": "day"}, "y": {"value": 0}, "text": {"field": "told"}},
            },
        ],
        "config": config(w),
    }
    text = w(FIXED["chart.strip_text"], day=w.day(as_of), lanes=strip_text(entries, as_of, w))
    return Chart("strip", spec, text)


def lane(entry: Entry, w: Wording = ENGLISH) -> str:
    """The row of the strip that a duty stands in: what, under which edition."""
    return f"{bare_duty(entry, w)}, {short(entry.edition, w)}"


def strip_text(entries: Sequence[Entry], as_of: int, w: Wording = ENGLISH) -> str:
    """How many windows of each duty are too early, open and closed."""
    counted: dict[str, dict[str, int]] = {}
    for entry in entries:
        by = counted.setdefault(lane(entry, w), {})
        state = state_of(entry, as_of)
        by[state] = by.get(state, 0) + 1
    order = [word for words_ in STATES.values() for word in words_]
    return "; ".join(
        f"{name}: {', '.join(f'{by[state]} {w(state)}' for state in dict.fromkeys(order) if state in by)}"
        for name, by in counted.items()
    )
