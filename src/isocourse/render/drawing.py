"""A chart: one Vega-Lite specification with its data inside, what it shows in words, and its drawing as SVG."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from isocourse.decisions.wording import ENGLISH, Wording

Spec = dict[str, Any]
Row = dict[str, float | str | None]
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47", "#444444")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4])
CONFIG: Spec = {
    "background": "white",
    "font": "sans-serif",
    "view": {"stroke": None},
    "legend": {"orient": "bottom", "labelLimit": 340},
}


def config(w: Wording = ENGLISH) -> Spec:
    """How every chart looks; numbers on its axes are written as the readers of the language write them."""
    if w.language == "en":
        return CONFIG
    return CONFIG | {
        "locale": {"number": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", ""]}}
    }


def day_axis(w: Wording = ENGLISH, ticks: int = 6) -> Spec:
    """An axis of days: 2 Feb 2026; 02.02.2026 where months are called otherwise than in English."""
    written = "%-d %b %Y" if w.language == "en" else "%d.%m.%Y"
    axis = {"format": written, "labelAngle": -30, "tickCount": ticks}
    return {"field": "day", "type": "temporal", "title": None, "axis": axis}


class Chart(Struct, frozen=True):
    """A chart: its file name, its specification, and what it shows in words."""

    name: str
    spec: Spec
    text: str


_UNSAID = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
"""What the drawing library says of its marks, in English; a chart says itself what it shows."""


def drawn(chart: Chart) -> str:
    """The chart as SVG with its text alternative inside."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(chart.spec)
    words = f"<title>{escaped(str(chart.spec['title']['text']))}</title><desc>{escaped(chart.text)}</desc>"
    head, _, rest = _UNSAID.sub("", svg).partition(">")
    return f'{head} role="img">{words}{rest}'


def escaped(text: str) -> str:
    """Text as it may stand inside an element of SVG."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
