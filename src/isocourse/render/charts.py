"""Charts of a simulation: one Vega-Lite specification each, with its data inside, and the same in words."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import iso
from isocourse.render.chart_frames import FIXED
from isocourse.render.drawing import COLOURS, DASHES, SCHEMA, Chart, Row, Spec, config, day_axis

if TYPE_CHECKING:
    from isocourse.kinetics.observe import BandTable
    from isocourse.kinetics.outcome import Outcome
    from isocourse.kinetics.parameters import Model

WIDTH, HEIGHT = 720, 300


class Reader(Struct, frozen=True):
    """For whom charts are drawn: the language, the day that hour 0 is where the regimen has one, and what has to stand under every title."""

    w: Wording = ENGLISH
    origin: int | None = None
    mind: tuple[str, ...] = ()

    def said(self, frame: str, /, **parts: str | int) -> str:
        """A fixed text of the charts."""
        return self.w(FIXED[f"sim.{frame}"], **parts)

    def number(self, digits: str) -> str:
        """A number in plain digits, as the reader writes it."""
        return self.w.number(digits)

    def time(self, unit: str) -> Spec:
        """The axis of time: days or weeks from the first dose, or the days of the calendar where they are known."""
        if self.origin is None:
            return _axis("x", self.said(unit)) | {"axis": {"tickMinStep": 1}}
        return day_axis(self.w) | {"field": "x"}

    def at(self, days: float) -> float | str:
        """A place on that axis of days."""
        if self.origin is None:
            return days
        whole = int(days // 1)
        return f"{iso(self.origin + whole)}T{int((days - whole) * 24):02}:00:00"

    def at_week(self, weeks: float) -> float | str:
        """A place on that axis of weeks."""
        return weeks if self.origin is None else self.at(round(weeks * 7, 6))

    def name(self, name: str, otherwise: str) -> str:
        """What a regimen is called: as whoever wrote it called it; the plan in the reader's language."""
        if name == FIXED["sim.the_plan"]:
            return self.w(name)
        return name or self.said(otherwise)


PLAIN = Reader()


def charts(outcomes: Sequence[Outcome], model: Model, reader: Reader = PLAIN) -> tuple[Chart, ...]:
    """All charts of an answer: levels, washout, sebum and dose."""
    return tuple(
        chart
        for chart in (
            levels_chart(outcomes[0], reader) if len(outcomes) == 1 else None,
            washout_chart(outcomes, model, reader),
            sebum_chart(outcomes, reader),
            dose_chart(outcomes, reader),
        )
        if chart is not None
    )


def levels_chart(outcome: Outcome, reader: Reader = PLAIN) -> Chart:
    """Isotretinoin and 4-oxo by day: the mean of the day's medians, in the widest band of 5 to 95 % that the day has."""
    table = _levels(outcome)
    steps = table.levels.shape[3]
    rows: list[Row] = []
    parts = []
    for name, frame in (("parent", "isotretinoin"), ("oxo", "oxo")):
        low, middle, high = _series(table, name)
        words = reader.said(frame)
        held = [
            _row(
                reader.at(day + 0.5),
                min(low[day * steps : (day + 1) * steps]),
                sum(middle[day * steps : (day + 1) * steps]) / steps,
                max(high[day * steps : (day + 1) * steps]),
                words,
            )
            for day in range(len(middle) // steps)
        ]
        days = outcome.regimen.days
        place, top = max(enumerate(held[:days]), key=lambda each: float(each[1]["median"] or 0))
        figures = {"mean": f"{top['median']:.0f}", "low": f"{top['low']:.0f}", "high": f"{top['high']:.0f}"}
        told = {key: reader.number(digits) for key, digits in figures.items()}
        parts.append(reader.said("levels_one", what=words, day=str(place + 1), **told))
        rows += held
    text = reader.said("levels_text", what="; ".join(parts), day=str(outcome.regimen.days))
    layers = _band_layers(rows, reader.said("levels_unit"), reader.time("days"))
    layers += _last_dose([outcome], reader, "days")
    subtitle = reader.said("levels_subtitle")
    return Chart("levels", _spec(reader.said("levels"), subtitle, rows, layers, reader), " ".join((text, *reader.mind)))


def washout_chart(outcomes: Sequence[Outcome], model: Model, reader: Reader = PLAIN) -> Chart:
    """What is left after the last dose, on a logarithmic scale, with the endogenous level as a line.

    Several regimens are compared by 4-oxo, which leaves last.
    """
    rows: list[Row] = []
    words = []
    one = len(outcomes) == 1
    shown = (("parent", "isotretinoin"), ("oxo", "oxo")) if one else (("oxo", "oxo"),)
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
                    reader.said(species) if one else reader.name(outcome.regimen.name, "this_regimen"),
                )
                for i in range(len(middle))
                if high[i] >= FLOOR
            ]
        shares = ", ".join(
            reader.said("washout_share", share=reader.number(f"{100 * share:.0f}"), day=str(day))
            for day, share in outcome.washout
        )
        name = reader.name(outcome.regimen.name, "this_regimen")
        words.append(reader.said("washout_one", name=name, shares=shares))
    base = model.endogenous
    lines: list[Row] = [
        {"level": base.oxo.value, "name": reader.said("own_oxo", level=reader.number(f"{base.oxo.value:g}"))}
    ]
    if one:
        own = reader.said("own_parent", level=reader.number(f"{base.parent.value:g}"))
        lines.append({"level": base.parent.value, "name": own})
    log = {"scale": {"type": "log", "domainMin": FLOOR, "clamp": True}}
    unit, days = reader.said("log_unit"), _axis("x", reader.said("days"))
    level = _axis("level", unit) | log
    end = max((float(row["x"] or 0) for row in rows), default=1.0)
    layers = [
        *_band_layers(rows, unit, days, log),
        {"data": {"values": lines}, "mark": {"type": "rule", "strokeDash": [4, 4]}, "encoding": {"y": level}},
        {
            "data": {"values": [each | {"x": end} for each in lines]},
            "mark": {"type": "text", "align": "right", "dy": -6, "fontSize": 11},
            "encoding": {"x": days, "y": level, "text": {"field": "name"}},
        },
    ]
    title = reader.said("washout", what=reader.said("both" if one else "last"))
    spec = _spec(title, reader.said("washout_subtitle"), rows, layers, reader)
    return Chart("washout", spec, reader.said("washout_text", what="; ".join(words)))


FLOOR = 0.01
"""ng/mL; lower levels are not drawn."""


def sebum_chart(outcomes: Sequence[Outcome], reader: Reader = PLAIN) -> Chart:
    """Sebum by week, as a share of before treatment."""
    rows: list[Row] = []
    words = []
    for outcome in outcomes:
        table = next(each for each in outcome.simulation.bands if each.name == "skin")
        low, middle, high = _series(table, "sebum")
        name = reader.name(outcome.regimen.name, "sebum_name")
        rows.append(_row(reader.at_week(0.0), 1.0, 1.0, 1.0, name))
        rows += [_row(reader.at_week((i + 1) / 7), low[i], middle[i], high[i], name) for i in range(len(middle))]
        end = outcome.simulation.summary("sebum.end").percentiles[2]
        words.append(reader.said("sebum_one", name=name, share=reader.number(f"{end or 0:.2f}")))
    layers = _band_layers(rows, reader.said("sebum_unit"), reader.time("weeks"))
    layers += _last_dose(outcomes, reader, "weeks")
    spec = _spec(reader.said("sebum"), reader.said("sebum_subtitle"), rows, layers, reader)
    return Chart("sebum", spec, " ".join((reader.said("sebum_text", what="; ".join(words)), *reader.mind)))


def dose_chart(outcomes: Sequence[Outcome], reader: Reader = PLAIN) -> Chart:
    """The dose of each day as planned."""
    rows: list[Row] = []
    words = []
    unit = reader.w("mg/kg") if outcomes[0].regimen.per_kg else reader.w("mg")
    for outcome in outcomes:
        name = reader.name(outcome.regimen.name, "dose_name")
        for day in range(outcome.regimen.days):
            amount = sum(dose.amount for dose in outcome.regimen.on_day(day))
            rows.append({"x": reader.at(float(day)), "median": amount, "what": name})
        rows.append({"x": reader.at(float(outcome.regimen.days)), "median": 0.0, "what": name})
        total = f"{outcome.regimen.cumulative:,.4g}"
        total = total if reader.w.language == "en" else reader.number(total.replace(",", ""))
        words.append(reader.said("dose_one", name=name, total=total, unit=unit, days=str(outcome.regimen.days)))
    top = {"scale": {"domain": [0, 1.08 * max(float(row["median"] or 0) for row in rows)], "nice": False}}
    layer = _line(reader.said("dose_unit", unit=unit), reader.time("days"), {"interpolate": "step-after"}, top)
    spec = _spec(reader.said("dose"), "", rows, [layer], replace(reader, mind=()))
    return Chart("dose", spec, reader.said("dose_text", what="; ".join(words)))


def _levels(outcome: Outcome) -> BandTable:
    return next(each for each in outcome.simulation.bands if each.name.startswith("levels"))


def _series(table: BandTable, row: str, first_day: int = 0) -> list[list[float]]:
    """Low, middle and high over time."""
    place = table.rows.index(row)
    return [[float(value) for value in table.levels[q, first_day:, place].ravel()] for q in range(3)]


def _last_dose(outcomes: Sequence[Outcome], reader: Reader, unit: str) -> list[Spec]:
    """A line where the drawn doses end, so that what follows is not taken for a wearing off under treatment."""
    ends = sorted({outcome.regimen.days for outcome in outcomes})
    places = [reader.at(float(day)) if unit == "days" else reader.at_week(day / 7) for day in ends]
    lines: list[Row] = [{"x": place, "name": reader.said("last_dose")} for place in places]
    x = reader.time(unit)
    return [
        {"data": {"values": lines}, "mark": {"type": "rule", "color": "#444444"}, "encoding": {"x": x}},
        {
            "data": {"values": lines},
            "mark": {"type": "text", "align": "left", "dx": 4, "dy": 8, "fontSize": 11},
            "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "name"}},
        },
    ]


def _row(x: float | str, low: float, median: float | None, high: float, what: str) -> Row:
    return {"x": x, "low": low, "median": median, "high": high, "what": what}


def _axis(field: str, title: str) -> Spec:
    return {"field": field, "type": "quantitative", "title": title}


def _colour() -> Spec:
    return {"field": "what", "type": "nominal", "title": None, "sort": None, "scale": {"range": list(COLOURS)}}


def _band_layers(rows: Sequence[Row], y: str, x: Spec, more: Spec | None = None) -> list[Spec]:
    """A band and its middle for each curve; the bands stand by themselves, so that one legend tells colour and dash of the middles."""
    scale = more or {}
    area = {"x": x, "y": _axis("low", y) | scale, "y2": {"field": "high"}}
    band = {"type": "area", "fillOpacity": 0.18, "strokeOpacity": 0.55, "strokeWidth": 0.8}
    names = dict.fromkeys(str(row["what"]) for row in rows)
    bands = [
        {
            "transform": [{"filter": {"field": "what", "equal": name}}],
            "mark": band | {"color": colour, "stroke": colour},
            "encoding": area,
        }
        for name, colour in zip(names, cycle(COLOURS), strict=False)
    ]
    return [*bands, _line(y, x, {}, scale)]


def _line(y: str, x: Spec, style: Spec, scale: Spec | None = None) -> Spec:
    dashes = _colour() | {"scale": {"range": [list(each) for each in DASHES]}}
    encoding = {"x": x, "y": _axis("median", y) | (scale or {}), "color": _colour(), "strokeDash": dashes}
    return {"mark": {"type": "line", "strokeWidth": 2, **style}, "encoding": encoding}


def _spec(title: str, subtitle: str, rows: list[Row], layers: list[Spec], reader: Reader) -> Spec:
    under = [part for line in (subtitle, *reader.mind) for part in textwrap.wrap(line, 120)]
    series = {str(row["what"]) for row in rows}
    if len(series) == 1:
        layers = [_without_legend(layer) for layer in layers]
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": under, "anchor": "start"},
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": [_rounded(row) for row in rows]},
        "layer": layers,
        "config": config(reader.w),
    }


def _without_legend(layer: Spec) -> Spec:
    """One curve needs no legend; the title says what it is."""
    encoding = {
        name: channel | {"legend": None} if name in ("color", "strokeDash") else channel
        for name, channel in layer["encoding"].items()
    }
    return layer | {"encoding": encoding}


def _rounded(row: Row) -> Row:
    return {key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in row.items()}
