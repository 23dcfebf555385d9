"""A chart: one Vega-Lite specification with its data inside, what it shows in words, and its drawing as SVG."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

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


class Chart(Struct, frozen=True):
    """A chart: its file name, its specification, and what it shows in words."""

    name: str
    spec: Spec
    text: str


def drawn(chart: Chart) -> str:
    """The chart as SVG with its text alternative inside."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(chart.spec)
    words = f"<title>{escaped(str(chart.spec['title']['text']))}</title><desc>{escaped(chart.text)}</desc>"
    head, _, rest = svg.partition(">")
    return f'{head} role="img">{words}{rest}'


def escaped(text: str) -> str:
    """Text as it may stand inside an element of SVG."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
