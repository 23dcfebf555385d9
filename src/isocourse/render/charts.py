"""Charts of a simulation: one Vega-Lite specification each, with its data inside, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from isocourse.kinetics.observe import BandTable
from isocourse.kinetics.outcome import Outcome
from isocourse.kinetics.parameters import Model

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
WIDTH, HEIGHT = 720, 300
MOST_POINTS = 1500
"""More points in one line are thinned: a chart shows no more."""
COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47", "#444444")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4])


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its file name, its specification, and what it shows in words."""

    name: str
    spec: Spec
    text: str


def charts(outcomes: Sequence[Outcome], model: Model) -> tuple[Chart, ...]:
    """All charts of an answer: levels, washout, sebum and dose."""
    return tuple(
        chart
        for chart in (
            levels_chart(outcomes[0]) if len(outcomes) == 1 else None,
            washout_chart(outcomes, model),
            sebum_chart(outcomes),
            dose_chart(outcomes),
        )
        if chart is not None
    )


def drawn(chart: Chart) -> str:
    """The chart as SVG with its text alternative inside."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(chart.spec)
    words = f"<title>{_escaped(str(chart.spec['title']['text']))}</title><desc>{_escaped(chart.text)}</desc>"
    head, _, rest = svg.partition(">")
    return f'{head} role="img">{words}{rest}'


def levels_chart(outcome: Outcome) -> Chart:
    """Isotretinoin and 4-oxo over the course: median with the band from 5 to 95 %."""
    table = _levels(outcome)
    rows: list[dict[str, Any]] = []
    for name, words in (("parent", "isotretinoin"), ("oxo", "4-oxo")):
        low, middle, high = _series(table, name)
        rows += [
            {"day": day, "low": low[i], "median": middle[i], "high": high[i], "what": words}
            for i, day in _moments(table, len(middle))
        ]
    ends = outcome.regimen.days
    last = {
        word: [row for row in rows if row["what"] == word and row["day"] <= ends] for word in ("isotretinoin", "4-oxo")
    }
    parts = []
    for word, held in last.items():
        top = max(held, key=lambda row: row["median"])
        parts.append(
            f"{word}: highest median {top['median']:.0f} ng/mL on day {top['day']:.0f}, "
            f"between {top['low']:.0f} and {top['high']:.0f} in nine of ten patients"
        )
    text = f"Levels over {table.levels.shape[1]} days. {'; '.join(parts)}. Falls after the last dose on day {ends}."
    spec = _spec(
        "Levels in plasma: median, and 5 to 95 % of patients",
        "from the drug alone; fitted to published means",
        rows,
        [
            _layer("area", {"opacity": 0.25}, y=_axis("low", "ng/mL"), y2={"field": "high"}, by="what"),
            _layer("line", {"strokeWidth": 1}, y=_axis("median", "ng/mL"), by="what"),
        ],
    )
    return Chart("levels", spec, text)


def washout_chart(outcomes: Sequence[Outcome], model: Model) -> Chart:
    """What is left after the last dose, on a logarithmic scale, with the endogenous level as a line."""
    rows: list[dict[str, Any]] = []
    words = []
    for outcome in outcomes:
        table = _levels(outcome)
        first = outcome.regimen.days - 1
        for name, species in (("parent", "isotretinoin"), ("oxo", "4-oxo")):
            low, middle, high = _series(table, name, first)
            label = species if len(outcomes) == 1 else f"{outcome.regimen.name}: {species}"
            rows += [
                {
                    "day": day,
                    "low": max(low[i], FLOOR),
                    "median": max(middle[i], FLOOR),
                    "high": max(high[i], FLOOR),
                    "what": label,
                }
                for i, day in _moments(table, len(middle))
                if high[i] >= FLOOR
            ]
        shares = ", ".join(f"{100 * share:.0f} % by day {day}" for day, share in outcome.washout)
        words.append(f"{outcome.regimen.name or 'this regimen'}: below endogenous {shares}")
    base = model.endogenous
    lines = [
        {"level": base.parent.value, "name": f"endogenous isotretinoin {base.parent.value:g}"},
        {"level": base.oxo.value, "name": f"endogenous 4-oxo {base.oxo.value:g} (remembered)"},
    ]
    scale = {"scale": {"type": "log", "domainMin": FLOOR, "clamp": True}}
    end = max((row["day"] for row in rows), default=1.0)
    layers = [
        _layer("area", {"opacity": 0.2}, y=_axis("low", "ng/mL, logarithmic") | scale, y2={"field": "high"}, by="what"),
        _layer("line", {"strokeWidth": 1.5}, y=_axis("median", "ng/mL, logarithmic") | scale, by="what"),
        {
            "data": {"values": lines},
            "mark": {"type": "rule", "strokeDash": [4, 4]},
            "encoding": {"y": _axis("level", "ng/mL, logarithmic") | scale},
        },
        {
            "data": {"values": [each | {"day": end} for each in lines]},
            "mark": {"type": "text", "align": "right", "dy": -6, "fontSize": 11},
            "encoding": {
                "x": _axis("day", "days"),
                "y": _axis("level", "ng/mL, logarithmic") | scale,
                "text": {"field": "name"},
            },
        },
    ]
    title = "After the last dose: median, and 5 to 95 % of patients"
    spec = _spec(title, "day 0 is the start of the last day of the course; from the drug alone", rows, layers)
    return Chart("washout", spec, f"Washout on a logarithmic scale. {'; '.join(words)}.")


FLOOR = 0.01
"""ng/mL; lower levels are not drawn."""


def sebum_chart(outcomes: Sequence[Outcome]) -> Chart:
    """Sebum by week, as a share of before treatment."""
    rows: list[dict[str, Any]] = []
    words = []
    for outcome in outcomes:
        table = next(each for each in outcome.simulation.bands if each.name == "skin")
        low, middle, high = _series(table, "sebum")
        name = outcome.regimen.name or "sebum"
        rows.append({"week": 0.0, "low": 1.0, "median": 1.0, "high": 1.0, "what": name})
        rows += [
            {"week": (i + 1) / 7, "low": low[i], "median": middle[i], "high": high[i], "what": name}
            for i in range(len(middle))
        ]
        end = outcome.simulation.summary("sebum.end").percentiles[2]
        words.append(f"{name}: median {end or 0:.2f} of before treatment at the end of the course")
    layers = [
        _layer(
            "area",
            {"opacity": 0.2},
            y=_axis("low", "sebum, of before treatment"),
            y2={"field": "high"},
            by="what",
            x="week",
        ),
        _layer("line", {"strokeWidth": 2}, y=_axis("median", "sebum, of before treatment"), by="what", x="week"),
    ]
    spec = _spec(
        "Sebum: median, and 5 to 95 % of patients", "fitted to a few small studies that disagree early on", rows, layers
    )
    return Chart("sebum", spec, f"Sebum by week. {'; '.join(words)}.")


def dose_chart(outcomes: Sequence[Outcome]) -> Chart:
    """The dose of each day as planned."""
    rows: list[dict[str, Any]] = []
    words = []
    unit = "mg/kg" if outcomes[0].regimen.per_kg else "mg"
    for outcome in outcomes:
        name = outcome.regimen.name or "dose"
        for day in range(outcome.regimen.days):
            amount = sum(dose.amount for dose in outcome.regimen.on_day(day))
            rows += [{"day": float(day), "dose": amount, "what": name}]
        rows.append({"day": float(outcome.regimen.days), "dose": 0.0, "what": name})
        words.append(f"{name}: {outcome.regimen.cumulative:,.4g} {unit} in all over {outcome.regimen.days} days")
    layer = _layer("line", {"interpolate": "step-after", "strokeWidth": 2}, y=_axis("dose", f"{unit} a day"), by="what")
    spec = _spec("Dose of each day, as planned", "", rows, [layer])
    return Chart("dose", spec, f"Dose by day. {'; '.join(words)}.")


def _levels(outcome: Outcome) -> BandTable:
    return next(each for each in outcome.simulation.bands if each.name.startswith("levels"))


def _series(table: BandTable, row: str, first_day: int = 0) -> list[list[float]]:
    """Low, middle and high over time."""
    place = table.rows.index(row)
    return [[float(value) for value in table.levels[q, first_day:, place].ravel()] for q in range(3)]


def _moments(table: BandTable, count: int) -> list[tuple[int, float]]:
    """Which points are drawn, and their day: all, or every third and so on where there are too many."""
    every = max(1, -(-count // MOST_POINTS))
    return [(i, (i + 1) * table.step_h / 24.0) for i in range(0, count, every)]


def _axis(field: str, title: str) -> Spec:
    return {"field": field, "type": "quantitative", "title": title}


def _layer(mark: str, style: Spec, *, y: Spec, by: str, y2: Spec | None = None, x: str = "day") -> Spec:
    encoding: Spec = {
        "x": _axis(x, f"{x}s"),
        "y": y,
        "color": {"field": by, "type": "nominal", "title": None, "scale": {"range": list(COLOURS)}},
    }
    if y2 is not None:
        encoding["y2"] = y2
    if mark == "line":
        encoding["strokeDash"] = {
            "field": by,
            "type": "nominal",
            "title": None,
            "scale": {"range": [list(each) for each in DASHES]},
        }
    return {"mark": {"type": mark, **style}, "encoding": encoding}


def _spec(title: str, subtitle: str, rows: list[dict[str, Any]], layers: list[Spec]) -> Spec:
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": subtitle, "anchor": "start"},
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": [_rounded(row) for row in rows]},
        "layer": layers,
        "config": {
            "background": "white",
            "font": "sans-serif",
            "view": {"stroke": None},
            "legend": {"orient": "bottom", "labelLimit": 340},
        },
    }


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in row.items()}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
