"""Laboratory values over time, one chart for each analyte: as multiples of the first value and of the upper limit, with the protocols' lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.course.amounts import Amount, rounded, shown
from isocourse.decisions.dates import SPAN, UNTIL_DAY
from isocourse.decisions.sentence import Sentence, of_text, sentence
from isocourse.decisions.tables import words
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.believe import shown as shown_quantity
from isocourse.facts.days import FIRST_DAY, Span, iso, show_span
from isocourse.facts.record import Event, Quantity
from isocourse.facts.streams import Stream
from isocourse.library import Assessment
from isocourse.logic.tree import Op
from isocourse.render.chart_frames import FIXED
from isocourse.render.drawing import COLOURS, SCHEMA, Chart, Row, Spec, config, day_axis
from isocourse.render.words import short
from isocourse.render.written import written_words

WIDTH, HEIGHT, LABELS = 185, 150, 150
BASELINE, LIMIT = "baseline", "limit"
SCALES = {BASELINE: FIXED["lab.baseline"], LIMIT: FIXED["lab.limit"]}


class Line(Struct, frozen=True):
    """A multiple, or an amount, at which a rule of some protocols turns."""

    scale: str
    """`baseline`, `limit`, or `amount`."""
    at: Fraction
    """The multiple; for an amount, steps of the stream."""
    said: str
    """As the rule writes it: `3`, `800 mg/dL`."""
    names: tuple[str, ...]


class Value(Struct, frozen=True):
    """One result: as written, and how it stands to the first value and to its own upper limit, where those are known."""

    event: Event
    low: Fraction
    high: Fraction
    baseline: tuple[Fraction, Fraction] | None
    limit: tuple[Fraction, Fraction] | None

    def on(self, scale: str) -> tuple[Fraction, Fraction] | None:
        """The multiple on one of the two scales, from the least to the most."""
        return self.baseline if scale == BASELINE else self.limit

    @property
    def sure(self) -> bool:
        """Whether it is one number on a known day."""
        return self.low == self.high and self.event.dated


class Trend(Struct, frozen=True):
    """One analyte: its results in order of their days, the lines of the protocols, and what cannot be drawn."""

    stream: Stream
    values: tuple[Value, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The analyte in words."""
        return words(self.stream.say)


def trends(seen: Assessment) -> list[Trend]:
    """Every analyte that has a result on file."""
    made = (_trend(seen, stream) for stream in measured(seen))
    return [trend for trend in made if trend.values]


def measured(seen: Assessment) -> list[Stream]:
    """The analytes whose results carry an upper limit."""
    return [
        each for each in seen.library.catalogue.streams if each.kind == "quantity" and each.attribute("upper_limit")
    ]


def without_a_value(seen: Assessment) -> list[str]:
    """The analytes that have no result on file, in words."""
    held = {event.stream for event in seen.record.events}
    return [seen.words(stream.say) for stream in measured(seen) if stream.name not in held]


def _trend(seen: Assessment, stream: Stream) -> Trend:
    events = [each for each in seen.record.events if each.stream == stream.name and isinstance(each.value, Quantity)]
    first = _first_value(seen, stream)
    values = tuple(_value(event, first) for event in sorted(events, key=lambda each: each.happened.last))
    notes = []
    if first is None and values:
        notes.append(of_text(FIXED["lab.no_first"]))
    notes += [sentence(FIXED["lab.no_limit"], value=each.event.written) for each in values if each.limit is None]
    notes += [
        sentence(FIXED["lab.hollow"], value=each.event.written, why=_doubt(each)) for each in values if not each.sure
    ]
    return Trend(stream, values, tuple(_lines(seen, stream)), tuple(notes))


def _doubt(value: Value) -> Sentence:
    if not value.event.dated:
        days = value.event.happened
        told = Sentence(show_span(days), lambda w: _days(days, w))
        return sentence(FIXED["lab.no_day"], days=told)
    return of_text(FIXED["lab.range"])


def _days(days: Span, w: Wording) -> str:
    """A day that may be several, in the language's own words."""
    if w.language == "en":
        return show_span(days)
    if days.known:
        return w.day(days.first)
    if days.first <= FIRST_DAY:
        return w(UNTIL_DAY, day=w.day(days.last))
    return w(SPAN, first=w.day(days.first), last=w.day(days.last))


def _first_value(seen: Assessment, stream: Stream) -> Fraction | None:
    """The baseline in steps, if it is one known number."""
    place = seen.library.program.slot_named(f"{stream.name}_baseline")
    if place is None:
        return None
    low, high = seen.snapshot.state.low[place], seen.snapshot.state.high[place]
    return Fraction(low) if low == high and low > 0 else None


def _value(event: Event, first: Fraction | None) -> Value:
    assert isinstance(event.value, Quantity)
    low, high = Fraction(event.value.low), Fraction(event.value.high)
    limit = event.parts.get("upper_limit")
    known = Fraction(limit.low) if isinstance(limit, Quantity) and limit.low == limit.high and limit.low > 0 else None
    return Value(event, low, high, _over(low, high, first), _over(low, high, known))


def _over(low: Fraction, high: Fraction, by: Fraction | None) -> tuple[Fraction, Fraction] | None:
    return None if by is None else (low / by, high / by)


# lines -----------------------------------------------------------------------------------------------------------------------------
_CONDITION = re.compile(r"(\w+?)_(?:now_|latest_)?(rise|of_upper_limit|now|latest) (>=|>|<=|<) ([\d.]+)(?: (\S+))?")


def _lines(seen: Assessment, stream: Stream) -> Iterator[Line]:
    """The multiples and amounts of this analyte that some rule in force turns at, each with everybody who names it."""
    held: dict[tuple[str, Fraction, str], dict[str, None]] = {}
    for name, root in _roots(seen):
        for place in seen.library.program.under([root]):
            node = seen.library.program.nodes[place]
            match = _CONDITION.fullmatch(node.text or "")
            if match is None or match[1] != stream.name or node.op is Op.NOT:
                continue
            key = _key(stream, match)
            if key is not None:
                held.setdefault(key, {})[name] = None
    for (scale, at, said), names in sorted(held.items(), key=lambda each: (each[0][0], each[0][1])):
        yield Line(scale, at, said, tuple(names))


def _key(stream: Stream, match: re.Match[str]) -> tuple[str, Fraction, str] | None:
    number = Fraction(match[4])
    if match[2] == "rise":
        return BASELINE, number, match[4]
    if match[2] == "of_upper_limit":
        return LIMIT, number, match[4]
    steps = stream.steps_in(match[5] or "")
    return None if steps is None else ("amount", number * steps, f"{match[4]} {match[5]}")


def _roots(seen: Assessment) -> Iterator[tuple[str, int]]:
    """Every condition of a row in force, with whose it is; the red lines are ours."""
    for answer in seen.answers:
        for position in answer.edition.cell(answer.point.name).positions:
            if position.name == answer.position and answer.point.name in ("lab_stop", "stop_now", "tolerability"):
                for row in position.acting.rows:
                    yield short(answer.edition, seen.words), row.when
    for line in seen.library.red:
        yield seen.words(FIXED["lab.red"]), line.node


# drawing ---------------------------------------------------------------------------------------------------------------------------
def lab_chart(trend: Trend, w: Wording = ENGLISH) -> Chart | None:
    """The two scales beside each other; a scale without a value is left out. None where neither has one."""
    scales = [scale for scale in SCALES if any(value.on(scale) for value in trend.values)]
    drawn = [value for value in trend.values if value.event.happened.first > FIRST_DAY or value.event.dated]
    if not scales or not drawn:
        return None
    spec: Spec = {
        "$schema": SCHEMA,
        "title": {"text": w(trend.stream.say), "anchor": "start"},
        "hconcat": [_panel(trend, drawn, scale, w) for scale in scales],
        "spacing": 24,
        "config": config(w),
    }
    values = "; ".join(value_words(trend, value, w) for value in trend.values)
    return Chart(f"lab-{trend.stream.name}", spec, f"{w(trend.stream.say)}. {values}. {lines_words(trend, w)}")


def _panel(trend: Trend, values: Sequence[Value], scale: str, w: Wording) -> Spec:
    rows: list[Row] = []
    for value in values:
        if (held := value.on(scale)) is not None:
            day = iso(value.event.happened.last)
            low, high = (float(end) for end in held)
            rows.append(
                {
                    "day": day,
                    "low": low,
                    "high": high,
                    "sure": "yes" if value.sure else "no",
                    "told": w.number(rounded(held[1], 2)),
                }
            )
    lines: list[Row] = [
        {"at": float(at), "told": f"{_said(line, w)}{' x' if line.scale != 'amount' else ''}: {_few(line.names)}"}
        for line in trend.lines
        if (at := _placed(trend, line, scale)) is not None
    ]
    lines.append({"at": 1.0, "told": w(FIXED["lab.first_value" if scale == BASELINE else "lab.upper_limit"])})
    top = 1.15 * max([float(row["high"] or 0) for row in rows] + [float(line["at"] or 0) for line in lines])
    _apart(lines, top)
    title = w(SCALES[scale])
    y = {"field": "high", "type": "quantitative", "title": title, "scale": {"domain": [0, top], "nice": False}}
    x = day_axis(w, 4) | {"scale": {"padding": 16}}
    hollow = {
        "field": "sure",
        "type": "nominal",
        "scale": {"domain": ["yes", "no"], "range": [COLOURS[0], "white"]},
        "legend": None,
    }
    layers: list[Spec] = [
        {
            "data": {"values": lines},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": "#555555"},
            "encoding": {"y": y | {"field": "at"}},
        },
        {
            "data": {"values": lines},
            "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 9, "limit": LABELS},
            "encoding": {"y": y | {"field": "label"}, "x": {"value": WIDTH}, "text": {"field": "told"}},
        },
        {"mark": {"type": "line", "color": COLOURS[0]}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "rule", "color": COLOURS[0]},
            "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "stroke": COLOURS[0], "opacity": 1},
            "encoding": {"x": x, "y": y, "fill": hollow},
        },
        {
            "mark": {"type": "text", "dy": -10, "fontSize": 10, "fontWeight": "bold"},
            "encoding": {"x": x, "y": y, "text": {"field": "told"}},
        },
    ]
    return {"width": WIDTH, "height": HEIGHT, "data": {"values": rows}, "layer": layers}


SPACE = 11
"""Pixels from one label to the next."""


def _apart(lines: list[Row], top: float) -> None:
    """Gives each line a height for its label, no nearer to the next than a line of text."""
    lines.sort(key=lambda line: float(line["at"] or 0))
    last = -SPACE / HEIGHT * top
    for line in lines:
        last = max(float(line["at"] or 0), last + SPACE / HEIGHT * top)
        line["label"] = last


def _placed(trend: Trend, line: Line, scale: str) -> Fraction | None:
    """Where a line lies on a scale; an amount is placed by the first value or by the newest upper limit, where those are known."""
    if line.scale == scale:
        return line.at
    if line.scale != "amount":
        return None
    for value in reversed(trend.values):
        held = value.on(scale)
        if held is not None and value.low == value.high and value.low > 0:
            return line.at * held[0] / value.low
    return None


def _few(names: Sequence[str], most: int = 2) -> str:
    more = f" + {len(names) - most}" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def value_words(trend: Trend, value: Value, w: Wording = ENGLISH) -> str:
    """A result with its day, its absolute value, and how it stands to the first value and to its upper limit."""
    limit = value.event.parts.get("upper_limit")
    of = [_times(value.baseline, SCALES[BASELINE], w), _times(value.limit, SCALES[LIMIT], w)]
    said = written_words(value.event.written, w)
    if "upper limit" not in value.event.written:
        told = isinstance(limit, Quantity)
        frame = FIXED["lab.limit_of" if told else "lab.limit_not_given"]
        said = w(frame, value=said, limit=_limit(trend, limit) if isinstance(limit, Quantity) else "")
    return f"{_days(value.event.happened, w)}: {said}{''.join(f', {part}' for part in of if part)}"


def _limit(trend: Trend, limit: Quantity) -> str:
    attribute = trend.stream.attribute("upper_limit")
    units = attribute.units if attribute and attribute.units else trend.stream.units
    return shown_quantity(
        limit,
        limit.unit or units[0].unit,
        next(rule.steps for rule in units if rule.unit == (limit.unit or units[0].unit)),
    )


def _times(held: tuple[Fraction, Fraction] | None, what: str, w: Wording) -> str:
    return w(FIXED["lab.times"], figure=w(shown(Amount(*held), 2)), what=w(what)) if held is not None else ""


def _said(line: Line, w: Wording) -> str:
    """A multiple or an amount as the rule writes it."""
    figure, _, unit = line.said.partition(" ")
    return f"{w.number(figure)} {unit}".rstrip()


def lines_words(trend: Trend, w: Wording = ENGLISH) -> str:
    """The lines that the protocols name, in words."""
    if not trend.lines:
        return w(FIXED["lab.no_lines"])
    told = [
        f"{_said(line, w)} {w(SCALES[line.scale])} ({', '.join(line.names)})"
        if line.scale in SCALES
        else f"{_said(line, w)} ({', '.join(line.names)})"
        for line in trend.lines
    ]
    return w(FIXED["lab.lines"], lines="; ".join(told))
