"""Charts of a simulation: one Vega-Lite specification each, with its data inside, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isocourse.render.drawing import COLOURS, CONFIG, DASHES, SCHEMA, Chart, Row, Spec

if TYPE_CHECKING:
    from isocourse.kinetics.observe import BandTable
    from isocourse.kinetics.outcome import Outcome
    from isocourse.kinetics.parameters import Model

WIDTH, HEIGHT = 720, 300


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


def levels_chart(outcome: Outcome) -> Chart:
    """Isotretinoin and 4-oxo by day: the mean of the day's medians, in the widest band of 5 to 95 % that the day has."""
    table = _levels(outcome)
    steps = table.levels.shape[3]
    rows: list[Row] = []
    parts = []
    for name, words in (("parent", "isotretinoin"), ("oxo", "4-oxo")):
        low, middle, high = _series(table, name)
        held = [
            _row(
                day + 0.5,
                min(low[day * steps : (day + 1) * steps]),
                sum(middle[day * steps : (day + 1) * steps]) / steps,
                max(high[day * steps : (day + 1) * steps]),
                words,
            )
            for day in range(len(middle) // steps)
        ]
        top = max(held[: outcome.regimen.days], key=lambda row: float(row["median"] or 0))
        parts.append(
            f"{words}: highest on day {float(top['x'] or 0) + 0.5:.0f}, {top['median']:.0f} ng/mL in the mean of the day; "
            f"nine of ten patients stay between {top['low']:.0f} and {top['high']:.0f}"
        )
        rows += held
    text = f"Levels by day. {'; '.join(parts)}. They fall after the last dose on day {outcome.regimen.days}."
    layers = _band_layers("ng/mL", "days")
    title = "Levels in plasma by day: median of patients, and the widest 5 to 95 % within the day"
    return Chart("levels", _spec(title, "from the drug alone; fitted to published means", rows, layers), text)


def washout_chart(outcomes: Sequence[Outcome], model: Model) -> Chart:
    """What is left after the last dose, on a logarithmic scale, with the endogenous level as a line.

    Several regimens are compared by 4-oxo, which leaves last.
    """
    rows: list[Row] = []
    words = []
    one = len(outcomes) == 1
    shown = (("parent", "isotretinoin"), ("oxo", "4-oxo")) if one else (("oxo", "4-oxo"),)
    for outcome in outcomes:
        table = _levels(outcome)
        for name, species in shown:
            low, middle, high = _series(table, name, outcome.regimen.days - 1)
            rows += [
                _row(
                    (i + 1) * table.step_h / 24.0,
                    max(low[i], FLOOR),
                    middle[i] if middle[i] >= FLOOR else None,
                    high[i],
                    species if one else outcome.regimen.name,
                )
                for i in range(len(middle))
                if high[i] >= FLOOR
            ]
        shares = ", ".join(f"{100 * share:.0f} % by day {day}" for day, share in outcome.washout)
        words.append(f"{outcome.regimen.name or 'this regimen'}: below endogenous {shares}")
    base = model.endogenous
    lines = [{"level": base.oxo.value, "name": f"endogenous 4-oxo {base.oxo.value:g} (remembered)"}]
    if one:
        lines.append({"level": base.parent.value, "name": f"endogenous isotretinoin {base.parent.value:g}"})
    log = {"scale": {"type": "log", "domainMin": FLOOR, "clamp": True}}
    level = _axis("level", LOGARITHMIC) | log
    end = max((float(row["x"] or 0) for row in rows), default=1.0)
    layers = [
        *_band_layers(LOGARITHMIC, "days", log),
        {"data": {"values": lines}, "mark": {"type": "rule", "strokeDash": [4, 4]}, "encoding": {"y": level}},
        {
            "data": {"values": [each | {"x": end} for each in lines]},
            "mark": {"type": "text", "align": "right", "dy": -6, "fontSize": 11},
            "encoding": {"x": _axis("x", "days"), "y": level, "text": {"field": "name"}},
        },
    ]
    what = "isotretinoin and 4-oxo" if one else "4-oxo, which leaves last"
    title = f"After the last dose, {what}: median, and 5 to 95 % of patients"
    spec = _spec(title, "day 0 is the start of the last day of the course; from the drug alone", rows, layers)
    return Chart("washout", spec, f"Washout on a logarithmic scale. {'; '.join(words)}.")


LOGARITHMIC = "ng/mL, logarithmic"
FLOOR = 0.01
"""ng/mL; lower levels are not drawn."""


def sebum_chart(outcomes: Sequence[Outcome]) -> Chart:
    """Sebum by week, as a share of before treatment."""
    rows: list[Row] = []
    words = []
    for outcome in outcomes:
        table = next(each for each in outcome.simulation.bands if each.name == "skin")
        low, middle, high = _series(table, "sebum")
        name = outcome.regimen.name or "sebum"
        rows.append(_row(0.0, 1.0, 1.0, 1.0, name))
        rows += [_row((i + 1) / 7, low[i], middle[i], high[i], name) for i in range(len(middle))]
        end = outcome.simulation.summary("sebum.end").percentiles[2]
        words.append(f"{name}: median {end or 0:.2f} of before treatment at the end of the course")
    layers = _band_layers("sebum, of before treatment", "weeks")
    title = "Sebum: median, and 5 to 95 % of patients"
    spec = _spec(title, "fitted to a few small studies that disagree early on", rows, layers)
    return Chart("sebum", spec, f"Sebum by week. {'; '.join(words)}.")


def dose_chart(outcomes: Sequence[Outcome]) -> Chart:
    """The dose of each day as planned."""
    rows: list[Row] = []
    words = []
    unit = "mg/kg" if outcomes[0].regimen.per_kg else "mg"
    for outcome in outcomes:
        name = outcome.regimen.name or "dose"
        for day in range(outcome.regimen.days):
            amount = sum(dose.amount for dose in outcome.regimen.on_day(day))
            rows.append({"x": float(day), "median": amount, "what": name})
        rows.append({"x": float(outcome.regimen.days), "median": 0.0, "what": name})
        words.append(f"{name}: {outcome.regimen.cumulative:,.4g} {unit} in all over {outcome.regimen.days} days")
    layer = _line(f"{unit} a day", "days", {"interpolate": "step-after"})
    return Chart("dose", _spec("Dose of each day, as planned", "", rows, [layer]), f"Dose by day. {'; '.join(words)}.")


def _levels(outcome: Outcome) -> BandTable:
    return next(each for each in outcome.simulation.bands if each.name.startswith("levels"))


def _series(table: BandTable, row: str, first_day: int = 0) -> list[list[float]]:
    """Low, middle and high over time."""
    place = table.rows.index(row)
    return [[float(value) for value in table.levels[q, first_day:, place].ravel()] for q in range(3)]


def _row(x: float, low: float, median: float | None, high: float, what: str) -> Row:
    return {"x": x, "low": low, "median": median, "high": high, "what": what}


def _axis(field: str, title: str) -> Spec:
    return {"field": field, "type": "quantitative", "title": title}


def _colour() -> Spec:
    return {"field": "what", "type": "nominal", "title": None, "sort": None, "scale": {"range": list(COLOURS)}}


def _band_layers(y: str, x: str, more: Spec | None = None) -> list[Spec]:
    scale = more or {}
    area = {
        "x": _axis("x", x),
        "y": _axis("low", y) | scale,
        "y2": {"field": "high"},
        "color": _colour() | {"legend": None},
    }
    return [{"mark": {"type": "area", "opacity": 0.2}, "encoding": area}, _line(y, x, {}, scale)]


def _line(y: str, x: str, style: Spec, scale: Spec | None = None) -> Spec:
    dashes = _colour() | {"scale": {"range": [list(each) for each in DASHES]}}
    encoding = {"x": _axis("x", x), "y": _axis("median", y) | (scale or {}), "color": _colour(), "strokeDash": dashes}
    return {"mark": {"type": "line", "strokeWidth": 2, **style}, "encoding": encoding}


def _spec(title: str, subtitle: str, rows: list[Row], layers: list[Spec]) -> Spec:
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": subtitle, "anchor": "start"},
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": [_rounded(row) for row in rows]},
        "layer": layers,
        "resolve": {"legend": {"color": "independent", "strokeDash": "independent"}},
        "config": CONFIG,
    }


def _rounded(row: Row) -> Row:
    return {key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in row.items()}
