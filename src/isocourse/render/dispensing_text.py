"""What the rules say of handing out capsules on a day, as lines: what closes it first, then the windows, the prescription and the test."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from isocourse.course.dispensing import CANNOT_TELL, CLOSED, CURRENT, OPEN, Dispensing, SupplyWindow
from isocourse.library import Assessment
from isocourse.logic.truth import Truth
from isocourse.render.frames import FIXED as TODAY
from isocourse.render.today import red_lines, supply_lines
from isocourse.render.words import KEPT, label, names, verdict_words
from isocourse.render.written import written_words

FIXED = {
    "hand.closed": "Closed: as far as the file shows, capsules are not to be handed out on {day}.",
    "hand.cannot_tell": "Cannot tell whether capsules may be handed out on {day}, as far as the file shows.",
    "hand.open": "Nothing found against handing out capsules on {day} under {who}, as far as the file shows.",
    "hand.open_unheard": "Nothing found against handing out capsules on {day} under the texts that speak of it, as far as the file shows. "
    "No governing protocol is known.",
    "hand.inside": "{who}: {what}. {day} lies inside.",
    "hand.outside": "{who}: {what}. {day} lies outside.",
    "hand.unknown": "{who}: {what}. Whether {day} lies inside is not known.",
    "hand.unknown_for": "{who}: {what}. Whether {day} lies inside is not known; missing: {facts}.",
    "hand.no_window": "No text that counts here names a window for handing out.",
    "hand.prescribed": "The order on file is of {day}, {n} days before.",
    "hand.prescribed_between": "The order on file is of some day between {first} and {last}.",
    "hand.no_order": "No order for isotretinoin is on file.",
    "hand.draft": "Only a draft of an order is on file; a draft is no prescription.",
    "hand.ended": "Every order for isotretinoin on file has ended.",
    "hand.supply_ended": "The order on file is said to run, but the supply that it speaks of is over.",
    "hand.order_no_day": "The order on file has no day.",
    "hand.tested": "The sample of the last pregnancy test on file: {n} days before.",
    "hand.able": "The patient {able}.",
}
"""The frames of what stands before the form of a handing out."""

ABLE = {Truth.YES: "gate.able", Truth.UNKNOWN: "gate.able_unknown", Truth.NO: "gate.unable"}
INSIDE = {Truth.YES: "hand.inside", Truth.NO: "hand.outside", Truth.UNKNOWN: "hand.unknown"}
ORDER = {"draft": "hand.draft", "ended": "hand.ended", "supply_ended": "hand.supply_ended", "none": "hand.no_order"}
GATE = {CLOSED: "hand.closed", CANNOT_TELL: "hand.cannot_tell", OPEN: "hand.open_unheard"}


class Said(Struct, frozen=True):
    """What is told before capsules are handed out; each list as lines of Today, heads and what stands under them."""

    gate: str
    """closed, cannot_tell or open."""
    verdict: str
    closing: list[str]
    windows: list[str]
    file: list[str]
    """The order, the test, and whether the patient can become pregnant, as the file has them."""
    besides: list[str]
    """What else stands against a start or a supply."""


def said(found: Dispensing) -> Said:
    """Everything in the words of the assessment's language."""
    seen = found.seen
    w, day = seen.words, seen.words.day(seen.asked.as_of)
    reds = [line for finding in seen.today.stop_now for line in red_lines(seen, finding)]
    return Said(
        found.gate,
        _verdict(found, day),
        [*reds, *supply_lines(seen, found.closing)],
        [_window(seen, each, day) for each in found.windows] or [w(FIXED["hand.no_window"])],
        list(_file(found)),
        supply_lines(seen, found.besides),
    )


def _verdict(found: Dispensing, day: str) -> str:
    w = found.seen.words
    who = ", ".join(w(edition.short) for edition in found.seen.governs)
    if found.gate == OPEN and who:
        return w(FIXED["hand.open"], day=day, who=who)
    return w(FIXED[GATE[found.gate]], day=day)


def _window(seen: Assessment, each: SupplyWindow, day: str) -> str:
    w, verdict = seen.words, each.verdict
    what = verdict_words(seen, each.answer, verdict)
    kept = KEPT[verdict.kept]
    what = what.removesuffix(f" — {w(kept)}") if kept else what
    told = {"who": label(each.answer, w), "what": what, "day": day}
    missing = names(seen.library, verdict.unshown, w=w) if verdict.shown is Truth.UNKNOWN else ""
    if missing:
        return w(FIXED["hand.unknown_for"], **told, facts=missing)
    return w(FIXED[INSIDE[verdict.shown]], **told)


def _file(found: Dispensing) -> Iterator[str]:
    seen, prescribed = found.seen, found.prescribed
    w, today = seen.words, seen.asked.as_of
    if found.order != CURRENT:
        yield w(FIXED[ORDER[found.order]])
    elif prescribed is None:
        yield w(FIXED["hand.order_no_day"])
    elif prescribed.known:
        yield w(FIXED["hand.prescribed"], day=w.day(prescribed.first), n=today - prescribed.first)
    else:
        yield w(FIXED["hand.prescribed_between"], first=w.day(prescribed.first), last=w.day(prescribed.last))
    slot = seen.library.program.slot_named("last_pregnancy_test")
    test = seen.snapshot.written(slot) if slot is not None else ""
    yield _capital(w(TODAY["gate.test"], test=written_words(test, w)) if test else w(TODAY["gate.no_test"])) + "."
    tested = seen.day_of("each_test") if test else None
    if tested is not None and tested.known:
        yield w(FIXED["hand.tested"], n=today - tested.first)
    yield w(FIXED["hand.able"], able=w(TODAY[ABLE[_able(seen)]]))


def _able(seen: Assessment) -> Truth:
    """Yes if any definition that counts says so, no only if each does."""
    governs = {edition.key for edition in seen.governs}
    told = [truth for key, truth in seen.able if key in governs] or [truth for _, truth in seen.able]
    if Truth.YES in told:
        return Truth.YES
    return Truth.NO if told and all(truth is Truth.NO for truth in told) else Truth.UNKNOWN


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
