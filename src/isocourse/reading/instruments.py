"""Reads instruments: knowledge/instruments. Bands must not overlap, and what lies between two of them is named as a gap."""

from __future__ import annotations

from isocourse.facts.instruments import Scale
from isocourse.facts.streams import Catalogue, Stream
from isocourse.library.instruments import Band, Instrument, Item, Watch
from isocourse.reading.forms import Form
from isocourse.reading.said import Claims, backed, known, named, said, said_list
from isocourse.reading.yaml_text import Node


def read_instrument(root: Node, path: str, claims: Claims, catalogue: Catalogue) -> Instrument:
    """One instrument."""
    form = Form(
        root,
        path,
        "an instrument",
        required=("instrument", "say", "measures", "filled_by", "stream", "scoring", "licence"),
        optional=("answers", "items", "bands", "watch", "notes", "item_texts", "open"),
    )
    texts = form.flag("item_texts")
    items = tuple(_item(node, path, texts) for node in form.list_of("items"))
    scale = _scale(form, items)
    stream = known(form, "stream", catalogue.by_name, "stream")
    _fits(form, form.get("stream"), scale.range if scale else None, catalogue.by_name[stream])
    return Instrument(
        named(form, "instrument"),
        form.say("say"),
        form.text("measures"),
        form.one_of("filled_by", ("patient", "clinician")),
        stream,
        scale,
        items,
        _bands(form, scale, claims),
        tuple(_watch(node, path, claims, catalogue, scale) for node in form.list_of("watch")),
        said_list(form, "scoring", claims),
        said_list(form, "notes", claims),
        said(form, form.get("licence"), "licence", claims),
        texts,
        form.texts("open"),
    )


def _item(node: Node, path: str, texts: bool) -> Item:
    form = Form(node, path, "an item", required=("name",), optional=("weight", "text"))
    if form.has("text") and not texts:
        raise form.fail(form.get("text"), "printed wording needs `item_texts: yes`, and a licence that allows it")
    return Item(form.text("name"), _whole(form, "weight", "1"), form.text("text", ""))


def _scale(form: Form, items: tuple[Item, ...]) -> Scale | None:
    ends = form.list_of("answers")
    if not ends and not items:
        return None
    if len(ends) != 2 or not items:
        raise form.fail(form.node, "a scored instrument needs `answers: [lowest, highest]` and `items:`")
    low, high = (_number(form, end) for end in ends)
    if low >= high:
        raise form.fail(ends[0], "answers run from a lower to a higher whole number")
    return Scale(low, high, tuple(item.weight for item in items))


def _fits(form: Form, node: Node, total: tuple[int, int] | None, stream: Stream) -> None:
    """Whether a stream accepts exactly the scores that can occur.

    Raises:
        ReadError: it accepts others, or fewer.
    """
    if stream.kind != "quantity":
        raise form.fail(node, f"{stream.name} is no quantity, so it holds no score")
    per = stream.units[0].steps
    if total is not None and (stream.low, stream.high) != (total[0] * per, total[1] * per):
        raise form.fail(node, f"the score runs from {total[0]} to {total[1]}; the stream {stream.name} does not")


def _bands(form: Form, scale: Scale | None, claims: Claims) -> tuple[Band, ...]:
    bands = [_band(node, form.path, claims) for node in form.list_of("bands")]
    if not bands:
        return ()
    first, last = scale.range if scale else (0, None)
    expected: int | None = first
    for band, node in zip(bands, form.list_of("bands"), strict=True):
        if band.low != expected:
            raise form.fail(node, f"the band begins at {band.low} and the one before ends before {expected}; name gaps")
        expected = None if band.high is None else band.high + 1
    if bands[-1].high != last:
        raise form.fail(form.get("bands"), f"the last band ends at {bands[-1].high}, the scores at {last}")
    return tuple(bands)


def _band(node: Node, path: str, claims: Claims) -> Band:
    form = Form(node, path, "a band", required=("from", "claims"), optional=("to", "name", "gap"))
    if form.has("name") == form.has("gap"):
        raise form.fail(
            node, "a band has either `name:` or, where the authors left one, `gap:` with what is known of it"
        )
    low = _whole(form, "from", "")
    high = _whole(form, "to", "") if form.has("to") else None
    if high is not None and high < low:
        raise form.fail(form.get("to"), "a band runs from a lower to a higher score")
    return Band(low, high, form.text("name", ""), backed(form, "gap", claims, ""), form.texts("claims"))


def _watch(node: Node, path: str, claims: Claims, catalogue: Catalogue, scale: Scale | None) -> Watch:
    form = Form(node, path, "a watched item", required=("item", "from", "stream", "says", "claims"))
    item, least = _whole(form, "item", ""), _whole(form, "from", "")
    if scale is None or not 1 <= item <= len(scale.weights) or not scale.lowest <= least <= scale.highest:
        raise form.fail(node, "no such item, or no such answer to it")
    stream = known(form, "stream", catalogue.by_name, "stream")
    _fits(form, form.get("stream"), (scale.lowest, scale.highest), catalogue.by_name[stream])
    return Watch(item, least, stream, backed(form, "says", claims), form.texts("claims"))


def _whole(form: Form, key: str, default: str) -> int:
    text = form.text(key, default)
    if not (text.isascii() and text.isdecimal()):
        raise form.fail(form.get(key), f'"{text}" is not a whole number')
    return int(text)


def _number(form: Form, node: Node) -> int:
    text = form.as_text(node)
    if not (text.isascii() and text.isdecimal()):
        raise form.fail(node, f'"{text}" is not a whole number')
    return int(text)
